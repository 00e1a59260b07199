"""Before all stages: which lines are markup. The last of them: what cannot stand without a line that is gone.

Nothing is decided about text here. Code and front matter stay to the letter; tables, images, tags and references say nothing that
could be compared (they have no key), so no stage removes them; a heading goes only with its list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import dropwhile

from ..conversion.fold import key
from ..line import Block, Neighbours
from ..markup.frame import Frame, has_sign, margins, take_out
from ..markup.markup import VERBATIM, Kind, Markup, MarkupState, may_hold_markup
from ..markup.recogniser import read_markup
from ..text.tidy import HIDDEN, without_hidden
from .stage import Memory, Stage, Work

__all__ = ["Remnants", "frames_for_script", "frames_for_tidying", "read_blocks", "set_markup", "texts_for_script"]

NO_MARKUP = Markup()
"""Of a block in which no line begins like markup."""
Frames = dict[int, Frame]
"""By the place of a line among the lines of all blocks."""
_AROUND = {"reading", "edges"}
"""Stages that remove lines because of where they stand."""
_LONGEST_SIGN = 32
"""So many characters at its beginning show what a line is."""


def read_blocks(blocks: Sequence[Block], memories: Sequence[Memory], *, ahead: bool) -> None:
    """Give blocks their markup, each with the memory of its document.

    Args:
        blocks: fresh blocks.
        memories: hold what the blocks before left open.
        ahead: see `markup.recogniser.read_markup`.
    """
    for block, memory in zip(blocks, memories, strict=True):
        state = memory.markup_state
        lines = _shown(block.raw)
        if state.is_open or state.is_markdown or may_hold_markup(lines, is_new=state.is_new):
            memory.markup = read_markup(lines, state, is_tail=block.is_tail, ahead=ahead)
            block.verbatim = memory.markup.verbatim
        else:
            memory.markup = NO_MARKUP
            state.pass_text(lines)


def set_markup(block: Block, memory: Memory, markup: Markup) -> None:
    """Give a block that was looked at already another markup."""
    memory.markup, block.verbatim = markup, markup.verbatim
    memory.looks.forget(is_markdown=markup.is_markdown)


def _shown(lines: Sequence[str]) -> Sequence[str]:
    """The lines as they show: what cannot be seen in front of a heading makes it no paragraph."""
    hiding = [
        i
        for i, line in enumerate(lines)
        if (first := line[:1]) in HIDDEN or (first < "\x80" and not line[:_LONGEST_SIGN].isprintable())
    ]
    if not hiding:
        return lines
    shown = list(lines)
    for i in hiding:
        shown[i] = without_hidden(lines[i])
    return shown


def frames_for_tidying(work: Sequence[Work], lines: list[str], marked: Sequence[int]) -> Frames:
    """Take out of lines what no tidier may change. What is left of a line takes its place in `lines`.

    Args:
        work: fresh blocks.
        lines: all of their lines.
        marked: the places of lines in which something may be fixed.
    """
    frames: Frames = {}
    for place in marked:
        if found := take_out(lines[place], _may_be_tidied):
            lines[place], frames[place] = found
    start = 0
    for block, memory in work:
        if memory.markup.is_markdown:
            for place in range(start + memory.markup.since, start + len(block)):
                _take_margins(place, lines, frames)
        for i in memory.markup.silent:
            lines[start + i], frames[start + i] = "", Frame(block.raw[i], "", ())
        start += len(block)
    return frames


def frames_for_script(
    work: Sequence[Work], lines: Sequence[str | None], marked: Sequence[int], *, convert_code: bool
) -> tuple[Frames, dict[int, str]]:
    """The frames of lines in which something is not converted, and what is left of these lines; the arguments as there."""
    frames: Frames = {}
    inner: dict[int, str] = {}
    for place in marked:
        if found := take_out(lines[place] or "", _may_be_converted):
            inner[place], frames[place] = found
    start = 0
    for block, memory in work:
        for i, kind in memory.markup.kinds.items():
            place = start + i
            if kind is Kind.REFERENCE or (kind in VERBATIM and not convert_code):
                inner[place], frames[place] = "", Frame(block.text[i] or "", "", ())
            elif kind in VERBATIM and place in frames:
                del frames[place], inner[place]
                if found := take_out(block.text[i] or "", _may_be_converted, in_code=True):
                    inner[place], frames[place] = found
        start += len(block)
    return frames, inner


def texts_for_script(lines: Sequence[str | None], memory: Memory) -> Iterable[str]:
    """What of the lines of a block that are left speaks for its script: text, without what is not converted."""
    silent = memory.markup.silent
    texts = [line for i, line in enumerate(lines) if line and i not in silent]
    return map(_convertible, texts) if has_sign("\n".join(texts)) else texts


def _convertible(line: str) -> str:
    found = take_out(line, _may_be_converted) if has_sign(line) else None
    return found[0] if found else line


class Remnants(Stage):
    """Removes what is nothing without lines that are gone: the rule under a heading, images in the middle of a list that went.

    Where all lines that made the text Markdown are gone, the spaces that Markdown reads go too, and what they made code is text.
    """

    name = "markup"

    def __init__(self, *, ahead: bool) -> None:
        self._ahead = ahead

    def clean(self, block: Block, memory: Memory) -> None:
        """Remove the remnants of a block."""
        markup = memory.markup
        if not markup.kinds and not markup.signs:
            return
        for i, kind in markup.kinds.items():
            if kind is Kind.UNDERLINE and block.text[i] is not None and block.text[i - 1] is None:
                evidence = Neighbours("the heading above it went", line=block.first + i - 1)
                block.remove(i, stage=self.name, rule="markup/remnant", evidence=evidence)
        for item in [i for i in markup.items if block.text[i] is None]:
            images = [
                j for j in range(item + 1, markup.items[item]) if block.text[j] and markup.kinds.get(j) is Kind.IMAGE
            ]
            evidence = Neighbours("the item above it went", line=block.first + item)
            block.remove_all(images, stage=self.name, rule="markup/remnant", evidence=evidence)
        for run in _image_runs(block, markup):
            if (line := _went_around(block, run)) is not None:
                evidence = Neighbours("the lines around it went", line=block.first + line)
                block.remove_all(run, stage=self.name, rule="markup/remnant", evidence=evidence)
        if not markup.is_left(block.text):
            self._make_text(block, markup)

    def reconsider(self, block: Block, memory: Memory) -> bool:
        """Whether the markup of what is left of a document is another one, as whoever reads the output meets it."""
        if not self._ahead or not (block.is_head and block.is_tail and block.mark()):
            return False
        old, texts = memory.markup, block.text
        kept = list(dropwhile(lambda i: not (texts[i] or "").strip(), block.kept()))
        if old is NO_MARKUP and not may_hold_markup(
            _shown([texts[i] or "" for i in kept if texts[i] is not block.raw[i]])
        ):
            return False
        new = read_markup(_shown([texts[i] or "" for i in kept]), MarkupState()).placed(kept)
        if new.acts_on(texts) == old.acts_on(texts):
            return False
        set_markup(block, memory, new)
        is_text_now = old.is_markdown and not new.is_markdown
        memory.freed |= frozenset([i for i in kept if i not in new.silent and (is_text_now or i in old.silent)])
        changed = (i for i in kept if (i in old.silent) != (i in new.silent))
        block.set_keys({i: "" if i in new.silent else key(texts[i] or "") for i in changed})
        return True

    def _make_text(self, block: Block, markup: Markup) -> None:
        """Take the spaces that Markdown reads off the lines."""
        block.verbatim -= markup.indented
        for i in block.kept():
            line = (block.text[i] or "").strip(" \t")
            start, _ = margins(line)
            text = " ".join([*line[:start].split(), line[start:]]).rstrip(" ")
            if i not in block.verbatim and text != block.text[i]:
                evidence = Neighbours("no Markdown is left")
                said = key(text) if i in markup.indented else block.key[i]
                block.rewrite(i, text, said, stage=self.name, rule="markup/remnant", evidence=evidence)


def _take_margins(place: int, lines: list[str], frames: Frames) -> None:
    line = lines[place]
    if not line or (line[0] >= "\x80" and line[-1] != " "):
        return
    start, stop = margins(line)
    if start or stop < len(line):
        frame = frames.get(place, Frame("", "", ()))
        lines[place] = line[start:stop]
        frames[place] = Frame(frame.lead + line[:start], line[stop:] + frame.trail, frame.pieces)


def _may_be_tidied(piece: str) -> bool:
    return "&" in piece or "  " in piece or not (piece.isascii() and piece.isprintable())


def _may_be_converted(piece: str) -> bool:
    return not piece.isascii()


def _image_runs(block: Block, markup: Markup) -> Iterator[list[int]]:
    """Lines of images with nothing but blank lines in between."""
    run: list[int] = []
    for i, kind in markup.kinds.items():
        if kind is Kind.IMAGE and block.text[i] is not None:
            if run and any((block.raw[j].strip()) for j in range(run[-1] + 1, i)):
                yield run
                run = []
            run.append(i)
    if run:
        yield run


def _went_around(block: Block, run: list[int]) -> int | None:
    """The line above some lines, or else below, if it and the line below them went because of where they stand."""
    above = next((i for i in range(run[0] - 1, -1, -1) if block.raw[i].strip()), None)
    below = next((i for i in range(run[-1] + 1, len(block)) if block.raw[i].strip()), None)
    around = [i for i in (above, below) if i is not None]
    if not around or any(block.text[i] is not None for i in around):
        return None
    if (above is None and not block.is_head) or (below is None and not block.is_tail):
        return None
    lines = [block.first + i for i in around]
    stages = {change.stage for change in block.changes(block.last_sweep(), lines=lines) if change.after is None}
    return around[0] if stages <= _AROUND else None
