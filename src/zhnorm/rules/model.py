"""What a rule is: one phrase family of web pages, with the examples that prove it.

Rules are data. They are written in packs (TOML files, see docs/rules.md), loaded by `load`, proved by `check` and
applied by `match`. Nothing here looks at text.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

__all__ = ["Action", "Below", "Pack", "Parts", "Rule", "Where"]

Action = Literal["drop", "cut", "trim-prefix", "trim-suffix", "trim-inside"]
"""drop: the line goes. cut: the line heads a list that goes with it. trim-*: only the matched part goes, at the beginning of the line,
at its end, or wherever in it."""

Where = Literal["anywhere", "head", "tail"]
"""head: before the first prose paragraph. tail: after the last one."""

Below = Literal["links", "rest", "none"]
"""What goes with the line of a cut rule: link-like lines, everything to the end, or nothing."""


Parts = Literal["none", "also", "only"]
"""Whether a rule for whole lines is tried on the parts of a line (see `parts`): not, too, or on nothing else."""

_MARKS_PER_CHAR, _MARKS_SPARE = 4, 64
"""A trim looks at text of a bounded length: so many characters for each letter that may go, and so many to spare."""


class Rule(NamedTuple):
    """One phrase family.

    Attributes:
        name: full name, `pack/id`; never reused.
        pack: name of the pack.
        id: name inside the pack.
        about: what the phrase is and where pages print it.
        action: what happens to a line that matches.
        where: the part of the document in which the rule applies.
        match: patterns (see docs/rules.md for their language).
        words: vocabulary; a line that consists of nothing else matches.
        min_words: how many words of the vocabulary the line must hold.
        needs: words of the vocabulary of which the line must hold one; of a rule that reads, words with which a text speaks of such things itself.
        slack: how many letters may stand between the words; then names in quotation marks, Latin words and numbers may, too.
        read: whether lines are read, and what is glued into them goes (see `glued`), less of it where the text speaks of a needed word itself;
            with patterns, whether these go only where no other paragraph does (trim-inside).
        max_chars: longest key of the matched line (drop, cut) or of the part that goes (trims).
        sentence: whether a line that ends like a sentence may match (drop, cut), and whether `*` may run across
            the end of a sentence (trims).
        below: what goes with the line of a cut rule.
        parts: whether the rule is tried on the parts of a line, and cuts out those that it fits (drop, cut).
        call: whether the rule is about calls to the reader: a sentence that tells of such things (see `text.narration`) stays.
        removes: lines on which the rule must act; in trims ⟦ ⟧ marks the part that goes.
        keeps: lines that the rule must leave alone.
    """

    name: str
    pack: str
    id: str
    about: str
    action: Action
    where: Where = "anywhere"
    match: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    min_words: int = 1
    needs: tuple[str, ...] = ()
    slack: int = 0
    read: bool = False
    max_chars: int = 40
    sentence: bool = False
    below: Below = "none"
    parts: Parts = "none"
    call: bool = False
    removes: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()

    @property
    def is_trim(self) -> bool:
        """Whether the rule takes away a part of a line rather than the line."""
        return self.action.startswith("trim")

    @property
    def longest_text(self) -> int:
        """How many characters at the end of a line a trim of its end looks at; at the beginning it looks at twice as many."""
        return _MARKS_PER_CHAR * self.max_chars + _MARKS_SPARE


class Pack(NamedTuple):
    """The rules of one kind of page, in the order in which they are tried."""

    name: str
    about: str
    rules: tuple[Rule, ...]
