"""Every example in a docstring runs."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import zhnorm

MODULES = sorted(
    found.name for found in pkgutil.walk_packages(zhnorm.__path__, "zhnorm.") if not found.name.endswith("__main__")
)


NEEDED = {
    "zhnorm.api": ["trafilatura"],
    **{name: ["pyspark", "pyarrow"] for name in ("zhnorm.corpus.spark", "zhnorm.corpus.spark_maps")},
    **{name: ["pyarrow"] for name in ("zhnorm.corpus.spark_rows", "zhnorm.corpus.spark_session")},
    "zhnorm.integrations.datatrove": ["datatrove", "tokenizers"],
    "zhnorm.integrations.duckdb": ["duckdb", "pyarrow"],
    "zhnorm.integrations.pandas": ["pandas"],
    "zhnorm.integrations.polars": ["polars"],
    "zhnorm.integrations.scrapy": ["scrapy"],
    "zhnorm.integrations.spark": ["pyspark", "pandas"],
}
"""What examples need that is an extra."""


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    for package in NEEDED.get(name, []):
        pytest.importorskip(package)
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_public_functions_have_examples() -> None:
    """The public names show how they are used."""
    shown = 0
    for name in (
        "clean",
        "clean_html",
        "explain",
        "extract_html",
        "read",
        "convert",
        "detect",
        "Cleaner",
        "Incremental",
        "Settings",
        "Converter",
        "Block",
    ):
        finder = doctest.DocTestFinder(recurse=True)
        tests = finder.find(getattr(zhnorm, name), name)
        assert any(test.examples for test in tests), f"zhnorm.{name} has no example"
        shown += 1
    assert shown == 12
