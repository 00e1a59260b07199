"""The stages are told of in one place: whoever runs them, colours them or explains them agrees with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.color import Color

from zhnorm import Cleaner
from zhnorm.report.collection import Collection
from zhnorm.report.help import help_pages
from zhnorm.report.html_report import render
from zhnorm.report.screen import STAGE_STYLES
from zhnorm.stages import CHARACTER_STAGES, STAGES, About
from zhnorm.stages.stage import Memory

NAMES = [stage.name for stage in STAGES]
FOLDER = Path(__file__).resolve().parents[2] / "src" / "zhnorm" / "stages"


def test_the_cleaner_runs_the_stages_in_their_order() -> None:
    cleaner = Cleaner()
    run = [stage.name for stage in (*cleaner._characters, *cleaner._stages)]
    # That of a corpus runs where there is one (tests/unit/test_corpus_rules.py).
    assert [*run, "blanks"] == [name for name in NAMES if name != "corpus"]


def test_every_stage_has_its_file_and_every_file_is_a_stage_or_named_after_what_it_belongs_to() -> None:
    files = {path.stem for path in FOLDER.glob("*.py")} - {"__init__"}
    of_stages = {"tidy": "characters", "script": "characters", "rewritten": "characters"}
    homes = {of_stages.get(name, name) for name in NAMES if name != "corpus"}
    assert homes <= files
    for name in files - homes:
        assert name in ("rounds", "stage") or name.partition("_")[0] in {*homes, "shared"}, name


def test_help_pages_stand_in_the_order_of_the_stages() -> None:
    stages = [page.stage for page in help_pages().values() if page.written is None]
    assert stages == sorted(stages, key=NAMES.index)
    assert {page.stage for page in help_pages().values()} <= set(STAGE_STYLES)


def test_every_stage_that_ledgers_name_has_its_colours() -> None:
    page = render(Collection(), title="", version="0", known={})
    for stage in STAGES:
        assert bool(stage.style) == bool(stage.light) == bool(stage.dark), stage
        if stage.style:
            assert f"--{stage.name}: {stage.light};" in page
            assert page.count(f"--{stage.name}: {stage.dark};") >= 2
            assert f".bar.{stage.name} {{ background: var(--{stage.name}); }}" in page
    assert "/* stages" not in page
    assert '"stages":["tidy","script","reading","corpus"' in page


def _light(color: str) -> float:
    """Relative luminance of #rrggbb, as WCAG 2 defines it."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_light(one), _light(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("stage", [stage for stage in STAGES if stage.style], ids=lambda stage: stage.name)
def test_colours_can_be_read_on_light_and_on_dark(stage: About) -> None:
    assert _contrast(stage.light, "#ffffff") >= 4.5
    assert _contrast(stage.dark, "#16181c") >= 4.5
    color = Color.parse(stage.style)
    # Not one of the first 16, which every terminal paints as it likes.
    assert color.number is not None
    assert color.number > 15
    shown = color.get_truecolor().hex
    assert min(_contrast(shown, "#ffffff"), _contrast(shown, "#000000")) >= 4


def test_stages_of_characters_come_first() -> None:
    assert set(NAMES[: len(CHARACTER_STAGES)]) == CHARACTER_STAGES


@pytest.mark.parametrize("kind", [list, dict])
def test_a_memory_keeps_one_state_of_each_kind(kind: type[list[str]]) -> None:
    memory, other = Memory(), Memory()
    assert memory.own(kind) is memory.own(kind)
    assert memory.own(kind) is not other.own(kind)
