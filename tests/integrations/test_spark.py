"""Needs Java (17 for Spark 3.5 to 4): JAVA_HOME, or `java` on the path."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from zhnorm.errors import SettingsError

from . import HTML, TEXTS, TITLES, needs, wanted

pytestmark = [
    pytest.mark.heavy,
    needs("pyspark", "spark"),
    needs("pandas", "spark"),
    pytest.mark.skipif(not (os.environ.get("JAVA_HOME") or shutil.which("java")), reason="Java is not installed"),
    pytest.mark.filterwarnings("ignore"),  # of pyspark about pandas and about itself
]


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", "4").getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture
def frame(session: Any) -> Any:
    rows = list(zip(range(6), TEXTS, TITLES, strict=True))
    frame = session.createDataFrame(rows, "number int, text string, title string")
    frame.createOrReplaceTempView("pages")
    return frame


def column(frame: Any, *expressions: Any) -> list[Any]:
    return [row[-1] for row in sorted(frame.select("number", *expressions).collect(), key=lambda row: row[0])]


def test_columns(frame: Any) -> None:
    from pyspark.sql import functions

    from zhnorm.integrations.spark import clean

    assert column(frame, clean("text")) == wanted(TEXTS)
    assert column(frame, clean("text", titles="title", to="keep")) == wanted(TEXTS, TITLES, to="keep")
    assert column(frame, clean(functions.col("text"), functions.col("title"))) == wanted(TEXTS, TITLES)
    cleaned = frame.withColumn("text", clean("text"))
    assert cleaned.columns == frame.columns
    assert dict(cleaned.dtypes)["text"] == "string"
    assert frame.select(clean("text")).columns == ["clean(text)"]


def test_explain_is_a_struct(frame: Any) -> None:
    from zhnorm.integrations.spark import explain

    told = column(frame, explain("text", titles="title").alias("told"))
    assert [row and row["text"] for row in told] == wanted(TEXTS, TITLES)
    assert tuple(told[5]) == ("", 1.0, "web/share-label", 1, 1, 0)
    assert told[1] is None or set(told[1]) == {None}


def test_functions_for_sql(session: Any, frame: Any) -> None:
    from zhnorm.integrations.spark import register_clean, register_explain

    register_clean(session)
    register_clean(session, "zh_keep", to="keep")
    register_explain(session)
    assert [row[0] for row in session.sql("select zh_clean(text) from pages order by number").collect()] == wanted(
        TEXTS
    )
    found = session.sql("select zh_keep(text, title) from pages order by number").collect()
    assert [row[0] for row in found] == wanted(TEXTS, TITLES, to="keep")
    assert [
        row[0] for row in session.sql("select number from pages where zh_explain(text).share_removed > 0.9").collect()
    ] == [5]


def test_mistakes_are_named(session: Any, frame: Any) -> None:
    from pyspark.errors import AnalysisException, PySparkException

    from zhnorm.integrations.spark import clean, register_clean

    with pytest.raises(
        PySparkException, match=r"NotTextError: column 'number', row 0 of a batch \(\d\): expected text, got int"
    ):
        column(frame, clean("number"))
    with pytest.raises(AnalysisException, match="body"):
        column(frame, clean("body"))
    with pytest.raises(SettingsError, match="unknown setting 'pack'"):
        clean("text", pack=["web"])
    register_clean(session)
    with pytest.raises(
        PySparkException, match=r"row 0 of a batch \('<html>.*a page of HTML, not text\nzhnorm.clean_html"
    ):
        session.sql(f"select zh_clean('{HTML}')").collect()
    with pytest.raises(PySparkException, match="zh_clean: 3 arguments"):
        session.sql("select zh_clean(text, title, title) from pages").collect()


def test_a_cleaner_is_made_once_a_worker(session: Any, frame: Any) -> None:
    """What a task is sent is small, and the rules are made ready once in each process."""
    import pickle

    from zhnorm.integrations.spark import clean

    spread = frame.repartition(6).select("number", clean("text"))
    assert len(spread.collect()) == 6

    def made(_: Any) -> Any:
        import zhnorm.cleaner

        yield os.getpid(), zhnorm.cleaner._matcher.cache_info().misses

    seen = spread.rdd.mapPartitions(lambda rows: made(list(rows))).collect()
    assert len(seen) == 6
    assert all(misses <= 1 for _, misses in seen)
    assert len(pickle.dumps(zhnorm_cleaner())) < 1000


def zhnorm_cleaner() -> Any:
    import zhnorm

    return zhnorm.Cleaner()
