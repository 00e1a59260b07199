"""Stage 5: repeated lines. The first one stays; a repeat cites it as its witness.

Lines are found again by what they say, whole or in pieces (`seen`), so the search is near-linear in the number of lines:

- equal: the key, or the core's key (without bullet, counter, dateline, site name), was seen before;
- alike: every difference is explained (`text.similar`): decoration, numbers written otherwise, words of two regions, slips;
- cut off: a teaser ends in an ellipsis and another line goes on where it stops (the longer line is the one that stays).

Repeats are judged in runs: lines in a row that come back in a row go together or stay together. What is repeated on purpose stays:
verse, dialogue, tables, lists, labels, and what returns below another heading.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import chain

from ..line import Block, Witness
from ..text.fold import destinations
from ..text.shape import is_item
from ..text.similar import MAX_CHARS, WORDS, Likeness, Said, compare, have_much_in_common, same_figures, says
from ..text.table import in_arrays
from ..text.vocabulary import one_region
from .duplicates_candidates import CUT_OFF_CHARS, candidates, candidates_of_many
from .memory import Memory, Work
from .shared_repetition import goes_on, said_so_far
from .duplicates_runs import Twin, is_meant, is_meant_alone, runs
from .duplicates_seen import Core, Kept, Repeat, Seen, cores, describe, may_be_alike

__all__ = ["Duplicates"]

MOST_COMPARED = 32
"""Of many lines that begin alike only the first are compared with the others: the search stays linear."""


class Duplicates:
    """Collapses repeats among the lines that are kept."""

    name = "duplicates"

    def __init__(self, *, fuzzy: bool, threshold: float) -> None:
        self.fuzzy = fuzzy
        self.threshold = threshold

    def run(self, work: Sequence[Work]) -> None:
        """Remove repeats of earlier kept lines, of the blocks or of those before them."""
        asked = [
            (block, memory, _said(block))
            for block, memory in work
            if memory.suspects or memory.searched != memory.looks.rewrites
        ]
        new = [each for each in asked if each[1].searched != each[1].looks.rewrites]
        for (_, memory, kept), places in zip(new, self._suspects(new), strict=True):
            memory.searched = memory.looks.rewrites
            memory.suspects = frozenset([kept[place] for place in places])
        for block, memory, kept in asked:
            if suspects := [place for place, i in enumerate(kept) if i in memory.suspects]:
                self._clean(block, memory, kept, suspects)

    def _clean(self, block: Block, memory: Memory, kept: list[int], suspects: Sequence[int]) -> None:
        twins = self._twins(block, kept, suspects, memory)
        headings = memory.markup.headings if memory.markup.is_left(block.text) else frozenset()
        for place in self._repeats(block, kept, twins, headings):
            twin = twins[place]
            block.remove(kept[place], stage=self.name, rule=twin.rule, evidence=twin.witness)
        if self.fuzzy:
            self._remove_shorter(block, [kept[place] for place in suspects], memory)

    def _repeats(self, block: Block, kept: list[int], twins: dict[int, Twin], headings: Set[int]) -> list[int]:
        """The places of the lines that go, by what they repeat."""
        if not self.fuzzy:
            return [place for place in twins if not is_meant_alone(block, kept, place)]
        found = [run for run in runs(twins) if not is_meant(block, kept, run, twins, headings)]
        return [place for run in found for place in range(run.start, run.stop)]

    def _suspects(self, work: Sequence[tuple[Block, Memory, list[int]]]) -> Iterator[Sequence[int]]:
        """For each block, given with the lines that it keeps, those that have something in common with another one, by their
        places: no others can be repeats. On most pages there are none, and then nothing but the keys had to be looked at.
        """
        said = [[block.key[i] for i in kept] for block, _, kept in work]
        if not self.fuzzy:
            for (_, memory, kept), keys in zip(work, said, strict=True):
                memory.earlier.look_up(keys, ())
                yield range(len(kept)) if len(memory.earlier) or len(set(keys)) < len(keys) else ()
            return
        bare = self._core_keys(work)
        known = [memory.earlier for _, memory, _ in work]
        if not any(map(len, known)) and in_arrays(sum(map(len, chain.from_iterable(bare)))):
            yield from candidates_of_many(said, bare)
        else:
            yield from map(candidates, said, bare, known)

    def remember(self, block: Block, memory: Memory) -> None:
        """Add the lines that stayed to what later blocks are compared with."""
        lines = [i for i in block.kept() if block.key[i]]
        memory.earlier.add(self._describe(block, lines, memory), alike=self.fuzzy)
        memory.cores.clear()
        memory.kept.clear()
        memory.said.clear()
        memory.tokens.clear()
        memory.likeness.clear()
        memory.twins.clear()
        memory.searched = -1

    # ------------------------------------------------------------------ finding repeats

    def _twins(self, block: Block, kept: list[int], suspects: Sequence[int], memory: Memory) -> dict[int, Twin]:
        """The line that each suspect repeats, by the places in `kept`: the first that says the same."""
        suspected = [kept[place] for place in suspects]
        if not self._are_known(block, suspected, memory):
            memory.twins = self._find_twins(block, suspected, memory)
        places = {block.first + i: place for i, place in zip(suspected, suspects, strict=True)}
        twins: dict[int, Twin] = {}
        for i, place in zip(suspected, suspects, strict=True):
            if found := memory.twins[i].found:
                rule, witness = found
                twins[place] = Twin(witness.line, places.get(witness.line, -1), rule, witness)
        return twins

    def _are_known(self, block: Block, suspects: Sequence[int], memory: Memory) -> bool:
        """Whether it was worked out before what the lines repeat: nothing but repeats went since then, and these were no witnesses."""
        if memory.markup.headings or memory.markup.items:
            return False
        known, texts = memory.twins, block.text
        witnesses = {i for i, line in known.items() if line.found is None}
        return witnesses.issubset(suspects) and all(i in known and known[i].text is texts[i] for i in suspects)

    def _find_twins(self, block: Block, suspects: Sequence[int], memory: Memory) -> dict[int, Repeat]:
        """For each suspect what it was found to repeat."""
        seen = Seen()
        twins: dict[int, Repeat] = {}
        for i, line in zip(suspects, self._describe(block, suspects, memory), strict=True):
            found = None
            # What stands below a heading or an item of Markdown is its own.
            if not memory.markup.is_parent(i, block.text):
                found = self._equal(line, seen, memory) or self._alike(line, seen, memory)
            if not found:
                seen.add(line, alike=self.fuzzy)
            twins[i] = Repeat(block.text[i] or "", found)
        return twins

    def _equal(self, line: Kept, seen: Seen, memory: Memory) -> tuple[str, Witness] | None:
        for wanted in dict.fromkeys((line.key, line.core_key)):
            found = seen.equal(wanted) or memory.earlier.equal(wanted)
            if found and not (found.item and line.item and found.item != line.item) and _lead_alike(line, found):
                if found.key == line.key and same_figures(line.text, found.text):
                    return "duplicates/equal", Witness(found.line, 100.0)
                if found.key != line.key and self.fuzzy and (likeness := self._likeness(line, found, memory)):
                    return _rule(likeness, "duplicates/equal"), _witness(found, likeness)
        return None

    def _alike(self, line: Kept, seen: Seen, memory: Memory) -> tuple[str, Witness] | None:
        if not self.fuzzy or not may_be_alike(line.core_key) or is_item(line.text):
            return None
        for other in (*seen.alike(line.core_key), *memory.earlier.alike(line.core_key)):
            likeness = self._likeness(line, other, memory)
            # A line that goes on where the other one stops is no copy of it.
            if likeness and not (goes_on(said_so_far(line), other) or goes_on(said_so_far(other), line)):
                return _rule(likeness, "duplicates/alike"), _witness(other, likeness)
        return None

    def _likeness(self, line: Kept, other: Kept, memory: Memory) -> Likeness | None:
        """How alike two lines are, None if they do not say the same. Rounds ask again, so the answer is kept."""
        pair = line.text, other.text
        if pair not in memory.likeness:
            memory.likeness[pair] = self._compare(line, other, memory)
        return memory.likeness[pair]

    def _compare(self, line: Kept, other: Kept, memory: Memory) -> Likeness | None:
        if line.core_key == other.core_key and not may_be_alike(line.core_key):
            words = (WORDS,) if memory.looks.two_scripts and line.key != other.key else ()
            return Likeness(100.0, words) if same_figures(line.core, other.core) else None
        longest = max(len(line.key), len(other.key))
        if longest > MAX_CHARS or not _lead_alike(line, other):
            return None
        if not have_much_in_common(line.core_key, other.core_key):
            return None
        return compare(self._says(line.text, memory), self._says(other.text, memory), self.threshold)

    def _says(self, text: str, memory: Memory) -> Said:
        found = memory.said.get(text)
        if found is None:
            found = memory.said[text] = says(text, memory.tokens)
        return found

    def _describe(self, block: Block, lines: Sequence[int], memory: Memory) -> list[Kept]:
        """The lines with their cores. Rounds ask again for the same texts, so the answers are kept while the block is in work."""
        texts = [block.text[i] or "" for i in lines]
        known = memory.kept
        new = [i for i, text in zip(lines, texts, strict=True) if text not in known]
        for i, core_key in zip(new, self._core_keys([(block, memory, new)])[0] if new else (), strict=True):
            text, said = block.text[i] or "", block.key[i]
            own = memory.cores.get(text) or Core(text, said, "")
            known[text] = describe(block.first + i, text, said, own._replace(key=core_key))
        found = []
        for i, text in zip(lines, texts, strict=True):
            line, number = known[text], block.first + i
            found.append(line if line.line == number else Kept(number, *line[1:]))
        return found

    def _core_keys(self, work: Sequence[tuple[Block, Memory, Sequence[int]]]) -> list[list[str]]:
        """The keys of lines' cores, for each block. Those of lines that may have a decoration are worked out all at once: pages of a
        site share many."""
        if not self.fuzzy:
            return [[block.key[i] for i in lines] for block, _, lines in work]
        decorated = [_decorated(block, memory, lines) for block, memory, lines in work]
        new: dict[str, str] = {}
        for (block, memory, lines), texts in zip(work, decorated, strict=True):
            new |= {text: block.key[lines[place]] for place, text in texts.items() if text not in memory.cores}
        found = dict(zip(new, cores([*new], [*new.values()]), strict=True)) if new else {}
        every = []
        for (block, memory, lines), texts in zip(work, decorated, strict=True):
            known = memory.cores
            keys = [block.key[i] for i in lines]
            for place, text in texts.items():
                keys[place] = (known.get(text) or known.setdefault(text, found[text])).key
            # A page in two scripts is often in the words of two regions.
            in_regions = memory.looks.two_scripts and keys
            every.append(one_region("\n".join(keys)).split("\n") if in_regions else keys)
        return every

    # ------------------------------------------------------------------ lines cut off

    def _remove_shorter(self, block: Block, suspects: Iterable[int], memory: Memory) -> None:
        """Remove lines that another line of the block says in full: teasers, and paragraphs that came back longer."""
        left = (i for i in suspects if block.text[i] is not None and len(block.key[i]) >= CUT_OFF_CHARS)
        left = (i for i in left if not memory.markup.is_parent(i, block.text))
        heads: dict[str, list[Kept]] = {}
        for line in self._describe(block, [*left], memory):
            heads.setdefault(line.core_key[:CUT_OFF_CHARS], []).append(line)
        for group in heads.values():
            # The longest first: what says a line in full must stay itself.
            for line in sorted(group, key=lambda line: -len(line.core_key)) if len(group) > 1 else ():
                self._remove_if_said_in_full(block, line, group)

    def _remove_if_said_in_full(self, block: Block, line: Kept, group: list[Kept]) -> None:
        said = said_so_far(line)
        for other in group[-MOST_COMPARED:] if said and not destinations(line.text) else ():
            score = goes_on(said, other)
            if score and other is not line and block.text[other.line - block.first] is not None:
                evidence = Witness(other.line, score)
                block.remove(line.line - block.first, stage=self.name, rule="duplicates/cut-off", evidence=evidence)
                return


def _decorated(block: Block, memory: Memory, lines: Sequence[int]) -> dict[int, str]:
    """Of some lines those that may have a decoration, by their places."""
    decorated, looked_at = memory.looks.decorated, memory.looks.texts
    return {
        place: text
        for place, i in enumerate(lines)
        if (text := block.text[i]) is not None and (decorated[i] or text is not looked_at[i])
    }


def _said(block: Block) -> list[int]:
    """Indices of the lines that are still there and say something."""
    return [i for i, (text, said) in enumerate(zip(block.text, block.key, strict=True)) if said and text is not None]


def _rule(likeness: Likeness, rule: str) -> str:
    return "duplicates/vocabulary" if likeness.differences == (WORDS,) else rule


def _witness(line: Kept, likeness: Likeness) -> Witness:
    return Witness(line.line, likeness.score, likeness.differences)


def _lead_alike(line: Kept, other: Kept) -> bool:
    """Whether the links in two lines lead to the same places."""
    return destinations(line.text) == destinations(other.text)
