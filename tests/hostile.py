"""Strings that try to be more than text: markup, terminal sequences, bidirectional tricks, broken bytes."""

from __future__ import annotations

from random import Random

PIECES = [
    "<script>hacked=1</script>", "</script><script>hacked=1</script>", "</SCRIPT ><img src=x onerror=hacked=1>", "<!--<script>", "-->",
    "<img src=x onerror=hacked=1>", "<svg/onload=hacked=1>", "<iframe srcdoc='<script>parent.hacked=1</script>'>", "</style><b>", "]]>",
    "<meta http-equiv=refresh content=0;url=//example.com>", "<base href=//example.com/>", "<form action=//example.com><input name=x>",
    "javascript:hacked=1", "\" onmouseover=\"hacked=1", "' autofocus onfocus='hacked=1", "${hacked=1}", "`+(hacked=1)+`", "{{script}}", "{{data}}",
    "&lt;script&gt;", "&#x3c;b&#x3e;", "\\u003cb\\u003e", "__proto__", "constructor", "\"}],\"removals\":[{", "[/b][red]", "\x1b[2J\x1b]0;x\x07",
    "\x9b31m", "\u202e\u2066", "\u2028\u2029", "\u200b\u200d\ufeff", "\x00\x08\x7f", "\udcff\udc80", "\ud800", "\ufffe", "\U000e0041", "\r", "\t",
    "雨中的貓", "網絡", "分享到：", "\\", "\"", "'", "`", "<", ">", "&", "%00", "=", "🐈\u200d⬛",
]  # fmt: skip


def hostile(times: int, seed: int = 1) -> list[str]:
    """So many strings, each of one to four pieces: always the same ones."""
    chance = Random(seed)
    return ["".join(chance.choices(PIECES, k=chance.randint(1, 4))) for _ in range(times)]
