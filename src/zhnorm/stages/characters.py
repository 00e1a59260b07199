"""Stages 1 and 2: tidy characters, convert the script, make the keys. All of it on the lines of many blocks at once.

Whoever reads the output meets a trimmed line without what was trimmed, and may see other things in it: mojibake that is certain
now, a mark at the end of the line, another script. So lines that later stages rewrote go through both stages again
(`Rewritten`), until nothing changes in them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Any

from ..arrays.character_table import in_arrays
from ..conversion.convert import Converter
from ..conversion.detect import prevailing, proves
from ..conversion.fold import key
from ..line import Block, Conversion, Evidence
from ..markup.frame import SIGN_CHARS, Frame, has_sign, lines_with_signs
from ..markup.markup import Markup
from ..text.mojibake import repair
from ..text.tidy import Needs, Tidier
from .markup import Frames, frames_for_script, frames_for_tidying, texts_for_script
from .stage import Memory, Stage, Work

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Rewritten", "Script", "Tidy"]


MOST_FRAMED = 8
"""So often lines are taken apart anew, because a piece of them that stays as it is shows only when they are tidy."""


@dataclass(slots=True, eq=False)
class _State:
    """What is known of a document.

    Attributes:
        marked: the lines of the block in work in which something may stand that is not tidied or converted, in order.
        script: of the document (see `conversion.detect.prevailing`), once it was asked for; "" if nothing is left by which it is known.
    """

    marked: list[int] = field(default_factory=list)
    script: str | None = None


class Tidy(Stage):
    """Applies tidiers, each to the lines that hold a character it acts on."""

    name = "tidy"

    def __init__(self, tidiers: tuple[Tidier, ...]) -> None:
        self.tidiers = tidiers
        self._needs = Needs(tidiers, SIGN_CHARS)

    def run(self, work: Sequence[Work]) -> None:
        """Tidy every line of fresh blocks, but for code and other pieces that stay as they are."""
        _mark(work, self._tidy(work))

    def _tidy(self, work: Sequence[Work]) -> list[int]:
        """Tidy the lines; those in which such a piece may stand, counted through all the blocks, in order."""
        blocks = [block for block, _ in work]
        lines: list[str] = list(chain.from_iterable(block.raw for block in blocks))
        text = "\n".join(lines)
        needs = self._needs.of_lines(text) if in_arrays(len(text)) else None
        if needs is None:
            marked = lines_with_signs(text)
        else:
            maybe = (needs & self._needs.others).nonzero()[0].tolist()
            marked = [place for place in maybe if has_sign(lines[place])]
        if not self.tidiers:
            return marked
        frames = frames_for_tidying(work, lines, marked)
        if needs is not None and frames:
            needs[list(frames)] = self._needs.of_lines("\n".join([lines[place] for place in frames]))
        for _ in range(MOST_FRAMED):
            touched = self._rounds(blocks, lines, frames, needs)
            marked = sorted({*marked, *(place for place in touched if has_sign(lines[place]))})
            if touched.isdisjoint(marked):
                break
            # Without a character that went, a piece that stays as it is may begin or end elsewhere.
            again = [_around(frames[place], line) if place in frames else line for place, line in enumerate(lines)]
            others = frames_for_tidying(work, again, marked)
            if all(again[place] == lines[place] and others.get(place) == frames.get(place) for place in touched):
                break
            lines, frames = again, others
            needs = self._needs.of_lines("\n".join(lines)) if needs is not None else None
        return marked

    def _rounds(
        self, blocks: Sequence[Block], lines: list[str], frames: Frames, needs: NDArray[Any] | None
    ) -> set[int]:
        """Every tidier until none acts any more; the lines that others than those of spaces changed."""
        revealed: set[int] = set()
        while changed := self._round(blocks, lines, frames, needs, revealed):
            # Without a control character in it a line may be mojibake that it was not before.
            texts = [lines[place] for place in changed]
            text = "\n".join(texts)
            if in_arrays(len(text)):
                acted_on = (self._needs.of_lines(text) & 1).nonzero()[0].tolist()
                text = "\n".join([texts[place] for place in acted_on])
            if self.tidiers[0].apply(text) == text:
                break
            if needs is not None:
                needs = self._needs.of_lines("\n".join(lines))
        return revealed

    def _round(
        self,
        blocks: Sequence[Block],
        lines: list[str],
        frames: Frames,
        needs: NDArray[Any] | None,
        revealed: set[int],
    ) -> set[int]:
        """Every tidier once; gives back which lines are others now, and adds to `revealed` those with other marks than spaces."""
        touched: set[int] = set()
        for number, tidier in enumerate(self.tidiers):
            places: Sequence[int] = range(len(lines))
            if needs is not None:
                places = (needs & (1 << number)).nonzero()[0].tolist()
                if not places:
                    continue
            before = "\n".join([lines[place] for place in places])
            after = tidier.apply(before)
            if after == before:
                continue
            found = zip(places, after.split("\n"), strict=True)
            changed = {place: line for place, line in found if line != lines[place]}
            for place, line in changed.items():
                lines[place] = line
            _sweep(blocks, _framed(changed, frames), self.name, tidier.name, Conversion(tidier.name.partition("/")[2]))
            if needs is not None:
                # A decoded entity can be a wide letter, and what is left of a line can begin with a space.
                needs[list(changed)] |= self._needs.of_lines("\n".join(changed.values()))
            touched.update(changed)
            if " " not in tidier.acts_on:
                revealed.update(changed)
        return touched


class Script(Stage):
    """Converts the script, then makes the keys. Without a converter it makes the keys alone."""

    name = "script"

    def __init__(
        self, converter: Converter | None, direction: str, *, convert_code: bool = False, line_by_line: bool = False
    ) -> None:
        self.converter = converter
        self.direction = direction
        self.convert_code = convert_code
        self.line_by_line = line_by_line

    def run(self, work: Sequence[Work]) -> None:
        """Convert every line of blocks that were tidied and from which nothing was removed yet, and set their keys: none for markup."""
        blocks = [block for block, _ in work]
        text = _text(blocks)
        frames: Frames = {}
        spoilt: Sequence[int] = ()
        if self.converter:
            lines: Sequence[str | None] = list(chain.from_iterable(block.text for block in blocks))
            frames, inner = frames_for_script(work, lines, _marked(work), convert_code=self.convert_code)
            if frames:
                lines = [inner.get(place, line) for place, line in enumerate(lines)]
                text = "\n".join([line or "" for line in lines])
            converted = self.converter.convert(
                text, self._documents(blocks), work[0][1].own(_State).script if work else None
            )
            if converted != text:
                found = enumerate(zip(lines, converted.split("\n"), strict=True))
                changed = _framed({place: after for place, (before, after) in found if after != before}, frames)
                spoilt = _spoilt(changed)
                for place in spoilt:
                    del changed[place]
                _sweep(blocks, changed, self.name, f"script/{self.direction}", Conversion(self.direction))
            text = _text(blocks) if spoilt or any(block.opaque for block in blocks) else converted
        keys = key(text).split("\n")
        start = 0
        for block, _ in work:
            block.set_keys(keys[start : start + len(block)])
            start += len(block)
        _set_keys_of_framed(work, frames)

    def _documents(self, blocks: Sequence[Block]) -> list[int]:
        """How many lines each document has that speaks for its lines: lines that may arrive one by one speak for themselves."""
        return [1] * sum(map(len, blocks)) if self.line_by_line else list(map(len, blocks))


def _spoilt(changed: dict[int, str]) -> Sequence[int]:
    """Lines that would be mojibake for sure once they are converted. They are some other mojibake: what they say is not told by their
    characters, and still less by others in their place."""
    text = "\n".join(changed.values())
    taken_back = repair(text)
    if taken_back == text:
        return ()
    found = zip(changed, changed.values(), taken_back.split("\n"), strict=True)
    return [place for place, line, better in found if line != better]


def _set_keys_of_framed(work: Sequence[Work], frames: Frames) -> None:
    """The keys of lines of which only a part was looked at, and of those that are markup."""
    start = 0
    places = iter((*sorted(frames), -1))
    place = next(places)
    for block, memory in work:
        stop = start + len(block)
        found = {}
        while start <= place < stop:
            found[place - start] = key(block.text[place - start] or "")
            place = next(places)
        block.set_keys(found | dict.fromkeys(memory.markup.silent, ""))
        start = stop


class Rewritten(Stage):
    """Tidies and converts what later stages made of lines, as it would be if it came in like that.

    Its changes are those of the stages `tidy` and `script`, each from the text that the line has by then.

    Args:
        tidy: the stage that tidied the lines before.
        script: the stage that converted them.
    """

    name = "rewritten"

    def __init__(self, tidy: Tidy, script: Script) -> None:
        self._tidy, self._script = tidy, script

    def run(self, work: Sequence[Work]) -> None:
        """Tidy and convert the lines of blocks that were rewritten one by one."""
        found: dict[tuple[bool, str], list[tuple[Block, int]]] = {}
        for block, memory in work:
            if (memory.freed or block.mark() > block.last_sweep()) and (lines := self._lines(block, memory)):
                is_markdown = memory.markup.is_markdown and memory.markup.is_left(block.text)
                found.setdefault((is_markdown, memory.own(_State).script or ""), []).extend((block, i) for i in lines)
        for (is_markdown, script), lines_of in found.items():
            self._look_again(lines_of, is_markdown=is_markdown, script=script)

    def _lines(self, block: Block, memory: Memory) -> Sequence[int]:
        """The lines that have to be looked at again: those that were rewritten; all, if nothing is left of what the document spoke by."""
        state = memory.own(_State)
        if state.script is None:
            state.script = prevailing("\n".join(texts_for_script(block.raw, memory)))
        if state.script and not proves(texts_for_script(block.text, memory)):
            state.script = ""
            return block.speaking()
        freed = [i for i in memory.freed if block.text[i] is not None]
        return sorted({*block.rewritten(block.last_sweep()), *freed}) if freed else block.rewritten(block.last_sweep())

    def _look_again(self, found: Sequence[tuple[Block, int]], *, is_markdown: bool, script: str) -> None:
        lines = self._run([block.text[i] or "" for block, i in found], is_markdown=is_markdown, script=script)
        changes = list(lines.changes())
        endless: set[int] = set()
        if changes:
            # A dictionary of the user's may lead from 算法 to 演算法, and on to 演演算法.
            again = self._run([text or "" for text in lines.text], is_markdown=is_markdown, script=script)
            endless = {change.line for change in again.changes()}
        for change in changes:
            if change.stage == self._script.name and change.line in endless:
                continue
            block, i = found[change.line - 1]
            text = change.after or ""
            block.rewrite(i, text, key(text), stage=change.stage, rule=change.rule, evidence=change.evidence)

    def _run(self, texts: list[str], *, is_markdown: bool, script: str) -> Block:
        """The lines, tidied and converted."""
        memory = Memory()
        memory.markup = Markup(is_markdown=is_markdown)
        work = [(Block.from_lines(texts), memory)]
        memory.own(_State).script = script
        self._tidy.run(work)
        self._script.run(work)
        return work[0][0]

    def rewound(self, memory: Memory) -> None:
        """What the document spoke by is there again."""
        memory.own(_State).script = None

    def remember(self, block: Block, memory: Memory) -> None:
        """Each block speaks for itself."""
        memory.own(_State).script = None


def _mark(work: Sequence[Work], marked: Sequence[int]) -> None:
    """Keep the marked lines of each block, given by their places in all the blocks."""
    start, at = 0, 0
    for block, memory in work:
        stop = start + len(block)
        end = bisect_left(marked, stop, at)
        memory.own(_State).marked = [place - start for place in marked[at:end]]
        start, at = stop, end


def _marked(work: Sequence[Work]) -> list[int]:
    """The marked lines of all blocks, by their places in all of them."""
    starts = accumulate((len(block) for block, _ in work), initial=0)
    return [start + i for start, (_, memory) in zip(starts, work, strict=False) for i in memory.own(_State).marked]


def _text(blocks: Iterable[Block]) -> str:
    return "\n".join([line or "" for block in blocks for line in block.text])


def _framed(changed: dict[int, str], frames: Frames) -> dict[int, str]:
    """Whole lines, given with what has become of their text. Of a line that is left blank nothing stays."""
    return {place: _around(frames[place], text) if place in frames else text for place, text in changed.items()}


def _around(frame: Frame, text: str) -> str:
    line = frame.around(text)
    return "" if line.isspace() else line


def _sweep(blocks: Sequence[Block], changed: dict[int, str], stage: str, rule: str, evidence: Evidence) -> None:
    """Give the lines their new texts; the places count through all the blocks, and are in order."""
    found = iter(changed.items())
    place, line = next(found, (-1, ""))
    start = 0
    for block in blocks:
        stop = start + len(block)
        if start <= place < stop:
            mine: dict[int, str] = {}
            while start <= place < stop:
                mine[place - start] = line
                place, line = next(found, (-1, ""))
            block.sweep(mine, stage=stage, rule=rule, evidence=evidence)
        start = stop
