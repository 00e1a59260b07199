"""What differs: of a line the pieces that are new and those that went, of a document and its cleaned text a unified diff.

The ledger of lines knows which line became which, so nothing has to be searched for: the diff is linear in the size of
the document, exact, and comes out while the document is read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

from .terminal import visible

if TYPE_CHECKING:
    from zhnorm.batch.job import Failure, Outcome
    from zhnorm.line import Block

__all__ = ["DiffWriter", "Piece", "pieces", "through"]

_MOST_CHARS = 1_000
"""Comparing takes time with the square of the length; what differs in longer stretches is shown as replaced whole."""


class Piece(NamedTuple):
    """A part of a line: in both texts ("same"), only in the one after ("new"), only in the one before ("gone"),
    or in the one before and replaced by the new piece that follows ("old")."""

    kind: Literal["same", "new", "gone", "old"]
    text: str


def pieces(before: str, after: str) -> list[Piece]:
    """The pieces of a line, in order. Those that are not new make up `before`, those that are not gone or old `after`.

    >>> [(piece.kind, piece.text) for piece in pieces("標題 第一條", "第一条")]
    [('gone', '標題 '), ('same', '第一'), ('old', '條'), ('new', '条')]
    """
    if before == after:
        return [Piece("same", before)] if before else []
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    middle = before[head : len(before) - tail], after[head : len(after) - tail]
    found = [Piece("same", before[:head]), *_differing(*middle), Piece("same", before[len(before) - tail :])]
    return [piece for piece in found if piece.text]


def through(texts: Sequence[str]) -> list[Piece]:
    """The pieces between the first text and the last, of which each was made from the one before it.

    Small steps are compared rather than the ends: a trim and a conversion together would leave little to go by.

    >>> [(piece.kind, piece.text) for piece in through(["標題 第一條", "标题 第一条", "第一条"])]
    [('gone', '標題 '), ('same', '第一'), ('old', '條'), ('new', '条')]
    """
    if len(texts) < 3:
        return pieces(texts[0], texts[-1])
    origins: list[int | None] = list(range(len(texts[0])))
    for before, after in pairwise(texts):
        if before != after:
            origins = _carried(origins, pieces(before, after))
    return _joined(texts[0], texts[-1], origins)


def _carried(origins: list[int | None], found: list[Piece]) -> list[int | None]:
    """For each character after a step the place in the first text that it comes from."""
    carried: list[int | None] = []
    place = 0
    old: list[int | None] = []
    for kind, text in found:
        if kind == "new":
            carried += old if len(old) == len(text) else [None] * len(text)
            old = []
            continue
        came = origins[place : place + len(text)]
        place += len(text)
        if kind == "same":
            carried += came
        elif kind == "old":
            old = came
    return carried


def _joined(first: str, last: str, origins: list[int | None]) -> list[Piece]:
    """Pieces, given where each character of the last text comes from; the places only grow."""
    found: list[Piece] = []
    seen = place = 0
    while place < len(last):
        origin = origins[place]
        if origin is not None and origin > seen:
            found.append(Piece("gone", first[seen:origin]))
            seen = origin
        kind = "new" if origin is None else "same" if first[origin] == last[place] else "old"
        stop = place + 1
        while stop < len(last) and _goes_on(first, last, origins, stop, kind):
            stop += 1
        size = stop - place
        if kind == "old":
            found.append(Piece("old", first[seen : seen + size]))
        found.append(Piece("same" if kind == "same" else "new", last[place:stop]))
        if kind != "new":
            seen += size
        place = stop
    return [*found, Piece("gone", first[seen:])] if seen < len(first) else found


def _goes_on(first: str, last: str, origins: list[int | None], place: int, kind: str) -> bool:
    """Whether the character at `place` belongs to the piece before it."""
    origin, before = origins[place], origins[place - 1]
    if origin is None or before is None:
        return kind == "new" and origin is None
    return origin == before + 1 and (first[origin] == last[place]) == (kind == "same")


def _common(one: str, other: str) -> int:
    size = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        size += 1
    return size


def _differing(before: str, after: str) -> list[Piece]:
    if len(before) == len(after):
        # A conversion of the script: character by character, whatever the length.
        return _side_by_side(before, after)
    if max(len(before), len(after)) > _MOST_CHARS or not before or not after:
        return _replaced(before, after)
    from difflib import SequenceMatcher

    found: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        found += [Piece("same", before[a:b])] if tag == "equal" else _replaced(before[a:b], after[c:d])
    return found


def _replaced(before: str, after: str) -> list[Piece]:
    return [Piece("old" if after else "gone", before), Piece("new", after)]


def _side_by_side(before: str, after: str) -> list[Piece]:
    found: list[Piece] = []
    start = 0
    while start < len(before):
        same = before[start] == after[start]
        stop = start + 1
        while stop < len(before) and (before[stop] == after[stop]) == same:
            stop += 1
        found += [Piece("same", before[start:stop])] if same else _replaced(before[start:stop], after[start:stop])
        start = stop
    return found


_CONTEXT = 3
_LONGEST = 20_000
"""A hunk of more lines is cut in two: memory stays bounded if every line changed, but `patch` may want more context."""


class DiffWriter:
    """Writes unified diffs while documents are cleaned: a recorder of `batch.run`.

    Args:
        write: takes text; undecodable bytes come as surrogates.
        safe: escape everything that a terminal would act on; without it the text is exact, for `patch`.
        colored: with the colours that people know from other diffs.

    >>> from zhnorm.line import Block, Match
    >>> block = Block.from_lines(["甲", "乙"])
    >>> block.remove(1, stage="boilerplate", rule="web/x", evidence=Match("乙"))
    >>> pieces: list[str] = []
    >>> writer = DiffWriter(pieces.append)
    >>> writer.begin("page.txt"); writer.block(block); writer.close()
    >>> print("".join(pieces).expandtabs(), end="")
    --- page.txt
    +++ page.txt    cleaned
    @@ -1,2 +1 @@
     甲
    -乙
    """

    def __init__(self, write: Callable[[str], object], *, safe: bool = False, colored: bool = False) -> None:
        self._write = write
        self._show = visible if safe else str
        self._paint = _painted if colored else _plain
        self._start("")

    def _start(self, name: str) -> None:
        self._name = name
        self._titled = False
        self._before: list[str] = []  # the last unchanged lines, not yet in a hunk
        self._hunk: list[tuple[str, str]] = []
        self._quiet = 0  # unchanged lines at the end of the hunk
        self._old = self._new = 0  # lines passed
        self._first = (0, 0)  # where the hunk begins

    def begin(self, name: str) -> None:
        """A document opens."""
        self._start(name)

    def block(self, block: Block) -> None:
        """Lines of the open document are finished."""
        for raw, text, end in zip(block.raw, block.text, block.end, strict=True):
            if text is raw or text == raw:
                self._same(raw + end)
            else:
                self._other(raw + end, None if text is None else text + end)

    def done(self, _: Outcome) -> None:
        """The open document is complete."""
        self.close()

    def failed(self, _: Failure) -> None:
        """The open document failed: what is known of it so far is shown."""
        self.close()

    def close(self) -> None:
        """Write the hunk that is still open."""
        self._flush()

    def _same(self, line: str) -> None:
        if self._hunk:
            self._hunk.append((" ", line))
            self._quiet += 1
            if self._quiet > 2 * _CONTEXT:
                rest = [text for _, text in self._hunk[-_CONTEXT:]]
                self._flush()
                self._before = rest
        else:
            self._before = [*self._before[-(_CONTEXT - 1) :], line]
        self._old += 1
        self._new += 1

    def _other(self, before: str, after: str | None) -> None:
        if not self._hunk:
            self._first = self._old - len(self._before), self._new - len(self._before)
            self._hunk = [(" ", line) for line in self._before]
            self._before = []
        elif len(self._hunk) > _LONGEST:
            self._flush()
            self._first = self._old, self._new
        self._quiet = 0
        self._hunk.append(("-", before))
        self._old += 1
        # An empty last line without an end is no line at all.
        if after:
            self._hunk.append(("+", after))
            self._new += 1

    def _flush(self) -> None:
        if not self._hunk:
            return
        if self._quiet > _CONTEXT:
            del self._hunk[-(self._quiet - _CONTEXT) :]
        name = visible(self._name)
        paint = self._paint
        heads = (f"--- {name}", f"+++ {name}\tcleaned")
        title = "" if self._titled else "".join(f"{paint('title', head)}\n" for head in heads)
        old = _range(self._first[0], sum(mark != "+" for mark, _ in self._hunk))
        new = _range(self._first[1], sum(mark != "-" for mark, _ in self._hunk))
        body = "".join(self._line(mark, line) for mark, line in self._sorted())
        self._write(f"{title}{paint('@', f'@@ -{old} +{new} @@')}\n{body}")
        self._titled = True
        self._hunk, self._before, self._quiet = [], [], 0

    def _sorted(self) -> list[tuple[str, str]]:
        """The hunk with removals before additions in every run of changes, as people know it."""
        lines: list[tuple[str, str]] = []
        added: list[tuple[str, str]] = []
        for mark, line in self._hunk:
            if mark == "+":
                added.append((mark, line))
                continue
            if mark == " ":
                lines += added
                added = []
            lines.append((mark, line))
        return lines + added

    def _line(self, mark: str, line: str) -> str:
        if line.endswith("\n"):
            return self._paint(mark, f"{mark}{self._show(line[:-1])}") + "\n"
        return self._paint(mark, f"{mark}{self._show(line)}") + "\n\\ No newline at end of file\n"


_COLORS = {"title": "1", "@": "36", "-": "31", "+": "32"}


def _painted(kind: str, line: str) -> str:
    color = _COLORS.get(kind)
    return f"\x1b[{color}m{line}\x1b[m" if color else line


def _plain(_: str, line: str) -> str:
    return line


def _range(before: int, lines: int) -> str:
    """`start,length` of a hunk, given how many lines stand before it; an empty one names the line before it."""
    if lines == 1:
        return f"{before + 1}"
    return f"{before + 1 if lines else before},{lines}"
