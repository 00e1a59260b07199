"""Proving rules: a rule acts on its own true examples and leaves its false ones alone, or it does not run."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..arrays.expressions import expression
from ..conversion.fold import key
from ..errors import RulesError
from ..limits import check_time
from .match import Hit, Matcher
from .model import Pack, Rule
from .pattern import REGEX_PREFIX, STAR, Limited, anchors, compile_pattern, literals, normalise

__all__ = ["Failure", "check", "faults", "lint"]

_OPEN, _CLOSE = "⟦", "⟧"
_SHORT_LITERAL_CHARS = 3
_NEAR_MISS_CHARS = 2
_ESCAPED = expression(r"\\.")
_DOUBTFUL = expression(r"\{[^{}0-9,]|\[:\^?\w+:\]")
"""What engines of expressions read in two ways."""
_UNBOUNDED = expression(r"[*+]|\{\d*,\}")


@dataclass(frozen=True, slots=True)
class Failure:
    """A rule did not do on one of its examples what the example says.

    >>> print(Failure("web/ad", "广告", "must match, but no pattern does"))
    web/ad: '广告' must match, but no pattern does
    """

    rule: str
    example: str
    reason: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.example!r} {self.reason}"


def check(pack: Pack) -> list[Failure]:
    """Every example of the pack that its rule fails. Each rule is tried alone, in the zone it is meant for.

    Args:
        pack: the pack.

    >>> rule = Rule("my/ad", "my", "ad", "", "drop", match=("广告",), removes=("廣告",), keeps=("广告很多",))
    >>> check(Pack("my", "", (rule,)))
    []
    """
    return [failure for rule in pack.rules for failure in _check_rule(rule)]


def _check_rule(rule: Rule) -> list[Failure]:
    check_time()
    matcher = Matcher([rule])
    failures = []
    for example in rule.removes:
        reason = _missed(rule, matcher, example)
        if reason:
            failures.append(Failure(rule.name, example, reason))
    for example in rule.keeps:
        hit = _hit(matcher, example)
        if hit is not None:
            failures.append(Failure(rule.name, example, f"must stay, but {hit.pattern!r} matches"))
    return failures


def _hit(matcher: Matcher, text: str) -> Hit | None:
    return next(iter(matcher.hits([text], [key(text)], 1, 0)), None)


def _missed(rule: Rule, matcher: Matcher, example: str) -> str:
    """Why the example is not removed as it says; "" if it is."""
    text = example.replace(_OPEN, "").replace(_CLOSE, "")
    hit = _hit(matcher, text)
    if hit is None:
        return "must match, but no pattern does"
    if not rule.is_trim and _OPEN not in example:
        return "" if hit.stop - hit.start == len(text) else f"loses only {text[hit.start : hit.stop]!r}"
    start, close = example.find(_OPEN), example.find(_CLOSE)
    if start < 0 or close < start:
        return f"does not mark the part that goes with {_OPEN} {_CLOSE}"
    gone = text[hit.start : hit.stop]
    return "" if (hit.start, hit.stop) == (start, close - 1) else f"loses {gone!r}"


def faults(rule: Rule) -> list[str]:
    """What makes a rule unfit to run: nothing to match, matches everything, an expression that can run away.

    >>> faults(Rule("my/nav", "my", "nav", "", "drop", match=("re:(a*首页a*)+",)))[0]
    "pattern 're:(a*首页a*)+' repeats a repetition: it could run for hours on one line"
    """
    if not rule.match and not rule.words and not rule.read:
        return ["neither match nor words: there is nothing to look for"]
    found = [f"the word {word!r} is empty without its marks" for word in rule.words if not key(word)]
    if rule.is_trim and rule.words:
        found.append("words describe whole lines; a trim needs match")
    if rule.below == "links" and rule.action != "cut":
        found.append('below = "links" is for action = "cut" alone')
    if rule.action != "trim-inside" and (rule.needs or rule.slack) and not (rule.words and rule.needs):
        found.append("needs and slack go with words, and slack with needs")
    if rule.read and (rule.action != "trim-inside" or not rule.needs):
        found.append('read is for action = "trim-inside", with needs')
    found += [f"the needed word {need!r} has fewer than two letters" for need in rule.needs if len(key(need)) < 2]
    if rule.parts != "none" and rule.is_trim:
        found.append('parts is for action = "drop" or "cut": a trim looks at parts anyway')
    for source, form in zip(rule.match, normalise(rule.match), strict=True):
        reason = _fault(rule, source, form)
        if reason:
            found.append(f"pattern {source!r} {reason}")
    if not found:
        try:
            Matcher([rule])
        except RulesError as error:
            found.append(error.message)
    return found


def _fault(rule: Rule, source: str, form: str) -> str:
    if source.startswith(REGEX_PREFIX):
        if not source[len(REGEX_PREFIX) :]:
            return "is empty"
        if _DOUBTFUL.search(_ESCAPED.sub("", source)):
            return "has a { or a [: that may be more than a mark: put \\ in front of it"
        if _repeats_repetition(source):
            return "repeats a repetition: it could run for hours on one line"
        if not literals(form) and not (rule.action == "trim-inside" and rule.needs):
            return "must hold two plain characters outside of groups and choices"
    elif not literals(form):
        return "is empty without its marks" if not set(source) & set("*#：:｜|") else "would match every line"
    if rule.action == "trim-prefix" and (form.endswith(STAR) or not anchors(form)[0]):
        return "must begin with plain characters and must not end with * (trim-prefix)"
    if rule.action in ("trim-suffix", "trim-inside") and form.startswith(STAR):
        return f"must not begin with * ({rule.action})"
    try:
        compiled = compile_pattern(form, rule.action, sentence=rule.sentence)
        if source.startswith(REGEX_PREFIX):
            Limited(compiled, rule.name)
    except (re.error, OverflowError) as error:
        return f"is not a regular expression: {error}"
    except RecursionError:
        return "is not a regular expression: its groups are nested too deep"
    return ""


def _repeats_repetition(expression: str) -> bool:
    """Whether a group that holds an unbounded repetition is itself repeated, as in `(a+)*`.

    Possessive and atomic forms (`a++`, `(?>...)`) are seen as repetitions too: they are rarely needed here.
    """
    plain = re.sub(r"\\.", "x", expression)
    plain = re.sub(r"\[[^\]]*\]", "x", plain)
    while True:
        inner = re.search(r"\(([^()]*)\)([*+]|\{\d*,\d*\})?", plain)
        if inner is None:
            return False
        repeated = inner.group(2) is not None
        holds = _UNBOUNDED.search(inner.group(1).removeprefix("?>")) is not None or "\1" in inner.group(1)
        if repeated and holds:
            return True
        plain = plain[: inner.start()] + ("\1" if holds else "x") + plain[inner.end() :]


def lint(rule: Rule) -> list[str]:
    """What is allowed but often a mistake.

    >>> lint(Rule("my/x", "my", "x", "", "drop", match=("*关注*",), removes=("关注",), keeps=("好",)))[0]
    "pattern '*关注*' is open at both ends and holds only 2 characters: it will match ordinary text"
    """
    warnings = []
    for source, form in zip(rule.match, normalise(rule.match), strict=True):
        size = sum(map(len, literals(form)))
        is_open = form.startswith(STAR) and form.endswith(STAR)
        if is_open and size < _SHORT_LITERAL_CHARS and rule.where == "anywhere":
            warnings.append(
                f"pattern {source!r} is open at both ends and holds only {size} characters: it will match ordinary text"
            )
    spoken = set("".join("".join(literals(form)) for form in normalise(rule.match)) + key("".join(rule.words)))
    near = [example for example in rule.keeps if len(spoken & set(key(example))) >= min(len(spoken), _NEAR_MISS_CHARS)]
    if not near:
        warnings.append("no line in keeps is a near miss: use ordinary sentences with the rule's own words")
    return warnings
