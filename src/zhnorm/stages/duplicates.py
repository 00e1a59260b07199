"""Stage 5: repeated lines. The first one stays; a repeat cites it as its witness.

Three searches, each near-linear in the number of lines:

- equal: the key, or the core's key (without bullet, counter, dateline, site name), was seen before;
- cut off: a teaser ends in an ellipsis and another line goes on where it stops (the longer line is the one that stays);
- alike: a long line differs in one or two mistyped characters. Up to three replaced characters leave at least one
  quarter of the line untouched, so lines that share a quarter at the same place are the only candidates.

What is repeated on purpose stays: verse, dialogue, tables, lists, labels; and whatever differs in a number or a "not".
"""

from __future__ import annotations

from collections.abc import Iterator

from ..line import Block, Span, Witness
from ..text.fold import key
from ..text.shape import ends_sentence, is_prose, numbers
from ..text.similar import MAX_CHARS, core, cut_off, likeness, same_claim
from .memory import Kept, Memory

__all__ = ["Duplicates"]

ALIKE_CHARS = 18
"""Shorter lines count as repeats only if they are equal: one character of ten changes too much."""
CUT_OFF_CHARS = 8
PARAGRAPH_CHARS = 60
LONGER = 1.3
"""A paragraph that comes back with up to this much more at its end is the same paragraph; the longer one stays."""
DOUBLED_CHARS = 8
LABEL_CHARS = 6
_NEIGHBOURS = 2
_VERSE_CHARS = 26


class Duplicates:
    """Collapses repeats among the lines that are kept."""

    name = "duplicates"

    def __init__(self, *, fuzzy: bool, threshold: float) -> None:
        self.fuzzy = fuzzy
        self.threshold = threshold

    def run(self, block: Block, memory: Memory) -> None:
        """Remove repeats of earlier kept lines, of this block or of those before it."""
        seen: dict[str, Kept] = {}
        pieces: dict[tuple[int, int, str], Kept] = {}
        kept = [i for i in block.kept() if block.key[i]]
        for place, i in enumerate(kept):
            text = block.text[i]
            assert text is not None
            if self.fuzzy and i not in block.opaque:
                text = self._undouble(block, i, text, kept, place)
            line = Kept(block.first + i, text, block.key[i], "")
            bare, item = core(text) if self.fuzzy else (text, "")
            bare_key = key(bare) if bare is not text else line.key
            line = Kept(line.line, text, line.key, item)
            found = self._equal(line, bare_key, seen, memory)
            if found and not self._is_meant(block, kept, place, found):
                block.remove(i, stage=self.name, rule="duplicates/equal", evidence=Witness(found.line, 100.0))
                continue
            if self.fuzzy and len(line.key) >= ALIKE_CHARS:
                match = self._alike(line, pieces, memory)
                if match:
                    block.remove(i, stage=self.name, rule="duplicates/alike", evidence=match)
                    continue
                for piece in _pieces(line.key):
                    pieces.setdefault(piece, line)
            seen.setdefault(line.key, line)
            seen.setdefault(bare_key, line)
        if self.fuzzy:
            self._remove_shorter(block)

    def remember(self, block: Block, memory: Memory) -> None:
        """Add the lines that stayed to what later blocks are compared with."""
        for i in block.kept():
            if text := block.key[i] and block.text[i]:
                bare, item = core(text) if self.fuzzy else (text, "")
                line = Kept(block.first + i, text, block.key[i], item)
                memory.exact.setdefault(line.key, line)
                if bare is not text:
                    memory.exact.setdefault(key(bare), line)
                if self.fuzzy and len(line.key) >= ALIKE_CHARS:
                    for piece in _pieces(line.key):
                        memory.pieces.setdefault(piece, line)
        memory.forget()

    def _equal(self, line: Kept, bare_key: str, seen: dict[str, Kept], memory: Memory) -> Kept | None:
        for wanted in (line.key, bare_key):
            found = seen.get(wanted) or memory.exact.get(wanted)
            if found and not (found.item and line.item and found.item != line.item):
                bare = core(line.text)[0] if self.fuzzy else line.text
                other = core(found.text)[0] if self.fuzzy else found.text
                if found.text == line.text or bare == other or numbers(bare) == numbers(other):
                    return found
        return None

    def _alike(self, line: Kept, pieces: dict[tuple[int, int, str], Kept], memory: Memory) -> Witness | None:
        if len(line.key) > MAX_CHARS:
            return None
        tried = set()
        for piece in _pieces(line.key):
            other = pieces.get(piece) or memory.pieces.get(piece)
            if other is None or other.line in tried:
                continue
            tried.add(other.line)
            score = likeness(line.key, other.key, self.threshold)
            if score and same_claim(line.text, other.text):
                return Witness(other.line, round(score, 1))
        return None

    def _is_meant(self, block: Block, kept: list[int], place: int, found: Kept) -> bool:
        """Whether the repeat at `place` looks like one that the author wrote."""
        i = kept[place]
        text, said = block.text[i] or "", block.key[i]
        if is_prose(text, said):
            return False
        if not self.fuzzy:
            # Lines may arrive one by one: what stands around them is not known, so only plain cases go.
            return len(said) < ALIKE_CHARS or bool(numbers(text))
        if text.lstrip()[:1] in "“「『\"‘—" and len(said) < 20:
            return len(kept) > 2
        if len(numbers(text)) >= 3:
            return len(kept) > 2
        adjacent = place > 0 and block.first + kept[place - 1] == found.line
        if len(said) < LABEL_CHARS and not adjacent:
            return True
        return _in_verse(block, kept, place)

    def _undouble(self, block: Block, i: int, text: str, kept: list[int], place: int) -> str:
        """Trim a line that says the same twice or more in a row to once."""
        period = _period(block.key[i])
        if not period or (not ends_sentence(text) and _in_verse(block, kept, place)):
            return text
        stop = _end_of(text, period)
        # A bracket that was opened before the repeat closes after it: take the repeat whole.
        once = text[:stop].rstrip(" \t\u3000-–—|｜/／（([【")
        if key(once) != block.key[i][:period]:
            return text
        evidence = Span(len(once), len(text))
        block.rewrite(i, once, block.key[i][:period], stage=self.name, rule="duplicates/doubled", evidence=evidence)
        return once

    def _remove_shorter(self, block: Block) -> None:
        """Remove lines that another line of the block says in full: teasers, and paragraphs that came back longer."""
        shorter = [(i, said) for i in block.kept() if len(said := _said_so_far(block, i)) >= CUT_OFF_CHARS]
        if not shorter:
            return
        heads: dict[str, list[int]] = {}
        for i in block.kept():
            heads.setdefault(block.key[i][:CUT_OFF_CHARS], []).append(i)
        for i, said in shorter:
            whole = len(said) == len(block.key[i])
            longest = len(said) * LONGER if whole else MAX_CHARS
            for j in heads.get(said[:CUT_OFF_CHARS], ()):
                other = block.key[j]
                if j != i and block.text[j] is not None and len(said) < len(other) <= longest and other.startswith(said):
                    score = round(100.0 * len(said) / len(other), 1)
                    block.remove(i, stage=self.name, rule="duplicates/cut-off", evidence=Witness(block.first + j, score))
                    break


