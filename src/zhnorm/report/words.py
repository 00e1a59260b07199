"""Evidence in words, for people."""

from __future__ import annotations

from zhnorm.line import Conversion, Evidence, Indexed, Match, Neighbours, Recurring, Scored, Span, Twin, Witness
from zhnorm.reading.reasons import in_words

__all__ = ["because"]


def because(evidence: Evidence) -> str:
    """What the evidence says, as the end of a sentence about the line. Not yet safe for a terminal.

    >>> because(Witness(3, 97.5, ("报/抱 (sound)",))), because(Match("相关文章*", under=12))
    ('says what line 3 says, 97.5 % alike: 报/抱 (sound)', 'in the list below line 12, which fits 相关文章*')
    """
    match evidence:
        case Conversion(table):
            return f"by the table {table}"
        case Match(pattern, None):
            return f"fits {pattern}"
        case Match(pattern, under):
            return f"in the list below line {under}, which fits {pattern}"
        case Span(start, stop, pattern):
            fits = f": fits {pattern}" if pattern else ""
            return f"characters {start + 1} to {stop} go{fits}"
        case Witness(line, score, differences):
            alike = "" if score >= 100 else f", {score:g} % alike"
            slips = f": {', '.join(differences)}" if differences else ""
            return f"says what line {line} says{alike}{slips}"
        case Neighbours(reason, None):
            return reason
        case Neighbours(reason, line):
            return f"{reason}, from line {line} on"
        case Scored(score, features):
            looks = f": {', '.join(map(in_words, features))}" if features else ""
            return f"by its looks {100 * score:.0f} % no article{looks}"
        case Recurring(pages, of, site, None):
            return f"stands on {pages:,} of {of:,} pages of {site}"
        case Recurring(_, _, _, sites):
            return f"stands on pages of {sites:,} sites"
        case Twin(document, likeness, name):
            called = f" (id {name})" if name else ""
            alike = "" if likeness >= 1 else f", {100 * likeness:.0f} % alike"
            return f"the document says what {document}{called} says{alike}"
        case Indexed(where, share):
            whole = "the document" if share >= 1 else f"{100 * share:.0f} % of the document"
            return f"{whole} was seen before: {where}"
