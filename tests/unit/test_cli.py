"""The command line: what goes where, which settings win, and what people are told who typed something else."""

import json
import os
import re
from dataclasses import fields
from pathlib import Path

import pytest

from tests.command import tree, zhnorm
from zhnorm.settings import PROFILES, Settings

TITLE = "雨中的貓在屋簷下睡著了，一直睡到天黑。"
PAGE = f"{TITLE}\n第二段說的是別的事情，同樣是完整的一句話。\n{TITLE}\n".encode()


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_bytes(PAGE)
    return path


@pytest.fixture
def clean(page: Path) -> bytes:
    """What PAGE becomes."""
    done = zhnorm("clean", page)
    assert done.code == 0
    assert done.err == "", done
    assert done.out not in (b"", PAGE)
    return done.out


def test_pipe_file_and_folder_agree(page: Path, clean: bytes, tmp_path: Path) -> None:
    assert zhnorm("clean", stdin=PAGE).out == clean
    assert zhnorm("clean", "-", stdin=PAGE).out == clean
    assert zhnorm("clean", page, "-o", tmp_path / "one.txt").out == b""
    assert (tmp_path / "one.txt").read_bytes() == clean
    (tmp_path / "in" / "sub").mkdir(parents=True)
    (tmp_path / "in" / "a.txt").write_bytes(PAGE)
    (tmp_path / "in" / "sub" / "b.txt").write_bytes(PAGE)
    assert zhnorm("clean", tmp_path / "in", "-o", tmp_path / "out").code == 0
    assert tree(tmp_path / "out") == {"a.txt": clean, "sub/b.txt": clean}


