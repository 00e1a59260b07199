"""Stage 5: repeated lines. The first one stays; a repeat cites it as its witness.

Three searches, each near-linear in the number of lines:

- equal: the key, or the core's key (without bullet, counter, dateline, site name), was seen before;
- cut off: a teaser ends in an ellipsis and another line goes on where it stops (the longer line is the one that stays);
- alike: a long line differs in one to three mistyped characters. Up to three replaced characters leave at least one
  quarter of the line untouched, so lines of one length that share a quarter at the same place are the only candidates;
  with a character too many or missing, lines that begin alike are.

What is repeated on purpose stays: verse, dialogue, tables, lists, labels; and whatever differs in a number or a "not".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..line import Block, Span, Witness
from ..text.fold import key
from ..text.shape import ends_sentence, is_item, is_prose, is_spoken, numbers
from ..text.similar import likeness, same_claim
from ..text.vocabulary import one_region
from .candidates import CUT_OFF_CHARS, candidates
from .memory import EachAlone, Memory
from .repetition import DOUBLED_CHARS, differ, end_of, goes_on, in_verse, period_of, said_so_far
from .seen import ALIKE_CHARS, Core, Kept, Seen, cores, describe, may_be_alike

__all__ = ["Duplicates"]

PLAIN_CHARS = 18
NEAR_LINES = 40
"""A short line is taken for a repeat within this many kept lines."""
MOST_COMPARED = 32
"""Of many lines that begin alike only the first are compared with the others: the search stays linear."""
LABEL_CHARS = 6


class Duplicates(EachAlone):
    """Collapses repeats among the lines that are kept."""

    name = "duplicates"

    def __init__(self, *, fuzzy: bool, threshold: float) -> None:
        self.fuzzy = fuzzy
        self.threshold = threshold

    def clean(self, block: Block, memory: Memory) -> None:
        """Remove repeats of earlier kept lines, of this block or of those before it."""
        if memory.searched == memory.looks.rewrites and not memory.suspects:
            return
        kept = [
            i for i, (text, said) in enumerate(zip(block.text, block.key, strict=True)) if said and text is not None
        ]
        in_two_scripts = self.fuzzy and memory.looks.two_scripts
        if in_two_scripts:
            self._unify(block, kept, memory)
        if memory.searched != memory.looks.rewrites:
            memory.searched = memory.looks.rewrites
            memory.suspects = frozenset([kept[place] for place in self._suspects(block, kept, memory)])
        suspects = [place for place, i in enumerate(kept) if i in memory.suspects] if memory.suspects else []
        if not suspects:
            return
        seen = Seen()
        heads: dict[str, list[Kept]] = {}
        last, previous = 0, -1  # number of the line above that stays, and the place of the suspect above
        above: tuple[str, str, Witness] | None = None  # why that suspect went, if as a repeat of the line above it
        for place in suspects:
            i = kept[place]
            if place - 1 > previous:
                last, above = block.first + kept[place - 1], None
            previous = place
            if above and above[0] == block.text[i] and not differ(block, kept, place):
                # Of a thousand equal lines in a row not each is judged anew.
                block.remove(i, stage=self.name, rule=above[1], evidence=above[2])
                continue
            above = None
            if self.fuzzy and i not in block.opaque:
                self._undouble(block, kept, place)
                if in_two_scripts and block.key[i] not in memory.words:
                    self._unify(block, [i], memory)
            line = self._describe(block, i, memory)
            alike = self.fuzzy and may_be_alike(line.key)
            if found := self._equal(line, seen, memory):
                if not self._is_meant(block, kept, place, line, found, adjacent=found.line == last):
                    same = not {line.key, line.core_key}.isdisjoint((found.key, found.core_key))
                    rule = "duplicates/equal" if same else "duplicates/vocabulary"
                    equal = Witness(found.line, 100.0)
                    block.remove(i, stage=self.name, rule=rule, evidence=equal)
                    above = (line.text, rule, equal) if found.line == last else None
                    continue
            witness = None if found or not alike else self._alike(line, seen, memory)
            if alike and (witness := witness or self._misspelt_head(line, heads, memory)):
                block.remove(i, stage=self.name, rule="duplicates/alike", evidence=witness)
                continue
            seen.add(line, alike=alike)
            last = line.line
        if self.fuzzy:
            self._remove_shorter(block, [kept[place] for place in suspects], memory)

    def _suspects(self, block: Block, kept: list[int], memory: Memory) -> Sequence[int]:
        """The places in `kept` of the lines that have something in common with another one: no others can be repeats.

        On most pages there are none, and then nothing but the keys had to be looked at.
        """
        said = [block.key[i] for i in kept]
        if not self.fuzzy:
            memory.earlier.look_up(said, ())
            return range(len(kept)) if len(memory.earlier) or len(set(said)) < len(said) else ()
        if any(period_of(key) for key in said if key.find(key[:DOUBLED_CHARS], DOUBLED_CHARS) > 0):
            return range(len(kept))
        bare = self._core_keys(block, kept, memory)
        others = [bare]
        if memory.words:
            others.append([memory.words.get(key) or own for key, own in zip(said, bare, strict=True)])
        return candidates(said, others, memory.earlier)

    def remember(self, block: Block, memory: Memory) -> None:
        """Add the lines that stayed to what later blocks are compared with."""
        lines = [i for i in block.kept() if block.key[i]]
        self._core_keys(block, lines, memory)
        memory.earlier.add([self._describe(block, i, memory) for i in lines], alike=self.fuzzy)
        memory.cores.clear()
        memory.kept.clear()
        memory.words.clear()
        memory.likeness.clear()
        memory.numbers.clear()
        memory.searched = -1

    def _describe(self, block: Block, i: int, memory: Memory) -> Kept:
        """The line with its core. Rounds ask again for the same texts, so the answer is kept while the block is in work."""
        text = block.text[i] or ""
        known = memory.kept.get(text)
        if known is None:
            said = block.key[i]
            self._core_keys(block, [i], memory)
            own = memory.cores.get(text) or Core(text, said, "")
            known = memory.kept[text] = describe(block.first + i, text, said, memory.words.get(said), own)
        return known if known.line == block.first + i else Kept(block.first + i, *known[1:])

    def _core_keys(self, block: Block, lines: Sequence[int], memory: Memory) -> list[str]:
        """The keys of lines' cores. Those of lines that may have a decoration are worked out all at once."""
        looks, known = memory.looks, memory.cores
        decorated, looked_at = looks.decorated, looks.texts
        texts = {
            place: text
            for place, i in enumerate(lines)
            if self.fuzzy and (text := block.text[i]) is not None and (decorated[i] or text is not looked_at[i])
        }
        new = {text: block.key[lines[place]] for place, text in texts.items() if text not in known}
        if new:
            known.update(zip(new, cores([*new], [*new.values()]), strict=True))
        keys = [block.key[i] for i in lines]
        for place, text in texts.items():
            keys[place] = known[text].key
        return keys

    def _unify(self, block: Block, kept: list[int], memory: Memory) -> None:
        """Work out what the lines of the block say in one region's words."""
        new = [i for i in kept if block.key[i] not in memory.words]
        if new:
            words = one_region("\n".join(self._core_keys(block, new, memory))).split("\n")
            memory.words.update(zip((block.key[i] for i in new), words, strict=True))

    def _equal(self, line: Kept, seen: Seen, memory: Memory) -> Kept | None:
        for wanted in dict.fromkeys((line.key, line.core_key, line.words)):
            found = seen.equal(wanted) or memory.earlier.equal(wanted)
            if found and not (found.item and line.item and found.item != line.item):
                if line.core == found.core or numbers(line.core) == numbers(found.core):
                    return found
        return None

    def _alike(self, line: Kept, seen: Seen, memory: Memory) -> Witness | None:
        tried = set()
        for other in (*seen.alike(line.key), *memory.earlier.alike(line.key)):
            if other.line not in tried:
                tried.add(other.line)
                if witness := self._nearly_equal(line, other, memory):
                    return witness
        return None

    def _is_meant(self, block: Block, kept: list[int], place: int, line: Kept, found: Kept, *, adjacent: bool) -> bool:
        """Whether the repeat at `place` looks like one that the author wrote; `adjacent` if nothing stays in between."""
        text, said = line.core, line.key
        if is_item(line.text) and not adjacent:
            return True
        if is_prose(text, said) and (len(said) >= ALIKE_CHARS + 4 or not is_spoken(text)):
            return False
        if not self.fuzzy:
            # Lines may arrive one by one: what stands around them is not known, so only plain cases go.
            return len(said) < PLAIN_CHARS or bool(numbers(text))
        if len(kept) == 2:
            return False
        if len(numbers(text)) >= 3:
            return True
        if adjacent:
            return text[:1] in '“「『"' or in_verse(block, kept, place)
        # Far apart, or said by somebody: minutes, interviews and plays repeat what people say.
        far = found.line < block.first + kept[max(0, place - NEAR_LINES)]
        if far or len(said) < LABEL_CHARS or is_spoken(text) or in_verse(block, kept, place):
            return True
        # A story comes back to a sentence, but not at once.
        return ends_sentence(text) and not (place and block.key[kept[place - 1]] == said)

    def _undouble(self, block: Block, kept: list[int], place: int) -> None:
        """Trim a line that says the same twice or more in a row to once."""
        i = kept[place]
        period = period_of(block.key[i])
        if not period:
            return
        text = block.text[i] or ""
        if not ends_sentence(text) and in_verse(block, kept, place):
            return
        once = text[: end_of(text, period)].rstrip(" \t\u3000-–—|｜/／（([【")
        if key(once) == block.key[i][:period]:
            evidence = Span(len(once), len(text))
            block.rewrite(i, once, block.key[i][:period], stage=self.name, rule="duplicates/doubled", evidence=evidence)

    def _remove_shorter(self, block: Block, suspects: Iterable[int], memory: Memory) -> None:
        """Remove lines that another line of the block says in full: teasers, and paragraphs that came back longer."""
        left = (i for i in suspects if block.text[i] is not None and len(block.key[i]) >= CUT_OFF_CHARS)
        lines = [self._describe(block, i, memory) for i in left]
        heads: dict[str, list[Kept]] = {}
        for line in lines:
            heads.setdefault(line.core_key[:CUT_OFF_CHARS], []).append(line)
        for group in heads.values():
            if len(group) > 1:
                # The longest first: what says a line in full must stay itself.
                for line in sorted(group, key=lambda line: -len(line.core_key)):
                    self._remove_if_said_in_full(block, line, group)
                for line in group:
                    if len(line.key) >= ALIKE_CHARS and block.text[line.line - block.first] is not None:
                        self._remove_if_misspelt(block, line, group, memory)

    def _remove_if_said_in_full(self, block: Block, line: Kept, group: list[Kept]) -> None:
        said = said_so_far(line)
        for other in group[-MOST_COMPARED:] if said else ():
            score = goes_on(said, other)
            if score and other is not line and block.text[other.line - block.first] is not None:
                evidence = Witness(other.line, score)
                block.remove(line.line - block.first, stage=self.name, rule="duplicates/cut-off", evidence=evidence)
                return

    def _remove_if_misspelt(self, block: Block, line: Kept, group: list[Kept], memory: Memory) -> None:
        for other in group[:MOST_COMPARED]:
            if other.line >= line.line:
                return
            if block.text[other.line - block.first] is not None and (evidence := self._misspelt(line, other, memory)):
                block.remove(line.line - block.first, stage=self.name, rule="duplicates/alike", evidence=evidence)
                return

    def _misspelt_head(self, line: Kept, heads: dict[str, list[Kept]], memory: Memory) -> Witness | None:
        """A line above that begins alike and has a character more or less, in `heads`, to which the line is added.

        Lines are compared in this way once more when all of them are known. Here it is done so that what will go is
        no witness before; if one of the two says the other in full, the longer one has to stay.
        """
        group = heads.setdefault(line.core_key[:CUT_OFF_CHARS], [])
        for other in group:
            if witness := self._misspelt(line, other, memory):
                if not (goes_on(said_so_far(line), other) or goes_on(said_so_far(other), line)):
                    return witness
        if len(group) < MOST_COMPARED:
            group.append(line)
        return None

    def _misspelt(self, line: Kept, other: Kept, memory: Memory) -> Witness | None:
        may_be = 0 < abs(len(line.key) - len(other.key)) <= 2
        return self._nearly_equal(line, other, memory) if may_be else None

    def _nearly_equal(self, line: Kept, other: Kept, memory: Memory) -> Witness | None:
        # Most lines that are nearly equal are told apart by their numbers, and that is soon seen.
        if _numbers(line.text, memory) != _numbers(other.text, memory):
            return None
        pair = line.key, other.key
        score = memory.likeness.get(pair)
        if score is None:
            score = memory.likeness[pair] = likeness(*pair, self.threshold)
        return Witness(other.line, round(score, 1)) if score and same_claim(line.text, other.text) else None


def _numbers(text: str, memory: Memory) -> list[str]:
    known = memory.numbers.get(text)
    if known is None:
        known = memory.numbers[text] = numbers(text)
    return known
