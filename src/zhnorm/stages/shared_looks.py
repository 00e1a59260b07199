"""What can be seen of each line, worked out once for the lines of many blocks.

Stages run again and again until a block is settled, and every one of them asks the same about its lines: is it prose,
which rules fit it, could it be a row of links or a dateline? The answers follow from the line's text alone, so they are
found for all lines at once, and again only for a line that was rewritten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, repeat

from ..conversion.detect import in_two_scripts
from ..line import Block
from ..rules.match import Hit, Matcher, applies
from ..text.shape import Shapes, shapes

__all__ = ["Looks", "look", "read_on", "update"]


Fits = dict[int, tuple[Hit, ...]]


class Looks:
    """The looks of one block's lines. Lists and bytes are indexed like the lines.

    Attributes:
        texts: the lines as they were looked at.
        prose, text, kinds, decorated: see `text.shape`.
        two_scripts: whether the block, as it was read, is in both scripts.
        fits: for each matcher the lines that its rules fit, and all of these rules, in the order in which they win; those that read after
            `read_on`.
        is_markdown: whether the block is Markdown, in whose lines rules that read do not act.
        unread: the lines that `read_on` has not looked at.
        rewrites: how many lines were rewritten or given back since the block was first looked at.
    """

    __slots__ = (
        "decorated",
        "fits",
        "is_markdown",
        "kinds",
        "prose",
        "rewrites",
        "text",
        "texts",
        "two_scripts",
        "unread",
    )

    def __init__(
        self,
        texts: list[str | None],
        shapes: Shapes,
        fits: dict[Matcher, Fits],
        two_scripts: bool = False,
        is_markdown: bool = False,
    ) -> None:
        self.texts = texts
        self.prose, self.text, self.kinds, self.decorated = shapes
        self.two_scripts = two_scripts
        self.fits = fits
        self.is_markdown = is_markdown
        self.unread: set[int] = set() if is_markdown else set(range(len(texts)))
        self.rewrites = 0

    @classmethod
    def of_nothing(cls) -> Looks:
        """The looks of a block without lines."""
        return cls([], Shapes(*(bytearray() for _ in Shapes._fields)), {})

    def outdated(self, block: Block, since: int | None) -> list[int]:
        """The lines that are not as they were looked at last: rewritten since a mark, or, without one, also given back."""
        texts, known = block.text, self.texts
        if since is not None:
            return [i for i in block.rewritten(since) if texts[i] is not known[i]]
        return [i for i, text in enumerate(texts) if text is not known[i] and text is not None]

    def forget(self, *, is_markdown: bool) -> None:
        """Every line has to be looked at again, since the markup of the block is another one."""
        self.is_markdown = is_markdown
        self.texts = [None] * len(self.texts)
        self.unread.clear()

    def _replace(
        self, i: int, text: str, shapes: tuple[int, ...], fits: Iterable[tuple[Matcher, tuple[Hit, ...]]]
    ) -> None:
        self.texts[i] = text
        self.prose[i], self.text[i], self.kinds[i], self.decorated[i] = shapes
        for matcher, hits in fits:
            if hits:
                self.fits[matcher][i] = hits
            else:
                self.fits[matcher].pop(i, None)
        if not self.is_markdown:
            self.unread.add(i)
        self.rewrites += 1

    def hits(
        self,
        block: Block,
        matcher: Matcher,
        head_stop: int,
        tail_start: int,
        least: Mapping[str, int] | None = None,
        is_text: Callable[[int], bool] | None = None,
    ) -> list[tuple[int, Hit]]:
        """The lines on which a rule acts, in order, each with the rule that wins.

        Args:
            block: the block.
            matcher: the rules, one of those that the looks were made with.
            head_stop: rules of the head apply to the lines before this index.
            tail_start: rules of the tail apply to the lines from this index on.
            least: what a piece that was read by each rule has to spare; without it none acts.
            is_text: whether a line, given by its index, is text for sure: no rule but a user's own takes all of it.
        """
        found = []
        fits = self.fits[matcher]
        for i in sorted(fits):
            if block.text[i] is None:
                continue
            is_refused = False
            for hit in fits[i]:
                if least is None and hit.rule.read:
                    continue
                # Of a line that is text though a rule would take it, what was read goes, and nothing that it begins with.
                if is_refused and (hit.start == 0 or not (hit.rule.read or hit.spare > 0)):
                    continue
                if applies(hit, i, head_stop, tail_start, least):
                    is_whole = hit.stop - hit.start == len(block.text[i] or "")
                    if is_text is not None and is_whole and not matcher.is_own(hit.rule) and is_text(i):
                        is_refused = True
                        continue
                    found.append((i, hit))
                    break
        return found


def look(blocks: Sequence[Block], are_markdown: Sequence[bool], matchers: Sequence[Matcher]) -> list[Looks]:
    """The looks of blocks whose keys are made.

    Args:
        blocks: none of their lines was removed yet.
        are_markdown: whether each of them is Markdown.
        matchers: the rules that will be asked about.
    """
    texts = [text or "" for text in chain.from_iterable(block.text for block in blocks)]
    keys = list(chain.from_iterable(block.key for block in blocks))
    of_lines = shapes(texts, keys)
    # Each block's raw text as one line.
    two_scripts = in_two_scripts("\n".join(["\r".join(block.raw) for block in blocks]))
    fits = {matcher: _for_each(blocks, matcher.fits(texts, keys, repeat(True))) for matcher in matchers}
    found = []
    start = 0
    for number, block in enumerate(blocks):
        part = slice(start, start + len(block))
        fitting = {matcher: lines[number] for matcher, lines in fits.items()}
        own = Shapes(*(each[part] for each in of_lines))
        found.append(Looks(list(block.text), own, fitting, two_scripts[number], are_markdown[number]))
        start += len(block)
    return found


def update(work: Iterable[tuple[Block, Looks, int | None]]) -> None:
    """Look again at the lines of blocks that were rewritten since a mark; without one, also at those given back."""
    found = [(block, looks, i) for block, looks, since in work for i in looks.outdated(block, since)]
    if found:
        texts = [block.text[i] or "" for block, _, i in found]
        keys = [block.key[i] for block, _, i in found]
        fits = [(matcher, matcher.fits(texts, keys, repeat(True))) for matcher in found[0][1].fits]
        of_lines = zip(*shapes(texts, keys), strict=True)
        for place, ((_, looks, i), text, shape) in enumerate(zip(found, texts, of_lines, strict=True)):
            looks._replace(i, text, shape, [(matcher, lines.get(place, ())) for matcher, lines in fits])


def read_on(work: Iterable[tuple[Block, Looks]], matcher: Matcher) -> None:
    """Find what rules that read fit in lines of blocks, once somebody asks: by then many lines are gone, and to read is dear. Lines that other
    rules may fit were read with these."""
    found: list[tuple[Fits, int]] = []
    texts, keys = [], []
    for block, looks in work:
        fits = looks.fits[matcher]
        there = [i for i in looks.unread if block.text[i] is not None]
        looks.unread.difference_update(there)
        for i in there:
            if i not in fits:
                found.append((fits, i))
                texts.append(block.text[i] or "")
                keys.append(block.key[i])
    for place, hits in matcher.read(texts, keys).items():
        fits, i = found[place]
        fits[i] = hits


def _for_each(blocks: Sequence[Block], fits: Fits) -> list[Fits]:
    """The fits of each block, indexed as its lines are, from those of all of them, which are in order."""
    places = iter((*fits, -1))
    place = next(places)
    found = []
    start = 0
    for block in blocks:
        stop = start + len(block)
        mine = {}
        while start <= place < stop:
            mine[place - start] = fits[place]
            place = next(places)
        found.append(mine)
        start = stop
    return found
