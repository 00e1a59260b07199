"""Trying patterns on one line, and on its parts: which of them fit, and what of the line goes, at its beginning, at its end, or inside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from ..arrays.expressions import expression
from ..conversion.fold import key
from ..markup.frame import DESTINATION, LINK_WORDS
from ..signs import (
    BEHIND_STOPS,
    CLOSING_QUOTES,
    COMMAS,
    FULL_STOPS,
    OPENING_QUOTES,
    OPENING_TITLES,
    SENTENCE_ENDS,
    STOPS,
    STRAIGHT_QUOTES,
    WAVES,
    without,
)
from ..text.interface import is_of_manual
from ..text.narration import has_narrator, is_asking, is_narration
from .around import is_balanced, is_run_on, is_spoken_of, is_text_around, prose_behind, stands_apart, widened
from .model import Rule
from .parts import LEAST_REST, Extent, Part, extent, fits_alone, has_brackets, may_have_parts, parts
from .pattern import COLON, REGEX_PREFIX, STAR, Entry, spelled

__all__ = ["Hit", "line_hits"]

_LEAST_GLUED, _LEAST_LEANING = 6, 4
"""A mark in the middle of a word has so many letters, and so many one that something parts from the text on one side; shorter ones
stand apart."""
# Between a kept text and the trimmed part: marks that stay with the kept text, and marks that say the sentence goes on.
_GOES_ON = frozenset(f",、:{OPENING_QUOTES}{OPENING_TITLES}")
_KEPT_MARKS = _GOES_ON.union(SENTENCE_ENDS, BEHIND_STOPS, "，：.")
_GOES_ON_AFTER = frozenset(f"{SENTENCE_ENDS}{COMMAS}、")
"""Behind what stands at the beginning of a line these say that it is a sentence."""
_AFTER_PREFIX = frozenset(" 】])>:|/·•_-—–~»›")
_QUOTES = frozenset(OPENING_QUOTES + STRAIGHT_QUOTES + OPENING_TITLES)
_LINE_BREAK = expression("<br\\s*/?>\\s*")
_TAG = expression("<[^<>]*>")


def prefix(entry: Entry, text: str, folded: str) -> tuple[int, int] | None:
    """The span that goes when the text begins with the pattern and something else follows."""
    folded = folded[: 2 * entry.rule.longest_text]
    match = entry.expression.match(folded)
    if match is None or match.end() == 0:
        return None
    stop = match.end()
    after = folded[stop : stop + 1]
    ends_with_word = _is_word(folded[stop - 1])
    if ends_with_word and after and (_is_word(after) or after in _GOES_ON_AFTER):
        return None
    if any(mark in _QUOTES for mark in _leading_marks(folded)) or len(key(text[:stop])) > entry.rule.max_chars:
        return None
    while stop < len(folded) and folded[stop] in _AFTER_PREFIX:
        stop += 1
    return 0, stop


def suffix(entry: Entry, text: str, folded: str) -> tuple[int, int] | None:
    """The span that goes when the text ends with the pattern and a whole sentence, or a mark, stands before it.

    Where a sentence goes on behind the mark, the mark goes alone.
    """
    span = _tail(entry, text, folded)
    stop = None if span is None else prose_behind(folded, span[0])
    if span is not None and stop is None:
        return None if entry.form.endswith(STAR) and is_run_on(folded[span[0] :]) else span
    if span is None or stop is None:
        return None
    span = _tail(entry, text[:stop], folded[:stop])
    tag = None if span is None else _LINE_BREAK.match(folded, span[0])
    return span if span is None or tag is None else (tag.end(), span[1])


def _tail(entry: Entry, text: str, folded: str) -> tuple[int, int] | None:
    offset = max(0, len(text) - entry.rule.longest_text)
    folded = folded[offset:]
    span = None
    match = entry.expression.search(folded)
    while match is not None:
        start = _suffix_start(folded, match.start(), offset)
        if start is not None and len(key(folded[start:])) <= entry.rule.max_chars and is_balanced(folded[start:]):
            span = offset + start, len(text)
        match = entry.expression.search(folded, match.start() + 1)
    return span


def _suffix_start(folded: str, begin: int, offset: int) -> int | None:
    """Where the trimmed part begins: the match with the bullets, spaces and opening brackets before it."""
    start = begin
    while start and not _is_word(folded[start - 1]) and not _is_kept(folded, start):
        start -= 1
    if folded.endswith("<br", 0, start):
        start -= 3
    if start == 0:
        return None if offset else 0
    before = folded[start - 1]
    if before in _GOES_ON or (_is_word(before) and start == begin):
        return None
    return start


def _is_kept(folded: str, stop: int) -> bool:
    """Whether a mark in front of a place stays with the text. One ‧ is a bullet, three are an ellipsis; a wave may be decoration,
    behind the end of a sentence it is its tone."""
    if folded[stop - 1] == "~":
        return folded[:stop].rstrip("~")[-1:] in SENTENCE_ENDS
    return folded[stop - 1] in _KEPT_MARKS or folded.endswith("‧‧", 0, stop)


def _leading_marks(folded: str) -> str:
    for at, character in enumerate(folded):
        if _is_word(character):
            return folded[:at]
    return folded


def _is_word(character: str) -> bool:
    return character.isalnum()


def inside(entry: Entry, text: str, folded: str) -> tuple[int, int] | None:
    """The span of the first mark in the text that is not spoken of, with the brackets and the decoration around it."""
    for found in entry.expression.finditer(folded):
        start, stop = found.span()
        # However many tags stand in a row, they say nothing.
        size = len(key(_TAG.sub("", text[start:stop])))
        left, right = widened(folded, start, stop)
        if not is_balanced(folded[left:right]):
            # 广告(请继续阅读本文) has its own bracket.
            right += 1
            if not is_balanced(folded[left:right]):
                continue
        is_free_left = left < start or left == 0 or not _is_word(folded[left - 1])
        is_free_right = right > stop or right == len(folded) or not _is_word(folded[right])
        least = _LEAST_LEANING if is_free_left or is_free_right else _LEAST_GLUED
        if (
            (entry.needs or least <= size or stands_apart(folded, start, stop, left, right))
            and size <= entry.rule.max_chars
            and (is_free_right or not entry.form.endswith(STAR))
            and not is_spoken_of(folded, left, right)
            and not (left == 0 and folded[right : right + 1] in _GOES_ON_AFTER)
            and len(key(text[:left] + text[right:])) not in range(1, LEAST_REST)
        ):
            return left, right
    return None


TRIMS = {"trim-prefix": prefix, "trim-suffix": suffix, "trim-inside": inside}
"""What each action makes of a line, given with its fold: where what goes begins and ends."""


_CLOSERS = f"{BEHIND_STOPS}{WAVES} \t\u3000"
# A call cries out.
_PLAIN_ENDS = frozenset(without(SENTENCE_ENDS, "！!"))
_NOTICE_CHARS = 100
"""Rules for longer texts are about notices of several sentences."""
NUMBER_CHARS = 2
"""So many digits at most number an item."""
LONG_CHARS = 16
"""So many letters a line has that holds text besides what a rule knows."""
_SENTENCE_CHARS = 24
"""A sentence that is a call by a few of its words is no longer than this."""
_QUOTATIONS = frozenset(f'{OPENING_QUOTES}"＂')
_HEADING = expression("#{1,6} ")
_LINK = expression(rf"!?\[({LINK_WORDS})\]{DESTINATION}")
_HEADING_CHARS = 4
"""A heading of Markdown heads what stands below it, however short it is."""
_OPENING, _CLOSING = without(OPENING_QUOTES, "‘"), without(CLOSING_QUOTES, "’")
_QUOTED = expression(f"[{_OPENING}][^{_CLOSING}]{{6,}}[{FULL_STOPS}!?][{_CLOSING}]")
# 墙上刷着一行大字：, 声明的最后一句是：
_NO_CLAUSE = f"[^：:{SENTENCE_ENDS}{COMMAS}{OPENING_QUOTES}]"
_SHOWN = expression(
    f"\\s*{_NO_CLAUSE}{{2,16}}?(?:着|印有|写有|写道|说道|[一-鿿]句是|[一-鿿]行是|[话字]是){_NO_CLAUSE}{{0,8}}[：:]\\s*\\S"
)
_STATUTE = expression(
    "\\s*(?:[(（][一二三四五六七八九十]{1,3}[)）]|第[0-9一二三四五六七八九十百千\\s]{1,8}[条條章节節款])"
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule acts on the line at `index`.

    Attributes:
        index: which of the texts.
        rule: the rule.
        pattern: the pattern that matched, as written in the pack, or the words that were recognised.
        start: first character that goes.
        stop: end of what goes. A trim that would leave nothing covers the whole line: then the line goes.
        spare: of a piece that was read (see `glued`), how much surer it is than it has to be, in tenths of a bit (at least -`glued.DOUBT`).
    """

    index: int
    rule: Rule
    pattern: str
    start: int
    stop: int
    spare: int = 0


