"""The functions that most scripts need."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from .cleaner import Cleaner, Result
from .html.extraction import Extracted, extract
from .html.recognition import refuse_markup
from .reader import LineRead, read_lines

__all__ = ["clean", "clean_html", "explain", "extract_html", "read"]


@lru_cache(maxsize=16)
def _cleaner(overrides: tuple[tuple[str, Any], ...]) -> Cleaner:
    return Cleaner(**dict(overrides))


def clean(text: str, **settings: Any) -> str:
    """The text of one scraped page, clean.

    Args:
        text: the page; lines end in "\\n" or "\\r\\n".
        settings: by name, see `zhnorm.Settings`.

    Raises:
        SettingsError: a setting is unknown or out of range.
        ReadError: it is HTML or XML; see `clean_html`.

    >>> import zhnorm
    >>> zhnorm.clean("雨中的貓在屋簷下睡著了，一直睡到天黑。\\n分享到：微博\\n")
    '雨中的猫在屋檐下睡着了，一直睡到天黑。\\n'
    """
    return _cleaner(tuple(sorted(settings.items()))).clean(text)


def clean_html(html: str, *, url: str | None = None, **settings: Any) -> str:
    """The text of one page of HTML, clean, as Markdown. Needs trafilatura (`pip install 'zhnorm[html]'`).

    Args:
        html: the page, or a piece of one.
        url: where it stood: links in it become whole.
        settings: by name, see `zhnorm.Settings`.

    Raises:
        ReadError: trafilatura is missing, or there is no text in the page.
        SettingsError: a setting is unknown or out of range.

    >>> import zhnorm
    >>> zhnorm.clean_html("<h1>雨中的貓</h1><p>貓在屋簷下睡著了，一直睡到天黑。</p><p>分享到：微博</p>")
    '# 雨中的猫\\n\\n猫在屋檐下睡着了，一直睡到天黑。\\n'
    """
    return clean(extract(html, url=url).text, **settings)


def extract_html(html: str, *, url: str | None = None) -> Extracted:
    """The text of one page of HTML as Markdown, not cleaned, and its title. For those who want to `explain` or `read` it.

    Args:
        html: the page, or a piece of one.
        url: where it stood: links in it become whole.

    Raises:
        ReadError: trafilatura is missing, or there is no text in the page.

    >>> import zhnorm
    >>> page = "<html><title>雨中的貓</title><body><p>貓在<a href='/eaves'>屋簷</a>下睡著了，一直睡到天黑。</p></body></html>"
    >>> zhnorm.extract_html(page, url="https://rain.example/cat").text
    '# 雨中的貓\\n\\n貓在[屋簷](https://rain.example/eaves)下睡著了，一直睡到天黑。\\n'
    """
    return extract(html, url=url)


def explain(text: str, **settings: Any) -> Result:
    """The text, clean, with the story of every line: what happened to it, by which rule, on what evidence.

    >>> import zhnorm
    >>> result = zhnorm.explain("雨中的貓在屋簷下睡著了，一直睡到天黑。\\n分享到：微博\\n")
    >>> [(change.line, change.rule) for change in result.changes if change.after is None]
    [(2, 'web/share-label')]
    """
    return _cleaner(tuple(sorted(settings.items()))).explain(text)


def read(text: str) -> list[LineRead]:
    """What kind of line each line of a page is, how likely that is, and why. Nothing is removed.

    Args:
        text: the page; lines end in "\\n" or "\\r\\n".

    >>> import zhnorm
    >>> page = "第二天清晨，雨停了，猫也走了，屋檐下只剩下一片干的地方。\\n版权所有，未经许可不得转载。\\n"
    >>> [(line.number, line.kind) for line in zhnorm.read(page)]
    [(1, 'lead'), (2, 'legal')]
    """
    refuse_markup(text)
    return read_lines(text, _cleaner(()))
