"""`zhnorm detect`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from zhnorm.formats.encoding import Encoding
from zhnorm.report.terminal_text import escape, visible
from zhnorm.text.mojibake import repair

from .streams import StandardOutput, read_decoded, title_of

if TYPE_CHECKING:
    from zhnorm.formats.decode import Decoder

__all__ = ["detect"]


@click.command(
    help="""Say which script a text is in, and which encoding.

    The answer is hans, hant, mixed, neutral (characters that both scripts share), japanese or other; with the share
    of the evidence that speaks for it, and a confidence from 0 to 1. Behind them stand the encoding, how sure that is,
    how many lines are mojibake, and the region (mainland, taiwan, hong kong) with the forms and words that tell it.

    \b
    Examples:
      zhnorm detect page.txt              one answer for each file
      zhnorm detect --lines < page.txt    one for each line
    """,
)
@click.argument("files", nargs=-1, type=click.Path(path_type=str), metavar="[FILE]...")
@click.option("--lines", "by_line", is_flag=True, help="Answer for each line that is not blank.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines instead of columns.")
def detect(files: Sequence[str], by_line: bool, as_json: bool) -> int:
    from zhnorm.conversion.detect import detect as find

    out = StandardOutput()
    for name in files or ["-"]:
        text, decoder = read_decoded(name)
        written = {} if by_line else _written(text, decoder)
        for line, part in _texts(repair(text), by_line):
            found = find(part)
            if not by_line:
                written |= _region(part, found.script)
            if as_json:
                place = {"document": title_of(name)} | ({"line": line} if by_line else {})
                out.write_text(escape(json.dumps(place | found._asdict() | written, ensure_ascii=False)) + "\n")
                continue
            where = f"{visible(title_of(name))}:{line}" if by_line else visible(title_of(name))
            more = f"\t{written['encoding']}\t{written['encoding_confidence']:.2f}" if written else ""
            if times := written.get("mojibake", 0):
                more += "\tmojibake in 1 line" if times == 1 else f"\tmojibake in {times:,} lines"
            if region := written.get("region", ""):
                more += f"\t{region}: {' '.join(written['region_reasons'])}".removesuffix(": ")
            out.write_text(f"{where}\t{found.script}\t{found.share:.2f}\t{found.confidence:.2f}{more}\n")
    return 0


def _region(text: str, script: str) -> dict[str, Any]:
    """The region that a document is from, and what tells it."""
    from zhnorm.conversion.region import Region, region_of

    found = region_of(text, script) if script in ("hans", "hant", "mixed") else Region("", 0.0, ())
    return {"region": found.name, "region_share": found.share, "region_reasons": found.reasons}


def _written(text: str, decoder: Decoder) -> dict[str, Any]:
    """How a document is written: its encoding, and what went wrong before it was saved."""
    better = repair(text)
    pairs = zip(text.split("\n"), better.split("\n"), strict=True) if better != text else ()
    name, confidence, reason, _ = decoder.encoding or Encoding("utf-8", 1.0, "empty")
    return {
        "encoding": name,
        "encoding_confidence": confidence,
        "encoding_reason": reason,
        "mojibake": sum(before != after for before, after in pairs),
        "lost": decoder.lost,
        "undecodable": decoder.undecodable,
    }


def _texts(text: str, by_line: bool) -> Iterator[tuple[int, str]]:
    if not by_line:
        yield 0, text
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line
