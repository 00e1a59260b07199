"""The items of feeds, as their writers write them."""

from __future__ import annotations

import pytest

import zhnorm
from zhnorm.errors import ReadError
from zhnorm.html.feed import Item, items_of
from zhnorm.html.recognition import markup_of

ATOM = """<?xml version="1.0" encoding="gbk"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/">
<title>屋簷日報</title><link href="https://rain.example/"/>
<entry><media:title>一張圖</media:title><title>雨中的
 貓</title><link rel="enclosure" href="https://rain.example/1.png"/><link href=" https://rain.example/1 "/>
<media:content url="https://rain.example/1.png"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>貓走了。<br/>雨停了。</p></div></content></entry>
<entry><title type="html">雨停了</title><link rel="self" href="https://rain.example/api/2"/><summary type="html">&lt;p&gt;第二天&amp;nbsp;清晨&lt;/p&gt;</summary></entry>
</feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel><title>屋簷日報</title></channel>
<item><title>雨&nbsp;停了</title><link>https://rain.example/3</link><description>貓走了&hellip;</description></item>
<item/></rdf:RDF>"""
NEWS = """\ufeff
<!-- made by hand --><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:m="urn:m"><channel>
<item><title><![CDATA[A & B]]></title><m:description>other</m:description><description>短</description><content:encoded> </content:encoded></item>
<item><content:encoded><![CDATA[<p>全文&nbsp;&lt;</p>]]></content:encoded><description>短\x01</description></item></channel></rss>"""


@pytest.mark.parametrize(
    ("feed", "items"),
    [
        (
            ATOM,
            [
                Item("雨中的 貓", "https://rain.example/1", "<div><p>貓走了。<br>雨停了。</p></div>"),
                Item("雨停了", "", "<p>第二天&nbsp;清晨</p>"),
            ],
        ),
        (RDF, [Item("雨 停了", "https://rain.example/3", "貓走了…"), Item("", "", "")]),
        (NEWS, [Item("A & B", "", "短"), Item("", "", "<p>全文\xa0&lt;</p>")]),
    ],
)
def test_items(feed: str, items: list[Item]) -> None:
    assert markup_of(feed) == "feed"
    assert items_of(feed, "feed.xml") == items


@pytest.mark.parametrize(
    ("feed", "said"),
    [
        ("雨停了。", "feed.xml: no feed"),
        ("<html><body><p>雨停了。</p></body></html>", "feed.xml: no feed"),
        (NEWS[:-20], "feed.xml: a feed that is damaged: unclosed token"),
        (RDF.replace("&nbsp;", "&nonsense;"), "feed.xml: a feed that is damaged: undefined entity"),
        ('<!DOCTYPE rss [<!ENTITY a "b">]>' + RDF, "feed.xml: no feed"),
        (
            RDF.replace("<channel>", '<!DOCTYPE x [<!ENTITY a "&a;">]><channel>'),
            "feed.xml: a feed that defines entities",
        ),
    ],
)
def test_what_is_no_feed(feed: str, said: str) -> None:
    with pytest.raises(ReadError) as caught:
        items_of(feed, "feed.xml")
    assert caught.value.message.startswith(said)


def test_a_feed_is_no_text_and_no_page() -> None:
    for clean in (zhnorm.clean, zhnorm.clean_html, zhnorm.extract_html):
        with pytest.raises(ReadError, match="a feed") as caught:
            clean(NEWS)
        # To a program no command is recommended.
        assert "feedparser" in (caught.value.hint or "")
