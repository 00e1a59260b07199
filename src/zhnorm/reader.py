"""Reading without cleaning: what kind of line each line is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from .cleaner import Cleaner
from .errors import not_text
from .limits import Clock
from .reading.read import Lines, read
from .reading.reasons import Told, tell
from .stages.reading import add_lines
from .stages.stage import Memory
from .windows import block_of

__all__ = ["LineRead", "lines_to_read", "read_lines"]


class LineRead(NamedTuple):
    """A line, and what it was read as.

    Attributes:
        number: 1-based.
        text: as it came in, without its end.
        told: its kind, how likely that is, and why; None if the line says nothing.
    """

    number: int
    text: str
    told: Told | None

    @property
    def kind(self) -> str:
        """Its kind, one of `reading.kinds.KINDS`; "" if it says nothing."""
        return self.told.kind if self.told else ""


def read_lines(text: str, cleaner: Cleaner | None = None) -> list[LineRead]:
    """What kind of line each line of a text is. Nothing is removed.

    Args:
        text: a page, or any text.
        cleaner: its rules are evidence; by default those of the package.

    Raises:
        LimitError: it takes longer than the cleaner lets it.
        NotTextError: it is no text.

    >>> page = read_lines("首页\\n今天下午，新馆向读者开放了。人们排起了长队。\\n")
    >>> page[0].kind, page[0].told.goes > 0.5 > page[1].told.goes
    ('nav', True)
    """
    if not isinstance(text, str):
        raise not_text(text)
    if not text:
        return []
    raw = text.removesuffix("\n").split("\n")
    cleaner = cleaner or Cleaner()
    found = [LineRead(number, line.removesuffix("\r"), None) for number, line in enumerate(raw, 1)]
    with Clock(cleaner.limits.seconds).running(len(text)):
        ((index, lines),) = lines_to_read(cleaner, [raw])
        for i, told in zip(index, tell(lines, read(lines)) if index else (), strict=True):
            found[i] = found[i]._replace(told=told)
    return found


def lines_to_read(cleaner: Cleaner, pages: Iterable[Sequence[str]]) -> Iterator[tuple[Sequence[int], Lines]]:
    """What is read of pages: of each the indices of its lines that say something, and these lines, tidied and converted.

    Args:
        cleaner: tidies and converts, and its rules are evidence.
        pages: the lines of each.
    """
    for page in pages:
        ((block, memory),) = cleaner.look_at([block_of([*page], 1, is_tail=True)], [Memory()], cleaner.known_rules)
        lines = Lines()
        yield add_lines(lines, block, memory, cleaner.known_rules), lines
