"""`zhnorm detect`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import click

from zhnorm.report.visible import escape, visible

from .streams import StandardOutput, read_text, title_of

__all__ = ["detect"]


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=str), metavar="[FILE]...")
@click.option("--lines", "by_line", is_flag=True, help="Answer for each line that is not blank.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines instead of columns.")
def detect(files: Sequence[str], by_line: bool, as_json: bool) -> int:
    """Say which script a text is in.

    The answer is hans, hant, mixed, neutral (characters that both scripts share), japanese or other; with the share
    of the evidence that speaks for it, and a confidence from 0 to 1.

    \b
    Examples:
      zhnorm detect page.txt              one answer for each file
      zhnorm detect --lines < page.txt    one for each line
    """
    from zhnorm.text.detect import detect as find

    out = StandardOutput()
    for name in files or ["-"]:
        for line, text in _texts(read_text(name), by_line):
            found = find(text)
            if as_json:
                place = {"document": title_of(name)} | ({"line": line} if by_line else {})
                out.write_text(escape(json.dumps(place | found._asdict(), ensure_ascii=False)) + "\n")
                continue
            where = f"{visible(title_of(name))}:{line}" if by_line else visible(title_of(name))
            out.write_text(f"{where}\t{found.script}\t{found.share:.2f}\t{found.confidence:.2f}\n")
    return 0


def _texts(text: str, by_line: bool) -> Iterator[tuple[int, str]]:
    if not by_line:
        yield 0, text
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line
