"""zhnorm inside other libraries, each against the real one. What is not installed is skipped, and those that are large or slow are
`heavy`."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

TITLE = "渡船改道以后的第一个集市"
PAGE = (
    f"{TITLE}\n老陶把磨好的豆腐摆上船头，等雾散了才解缆，船走得比往年慢。\n{TITLE}\n"
    "對岸的孩子們在石階上數船，數到第三條就跑回家去叫大人。\n分享到：微博 微信\n"
)
OTHER = "網絡安全\n"
TEXTS = [PAGE, None, OTHER, "", PAGE, "分享到：微博"]
"""A page, nothing, a line, an empty text, a page whose title is unknown, and one of which nothing is left."""
TITLES = [TITLE, "無文", None, None, None, "分享"]
HTML = "<html><body><p>老陶把磨好的豆腐摆上船头。</p></body></html>"


def needs(package: str, extra: str = "") -> pytest.MarkDecorator:
    """Skip where a package is not installed."""
    reason = f"{package} is not installed: pip install 'zhnorm[{extra or package}]'"
    return pytest.mark.skipif(find_spec(package) is None, reason=reason)


def wanted(texts: list[str | None], titles: list[str | None] | None = None, **settings: object) -> list[str | None]:
    """What `zhnorm.clean` gives for each text."""
    import zhnorm

    known = titles or [None] * len(texts)
    return [
        None if text is None else zhnorm.clean(text, title, **settings)
        for text, title in zip(texts, known, strict=True)
    ]
