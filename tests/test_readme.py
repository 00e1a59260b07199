"""README, CONTRIBUTING and the documents speak of what is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path

import pytest

from zhnorm.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").glob("*.md")]


def _help(*command: str) -> str:
    done = subprocess.run([sys.executable, "-m", "zhnorm", *command, "--help"], capture_output=True, check=True)
    return done.stdout.decode()


HELP = (
    "".join(map(_help, ["apply", "clean", "convert", "detect", "eval", "explain", "read", "restore", "rules", "stats"]))
    + "".join(_help("corpus", name) for name in ("learn", "clean", "run", "seen"))
    + _help("rules", "check")
    + _help("rules", "new")
    + _help()
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_options_of_zhnorm_exist(page: Path) -> None:
    for line in page.read_text("utf-8").split("\n"):
        if re.search(
            r"(^|\s|`)zhnorm (apply|clean|convert|corpus|detect|eval|explain|read|restore|rules|stats)\b", line
        ):
            for option in re.findall(r"\s(--[a-z][a-z-]+)", line.partition("zhnorm ")[2]):
                assert option in HELP or option.replace("--no-", "--") in HELP, f"{page.name}: {option}"


def test_settings_are_those_that_the_page_calls_settings() -> None:
    """What is said to be a key of the configuration and an argument of `Cleaner` is one, and what is not is not said to be."""
    page = (ROOT / "docs" / "cli.md").read_text("utf-8")
    settings, others = (
        {name.replace("-", "_") for name in re.findall(r"^\| `--([a-z-]+)", part.partition("\n### ")[0], re.MULTILINE)}
        for part in (
            page.partition("### What to do\n")[2],
            page.partition("### What to read, and with which rules\n")[2],
        )
    )
    known = {knob.name for knob in fields(Settings)}
    assert settings - {"strict"} == known  # a short form of --caution
    assert "rules" in others
    assert not others & known


@pytest.mark.parametrize("name", ["README.md", "README.zh-Hans.md", "README.zh-Hant.md"])
def test_readme_library_example_runs(name: str) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL)
    assert blocks
    given = {
        "scraped": "網絡\n分享到：微博\n",
        "pages": ["網絡"],
        "pieces": ["網", "絡\n"],
        "print": lambda *_, **__: None,
    }
    for block in blocks:
        exec(block, given)
    assert given["text"] == "网络\n"


def test_readme_commands_are_the_ones_ci_runs() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    for name in ("install", "test"):
        assert re.search(rf"<!-- command: {name} -->\n```sh\n[^`]+\n```", text), name


def test_the_example_pack_of_the_rules_page_loads() -> None:
    from zhnorm.rules.load import load_pack

    page = (ROOT / "docs" / "rules.md").read_text("utf-8")
    block = re.search(r"```toml\n(.*?)```", page, re.DOTALL)
    assert block
    assert [rule.name for rule in load_pack("mine", block[1]).rules] == ["mine/read-in-app", "mine/editor-tail"]


def _runs(block: str, given: dict[str, object]) -> None:
    """Run a block of Python, and see that a line with a result behind it gives that."""
    exec(block, given)
    for line in block.split("\n"):
        code, mark, wanted = line.partition("  # ")
        if mark:
            assert repr(eval(code, given)) == wanted.strip()


@pytest.mark.parametrize(
    "name",
    ["conversion.md", "library.md", "reading.md", "rules.md", "zh-Hans/clean.md", "zh-Hant/clean.md"],
)
def test_python_in_the_documents_runs(name: str) -> None:
    given: dict[str, object] = {"print": lambda *_: None, "zhnorm": __import__("zhnorm")}
    for block in re.findall(r"```python\n(.*?)```", (ROOT / "docs" / name).read_text("utf-8"), re.DOTALL):
        _runs(block, given)


def _recipes() -> list[object]:
    """Blocks of Python that need other packages, of the pages that have some."""
    found: list[object] = []
    for name in ("library.md", "integrations.md"):
        for block in re.findall(r"```py\n(.*?)```", (ROOT / "docs" / name).read_text("utf-8"), re.DOTALL):
            packages = re.findall(r"^import (?!zhnorm)(\w+)", block, re.MULTILINE)
            marks = [pytest.mark.heavy] if {"datasets", "datatrove", "pyspark"} & set(packages) else []
            found.append(pytest.param(block, packages, marks=marks, id=f"{name}-{'-'.join(packages) or 'settings'}"))
    return found


@pytest.mark.parametrize(("block", "packages"), _recipes())
def test_recipes_with_other_packages_run(block: str, packages: list[str]) -> None:
    for package in packages:
        if find_spec(package) is None:
            pytest.skip(f"{package} is not installed")
    # In a process of its own, because such packages leave threads behind.
    program = f"import zhnorm\nfrom tests.test_readme import _runs\n_runs({block!r}, {{'zhnorm': zhnorm}})"
    # Spark begins processes of its own, and is told with which Python.
    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable}
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, check=True, timeout=120)
