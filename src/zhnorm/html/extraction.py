"""The text of a page, taken out by trafilatura as Markdown: headings, lists, links, tables and images can be told from it.

What is no text for sure (scripts, navigation that says so) is left out there; what else has to go is decided by reading the
lines, and stands in the ledger. So trafilatura is asked for comments (its default), links and images too.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from zhnorm.arrays.expressions import expression
from zhnorm.errors import ReadError, not_text
from zhnorm.limits import USUAL_LIMITS, Clock, Limits
from zhnorm.messages import Message

from .recognition import Markup, has_tags, markup_of, may_be_markup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["Door", "Extracted", "extract", "text_of"]

_LEAST_CHARS = 150
"""With less text than this trafilatura gives out all words of the page instead. Its own 250 is meant for alphabets, and ends many
short articles in Chinese that way (`benchmarks/extraction.py`)."""
_MOST_BYTES = 1 << 40
"""Of a page: how large a document may be is decided where it is read."""
_NOT_TEXT = expression("[\\0\ud800-\udfff]")
_EMPTY_ROOT = expression(r"(<html\b[^<>]*?)\s*/>", re.IGNORECASE)
"""An `<html/>` that is closed at once holds nothing."""
_MARKS = expression(r"[\W_]+")
_LINK_TARGET = expression(r"\]\([^()\s]*\)")
_LINE_END = expression(r"\n(?=[^\S\n]*\n)")
"""Of a line with an empty one behind it."""
_SIGN = "␤␤␤␤"
"""What is invisible trafilatura leaves out, too."""
_LONGEST_TITLE = 200
_LOGGERS = ("trafilatura", "htmldate", "courlan")


_XML = ("xml", "feed", "map")
"""What stays text, tags and all: whoever wants the items of a feed has `feed.items_of`."""


class Extracted(NamedTuple):
    """The text of a page.

    Attributes:
        text: as Markdown, its title above it unless it begins with it.
        title: of the page; None if it names none.
    """

    text: str
    title: str | None


class Door:
    """Through which a document comes as text, whether it is text or HTML.

    Args:
        name: of the document, for messages.
        as_html: it is HTML, be it that it does not look like a page.
        limits: what it may cost.

    Attributes:
        extracted: it was HTML; known when all of it has come.
        is_xml: it was XML, and stays text; known when all of it has come.

    >>> door = Door("page.txt")
    >>> list(door.pieces(["雨", "停了。"])), door.extracted
    (['雨', '停了。'], False)
    """

    def __init__(self, name: str, *, as_html: bool = False, limits: Limits = USUAL_LIMITS) -> None:
        self.extracted = False
        self.is_xml = False
        self._name, self._as_html, self._limits = name, as_html, limits

    def pieces(self, pieces: Iterable[str]) -> Iterator[str]:
        """The text in a document that comes in pieces: of text every piece at once, of HTML all of it at the end.

        Raises:
            ReadError: see `text_of`.
            LimitError: see `text_of`.
        """
        pieces = iter(pieces)
        held: list[str] = []
        whole = True if self._as_html else None  # whether all of it is needed
        for piece in pieces:
            held.append(piece)
            if whole is None:
                whole = may_be_markup("".join(held))
            if whole is False:
                yield from held
                yield from pieces
                return
        document = "".join(held)
        text = text_of(document, self._name, as_html=self._as_html, limits=self._limits)
        self.extracted = text is not None
        self.is_xml = text is None and markup_of(document) in _XML
        yield document if text is None else text


def text_of(
    text: str,
    name: str = "",
    *,
    url: str | None = None,
    as_html: bool = False,
    limits: Limits = USUAL_LIMITS,
) -> str | None:
    """The text in a document that is HTML; None if the document is text already.

    Args:
        text: all of the document.
        name: for messages.
        url: where it stood: links in it become whole.
        as_html: it is HTML, be it that it does not look like a page.
        limits: what it may cost.

    Raises:
        ReadError: it is HTML without text, or trafilatura is missing.
        LimitError: it takes longer than it may.
    """
    if markup_of(text) in ("", *_XML) and not (as_html and has_tags(text)):
        return None
    return extract(text, url=url, name=name, limits=limits).text


def extract(html: str, *, url: str | None = None, name: str = "", limits: Limits = USUAL_LIMITS) -> Extracted:
    """Take the text out of a page, or a piece of one. Where nothing stands at all there is no text, as in an empty file.

    Args:
        html: the page.
        url: where it stood: links in it become whole.
        name: for messages.
        limits: what it may cost.

    Raises:
        NotTextError: it is None, bytes …
        ReadError: trafilatura is missing, or there is no text in the page; or it is a feed, or the map of a site.
        LimitError: it takes longer than it may.
    """
    if not isinstance(html, str):
        raise not_text(html, name)
    if not html.strip("\ufeff \t\r\n"):
        return Extracted("", None)
    place = f"{name}: " if name else ""
    kind = markup_of(html)
    if kind in ("feed", "map"):
        raise _without_one_text(kind, place)
    try:
        run = _trafilatura()
    except ImportError as error:
        missing = error.name or str(error).partition("\n")[0]
        hint = "pip install 'zhnorm[html]'" + ("; --format text cleans tags and all" if name else "")
        raise ReadError(
            Message(
                "{place}HTML, and what takes the text out of it is missing ({missing})", place=place, missing=missing
            ),
            hint=hint,
        ) from error
    if not _MARKS.sub("", html):
        raise _without_text(place)
    with Clock(limits.seconds).running(len(html)):
        try:
            title, text = run(_as_page(_NOT_TEXT.sub("\ufffd", html), kind), url)
        except Exception as error:
            raise ReadError(
                Message(
                    "{place}HTML that cannot be read: {error}",
                    place=place,
                    error=str(error)[:200] or type(error).__name__,
                ),
                hint="save the page anew from a browser, or take its text out with another tool",
            ) from error
    if not text or not _MARKS.sub("", text):
        raise _without_text(place)
    text = text.rstrip("\n") + "\n"
    if title and len(title) <= _LONGEST_TITLE and not _begins_with(text, title):
        text = f"# {title}\n\n{text}"
    return Extracted(text, title)


def _without_one_text(kind: Markup, place: str) -> ReadError:
    if kind == "map":
        hint = "fetch the pages that it lists"
        return ReadError(Message("{place}a site map, which holds no text", place=place), hint=hint)
    if place:
        hint = "zhnorm pack FEED | zhnorm clean --title-field title --url-field url; --format text cleans tags and all"
    else:
        # A program, and no command, has asked.
        hint = "take the items out (feedparser), and give each on its own"
    return ReadError(Message("{place}a feed (RSS, Atom), of which each item is a document", place=place), hint=hint)


def _without_text(place: str) -> ReadError:
    hint = "is it filled by a script? save it from a browser, or leave it out"
    return ReadError(Message("{place}HTML without text", place=place), hint=hint)


@cache
def _trafilatura() -> Callable[[str, str | None], tuple[str | None, str | None]]:
    """What gives the title and the text of a page.

    Raises:
        ImportError: trafilatura, or a package that it needs, is not installed.
    """
    import logging

    import lxml.html
    import trafilatura
    from trafilatura.settings import use_config

    # What a page lacks is said by us, once; who wants the library's own words configures logging.
    for logger in _LOGGERS:
        logging.getLogger(logger).addHandler(logging.NullHandler())
    config = use_config()
    config["DEFAULT"].update({"MIN_EXTRACTED_SIZE": str(_LEAST_CHARS), "MAX_FILE_SIZE": str(_MOST_BYTES)})

    def run(html: str, url: str | None) -> tuple[str | None, str | None]:
        # Its own parser ends at a depth of 256, which old pages reach with tags that they never close, and drops what is below.
        parser = lxml.html.HTMLParser(
            huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False
        )
        tree = lxml.html.document_fromstring(_EMPTY_ROOT.sub(r"\1>", html, count=1).encode(), parser=parser)
        if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
            raise ValueError("its elements are nested too deep")
        title = trafilatura.extract_metadata(tree, default_url=url, extensive=False).title
        is_free = _SIGN not in html
        if is_free:
            _mark_empty_lines(tree)
        # Captions are text, which trafilatura drops.
        for caption in tree.iter("figcaption"):
            caption.tag = "p"
        text = trafilatura.extract(
            tree, url=url, output_format="markdown", include_links=True, include_images=True, config=config
        )
        text = text or trafilatura.html2txt(tree) or ""
        return title, text.replace(_SIGN, "") if is_free else text

    return run


def _mark_empty_lines(tree: Any) -> None:
    """Put a sign into the empty lines of code and verse (`<pre>`): trafilatura leaves out what is really empty."""
    for element in tree.iter("pre"):
        for part in element.iter():
            part.text = part.text and _LINE_END.sub(f"\n{_SIGN}", part.text)
            if part is not element:
                part.tail = part.tail and _LINE_END.sub(f"\n{_SIGN}", part.tail)


def _as_page(html: str, kind: Markup) -> str:
    """A piece as the article of a page: all of it is wanted."""
    return f"<html><body><article>{html}</article></body></html>" if kind != "page" else html


def _begins_with(text: str, title: str) -> bool:
    """Whether a title stands at the beginning of a text, or as a line of it."""
    wanted = _letters(title)
    near = _letters(text[: 2 * _LONGEST_TITLE])
    # The title of a page often has the name of its site behind it, the headline has not.
    lines = map(_letters, text.split("\n"))
    return wanted in near or any(line in wanted and 2 * len(line) > len(wanted) for line in lines)


def _letters(text: str) -> str:
    return _MARKS.sub("", _LINK_TARGET.sub("]", text)).casefold()
