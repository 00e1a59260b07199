"""What the words of chrome say: makes `data/words/chrome.tsv`.

    python -m training.chrome FILE ...

Each file holds labelled lines, `LABEL<TAB>TEXT` one a line. The label `content` is text; a part of it in ⟦ ⟧ is none. Every other label is a
line that a page printed around its text.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Collection, Iterator
from itertools import pairwise
from math import log2
from pathlib import Path

from zhnorm.conversion.fold import fold
from zhnorm.conversion.lexicon import UNITS, lexicon
from zhnorm.text.chrome import CHROME, Weights, tokens

TABLE = Path(__file__).parents[1] / "src" / "zhnorm" / CHROME
LONGEST = 50
"""A longer line is a notice, and made of the words of text."""
GLUED = 2
"""What stands inside of text counts so many times."""
GENERAL = 60_000
"""The lexicon's counts weigh as much as a text of so many words."""
UNSEEN = 0.7
"""How often a word that was not seen is thought to be seen."""
EDGES = 2
"""So many more occurrences of a word are thought to be spread over its places as those of all words."""
MOST, LEAST = 7, -4
RAREST = 4
TERM, BOUND = 6, 0.25
"""Two or three words are a term if pages print them side by side so often, and so often where they print the rarer one."""


class _Counts:
    """How often words stand in text and in chrome, and at their edges."""

    def __init__(self, terms: Collection[str]) -> None:
        self.terms = terms
        self.chrome: Counter[str] = Counter()
        self.text: Counter[str] = Counter()
        self.first: Counter[str] = Counter()
        self.last: Counter[str] = Counter()
        self.begins: Counter[str] = Counter()

    def add_chrome(self, text: str, times: int = 1) -> None:
        found = tokens(fold(text), 0, len(text), self.terms)
        words = [token.word for token in found if token.is_word]
        for token in found:
            self.chrome[token.word] += times
        for counter, edge in ((self.first, words[:1]), (self.last, words[-1:])):
            counter.update(edge * times)

    def add_text(self, text: str) -> None:
        is_open = True
        for token in tokens(fold(text), 0, len(text), self.terms):
            self.text[token.word] += 1
            if token.is_word and is_open:
                self.begins[token.word] += 1
            if token.word != " ":
                is_open = not token.is_word


def main() -> None:
    """Write the table."""
    labelled = [row for path in sys.argv[1:] for row in _rows(path)]
    terms: set[str] = set()
    for _ in range(2):
        terms |= _terms([text for label, text in labelled if label != "content"], terms)
    counts = _Counts(terms)
    for label, text in labelled:
        if label == "content":
            for part in re.findall("⟦(.*?)⟧", text):
                counts.add_chrome(part, GLUED)
            counts.add_text(re.sub("⟦.*?⟧", "", text))
        elif len(text) < LONGEST:
            counts.add_chrome(text)
    rows = sorted(_table(counts).items())
    body = "".join(f"{word}\t{chr(9).join(map(str, found))}\n" for word, found in rows)
    TABLE.write_text(
        "# What a word says for chrome, in tenths of a bit: that it stands in it, ends it, begins it; that text begins with it. "
        f"Made by `python -m training.chrome`.\n{body}",
        "utf-8",
    )


def _rows(path: str) -> Iterator[tuple[str, str]]:
    for line in Path(path).read_text("utf-8").split("\n"):
        label, tab, text = line.partition("\t")
        if tab:
            yield label, text


def _terms(lines: list[str], known: set[str]) -> set[str]:
    """What stands side by side in chrome so often that it is one word of it."""
    alone: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for line in lines:
        words = [token.word for token in tokens(fold(line), 0, len(line), known)]
        alone.update(words)
        pairs.update(pairwise(words))
    return {
        one + other
        for (one, other), count in pairs.items()
        if count >= TERM and count >= BOUND * min(alone[one], alone[other]) and min(one[0], other[0]) >= "\u3400"
    }


def _table(counts: _Counts) -> dict[str, Weights]:
    chrome, text = sum(counts.chrome.values()), sum(counts.text.values())
    ending = sum(counts.last.values()) / sum(count for word, count in counts.chrome.items() if word[0].isalnum())
    opening = sum(counts.begins.values()) / sum(count for word, count in counts.text.items() if word[0].isalnum())
    table = {}
    for word in counts.chrome.keys() | counts.text.keys():
        if counts.chrome[word] + counts.text[word] < RAREST or (word.isspace() and word != " "):
            continue
        share = (counts.text[word] + GENERAL * _general(word, counts.text[word] / text)) / (text + GENERAL)
        inside = log2((counts.chrome[word] + UNSEEN) / (chrome * share + UNSEEN))
        edges = [
            log2((edge[word] + EDGES * usual) / (all_places[word] + EDGES) / usual)
            for edge, all_places, usual in (
                (counts.last, counts.chrome, ending),
                (counts.first, counts.chrome, ending),
                (counts.begins, counts.text, opening),
            )
        ]
        table[word] = Weights(*(round(10 * max(LEAST, min(MOST, each))) for each in (inside, *edges)))
    return table


def _general(word: str, seen: float) -> float:
    """How often a word occurs in text in general."""
    cost = lexicon().cheapest(word)[0] if len(word) > 2 else lexicon().cost(word)
    return seen if word[0] < "\u3400" else 0.0 if cost is None else 2 ** (-cost / UNITS)


if __name__ == "__main__":
    main()
