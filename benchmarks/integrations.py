"""What zhnorm costs inside other libraries: each of them in turn with plain `clean_many`, on the same texts.

    python benchmarks/integrations.py                  10,000 texts made of those of the repository
    python benchmarks/integrations.py FOLDER           of the .txt files of a folder
    python benchmarks/integrations.py FOLDER -n 2000   another number of texts
    python benchmarks/integrations.py --only spark     one of them, or several

Whatever a library does to bring the texts to zhnorm and back is counted; making the table is not, nor are starting Spark and
Scrapy's reactor. Spark runs in one Python process, since `clean_many` does. Of each pair of times, taken one right after the other, the ratio
counts; the median of three is printed. What is not installed is left out.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any

import zhnorm

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 3
GOAL = 1.2


def texts_of(folder: Path | None, count: int) -> list[str]:
    """Texts of a folder, or of the repository's pages, over and over, each with a line of its own so that no two are equal."""
    if folder is None:
        cases = [
            *(ROOT / "tests" / "cases" / "wild").glob("*.txt"),
            *(ROOT / "tests" / "cases" / "negative").glob("*.txt"),
        ]
        texts = [
            "\n".join(line[2:] for line in path.read_text("utf-8").split("\n") if line[:2] in ("+ ", "- ", "~ "))
            for path in sorted(cases)
        ]
    else:
        texts = [path.read_text("utf-8", "replace") for path in sorted(folder.rglob("*.txt"))]
    if not texts:
        raise SystemExit("no texts")
    return [f"{text.rstrip()}\n這是第{number}篇。\n" for number, text in enumerate(islice(cycle(texts), count))]


def plain(texts: list[str]) -> Callable[[], list[str]]:
    """What the others are measured against."""
    cleaner = zhnorm.Cleaner()
    return lambda: list(cleaner.clean_many(texts))


def in_pandas(texts: list[str]) -> Callable[[], list[str]]:
    pandas = import_module("pandas")
    import_module("zhnorm.integrations.pandas")
    column = pandas.Series(texts)
    return lambda: column.zhnorm.clean().tolist()


def in_polars(texts: list[str]) -> Callable[[], list[str]]:
    polars = import_module("polars")
    import_module("zhnorm.integrations.polars")
    table = polars.DataFrame({"text": texts})

    def select() -> list[str]:
        return list(table.select(polars.col("text").zhnorm.clean())["text"].to_list())

    return select


def in_duckdb(texts: list[str]) -> Callable[[], list[str]]:
    import duckdb
    import pyarrow

    from zhnorm.integrations.duckdb import register_clean

    base = duckdb.connect()
    base.register("given", pyarrow.table({"number": range(len(texts)), "text": texts}))
    base.execute("create table pages as select * from given")
    register_clean(base)
    return lambda: [row[0] for row in base.sql("select zh_clean(text) from pages order by number").fetchall()]


def in_datasets(texts: list[str]) -> Callable[[], list[str]]:
    os.environ["HF_HOME"] = tempfile.mkdtemp()
    import datasets

    from zhnorm.integrations.datasets import clean

    datasets.disable_progress_bars()
    pages = datasets.Dataset.from_dict({"text": texts})
    return lambda: list(pages.map(clean(), batched=True, load_from_cache_file=False)["text"])


def in_spark(texts: list[str]) -> Callable[[], list[str]]:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    from zhnorm.integrations.spark import clean

    builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    session = builder.config("spark.driver.memory", "3g").getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    pages = session.createDataFrame([(text,) for text in texts], "text string").coalesce(1).cache()
    pages.count()
    return lambda: [row[0] for row in pages.select(clean("text")).collect()]


def in_scrapy(texts: list[str]) -> Callable[[], list[str]]:
    """A crawl in a process of its own, which tells how long the items took from the first to the last."""

    def crawl() -> list[str]:
        command = [sys.executable, __file__, "--crawl", str(len(texts))]
        done = subprocess.run(command, input="\0".join(texts), capture_output=True, text=True, check=True)
        *cleaned, seconds = done.stdout.split("\0")
        crawl.seconds = float(seconds)  # type: ignore[attr-defined]
        return cleaned

    return crawl


def crawl_alone(count: int) -> None:
    """What `in_scrapy` begins: texts from standard input as items through the pipeline, and onto standard output."""
    import scrapy
    from scrapy.crawler import CrawlerProcess

    texts = sys.stdin.read().split("\0")
    assert len(texts) == count
    cleaned: list[str] = []
    times: list[float] = []
    zhnorm.clean(texts[0])  # loads the tables, as those before the clock of the others

    class Pages(scrapy.Spider):  # type: ignore[misc]
        name = "pages"
        start_urls = ("data:,",)

        def parse(self, response: object) -> Any:
            times.append(time.perf_counter())
            for text in texts:
                yield {"text": text}

    class Take:
        def process_item(self, item: dict[str, str]) -> dict[str, str]:
            cleaned.append(item["text"])
            times.append(time.perf_counter())
            return item

    pipelines = {"zhnorm.integrations.scrapy.ZhnormPipeline": 300, Take: 400}
    process = CrawlerProcess({"ITEM_PIPELINES": pipelines, "ZHNORM_FIELDS": ["text"], "LOG_LEVEL": "ERROR"})
    process.crawl(Pages)
    process.start()
    print("\0".join([*cleaned, str(times[-1] - times[0])]), end="")


LIBRARIES: dict[str, tuple[Callable[[list[str]], Callable[[], list[str]]], tuple[str, ...]]] = {
    "pandas": (in_pandas, ("pandas",)),
    "polars": (in_polars, ("polars",)),
    "duckdb": (in_duckdb, ("duckdb", "pyarrow")),
    "scrapy": (in_scrapy, ("scrapy",)),
    "datasets": (in_datasets, ("datasets",)),
    "spark": (in_spark, ("pyspark", "pandas")),
}


def seconds_of(work: Callable[[], list[str]], wanted: list[str]) -> float:
    """How long it takes, once it gives what it should."""
    start = time.perf_counter()
    found = work()
    took = time.perf_counter() - start
    assert found == wanted
    return float(getattr(work, "seconds", took))


def main() -> None:
    """See above."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("-n", type=int, default=10_000)
    parser.add_argument("--only", nargs="+", default=list(LIBRARIES))
    parser.add_argument("--crawl", type=int)
    wish = parser.parse_args()
    if wish.crawl is not None:
        crawl_alone(wish.crawl)
        return
    texts = texts_of(wish.folder, wish.n)
    alone = plain(texts)
    wanted = alone()
    print(f"{len(texts):,} texts, {sum(map(len, texts)) / 1e6:.1f} million characters, zhnorm {zhnorm.__version__}")
    print(f"{'':10}{'clean_many':>12}{'inside':>10}{'ratio':>8}   (goal {GOAL})")
    for name in wish.only:
        make, packages = LIBRARIES[name]
        try:
            versions = ", ".join(f"{package} {version(package)}" for package in packages)
        except PackageNotFoundError as error:
            print(f"{name:10} {error.name} is not installed")
            continue
        inside = make(texts)
        inside()  # starts what has to be started
        pairs = [(seconds_of(alone, wanted), seconds_of(inside, wanted)) for _ in range(ROUNDS)]
        ratio = median(other / base for base, other in pairs)
        base, other = (median(times) for times in zip(*pairs, strict=True))
        print(f"{name:10}{base:11.2f}s{other:9.2f}s{ratio:8.2f}   {versions}", flush=True)


if __name__ == "__main__":
    main()
