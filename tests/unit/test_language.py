"""The language of the command: which is chosen, and what it does to help and messages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.command import zhnorm
from zhnorm.cli.help_layout import cells, wrap
from zhnorm.cli.language import language_wanted

COMMANDS = (
    "clean", "explain", "read", "stats", "convert", "detect", "restore", "pack", "unpack", "apply", "eval", "rules",
)  # fmt: skip


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh-Hans"),
        ({"LANG": "zh_SG.utf8"}, "zh-Hans"),
        ({"LANG": "zh_TW.UTF-8"}, "zh-Hant"),
        ({"LANG": "zh_HK.UTF-8"}, "zh-Hant"),
        ({"LANG": "zh_TW"}, "zh-Hant"),
        ({"LANG": "zh_CN.GB18030"}, "en"),  # what is said is in UTF-8
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_TW.UTF-8"}, "zh-Hant"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "zh-Hans"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "zh_TW:zh"}, "zh-Hant"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "ja:zh_CN"}, "zh-Hans"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "zh_CN"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "ZHNORM_LANG": "zh-Hant"}, "zh-Hant"),
        ({"LANG": "zh_CN.UTF-8", "ZHNORM_LANG": "en"}, "en"),
    ],
)
def test_the_locale_decides(environment: dict[str, str], language: str) -> None:
    assert language_wanted([], environment) == language


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        (["--lang", "zh-Hant", "clean"], "zh-Hant"),
        (["clean", "--lang=zh_TW"], "zh-Hant"),
        (["--lang", "en", "clean", "--lang", "zh"], "zh-Hans"),
        (["clean", "--", "--lang", "zh-Hant"], "en"),
    ],
)
def test_the_option_wins(arguments: list[str], language: str) -> None:
    assert language_wanted(arguments, {"ZHNORM_LANG": "en", "LANG": "zh_CN.UTF-8"}) == language


@pytest.mark.parametrize("language", ["fr", "klingon", "zz-Hant"])
def test_a_language_that_there_is_not_is_refused(language: str) -> None:
    assert zhnorm("--lang", language, "clean").refuses(2, f"no language '{language}'", "en, zh-Hans, zh-Hant")
    assert zhnorm("clean", ZHNORM_LANG=language).refuses(2, "ZHNORM_LANG")


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_chinese_and_fits_a_terminal(command: str, language: str) -> None:
    done = zhnorm(*filter(None, [command]), "--help", "--lang", language, COLUMNS="80")
    assert done.code == 0, done
    page = done.out.decode()
    english = zhnorm(*filter(None, [command]), "--help", COLUMNS="80").out.decode()
    assert page.startswith("用法：")
    # Examples keep their lines, and may be wide in English, too.
    assert max(map(cells, page.split("\n"))) <= max(80, *map(cells, english.split("\n")))
    # What is typed is the same; what is said about it is not English: no three words of it in a row.
    for option in re.findall(r"^ +(?:-\w, )?(--[\w-]+)", english, re.MULTILINE):
        assert option in page
    about = [line for line in page.split("\n") if not re.match(r"\s+(zhnorm|cat|find)\b", line)]
    assert not re.search(r"\b[a-z]+ (?!front|matter)[a-z]+ [a-z]+ [a-z]+\b", "\n".join(about))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["clean", "--foo"], "没有 '--foo' 这个选项"),
        (["clean", "--profil", "page"], "是不是 --profile？"),
        (["claen"], "没有命令 'claen'"),
        (["claen"], "提示：是不是 clean？"),
        (["rules", "chek"], "没有命令 'chek'"),
        (["clean", "-o"], "选项 '-o' 要给一个值"),
        (["clean", "--to", "x"], "'--to' 的值无效：'x' 不在这些之中"),
        (["clean", "--threshold", "3"], "threshold：3 不在 70 到 100 之间"),
        (["clean", "--jobs", "x"], "'x' 不是有效的值"),
        (["restore"], "缺少选项 '--ledger'"),
        (["clean", "nothing.txt"], "nothing.txt：没有这个文件"),
        (["read", "nothing.txt"], "nothing.txt：没有这个文件或文件夹"),
        (["explain", "web/share-ba"], "提示：是不是 web/share-bar"),
        (["clean", "--kinds"], "--kinds 是写在账本里的"),
    ],
)
def test_what_goes_wrong_is_said_in_chinese(arguments: list[str], said: str) -> None:
    done = zhnorm(*arguments, LANG="zh_CN.UTF-8", LC_ALL="", LC_MESSAGES="", ZHNORM_LANG="")
    assert done.code in (2, 4)
    assert said in done.err
    assert said not in zhnorm(*arguments).err


def test_what_programs_read_is_the_same_in_every_language(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("雨夜裡的貓\n分享到：微博\n雨中的貓在屋簷下睡著了，一直睡到天黑。\n", "utf-8")
    made = {}
    for language in ("en", "zh-Hans", "zh-Hant"):
        written = ("--ledger", "why.jsonl", "--report", "report.json", "--html", "report.html")
        done = zhnorm("clean", "page.txt", "--lang", language, *written, cwd=tmp_path)
        assert done.code == 0, done
        files = [(tmp_path / name).read_bytes() for name in ("why.jsonl", "report.json", "report.html")]
        lines = zhnorm("explain", "page.txt", "--json", "--lang", language, cwd=tmp_path).out
        made[language] = (done.out, *files, lines)
        assert json.loads(files[1])
    assert made["en"] == made["zh-Hans"] == made["zh-Hant"]


def test_messages_of_other_processes_are_chinese(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a.txt", "b.txt"):
        (tmp_path / "in" / name).write_bytes(b"%PDF-1.7\n" + bytes(100))
    done = zhnorm("clean", "in", "-o", "out", "--jobs", "2", "--lang", "zh-Hant", cwd=tmp_path)
    assert done.code == 3
    assert done.err.count("提示：先取出文字") == 2


@pytest.mark.parametrize("width", range(8, 40))
def test_wrapped_lines_are_narrow_enough_and_hold_everything(width: int) -> None:
    text = "把 page.txt 清理乾淨（連同「標題」），寫到另一個檔案；--in-place 就地改寫。  [預設：off]"
    lines = wrap(text, width)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)
    assert not [line for line in lines if line[0] in "，。；）」]"]
    longest = max(cells(word) for word in ("--in-place", "page.txt", "off]"))
    assert all(cells(line) <= max(width, longest + 2) for line in lines)
