"""The functions that most scripts need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from .cleaner import Cleaner
from .html.extraction import Extracted, extract
from .html.recognition import refuse_markup
from .limits import USUAL_LIMITS, Limits
from .reader import LineRead, read_lines
from .result import Result
from .rules.model import Pack
from .settings import Settings

__all__ = ["clean", "clean_html", "clean_many", "cleaner_for", "explain", "extract_html", "read"]

_USUAL = Settings()


@lru_cache(maxsize=16)
def _cleaner(settings: Settings = _USUAL, own_packs: tuple[Pack, ...] = (), limits: Limits = USUAL_LIMITS) -> Cleaner:
    return Cleaner(settings, own_packs=own_packs, limits=limits)


def cleaner_for(own_packs: Sequence[Pack] = (), limits: Limits = USUAL_LIMITS, **settings: Any) -> Cleaner:
    """A cleaner with these settings, for whoever takes settings by their names; one that was made lately is used again."""
    return _cleaner(Settings.of(**settings) if settings else _USUAL, tuple(own_packs), limits)


def clean(
    text: str,
    title: str | None = None,
    *,
    own_packs: Sequence[Pack] = (),
    limits: Limits = USUAL_LIMITS,
    **settings: Any,
) -> str:
    """The text of one scraped page, clean.

    Args:
        text: the page; lines end in "\\n" or "\\r\\n".
        title: of the page, which is then not guessed; None if it is not known.
        own_packs: see `zhnorm.Cleaner`.
        limits: likewise.
        settings: by name, see `zhnorm.Settings`.

    Raises:
        NotTextError: the text is none: None, bytes. It is a `TypeError` as well as a `ZhnormError`.
        LimitError: it takes more than it may.
        SettingsError: a setting is unknown or out of range.
        RulesError: a pack is broken, or is called like another one.
        ReadError: it is HTML; see `clean_html`.
        AuditError: a bug; nothing is given out.

    >>> import zhnorm
    >>> zhnorm.clean("雨中的貓在屋簷下睡著了，一直睡到天黑。\\n分享到：微博\\n")
    '雨中的猫在屋檐下睡着了，一直睡到天黑。\\n'
    """
    return cleaner_for(own_packs, limits, **settings).clean(text, title)


def clean_many(
    texts: Iterable[str],
    titles: Iterable[str | None] | None = None,
    *,
    own_packs: Sequence[Pack] = (),
    limits: Limits = USUAL_LIMITS,
    **settings: Any,
) -> Iterator[str]:
    """The texts of many pages, clean, in their order: each as `clean` gives it, and small ones much faster.

    Args:
        texts: the pages, a list or anything else that gives one after the other.
        titles: of the pages, one for each, None for those that are not known.
        own_packs: see `zhnorm.Cleaner`.
        limits: likewise.
        settings: by name, see `zhnorm.Settings`.

    Raises:
        SettingsError: a setting is unknown or out of range.
        NotTextError: one text was given instead of many, or one of them is none; the message says which.
        UsageError: there are more texts than titles, or more titles than texts.
        RulesError: a pack is broken, or is called like another one.
        ReadError, LimitError, AuditError: see `Cleaner.clean_many`.

    >>> import zhnorm
    >>> list(zhnorm.clean_many(["網絡", "安全"], titles=[None, "安全"]))
    ['网络', '安全']
    """
    return cleaner_for(own_packs, limits, **settings).clean_many(texts, titles=titles)


def clean_html(html: str, *, url: str | None = None, limits: Limits = USUAL_LIMITS, **settings: Any) -> str:
    """The text of one page of HTML, clean, as Markdown. Needs trafilatura (`pip install 'zhnorm[html]'`).

    Args:
        html: the page, or a piece of one.
        url: where it stood: links in it become whole.
        limits: what it may cost, of taking the text out, and of cleaning.
        settings: by name, see `zhnorm.Settings`.

    Raises:
        NotTextError: the page is no text: None, bytes.
        ReadError: trafilatura is missing, or there is no text in the page.
        SettingsError: a setting is unknown or out of range.
        LimitError: the page takes longer than it may.

    >>> import zhnorm
    >>> zhnorm.clean_html("<h1>雨中的貓</h1><p>貓在屋簷下睡著了，一直睡到天黑。</p><p>分享到：微博</p>")
    '# 雨中的猫\\n\\n猫在屋檐下睡着了，一直睡到天黑。\\n'
    """
    return clean(extract(html, url=url, limits=limits).text, limits=limits, **settings)


def extract_html(html: str, *, url: str | None = None) -> Extracted:
    """The text of one page of HTML as Markdown, not cleaned, and its title. For those who want to `explain` or `read` it.

    Args:
        html: the page, or a piece of one.
        url: where it stood: links in it become whole.

    Raises:
        NotTextError: the page is no text: None, bytes.
        ReadError: trafilatura is missing, or there is no text in the page.

    >>> import zhnorm
    >>> page = "<html><title>雨中的貓</title><body><p>貓在<a href='/eaves'>屋簷</a>下睡著了，一直睡到天黑。</p></body></html>"
    >>> zhnorm.extract_html(page, url="https://rain.example/cat").text
    '# 雨中的貓\\n\\n貓在[屋簷](https://rain.example/eaves)下睡著了，一直睡到天黑。\\n'
    """
    return extract(html, url=url)


def explain(
    text: str,
    title: str | None = None,
    *,
    own_packs: Sequence[Pack] = (),
    limits: Limits = USUAL_LIMITS,
    **settings: Any,
) -> Result:
    """The text, clean, with the story of every line: what happened to it, by which rule, on what evidence.

    Arguments and errors are those of `clean`.

    >>> import zhnorm
    >>> result = zhnorm.explain("雨中的貓在屋簷下睡著了，一直睡到天黑。\\n分享到：微博\\n")
    >>> [(change.line, change.rule) for change in result.changes if change.after is None]
    [(2, 'web/share-label')]
    """
    return cleaner_for(own_packs, limits, **settings).explain(text, title)


def read(text: str) -> list[LineRead]:
    """What kind of line each line of a page is, how likely that is, and why. Nothing is removed.

    Args:
        text: the page; lines end in "\\n" or "\\r\\n".

    Raises:
        NotTextError: the text is none: None, bytes.
        ReadError: it is HTML; see `clean_html`.
        LimitError: it takes more than it may.

    >>> import zhnorm
    >>> page = "雨夜里的猫\\n第二天清晨，雨停了，猫也走了，屋檐下只剩下一片干的地方。\\n版权所有，未经许可不得转载。\\n"
    >>> [(line.number, line.kind) for line in zhnorm.read(page)]
    [(1, 'title'), (2, 'prose'), (3, 'legal')]
    """
    refuse_markup(text)
    return read_lines(text, _cleaner())
