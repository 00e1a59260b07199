"""The items of a feed of news (RSS, Atom): each with its title, its address, and its text, which mostly is HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree

from zhnorm.arrays.expressions import expression
from zhnorm.errors import ReadError
from zhnorm.messages import Message

from .recognition import markup_of

__all__ = ["Item", "items_of"]

_ITEMS = ("item", "entry")
_ATOM = ("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#")
_OWN = ("", "http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/", *_ATOM)
"""Namespaces of feeds themselves; others say something of pictures and films in a word that means something else there."""
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_XML_ENTITIES = ("lt", "gt", "amp", "quot", "apos")
_ENTITY = expression(r"&([A-Za-z][A-Za-z0-9]*);")
_NOT_XML = expression("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Item(NamedTuple):
    """One item of a feed.

    Attributes:
        title: in one line; empty if it has none.
        url: of the page that it is about; empty if it names none.
        text: all of it, or what is said in short; empty if neither is there.
    """

    title: str
    url: str
    text: str


def items_of(feed: str, name: str) -> list[Item]:
    """The items of a feed, in their order.

    Args:
        feed: all of it.
        name: for messages.

    Raises:
        ReadError: it is no feed, or is damaged.

    >>> items_of('<rss version="2.0"><channel><item><title>雨停了</title><description>&lt;p>貓走了。</description></item></channel></rss>', "")
    [Item(title='雨停了', url='', text='<p>貓走了。')]
    """
    if markup_of(feed) != "feed":
        raise ReadError(Message("{name}: no feed (RSS, Atom)", name=name), hint="pack takes a folder, or a feed")
    # What defines entities may grow without bound when it is read, and no feed needs it.
    if "<!ENTITY" in feed:
        raise ReadError(Message("{name}: a feed that defines entities", name=name), hint="take the definitions out")
    # Writers of feeds use the entities of HTML, which XML does not know.
    plain = _ENTITY.sub(_as_character, _NOT_XML.sub("\ufffd", feed.lstrip("\ufeff \t\r\n")))
    try:
        root = ElementTree.fromstring(plain)  # noqa: S314 - it defines nothing, and libexpat reads no other file
    except ElementTree.ParseError as error:
        said = Message("{name}: a feed that is damaged: {error}", name=name, error=str(error))
        raise ReadError(said, hint="is it whole? fetch it again") from error
    return [_item(element) for element in root.iter() if _local(element) in _ITEMS]


def _as_character(entity: re.Match[str]) -> str:
    return entity[0] if entity[1] in _XML_ENTITIES else html.unescape(entity[0])


def _item(element: ElementTree.Element) -> Item:
    own: dict[str, ElementTree.Element] = {}
    for child in element:
        if _space(child) in _OWN:
            own.setdefault(_local(child), child)
    texts = (element.find(_CONTENT), own.get("content"), own.get("description"), own.get("summary"))
    text = next((said for found in texts if found is not None and (said := _said(found)).strip()), "")
    title = own.get("title")
    return Item("" if title is None else " ".join("".join(title.itertext()).split()), _address(element, own), text)


def _address(element: ElementTree.Element, own: dict[str, ElementTree.Element]) -> str:
    """Where the page is: what stands in a link, or what one of Atom's refers to."""
    for link in element:
        if _local(link) == "link" and _space(link) in _ATOM and link.get("rel", "alternate") == "alternate":
            return link.get("href", "").strip()
    return (own["link"].text or "").strip() if "link" in own else ""


def _said(element: ElementTree.Element) -> str:
    """What an element holds: text, or elements of HTML as they are written in a page."""
    if not len(element):
        return element.text or ""
    for inside in element.iter():
        inside.tag = _local(inside)
    return (element.text or "") + "".join(_written(element))


def _written(element: ElementTree.Element) -> Iterator[str]:
    for child in element:
        yield ElementTree.tostring(child, encoding="unicode", method="html")


def _local(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _space(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[0].removeprefix("{")
