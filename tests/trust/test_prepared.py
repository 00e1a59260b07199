"""Tables that a wheel brings along say what would be made, or they are not believed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from zhnorm.conversion.dictionaries import dictionary_folder
from zhnorm.conversion.prepared import DICTIONARIES

from ..command import SOURCE, environment, zhnorm

EXAMPLE = Path(__file__).parents[2] / "examples" / "article.txt"
SETTINGS = [{}, {"profile": "page"}, {"to": "tw"}, {"packs": ("web",)}]
FOUND = """
import json, zhnorm.cleaner
from zhnorm.conversion import prepared

missing = prepared.missing()
print(json.dumps([name not in missing for name, maker in prepared._makers.items() if not maker.alone]))
"""
RESULTS = f"""
import json, sys, zhnorm

text = open(sys.argv[1], encoding="utf-8").read()
for settings in {SETTINGS!r}:
    cleaner = zhnorm.Cleaner(**settings)
    result = cleaner.explain(text)
    print(json.dumps([cleaner.digest, result.text, repr(result.changes)]))
"""
READ = """
import json
from zhnorm.conversion import dictionaries

read, bundled = set(), dictionaries.bundled
dictionaries.bundled = lambda name, alternatives=False: read.add(name) or bundled(name, alternatives)
import zhnorm.cleaner
from zhnorm.conversion import prepared

for maker in prepared._makers.values():
    maker.make()
print(json.dumps(sorted(read)))
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package with its tables, as a wheel has it."""
    folder = tmp_path_factory.mktemp("package") / "zhnorm"
    shutil.copytree(SOURCE / "zhnorm", folder, ignore=shutil.ignore_patterns("prepared", "__pycache__"))
    make = f"import zhnorm.cleaner; from zhnorm.conversion import prepared; prepared.write_prepared({str(_tables(folder))!r})"
    _python(folder, make)
    return folder


@pytest.fixture
def changed(package: Path, tmp_path: Path) -> Path:
    """Another copy, to be changed."""
    shutil.copytree(package, tmp_path / "zhnorm")
    return tmp_path / "zhnorm"


def _tables(package: Path) -> Path:
    return package / "data" / "prepared"


def _python(package: Path, code: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True, text=True, check=True, env=environment(PYTHONPATH=str(package.parent)),
    )  # fmt: skip
    return done.stdout


def _found(package: Path) -> set[bool]:
    """Whether the tables are believed."""
    return set(json.loads(_python(package, FOUND)))


def test_the_results_are_the_same_with_tables_and_without(package: Path, changed: Path) -> None:
    shutil.rmtree(_tables(changed))
    assert (_found(package), _found(changed)) == ({True}, {False})
    assert _python(package, RESULTS, str(EXAMPLE)) == _python(changed, RESULTS, str(EXAMPLE))


def test_a_pack_of_one_s_own_joins_the_tables(package: Path, changed: Path, tmp_path: Path) -> None:
    """Its drops go before the trims of the built-in packs."""
    pack = tmp_path / "mine.toml"
    pack.write_text(
        '[[rule]]\nid = "slogan"\nabout = "Slogans."\naction = "drop"\nmatch = ["青石*桥"]\nwords = ["好桥", "长桥"]\n'
        'removes = ["青石大桥", "好桥长桥"]\nkeeps = ["大桥"]\n',
        "utf-8",
    )
    page = "青石大橋\n橋上的人都來看水，一直看到天黑。\n長橋好橋\n分享到：微博\n".encode()
    shutil.rmtree(_tables(changed))
    results = [
        zhnorm(
            "clean", "--rules", pack, "--ledger", tmp_path / "why.jsonl", stdin=page, PYTHONPATH=str(each.parent)
        ).out
        + (tmp_path / "why.jsonl").read_bytes()
        for each in (package, changed)
    ]
    assert results[0] == results[1]
    assert results[0].startswith("桥上的人都来看水，一直看到天黑。\n{".encode())


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data[: len(data) // 2],
        lambda data: data + b"\0",
        lambda data: data.replace(b"\n", b"", 1),
        lambda data: data[:100] + bytes([data[100] ^ 1]) + data[101:],
        lambda data: b"\0" * len(data),
        lambda data: b"i\0\0\0\0",
    ],
    ids=["empty", "torn at the end", "torn", "longer", "no head", "one bit", "zeros", "something else"],
)  # fmt: skip
def test_what_is_broken_is_made_anew(changed: Path, harm: Callable[[bytes], bytes]) -> None:
    for path in _tables(changed).iterdir():
        path.write_bytes(harm(path.read_bytes()))
    assert _found(changed) == {False}
    assert zhnorm("clean", stdin="分享到：微博\n網絡".encode(), PYTHONPATH=str(changed.parent)).out.decode() == "网络"


@pytest.mark.parametrize(
    ("name", "believed"),
    [
        ("data/packs/web.toml", {True, False}),
        ("rules/pattern.py", {True, False}),
        ("data/script/simplified/words.tsv", {False}),
        ("conversion/fold.py", {False}),
    ],
)
def test_what_is_older_than_its_sources_is_made_anew(changed: Path, name: str, believed: set[bool]) -> None:
    """Of what texts are made of, everything; of a rule, the tables of rules."""
    (changed / name).write_bytes((changed / name).read_bytes() + b"# changed\n")
    assert _found(changed) == believed


def test_an_edited_pack_is_in_force(changed: Path) -> None:
    pack = changed / "data" / "packs" / "web.toml"
    rule = '\n[[rule]]\nid = "mine"\nabout = "Mine."\naction = "drop"\nmatch = ["青石大桥"]\nremoves = ["青石大桥"]\nkeeps = ["大桥"]\n'
    pack.write_text(pack.read_text("utf-8") + rule, "utf-8")
    text = "橋上的人都來看水，一直看到天黑。\n青石大橋\n"
    assert (
        zhnorm("clean", stdin=text.encode(), PYTHONPATH=str(changed.parent)).out.decode()
        == "桥上的人都来看水，一直看到天黑。\n"
    )


def test_other_dictionaries_are_noticed(changed: Path) -> None:
    there = changed.parent / "others"
    shutil.copytree(dictionary_folder(), there)
    info = changed.parent / "opencc_python_reimplemented-9.9.dist-info"
    info.mkdir()
    (info / "RECORD").write_text("others/TSCharacters.txt,,\n", "utf-8")
    assert _found(changed) == {True}
    with (there / "TSPhrases.txt").open("a", encoding="utf-8") as file:
        file.write("乾了又乾\t干了又干\n")
    assert _found(changed) == {False}
    (there / "TSPhrases.txt").unlink()
    assert _found(changed) == {False}


def test_the_digest_covers_every_dictionary_that_is_read(package: Path) -> None:
    assert json.loads(_python(package, READ)) == list(DICTIONARIES)
