"""The HTML report: one file that needs nothing else, and in which scraped text stays text.

The text stands in a block of JSON, where neither `<` nor `&` occurs; the script makes text nodes of it and nothing else; and a content security
policy allows this style and this script by their digests, and nothing from anywhere.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhnorm.counts import TEXT_NUMBERS
from zhnorm.stages import CHARACTER_STAGES, STAGES

from .marks import through
from .story import weighty
from .terminal_text import visible
from .words import because

if TYPE_CHECKING:
    from zhnorm.line import Change, Line

    from .collection import Collection
    from .help import HelpPage
    from .recorder import Hit, PageRecord

__all__ = ["render"]

_FOLDER = Path(__file__).resolve().parent.parent / "data" / "report"
_KINDS = {"same": 0, "new": 1, "gone": 2, "old": 3}
_POLICY = (
    "default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; base-uri 'none'; form-action 'none'"
)


def render(found: Collection, *, title: str, version: str, known: Mapping[str, HelpPage]) -> str:
    """The report as HTML.

    Args:
        found: what it is about.
        title: what the page is called.
        version: of zhnorm.
        known: help pages of the rules.

    >>> from zhnorm.report.collection import Collection
    >>> page = render(Collection(), title="scraped</title>", version="0.1.0", known={})
    >>> "<title>scraped\\\\u003c" in page or "<title>scraped&lt;/title&gt;</title>" in page
    True
    """
    style, script = _styles(), (_FOLDER / "page.js").read_text("utf-8")
    policy = _POLICY.format(style=_digest(style), script=_digest(script))
    page = (_FOLDER / "page.html").read_text("utf-8")
    data = _data(found, title=visible(title), version=version, known=known)
    filled = {
        "policy": policy,
        "title": _escaped(visible(title)),
        "style": style,
        "script": script,
        "data": _json(data),
    }
    before, *rest = page.split("{{")
    parts = [before]
    for part in rest:
        name, _, after = part.partition("}}")
        parts += [filled[name], after]
    return "".join(parts)


def _styles() -> str:
    """The style sheet with the colours of the stages."""
    style = (_FOLDER / "page.css").read_text("utf-8")
    shown = [stage for stage in STAGES if stage.style]
    colours = {
        "light": " ".join(f"--{stage.name}: {stage.light};" for stage in shown),
        "dark": " ".join(f"--{stage.name}: {stage.dark};" for stage in shown),
        "classes": "\n".join(
            f".{stage.name} {{ color: var(--{stage.name}); }} .bar.{stage.name} {{ background: var(--{stage.name}); }}"
            for stage in shown
        ),
    }
    for name, text in colours.items():
        style = style.replace(f"/* stages, {name} */", text)
    return style


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _escaped(text: str) -> str:
    import html

    return html.escape(text)


def _json(data: object) -> str:
    """JSON that can stand in a script element: without what could end it, or begin another one."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def _data(found: Collection, *, title: str, version: str, known: Mapping[str, HelpPage]) -> dict[str, Any]:
    """What the script shows; everything in it is visible."""
    pages = found.shown()
    places = {id(record): place for place, record in enumerate(pages)}
    acts = found.counts.acts
    keys = sorted(acts, key=lambda key: (-acts[key], key))
    rules = {key: place for place, key in enumerate(keys)}
    return {
        "title": title,
        "stages": [stage.name for stage in STAGES if stage.style],
        "version": version,
        "totals": {
            **{name: getattr(found, name) for name in ("documents", "changed", "failures", "heavy")},
            **{name: getattr(found.counts, name) for name in TEXT_NUMBERS},
        },
        "shares": found.shares,
        "warnShare": found.warn_share,
        "scripts": sorted(found.scripts.items(), key=lambda item: -item[1]),
        "rules": [_rule(stage, rule, found, known.get(rule)) for stage, rule in keys],
        "hits": [[_hit(hit, rules) for hit in found.hits(rule) if hit.change.stage == stage] for stage, rule in keys],
        "removals": [_hit(hit, rules) for hit in found.removals()],
        "files": [_file(record, places.get(id(record), -1)) for record in found.files],
        "pages": [_page(record, rules) for record in pages],
    }


def _rule(stage: str, rule: str, found: Collection, page: HelpPage | None) -> dict[str, Any]:
    about = f"{page.about} {page.does}".strip() if page else ""
    return {
        "rule": visible(rule),
        "stage": visible(stage),
        "about": visible(about),
        "off": visible(page.off) if page else "",
        "lines": found.counts.acts[stage, rule],
    }


def _file(record: PageRecord, page: int) -> list[Any]:
    """name, lines, removed, rewritten, chars, share of the letters that went, risk, place among the pages or -1, reason if
    it failed, rule that took most letters."""
    share = round(record.loss.share, 4)
    numbers = [record.lines, record.removed, record.rewritten, record.chars, share, record.risk, page]
    return [visible(record.name), *numbers, visible(record.reason), visible(record.loss.most_by)]


def _hit(hit: Hit, rules: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    change = hit.change
    return {
        "name": visible(hit.name),
        "line": change.line,
        "rule": rules[change.stage, change.rule],
        "risk": hit.risk,
        "pieces": _pieces(change.before, change.after),
        "gone": change.after is None,
        "why": _why(change),
        "quote": visible(hit.quote),
    }


def _page(record: PageRecord, rules: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    return {
        "name": visible(record.name),
        "lines": [_line(line, rules) for line in record.page],
        "more": record.lines - len(record.page),
    }


def _line(line: Line, rules: Mapping[tuple[str, str], int]) -> list[Any]:
    """number, whether it goes, pieces, [rule, why] for each change that matters, and what it was read as."""
    if line.text is None:
        pieces = _pieces(line.raw, None)
    else:
        texts = [line.raw, *(change.after for change in line.changes if change.after is not None)]
        pieces = [[_KINDS[kind], visible(text)] for kind, text in through(texts)]
    notes = [[rules[change.stage, change.rule], _why(change)] for change in weighty(line)]
    return [line.number, int(line.text is None), pieces, notes, line.kind]


def _pieces(before: str, after: str | None) -> list[list[Any]]:
    if after is None:
        return [[_KINDS["gone"], visible(before)]] if before else []
    return [[_KINDS[kind], visible(text)] for kind, text in through([before, after])]


def _why(change: Change) -> str:
    return "" if change.stage in CHARACTER_STAGES else visible(because(change.evidence))
