"""Parquet: the strings of one column are cleaned; everything else in the file is as it was."""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from zhnorm import Cleaner
from zhnorm.batch.job import Failure, Job, Outcome
from zhnorm.batch.run import run
from zhnorm.formats.records import Layout

TEXT = "雨中的貓在屋簷下睡著了，一直睡到天黑。\n分享到：微博"
CLEAN = "雨中的猫在屋檐下睡着了，一直睡到天黑。"


def made(path: Path, kind: pyarrow.DataType, rows: int = 1500) -> pyarrow.Table:
    texts = [None if row % 7 == 3 else f"{TEXT}{row}" for row in range(rows)]
    columns = {
        "id": pyarrow.array(range(rows), pyarrow.int32()),
        "text": pyarrow.array(texts, pyarrow.string()).cast(kind),
        "tags": pyarrow.array([["網絡", None]] * rows),
        "site": pyarrow.array(["網絡", "新聞"] * (rows // 2)).dictionary_encode(),
    }
    table = pyarrow.table(columns).replace_schema_metadata({"made": "by a test"})
    compression = {"id": "zstd", "text": "gzip", "tags.list.element": "snappy", "site": "none"}
    pyarrow.parquet.write_table(table, path, row_group_size=700, compression=compression)
    return pyarrow.parquet.read_table(path)


def cleaned(source: Path, layout: Layout, workers: int = 1) -> tuple[Outcome | Failure, Path]:
    target = source.with_name(f"clean{workers}.parquet")
    *_, result = run(Cleaner(), [Job("a.parquet", str(source), str(target))], workers=workers, layout=layout)
    return result, target


@pytest.mark.parametrize(
    "kind", [pyarrow.string(), pyarrow.large_string(), pyarrow.dictionary(pyarrow.int32(), pyarrow.string())]
)
def test_one_column_is_cleaned(tmp_path: Path, kind: pyarrow.DataType) -> None:
    before = made(tmp_path / "a.parquet", kind)
    result, target = cleaned(tmp_path / "a.parquet", Layout())
    assert isinstance(result, Outcome)
    assert result.records is not None
    assert (result.records.documents, result.records.empty) == (1286, 214)
    file = pyarrow.parquet.ParquetFile(target)
    after = file.read()
    assert after.schema.equals(before.schema, check_metadata=True)
    assert [file.metadata.row_group(group).num_rows for group in range(3)] == [700, 700, 100]
    groups = [pyarrow.parquet.ParquetFile(path).metadata.row_group(1) for path in (tmp_path / "a.parquet", target)]
    assert [[group.column(n).compression for n in range(4)] for group in groups] == [
        ["ZSTD", "GZIP", "SNAPPY", "UNCOMPRESSED"]
    ] * 2
    assert all(after[name] == before[name] for name in ("id", "tags", "site"))
    assert after["text"].to_pylist() == [text and CLEAN for text in before["text"].to_pylist()]


def test_workers_and_counts(tmp_path: Path) -> None:
    before = made(tmp_path / "a.parquet", pyarrow.string())
    files = [cleaned(tmp_path / "a.parquet", Layout(counts=True), workers)[1] for workers in (1, 2)]
    assert files[0].read_bytes() == files[1].read_bytes()
    after = pyarrow.parquet.read_table(files[0])
    assert after.schema.names == [*before.schema.names, "zhnorm_lines", "zhnorm_removed", "zhnorm_rewritten"]
    assert after.select([4, 5, 6]).slice(2, 2).to_pylist() == [
        {"zhnorm_lines": 2, "zhnorm_removed": 1, "zhnorm_rewritten": 1},
        {"zhnorm_lines": None, "zhnorm_removed": None, "zhnorm_rewritten": None},
    ]


@pytest.mark.parametrize(
    ("layout", "said"),
    [
        (Layout(fields=("txt",)), "no column 'txt'; there are id, text, tags, site"),
        (Layout(fields=("id",)), "id holds int32, and not text"),
    ],
)
def test_columns_that_are_not_there(tmp_path: Path, layout: Layout, said: str) -> None:
    made(tmp_path / "a.parquet", pyarrow.string(), 10)
    result, target = cleaned(tmp_path / "a.parquet", layout)
    assert isinstance(result, Failure)
    assert said in result.error.message
    assert not target.exists()


def test_two_columns_of_one_name(tmp_path: Path) -> None:
    columns = [pyarrow.array([TEXT, "a"]), pyarrow.array(["x", "y"]), pyarrow.array(["z", "y"])]
    twice = pyarrow.Table.from_arrays(columns, names=["text", "n", "n"])
    pyarrow.parquet.write_table(twice, tmp_path / "a.parquet")
    result, target = cleaned(tmp_path / "a.parquet", Layout())
    assert isinstance(result, Outcome)
    after = pyarrow.parquet.ParquetFile(target).read()
    assert (after.column(0).to_pylist(), after.column(2).to_pylist()) == ([CLEAN, "a"], ["z", "y"])
    result, _ = cleaned(tmp_path / "a.parquet", Layout(fields=("n",)))
    assert isinstance(result, Failure)
    assert result.error.message.endswith("a.parquet: 2 columns are named 'n'")


@pytest.mark.parametrize("rows", [0, 2])
def test_small_and_torn_files(tmp_path: Path, rows: int) -> None:
    made(tmp_path / "a.parquet", pyarrow.string(), rows)
    result, target = cleaned(tmp_path / "a.parquet", Layout())
    assert isinstance(result, Outcome)
    assert pyarrow.parquet.read_table(target).num_rows == rows
    (tmp_path / "a.parquet").write_bytes((tmp_path / "a.parquet").read_bytes()[:-9])
    result, _ = cleaned(tmp_path / "a.parquet", Layout())
    assert isinstance(result, Failure)
    assert "no Parquet file" in result.error.message


def test_without_pyarrow_the_message_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(tmp_path / "a.parquet", pyarrow.string(), 2)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    result, _ = cleaned(tmp_path / "a.parquet", Layout())
    assert isinstance(result, Failure)
    assert "zhnorm[parquet]" in result.error.hint


def test_several_columns_lists_and_a_title(tmp_path: Path) -> None:
    page = [
        "水車又轉了一個冬天",
        "守水車的人說，木齒一年要換三回，換一回要歇兩天。",
        "水車又轉了一個冬天",
        "分享到：微博",
    ]
    table = pyarrow.table(
        {
            "title": ["水車又轉了一個冬天_河邊日報", None, None],
            "text": pyarrow.array([page, ["網絡", None], None], pyarrow.list_(pyarrow.string())),
            "note": pyarrow.array(["程式", None, "網"], pyarrow.large_string()),
        }
    )
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    layout = Layout(fields=("text", "note"), counts=True, title_field="title")
    result, target = cleaned(tmp_path / "a.parquet", layout)
    assert isinstance(result, Outcome), result
    assert result.records is not None
    assert (result.records.documents, result.records.failed, result.records.fields) == (3, 1, ["text", "note"])
    after = pyarrow.parquet.read_table(target)
    assert after.schema.field("text").type == table.schema.field("text").type
    assert after.column("title").to_pylist() == table.column("title").to_pylist()
    kept = ["水车又转了一个冬天", "守水车的人说，木齿一年要换三回，换一回要歇两天。"]
    assert after.column("text").to_pylist() == [kept, ["網絡", None], None]
    assert after.column("note").to_pylist() == ["程式", None, "网"]
    assert after.column("zhnorm_lines").to_pylist() == [5, None, 1]
    result, _ = cleaned(tmp_path / "a.parquet", Layout(fields=("text",), title_field="headline"))
    assert isinstance(result, Failure)
    assert result.error.hint == "--title-field NAME, or a.b inside a"


def nested(path: Path) -> pyarrow.Table:
    """A page inside a struct, in a struct, next to what must stay; one row without either."""
    body = pyarrow.struct(
        [("text", pyarrow.string()), ("size", pyarrow.int8()), ("lead", pyarrow.list_(pyarrow.string()))]
    )
    page = pyarrow.struct([("title", pyarrow.string()), ("body", body)])
    rows = [
        {"title": "網絡", "body": {"text": TEXT, "size": 1, "lead": ["網絡", "分享到：微博"]}},
        {"title": None, "body": None},
        None,
        {"title": "安全", "body": {"text": None, "size": 2, "lead": None}},
    ]
    table = pyarrow.table({"page": pyarrow.array(rows, page), "page.note": ["程式", None, "網", "網"]})
    pyarrow.parquet.write_table(table, path)
    return pyarrow.parquet.read_table(path)


def test_columns_inside_others(tmp_path: Path) -> None:
    before = nested(tmp_path / "a.parquet")
    layout = Layout(fields=("page.body.text", "page.body.lead", "page.note"), title_field="page.title")
    result, target = cleaned(tmp_path / "a.parquet", layout)
    assert isinstance(result, Outcome), result
    assert result.records is not None
    assert (result.records.documents, result.records.failed) == (5, 0)
    after = pyarrow.parquet.read_table(target)
    assert after.schema.equals(before.schema, check_metadata=True)
    assert after["page"].to_pylist() == [
        {"title": "網絡", "body": {"text": CLEAN, "size": 1, "lead": ["网络"]}},
        {"title": None, "body": None},
        None,
        {"title": "安全", "body": {"text": None, "size": 2, "lead": None}},
    ]
    # A column with a point in its name is that column, as in JSON Lines.
    assert after["page.note"].to_pylist() == ["程式", None, "网", "网"]


@pytest.mark.parametrize(
    ("field", "said", "hint"),
    [
        (
            "page.text",
            "no column 'page.text'; there are page.title, page.body.text, page.body.size, page.body.lead, page.note",
            "--column NAME, or a.b inside a",
        ),
        ("page.body.size", "page.body.size holds int8, and not text", "--column NAME"),
        ("page.body", "page.body holds struct<", "--column NAME"),
    ],
)
def test_columns_inside_others_that_are_no_text(tmp_path: Path, field: str, said: str, hint: str) -> None:
    nested(tmp_path / "a.parquet")
    result, _ = cleaned(tmp_path / "a.parquet", Layout(fields=(field,)))
    assert isinstance(result, Failure)
    assert said in result.error.message
    assert result.error.hint == hint


def test_links_of_html_become_whole(tmp_path: Path) -> None:
    page = '<p>貓在<a href="/eaves">屋簷</a>下睡著了，一直睡到天黑。街上的人撐著傘走過，沒有人回頭。</p>'
    table = pyarrow.table({"body": [page], "at": pyarrow.array([{"url": "https://example.org/life/1"}])})
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    result, target = cleaned(tmp_path / "a.parquet", Layout(fields=("body",), url_field="at.url"))
    assert isinstance(result, Outcome), result
    after = pyarrow.parquet.read_table(target)
    assert "[屋檐](https://example.org/eaves)" in after["body"][0].as_py()
    assert after["at"].to_pylist() == [{"url": "https://example.org/life/1"}]


def test_a_guess_names_what_there_is(tmp_path: Path) -> None:
    nested(tmp_path / "a.parquet")
    result, _ = cleaned(tmp_path / "a.parquet", Layout())
    assert isinstance(result, Failure)
    assert result.error.message.endswith(
        "a.parquet: which column holds the text? there are page.title, page.body.text, page.body.size, page.body.lead, page.note"
    )
    assert result.error.hint == "say it: --column NAME, or a.b inside a"
