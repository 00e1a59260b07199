"""Labelled pages and lines: those in `training/`, and more from elsewhere, for weights alone.

A page of our own is a text file's part behind `## name | site | script | full or extract`, a line of it `kind<TAB>text`; what does not belong to
a line of text stands in ⟦kind:…⟧ (`training/pages/SPEC.md`). Other collections are folders of files of JSON Lines with `text` and
`label` (keep, drop, trim, any), some with `part` or `why`. Where a label says less than the kind, every kind it allows is wanted.

`training/lines/` holds lines of which nothing around is known, `kind<TAB>text` each: what pages print into and around texts, and text that looks
like it.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from zhnorm.reading.kinds import ABOUT, CHROME, CONTENT, KINDS

__all__ = ["GONE", "Mark", "Marked", "Page", "buttons", "marked_lines", "marked_pages", "more", "ours", "pieces_alone"]

HERE = Path(__file__).parent
GONE = frozenset((*CHROME, *ABOUT))
_TEXT = frozenset(CONTENT) - {"title"}
_SPAN = re.compile("⟦([a-z]+):([^⟧]*)⟧")
_SENTENCE = re.compile("[^。！？!?…]+[。！？!?…]*[”’」』）)]*")
_SENTENCES = frozenset({"lead", "prose", "quote", "dialogue", "note", "qa", "item"})
_MARKED = _SENTENCES | {"caption", "heading", "title", "verse"}
"""What is glued into lines of these kinds is marked."""
_WHY = {
    "related": {"related"}, "title-repeat": {"repeat"}, "toolbar": {"tool"}, "nav": {"nav"}, "ad": {"ad"}, "share": {"share"},
    "comments": {"comment"}, "follow": {"follow"}, "pagination": {"pager"}, "copyright": {"legal"}, "disclaimer": {"legal", "ad"},
    "app": {"app"}, "engage": {"engage"}, "placeholder": {"filler"}, "gov-footer": {"legal"}, "credit": {"credit", "byline"},
    "source-url": {"date", "credit", "legal"},
}  # fmt: skip
_PART = {
    "pagetitle": {"title", "repeat", "nav"}, "titlecopy": {"title", "repeat"}, "title": {"title"}, "byline": GONE | {"sign"},
}  # fmt: skip
_OF_SITES = ("real", "markdown")
"""The same pages, printed in two ways."""
_AS_FOUND = "ordinary-"
_HARD, _ORDINARY = 1.5, 1.0
"""A line of our own pages counts for so much: of those that were made to be hard, and of those as the web has them (`ordinary-*.txt`)."""
_GUESSED = 0.3
"""A line of which nobody has said what it is counts for so much of one of which somebody has."""
_LINE = 0.15
"""A line of which nothing around is known counts for so much."""
_LIKE_TEXT = frozenset({"related", "comment"})
"""Of such lines alone the words do not say what they are: a headline, a remark."""
_COMPARED = ("duplicate", "near-duplicate")
"""Whether such a line goes is found by comparing it."""


@dataclass
class Page:
    """A labelled page.

    Attributes:
        name: of the page.
        source: the site, account or author: what is learned from is parted by it from what it is measured on.
        weight: how much its lines count.
        texts: its lines.
        wanted: for each line the kinds that are right; none if nobody has said.
        shares: of that weight for each line.
        alone: it is one line, and nothing is known of what stood around it.
    """

    name: str
    source: str
    weight: float
    texts: list[str] = field(default_factory=list)
    wanted: list[frozenset[str]] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)
    alone: bool = False

    def add(self, text: str, wanted: set[str] | frozenset[str], share: float = 1.0) -> None:
        """Add a line, which counts as much as the page, or a share of that."""
        self.texts.append(text)
        self.shares.append(share)
        self.wanted.append(frozenset(wanted))


def ours(folder: Path = HERE) -> list[Page]:
    """The pages and lines in `training/`."""
    pages = [page for path in _files_of_pages(folder) for page in _pages_of(path)]
    with (folder / "lines.tsv").open(encoding="utf-8", newline="") as file:
        for label, _, site, text in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            line = Page(site, f"lines {site}", 1.0, alone=True)
            line.add(re.sub("[⟦⟧]", "", text), GONE if label == "D" else {*CONTENT, *ABOUT})
            pages.append(line)
    for path in _files_of_lines(folder):
        for kind, text in _kinds_and_texts(path):
            if kind not in _LIKE_TEXT:
                line = Page(path.stem, path.stem, _LINE, alone=True)
                line.add(text, {kind})
                pages.append(line)
    return pages


def _files_of_pages(folder: Path) -> list[Path]:
    return sorted((folder / "pages").glob("*-*.txt"))


def _files_of_lines(folder: Path) -> list[Path]:
    return sorted((folder / "lines").glob("*-*.txt"))


def _kinds_and_texts(path: Path) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        kind, tab, text = line.partition("\t")
        if not tab or kind not in KINDS:
            raise SystemExit(f"{path}:{number}: expected KIND<TAB>TEXT, got {line[:40]!r}")
        yield kind, text


def pieces_alone(folder: Path = HERE) -> Iterator[tuple[str, str]]:
    """What pages print into and around texts, each with its kind: the lines in `training/lines` that are no text."""
    for path in _files_of_lines(folder):
        yield from ((kind, text) for kind, text in _kinds_and_texts(path) if kind in GONE)


def buttons(folder: Path = HERE) -> Iterator[tuple[str, str]]:
    """What sites and apps call their tools, calls, notices and lists, each with its kind: it is learned as what may be glued into lines alone. Learned as
    lines of a page, too, these say nothing of where they stand."""
    yield from _kinds_and_texts(folder / "buttons.tsv")


def _documents_of(path: Path) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The pages of a file, each with its name, and their lines as they are written there: a kind, and a text with its marks."""
    name, lines = "", list[tuple[str, str]]()
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        if line.startswith("## "):
            if lines:
                yield name, lines
            name, lines = f"{path.stem}/{line[3:].split('|')[0].strip()}", []
        elif line.strip():
            kind, tab, text = line.partition("\t")
            if not tab or (kind != "-" and kind not in KINDS):
                raise SystemExit(f"{path}:{number}: expected KIND<TAB>TEXT, got {line[:40]!r}")
            lines.append((kind, text))
    if lines:
        yield name, lines


