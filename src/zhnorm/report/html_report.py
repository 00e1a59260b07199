"""The HTML report: one file that needs nothing else, and in which scraped text stays text.

The text stands in a block of JSON, where neither `<` nor `&` occurs; the script makes text nodes of it and nothing else; and a content security
policy allows this style and this script by their digests, and nothing from anywhere.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhnorm.conversion.detect import detect
from zhnorm.counts import TEXT_NUMBERS
from zhnorm.line import Scored
from zhnorm.package_data import data_path
from zhnorm.reading.reasons import in_words
from zhnorm.stages import CHARACTER_STAGES, STAGES

from .commands import Origin, shell_word
from .diff import through
from .sites import sites_shown
from .story import because, weighty
from .terminal import visible

if TYPE_CHECKING:
    from zhnorm.line import Change, Line

    from .collection import Collection, Group, Hit, PageRecord
    from .diff import Piece
    from .help import HelpPage
    from .sites import Site

__all__ = ["render"]

_FOLDER = Path(data_path("report"))
_SCRIPTS = ("keeping.js", "sites.js", "page.js")  # one script in the page, in this order
_KINDS = {"same": 0, "new": 1, "gone": 2, "old": 3}
_POLICY = (
    "default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; base-uri 'none'; form-action 'none'"
)


def render(
    found: Collection,
    *,
    title: str,
    version: str,
    known: Mapping[str, HelpPage],
    origin: Origin | None = None,
    sites: Sequence[Site] = (),
) -> str:
    """The report as HTML.

    Args:
        found: what it is about.
        origin: where that comes from, for the commands to copy.
        title: what the page is called.
        version: of zhnorm.
        known: help pages of the rules.
        sites: of a corpus, what goes from the pages of each of its sites.

    >>> from zhnorm.report.collection import Collection
    >>> page = render(Collection(), title="scraped</title>", version="0.1.0", known={})
    >>> "<title>scraped\\\\u003c" in page or "<title>scraped&lt;/title&gt;</title>" in page
    True
    """
    style, script = _styles(), "".join((_FOLDER / name).read_text("utf-8") for name in _SCRIPTS)
    policy = _POLICY.format(style=_digest(style), script=_digest(script))
    page = (_FOLDER / "page.html").read_text("utf-8")
    shown = _Shown(found, known, origin or Origin(), sites)
    data = {"title": visible(title), "version": version, **shown.data()}
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
            f" .{stage.name}-side {{ border-left-color: var(--{stage.name}); }}"
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


_LANGUAGES = {"hans": "zh-Hans", "hant": "zh-Hant", "japanese": "ja", "other": ""}
"""Languages of scripts; what is in both scripts, or alike in them, is Chinese all the same. "" says that it is not known."""


def _language(text: str, script: str = "neutral") -> str:
    """The language of a text; where it does not tell, it is in the script of its document."""
    found = detect(text).script
    return _LANGUAGES.get(script if found == "neutral" else found, "zh")


class _Shown:
    """What the script shows, as plain data; every text in it is visible."""

    def __init__(
        self, found: Collection, known: Mapping[str, HelpPage], origin: Origin, sites: Sequence[Site] = ()
    ) -> None:
        self._found, self._known, self._origin, self._sites = found, known, origin, sites
        acts = found.counts.acts
        self._keys = sorted(acts, key=lambda key: (-acts[key], key))
        self._rules = {key: place for place, key in enumerate(self._keys)}
        self._pages = found.shown()
        self._page_of = {record.name: place for place, record in enumerate(self._pages)}
        self._names: dict[str, int] = {}

    def data(self) -> dict[str, Any]:
        """Everything."""
        found, origin = self._found, self._origin
        return {
            "stages": [stage.name for stage in STAGES if stage.style],
            "totals": {
                **{name: getattr(found, name) for name in ("documents", "changed", "failures", "heavy")},
                **{name: getattr(found.counts, name) for name in TEXT_NUMBERS},
                "letters": found.counts.loss.letters,
                "letters_removed": sum(found.counts.loss.removed.values()),
                "different": found.different_removals,
            },
            "shares": found.shares,
            "warnShare": found.warn_share,
            "scripts": sorted(found.scripts.items(), key=lambda item: -item[1]),
            "rules": [self._rule(stage, rule) for stage, rule in self._keys],
            "hits": [[self._hit(hit) for hit in found.hits(rule) if hit.change.stage == stage] for stage, rule in self._keys],
            "removals": [self._removal(group) for group in found.removals()],
            "files": [self._file(record) for record in found.files],
            "pages": [self._page(record) for record in self._pages],
            "sites": sites_shown(self._sites, self._place, _language),
            "names": [self._name(name) for name in self._names],
            "command": {
                "apply": origin.to_apply(),
                "target": origin.target(),
                "canApply": any(self._name(record.name)[1] is not None for record in found.files),
                "hasLedger": origin.ledger is not None,
                "isLone": origin.is_lone,
                "isPiped": origin.is_piped,
            },
        }  # fmt: skip

    def _place(self, name: str) -> int:
        return self._names.setdefault(name, len(self._names))

    def _name(self, name: str) -> list[Any]:
        """how it is shown, how it is written in a command (null if none can take its lines back), place among the pages or -1."""
        shown, word = visible(name), shell_word(name)
        parts = name.split(":")
        is_record = any(":".join(parts[:end]) in self._found.of_records for end in range(1, len(parts)))
        can_keep = self._origin.can_apply and not is_record
        return [shown, word if can_keep else None, self._page_of.get(name, -1)]

    def _rule(self, stage: str, rule: str) -> dict[str, Any]:
        page = self._known.get(rule)
        about = f"{page.about} {page.does}".strip() if page else ""
        return {
            "rule": visible(rule),
            "word": shell_word(rule),
            "stage": visible(stage),
            "about": visible(about),
            "off": visible(page.off) if page else "",
            "lines": self._found.counts.acts[stage, rule],
            "letters": self._found.counts.loss.removed.get(rule, 0),
            "rewrites": stage in CHARACTER_STAGES,
        }

    def _file(self, record: PageRecord) -> list[Any]:
        """name, lines, removed, rewritten, share of the letters that went, doubt, place among the pages or -1, reason if it failed,
        rule that took most letters."""
        numbers = [record.lines, record.removed, record.rewritten, round(record.loss.share, 4), record.doubt]
        page = self._page_of.get(record.name, -1)
        return [visible(record.name), *numbers, page, visible(record.reason), visible(record.loss.most_by)]

    def _hit(self, hit: Hit) -> dict[str, Any]:
        change = hit.change
        return {
            "rule": self._rules[change.stage, change.rule],
            "pieces": _pieces(change.before, change.after),
            "places": [[self._place(hit.name), change.line]],
            "lang": _language(change.before, hit.script),
        }

    def _removal(self, group: Group) -> dict[str, Any]:
        change, removal = group.removal.change, group.removal
        return {
            "rule": self._rules[change.stage, change.rule],
            "pieces": _pieces(change.before, change.after),
            "isPart": change.after is not None,
            "why": _looks(change),
            "quote": visible(removal.quote),
            "lang": _language(change.before, removal.script),
            "doubt": removal.doubt,
            "chance": round(removal.chance, 3),
            "chars": removal.chars,
            "times": group.times,
            "isExact": group.is_exact,
            "documents": group.documents,
            "places": [[self._place(name), line] for name, line in group.places],
        }

    def _page(self, record: PageRecord) -> dict[str, Any]:
        clean = "\n".join(line.text for line in record.page if line.text is not None)
        return {
            "name": self._place(record.name),
            "explain": self._origin.to_explain(record.name),
            "langs": [_LANGUAGES.get(record.script, "zh"), _language(clean, _script_after(record))],
            "lines": [self._line(line) for line in record.page],
            "more": record.lines - len(record.page),
        }

    def _line(self, line: Line) -> list[Any]:
        """number, whether it goes, pieces, [rule, why] for each change that matters, and what it was read as."""
        if line.text is None:
            pieces = _pieces(line.raw, None)
        else:
            texts = [line.raw, *(change.after for change in line.changes if change.after is not None)]
            pieces = _numbered(through(texts))
        notes = [[self._rules[change.stage, change.rule], _why(change)] for change in weighty(line)]
        return [line.number, int(line.text is None), pieces, notes, line.kind]


def _script_after(record: PageRecord) -> str:
    """The script that a document was converted to; its own if it was not."""
    converted = (change.rule for line in record.page for change in line.changes if change.stage == "script")
    name = next(converted, "").removeprefix("script/")
    return record.script if not name else "hans" if name == "hans" or "2s" in name else "hant"


def _pieces(before: str, after: str | None) -> list[list[Any]]:
    if after is None:
        return [[_KINDS["gone"], visible(before)]] if before else []
    return _numbered(through([before, after]))


def _numbered(pieces: Iterable[Piece]) -> list[list[Any]]:
    return [[_KINDS[kind], visible(text)] for kind, text in pieces]


def _looks(change: Change) -> str:
    """Why a line went, where its chance to be text stands beside it."""
    if isinstance(change.evidence, Scored):
        return visible(", ".join(map(in_words, change.evidence.features)))
    return _why(change)


def _why(change: Change) -> str:
    return "" if change.stage in CHARACTER_STAGES else visible(because(change.evidence))
