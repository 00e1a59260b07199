"""Is this text, or HTML that somebody forgot to take the text out of?

Articles quote HTML, and Markdown holds tags; both are text and stay so. A page begins with what only pages begin with (a
document type, `<html>`, `<head>` or `<body>`, behind nothing but declarations and comments), and its words stand inside it. A
piece of a page, as feeds and interfaces of sites give them out, is nothing but elements from its first character to its last.
"""

from __future__ import annotations

import re
from typing import Literal

from zhnorm.arrays.expressions import expression
from zhnorm.errors import ReadError, not_text
from zhnorm.messages import Message

__all__ = ["SUFFIXES", "Markup", "declared_encoding", "has_tags", "markup_of", "may_be_markup", "refuse_markup"]

Markup = Literal["", "page", "piece", "feed", "map", "xml"]
"""What a document is: text (empty), a page of HTML, a piece of one, a feed of news, a map of a site, other XML."""

SUFFIXES = (".html", ".htm", ".xhtml", ".shtml")
"""How the names of pages end."""
_HEAD_CHARS = 1 << 16
"""So much of a document is looked at to see whether it may be markup."""
_LONGEST_BEGINNING = 200
"""In so many characters the first tag has ended."""
_LETTERS_PER_TAG = 400
"""A page that has no end (it was cut off) has a tag for so many letters at least."""

_BEFORE = expression(r"(?:[\ufeff\s]|<\?xml\b[^>]*>|<\?xml-[^>]*>|<!--(?:(?!-->).)*+-->)*+", re.DOTALL)
_PAGE = expression(r"<(?:!doctype\s+html\b|(?:html|head|body)[\s>])", re.IGNORECASE)
_DECLARATION = expression(r"[\ufeff\s]*+<\?xml\s")
_FEED = expression(r"<(?:rss|feed|rdf:RDF|(urlset|sitemapindex))\s[^<>]*(?:version|xmlns)\b", re.IGNORECASE)
_BLOCKS = "p|div|section|article|main|figure|figcaption|h[1-6]|ul|ol|li|dl|dd|dt|table|td|th|blockquote|center|pre"
_BLOCK = expression(rf"<(/?)(?:{_BLOCKS})(?:\s[^<>]*)?>", re.IGNORECASE)
_TEXT_END = expression(r"</(?:p|li|dd|td|th|h[1-6]|blockquote)\s*>", re.IGNORECASE)
_PRE = expression(r"<pre(?:\s[^<>]*)?>", re.IGNORECASE)
_PRE_END = expression(r"</pre\s*>", re.IGNORECASE)
_PARAGRAPH = expression(r"\n[ \t\r]*\n[ \t]*[^\s<]")
"""A paragraph of Markdown: words behind an empty line."""
_TAG = expression(r"</?[a-zA-Z][^<>]*>")
_UNSEEN = expression(
    r"<(script|style|noscript|template)\b[^>]*>.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL
)
_END = expression(r"</(?:html|body)\s*>", re.IGNORECASE)
_LETTER = expression(r"[^\W\d_]")
_CHARSET = expression(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-z0-9_.:-]+)|<\?xml[^>]{0,100}?encoding\s*=\s*["']([a-z0-9_.:-]+)""",
    re.IGNORECASE,
)
_CHARSET_BYTES = 1 << 12


def may_be_markup(head: str) -> bool | None:
    """Whether a document that begins so may be markup; None if more of it is needed to tell.

    Args:
        head: its beginning.

    >>> may_be_markup("雨停了"), may_be_markup("<!DOCTYPE html>"), may_be_markup(" <"), may_be_markup("<p>a</p> b")
    (False, True, None, False)
    """
    head = head[:_HEAD_CHARS]
    unsure = None if len(head) < _HEAD_CHARS else False
    start = _start(head)
    if start == len(head) or head.startswith("<!--", start):
        return unsure
    if head[start] != "<":
        return False
    if _DECLARATION.match(head) or _PAGE.match(head, start) or _FEED.match(head, start):
        return True
    if _BLOCK.match(head, start):
        # A tag that has not ended yet is no text.
        last = head.rfind("<")
        return not _has_text_outside(head[:last] if head.find(">", last) < 0 else head, start, is_cut=True)
    return unsure if len(head) - start < _LONGEST_BEGINNING else False


