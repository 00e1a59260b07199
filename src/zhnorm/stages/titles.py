"""Stage 3: the title, once.

Scrapers turn every image of an article into a line with the image's alternative text, and that is the title: alone, in the
other script, with （圖1）, twice or three times in one line, in front of the next paragraph, with the site's name behind it.
The first line that says the title keeps it; the rest of them go.
"""

from __future__ import annotations

import re

from ..line import Block, Span, Witness
from ..text.decoration import cut_off
from ..text.expressions import expression
from ..text.fold import fold, key
from ..text.shape import CLOSERS, LONG_CHARS, is_spoken
from ..text.similar import MAX_CHARS, alike
from .looks import Looks
from .memory import EachAlone, Memory, Title
from .repetition import in_verse

__all__ = ["Titles"]

HEAD_LINES = 12
"""The title stands among the first lines that are not blank."""
SURE_LINES = 3
TITLE_CHARS = (5, 100)
TRIM_CHARS = 7
"""Shorter titles are words that a sentence may begin with: they are never trimmed off a line."""
SIMILAR_CHARS, SIMILAR_SCORE = 9, 88.0
LEAD_CHARS = 12
"""A paragraph that begins with a shorter first line, and a space, need not repeat a title."""

_SITE_BREAK = expression("\\s*[|｜_]\\s*|\\s+[-–—－]+\\s+|[-－](?=[^-－\\d]{2,12}$)")
_JUNK = expression(
    "(?:(?:附|组|配|题)?图(?:片|为|集|说|文)?[0-9一二三四五六七八九十]{0,3}|原标题|标题|转载|组图|视频|责编|来源)*[0-9]{0,3}"
    "(?:(?:图|图片|照片|资料照?|示意图)?(?:记者|摄影|通讯员|取自|翻摄|来源)?\\w{0,14}(?:摄|提供|摄影|翻摄|资料照|资料图|示意图|供图)|图[a-z0-9]{2,14})?"
)
# List numbers, short labels and whole sentences are not titles, though minutes and forms repeat them; the first line is one
# unless somebody says it.
_LABELLED = expression("\\s*(?:[(（]?[0-9一二三四五六七八九十]{1,3}[)）、.．]|\\S{1,2}\\s*\\S{0,2}[：:\u3000])|.*。$")
_BETWEEN = "[\\W_]*"
_GAP = "[\\s。，、！？…|｜\\-–—_：:]"


