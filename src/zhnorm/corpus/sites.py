"""Which site a document is of: what its address, or the folder it lies in, says."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

__all__ = ["site_of", "site_of_name"]

_SAME = ("www.", "m.", "wap.", "mobile.", "amp.", "3g.")
"""Under these names stands what stands without them."""
_AUTHORS = ("@", "~")
"""How the part of a path begins that names whose page it is."""
_ACCOUNT = "__biz"
"""What tells accounts of one host apart, WeChat's."""
_LONGEST = 200


def site_of(address: str) -> str:
    """The site of an address; of a name that is none, the name itself.

    A site is a host, since what a host prints on its pages is not what its neighbours print on theirs. Where many authors have one
    host, and the address names them, each is a site of their own.

    Args:
        address: a URL, or what somebody calls a site.

    >>> [site_of(url) for url in ("https://www.news.example/a/1.html", "http://m.news.example:80/b", "News.Example", "中央社")]
    ['news.example', 'news.example', 'news.example', '中央社']
    >>> site_of("https://write.example/@anna/5"), site_of("https://mp.weixin.qq.com/s?__biz=MzA3&mid=1")
    ('write.example/@anna', 'mp.weixin.qq.com/MzA3')
    """
    address = " ".join(address.split())[:4000]
    try:
        parts = urlsplit(address if "://" in address else f"//{address}")
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        # Half an address is still a name.
        return address.lower()[:_LONGEST]
    for same in _SAME:
        if host.startswith(same) and "." in host[len(same) :]:
            host = host[len(same) :]
            break
    first = parts.path.lstrip("/").partition("/")[0]
    if _ACCOUNT in parts.query and (account := parse_qs(parts.query).get(_ACCOUNT)):
        host += f"/{account[0]}"
    elif first.startswith(_AUTHORS):
        host += f"/{first}"
    return host[:_LONGEST]


def site_of_name(name: str) -> str:
    """The site of a file that lies in a folder: the first folder of its name.

    >>> site_of_name("news.example/2024/1.txt"), site_of_name("1.txt")
    ('news.example', '')
    """
    first, mark, _ = name.partition("/")
    return site_of(first) if mark else ""
