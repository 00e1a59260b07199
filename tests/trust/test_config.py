"""A `zhnorm.toml` that somebody else put there: it is named, found where it belongs, and wrong in every way without harm."""

import os
from pathlib import Path

import pytest

from tests.trust.calls import Caller

SECRET = "root:x:0:0:secret-of-this-machine"
PACK = '[[rule]]\nid = "a"\nabout = "A."\naction = "drop"\nmatch = ["江岸广告*"]\nremoves = ["江岸广告部"]\nkeeps = ["他走了"]\n'


def _config(call: Caller, text: str, name: str = "zhnorm.toml") -> None:
    call.write(name, text=text)


def test_it_is_named_unless_nobody_wants_to_know(call: Caller) -> None:
    call.write("in/a.txt")
    _config(call, '[clean]\nto = "keep"\n')
    assert call("clean", "in/a.txt").err == "zhnorm: settings from zhnorm.toml\n"
    assert call("clean", "in/a.txt", "-q") == (0, "網絡上的一句話，說得很完整。\n", "")
    assert "settings from" in call("stats", "in/a.txt").err
    assert "settings from" in call("explain", "in/a.txt").err
    for arguments in (("--no-config",), ("--config", os.devnull)):
        assert call("clean", "in/a.txt", *arguments) == (0, "网络上的一句话，说得很完整。\n", "")
    _config(call, "", "other.toml")
    assert call("clean", "in/a.txt", "--config", "other.toml").err == ""
    assert call("clean", "in/a.txt", "--config", "other.toml", "-v").err.startswith(
        "zhnorm: settings from other.toml\n"
    )
    done = call("clean", "in/a.txt", "--config", "other.toml", "--no-config")
    assert (done.code, "--config and --no-config" in done.err) == (2, True)