def _pages_of(path: Path) -> Iterator[Page]:
    for name, lines in _documents_of(path):
        page = Page(name, path.stem, _ORDINARY if path.stem.startswith(_AS_FOUND) else _HARD)
        for kind, text in lines:
            page.add(_SPAN.sub(r"\2", text), _kinds_of(kind, page))
            if kind in _SENTENCES:
                yield from _parts(text, kind, path.stem)
        yield page


def _kinds_of(kind: str, page: Page) -> set[str]:
    """The kinds that a line of one of our pages may be of. On ordinary pages nobody has told the lead from the text below it."""
    if kind == "prose" and page.source.startswith(_AS_FOUND) and not any("prose" in kinds for kinds in page.wanted):
        return {"prose", "lead"}
    return set() if kind == "-" else {kind}


def _parts(text: str, kind: str, source: str) -> Iterator[Page]:
    """The sentences of a line of text, and what does not belong to it, as lines of which nothing around is known."""
    pieces = [(found[2], found[1]) for found in _SPAN.finditer(text)]
    sentences = _SENTENCE.findall(_SPAN.sub("", text))
    for piece, piece_kind in [*pieces, *((sentence, kind) for sentence in sentences if len(sentences) > 1)]:
        if piece.strip():
            part = Page(f"{source}/part", source, 0.5, alone=True)
            part.add(piece.strip(), {piece_kind})
            yield part


class Mark(NamedTuple):
    """What stands in a line and does not belong there: from where to where, and its kind."""

    start: int
    stop: int
    kind: str


class Marked(NamedTuple):
    """A line of one of our pages: its kind, its text, and what in it does not belong there."""

    kind: str
    text: str
    marks: list[Mark]


def marked_pages(folder: Path = HERE) -> Iterator[tuple[str, list[Marked]]]:
    """Our pages, each with its name, and their lines."""
    for path in _files_of_pages(folder):
        for name, lines in _documents_of(path):
            yield name, [_marked(kind, text) for kind, text in lines]


def _marked(kind: str, text: str) -> Marked:
    marks = []
    taken = 0
    for found in _SPAN.finditer(text):
        start = found.start() - taken
        marks.append(Mark(start, start + len(found[2]), found[1]))
        taken += len(found[0]) - len(found[2])
    return Marked(kind, _SPAN.sub(r"\2", text), marks)


