"""`zhnorm eval`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zhnorm.errors import ExitCode, UsageError
from zhnorm.messages import Message
from zhnorm.report.terminal import visible
from zhnorm.settings import Settings

from .common_options import PATH, config_option, rules_option
from .config import find_config, read_config
from .help_layout import Sectioned
from .options import given, make_cleaner, settings_options
from .streams import StandardOutput, read_text

if TYPE_CHECKING:
    from zhnorm.evaluate import Difference, LabelledPage, PageScore, Totals

__all__ = ["eval"]

_TEXT_CHARS = 60


@click.command(
    cls=Sectioned,
    options_metavar="[OPTIONS]",
    short_help="Measure a cleaner on labelled pages.",
    help="""Measure a cleaner on labelled pages, or compare two.

    \b
    Examples:
      zhnorm eval pages/                              pages/NAME.txt with pages/NAME.gold.txt
      zhnorm eval scraped/ --gold articles/           the same names in two folders
      zhnorm eval pages/ --profile page --json
      zhnorm eval pages/ --before old.toml --after new.toml

    The gold is the text that should be left of a page. Shown are precision, recall
    and F1 of 4-grams, the pages that come off worst, and for each rule how often
    it took something away, and how often the gold has what it took.

    With --before and --after, which are configuration files, it shows which lines
    the second removes and the first does not, and the other way round. The exit
    code is 1 if any of the lines newly removed is in the gold (without gold: if
    any line is newly removed), so that it can guard a change of rules.
    """,
)
@click.argument("folder", type=PATH)
@click.option("--gold", type=PATH, metavar="FOLDER", help="Gold under the names of the pages; default: NAME.gold.txt.")
@click.option("--before", type=PATH, metavar="FILE", help="Compare: settings of the first cleaner (a configuration).")
@click.option("--after", type=PATH, metavar="FILE", help="Compare: settings of the second cleaner.")
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
@click.option(
    "--worst",
    type=click.IntRange(0),
    default=5,
    metavar="NUMBER",
    help="Pages and lines shown of each kind.  [default: 5]",
)
@rules_option
@config_option
@settings_options
def eval(**options: Any) -> int:  # noqa: A001 - the name of the command
    from zhnorm.evaluate import find_pages

    compare = options["before"] is not None or options["after"] is not None
    pages = find_pages(Path(options["folder"]), options["gold"] and Path(options["gold"]), labelled=not compare)
    if compare:
        return _compare(options, pages)
    config = find_config(options)
    settings = Settings.of(**{**config.settings, **given(options)})
    return _measure(options, pages, settings, [*config.rules, *options["rules"]])


def _measure(options: dict[str, Any], pages: Sequence[LabelledPage], settings: Settings, rules: Sequence[str]) -> int:
    from zhnorm.evaluate import score_page, totals

    cleaner = make_cleaner(settings, rules)
    scores = []
    for page in pages:
        text = read_text(str(page.path))
        scores.append(score_page(page.name, text, cleaner.explain(text), read_text(str(page.gold))))
    found = totals(scores)
    if options["as_json"]:
        record = {**asdict(found), "rules": {name: _rule_record(rule) for name, rule in found.rules.items()}}
        record["by_page"] = [_page_record(score) for score in scores]
        _write_json(record)
    else:
        StandardOutput().write_text("".join(line + "\n" for line in _report(found, scores, options["worst"])))
    return ExitCode.DONE


def _report(found: Totals, scores: Sequence[PageScore], worst: int) -> Iterator[str]:
    yield f"{_count(found.pages, 'page')}: F1 {found.f1:.4f}, precision {found.precision:.4f}, recall {found.recall:.4f}"
    yield f"kept {found.kept:.4f} of the gold that was there, {found.noise:.4f} of the rest is left"
    yield f"{found.lost:,} lost more than a tenth of their gold"
    bad = sorted((s for s in scores if s.precision + s.recall < 2), key=lambda s: s.precision + s.recall)[:worst]
    if bad:
        yield ""
        yield "precision  recall  worst pages"
        for score in bad:
            yield f"{score.precision:9.4f}  {score.recall:6.4f}  {visible(score.name)}"
    if found.rules:
        width = max(len(visible(name)) for name in found.rules)
        yield ""
        yield f"{'rule':<{width}}  took  right  wrong"
        for name, rule in found.rules.items():
            yield f"{visible(name):<{width}}  {rule.fired:4,}  {rule.right:5,}  {len(rule.wrong):5,}"
            for wrong in rule.wrong[:worst]:
                yield f"    {visible(wrong.page)}:{wrong.line}  {_shorten(wrong.text)}"


def _compare(options: dict[str, Any], pages: Sequence[LabelledPage]) -> int:
    from zhnorm.evaluate import differences

    for name, other in (("before", "after"), ("after", "before")):
        if options[name] is None:
            raise UsageError(
                Message("--{other} needs --{name}", other=other, name=name),
                hint="each names a configuration file (zhnorm.toml)",
            )
    if given(options) or options["rules"] or options["config"]:
        raise UsageError(
            "--before and --after hold all settings", hint="put the other options into these files: [clean] in TOML"
        )
    configs = [read_config(options[name]) for name in ("before", "after")]
    before, after = (make_cleaner(Settings.of(**config.settings), config.rules) for config in configs)
    found: list[Difference] = []
    for page in pages:
        text = read_text(str(page.path))
        gold = read_text(str(page.gold)) if page.gold else None
        found += differences(page.name, before.explain(text), after.explain(text), gold)
    if options["as_json"]:
        _write_json({"pages": len(pages), "differences": [item._asdict() for item in found]})
    else:
        StandardOutput().write_text("".join(line + "\n" for line in _differences(found, len(pages), options["worst"])))
    # Without gold nobody has said that a line may go.
    harmed = any(item.removed and item.wanted is not False for item in found)
    return ExitCode.WOULD_CHANGE if harmed else ExitCode.DONE


def _differences(found: Sequence[Difference], pages: int, most: int) -> Iterator[str]:
    more = [item for item in found if item.removed]
    less = [item for item in found if not item.removed]
    lost = sum(item.wanted is True for item in more)
    yield f"{_count(pages, 'page')}: {_count(len(more), 'line')} removed more ({lost:,} of them in the gold), {len(less):,} fewer"
    for title, items in (("removed more", more), ("removed no more", less)):
        for rule in sorted({item.rule for item in items}):
            mine = [item for item in items if item.rule == rule]
            yield ""
            yield f"{title}: {visible(rule)}, {len(mine):,}"
            # What must not go is always named; of the rest a few are enough.
            bad = [item for item in mine if item.removed and item.wanted]
            rest = [item for item in mine if not (item.removed and item.wanted)]
            for mark, item in (*(("!", item) for item in bad), *((" ", item) for item in rest[:most])):
                yield f"  {mark} {visible(item.page)}:{item.line}  {_shorten(item.text)}"
            if len(rest) > most:
                yield f"    {len(rest) - most:,} more"


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _shorten(text: str) -> str:
    short = text.strip()
    return visible(short if len(short) <= _TEXT_CHARS else short[:_TEXT_CHARS] + "…")


def _rule_record(rule: Any) -> dict[str, Any]:
    return {"took": rule.fired, "right": rule.right, "wrong": [wrong._asdict() for wrong in rule.wrong]}


def _page_record(score: PageScore) -> dict[str, Any]:
    return {"page": score.name, "precision": score.precision, "recall": score.recall, "kept": score.kept}


def _write_json(record: dict[str, Any]) -> None:
    from zhnorm.report.terminal import escape

    StandardOutput().write_text(escape(json.dumps(record, ensure_ascii=False, indent=1)) + "\n")
