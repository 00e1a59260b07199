"""Explained: every rule that a ledger can name has a help page, and what the page shows is true."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from tests.test_cases import FILES, read
from zhnorm import Cleaner
from zhnorm.conversion.fold import key
from zhnorm.reading.kinds import KINDS
from zhnorm.report.help import HelpPage, help_pages, nearest_rules
from zhnorm.settings import Target
from zhnorm.text.tidy import PUNCTUATION_TIDIER, TIDIERS, quote_tidier

ROOT = Path(__file__).resolve().parents[1]
PAGES = help_pages()
OF_STAGES = [page for page in PAGES.values() if page.written is None]
OF_ONE_PAGE = [page for page in OF_STAGES if page.stage != "corpus"]
"""The others go by other documents as well (tests/unit/test_corpus_rules.py)."""
CASES = [ROOT / "examples" / "article.txt", *FILES]


@pytest.mark.parametrize("page", OF_ONE_PAGE, ids=lambda page: page.rule)
@pytest.mark.parametrize("acts", [True, False])
def test_examples_of_stages_are_true(page: HelpPage, acts: bool) -> None:
    """(The examples of packs are proved when a pack is loaded.)"""
    for example in page.removes if acts else page.keeps:
        result = Cleaner(**page.settings).explain("".join(f"{line.text}\n" for line in example))
        for line, wanted in zip(result.lines, example, strict=True):
            if wanted.mark == "~":
                assert line.text == wanted.becomes, line
            else:
                assert (line.text is None) == (wanted.mark == "-"), line
                assert line.text is None or key(line.text) == key(wanted.text), line
        assert acts == any(change.rule == page.rule for change in result.changes)


def test_every_rule_that_the_sources_name_has_a_page() -> None:
    names = {f"script/{to}" for to in get_args(Target) if to != "keep"}
    names |= {f"reading/{kind}" for kind in KINDS}
    names |= {tidier.name for tidier in (*TIDIERS, PUNCTUATION_TIDIER, quote_tidier("curly"), quote_tidier("corner"))}
    for path in (path for folder in ("stages", "corpus") for path in (ROOT / "src" / "zhnorm" / folder).glob("*.py")):
        names |= set(
            re.findall(r'"((?:corpus|reading|titles|duplicates|edges|markup|blanks)/[a-z-]+)"', path.read_text("utf-8"))
        )
    assert len(names) > 40
    assert names == {page.rule for page in OF_STAGES}


def test_every_rule_that_acts_on_a_case_has_a_page() -> None:
    seen: dict[str, str] = {}
    for path in CASES:
        case = read(path) if path.parent.name != "examples" else None
        text = "".join(f"{line}\n" for line in case.lines) if case else path.read_text("utf-8")
        for profile in ("article", "page", "gentle"):
            wish = {"profile": profile} | (case.settings if case else {})
            seen |= {change.rule: change.stage for change in Cleaner(**wish).explain(text).changes}
    assert len(seen) > 25
    assert {rule: PAGES[rule].stage for rule in seen if seen[rule] != "edges"} == {
        rule: stage for rule, stage in seen.items() if stage != "edges"
    }
    # A list below an editor's name goes with it, at the edges, by the rule that dropped the name.
    assert {PAGES[rule].stage for rule, stage in seen.items() if stage == "edges"} <= {"edges", "boilerplate"}


def test_pages_of_packs_show_what_goes_of_a_line() -> None:
    trims = [page for page in PAGES.values() if page.written and page.written.is_trim]
    assert trims
    for page in trims:
        for (line,) in page.removes:
            assert line.mark == "~"
            # What stands before the mark and what stands behind it, with nothing between them.
            pairs = enumerate(zip(line.text, line.becomes, strict=False))
            size = next((i for i, pair in pairs if pair[0] != pair[1]), len(line.becomes))
            assert line.text.endswith(line.becomes[size:])
            assert len(line.becomes) < len(line.text)
            assert "⟦" not in line.text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("share-bar", "web/share-bar"), ("web/shar-bar", "web/share-bar"), ("duplicate/equal", "duplicates/equal")],
)
def test_the_nearest_rule_is_suggested(typed: str, meant: str) -> None:
    assert nearest_rules(typed, PAGES)[0] == meant


def test_every_option_of_clean_and_corpus_stands_under_a_heading() -> None:
    import click

    from zhnorm.cli.commands import zhnorm
    from zhnorm.cli.help_layout import SECTIONS

    clean, corpus = (zhnorm.get_command(click.Context(zhnorm), name) for name in ("clean", "corpus"))
    assert clean is not None
    assert isinstance(corpus, click.Group)
    commands = [clean, *(corpus.commands[name] for name in ("learn", "clean", "run"))]
    listed = [name for names in SECTIONS.values() for name in names]
    assert len(listed) == len(set(listed))
    options = [option.name for command in commands for option in command.params if isinstance(option, click.Option)]
    assert set(options) == set(listed)
    shown = "".join(command.get_help(click.Context(command)) for command in commands)
    assert all(f"{heading}:" in shown for heading in SECTIONS)