def line_hits(
    index: int,
    text: str,
    folded: str,
    line_key: str,
    able: Sequence[Entry],
    held: Sequence[Entry],
    read: Sequence[Hit] = (),
) -> list[Hit]:
    """What rules do to a line, in the order in which they win: those for lines, in their order, before those for parts of lines and pieces
    that were read. Behind one that takes all of a long line stand those that take a part: they act if the line is text for sure. In lines of
    manuals only rules that did not come with the package act."""
    if is_of_manual(folded):
        able, held = ([entry for entry in entries if not entry.is_builtin] for entries in (able, held))
        read = ()
    hits: list[Hit] = []
    is_long = len(line_key) >= LONG_CHARS
    goes = False
    for entry in able:
        if goes and not entry.rule.is_trim:
            continue
        if hit := _try_entry(entry, index, text, folded, line_key, read):
            hits.append(hit)
            if entry.rule.where == "anywhere" and not entry.rule.read:
                if not is_long or hit.stop - hit.start < len(text):
                    return hits
                goes = True
    if (held or read) and (is_long or not any(hit.stop - hit.start == len(text) for hit in hits)):
        hits += [hit for hit in _part_hits(index, text, folded, line_key, held, read) if hit not in hits]
    return [hit for hit in hits if not _splits_link(text, hit)] if "](" in text else hits


