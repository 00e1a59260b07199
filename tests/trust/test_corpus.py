"""A corpus: whatever ends the run, the same comes out; what is broken costs itself; what is forged is refused."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.command import COMMAND, environment, tree, wait_for_group, zhnorm

WORDS = "新桥今天通车江边来了许多人老人说那时候过江要等一个钟头的渡船风大日子船就不开傍晚桥上灯亮孩子们数着跑回"
HEADS = {
    "a.example": ("甲地的人都站在桥头看水", "版权所有 甲地晚报"),
    "b.example": ("乙地的人都坐在船上說話", "乙地日報 聯繫我們"),
}


def write_crawl(folder: Path, pages: int = 12, seed: int = 1) -> None:
    """Pages of two sites; each third page of the second is one of the first."""
    chance = random.Random(seed)
    bodies = ["\n".join("".join(chance.choices(WORDS, k=70)) + "。" for _ in range(3)) for _ in range(2 * pages)]
    for place, (site, (head, foot)) in enumerate(HEADS.items()):
        (folder / site).mkdir(parents=True)
        for number in range(pages):
            body = bodies[number] if place == 0 or number % 3 == 0 else bodies[pages + number]
            (folder / site / f"{number}.txt").write_text(f"{head}\n{body}\n{foot}\n", "utf-8")


def records(folder: Path, path: Path, times: int = 1) -> None:
    with path.open("w", encoding="utf-8") as file:
        for _ in range(times):
            for page in sorted(folder.rglob("*.txt")):
                row = {"url": f"https://{page.parent.name}/{page.name}", "text": page.read_text("utf-8")}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")


def arguments(*more: str, out: str = "out") -> list[str]:
    return ["corpus", "run", "crawl", "-o", out, "--near", "0.8", "--ledger", f"{out}.jsonl", "-q", *more]


def run(folder: Path, *more: str, out: str = "out") -> None:
    done = zhnorm(*arguments(*more, out=out), cwd=folder)
    assert (done.code, done.err) == (0, "")


def results(folder: Path, out: str = "out") -> tuple[dict[str, bytes], bytes]:
    return tree(folder / out), (folder / f"{out}.jsonl").read_bytes()


def test_the_number_of_processes_makes_no_difference(tmp_path: Path) -> None:
    write_crawl(tmp_path / "crawl", 40)
    for jobs in ("1", "2", "5"):
        run(tmp_path, "--jobs", jobs, out=f"out{jobs}")
    assert results(tmp_path, "out1") == results(tmp_path, "out2") == results(tmp_path, "out5")
    copies = [name for name, text in results(tmp_path, "out1")[0].items() if not text]
    assert copies == [f"b.example/{number}.txt" for number in sorted(range(0, 40, 3), key=str)]


def test_it_is_given_back_and_made_again_without_what_is_not_wanted(tmp_path: Path) -> None:
    write_crawl(tmp_path / "crawl")
    run(tmp_path)
    assert zhnorm("restore", "out", "--ledger", "out.jsonl", "-o", "back", cwd=tmp_path).code == 0
    assert tree(tmp_path / "back") == tree(tmp_path / "crawl")
    assert zhnorm("apply", "crawl", "--ledger", "out.jsonl", "-o", "again", cwd=tmp_path).code == 0
    assert tree(tmp_path / "again") == tree(tmp_path / "out")
    kept = zhnorm("apply", "crawl", "--ledger", "out.jsonl", "--except", "corpus/template", "-o", "kept", cwd=tmp_path)
    assert kept.code == 0
    assert (tmp_path / "kept/a.example/1.txt").read_text("utf-8").startswith("甲地的人都站在桥头看水\n")


@pytest.mark.parametrize("name", ["pages.jsonl", "pages.csv", "pages.json", "pages.parquet", "pages.jsonl.zst"])
def test_records_of_every_kind(tmp_path: Path, name: str) -> None:
    write_crawl(tmp_path / "crawl")
    records(tmp_path / "crawl", tmp_path / "source.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "source.jsonl").read_text("utf-8").splitlines()]
    _write(tmp_path / name, rows)
    done = zhnorm("corpus", "run", name, "-o", "out", "--site-field", "url", "-q", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    texts = _texts(tmp_path / "out" / name)
    assert [bool(text) for text in texts] == [
        row["url"].startswith("https://a") or int(row["url"].rsplit("/")[-1].split(".")[0]) % 3 > 0 for row in rows
    ]
    assert not any(head in text for text in texts for head in ("首页", "版权所有", "联系我们"))


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    if path.suffix == ".parquet":
        arrow = pytest.importorskip("pyarrow")
        parquet = pytest.importorskip("pyarrow.parquet")
        parquet.write_table(arrow.Table.from_pylist(rows), path)
    elif path.suffix == ".csv":
        import csv

        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, ["url", "text"])
            writer.writeheader()
            writer.writerows(rows)
    elif path.suffix == ".json":
        path.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    else:
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        plain = path.with_name("plain.jsonl")
        plain.write_text(text, "utf-8")
        if path.suffix == ".zst":
            subprocess.run(["zstd", "-q", str(plain), "-o", str(path)], check=True)
        else:
            shutil.copy(plain, path)


def _texts(path: Path) -> list[str]:
    if path.suffix == ".parquet":
        return [row["text"] for row in pytest.importorskip("pyarrow.parquet").read_table(path).to_pylist()]
    if path.suffix == ".csv":
        import csv

        with path.open(encoding="utf-8", newline="") as file:
            return [row["text"] for row in csv.DictReader(file)]
    if path.suffix == ".json":
        return [row["text"] for row in json.loads(path.read_text("utf-8"))]
    data = (
        subprocess.run(["zstd", "-dc", str(path)], check=True, capture_output=True).stdout
        if path.suffix == ".zst"
        else path.read_bytes()
    )
    return [json.loads(line)["text"] for line in data.decode().splitlines()]


def test_warc_says_itself_whose_pages_it_holds(tmp_path: Path) -> None:
    write_crawl(tmp_path / "crawl")
    with (tmp_path / "pages.wet").open("wb") as file:
        for page in sorted((tmp_path / "crawl").rglob("*.txt")):
            data = page.read_bytes()
            head = (
                f"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: http://www.{page.parent.name}/{page.name}\r\n"
            )
            head += f"WARC-Record-ID: <urn:x:{page.parent.name}-{page.name}>\r\nContent-Type: text/plain\r\nContent-Length: {len(data)}\r\n\r\n"
            file.write(head.encode() + data + b"\r\n\r\n")
    done = zhnorm("corpus", "run", "pages.wet", "-o", "out", "--ledger", "why.jsonl", "-q", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    ledger = [json.loads(line) for line in (tmp_path / "why.jsonl").read_text("utf-8").splitlines()]
    rules = {record["rule"] for record in ledger if record.get("stage") == "corpus"}
    assert rules == {"corpus/template", "corpus/copy"}
    twin = next(record["evidence"] for record in ledger if record.get("rule") == "corpus/copy")
    assert twin["id"].startswith("urn:x:a.example-")


def test_a_killed_run_goes_on_to_the_same_end(tmp_path: Path) -> None:
    write_crawl(tmp_path / "crawl", 60)
    run(tmp_path, out="whole")
    dice = random.Random(7)
    caught = 0
    # An untold number of kills, each at another moment, and then a run that comes to its end.
    for attempt in range(12):
        command = [*COMMAND, *arguments("--jobs", "2")]
        with subprocess.Popen(command, cwd=tmp_path, env=environment(), start_new_session=True) as process:
            time.sleep(0.15 + 0.12 * attempt * dice.random() + 0.1 * attempt)
            os.killpg(process.pid, signal.SIGKILL)
            caught += process.wait() == -signal.SIGKILL
            wait_for_group(process.pid)
    assert caught > 2
    run(tmp_path)
    assert results(tmp_path) == results(tmp_path, "whole")


STEPS = ("survey", "templates", "said", "names", "candidates", "shingles", "found", "sites", "added")
KILLER = """
import os, signal, sys
from zhnorm.cli.main import main
from zhnorm.corpus.steps import Steps