def test_several_paths_go_into_one_tree(page: Path, clean: bytes, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.txt").write_bytes(PAGE)
    done = zhnorm("clean", "one", "two/", "page.txt", "-o", "out", cwd=tmp_path)
    assert done.code == 0, done
    assert set(tree(tmp_path / "out")) == {"one/x.txt", "two/x.txt", "page.txt"}


def test_one_file_into_a_folder_keeps_its_name(page: Path, clean: bytes, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    assert zhnorm("clean", page, "-o", tmp_path / "there").code == 0
    assert zhnorm("clean", page, "-o", f"{tmp_path}/new/").code == 0
    assert tree(tmp_path / "there") == tree(tmp_path / "new") == {"page.txt": clean}


def test_previews_write_nothing(page: Path, clean: bytes, tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_bytes(clean)
    before = tree(tmp_path)
    dry = zhnorm("clean", "-n", page, "-o", tmp_path / "out.txt")
    assert (dry.code, dry.out) == (0, b"")
    assert "1 document, 1 changed: 3 lines" in dry.err
    check = zhnorm("clean", "--check", page)
    assert (check.code, check.out, check.err) == (1, b"", f"zhnorm: would change {page}\n")
    assert zhnorm("clean", "--check", "-q", page).err == ""
    assert zhnorm("clean", "--check", tmp_path / "good.txt").code == 0
    diff = zhnorm("clean", "--diff", page)
    assert diff.code == 0
    assert diff.out.decode().startswith(f"--- {page}\n+++ {page}\tcleaned\n@@ -1,3 +1,2 @@\n-雨中的貓")
    assert zhnorm("clean", "--diff", tmp_path / "good.txt").out == b""
    assert tree(tmp_path) == before


def test_the_ledger_leads_back(page: Path, clean: bytes, tmp_path: Path) -> None:
    from zhnorm.formats.text import encode
    from zhnorm.ledger.read import read_ledger
    from zhnorm.ledger.replay import replay, restore

    done = zhnorm("clean", page, "-o", tmp_path / "out.txt", "--ledger", tmp_path / "why.jsonl")
    assert done.code == 0
    with (tmp_path / "why.jsonl").open("rb") as file:
        (records,) = read_ledger(file)
    assert encode(restore(clean.decode(), records)) == PAGE
    assert encode(replay(PAGE.decode(), records)) == clean
    assert all(len(digest) == 64 for digest in (records.input_sha256, records.output_sha256))
    again = zhnorm("clean", stdin=PAGE)
    assert again.out == clean


def test_settings_order(page: Path, tmp_path: Path) -> None:
    def says(*arguments: str) -> str:
        return zhnorm("clean", "page.txt", *arguments, cwd=tmp_path).out.decode()

    assert "貓" not in says()
    (tmp_path / "zhnorm.toml").write_text('[clean]\nto = "keep"\nprofile = "gentle"\ntitles = true\n')
    assert "貓" in says(), "the file in the current folder wins over defaults"
    assert "貓" not in says("--to", "hans"), "the command line wins over the file"
    (tmp_path / "other.toml").write_text('[clean]\nto = "hans"\n')
    assert "貓" not in says("--config", "other.toml"), "a file that is named replaces the one found"
    assert "貓" not in says("--config", os.devnull), "an empty file is a way to use none"


def test_rules_of_ones_own(page: Path, tmp_path: Path) -> None:
    (tmp_path / "conf").mkdir()
    pack = '[[rule]]\nid = "second"\nabout = "Second."\naction = "drop"\nmatch = ["第二段*"]\nsentence = true\n'
    pack += 'max_chars = 60\nremoves = ["第二段說的是別的事情，同樣是完整的一句話。"]\nkeeps = ["别的事情"]\n'
    (tmp_path / "conf" / "mine.toml").write_text(pack)
    (tmp_path / "conf" / "zhnorm.toml").write_text('[clean]\nrules = ["mine.toml"]\n')
    for arguments in (["--rules", "conf/mine.toml"], ["--config", "conf/zhnorm.toml"]):
        done = zhnorm("clean", "page.txt", *arguments, cwd=tmp_path)
        assert done.code == 0, done
        assert "第二段" not in done.out.decode(), done
    done = zhnorm("rules", "check", "conf/mine.toml", cwd=tmp_path)
    assert (done.code, done.out) == (0, b"conf/mine.toml: 1 rule and 2 examples are good\n"), done


def test_every_setting_is_an_option_and_documented() -> None:
    help_text = zhnorm("clean", "--help").out.decode()
    page = (Path(__file__).parents[2] / "docs" / "cli.md").read_text("utf-8")
    for knob in fields(Settings):
        option = "--" + knob.name.replace("_", "-")
        assert re.search(rf"{option}\b", help_text), option
        assert f"`{option}" in page, f"{option} is missing in docs/cli.md"
    help_text += zhnorm("convert", "--help").out.decode()
    for option in set(re.findall(r"--[a-z][a-z-]+", help_text)) - {"--help"}:
        assert option.replace("--no-", "--") in page, f"{option} is missing in docs/cli.md"


@pytest.mark.parametrize("profile", list(PROFILES))
def test_every_profile_runs(profile: str) -> None:
    assert zhnorm("clean", "--profile", profile, stdin=PAGE).code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["page.txt"], 2, ["no command 'page.txt'", "zhnorm clean page.txt"]),
        (["clena"], 2, ["no command 'clena'", "did you mean clean?"]),
        (["clean", "--titel", "x"], 2, ["--titel", "--title"]),
        (["clean", "--to", "klingon"], 2, ["klingon", "hans"]),
        (["clean", "--threshold", "900"], 2, ["threshold", "not between 70 and 100"]),
        (["clean", "--threshold", "much"], 2, ["--threshold", "much"]),
        (["clean", "page.txt", "good.txt"], 2, ["2 inputs", "-o FOLDER"]),
        (["clean", "page.txt", "-"], 2, ["standard input (-) cannot be combined"]),
        (["clean", "folder"], 2, ["folder is a folder", "-o FOLDER"]),
        (["clean", "folder", "-o", "page.txt"], 2, ["page.txt: is not a folder"]),
        (["clean", "folder", "-o", "folder"], 2, ["folder: is the input folder itself"]),
        (["clean", "folder", "-o", "folder/out"], 2, ["lies inside the input folder"]),
        (["clean", "folder", "./folder/", "-o", "out"], 2, ["would both be written to folder"]),
        (["clean", "folder", "--title", "x", "-o", "out"], 2, ["a title belongs to one page"]),
        (["clean", "page.txt", "-o", "page.txt"], 2, ["is the input itself"]),
        (["clean", "page.txt", "-o", "link.txt"], 2, ["is the input itself"]),
        (["clean", "page.txt", "-o", "hard.txt"], 2, ["is the input itself"]),
        (["clean", "page.txt", "-o", ""], 2, ["-o: an empty name"]),
        (["clean", ""], 2, ["an empty path"]),
        (["clean", "-o", "folder"], 2, ["folder: is a folder", "-o folder/page.txt"]),
        (["clean", "page.txt", "-o", "no/page.txt"], 4, ["no/page.txt", "mkdir -p no"]),
        (["clean", "missing.txt"], 4, ["missing.txt: no such file"]),
        (["clean", "page.txt", "--ledger", "page.txt"], 2, ["would overwrite an input"]),
        (["clean", "page.txt", "-o", "x", "--ledger", "./x"], 2, ["the same file"]),
        (["clean", "folder", "-o", "out", "--ledger", "folder/l"], 2, ["inside the input folder"]),
        (["clean", "--packs", "web,nope"], 2, ["nope"]),
        (["clean", "--rules", "missing.toml"], 2, ["missing.toml"]),
        (["clean", "--rules", "folder"], 2, ["folder"]),
        (["clean", "--rules", "page.txt"], 2, ["page.txt"]),
        (["clean", "--config", "missing.toml"], 2, ["missing.toml: No such file"]),
        (["clean", "--config", "page.txt"], 2, ["page.txt: not TOML"]),
        (["clean", "--config", "unknown.toml"], 2, ["unknown.toml", "'threshhold'", "did you mean threshold?"]),
        (["clean", "--config", "range.toml"], 2, ["range.toml: threshold: 9 is not between"]),
        (["convert", "-c", "t3s"], 2, ["no direction 't3s'", "t2s"]),
        (["convert", "folder"], 2, ["folder: is a folder"]),
        (["convert", "page.txt", "-o", "page.txt"], 2, ["is the input itself"]),
        (["convert", "missing.txt"], 4, ["missing.txt: No such file"]),
        (["rules", "show", "share-bar"], 2, ["no rule 'share-bar'", "web/share-bar"]),
        (["rules", "list", "wub"], 2, ["no pack 'wub'", "web"]),
        (["rules", "check", "missing.toml"], 2, ["missing.toml"]),
    ],
)
def test_mistakes(page: Path, arguments: list[str], code: int, words: list[str]) -> None:
    folder = page.parent
    (folder / "folder").mkdir()
    (folder / "folder" / "a.txt").write_bytes(PAGE)
    (folder / "good.txt").write_bytes(b"x\n")
    (folder / "link.txt").symlink_to("page.txt")
    os.link(page, folder / "hard.txt")
    (folder / "unknown.toml").write_text("[clean]\nthreshhold = 90\n")
    (folder / "range.toml").write_text("[clean]\nthreshold = 9\n")
    before = tree(folder)
    done = zhnorm(*arguments, cwd=folder)
    assert done.refuses(code, *words), done
    assert tree(folder) == before