def _said_so_far(block: Block, i: int) -> str:
    """The key of what a teaser says before it breaks off, or of a whole long paragraph; "" for other lines."""
    teaser = cut_off(block.text[i] or "")
    if teaser is not None:
        return key(teaser)
    return block.key[i] if len(block.key[i]) >= PARAGRAPH_CHARS else ""


def _pieces(text: str) -> Iterator[tuple[int, int, str]]:
    size = len(text)
    quarter = size // 4
    for n in range(4):
        yield size, n, text[n * quarter : (n + 1) * quarter]


def _period(text: str) -> int:
    """The length of what the key repeats, if it is nothing but that; else 0."""
    size = len(text)
    if size < 2 * DOUBLED_CHARS:
        return 0
    if text[: DOUBLED_CHARS] not in text[DOUBLED_CHARS:]:
        return 0
    period = (text + text).find(text, 1)
    return period if DOUBLED_CHARS <= period < size else 0


def _end_of(text: str, size: int) -> int:
    """Where the first `size` key characters of the text end, with the marks that belong to them."""
    low = 0
    for position, character in enumerate(text):
        if key(character):
            if low == size:
                return position
            low += 1
    return len(text)


def _in_verse(block: Block, kept: list[int], place: int) -> bool:
    """Whether the lines around are short and none of them is prose, as in verse, lists, tables and dialogue."""
    near = [kept[p] for p in range(max(0, place - _NEIGHBOURS), min(len(kept), place + _NEIGHBOURS + 1)) if p != place]
    near = [j for j in near if block.text[j] is not None]
    said = block.key[kept[place]]
    short = [j for j in near if len(block.key[j]) <= _VERSE_CHARS and not is_prose(block.text[j] or "", block.key[j])]
    others = [j for j in short if block.key[j] != said]
    return len(near) >= 2 and len(short) == len(near) and bool(others)
