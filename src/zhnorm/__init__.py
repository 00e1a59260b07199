"""zhnorm: clean text from scraped Chinese pages, with a ledger of every line that was touched.

    import zhnorm

    text = zhnorm.clean(scraped)              # the text; title=… if it is known
    texts = zhnorm.clean_many(pages)          # of many pages, sooner
    text = zhnorm.clean_html(page, url=url)   # of HTML: pip install 'zhnorm[html]'
    result = zhnorm.explain(scraped)          # text, lines, changes, counts
    lines = zhnorm.read(scraped)              # what kind of line each one is
    cleaner = zhnorm.Cleaner(to="keep")       # settings; reuse it for many documents

Importing zhnorm loads nothing but the standard library, and little of that: the names below are loaded when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._version import __version__

if TYPE_CHECKING:
    from .api import clean, clean_html, clean_many, explain, extract_html, read
    from .cleaner import Cleaner
    from .conversion.convert import Converter, convert
    from .conversion.detect import detect
    from .errors import NotTextError, ZhnormError
    from .limits import Limits
    from .line import Block, Change, Line
    from .reader import LineRead
    from .result import Result
    from .settings import Settings
    from .windows import Incremental

__all__ = [
    "Block",
    "Change",
    "Cleaner",
    "Converter",
    "Incremental",
    "Limits",
    "Line",
    "LineRead",
    "NotTextError",
    "Result",
    "Settings",
    "ZhnormError",
    "__version__",
    "clean",
    "clean_html",
    "clean_many",
    "convert",
    "detect",
    "explain",
    "extract_html",
    "read",
]

_HOMES = {
    "clean": "api",
    "clean_html": "api",
    "clean_many": "api",
    "explain": "api",
    "extract_html": "api",
    "read": "api",
    "Cleaner": "cleaner",
    "Incremental": "windows",
    "NotTextError": "errors",
    "ZhnormError": "errors",
    "Limits": "limits",
    "Block": "line",
    "Change": "line",
    "Line": "line",
    "LineRead": "reader",
    "Result": "result",
    "Settings": "settings",
    "Converter": "conversion.convert",
    "convert": "conversion.convert",
    "detect": "conversion.detect",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'zhnorm' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{home}", __name__), name)


def __dir__() -> list[str]:
    return sorted(__all__)
