"""The stages, one file each (its parts are named after it, what several share is `shared_…`), and the order they run in.

Every stage is given the blocks of many documents at once, and may look at all of them together before it decides about each.
`STAGES` says in which order and why; what it says of colours, every report shows. How they run until nothing changes is in `rounds`.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["CHARACTER_STAGES", "STAGES", "About"]


class About(NamedTuple):
    """A stage, as reports and help name it.

    Attributes:
        name: in ledgers and rule ids.
        does: what it is about, in a few words.
        why: why it runs where it does.
        style: in which colour a terminal shows its lines, as rich names it: one of the 256 that can be read on black and on white; "" if its changes are told as those of another stage.
        light, dark: the same in the HTML report, by the background.
        is_of_characters: whether it works on characters; the others judge lines.
    """

    name: str
    does: str
    why: str
    style: str = ""
    light: str = ""
    dark: str = ""
    is_of_characters: bool = False


STAGES = (
    About(
        "tidy",
        "invisible characters, entities, widths, spaces",
        "a zero-width space inside 乾坤 would hide the phrase",
        *("color(243)", "#666d76", "#8a9099", True),
    ),
    About(
        "script",
        "Traditional to Simplified, and the keys",
        "rules and comparisons are then written once",
        *("color(63)", "#3568bd", "#7aa2e8", True),
    ),
    # Its changes are those of tidy and script.
    About(
        "rewritten",
        "both again for lines that the stages below rewrote",
        "a trimmed line may be tidied or converted otherwise",
    ),
    About(
        "reading",
        "lines that are no part of an article, by what they are",
        "it sees the whole page; the others then see an article",
        *("color(133)", "#9b4dca", "#c58af0"),
    ),
    # Runs only where documents are cleaned as a corpus (`zhnorm.corpus`).
    About(
        "corpus",
        "templates of sites, copies of documents",
        "reading needs the whole page; what it leaves is judged without them",
        *("color(98)", "#a04a6a", "#e08aa8"),
    ),
    About(
        "titles",
        "the title once",
        "before anything else thins its repeats",
        *("color(30)", "#0b7577", "#4fc3c5"),
    ),
    # Its changes are those of titles and of duplicates.
    About(
        "inserted",
        "what lines hold of other ones, and a program printed there",
        "what is left of a line is then judged by itself",
    ),
    About(
        "boilerplate",
        "rules that drop a line or trim it",
        "needs nothing but the line",
        *("color(161)", "#c8372d", "#f28b82"),
    ),
    # Its changes are those of duplicates.
    About(
        "doubled",
        "what a line says twice in a row",
        "the title may be one half of it; lines are compared once",
    ),
    About(
        "duplicates",
        "repeated lines",
        "boilerplate must not be a witness, nor hide a repeat",
        *("color(130)", "#8a6100", "#e0b040"),
    ),
    About(
        "edges",
        "lists below headings, bars above and below",
        "a removed line can lay an edge bare",
        *("color(28)", "#2f7d32", "#81c784"),
    ),
    About(
        "markup",
        "what is nothing without lines that went",
        "knows what went, and where",
        *("color(31)", "#56707a", "#9fbac4"),
    ),
    About(
        "blanks",
        "surplus blank lines",
        "knows what is left",
        *("color(243)", "#666d76", "#aab0b8"),
    ),
)
"""In the order in which they run; from rewritten to markup again and again, until none of them finds anything (`rounds`)."""

CHARACTER_STAGES = frozenset(stage.name for stage in STAGES if stage.is_of_characters)
