"""Look for a pattern that takes long: `python -m fuzz.patterns [--count N] [--seed N]`.

Patterns and regular expressions are put together at random, also from pieces that are known to run away, and tried on lines made to
be slow: the pattern's own words again and again, without the end that it looks for. A pattern may be refused when it is loaded, and
a line given up, but no line may take longer than a good one of its length and one try without end.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from contextlib import suppress

from zhnorm.conversion.fold import key
from zhnorm.errors import LimitError
from zhnorm.rules.check import faults
from zhnorm.rules.match import Matcher
from zhnorm.rules.model import Action, Rule

SECONDS, SECONDS_PER_CHARACTER = 1.5, 50e-6
"""More than a line may take: a try without end, and some looking around."""
LINE_CHARS = 12_000
_ACTIONS: tuple[Action, ...] = ("drop", "cut", "trim-prefix", "trim-suffix", "trim-inside")
_PLAIN = ("*", "#", "：", "｜", "编辑", "广告", "共", "1", "江岸网")
_ATOMS = ("a", "b", "编", "[ab]", "\\w", "\\s", ".", "[^b]", "(?:a|aa)", "(?:a|ab|b)", "(a?)", "(?=a*b)", "(?<=a)", "1")
_TIMES = ("", "", "*", "+", "?", "{1,30}", "{2,}", "{0,200}", "*?", "++")
_FILLERS = ("^", "1", " ", "1,", ":", "(", "编 ", "广告", "编辑。", "<br>", "a", "ab", "aab", "一")


def pattern(dice: random.Random) -> str:
    """A pattern as a user may write it."""
    if dice.random() < 0.5:
        return "".join(dice.choices(_PLAIN, k=dice.randint(1, 6)))
    return f"re:广告{_expression(dice, 3)}{dice.choice(['b', 'x', ''])}"


def _expression(dice: random.Random, depth: int) -> str:
    parts = []
    for _ in range(dice.randint(1, 4)):
        inner = f"(?:{_expression(dice, depth - 1)})" if depth and dice.random() < 0.3 else dice.choice(_ATOMS)
        parts.append(inner + dice.choice(_TIMES))
    return ("|" if dice.random() < 0.2 else "").join(parts)


def lines(dice: random.Random, source: str) -> list[str]:
    """Lines that nearly fit a pattern, for long."""
    plain = source.removeprefix("re:").translate(str.maketrans("#：｜", "1:|", "*()[]{}?+|\\"))
    filler = dice.choice([*_FILLERS, plain or "广"])
    long = filler * (LINE_CHARS // len(filler))
    short = filler * (150 // len(filler) + 1)
    return [long + plain, plain + long, f"广告{short}c", f"他说广告{short}", f"广告{short}。"]


def worst(dice: random.Random) -> tuple[float, str, str]:
    """How many times as long as it may a rule took for one of its lines; its pattern, and what was wrong with the line."""
    action = dice.choice(_ACTIONS)
    source = pattern(dice)
    rule = Rule(
        "my/x", "my", "x", "", action, match=(source,), sentence=dice.random() < 0.5,
        max_chars=200 if action.startswith("trim") else dice.choice([40, 1000]),
    )  # fmt: skip
    if faults(rule):
        return 0.0, source, "refused"
    matcher = Matcher([rule])
    slowest = (0.0, source, "")
    for line in lines(dice, source):
        line_key = key(line)
        begun = time.process_time()
        with suppress(LimitError):
            matcher.hits([line], [line_key], 1, 0)
        share = (time.process_time() - begun) / (SECONDS + SECONDS_PER_CHARACTER * len(line))
        slowest = max(slowest, (share, source, f"{action} {line[:20]}… {len(line)} characters"))
    return slowest


def main(arguments: list[str]) -> int:
    """Try patterns; the exit code says whether one of them took too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    found = sorted((worst(random.Random(chosen.seed + number)) for number in range(chosen.count)), reverse=True)
    for share, source, line in found[:5]:
        print(f"{share:6.2f} of the time it may take: {source!r} on {line}")
    return found[0][0] > 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
