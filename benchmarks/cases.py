"""Conversion beside OpenCC's own test cases: how many come out the same, and what differs, by kind.

    python benchmarks/cases.py opencc/test/testcases/testcases.json            one line a direction
    python benchmarks/cases.py testcases.json --differences                    and every difference
    python benchmarks/cases.py testcases.json --direction s2tw --differences

The file is that of OpenCC's repository, which is not part of this one (comments in it and commas at the ends of lists are
passed over). Its cases for `t2s` are asked of `hans` as well. What differs is told apart into the kinds that
docs/conversion.md explains; a difference of no kind is worth a look.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from pathlib import Path

from zhnorm import Converter
from zhnorm.conversion.characters import character_map, rows
from zhnorm.conversion.convert import DIRECTIONS
from zhnorm.conversion.spellings import read_rows

PLAIN = ("tw2t", "hk2t", "t2tw", "t2hk", "t2jp", "jp2t")
"""Directions without words: what the installed dictionaries make of them, and nothing else."""


def load(path: Path) -> list[dict[str, dict[str, str]]]:
    text = "\n".join(line for line in path.read_text("utf-8").split("\n") if not line.lstrip().startswith("//"))
    cases: list[dict[str, dict[str, str]]] = json.loads(re.sub(r",(\s*[}\]])", r"\1", text))["cases"]
    return cases


def kind(source: str, got: str, wanted: str, direction: str) -> str:
    """What a difference is about."""
    if direction in ("s2twp", "tw2sp") and len(got) != len(wanted):
        return "vocabulary"
    pairs = {(a, b) for a, b in zip(got, wanted, strict=False) if a != b}
    if direction == "hans" and all(any(a == row.becomes for row in read_rows("simplified")) for a, _ in pairs):
        usage = {row.becomes for row in read_rows("simplified") if row.table == "usage"}
        if all(a in usage for a, _ in pairs):
            return "the mainland's spelling"
    if all(b in source and a != b for a, b in pairs):
        return "a Traditional character is left alone or brought to the standard"
    if direction in ("s2twp", "tw2sp") and any(row[0] in source for row in rows("taiwan") if "(" not in row[0]):
        return "vocabulary"
    table = character_map()
    if all(a.translate(table) == b.translate(table) for a, b in pairs):
        return "another form of the character"
    return "another character"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path, help="OpenCC's testcases.json")
    parser.add_argument("--direction", action="append", help="only this one")
    parser.add_argument("--differences", action="store_true", help="print each difference")
    wish = parser.parse_args()
    cases = load(wish.cases)
    asked = [(name, case) for case in cases for name in case["expected"] if name in DIRECTIONS and name not in PLAIN]
    asked += [("hans", case) for name, case in asked if name == "t2s"]
    for direction in wish.direction or sorted({name for name, _ in asked}):
        converter = Converter(direction)
        mine = [case for name, case in asked if name == direction]
        kinds: Counter[str] = Counter()
        shown = []
        for case in mine:
            source, wanted = str(case["input"]), case["expected"]["t2s" if direction == "hans" else direction]
            got = converter.convert(source)
            if got != wanted:
                found = kind(source, got, wanted, direction)
                kinds[found] += 1
                shown.append((found, source, got, wanted))
        same = len(mine) - len(shown)
        print(f"{direction:6} {same:3} of {len(mine):3}  {same / max(1, len(mine)):.2f}   {dict(kinds) or ''}")
        if wish.differences:
            for found, *texts in sorted(shown):
                print(f"    {found}")
                for label, text in zip(("text", "here", "OpenCC"), texts, strict=True):
                    print(f"      {label:7}{text}")


if __name__ == "__main__":
    main()
