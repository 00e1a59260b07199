"""Imports go one way. The order stands in ARCHITECTURE.md; this test reads the syntax trees."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1] / "src" / "zhnorm"
LAYERS = [
    "errors",
    "limits files",
    "line",
    "text",
    "rules",
    "reading",
    "stages",
    "settings",
    "audit loss",
    "windows",
    "cleaner",
    "reader",
    "api",
    "formats",
    "batch report evaluate",
    "cli",
]
ORDER = {name: place for place, names in enumerate(LAYERS) for name in names.split()}
ONLY_IN = {
    "click": "cli/",
    "rich": ("report/screen.py", "report/bar.py"),
    "rapidfuzz": "text/similar.py",
    "regex": "rules/pattern.py",
    "numpy": ("text/", "reading/", "stages/", "rules/reach.py"),
    "opencc": "nowhere",
}
MODULES = sorted(path.relative_to(ROOT) for path in ROOT.rglob("*.py"))


def _layer(parts: tuple[str, ...]) -> str:
    return parts[0].removesuffix(".py")


def _imports(path: Path) -> list[tuple[str, ...]]:
    """Every import of a module, also those inside functions, as absolute dotted names."""
    package = ("zhnorm", *path.parts[:-1])
    found: list[tuple[str, ...]] = []
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found += [tuple(alias.name.split(".")) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = (*base, *(node.module.split(".") if node.module else ()))
            found += [(*module, alias.name) for alias in node.names] if module == ("zhnorm",) else [module]
    return found


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_go_one_way(path: Path) -> None:
    own = _layer(path.parts)
    if own in ("__init__", "__main__", "_version"):
        return
    for name in _imports(path):
        if name[0] != "zhnorm" or len(name) == 1 or name[1] in ("_version", "__version__"):
            continue
        assert ORDER[name[1]] <= ORDER[own], f"{path} imports {'.'.join(name)}, which is above it"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_packages_stay_in_their_place(path: Path) -> None:
    for name in _imports(path):
        if name[0] in ONLY_IN:
            assert str(path).startswith(ONLY_IN[name[0]]), f"{path} imports {name[0]}"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_the_engine_does_not_print_or_read_the_environment(path: Path) -> None:
    if _layer(path.parts) in ("formats", "batch", "report", "cli", "__main__"):
        return
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        if isinstance(node, ast.Name):
            assert node.id != "print", f"{path}:{node.lineno} prints"
        if isinstance(node, ast.Attribute):
            assert node.attr not in ("environ", "getenv", "stdout", "stderr", "stdin"), f"{path}:{node.lineno}"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_modules_stay_small(path: Path) -> None:
    lines = len((ROOT / path).read_text("utf-8").splitlines())
    assert lines <= 500, f"{path} has {lines} lines"