def markup_of(text: str) -> Markup:
    """What a whole document is; empty for text.

    Args:
        text: all of it.

    >>> markup_of("<!DOCTYPE html>\\n<html><body><p>雨停了。</p></body></html>")
    'page'
    >>> markup_of("<p>雨停了。</p>\\n<p>猫也走了。</p>"), markup_of('<?xml version="1.0"?><rss version="2.0"></rss>')
    ('piece', 'feed')
    >>> markup_of("# HTML 入门\\n\\n`<html>` 是第一个标签。"), markup_of("<p align='center'><img src='a.png'></p>\\n\\n# 说明")
    ('', '')
    """
    if not may_be_markup(text):
        return ""
    start = _start(text)
    if _PAGE.match(text, start):
        return "page" if _is_page(text) else ""
    if found := _FEED.match(text, start):
        return "map" if found[1] else "feed"
    if _DECLARATION.match(text):
        return "xml"
    return "piece" if _is_piece(text) else ""


def has_tags(text: str) -> bool:
    """Whether there is a tag in a text at all.

    >>> has_tags("a < b"), has_tags("一<br>二")
    (False, True)
    """
    return _TAG.search(text) is not None


def refuse_markup(text: str) -> None:
    """Refuse HTML and feeds, for those who expect text. Other XML is taken for text.

    Args:
        text: the beginning of a document, or all of it.

    Raises:
        ReadError: it is HTML, or a feed.
        NotTextError: it is none.

    >>> refuse_markup("雨停了。")
    >>> refuse_markup("<html><body><p>雨停了。</p></body></html>")
    Traceback (most recent call last):
    zhnorm.errors.ReadError: a page of HTML, not text
    zhnorm.clean_html(html) takes the text out and cleans it; Cleaner.stream([html]) cleans tags and all
    """
    if not isinstance(text, str):
        raise not_text(text)
    kind = markup_of(text)
    if kind in ("page", "piece"):
        hint = "zhnorm.clean_html(html) takes the text out and cleans it; Cleaner.stream([html]) cleans tags and all"
        raise ReadError(Message("a {kind} of HTML, not text", kind=kind), hint=hint)
    if kind == "feed":
        hint = "each item is a document: take them out (feedparser), and give each to zhnorm.clean_html"
        raise ReadError("a feed (RSS, Atom), not text", hint=hint)


def declared_encoding(data: bytes) -> str | None:
    """The encoding that a page or an XML declaration names itself, as it names it; None if there is none.

    Args:
        data: the beginning of the document.

    >>> declared_encoding(b'<html><meta charset="GBK">'), declared_encoding(b"charset=GBK")
    ('gbk', None)
    """
    head = data[:_CHARSET_BYTES]
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return None
    found = _CHARSET.search(head)
    return (found[1] or found[2]).decode("ascii").lower() if found else None


def _start(text: str) -> int:
    """Where a document begins, behind declarations and comments."""
    found = _BEFORE.match(text)
    return found.end() if found else 0


def _is_page(text: str) -> bool:
    """Whether what begins like a page is one, and not an article that begins by showing how one is written."""
    ends = list(_END.finditer(text))
    if ends:
        behind = _letters(text[ends[-1].end() :])
        return behind == 0 or behind * 2 < _letters(text)
    tags = sum(1 for _ in _TAG.finditer(text))
    return tags > 1 and _letters(text) <= tags * _LETTERS_PER_TAG


def _is_piece(text: str) -> bool:
    """Whether a text is nothing but elements, with something to read in them."""
    if not text.rstrip().endswith(">") or not _TEXT_END.search(text):
        return False
    return not _has_text_outside(text, _start(text)) and _letters(text) > 0


def _has_text_outside(text: str, start: int, *, is_cut: bool = False) -> bool:
    """Whether words stand outside of all blocks, or among them as paragraphs of Markdown.

    Args:
        text: the document.
        start: where its markup begins.
        is_cut: the document may go on.
    """
    text, start = _without_preformatted(text[start:], is_cut=is_cut), 0
    if _PARAGRAPH.search(text, start):
        return True
    depth = 0
    for found in _BLOCK.finditer(text, start):
        if not depth and _letters(text[start : found.start()]):
            return True
        depth = max(0, depth - 1) if found[1] else depth + 1
        start = found.end()
    return not depth and _letters(text[start:]) > 0


def _without_preformatted(text: str, *, is_cut: bool) -> str:
    """A document without what is preformatted in it, such as code, which has empty lines of its own.

    Args:
        text: the document.
        is_cut: it may go on, and with it the last of what is preformatted.
    """
    kept, behind = [], 0
    while opening := _PRE.search(text, behind):
        ending = _PRE_END.search(text, opening.end())
        if ending is None and not is_cut:
            break
        kept.append(text[behind : opening.start()])
        behind = len(text) if ending is None else ending.end()
    return "".join([*kept, text[behind:]])


def _letters(text: str) -> int:
    """How many letters are seen."""
    return len(_LETTER.findall(_TAG.sub("", _UNSEEN.sub("", text))))