def _splits_link(text: str, hit: Hit) -> bool:
    """Whether a part of a link or an image of Markdown would stay, and a part go; a piece of its text may."""
    return any(
        link.start() < border < link.end() and not link.start(1) <= hit.start < hit.stop <= link.end(1)
        for link in _LINK.finditer(text)
        for border in (hit.start, hit.stop)
    )


def _part_hits(
    index: int, text: str, folded: str, line_key: str, entries: Sequence[Entry], read: Sequence[Hit]
) -> list[Hit]:
    """What rules do to parts of a line, and what was read in it: the longest parts first, and none that another one holds or touches."""
    tried: list[Hit | None] = []
    others = []
    for entry in entries:
        if entry.rule.is_trim:
            tried.append(_try_entry(entry, index, text, folded, line_key))
        else:
            others.append(entry)
    if others and (found := list(parts(folded))):
        texts = [text[part.start : part.stop] for part in found]
        keys = key("\n".join(texts)).split("\n")
        for part, piece, part_key in zip(found, texts, keys, strict=True):
            tried += [_try_part(entry, index, folded, part, piece, part_key) for entry in others]
    # Of two that say the same a rule of words comes first; that both do makes it surer.
    spares = {(hit.start, hit.stop): hit.spare for hit in read}
    words = [hit for hit in tried if hit is not None]
    if spares:
        words = [replace(hit, spare=spares.get((hit.start, hit.stop), 0)) for hit in words]
    fitting = [*words, *read]
    # Behind the shortest beginning of a line that a rule fits there may be text; a trim is to the letter.
    first = min([hit.stop for hit in fitting if hit.start == 0 and not hit.rule.is_trim], default=0)
    fitting = [hit for hit in fitting if hit.start or hit.rule.is_trim or hit.stop == first]
    hits: list[Hit] = []
    for hit in sorted(fitting, key=lambda hit: (hit.start - hit.stop, hit.start)):
        if all(hit.stop <= other.start or hit.start >= other.stop for other in hits):
            hits.append(hit)
    return sorted(hits, key=attrgetter("start"))


def _try_entry(entry: Entry, index: int, text: str, folded: str, line_key: str, read: Sequence[Hit] = ()) -> Hit | None:
    """What the pattern does to a line, given with its fold, its key and the pieces that were read in it; None if it does not fit."""
    rule = entry.rule
    if rule.is_trim:
        span = TRIMS[rule.action](entry, text, folded)
        if span is None:
            return None
        start, stop = span
        rest = key(text[:start] + text[stop:])
        if not rest or (rest.isdigit() and len(rest) <= NUMBER_CHARS):
            # Nothing else is in the line, or nothing but its number: it goes as it would by a rule for lines, and a sentence stays.
            if not rule.sentence and _ends_sentence(text):
                return None
            start, stop = 0, len(text)
        return Hit(index, rule, entry.source, start, stop)
    pattern = _reads(entry, text, folded, line_key)
    if pattern is None:
        return None
    return Hit(index, rule, pattern, *_span(entry, text, folded, line_key, read))


def _span(entry: Entry, text: str, folded: str, line_key: str, read: Sequence[Hit]) -> tuple[int, int]:
    """What goes of a line that a pattern fits from end to end. An open pattern runs over what is glued to the thing that it is about."""
    whole = (0, len(text))
    if STAR not in entry.form:
        return whole
    span = _around_part(entry, text, folded) if entry.rule.sentence and may_have_parts(text, line_key) else None
    if span is not None:
        return span
    for hit in read:
        piece = text[hit.start : hit.stop]
        if (
            is_text_around(folded, hit.start, hit.stop)
            and _reads(entry, piece, folded[hit.start : hit.stop], key(piece)) is not None
        ):
            return hit.start, hit.stop
    return whole


