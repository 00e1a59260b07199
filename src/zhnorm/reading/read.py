"""Reading pages: the lines of many at once, each with the probability of every kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from ..conversion.fold import folds_of, key
from .article import Pages
from .chances import chances
from .kinds import KINDS
from .line_features import Hits, own_features
from .network import Scores, network
from .surroundings import around_features

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Alone", "Known", "Lines", "Readings", "kinds_of", "read"]


class Alone(NamedTuple):
    """What is seen of lines by themselves, a row for each.

    Attributes:
        own: features, between about 0 and 1, or the logarithms of sizes, in the order of `OWN`.
        numbers: what they and the words become (see `Network.alone`).
    """

    own: NDArray[Any]
    numbers: NDArray[Any]


class Known:
    """How lines fold: one that comes again, on the same page or another one, is folded once."""

    def __init__(self) -> None:
        self._folds: dict[str, str] = {}

    def folds(self, texts: Sequence[str]) -> list[str]:
        """The folds of texts, those of new ones made all at once."""
        new = [text for text in dict.fromkeys(texts) if text not in self._folds]
        self._folds.update(zip(new, folds_of(new), strict=False))
        return [self._folds[text] for text in texts]


@dataclass
class Lines:
    """The lines of pages, one page after the other, that say something.

    Attributes:
        texts, keys: the lines as they show, and what they say (see `conversion.fold`).
        hits: those that a rule matches, by their place among these lines.
        links: which share of each is the text of links, 0 to 1.
        starts: the first line of each page. No page is empty.
        before: the places of those that are among lines which were looked at before, else None.
        earlier: what was seen of these.
        known: how lines fold that came before.
    """

    texts: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    hits: Hits = field(default_factory=dict)
    links: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    before: list[int | None] = field(default_factory=list)
    earlier: Alone | None = None
    known: Known = field(default_factory=Known)

    def add(
        self,
        texts: Sequence[str],
        keys: Sequence[str],
        hits: Hits,
        links: Sequence[float] | None = None,
        before: Sequence[int | None] | None = None,
    ) -> None:
        """Add the lines of a page, at least one."""
        start = len(self.texts)
        self.starts.append(start)
        self.texts += texts
        self.keys += keys
        self.links += links or [0.0] * len(texts)
        self.before += before or [None] * len(texts)
        self.hits.update({start + place: hit for place, hit in hits.items()})
        for made in ("folds", "pages"):
            self.__dict__.pop(made, None)

    @cached_property
    def folds(self) -> list[str]:
        """The fold of each line."""
        return self.known.folds(self.texts)

    @cached_property
    def pages(self) -> Pages:
        """The pages that the lines are of."""
        import numpy as np

        return Pages(np.array(self.starts), len(self.keys))

    def look(self) -> Alone:
        """What is seen of the lines by themselves.

        >>> from .line_features import OWN
        >>> lines = Lines()
        >>> lines.add(["青石网", "今天下午，新馆向读者开放了。"], ["青石网", "今天下午新馆向读者开放了"], {})
        >>> lines.look().own[:, OWN.index("full-stop")].tolist()
        [0.0, 1.0]
        >>> again = Lines(earlier=lines.look())
        >>> again.add(lines.texts[1:], lines.keys[1:], {}, before=[1])
        >>> again.look().own[:, OWN.index("full-stop")].tolist()
        [1.0]
        """
        import numpy as np

        new = [place for place, before in enumerate(self.before) if before is None]
        if self.earlier is None or len(new) == len(self.texts):
            own = own_features(self.folds, self.keys, self.hits, self.links)
            return Alone(own, network().alone(self.folds, own))
        count = len(self.earlier.own)
        behind = iter(range(count, count + len(new)))
        rows = np.array([next(behind) if before is None else before for before in self.before], np.int64)
        parts = [self.earlier, self.only(new).look()] if new else [self.earlier]
        return Alone(*(np.concatenate(both).take(rows, axis=0) for both in zip(*parts, strict=True)))

    def alone(self, texts: Mapping[int, str]) -> Lines:
        """What lines are to say, each as if it were a page."""
        found = Lines(known=self.known)
        for line, text in texts.items():
            found.add([text], [key(text)], {}, self.links[line : line + 1])
        return found

    def rewritten(self, seen: Alone, texts: Mapping[int, str]) -> tuple[Lines, dict[int, int]]:
        """The pages with lines that are to say something else, as they would be then, and where these lines are in them, given what was seen of
        all lines."""
        found, places = Lines(known=self.known, earlier=seen), {}
        for start, stop in pairwise([*self.starts, len(self.texts)]):
            mine = [line for line in texts if start <= line < stop]
            if mine:
                there = range(start, stop)
                places.update({line: len(found.texts) + line - start for line in mine})
                found.add(
                    [texts.get(line, self.texts[line]) for line in there],
                    [key(texts[line]) if line in texts else self.keys[line] for line in there],
                    {line - start: self.hits[line] for line in there if line in self.hits and line not in texts},
                    self.links[start:stop],
                    [None if line in texts else line for line in there],
                )
        return found, places

    def only(self, some: Sequence[int]) -> Lines:
        """Some of the lines, as if they were one page."""
        hits = {place: self.hits[line] for place, line in enumerate(some) if line in self.hits}
        texts, keys = ([values[line] for line in some] for values in (self.texts, self.keys))
        return Lines(texts, keys, hits, [self.links[line] for line in some], [0], [None] * len(texts), None, self.known)


class Readings(NamedTuple):
    """How likely each kind is for lines: a row for each, in the order of `KINDS`.

    Attributes:
        alone: by what the line is in itself.
        placed: by where it stands, too.
        seen: what is seen of the lines by themselves,
        around: and around them, in numbers as in `Alone`, in the order of `AROUND_NAMES`.
        scores: what these become.
    """

    alone: NDArray[Any]
    placed: NDArray[Any]
    seen: Alone
    around: NDArray[Any]
    scores: Scores


def read(lines: Lines) -> Readings:
    """What lines are, those of at least one page.

    >>> lines = Lines()
    >>> lines.add(["首页", "今天下午,新馆向读者开放了。"], ["首页", "今天下午新馆向读者开放了"], {})
    >>> KINDS[read(lines).placed[0].argmax()]
    'nav'
    """
    seen = lines.look()
    around = around_features(lines.folds, lines.keys, lines.hits, seen.own, lines.pages)
    scores = network().scores(seen.numbers, around, lines.pages.top, lines.pages.bottom)
    return Readings(chances(scores.alone), chances(scores.placed, scores.named), seen, around, scores)


def kinds_of(chances: NDArray[Any]) -> list[str]:
    """The most likely kind of lines, given by their rows of a reading."""
    return [KINDS[place] for place in chances.argmax(1).tolist()]