def test_it_is_looked_for_up_to_the_root_of_the_repository(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    _config(call, '[clean]\nto = "keep"\n')
    call.write("repository/deep/er/a.txt")
    monkeypatch.chdir(call.folder / "repository" / "deep" / "er")
    assert "網" not in call("clean", "a.txt").out, "without a repository folders above have nothing to do with this one"
    (call.folder / "repository" / ".git").mkdir()
    assert "網" not in call("clean", "a.txt").out, "what lies above the repository is not part of it"
    _config(call, '[clean]\nto = "keep"\nrules = ["mine.toml"]\n', "repository/zhnorm.toml")
    call.write("repository/mine.toml", text=PACK)
    call.write("repository/deep/er/a.txt", text="網絡上的一句話，說得很完整。\n江岸廣告部\n")
    done = call("clean", "a.txt")
    assert done.out == "網絡上的一句話，說得很完整。\n", "paths in it are relative to it"
    assert done.err.startswith(f"zhnorm: settings from {os.path.join('..', '..', 'zhnorm.toml')}\n")
    _config(call, '[clean]\nto = "hans"\n', "repository/deep/zhnorm.toml")
    assert "網" not in call("clean", "a.txt").out, "the nearest one counts"


BROKEN = {
    "no TOML": ("[clean", "not TOML"),
    "a huge number": ("[clean]\nthreshold = 1" + "0" * 400, "threshold"),
    "a number that is longer than any": ("[clean]\nthreshold = " + "9" * 10_000, "number too large"),
    "a huge number in another base": ("[clean]\nblank_lines = 0x" + "f" * 50_000, "blank_lines"),
    "no number": ("[clean]\nthreshold = nan", "threshold"),
    "a line and a point": ("[clean]\nblank_lines = 1.0", "blank_lines: expected a whole number, got 1.0"),
    "half a line": ("[clean]\nwindow_lines = 50.5", "window_lines: expected a whole number"),
    "nested too deep": ("[clean]\nkeep = " + "[" * 20_000 + "]" * 20_000, "too many brackets"),
    "a date": ("[clean]\nto = 2024-05-17", "to"),
    "a list for a word": ('[clean]\nto = ["hans"]', "to"),
    "a table for a list": ("[clean]\nrules = {a = 1}", "rules: expected a list of files"),
    "a near name": ("[clean]\nthreshhold = 9", "did you mean threshold?"),
    "a near table": ("[claen]\nto = 'hans'", "did you mean clean?"),
    "a setting outside": ("to = 'hans'", "put it under [clean]"),
    "no UTF-8": ("[clean]\n\udcff", "not UTF-8 at byte 9"),
    "a very long name": (f"[clean]\n{'a' * 5000} = 1", "unknown setting"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_bad_content_is_an_error_of_one_line(kind: str, call: Caller) -> None:
    text, said = BROKEN[kind]
    Path("zhnorm.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    call.write("a.txt")
    done = call("clean", "a.txt")
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert done.err.startswith("zhnorm: zhnorm.toml: ")
    assert "--no-config" in done.err
    assert len(done.err) < 1000
    assert call("clean", "a.txt", "--no-config").code == 0


@pytest.mark.parametrize("kind", [kind for kind in BROKEN if kind not in ("a near table", "a setting outside")])
def test_bad_content_of_a_project_is_the_same_error(kind: str, call: Caller) -> None:
    text, said = BROKEN[kind]
    text = text.replace("[clean", "[tool.zhnorm.clean")
    Path("pyproject.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    call.write("a.txt")
    done = call("clean", "a.txt")
    assert (done.code, done.out) == (2, "")
    assert said.replace("byte 9", "byte 21") in done.err
    assert done.err.startswith("zhnorm: pyproject.toml: ")
    assert "--no-config" in done.err
    assert call("clean", "a.txt", "--no-config").code == 0


KEEP = '[tool.zhnorm.clean]\nto = "keep"\n[tool.zhnorm.protect]\nterms = ["臺灣"]\n'


def test_a_project_may_hold_settings(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    call.write("r/sub/a.txt", "r/.git/HEAD")
    _config(call, f'[project]\nname = "x"\n{KEEP}', "r/pyproject.toml")
    monkeypatch.chdir(call.folder / "r" / "sub")
    done = call("clean", "a.txt")
    assert (done.out, done.err) == (
        "網絡上的一句話，說得很完整。\n",
        f"zhnorm: settings from {os.path.join('..', 'pyproject.toml')}\n",
    )
    assert call("clean", "a.txt", "-q", "--to", "hans").out == "网络上的一句话，说得很完整。\n"
    assert call("clean", "a.txt", "--no-config").err == ""
    _config(call, '[clean]\nto = "hans"\n', "r/zhnorm.toml")
    assert call("clean", "a.txt").err == f"zhnorm: settings from {os.path.join('..', 'zhnorm.toml')}\n"
    _config(call, KEEP, "r/sub/pyproject.toml")
    assert call("clean", "a.txt").err == "zhnorm: settings from pyproject.toml\n", "the nearer one counts"


@pytest.mark.parametrize(
    "text",
    ["", '[project]\nname = "x"\n', '[project]\ndependencies = ["zhnorm"]\n', "tool = 1 # zhnorm", "[tool.ruff", "\0"],
)
def test_a_project_that_says_nothing_of_zhnorm_is_passed_over(text: str, call: Caller) -> None:
    call.write("a.txt", ".git/HEAD")
    _config(call, text, "pyproject.toml")
    assert call("clean", "a.txt") == (0, "网络上的一句话，说得很完整。\n", "")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("[project]\n", "[tool.zhnorm.clean] on a line"),
        ("[tool]\nzhnorm = 1\n", "[tool.zhnorm.clean] on a line"),
        ('[tool.zhnorm]\nto = "hans"\n', "put it under [tool.zhnorm.clean]"),
        ("[tool.zhnorm.claen]\n", "did you mean clean?"),
        ('[tool.zhnorm.clean]\nprotect = ["x"]\n', "[tool.zhnorm.protect], then"),
    ],
)
def test_what_is_wrong_in_a_project(text: str, hint: str, call: Caller) -> None:
    call.write("a.txt")
    _config(call, text, "pyproject.toml")
    done = call("clean", "a.txt", "--config", "pyproject.toml")
    assert (done.code, hint in done.err) == (2, True), done


@pytest.mark.parametrize("kind", ["fifo", "folder", "huge"])
def test_a_project_that_is_no_small_file_is_refused(kind: str, call: Caller) -> None:
    call.write("a.txt")
    if kind == "fifo":
        os.mkfifo("pyproject.toml")
    elif kind == "folder":
        os.mkdir("pyproject.toml")
    else:
        with open("pyproject.toml", "wb") as file:
            file.truncate(64 << 20)
    done = call("clean", "a.txt")
    assert (done.code, "--no-config" in done.err) == (2, True)


@pytest.mark.parametrize("what", ["itself", "rules", "dictionary", "protect"])
@pytest.mark.parametrize("kind", ["fifo", "device", "folder", "huge"])
def test_what_is_no_small_file_is_refused_at_once(kind: str, what: str, call: Caller) -> None:
    call.write("a.txt")
    name = "zhnorm.toml" if what == "itself" else "thing.toml"
    if kind == "fifo":
        os.mkfifo(name)
    elif kind == "device":
        os.symlink("/dev/zero", name)
    elif kind == "folder":
        os.mkdir(name)
    else:
        with open(name, "wb") as file:
            file.truncate(64 << 20)
    if what != "itself":
        table = '[protect]\nfiles = ["thing.toml"]\n' if what == "protect" else f'[clean]\n{what} = ["thing.toml"]\n'
        _config(call, table)
    done = call("clean", "a.txt")
    assert (done.code, done.out) == (2, "")
    assert name in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("what", ["rules", "dictionary", "itself"])
def test_no_file_is_shown_in_a_message(what: str, call: Caller) -> None:
    call.write("a.txt")
    call.write("secret", text=f"{SECRET}\n" * 3)
    if what == "itself":
        os.symlink("secret", "zhnorm.toml")
    else:
        _config(call, f'[clean]\n{what} = ["secret"]\n')
    done = call("clean", "a.txt")
    assert done.code == 2
    assert "secret-of" not in done.err
    assert "root" not in done.err


PACKS = {
    "too many rules": ("".join(PACK.replace('"a"', f'"a{n}"', 1) for n in range(2001)), "more than 2,000 rules"),
    "too many patterns": (
        PACK.replace('["江岸广告*"]', str([f"江岸广告{n}" for n in range(20_001)])),
        "20,000 patterns",
    ),
    "a long pattern": (PACK.replace("江岸广告*", "江岸" * 251), "more than 500 characters"),
    "a long example": (PACK.replace("他走了", "走" * 10_001), "more than 10,000 characters"),
    "a long line": (PACK + "max_chars = 1001\n", "max_chars is at most 1,000"),
    "a long mark": (PACK.replace('"drop"', '"trim-suffix"') + "max_chars = 201\n", "max_chars is at most 200"),
    "a number too large": (PACK + "max_chars = " + "9" * 10_000, "number too large"),
    "nested too deep": (PACK + "needs = " + "[" * 20_000, "not TOML"),
    "too large": ("# " + "x" * (2 << 20), "more than 2,097,152 bytes"),
    "a long name": (PACK + "y" * 100_000 + " = 1\n", "unknown field"),
}


@pytest.mark.parametrize("kind", PACKS)
def test_packs_have_a_size(kind: str, call: Caller) -> None:
    text, said = PACKS[kind]
    call.write("mine.toml", text=text)
    for command in (("rules", "check", "mine.toml"), ("clean", "--rules", "mine.toml", os.devnull)):
        done = call(*command)
        assert (done.code, done.out) == (2, "")
        assert said in done.err
        assert len(done.err) < 1500


def test_seconds_can_be_given(call: Caller) -> None:
    call.write(
        "mine.toml",
        text=PACK.replace('"江岸广告*"', '"re:xy(?:a|aa){1,200}b"').replace("江岸广告部", "xyaab")
        + "max_chars = 400\n",
    )
    call.write("a.txt", text="網絡上的一句話，說得很完整。\nxy" + "a" * 300 + "c\n")
    call.write("b.txt")
    done = call("clean", "a.txt", "--rules", "mine.toml", "--max-seconds", "0.05")
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith("zhnorm: a.txt: given up after ")
    done = call("clean", "a.txt", "b.txt", "-o", "out", "--rules", "mine.toml")
    assert done.code == 3
    assert "a.txt: mine/a: the pattern" in done.err
    assert [path.name for path in Path("out").glob("*.txt")] == ["b.txt"]
    assert call("clean", "b.txt", "--max-seconds", "0").code == 2


def test_a_pipe_is_given_up_and_says_so(call: Caller) -> None:
    from tests.command import zhnorm

    call.write(
        "mine.toml",
        text=PACK.replace('"江岸广告*"', '"re:xy(?:a|aa){1,200}b"').replace("江岸广告部", "xyaab")
        + "max_chars = 400\n",
    )
    good = "".join(f"第{number}段說的是河邊的事情，船夫和擺渡的人都在，說得很完整。\n" for number in range(400))
    text = good + "xy" + "a" * 300 + "c\n"
    arguments = ("clean", "--rules", "mine.toml", "--window-lines", "50")
    done = zhnorm(*arguments, stdin=text.encode(), cwd=call.folder)
    assert done.code == 4
    assert "standard input: mine/a: the pattern" in done.err
    whole = zhnorm(*arguments, stdin=good.encode(), cwd=call.folder).out
    assert whole.startswith(done.out)
