"""The laws: what must be true of a ledger, whatever the text and the settings.

Each law is a function that gives None if it holds and otherwise a sentence about what is wrong. Conserved, Chained, Opaque,
Formed (of code) and Witnessed run on every block before its text is given out (`audit`). Undone and Replayed give a text back
from lines and from changes, for whoever has these alone; the others (Settled, Seamless, Streamed, Local, Same, Explained) speak about several runs and are
tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .errors import AuditError
from .line import Block, Change, Line, Witness

__all__ = ["audit", "chained", "conserved", "opaque", "replayed", "undone", "verbatim", "witnessed"]


def conserved(block: Block, raw: Sequence[str], end: Sequence[str]) -> str | None:
    """Conserved: the block holds the lines it was made of: the same texts and ends, in the same order."""
    if block.raw != raw or block.end != end or not len(block.text) == len(block.key) == len(raw):
        return f"lines {block.first} to {block.first + len(raw) - 1} are not the lines that came in"
    return None


def chained(block: Block) -> str | None:
    """Chained and Replayed: each change starts where the one before it ended, from the raw text to the output."""
    if not block.follows():
        return f"the changes of lines {block.first} to {block.first + len(block) - 1} do not lead from input to output"
    return None


def opaque(block: Block) -> str | None:
    """Opaque: a line with undecodable bytes is gone or as it was."""
    for index in block.opaque:
        if block.text[index] is not None and block.text[index] != block.raw[index]:
            return f"line {block.first + index} has undecodable bytes and was rewritten"
    return None


def witnessed(block: Block) -> str | None:
    """Witnessed: a line of this block that is cited as a twin is still there."""
    last = block.first + len(block) - 1
    for change in block.witnessed(block.last_sweep()):
        if isinstance(change.evidence, Witness) and block.first <= change.evidence.line <= last:
            if block.text[change.evidence.line - block.first] is None:
                return f"line {change.line} cites line {change.evidence.line}, which is gone"
    return None


def verbatim(block: Block) -> str | None:
    """Formed: lines of code and front matter are still there."""
    for index in block.verbatim:
        if block.text[index] is None:
            return f"line {block.first + index} is code and was removed"
    return None


def audit(block: Block, raw: Sequence[str], end: Sequence[str]) -> None:
    """Hold a finished block against the laws that every block must keep.

    Raises:
        AuditError: a law does not hold. The output must not be used.
    """
    for fault in (conserved(block, raw, end), chained(block), opaque(block), verbatim(block), witnessed(block)):
        if fault:
            raise AuditError(
                f"audit: {fault}", hint="this is a bug in zhnorm; the output was withheld, please report the input"
            )


def undone(lines: Iterable[Line]) -> str:
    """Undone: the input, given back from the lines of a result.

    >>> import zhnorm
    >>> result = zhnorm.explain("網絡\\n網絡\\n")
    >>> undone(result.lines)
    '網絡\\n網絡\\n'
    """
    return "".join(line.raw + line.end for line in lines)


def replayed(text: str, changes: Iterable[Change]) -> str:
    """Replayed: the output, made from the input and the recorded changes alone.

    Raises:
        AuditError: a change does not fit the text it is said to change.

    >>> import zhnorm
    >>> result = zhnorm.explain("網絡\\n網絡\\n")
    >>> replayed("網絡\\n網絡\\n", result.changes) == result.text
    True
    """
    raw = text.split("\n")
    ends = ["\n"] * (len(raw) - 1) + [""]
    state: list[str | None] = []
    for index, line in enumerate(raw):
        carriage = line.endswith("\r") and ends[index] == "\n"
        state.append(line[:-1] if carriage else line)
        ends[index] = "\r\n" if carriage else ends[index]
    for change in changes:
        if state[change.line - 1] != change.before:
            raise AuditError(f"line {change.line} is not what the ledger says it was")
        state[change.line - 1] = change.after
    return "".join(line + end for line, end in zip(state, ends, strict=True) if line is not None)
