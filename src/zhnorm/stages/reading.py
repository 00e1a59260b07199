"""First of the stages that decide about lines: every line of a page is read, and what is no part of its article goes.

What lines are is found in `zhnorm.reading`, for those of many documents at once. A text that was cleaned is a page with little around it,
and such pages were learned, too: there is nothing more to go.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Collection, Sequence, Set
from dataclasses import dataclass, field
from functools import partial
from itertools import count, groupby, islice, takewhile
from typing import TYPE_CHECKING, Any

from ..arrays.expressions import expression
from ..conversion.fold import key
from ..line import Block, Neighbours, Scored, Span
from ..markup.frame import visible
from ..markup.markup import UNKNOWN, Markup
from ..reading.decision import Caution, Going, are_text, going
from ..reading.line_features import Hits
from ..reading.read import Alone, Known, Lines, Readings, kinds_of, read
from ..reading.reasons import reasons
from ..rules.glued import bits, surest
from ..rules.match import Matcher
from ..signs import BOX_SIDES, ELLIPSES, FULL_STOPS
from ..text.letters import LAST, is_day, is_signed
from ..text.shape import ends_sentence
from .boilerplate import zones
from .stage import Memory, Stage, Work, once

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Reading", "add_lines"]

_DRAWN = frozenset(BOX_SIDES)
_STOP = expression(f"[{FULL_STOPS}!?！？{ELLIPSES}]")
_SENTENCE_INSIDE = expression(f"\\w{{4}}.*[{FULL_STOPS}!?！？{ELLIPSES}].*\\w")
"""Around the article a line in which no sentence ends before its end is no text with something glued to it."""
SIGNED_CHARS, MOST_SIGNING = 24, 2
"""Who signs does so in lines of so many letters at most, and in so many lines."""
_Rest = tuple[str, str, Span]
"""What is left of a line, the rule that says so, and on which evidence."""


@dataclass(slots=True)
class _Memory:
    """What is known of a document.

    Attributes:
        known: what was seen of lines in the rounds before.
        index, texts: the lines that were read in the last one;
        seen: what was seen of those that were read together, and
        start: the place of the first of these lines among them;
        markup: what showed of them followed from it.
    """

    known: Known = field(default_factory=Known)
    index: Sequence[int] = ()
    texts: Sequence[str | None] = ()
    seen: Alone | None = None
    start: int = 0
    markup: Markup | None = None


class Reading(Stage):
    """Removes lines of kinds that are no part of an article.

    Args:
        matcher: the rules; that one of them knows a line is evidence.
        keep: kinds that stay.
        drop: kinds that go besides those that do by default.
        caution: how sure it has to be that a line is of such a kind.
        rules_act: lines that a rule drops are left to it.
    """

    name = "reading"

    def __init__(
        self,
        matcher: Matcher,
        keep: Collection[str],
        drop: Collection[str],
        caution: Caution,
        *,
        rules_act: bool = True,
    ) -> None:
        self.matcher = matcher
        self.rules_act = rules_act
        self.keep = frozenset(keep)
        self.drop = frozenset(drop) - self.keep
        self.caution = caution

    def run(self, work: Sequence[Work]) -> None:
        """Remove the lines around the article of each page. A page that does not fit into one block is left as it is."""
        # Blocks that are read together are read again together.
        before = work[0][1].own(_Memory) if work else _Memory()
        lines = Lines(known=before.known, earlier=before.seen)
        read_of: list[tuple[Block, Memory, Sequence[int]]] = []
        for block, memory in work:
            memory.kinds, memory.sure_text = dict, frozenset()
            if not (block.is_head and block.is_tail):
                continue
            if self._is_left_alone(block):
                alone = Lines()
                index = add_lines(alone, block, memory, self.matcher)
                block.kinds = block.kinds or once(partial(_kinds_later, alone, index))
            elif index := add_lines(lines, block, memory, self.matcher):
                read_of.append((block, memory, index))
        if not read_of:
            return
        self._take_out(lines, read_of)

    def _take_out(self, lines: Lines, read_of: Sequence[tuple[Block, Memory, Sequence[int]]]) -> None:
        """Remove what is no text from pages, each given by its block, its memory and the indices of the lines that are read."""
        readings = read(lines)
        goes, sure_text = going(lines, readings, self.drop, self.keep, self.caution)
        rests = self._rests(lines, readings, read_of, goes)
        for (block, memory, index), start, found, sure in zip(read_of, lines.starts, goes, sure_text, strict=True):
            remembered = memory.own(_Memory)
            remembered.known, remembered.seen = lines.known, readings.seen
            remembered.index, remembered.start = index, start
            remembered.texts = [block.text[i] for i in index]
            memory.sure_text = frozenset([index[place] for place in sure])
            remembered.markup = memory.markup
            kinds = once(partial(_kinds, readings.placed[start : start + len(index)], index))
            memory.kinds = kinds
            if block.kinds is None:
                block.kinds = kinds
            if self.keep:
                # What it was read as on the whole page is what the user saw.
                memory.asked_for |= {i for i, kind in kinds().items() if kind in self.keep}
            going_here = self._going_here(block, memory, index, found)
            for i in [i for i in going_here if (id(block), i) in rests]:
                rest, rule, span = rests[id(block), i]
                block.rewrite(i, rest, key(rest), stage=self.name, rule=rule, evidence=span)
                del going_here[i]
            evidence = _evidence(lines, readings, start, going_here)
            for kind, group in groupby(going_here.items(), key=lambda line: line[1].kind):
                gone = [i for i, _ in group]
                block.remove_all(gone, stage=self.name, rule=f"reading/{kind}", evidence=evidence)

    def reconsider(self, block: Block, memory: Memory) -> bool:
        """Whether a line that is left was read otherwise in the last round than when another stage asked about it."""
        return memory.has_other_answers(block)

    def _going_here(
        self, block: Block, memory: Memory, index: Sequence[int], found: Sequence[Going]
    ) -> dict[int, Going]:
        """The lines of a block that go, but for those that rules or other lines answer for; marks between lines that go are removed."""
        # What has bytes that are no characters was not read as it is.
        likely = {index[one.place]: one for one in found if index[one.place] not in block.opaque}
        if not likely:
            return {}
        _remove_marks(block, memory, index, likely.keys())
        by_rule = self._by_rule(block, memory)
        others = by_rule | _parents(block, memory, index, likely.keys())
        signing = _signatures(block, index, likely.keys(), by_rule)
        others |= {
            i for i in (signing & likely.keys()) | _drawn(block, likely.keys()) if likely[i].kind not in self.drop
        }
        return {i: one for i, one in likely.items() if i not in others}

    def _rests(
        self,
        lines: Lines,
        readings: Readings,
        read_of: Sequence[tuple[Block, Memory, Sequence[int]]],
        goes: Sequence[Sequence[Going]],
    ) -> dict[tuple[int, int], _Rest]:
        """What is left of lines that would go, where something is glued to text: it, and no more, goes. Whether the rest is text is read in its
        place, as if the page had been printed without what is glued."""
        rule = next((rule.name for rule in self.matcher.rules if rule.read and not rule.match), None)
        if rule is None or not self.rules_act:
            return {}
        asked = [
            (start + one.place, block, index[one.place])
            for (block, memory, index), start, found in zip(read_of, lines.starts, goes, strict=True)
            if not memory.markup.is_markdown
            for one in found
            if index[one.place] not in block.opaque
            and (one.is_inside or _has_sentence_inside(block.text[index[one.place]] or ""))
        ]
        texts = [block.text[i] or "" for _, block, i in asked]
        parted: dict[int, str] = {}
        spans: dict[int, Span] = {}
        for (line, _, _), text, piece in zip(asked, texts, surest(texts), strict=True):
            if piece is not None:
                left, right = text[: piece.start].rstrip(), text[piece.stop :].lstrip()
                parted[line] = left + right
                spans[line] = Span(len(left), len(text) - len(right), bits(piece.says))
        are = are_text(lines, readings.seen, parted) if parted else set()
        return {(id(block), i): (parted[line], rule, spans[line]) for line, block, i in asked if line in are}

    def _is_left_alone(self, block: Block) -> bool:
        """Whether no line goes whatever is read: of a page of which one line is left, unless the user wants that."""
        speaking = (i for i, said in enumerate(block.key) if said and block.text[i] is not None)
        return not (self.keep or self.drop) and len(list(islice(speaking, 2))) < 2

    def _by_rule(self, block: Block, memory: Memory) -> set[int]:
        """The lines that a rule acts on where they stand: it says better than a probability why they go, and the user may have written it.
        What it leaves of a line is read in the next round."""
        if not self.rules_act:
            return set()
        hits = memory.looks.hits(block, self.matcher, *zones(block, memory.looks))
        return {i for i, _ in hits}


def _has_sentence_inside(text: str) -> bool:
    return _STOP.search(text) is not None and _SENTENCE_INSIDE.search(text) is not None


def _parents(block: Block, memory: Memory, index: Sequence[int], going_here: Set[int]) -> set[int]:
    """Headings and items of lists to which lines belong that stay."""
    found: set[int] = set()
    if not (memory.markup.headings or memory.markup.items):
        return found
    below: int | None = None
    for i in reversed(index):
        if memory.markup.is_parent(i, block.text):
            children = [below] if i in memory.markup.headings else memory.markup.children(i, block.text)
            is_open = memory.markup.items.get(i) == UNKNOWN
            if is_open or any(j is not None and (j not in going_here or j in found) for j in children):
                found.add(i)
        below = i
    return found


def _signatures(block: Block, index: Sequence[int], going_here: Set[int], by_rule: Set[int]) -> set[int]:
    """What signs a letter or a notice: who wrote it, with respects or right below its last sentence, and the day right below that.

    Pages print days by themselves, or below other stories. (All 88 such signatures on labelled pages are part of the text.)
    """
    found: set[int] = set()
    for place, i in enumerate(index):
        said = block.key[i]
        if said[-1:] not in LAST or len(said) > SIGNED_CHARS:
            continue
        if is_signed(said):
            found.add(i)
        elif is_day(said):
            above = [*reversed(index[max(0, place - MOST_SIGNING - 1) : place])]
            names = list(takewhile(lambda j: j not in by_rule and _may_sign(block.text[j] or ""), above))
            letter = above[len(names) : len(names) + 1]
            if names and letter and letter[0] not in going_here and ends_sentence(block.text[letter[0]] or ""):
                found |= {i, *names}
            elif names and names[0] in found:
                found.add(i)
    return found


def _drawn(block: Block, going_here: Set[int]) -> set[int]:
    """Rows of tables that are drawn with lines, of the lines that would go; a menu with such bars is one row."""
    return {i for i in going_here if _is_row(block, i) and (_is_row(block, i - 1) or _is_row(block, i + 1))}


def _is_row(block: Block, i: int) -> bool:
    return 0 <= i < len(block) and block.raw[i].lstrip()[:1] in _DRAWN


def _may_sign(text: str) -> bool:
    return len(text) <= SIGNED_CHARS and not ends_sentence(text)


def _remove_marks(block: Block, memory: Memory, index: Sequence[int], going_here: Set[int]) -> None:
    """Remove lines that say nothing, such as rows of dashes, among lines that go."""
    silent = [i for i, text in enumerate(block.text) if text and not block.key[i] and text.strip()]
    for i in silent:
        place = bisect(index, i)
        around = index[max(0, place - 1) : place + 1]
        if around and going_here >= set(around) and i not in memory.markup.silent and i not in block.opaque:
            evidence = Neighbours("the lines around it go", line=block.first + around[0])
            block.remove(i, stage="reading", rule="reading/mark", evidence=evidence)


def add_lines(lines: Lines, block: Block, memory: Memory, matcher: Matcher) -> Sequence[int]:
    """Add the lines of a block that say something to those that are read; their indices."""
    index = block.speaking()
    if block.opaque:
        # Bytes that are no characters say nothing.
        index = [i for i in index if i not in block.opaque or any(map(str.isalnum, block.key[i]))]
    if not index:
        return index
    texts = [block.text[i] or "" for i in index]
    links = None
    if memory.markup.is_markdown:
        shown = [visible(text) for text in texts]
        texts, links = [text or "." for text, _ in shown], [share for _, share in shown]
    remembered = memory.own(_Memory)
    before: list[int | None] = [None] * len(index)
    if remembered.seen is not None and remembered.seen is lines.earlier and remembered.markup is memory.markup:
        # What was seen of a line follows from its text alone.
        known = dict(zip(remembered.index, zip(count(remembered.start), remembered.texts, strict=False), strict=True))
        before = [at if text is block.text[i] else None for i in index for at, text in (known.get(i, (None, None)),)]
    place = {i: number for number, i in enumerate(index)}
    hits: Hits = {}
    for i, hit in memory.looks.hits(block, matcher, len(block), 0):
        rule = hit.rule
        ends = rule.below == "rest" or (rule.action == "cut" and rule.below != "none")
        hits[place[i]] = (rule.action, ends)
    lines.add(texts, [block.key[i] for i in index], hits, links, before)
    return index


def _kinds(chances: NDArray[Any], index: Sequence[int]) -> dict[int, str]:
    """What the lines of a block were read as, by their indices."""
    return dict(zip(index, kinds_of(chances), strict=True))


def _kinds_later(lines: Lines, index: Sequence[int]) -> dict[int, str]:
    """What lines are, read when somebody asks."""
    return _kinds(read(lines).placed, index) if index else {}


def _evidence(lines: Lines, readings: Readings, start: int, going_here: dict[int, Going]) -> Callable[[int], Scored]:
    """Worked out when the ledger asks for it, for all of them at once."""

    @once
    def found() -> dict[int, Scored]:
        why = reasons(lines, readings, [(start + one.place, one.kind) for one in going_here.values()])
        return {i: Scored(one.probability, because) for (i, one), because in zip(going_here.items(), why, strict=True)}

    return lambda i: found()[i]
