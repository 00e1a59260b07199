"""Whether what a line of a page holds of another one was printed into it, or is said there by whoever wrote it.

A program prints the title, a heading, the caption of a picture, or a sentence of another post into a line wherever that stood on the page: behind a
full stop, behind a comma, in front of everything, often without so much as a space. A writer who says the same again makes it a part of a sentence,
which leads to it and goes on behind it. No sign of that is sure, so each has a weight, in tenths of a bit, that was learned (`python -m
training.copies`) and can be read (`data/reading/copies.tsv`): their sum says how much likelier it is that a program printed it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import NamedTuple

from ..package_data import data_path
from ..text.recurring import Twice, said_twice
from ..text.seams import seams
from .copy_signs import Candidate, Page, of_seams

__all__ = ["ALWAYS", "TABLE", "Copy", "copies", "signs_of"]

TABLE = "reading/copies.tsv"
ALWAYS = "always"
"""The row of the table that every copy begins with."""
_HOPELESS = -80
"""With less from its lines alone nothing around a copy makes it one."""


class Copy(NamedTuple):
    """What a line holds of another one.

    Attributes:
        line: the index of the line.
        start, stop: where in it, with the marks that both lines have around it.
        source: the index of the line that it is of.
        is_title: whether that is the title.
        is_whole: whether it says nothing else.
        evidence: how much likelier it is that a program printed it than that somebody wrote it there, in tenths of a bit.
    """

    line: int
    start: int
    stop: int
    source: int
    is_title: bool
    is_whole: bool
    evidence: int


def copies(pages: Sequence[Page]) -> list[list[Copy]]:
    """What the lines of pages hold of other lines of theirs, from left to right, and the evidence that it was printed there. What is hopeless is left out.

    >>> lines = ["渡口的最后一班船，开走了六十年", "船工说明天起不再开了。渡口的最后一班船，开走了六十年码头上站着二十多人，都来送行。"]
    >>> ((found,),) = copies([Page(lines, None, lambda line: "sentences" if line else "title")])
    >>> lines[1][found.start : found.stop], found.source, found.evidence > 0
    ('渡口的最后一班船，开走了六十年', 0, True)
    """
    every = said_twice([page.texts for page in pages])
    hopeful = [
        [(each, evidence) for twice in found if (evidence := _of_lines(each := Candidate(page, twice))) is not None]
        for page, found in zip(pages, every, strict=True)
    ]
    torn = _torn([each for found in hopeful for each, _ in found])
    return [[_copy(each, evidence, next(torn)) for each, evidence in found] for found in hopeful]


def _of_lines(candidate: Candidate) -> int | None:
    """The evidence of the lines alone; None if it is hopeless."""
    if candidate.is_said:
        # Most are, and this costs least.
        return None
    evidence = _weights()[ALWAYS] + _sum(candidate.of_lines())
    return None if evidence < _HOPELESS or candidate.is_none() else evidence


def _copy(candidate: Candidate, evidence: int, torn: Sequence[int | None]) -> Copy:
    source = candidate.source
    evidence += _sum(candidate.of_place()) + _sum(of_seams(torn))
    return Copy(
        *(candidate.twice.line, *candidate.span, source.line),
        *(candidate.is_title, source.begins and source.ends),
        evidence,
    )


def signs_of(page: Page, found: Sequence[Twice]) -> Iterator[Iterator[str]]:
    """What speaks for each copy or against it, each by its name in the table."""
    candidates = [Candidate(page, twice) for twice in found]
    for each, torn in zip(candidates, _torn(candidates), strict=True):
        yield chain(each.of_lines(), each.of_place(), of_seams(torn))


def _torn(candidates: Sequence[Candidate]) -> Iterator[tuple[int | None, ...]]:
    """Whether the text goes on around each, all read at once."""
    places = [place for each in candidates for place in each.sides()]
    # The network is not loaded for nothing.
    evidence = iter(seams().evidence(places) if places else ())
    return zip(evidence, evidence, evidence, strict=True)


def _sum(signs: Iterable[str]) -> int:
    weights = _weights()
    return sum([weights.get(sign, 0) for sign in signs])


@cache
def _weights() -> Mapping[str, int]:
    with open(data_path(TABLE), encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file if not line.startswith("#")]
    return {sign: int(tenths) for sign, tenths in rows}
