"""`zhnorm detect`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from zhnorm.errors import ExitCode
from zhnorm.formats.encoding import Encoding
from zhnorm.report.terminal import escape, visible
from zhnorm.text.mojibake import repair

from .common_options import PATH
from .options import encoding_option
from .streams import StandardOutput, is_terminal, read_decoded, read_each, title_of

if TYPE_CHECKING:
    from zhnorm.formats.decode import Decoder

__all__ = ["detect"]

COLUMNS = ("file", "script", "share", "sure", "encoding", "sure", "notes")
"""Of a row: what the shares mean is said in the help."""


@click.command(
    help="""Say which script a text is in, and which encoding.

    The answer is hans, hant, mixed, neutral (characters that both scripts share), japanese or other; with the share
    of the evidence that speaks for it, and a confidence from 0 to 1. Behind them stand the encoding, how sure that is,
    how many lines are mojibake, characters of private use, and the region (mainland, taiwan, hong kong) with the forms and words that tell it.

    \b
    Examples:
      zhnorm detect page.txt              one answer for each file
      zhnorm detect --lines < page.txt    one for each line
    """,
)
@click.argument("files", nargs=-1, type=PATH, metavar="[FILE]...")
@click.option("--lines", "by_line", is_flag=True, help="Answer for each line that is not blank.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines instead of columns.")
@encoding_option
def detect(files: Sequence[str], by_line: bool, as_json: bool, encoding: str | None) -> ExitCode:
    failed: list[str] = []
    answers = _answers(files, by_line, failed, encoding)
    if as_json or not is_terminal("stdout"):
        out = StandardOutput()
        for answer in answers:
            out.write_text((_as_json(answer) if as_json else "\t".join(_as_row(answer)).rstrip("\t")) + "\n")
    else:
        from zhnorm.report.screen import show_table

        show_table(COLUMNS[:4] if by_line else COLUMNS, map(_as_row, answers))
    return ExitCode.SOME_FAILED if failed else ExitCode.DONE


def _answers(files: Sequence[str], by_line: bool, failed: list[str], encoding: str | None) -> Iterator[dict[str, Any]]:
    """What is found of each file, or of each line in it; see `read_each`."""
    from zhnorm.conversion.detect import detect as find

    for name, (text, decoder) in read_each(files, failed, lambda name: read_decoded(name, encoding)):
        place: dict[str, Any] = {"document": title_of(name)}
        if by_line:
            lines = enumerate(repair(text).split("\n"), 1)
            yield from (place | {"line": line} | find(part)._asdict() for line, part in lines if part.strip())
        else:
            better = repair(text)
            found = find(better)
            yield place | found._asdict() | _written(text, better, decoder) | _region(better, found.script)


def _as_json(answer: dict[str, Any]) -> str:
    return escape(json.dumps(answer, ensure_ascii=False))


def _as_row(answer: dict[str, Any]) -> tuple[str, ...]:
    """An answer by `COLUMNS`; those of a line are only the first four."""
    where = visible(answer["document"]) + (f":{answer['line']}" if "line" in answer else "")
    row = (where, answer["script"], f"{answer['share']:.2f}", f"{answer['confidence']:.2f}")
    if "encoding" not in answer:
        return row
    times = answer["mojibake"]
    notes = []
    if times:
        notes.append("mojibake in 1 line" if times == 1 else f"mojibake in {times:,} lines")
    if answer["private"]:
        notes.append(f"private use: {answer['private']:,}, the first at line {answer['first_private'][0]:,}")
    if answer["region"]:
        notes.append(f"{answer['region']}: {' '.join(answer['region_reasons'])}".removesuffix(": "))
    return *row, answer["encoding"], f"{answer['encoding_confidence']:.2f}", "; ".join(notes)


def _region(text: str, script: str) -> dict[str, Any]:
    """The region that a document is from, and what tells it."""
    from zhnorm.conversion.regions import Region, region_of

    found = region_of(text, script) if script in ("hans", "hant", "mixed") else Region("", 0.0, ())
    return {"region": found.name, "region_share": found.share, "region_reasons": found.reasons}


def _written(text: str, better: str, decoder: Decoder) -> dict[str, Any]:
    """How a document is written: its encoding, and what went wrong before it was saved."""
    pairs = zip(text.split("\n"), better.split("\n"), strict=True) if better != text else ()
    name, confidence, reason, _ = decoder.encoding or Encoding("utf-8", 1.0, "empty")
    return {
        "encoding": name,
        "encoding_confidence": confidence,
        "encoding_reason": reason,
        "mojibake": sum(before != after for before, after in pairs),
        "lost": decoder.lost,
        "undecodable": decoder.undecodable,
        "private": decoder.private,
        "first_private": decoder.first_private,
    }