name, moment = sys.argv[1:3]
del sys.argv[1:3]
step, replace, replaced = Steps.step, os.replace, 0

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def dying(steps, given, build):
    def built(folder):
        build(folder)
        if (given, moment) == (name, "built"):
            die()
    path = step(steps, given, built)
    if (given, moment) == (name, "done"):
        die()
    return path

def replacing(source, target):
    global replaced
    replace(source, target)
    replaced += name == "file"
    if replaced == (int(moment) if name == "file" else -1):
        die()

Steps.step, os.replace = dying, replacing
main()
"""


def test_a_run_that_is_killed_at_each_step_comes_to_the_same_end(tmp_path: Path) -> None:
    """Before a step is sealed, and behind it; and while files, the ledger and the report are put in place."""
    write_crawl(tmp_path / "crawl")
    page = tmp_path / "crawl/b.example/3.txt"
    page.write_text(page.read_text("utf-8").replace("。", "了。然後雨停了。", 1), "utf-8")
    run(tmp_path, "--jobs", "1", "--html", "whole.html", "--seen", "whole.idx", out="whole")
    command = arguments("--jobs", "1", "--html", "out.html", "--seen", "out.idx")
    moments = [(step, moment) for step in STEPS[:-1] for moment in ("built", "done")]
    moments += [("file", str(number)) for number in (3, 5, 7)]
    moments += [("added", moment) for moment in ("built", "done")]
    for name, moment in moments:
        done = subprocess.run(
            [sys.executable, "-c", KILLER, name, moment, *command], cwd=tmp_path, env=environment(), capture_output=True, check=False, timeout=120
        )  # fmt: skip
        assert done.returncode == -signal.SIGKILL, (name, moment, done)
    assert zhnorm(*command, cwd=tmp_path).code == 0
    texts = {name: text for name, text in tree(tmp_path / "out").items() if name.endswith(".txt")}
    assert texts == {name: text for name, text in tree(tmp_path / "whole").items() if name.endswith(".txt")}
    own, other = ((tmp_path / name).read_text("utf-8") for name in ("out.jsonl", "whole.jsonl"))
    assert own.partition("\n")[2] == other.partition("\n")[2]  # the first line names the index
    assert shown_sites(tmp_path / "out.html") == shown_sites(tmp_path / "whole.html")
    assert tree(tmp_path / "out.idx") == tree(tmp_path / "whole.idx")
    assert len(list((tmp_path / "out/.zhnorm/corpus").iterdir())) == len(
        list((tmp_path / "whole/.zhnorm/corpus").iterdir())
    )


def test_what_cannot_be_read_costs_itself(tmp_path: Path) -> None:
    write_crawl(tmp_path / "crawl")
    (tmp_path / "crawl/a.example/binary.txt").write_bytes(b"\x00\x01PNG" * 100)
    (tmp_path / "crawl/a.example/cut.jsonl").write_text('{"text": "半', "utf-8")
    (tmp_path / "crawl/b.example/bytes.txt").write_bytes("網絡".encode("big5") + b"\xff\n")
    done = zhnorm("corpus", "run", "crawl", "-o", "out", "-q", cwd=tmp_path)
    assert done.code == 3
    assert "binary.txt" in done.err
    shutil.rmtree(tmp_path / "out")
    for name in ("a.example/binary.txt", "a.example/cut.jsonl", "b.example/bytes.txt"):
        (tmp_path / "crawl" / name).unlink()
    rest = zhnorm("corpus", "run", "crawl", "-o", "alone", "-q", cwd=tmp_path)
    assert rest.code == 0


def test_broken_records_cost_themselves(tmp_path: Path) -> None:
    write_crawl(tmp_path / "crawl")
    records(tmp_path / "crawl", tmp_path / "pages.jsonl")
    with (tmp_path / "pages.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"text": 5, "url": "https://a.example/"}\n{"url": null, "text": "沒有站名的一頁。"}\n{"text": \n')
    done = zhnorm("corpus", "run", "pages.jsonl", "-o", "out", "--site-field", "url", "-q", cwd=tmp_path)
    assert done.code == 3
    assert len(done.err.splitlines()) == 2
    assert len((tmp_path / "out/pages.jsonl").read_text("utf-8").splitlines()) == 27


def test_today_leaves_out_what_was_there_yesterday_and_says_the_same_when_asked_again(tmp_path: Path) -> None:
    write_crawl(tmp_path / "crawl")
    run(tmp_path, "--seen", "seen.idx", out="monday")
    (tmp_path / "crawl").rename(tmp_path / "old")
    write_crawl(tmp_path / "crawl", seed=2)
    for number in range(3):
        shutil.copy(tmp_path / "old/a.example" / f"{number}.txt", tmp_path / "crawl/a.example" / f"old{number}.txt")
    for _ in range(2):
        run(tmp_path, "--seen", "seen.idx", out="tuesday")
        empty = [name for name, text in tree(tmp_path / "tuesday").items() if name.startswith("a") and not text]
        assert empty == [f"a.example/old{number}.txt" for number in range(3)]
    ledger = (tmp_path / "tuesday.jsonl").read_text("utf-8")
    assert '"rule": "corpus/seen"' in ledger
    assert '"where": "seen.idx"' in ledger


def test_other_settings_inputs_and_templates_are_refused(tmp_path: Path) -> None:
    write_crawl(tmp_path / "crawl")
    (tmp_path / "t.tsv").write_text("site\tline\na.example\t甲地的人都站在桥头看水\n", "utf-8")
    base = ["corpus", "clean", "crawl", "-o", "out", "--templates", "t.tsv", "-q"]
    assert zhnorm(*base, cwd=tmp_path).code == 0
    assert zhnorm(*base, "--near", "0.9", cwd=tmp_path).refuses(2, "near (None, now 0.9)", "--force")
    assert zhnorm(*base, "--to", "tw", cwd=tmp_path).refuses(2, "cleaner")
    (tmp_path / "t.tsv").write_text("site\tline\nb.example\t乙地的人都坐在船上說話\n", "utf-8")
    assert zhnorm(*base, cwd=tmp_path).refuses(2, "templates")
    assert zhnorm(*base, "--force", cwd=tmp_path).code == 0
    assert (tmp_path / "out/a.example/1.txt").read_text("utf-8").startswith("甲地的人")
    (tmp_path / "crawl/a.example/new.txt").write_text("新的一頁\n", "utf-8")
    assert zhnorm(*base, cwd=tmp_path).refuses(2, "inputs")


def test_what_a_dry_run_found_out_is_in_nobodys_way(tmp_path: Path) -> None:
    write_crawl(tmp_path / "crawl")
    records(tmp_path / "crawl", tmp_path / "pages.jsonl")
    base = ["corpus", "run", "pages.jsonl", "-o", "out"]
    assert "no document says whose page it is" in zhnorm(*base, "--dry-run", cwd=tmp_path).err
    done = zhnorm(*base, "--dry-run", "--site-field", "url", cwd=tmp_path)
    assert done.code == 0
    assert "out: begun anew with other settings: site_field (None, now url)\n" in done.err
    assert "4 templates of 2 sites" in done.err
    again = zhnorm(*base, "--site-field", "url", "--share", "0.2", "-q", cwd=tmp_path)
    assert (again.code, again.err) == (0, "")
    # What was written is in somebody's way.
    assert zhnorm(*base, "--site-field", "url", "--dry-run", cwd=tmp_path).refuses(2, "share (0.2, now 0.1)", "--force")


@pytest.mark.parametrize(
    "command", [["run", "-o", "out"], ["clean", "-o", "out"], ["learn"], ["seen", "seen.idx", "--add"]]
)
def test_a_folder_without_documents_is_called_that(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "empty").mkdir()
    done = zhnorm("corpus", *command, "empty", cwd=tmp_path)
    assert done.code == 0
    assert done.err.startswith("zhnorm: no documents found\n")
    assert "site" not in done.err


def test_an_index_that_is_asked_with_templates_of_nobody_knows_whom_says_so(tmp_path: Path) -> None:
    write_crawl(tmp_path / "crawl")
    assert zhnorm("corpus", "learn", "crawl", "-o", "t.tsv", "-q", cwd=tmp_path).code == 0
    run(tmp_path, "--seen", "seen.idx")
    shutil.copy(tmp_path / "crawl/a.example/1.txt", tmp_path / "page.txt")
    ask = ["corpus", "seen", "seen.idx", "page.txt", "--templates", "t.tsv"]
    done = zhnorm(*ask, cwd=tmp_path)
    assert "no document says whose page it is" in done.err
    assert zhnorm(*ask, "-q", cwd=tmp_path).err == ""
    told = zhnorm(*ask, "--site", "a.example", cwd=tmp_path)
    assert (told.out, told.err) == (b"1.00\tpage.txt\n", "")


def test_a_row_of_templates_that_somebody_writes_needs_a_site_and_a_line(tmp_path: Path) -> None:
    write_crawl(tmp_path / "crawl")
    assert zhnorm("corpus", "learn", "crawl", "-o", "t.tsv", "-q", cwd=tmp_path).code == 0
    with (tmp_path / "t.tsv").open("a", encoding="utf-8") as file:
        file.write("http://www.c.test/\t首頁 > 新聞\n")
    base = ["corpus", "clean", "crawl", "-o", "out", "--templates", "t.tsv", "--dry-run"]
    assert "c.test: 1 line" in zhnorm(*base, cwd=tmp_path).out.decode()
    with (tmp_path / "t.tsv").open("a", encoding="utf-8") as file:
        file.write("c.test\t首頁 > 國際\t7\n")
    assert zhnorm(*base, cwd=tmp_path).refuses(2, "t.tsv:7: 3 cells, and there are 8 columns")


def test_who_interrupts_the_steps_is_told_that_they_go_on(tmp_path: Path) -> None:
    write_crawl(tmp_path / "crawl")
    interrupt = KILLER.replace("SIGKILL", "SIGINT")
    command = ["corpus", "run", "crawl", "-o", "out"]
    for more, said in (([], "zhnorm: interrupted; the same command goes on from there\n"), (["-q"], "")):
        done = subprocess.run(
            [sys.executable, "-c", interrupt, "templates", "built", *command, *more], cwd=tmp_path, env=environment(), capture_output=True, encoding="utf-8", check=False, timeout=120
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (-signal.SIGINT, said)
    assert zhnorm(*command, "-q", cwd=tmp_path).code == 0


def test_a_command_that_was_wrong_leaves_nothing_that_stands_in_the_way_of_the_right_one(tmp_path: Path) -> None:
    write_crawl(tmp_path / "crawl")
    records(tmp_path / "crawl", tmp_path / "pages.jsonl")
    base = ["corpus", "clean", "pages.jsonl", "-o", "out", "-q"]
    assert zhnorm(*base, "--templates", "none.tsv", cwd=tmp_path).refuses(2, "none.tsv")
    assert zhnorm(*base, "--site-field", "host", cwd=tmp_path).refuses(2, "no field 'host'")
    done = zhnorm(*base, "--site-field", "url", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["-"], "standard input"), (["crawl", "--stays", "oldest"], "--date-field"), (["crawl", "--seen", "crawl/x"], "lies in"),
        (["crawl", "--seen", "out/x"], "lies in"), (["crawl", "--save-templates", "t.txt"], "which format"),
        (["crawl", "--save-templates", "crawl/t.tsv"], "inside the input"), (["crawl", "--title", "x"], "one page"),
        (["crawl", "--share", "0"], "0"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_before_anything_is_touched(tmp_path: Path, more: list[str], said: str) -> None:
    write_crawl(tmp_path / "crawl")
    done = zhnorm("corpus", "run", *more, "-o", "out", "-q", cwd=tmp_path)
    assert done.refuses(2, said), done
    assert not (tmp_path / "out/a.example").exists()


@pytest.mark.parametrize("command", [["learn"], ["run", "-o", "out"], ["seen", "seen.idx", "--add"]])
@pytest.mark.parametrize(
    ("name", "text"), [("pages.jsonl", '{"text": "網絡安全", "id": "x"}\n'), ("pages.csv", "id,text\nx,網絡安全\n")]
)
def test_a_field_that_is_not_there_is_named_with_its_option(
    tmp_path: Path, command: list[str], name: str, text: str
) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    done = zhnorm("corpus", *command, name, "--site-field", "url", cwd=tmp_path)
    assert done.refuses(2, "'url'", "--site-field NAME"), done
    assert not (tmp_path / "out" / name).exists()


@pytest.mark.parametrize("name", ["pages.jsonl", "pages.parquet"])
def test_ids_and_dates_may_be_numbers(tmp_path: Path, name: str) -> None:
    row = {"text": "新橋今天通車了，江邊來了許多人，都想走一走。", "url": "https://a.example/"}
    rows = [{**row, "number": number, "day": day} for number, day in ((17, 20240301), (18, 20240201))]
    if name == "pages.parquet":
        arrow = pytest.importorskip("pyarrow")
        pytest.importorskip("pyarrow.parquet").write_table(arrow.Table.from_pylist(rows), tmp_path / name)
    else:
        (tmp_path / name).write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    options = ["--id-field", "number", "--date-field", "day", "--stays", "oldest", "--ledger", "why.jsonl", "-q"]
    assert zhnorm("corpus", "run", name, "-o", "out", *options, cwd=tmp_path).code == 0
    told = (tmp_path / "why.jsonl").read_text("utf-8")
    assert f'"document": "{name}:2", "likeness": 1.0, "id": "18"' in told


def test_a_folder_of_other_files_is_no_index(tmp_path: Path) -> None:
    write_crawl(tmp_path / "crawl")
    write_crawl(tmp_path / "other")
    before = tree(tmp_path / "other")
    for command in (
        ["run", "crawl", "-o", "out", "--seen", "other"],
        ["seen", "other"],
        ["seen", "other", "crawl", "--add"],
    ):
        assert zhnorm("corpus", *command, cwd=tmp_path).refuses(4, "no index"), command
    assert tree(tmp_path / "other") == before
    assert not (tmp_path / "out").exists()


def test_a_dry_run_writes_no_text_but_the_templates_that_are_asked_for(tmp_path: Path) -> None:
    write_crawl(tmp_path / "crawl")
    done = zhnorm("corpus", "run", "crawl", "-o", "out", "--dry-run", "--save-templates", "t.tsv", "-q", cwd=tmp_path)
    assert done.code == 0
    assert b"a.example: 2 lines" in done.out
    assert (tmp_path / "t.tsv").read_text("utf-8").count("\n") == 5
    assert not list((tmp_path / "out").glob("**/*.txt"))


def test_steps_that_were_damaged_are_no_silent_loss(tmp_path: Path) -> None:
    write_crawl(tmp_path / "crawl")
    run(tmp_path)
    before = results(tmp_path)
    (tmp_path / "out/.zhnorm/corpus/found/sites").write_bytes(b"\0" * 100)
    done = zhnorm("corpus", "run", "crawl", "-o", "out", "--near", "0.8", "--ledger", "out.jsonl", "-q", cwd=tmp_path)
    assert done.refuses(2, "damaged", "--force"), done
    assert results(tmp_path) == before


def shown_sites(path: Path) -> dict[str, Any]:
    """The sites in a report, by their names."""
    data = json.loads(re.findall(r'application/json">(.*?)</script>', path.read_text("utf-8"))[0])
    return {"names": [name for name, *_ in data["names"]]} | {row["name"]: row for row in data["sites"]["rows"]}


@pytest.mark.parametrize("dry", [False, True])
def test_a_report_shows_what_goes_from_each_site(tmp_path: Path, dry: bool) -> None:
    write_crawl(tmp_path / "crawl")
    page = tmp_path / "crawl/b.example/3.txt"
    page.write_text(page.read_text("utf-8").replace("。", "了。然後雨停了。", 1), "utf-8")
    run(tmp_path, "--html", "report.html", *(["--dry-run"] if dry else []))
    sites = shown_sites(tmp_path / "report.html")
    a, b = sites["a.example"], sites["b.example"]
    assert (a["documents"], a["templates"], a["gone"]) == (12, 2, [0, 1, 0])
    assert (b["documents"], b["templates"], b["gone"]) == (12, 2, [3, 0, 0])
    assert sorted(line[4] for line in b["lines"]) == ["乙地日報 聯繫我們", "乙地的人都坐在船上說話"]
    (near,) = a["examples"]
    assert sites["names"][near["name"]] == "a.example/3.txt"
    assert sites["names"][near["twin"]] == "b.example/3.txt"
    assert 0.8 < near["likeness"] < 1
    assert [line in near["text"] for line in near["lost"]] == [True]
    assert "然後雨停了" in near["stays"]
    # A finished run makes the report again.
    before = (tmp_path / "report.html").read_bytes()
    run(tmp_path, "--html", "report.html", *(["--dry-run"] if dry else []))
    assert (tmp_path / "report.html").read_bytes() == before


def test_a_report_can_be_asked_for_when_a_run_is_finished(tmp_path: Path) -> None:
    write_crawl(tmp_path / "crawl")
    run(tmp_path, "--seen", "seen.idx")
    run(tmp_path, "--seen", "seen.idx", "--html", "report.html")
    assert shown_sites(tmp_path / "report.html")["b.example"]["gone"] == [4, 0, 0]


def test_folders_are_the_same_sites_to_learn_and_to_clean(tmp_path: Path) -> None:
    write_crawl(tmp_path / "crawl")
    learned = zhnorm("corpus", "learn", "crawl/a.example", "crawl/b.example", "-o", "t.tsv", cwd=tmp_path)
    assert (learned.code, learned.err) == (0, "")
    assert {line.split("\t")[0] for line in (tmp_path / "t.tsv").read_text("utf-8").splitlines()[1:]} == set(HEADS)
    given = ["--templates", "t.tsv", "--ledger", "why.jsonl"]
    done = zhnorm("corpus", "clean", "crawl/a.example", "crawl/b.example", "-o", "out", *given, cwd=tmp_path)
    assert "4 templates of 2 sites" in done.err
    assert '"site": "b.example"' in (tmp_path / "why.jsonl").read_text("utf-8")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["run", "pages.jsonl"], "no document says whose page it is, so there are no templates"),
        (["run", "crawl/a.example"], "folders of a folder are sites"),
        (["clean", "crawl"], "no templates were given"),
        (["clean", "pages.jsonl", "--templates", "t.tsv"], "no template goes but those of all sites"),
        (["clean", "crawl", "--templates", "other.tsv"], "other sites than the documents: a.test, not a.example"),
    ],
)
def test_what_keeps_templates_from_going_is_said(tmp_path: Path, command: list[str], said: str) -> None:
    write_crawl(tmp_path / "crawl")
    records(tmp_path / "crawl", tmp_path / "pages.jsonl")
    (tmp_path / "t.tsv").write_text("site\tline\na.example\t甲地的人都站在桥头看水\n", "utf-8")
    (tmp_path / "other.tsv").write_text("site\tline\na.test\t甲地的人都站在桥头看水\n", "utf-8")
    done = zhnorm("corpus", *command, "-o", "out", cwd=tmp_path)
    assert done.code == 0
    assert said in done.err
    assert said not in zhnorm("corpus", "run", "crawl", "-o", "other", cwd=tmp_path).err


def test_templates_that_went_through_a_spreadsheet_or_pandas_are_the_same(tmp_path: Path) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    write_crawl(tmp_path / "crawl")
    assert zhnorm("corpus", "learn", "crawl", "-o", "t.parquet", "-q", cwd=tmp_path).code == 0
    rows = parquet.read_table(tmp_path / "t.parquet").to_pylist()
    # pandas makes numbers with a point of a column in which a cell is empty; spreadsheets put quotation marks around cells.
    floats = [{**row, "pages": float(row["pages"]), "times": float("nan")} for row in rows]
    parquet.write_table(arrow.Table.from_pylist(floats), tmp_path / "floats.parquet")
    cells = "".join(f'"{row["site"]}"\t"{row["line"]}"\t{row["pages"]}\r\n' for row in rows)
    (tmp_path / "quoted.tsv").write_text("\ufeffsite\tline\tpages\r\n" + cells, "utf-8")
    for name in ("t.parquet", "floats.parquet", "quoted.tsv"):
        done = zhnorm("corpus", "clean", "crawl", "-o", name[:1], "--templates", name, "-q", cwd=tmp_path)
        assert (done.code, done.err) == (0, ""), done
    texts = [{path: data for path, data in tree(tmp_path / name).items() if path.endswith(".txt")} for name in "tfq"]
    assert texts[0] == texts[1] == texts[2]
    assert "首页".encode() not in texts[0]["a.example/1.txt"]
    parquet.write_table(arrow.Table.from_pylist([{**rows[0], "pages": 4.5}]), tmp_path / "half.parquet")
    done = zhnorm("corpus", "clean", "crawl", "-o", "h", "--templates", "half.parquet", "-q", cwd=tmp_path)
    assert done.refuses(2, "half.parquet:1", "'pages'"), done


def limited(most_bytes: int, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A command that can write no file of more bytes, as on a disk that is full."""
    import resource

    return subprocess.run(
        [*COMMAND, *arguments], cwd=cwd, env=environment(), capture_output=True, encoding="utf-8", check=False, timeout=120,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes)),
    )  # fmt: skip