def marked_lines(folder: Path = HERE) -> Iterator[list[tuple[str, bool]]]:
    """The lines of text in `training/`, in parts, and whether each is none of the text; what repeats a title or a sentence is left out."""
    for _, lines in marked_pages(folder):
        for line in lines:
            if line.kind in _MARKED and (parts := list(parts_of(line))):
                yield parts
    for path in _files_of_lines(folder):
        yield from ([(text, False)] for kind, text in _kinds_and_texts(path) if kind in _MARKED)


def parts_of(line: Marked) -> Iterator[tuple[str, bool]]:
    """The parts of a line that say something, and whether each is none of the text."""
    start = 0
    for mark in (*line.marks, Mark(len(line.text), len(line.text), "")):
        if own := line.text[start : mark.start]:
            yield own, False
        if mark.kind != "repeat" and (piece := line.text[mark.start : mark.stop]):
            yield piece, True
        start = mark.stop


def more(folder: Path) -> list[Page]:
    """Pages from elsewhere: a folder with some of the suites that the quality of cleaning is measured with, and lines."""
    pages: list[Page] = []
    for suite, weight in (("real", 1.0), ("markdown", 0.5), ("wild", 2.0), ("wechat", 1.5)):
        for path in sorted((folder / suite).glob("*.jsonl")):
            source = path.stem.split("--")[0] if suite in _OF_SITES else path.stem
            page = Page(f"{suite}/{path.stem}", f"{'real' if suite in _OF_SITES else suite} {source}", weight)
            records = _records(path)
            inside = _inside(records) if suite == "wechat" else ()
            for number, record in enumerate(records):
                if number in inside:
                    page.add(record["text"], set(CONTENT), _GUESSED)
                else:
                    page.add(record["text"], _wanted(record, suite))
            pages.append(page)
    pages += _dumps(folder / "pages")
    for path in sorted((folder / "plain").glob("*/*.txt")):
        page = Page(f"plain/{path.stem}", f"plain {path.parent.name}/{path.stem}", 0.4)
        for text in path.read_text("utf-8").split("\n")[:400]:
            page.add(text, {*CONTENT, *ABOUT})
        pages.append(page)
    for path in sorted(folder.glob("*-lines.jsonl")):
        for record in _records(path):
            if record["label"] in ("keep", "drop"):
                line = Page(path.stem, f"{path.stem} {record.get('account', '')}", 0.6, alone=True)
                line.add(record["text"], GONE if record["label"] == "drop" else set(CONTENT))
                pages.append(line)
    return pages


def _inside(records: list[dict[str, str]]) -> Collection[int]:
    """The lines of which nobody has said what they are, between the first paragraph that stays and the last one: lists, steps and
    tables of the article, as what an account repeats was found."""
    stay = [number for number, record in enumerate(records) if record["label"] == "keep"]
    return [n for n in range(min(stay, default=0), max(stay, default=0)) if records[n]["label"] == "any"]


def _records(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _wanted(record: dict[str, str], suite: str) -> set[str] | frozenset[str]:
    label, part, why = record.get("label"), record.get("part", ""), record.get("why", "")
    if part in _PART:
        return _PART[part]
    if part == "caption":
        return {"caption"} if label == "keep" else {"caption", "repeat", "filler", "related", "credit"}
    if label in ("keep", "trim"):
        return _TEXT if suite in _OF_SITES else set(CONTENT)
    if label != "drop" or why in _COMPARED:
        return set()
    return GONE if suite == "wechat" else _WHY.get(why, GONE)


def _dumps(folder: Path) -> Iterator[Page]:
    """Dumped pages with the text that people took for the article: a line belongs to it if its characters do, four at a time."""
    for path in sorted((folder / "dump").glob("*.txt")):
        gold = set(_fours((folder / "gold" / path.name).read_text("utf-8")))
        page = Page(f"dump/{path.stem}", f"dump {path.stem.rsplit('-', 1)[0]}", 0.75)
        for text in path.read_text("utf-8").split("\n"):
            fours = _fours(text)
            shared = sum(four in gold for four in fours) / max(1, len(fours))
            known = len(fours) >= 3 and not 0.3 <= shared <= 0.8
            page.add(text, set() if not known else set(CONTENT) if shared > 0.5 else GONE)
        yield page


def _fours(text: str) -> list[str]:
    letters = re.sub(r"[\W_]+", "", text).lower()
    return [letters[at : at + 4] for at in range(max(1, len(letters) - 3))] if letters else []