def _around_part(entry: Entry, text: str, folded: str) -> tuple[int, int] | None:
    """What goes of a line if an open pattern fits a part of it, or what stands before its last sentences."""
    for part in parts(folded) if entry.rule.call or has_brackets(folded) else ():
        if not part.is_bracketed and not entry.rule.call:
            continue
        piece = text[part.start : part.stop]
        if _reads(entry, piece, folded[part.start : part.stop], key(piece)) is not None:
            span = extent(folded, part)
            if (
                span is not None
                and is_text_around(folded, span.left, span.right)
                and (part.start or _ends_sentence(text))
            ):
                return span.left, span.right
    stop = prose_behind(folded, 0) if entry.form.endswith(STAR) else None
    if stop is None or (entry.rule.max_chars > _NOTICE_CHARS and _ends_sentence(text[:stop])):
        # The next sentence of a notice is a notice.
        return None
    return None if _reads(entry, text[:stop], folded[:stop], key(text[:stop])) is None else (0, stop)


def _try_part(entry: Entry, index: int, folded: str, part: Part, text: str, part_key: str) -> Hit | None:
    """What a pattern for whole lines does to a part of a line, given with its text and its key."""
    if not entry.may_fit(part_key):
        return None
    pattern = _reads(entry, text, folded[part.start : part.stop], part_key)
    around = None if pattern is None else extent(folded, part)
    if pattern is None or around is None or not fits_alone(folded, part, around):
        return None
    if not around.is_parted and not (entry.rule.call and entry.form):
        return None
    if not part.is_bracketed and entry.form.endswith(STAR) and is_run_on(folded[part.start : part.stop]):
        return None
    if part.is_bracketed and _is_named(folded, around):
        return None
    if entry.rule.call and _QUOTED.search(text):
        # Somebody says so, and to somebody else.
        return None
    is_sentence = text.rstrip(_CLOSERS)[-1:] in _PLAIN_ENDS
    if is_sentence and not part.is_bracketed:
        # A label has no sentence behind it; a call is short where it is one, and at the beginning of a line it is none.
        is_long = "," in folded[part.start : part.stop] or len(part_key) > _SENTENCE_CHARS
        said = folded[part.start : part.stop]
        if (entry.form.endswith(STAR) and is_narration(said)) or (
            entry.needs and entry.rule.call and not is_asking(said)
        ):
            return None
        if entry.form.endswith(COLON + STAR) or (entry.rule.call and (part.start == 0 or (is_long and entry.form))):
            return None
    return Hit(index, entry.rule, pattern, around.left, around.right)


def _is_named(folded: str, around: Extent) -> bool:
    """Whether a sentence goes through square brackets: they hold the name of a button, a field or a column."""
    beside = folded[max(0, around.left - 1) : around.left] + folded[around.right : around.right + 1]
    return folded[around.left : around.left + 1] in ("【", "[", "〔") and len(beside) == 2 and beside.isalnum()


def _reads(entry: Entry, text: str, folded: str, line_key: str) -> str | None:
    """The pattern, or the words, if these make up the whole text and it is no sentence that only speaks of them."""
    rule = entry.rule
    if (not rule.sentence and _ends_sentence(text)) or _is_mention(text):
        return None
    if len(line_key) <= _HEADING_CHARS and rule.action == "drop" and _HEADING.match(text) is not None:
        return None
    if entry.words:
        pattern = spelled(entry, folded, line_key)
    else:
        pattern = entry.source if _fits(entry, folded, line_key) else None
    if pattern is None or (rule.call and is_narration(folded)) or (rule.sentence and has_narrator(folded)):
        return None
    return pattern


def _fits(entry: Entry, folded: str, line_key: str) -> bool:
    if line_key == entry.form:
        return True
    # The destination of a link or an image in Markdown is no text that an expression is about.
    if entry.form.startswith(REGEX_PREFIX) and (len(folded) > entry.rule.longest_text or "](" in folded):
        return False
    return entry.expression.match(folded) is not None


def _ends_sentence(text: str) -> bool:
    return text.rstrip(_CLOSERS).endswith(STOPS)


def _is_mention(text: str) -> bool:
    """Whether the line begins with a quotation, as an item of a statute, or with who says or shows it: then the phrase is spoken of, not
    used."""
    if text.lstrip()[:1] in _QUOTATIONS or _STATUTE.match(text) is not None:
        return True
    return ("：" in text or ":" in text) and _SHOWN.match(text) is not None
