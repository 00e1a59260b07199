"""Repeated lines. The first one stays; a repeat cites it as its witness.

Lines are found again by what they say, whole or in pieces (`duplicates_search`), so the search is near-linear in the number of lines:

- equal: the key, or the core's key (without bullet, counter, dateline, site name), was seen before;
- alike: every difference is explained (`text.similar`): decoration, numbers written otherwise, words of two regions, slips;
- cut off: a teaser ends in an ellipsis and another line goes on where it stops (the longer line is the one that stays).

Which of the repeats go, and which an author wrote, `duplicates_runs` says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from ..arrays.character_table import in_arrays
from ..conversion.fold import destinations
from ..conversion.regions import one_region
from ..line import Block, Witness
from ..markup.markup import Markup
from ..text.shape import is_item
from ..text.similar import MAX_CHARS, WORDS, Likeness, Said, compare, have_much_in_common, same_figures, says
from .duplicates_runs import Twin, alone_repeats, repeats
from .duplicates_search import (
    CUT_OFF_CHARS,
    Core,
    Earlier,
    Kept,
    Repeat,
    Seen,
    candidates,
    candidates_from_earlier,
    candidates_of_many,
    cores,
    describe,
    may_be_alike,
)
from .shared_repetition import SoFar, goes_on, in_transcript, said_so_far
from .stage import Memory, Stage, Work, once

__all__ = ["Duplicates"]

MOST_COMPARED = 32
"""Of many lines that begin alike only the first are compared with the others: the search stays linear."""


@dataclass(slots=True, eq=False)
class _State:
    """What is known of a document. All but `earlier` is about the block in work, and spares asking again in the next round.

    Attributes:
        earlier: the lines of earlier blocks that stayed.
        cores: of lines that may have a decoration, by their texts.
        lines: what was worked out for texts.
        said: what texts that may be alike say (see `text.similar`).
        tokens: the private characters in it.
        likeness: of pairs of texts.
        twins: what the suspects were found to repeat, by their indices.
        suspects: the lines that may repeat another one; removals make no others.
        searched: `looks.rewrites` when they were searched; -1 if they were not.
        markup: what they were searched with.
    """

    earlier: Earlier = field(default_factory=Earlier)
    cores: dict[str, Core] = field(default_factory=dict)
    lines: dict[str, Kept] = field(default_factory=dict)
    said: dict[str, Said] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    likeness: dict[tuple[str, str], Likeness | None] = field(default_factory=dict)
    twins: dict[int, Repeat] = field(default_factory=dict)
    suspects: frozenset[int] = frozenset()
    searched: int = -1
    markup: Markup | None = None

    def forget(self) -> None:
        """The block in work is finished."""
        for found in (self.cores, self.lines, self.said, self.tokens, self.likeness, self.twins):
            found.clear()
        self.searched = -1


class _Page(NamedTuple):
    """A block in work, what all stages know of its document, what this one does, and the lines that are there and say something."""

    block: Block
    memory: Memory
    state: _State
    kept: Sequence[int]


class Duplicates(Stage):
    """Collapses repeats among the lines that are kept."""

    name = "duplicates"

    def __init__(self, *, fuzzy: bool, threshold: float) -> None:
        self.fuzzy = fuzzy
        self.threshold = threshold

    def run(self, work: Sequence[Work]) -> None:
        """Remove repeats of earlier kept lines, of the blocks or of those before them."""
        states = [(block, memory, memory.own(_State)) for block, memory in work]
        pages = [
            _Page(block, memory, state, block.speaking())
            for block, memory, state in states
            if state.suspects or state.searched != memory.looks.rewrites
        ]
        new = [page for page in pages if page.state.searched != page.memory.looks.rewrites]
        for page, places in zip(new, self._suspects(new), strict=True):
            page.state.searched = page.memory.looks.rewrites
            page.state.suspects = frozenset([page.kept[place] for place in places])
        for page in pages:
            if suspects := [place for place, i in enumerate(page.kept) if i in page.state.suspects]:
                self._clean(page, suspects)

    def _clean(self, page: _Page, suspects: Sequence[int]) -> None:
        block, memory, _, kept = page
        twins = self._twins(page, suspects)
        headings = memory.markup.headings if memory.markup.is_left(block.text) else frozenset()
        # Who presides says the same of every item, and people are interrupted.
        is_transcript = once(lambda: in_transcript([block.text[i] or "" for i in kept]))
        going = (
            repeats(block, kept, twins, headings, is_transcript) if self.fuzzy else alone_repeats(block, kept, twins)
        )
        for place in going:
            twin = twins[place]
            block.remove(kept[place], stage=self.name, rule=twin.rule, evidence=twin.witness)
        if self.fuzzy and not is_transcript():
            self._remove_shorter(page, [kept[place] for place in suspects])

    def _suspects(self, pages: Sequence[_Page]) -> Iterator[Sequence[int]]:
        """For each block those of its lines that have something in common with another one, by their
        places: no others can be repeats. On most pages there are none, and then nothing but the keys had to be looked at.
        """
        said = [[page.block.key[i] for i in page.kept] for page in pages]
        known = [page.state.earlier for page in pages]
        if not self.fuzzy:
            for earlier, page, keys in zip(known, pages, said, strict=True):
                earlier.look_up(keys, ())
                yield range(len(page.kept)) if len(earlier) or len(set(keys)) < len(keys) else ()
            return
        bare = self._core_keys(pages)
        many = in_arrays(sum(map(len, chain.from_iterable(bare))))
        found = candidates_of_many(said, bare) if many else [*map(candidates, said, bare)]
        for places, keys, own, earlier in zip(found, said, bare, known, strict=True):
            yield sorted(candidates_from_earlier(keys, own, earlier).union(places))

    def rewound(self, memory: Memory) -> None:
        """Search anew."""
        memory.own(_State).searched = -1

    def remember(self, block: Block, memory: Memory) -> None:
        """Add the lines that stayed to what later blocks are compared with."""
        state = memory.own(_State)
        lines = block.speaking()
        state.earlier.add(self._describe(_Page(block, memory, state, lines)), alike=self.fuzzy)
        state.forget()

    # ------------------------------------------------------------------ finding repeats

    def _twins(self, page: _Page, suspects: Sequence[int]) -> dict[int, Twin]:
        """The line that each suspect repeats, by the places among the lines kept: the first that says the same."""
        suspected = page._replace(kept=[page.kept[place] for place in suspects])
        if not self._are_known(suspected):
            page.state.twins = self._find_twins(suspected)
            page.state.markup = page.memory.markup
        places = {page.block.first + i: place for i, place in zip(suspected.kept, suspects, strict=True)}
        twins: dict[int, Twin] = {}
        for i, place in zip(suspected.kept, suspects, strict=True):
            if found := page.state.twins[i].found:
                rule, witness = found
                twins[place] = Twin(witness.line, places.get(witness.line, -1), rule, witness)
        return twins

    def _are_known(self, page: _Page) -> bool:
        """Whether it was worked out before what the lines repeat: nothing but repeats went since then, and these were no witnesses."""
        if page.memory.markup.headings or page.memory.markup.items or page.state.markup is not page.memory.markup:
            return False
        known, texts = page.state.twins, page.block.text
        witnesses = {i for i, line in known.items() if line.found is None}
        return witnesses.issubset(page.kept) and all(i in known and known[i].text is texts[i] for i in page.kept)

    def _find_twins(self, page: _Page) -> dict[int, Repeat]:
        """For each line what it was found to repeat."""
        seen = Seen()
        twins: dict[int, Repeat] = {}
        for i, line in zip(page.kept, self._describe(page), strict=True):
            found = None
            # What stands below a heading or an item of Markdown is its own.
            if not page.memory.markup.is_parent(i, page.block.text):
                found = self._equal(line, seen, page) or self._alike(line, seen, page)
            if not found:
                seen.add(line, alike=self.fuzzy)
            twins[i] = Repeat(page.block.text[i] or "", found)
        return twins

    def _equal(self, line: Kept, seen: Seen, page: _Page) -> tuple[str, Witness] | None:
        for wanted in dict.fromkeys((line.key, line.core_key)):
            # The first line of the document that says it, wherever its blocks were cut.
            found = page.state.earlier.equal(wanted) or seen.equal(wanted)
            if found and not (found.item and line.item and found.item != line.item) and _lead_alike(line, found):
                if found.key == line.key and same_figures(line.text, found.text):
                    return "duplicates/equal", Witness(found.line, 100.0)
                if found.key != line.key and self.fuzzy and (likeness := self._likeness(line, found, page)):
                    return _rule(likeness, "duplicates/equal"), _witness(found, likeness)
        return None

    def _alike(self, line: Kept, seen: Seen, page: _Page) -> tuple[str, Witness] | None:
        if not self.fuzzy or not may_be_alike(line.core_key) or is_item(line.text):
            return None
        for other in (*seen.alike(line.core_key), *page.state.earlier.alike(line.core_key)):
            likeness = self._likeness(line, other, page)
            # A line that goes on where the other one stops is no copy of it.
            if likeness and not (goes_on(_so_far(line, page), other) or goes_on(_so_far(other, page), line)):
                return _rule(likeness, "duplicates/alike"), _witness(other, likeness)
        return None

    def _likeness(self, line: Kept, other: Kept, page: _Page) -> Likeness | None:
        """How alike two lines are, None if they do not say the same. Rounds ask again, so the answer is kept."""
        pair, known = (line.text, other.text), page.state.likeness
        if pair not in known:
            known[pair] = self._compare(line, other, page)
        return known[pair]

    def _compare(self, line: Kept, other: Kept, page: _Page) -> Likeness | None:
        if line.core_key == other.core_key and not may_be_alike(line.core_key):
            words = (WORDS,) if page.memory.looks.two_scripts and line.key != other.key else ()
            return Likeness(100.0, words) if same_figures(line.core, other.core) else None
        longest = max(len(line.key), len(other.key))
        if longest > MAX_CHARS or not _lead_alike(line, other):
            return None
        if not have_much_in_common(line.core_key, other.core_key):
            return None
        return compare(_says(line.text, page.state), _says(other.text, page.state), self.threshold)

    def _describe(self, page: _Page) -> list[Kept]:
        """The lines with their cores. Rounds ask again for the same texts, so the answers are kept while the block is in work."""
        block, _, state, lines = page
        texts = [block.text[i] or "" for i in lines]
        known = state.lines
        new = [i for i, text in zip(lines, texts, strict=True) if text not in known]
        for i, core_key in zip(new, self._core_keys([page._replace(kept=new)])[0] if new else (), strict=True):
            text, said = block.text[i] or "", block.key[i]
            own = state.cores.get(text) or Core(text, said, "")
            known[text] = describe(block.first + i, text, said, own._replace(key=core_key))
        found = []
        for i, text in zip(lines, texts, strict=True):
            line, number = known[text], block.first + i
            found.append(line if line.line == number else Kept(number, *line[1:]))
        return found

    def _core_keys(self, pages: Sequence[_Page]) -> list[list[str]]:
        """The keys of lines' cores, for each block. Those of lines that may have a decoration are worked out all at once: pages of a
        site share many."""
        if not self.fuzzy:
            return [[page.block.key[i] for i in page.kept] for page in pages]
        decorated = [_decorated(page) for page in pages]
        new: dict[str, str] = {}
        for (block, _, state, lines), texts in zip(pages, decorated, strict=True):
            new |= {text: block.key[lines[place]] for place, text in texts.items() if text not in state.cores}
        found = dict(zip(new, cores([*new], [*new.values()]), strict=True)) if new else {}
        every = []
        for (block, memory, state, lines), texts in zip(pages, decorated, strict=True):
            known = state.cores
            keys = [block.key[i] for i in lines]
            for place, text in texts.items():
                keys[place] = (known.get(text) or known.setdefault(text, found[text])).key
            # A page in two scripts is often in the words of two regions.
            in_regions = memory.looks.two_scripts and keys
            every.append(one_region("\n".join(keys)).split("\n") if in_regions else keys)
        return every

    # ------------------------------------------------------------------ lines cut off

    def _remove_shorter(self, page: _Page, suspects: Iterable[int]) -> None:
        """Remove lines that another line of the block says in full: teasers, and paragraphs that came back longer."""
        block, markup = page.block, page.memory.markup
        left = (i for i in suspects if block.text[i] is not None and len(block.key[i]) >= CUT_OFF_CHARS)
        left = (i for i in left if not markup.is_parent(i, block.text))
        heads: dict[str, list[Kept]] = {}
        for line in self._describe(page._replace(kept=[*left])):
            heads.setdefault(line.core_key[:CUT_OFF_CHARS], []).append(line)
        for group in heads.values():
            # The longest first: what says a line in full must stay itself.
            for line in sorted(group, key=lambda line: -len(line.core_key)) if len(group) > 1 else ():
                self._remove_if_said_in_full(page, line, group)

    def _remove_if_said_in_full(self, page: _Page, line: Kept, group: list[Kept]) -> None:
        block, said = page.block, _so_far(line, page)
        for other in group[-MOST_COMPARED:] if said and not destinations(line.text) else ():
            score = goes_on(said, other)
            if score and other is not line and block.text[other.line - block.first] is not None:
                evidence = Witness(other.line, score)
                block.remove(line.line - block.first, stage=self.name, rule="duplicates/cut-off", evidence=evidence)
                return


def _so_far(line: Kept, page: _Page) -> SoFar | None:
    """What a line says so far (see `said_so_far`), in the words of one region where the keys of cores are."""
    so_far = said_so_far(line)
    return so_far._replace(said=one_region(so_far.said)) if so_far and page.memory.looks.two_scripts else so_far


def _says(text: str, state: _State) -> Said:
    found = state.said.get(text)
    if found is None:
        found = state.said[text] = says(text, state.tokens)
    return found


def _decorated(page: _Page) -> dict[int, str]:
    """Of some lines those that may have a decoration, by their places."""
    looks = page.memory.looks
    decorated, looked_at = looks.decorated, looks.texts
    return {
        place: text
        for place, i in enumerate(page.kept)
        if (text := page.block.text[i]) is not None and (decorated[i] or text is not looked_at[i])
    }


def _rule(likeness: Likeness, rule: str) -> str:
    return "duplicates/vocabulary" if likeness.differences == (WORDS,) else rule


def _witness(line: Kept, likeness: Likeness) -> Witness:
    return Witness(line.line, likeness.score, likeness.differences)


def _lead_alike(line: Kept, other: Kept) -> bool:
    """Whether the links in two lines lead to the same places."""
    return destinations(line.text) == destinations(other.text)