def test_a_full_disk_is_one_line_and_exit_4_and_is_gone_on_with(tmp_path: Path) -> None:
    write_crawl(tmp_path / "crawl", 60)
    command = ["corpus", "run", "crawl", "--near", "0.8", "-q", "--jobs", "1", "-o"]
    run(tmp_path, "--html", "whole.html", "--seen", "whole.idx", out="whole")
    more = ["--ledger", "out.jsonl", "--html", "out.html", "--seen", "out.idx"]
    failed = 0
    for most in (300, 1_000, 3_000, 9_000, 20_000, 60_000, 100_000):
        done = limited(most, *command, "out", *more, cwd=tmp_path)
        if done.returncode:
            failed += 1
            assert done.returncode == 4, done
            assert "File too large" in done.stderr, done
            assert "Traceback" not in done.stderr, done
            assert not (tmp_path / "out.html").exists()
    assert failed > 3
    assert zhnorm(*command, "out", *more, cwd=tmp_path).code == 0
    texts = {name: text for name, text in tree(tmp_path / "out").items() if name.endswith(".txt")}
    assert texts == {name: text for name, text in tree(tmp_path / "whole").items() if name.endswith(".txt")}
    own, other = ((tmp_path / name).read_text("utf-8") for name in ("out.jsonl", "whole.jsonl"))
    assert own.partition("\n")[2] == other.partition("\n")[2]  # the first line names the index
    assert tree(tmp_path / "out.idx") == tree(tmp_path / "whole.idx")


