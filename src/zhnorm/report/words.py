"""Evidence in words, for people."""

from __future__ import annotations

from zhnorm.line import Conversion, Evidence, Indexed, Match, Neighbours, Recurring, Scored, Span, Twin, Witness
from zhnorm.messages import Message, joined
from zhnorm.reading.reasons import in_words

__all__ = ["because"]


def because(evidence: Evidence) -> Message:
    """What the evidence says, as the end of a sentence about the line. Not yet safe for a terminal.

    >>> because(Witness(3, 97.5, ("报/抱 (sound)",))), because(Match("相关文章*", under=12))
    ('says what line 3 says, 97.5 % alike: 报/抱 (sound)', 'in the list below line 12, which fits 相关文章*')
    """
    match evidence:
        case Conversion(table):
            return Message("by the table {table}", table=table)
        case Match(pattern, None):
            return Message("fits {pattern}", pattern=pattern)
        case Match(pattern, under):
            return Message("in the list below line {line}, which fits {pattern}", line=under, pattern=pattern)
        case Span(start, stop, pattern):
            fits = Message(": fits {pattern}", pattern=pattern) if pattern else ""
            return Message("characters {first} to {last} go{fits}", first=start + 1, last=stop, fits=fits)
        case Witness(line, score, differences):
            alike = "" if score >= 100 else Message(", {score:g} % alike", score=score)
            slips = f": {', '.join(differences)}" if differences else ""
            return Message("says what line {line} says{alike}{slips}", line=line, alike=alike, slips=slips)
        case Neighbours(reason, None):
            return Message(reason)
        case Neighbours(reason, line):
            return Message("{reason}, from line {line} on", reason=Message(reason), line=line)
        case Scored(score, features):
            looks = Message(": {looks}", looks=joined(", ", map(in_words, features))) if features else ""
            return Message("by its looks {percent:.0f} % no article{looks}", percent=100 * score, looks=looks)
        case Recurring(pages, of, site, None):
            return Message("stands on {pages:,} of {of:,} pages of {site}", pages=pages, of=of, site=site)
        case Recurring(_, _, _, sites):
            return Message("stands on pages of {sites:,} sites", sites=sites)
        case Twin(document, likeness, name):
            called = Message(" (id {name})", name=name) if name else ""
            alike = "" if likeness >= 1 else Message(", {percent:.0f} % alike", percent=100 * likeness)
            said = "the document says what {document}{called} says{alike}"
            return Message(said, document=document, called=called, alike=alike)
        case Indexed(where, share):
            if share >= 1:
                return Message("the document was seen before: {where}", where=where)
            said = "{percent:.0f} % of the document was seen before: {where}"
            return Message(said, percent=100 * share, where=where)
