"""What directions are called elsewhere: OpenCC's configuration files, and the locales of BCP 47, MediaWiki and zhconv."""

from __future__ import annotations

__all__ = ["direction_named"]

_NAMES = {
    "zh-hans": "hans", "zh-cn": "hans", "zh-sg": "hans", "zh-my": "hans", "zh-hans-cn": "hans", "simplified": "hans",
    "zh-chs": "hans", "chs": "hans", "cn": "hans", "sc": "hans",
    "zh-hant": "hant", "traditional": "hant", "zh-cht": "hant", "cht": "hant", "tc": "hant",
    "zh-tw": "tw", "zh-hant-tw": "tw",
    "zh-hk": "hk", "zh-mo": "hk", "zh-hant-hk": "hk", "zh-hant-mo": "hk",
}  # fmt: skip


def direction_named(name: str) -> str:
    """The direction that a name means; the name itself if it is known nowhere else.

    >>> direction_named("zh_TW"), direction_named("s2twp.json"), direction_named("T2S"), direction_named("t3s")
    ('tw', 's2twp', 't2s', 't3s')
    """
    known = name.lower()
    return _NAMES.get(known.replace("_", "-"), known.removesuffix(".json"))