@pytest.mark.parametrize("option", ["--ledger", "--html", "--report", "--save-templates", "--seen"])
def test_what_cannot_be_written_is_said_before_anything_is_read(tmp_path: Path, option: str) -> None:
    write_crawl(tmp_path / "crawl")
    (tmp_path / "file").write_text("")
    done = zhnorm("corpus", "run", "crawl", "-o", "out", option, "file/there.tsv", cwd=tmp_path)
    assert done.refuses(4, "file"), done
    assert not list((tmp_path / "out").glob("**/survey"))


def test_learning_says_at_once_that_templates_cannot_be_written(tmp_path: Path) -> None:
    write_crawl(tmp_path / "crawl")
    (tmp_path / "file").write_text("")
    done = zhnorm("corpus", "learn", "crawl", "-o", "file/t.tsv", cwd=tmp_path)
    assert done.refuses(4, "file"), done
    assert not done.out


@pytest.mark.parametrize(
    "name", ["found/sites", "found/found.json", "found/seal.json", "templates/templates.jsonl", "survey/keys"]
)
def test_a_step_that_was_damaged_is_told_from_a_whole_one(tmp_path: Path, name: str) -> None:
    write_crawl(tmp_path / "crawl")
    run(tmp_path, "--seen", "seen.idx", "--dry-run")
    command = [
        "corpus",
        "run",
        "crawl",
        "-o",
        "out",
        "--near",
        "0.8",
        "--ledger",
        "out.jsonl",
        "--seen",
        "seen.idx",
        "-q",
    ]
    path = tmp_path / "out/.zhnorm/corpus" / name
    data = path.read_bytes()
    for damaged in (data[: len(data) // 2], data[:-1] + bytes([data[-1] ^ 1]), None):
        if damaged is None:
            path.unlink()
        else:
            path.write_bytes(damaged)
        assert zhnorm(*command, cwd=tmp_path).refuses(2, "damaged", "--force"), damaged
    assert zhnorm("corpus", "seen", "seen.idx", cwd=tmp_path).out == b"0 documents and paragraphs\n"
    assert zhnorm(*command, "--force", cwd=tmp_path).code == 0
    run(tmp_path, "--seen", "other.idx", out="whole")
    texts = [
        {path: text for path, text in tree(tmp_path / out).items() if path.endswith(".txt")} for out in ("out", "whole")
    ]
    assert texts[0] == texts[1]


def test_a_folder_of_pages_of_one_site_is_named(tmp_path: Path) -> None:
    write_crawl(tmp_path / "crawl")
    records(tmp_path / "crawl/a.example", tmp_path / "pages.jsonl")
    for name in ("crawl/a.example", "pages.jsonl"):
        done = zhnorm(
            "corpus",
            "run",
            name,
            "-o",
            "out",
            "--site",
            "https://www.one.test/",
            "--force",
            "--ledger",
            "why.jsonl",
            cwd=tmp_path,
        )
        assert done.code == 0
        assert "2 templates of 1 site" in done.err
        assert '"pages": 12, "of": 12, "site": "one.test"' in (tmp_path / "why.jsonl").read_text("utf-8")
    run(tmp_path, out="whole")
    assert (tmp_path / "out/1.txt").read_bytes() == (tmp_path / "whole/a.example/1.txt").read_bytes()
    both = zhnorm("corpus", "learn", "pages.jsonl", "--site", "a", "--site-field", "url", cwd=tmp_path)
    assert both.refuses(2, "--site-field of each"), both
    assert zhnorm("corpus", "learn", "crawl", "--site", " ", cwd=tmp_path).refuses(2, "an empty name")
