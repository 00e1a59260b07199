"""Every message has both translations, they fit what is put into them, and the catalogs are those of today's sources."""

from __future__ import annotations

import re
from gettext import GNUTranslations
from pathlib import Path

import pytest

import zhnorm
from tests.test_chinese import PRONE
from zhnorm import convert

pytest.importorskip("babel")

from babel.messages.catalog import Catalog
from translations.catalogs import CATALOGS, Key, compile_catalogs, mistakes, read_catalog, update
from translations.sources import messages, untold

KNOWN = messages()
SCRIPTS = {"zh_Hans": "t2s", "zh_Hant": "s2tw"}
BOTH_SCRIPTS = "著 着、乾 干"
"""An example of an option, which has to show either."""


def _catalog(language: str) -> Path:
    return CATALOGS / language / "LC_MESSAGES" / "zhnorm.po"


def _told(language: str) -> list[tuple[str, str]]:
    return [(str(known.id), "".join(known.string)) for known in read_catalog(_catalog(language)) if known.id]


@pytest.mark.parametrize("language", SCRIPTS)
def test_every_message_is_translated(language: str) -> None:
    assert len(KNOWN) > 600
    assert list(mistakes(read_catalog(_catalog(language)), KNOWN)) == []


def test_every_message_can_be_translated() -> None:
    assert untold() == []


@pytest.mark.parametrize("language", SCRIPTS)
def test_the_catalogs_are_those_of_the_sources(language: str, tmp_path: Path) -> None:
    """If this fails: `python -m translations`."""
    path = tmp_path / language / "LC_MESSAGES" / "zhnorm.po"
    path.parent.mkdir(parents=True)
    path.write_bytes(_catalog(language).read_bytes())
    update(path, KNOWN)
    assert path.read_text("utf-8") == _catalog(language).read_text("utf-8")


def test_the_command_speaks_as_the_catalogs_say(tmp_path: Path) -> None:
    """If this fails: `python -m translations`, or `pip install -e .`."""
    installed = Path(zhnorm.__file__).parent / "data" / "locale"
    for path in compile_catalogs(tmp_path):
        spoken, written = (_compiled(found) for found in (installed / path.relative_to(tmp_path), path))
        assert spoken == written


def _compiled(path: Path) -> dict[str, str]:
    """What a compiled catalog says, without its head, in which the version of Babel stands."""
    with path.open("rb") as file:
        return {message: told for message, told in vars(GNUTranslations(file))["_catalog"].items() if message}


@pytest.mark.parametrize(("language", "direction"), SCRIPTS.items())
def test_each_is_in_its_script_and_in_words_of_its_region(language: str, direction: str) -> None:
    for message, told in _told(language):
        assert convert(told.replace(BOTH_SCRIPTS, ""), direction) == told.replace(BOTH_SCRIPTS, ""), message
        assert not [word for word in PRONE[language.replace("_", "-")].split() if word in told], message


@pytest.mark.parametrize("language", SCRIPTS)
def test_names_and_examples_are_those_of_the_original(language: str) -> None:
    """Options, rules, files and commands: what is typed is the same in every language."""
    typed = re.compile(r"(?<![\w-])--?[a-z][\w-]*|\b[\w.]+\.(?:toml|txt|jsonl|html)\b|\b[a-z]+/[a-z*-]+")
    for message, told in _told(language):
        assert sorted(typed.findall(told)) == sorted(typed.findall(message)), message


@pytest.mark.parametrize(
    ("message", "told", "wrong"),
    [
        ("{path}: no", "", "no translation"),
        ("{path}: no", "{pat}：没有", "other names in braces"),
        ("{path}: no", "没有", "other names in braces"),
        ("{count:,} of {path}", "{path} 有 {count}", "other names in braces"),
        (("{one} line", "{count} lines"), ("{one}、{count} 行",), "other names in braces"),
    ],
)
def test_what_is_wrong_is_found(message: Key, told: str, wrong: str) -> None:
    catalog = Catalog("zh_Hans")
    catalog.add(message, told)
    (mistake,) = mistakes(catalog, {message: ["here"]})
    assert mistake.startswith(wrong)
    (other,) = mistakes(catalog, {}) if told else ["said nowhere"]
    assert other.startswith("said nowhere")