class Titles(EachAlone):
    """Finds the title (or takes the given one), keeps its first line, drops and trims the others."""

    name = "titles"

    def __init__(self, given: str | None) -> None:
        self.given = key(given) if given else None

    def clean(self, block: Block, memory: Memory) -> None:
        """Remove every repeat of the title in the block."""
        title = memory.title or (self._find(block, memory.looks) if block.is_head or self.given else None)
        if title is None:
            return
        memory.found_title = memory.found_title or title
        line = title.line
        for i in block.kept():
            said = block.key[i]
            if not said or i in block.opaque:
                continue
            if line is None:
                if title.key in said and self._keep(block, i, title.key):
                    line = block.first + i
            elif block.first + i == line:
                self._keep(block, i, title.key)
            elif title.key in said:
                self._say_again(block, i, title.key, line)
            else:
                self._almost(block, i, title.key, line)

    def remember(self, block: Block, memory: Memory) -> None:
        """Carry the title over to the blocks that follow."""
        if memory.title is None or memory.title.line is None:
            memory.title = memory.found_title

    def _find(self, block: Block, looks: Looks) -> Title | None:
        """The title and the line that says it first: the one of the first lines that comes back most often."""
        if self.given:
            lines = (i for i in block.kept() if self.given in block.key[i] and _is_title_line(block.key[i], self.given))
            first = next(lines, None)
            return Title(self.given, None if first is None else block.first + first)
        best: tuple[int, int, Title] | None = None
        # A page of verse repeats its lines on purpose; prose, or a site's name behind the title, rules that out.
        is_verse = not any(looks.prose[i] for i in block.kept())
        everything = "\n".join([said for text, said in zip(block.text, block.key, strict=True) if text is not None])
        for place, i in enumerate(_first_lines(block, looks)):
            # Whatever comes back begins like the line.
            if everything.count(block.key[i][: TITLE_CHARS[0]]) < 2:
                continue
            text = block.text[i] or ""
            if _LABELLED.match(text) if place else is_spoken(text) and text.endswith("。"):
                continue
            for candidate in _candidates(text):
                if everything.count(candidate) < 2:
                    continue
                has_site = block.key[i] != candidate and not block.key[i].startswith(candidate * 2)
                copies = self._copies(block, candidate, i, sure=has_site or (place < SURE_LINES and not is_verse))
                if copies and (best is None or (copies, len(candidate)) > best[:2]):
                    best = (copies, len(candidate), Title(candidate, block.first + i))
        return best[2] if best else None

    def _copies(self, block: Block, title: str, first: int, *, sure: bool) -> int:
        """How many other lines say the title and nothing else that matters; none if it may be a line of verse."""
        kept = [i for i in block.kept() if block.key[i]]
        places = [
            place
            for place, i in enumerate(kept)
            if i != first
            and title in block.key[i]
            and (_is_title_line(block.key[i], title) or (sure and _leads(block.text[i] or "", block.key[i], title)))
        ]
        if not sure and len(title) < 12 and all(in_verse(block, kept, place) for place in places):
            return 0
        return len(places)

    def _keep(self, block: Block, i: int, title: str) -> bool:
        """Whether the line is the title; if so, trim what is doubled or is the site's name."""
        text = block.text[i] or ""
        if not _is_title_line(block.key[i], title) and title not in _candidates(text):
            return False
        if block.key[i] == title:
            return True
        found = re.search(_pattern(title), fold(text))
        if not found or re.search(r"\w", text[: found.start()]):
            return True
        stop = _with_closing_marks(text, found.end())
        if key(text[stop:]) and not block.key[i].startswith(title * 2) and title not in _candidates(text):
            return True
        evidence = Span(stop, len(text))
        block.rewrite(i, text[:stop], key(text[:stop]), stage=self.name, rule="titles/doubled", evidence=evidence)
        return True

    def _say_again(self, block: Block, i: int, title: str, line: int) -> None:
        """Remove the line at `i` if it is the title again; trim the title off it if it is more than that."""
        text, said = block.text[i] or "", block.key[i]
        if _is_title_line(said, title):
            self._drop(block, i, "titles/repeat", line, 100.0)
        elif said.startswith(title) and title in _candidates(text):
            self._drop(block, i, "titles/site", line, 100.0)
        elif len(title) >= TRIM_CHARS:
            self._trim(block, i, title)

    def _almost(self, block: Block, i: int, title: str, line: int) -> None:
        """Remove the line at `i` if it is the title, mistyped or cut off."""
        said = block.key[i]
        text = block.text[i] or ""
        if abs(len(said) - len(title)) <= 4 and len(said) >= SIMILAR_CHARS:
            if found := alike(text, title, SIMILAR_SCORE):
                self._drop(block, i, "titles/similar", line, found.score)
                return
        cut = cut_off(text)
        if cut is not None:
            start = key(cut)
            if len(start) >= max(SIMILAR_CHARS, len(title) // 2) and title.startswith(start):
                self._drop(block, i, "titles/cut-off", line, round(100.0 * len(start) / len(title), 1))

    def _drop(self, block: Block, i: int, rule: str, line: int, score: float) -> None:
        block.remove(i, stage=self.name, rule=rule, evidence=Witness(line, score))

    def _trim(self, block: Block, i: int, title: str) -> None:
        """Take the title, once or repeated, out of a line where spaces or repetition set it apart from the text."""
        text = block.text[i] or ""
        run = re.compile(
            f'(?:^[\\s▲▼►●■]*(?:原?标题[:：]\\s*)?|(?<=\\s)|(?<=[。！？]))(?:[“「『《【"]?{_pattern(title)}[”」』》】"]?(?:{_GAP}+|$))+(?!$)'
        )
        found = run.search(fold(text))
        if not found or not key(text[: found.start()] + text[found.end() :]):
            return
        if not text[found.end() - 1].isspace() and not text[: found.start()].strip():
            return
        rest = (text[: found.start()] + text[found.end() :]).strip()
        evidence = Span(found.start(), found.end())
        block.rewrite(i, rest, key(rest), stage=self.name, rule="titles/in-line", evidence=evidence)


def _pattern(title: str) -> str:
    """An expression for the title in the fold of a line, with marks anywhere in it."""
    return _BETWEEN.join(map(re.escape, title))


def _first_lines(block: Block, looks: Looks) -> list[int]:
    """Indices of the lines among which the title stands: the first ones, up to the first paragraph. Titles may end in ! or ?."""
    head: list[int] = []
    for i, text in enumerate(block.text):
        if text is None:
            continue
        if looks.prose[i] and (len(block.key[i]) > LONG_CHARS or text.rstrip(CLOSERS).endswith("。")):
            break
        if block.key[i]:
            head.append(i)
        if len(head) == HEAD_LINES:
            break
    return head


def _candidates(text: str) -> list[str]:
    """Keys that the title of this line may have: the whole line, and what stands before each site name."""
    keys: list[str] = []
    if len(text) > MAX_CHARS:
        return keys
    for found in [*_SITE_BREAK.finditer(text), None]:
        candidate = key(text[: found.start()] if found else text)
        if TITLE_CHARS[0] <= len(candidate) <= TITLE_CHARS[1]:
            keys.append(candidate)
    if keys:
        period = (keys[-1] + keys[-1]).find(keys[-1], 1)
        if TITLE_CHARS[0] <= period < len(keys[-1]):
            keys.append(keys[-1][:period])
    return keys


def _is_title_line(said: str, title: str) -> bool:
    """Whether a key is the title, any number of times, with nothing beside it but counters and picture credits."""
    rest = said.replace(title, "")
    return not rest or (len(rest) <= 24 and _JUNK.fullmatch(rest) is not None)


def _leads(text: str, said: str, title: str) -> bool:
    """Whether a paragraph begins with a long title and a space, as where a page prints both in one line."""
    if len(title) < LEAD_CHARS or not said.removeprefix("原标题").startswith(title):
        return False
    return any(
        key(text[: space.start()]).removeprefix("原标题") == title for space in re.finditer("\\s", text[:MAX_CHARS])
    )


def _with_closing_marks(text: str, stop: int) -> int:
    while stop < len(text) and text[stop] in "”」』》】〉)）！？!?。…":
        stop += 1
    return stop