def test_failures_in_a_folder_stay_single(clean: bytes, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a.txt", "c.txt"):
        (folder / name).write_bytes(PAGE)
    (folder / "b.bin").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    done = zhnorm("clean", "in", "-o", "out", "--ledger", "l.jsonl", cwd=tmp_path)
    assert done.code == 3, done
    assert done.err.startswith("zhnorm: in/b.bin: looks like a PNG image"), done
    assert tree(tmp_path / "out") == {"a.txt": clean, "c.txt": clean}
    records = [json.loads(line) for line in (tmp_path / "l.jsonl").read_bytes().splitlines()]
    assert [record["failed"] for record in records if "failed" in record] == ["b.bin"]
    assert [record["done"] for record in records if "done" in record] == ["a.txt", "c.txt"]
    done = zhnorm("clean", "in/a.txt", "missing.txt", "-o", "out2", cwd=tmp_path)
    assert done.code == 3
    assert set(tree(tmp_path / "out2")) == {"in/a.txt"}


def test_links_in_the_output_tree_lead_nowhere(tmp_path: Path) -> None:
    for name in ("a.txt", "sub/b.txt"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(PAGE)
    (tmp_path / "outside").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.txt").symlink_to(tmp_path / "outside" / "a.txt")
    (tmp_path / "out" / "sub").symlink_to(tmp_path / "outside")
    done = zhnorm("clean", "in", "-o", "out", cwd=tmp_path)
    assert done.code == 3, done
    assert done.err.count("symbolic link leads out") == 2, done
    assert tree(tmp_path / "outside") == {}


def test_verbose_says_what_was_skipped(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / ".hidden").write_bytes(PAGE)
    done = zhnorm("clean", "-v", "in", "-o", "out", cwd=tmp_path)
    assert "skipped in/.hidden: hidden" in done.err
    assert "no files found" in done.err
    assert done.code == 0


def test_version_help_and_completion() -> None:
    import zhnorm as package

    assert zhnorm("--version").out == f"zhnorm {package.__version__}\n".encode()
    for command in ([], ["clean"], ["convert"], ["rules"], ["rules", "list"]):
        done = zhnorm(*command, "--help")
        assert done.code == 0
        assert done.out.startswith(b"Usage: zhnorm")
    bare = zhnorm()
    assert (bare.code, bare.out) == (2, b"")
    assert "Examples:" in bare.err
    assert b"_zhnorm_completion" in zhnorm(_ZHNORM_COMPLETE="bash_source").out
    done = zhnorm(_ZHNORM_COMPLETE="bash_complete", COMP_WORDS="zhnorm clean --prof", COMP_CWORD="2")
    assert b"--profile" in done.out


def test_an_unexpected_error_is_reported_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "from zhnorm.cleaner import Cleaner\n"
        "def broken(*_): raise ValueError('oh \\x1b no')\n"
        "Cleaner.incremental = broken\n"
    )
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", ""), str(Path(__file__).parents[2] / "src")])
    done = zhnorm("clean", stdin=PAGE, PYTHONPATH=path)
    assert done.refuses(5, "a bug in zhnorm: ValueError: oh \\x1b no", "ZHNORM_TRACEBACK"), done
    assert "Traceback" in zhnorm("clean", stdin=PAGE, PYTHONPATH=path, ZHNORM_TRACEBACK="1").err


@pytest.mark.parametrize("encoding", ["big5", "gb18030"])
def test_a_ledger_is_applied_to_a_page_with_bytes_that_are_no_characters(encoding: str, tmp_path: Path) -> None:
    text = "今天上午，城南的新橋通車，三千人步行過橋，等了二十年的老人說，早就該修了。\n分享到：微博 微信\n"
    (tmp_path / "page.txt").write_bytes(text.encode(encoding) * 3 + b"\xff\n")
    assert zhnorm("clean", "page.txt", "-o", "out.txt", "--ledger", "why.jsonl", cwd=tmp_path).code == 0
    done = zhnorm("apply", "page.txt", "--ledger", "why.jsonl", cwd=tmp_path)
    assert (done.code, done.out) == (0, (tmp_path / "out.txt").read_bytes()), done
    assert b"\xff" in done.out


def test_file_that_may_not_be_read(page: Path) -> None:
    page.chmod(0)
    if os.access(page, os.R_OK):  # by who may read everything
        pytest.skip("the user may read everything")
    done = zhnorm("clean", page)
    assert done.code == 4
    assert "Permission denied" in done.err
