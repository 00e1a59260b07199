"""Patterns: one language, whichever engine runs it, and none of them without end."""

import re
import subprocess
import sys
import time
from contextlib import suppress

import pytest
from fuzz.patterns import main, pattern, worst

from zhnorm.conversion.fold import fold, key
from zhnorm.errors import LimitError
from zhnorm.rules import load_pack
from zhnorm.rules.check import faults
from zhnorm.rules.load import builtin_packs
from zhnorm.rules.match import Matcher
from zhnorm.rules.model import Rule
from zhnorm.rules.pattern import Limited, compile_pattern, normalise

BUILTIN = [rule for name in builtin_packs() for rule in load_pack(name).rules]
EXPRESSIONS = [(rule, source) for rule in BUILTIN for source in rule.match if source.startswith("re:")]
EXAMPLES = [fold(line.replace("⟦", "").replace("⟧", "")) for rule in BUILTIN for line in (*rule.removes, *rule.keeps)]


@pytest.mark.parametrize(("rule", "source"), EXPRESSIONS, ids=lambda value: getattr(value, "name", ""))
def test_both_engines_say_the_same(rule: Rule, source: str) -> None:
    plain = compile_pattern(normalise([source])[0], rule.action, sentence=rule.sentence)
    limited = Limited(plain, rule.name)
    for line in EXAMPLES:
        for one, other in ((plain.match(line), limited.match(line)), (plain.search(line, 1), limited.search(line, 1))):
            assert (one and one.span()) == (other and other.span()), line
        assert [found.span() for found in plain.finditer(line)] == [found.span() for found in limited.finditer(line)]


@pytest.mark.parametrize(("rule", "source"), EXPRESSIONS, ids=lambda value: getattr(value, "name", ""))
def test_expressions_of_the_package_need_no_limit(rule: Rule, source: str) -> None:
    """They run in the engine of the standard library, which has none, so lines made to be slow must not make them slow."""
    plain = compile_pattern(normalise([source])[0], rule.action, sentence=rule.sentence)
    tried = plain.search if rule.action in ("trim-suffix", "trim-inside") else plain.match
    most = 4 * rule.max_chars + 64
    own = [line for example in rule.removes for line in (fold(example), fold(example)[:-1])]
    begun = time.process_time()
    for piece in ("a", "1", "编", " ", ":", "(", ".", "-", "/", "a.", "编辑:小满 ", "<br", *own):
        for line in (piece * (most // len(piece) + 1), own[0] + piece * (most // len(piece) + 1)):
            tried(line[:most])
    assert time.process_time() - begun < 2


RUNAWAY = [
    "(a+)+b", "(?:a|aa){1,200}b", "(a?){40}a{40}b", "(?:a{1,3}){1,200}b", "(?=(?:a|aa){1,100}c)a+b", "(?:a?a?a?){1,100}b",
    "(?:(?:a|ab|b)(?:a|b)?)*c", "(a|aa|aaa)*b", "(?:(a)|a)*?b",
]  # fmt: skip


@pytest.mark.parametrize("source", RUNAWAY)
def test_no_expression_runs_for_long(source: str) -> None:
    begun = time.process_time()
    for line in ("a" * 1000 + "c", "ab" * 500, "a" * 1000):
        with suppress(LimitError):
            Limited(re.compile(source), "my/rule").match(line)
    assert time.process_time() - begun < 5


def test_rules_of_ones_own_are_limited_and_others_are_not() -> None:
    own = Rule("my/x", "my", "x", "", "drop", match=("re:xy(?:a|aa){1,200}b",), max_chars=400)
    line = "xy" + "a" * 300 + "c"
    with pytest.raises(LimitError):
        Matcher([own]).hits([line], [key(line)], 1, 0)
    assert type(Matcher([own])._made([0])[0].expression) is Limited
    assert type(Matcher([own], builtin=1)._made([0])[0].expression) is re.Pattern


def test_the_other_engine_is_loaded_for_expressions_of_ones_own_alone() -> None:
    code = "import sys, zhnorm\nzhnorm.clean('責編：小滿 校對：小雨\\n走了很遠的路。\\n' * 9)\nprint('regex' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("re:广告(a|aa)+b", ""),
        ("re:广告{e<=1}", "more than a mark"),
        ("re:广告[[:alpha:]]", "more than a mark"),
        ("re:广告\\{e\\}", ""),
        ("re:广告[:|]", ""),
        ("re:广告" + "(?:" * 2000 + "a" + ")" * 2000, "nested too deep"),
        ("re:广告a{99999999999999999999}", "not a regular expression"),
        ("re:广告(?R)", "not a regular expression"),
        ("re:广告\\p{Han}", "more than a mark"),
        ("re:广告(", "not a regular expression"),
    ],
)
def test_what_is_no_expression_is_refused(source: str, said: str) -> None:
    found = faults(Rule("my/x", "my", "x", "", "drop", match=(source,)))
    assert any(said in fault for fault in found) if said else not found, found


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("编辑*：", "编辑" + "^" * 60_000),
        ("*编辑*：", "^" * 60_000),
        ("#编辑", "1," * 30_000),
        ("｜编辑", "^" * 60_000),
    ],
)
def test_marks_and_digits_in_a_row_cost_no_more_than_their_number(form: str, text: str) -> None:
    is_inside = form[0] in "#｜"
    compiled = compile_pattern(normalise([form])[0], "trim-inside" if is_inside else "drop", sentence=False)
    begun = time.process_time()
    assert (compiled.search if is_inside else compiled.match)(text) is None
    assert time.process_time() - begun < 1


def test_patterns_put_together_at_random_end(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--count", "40", "--seed", "9000"]) == 0, capsys.readouterr().out


def test_the_search_for_slow_patterns_finds_one(monkeypatch: pytest.MonkeyPatch) -> None:
    import random

    monkeypatch.setattr("fuzz.patterns.SECONDS", 0.0)
    monkeypatch.setattr("fuzz.patterns.SECONDS_PER_CHARACTER", 1e-9)
    assert max(worst(random.Random(seed))[0] for seed in range(12)) > 1
    assert {pattern(random.Random(seed))[:3] == "re:" for seed in range(12)} == {True, False}
