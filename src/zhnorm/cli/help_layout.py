"""How help is laid out: the options of a command in sections, and lines in Chinese.

What a command with dozens of options is asked for together stands together. Chinese characters are two cells wide, and lines may end
between any two of them; click counts characters and breaks lines at spaces, which is right for English alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

import click

from zhnorm.arrays.expressions import expression
from zhnorm.messages import in_language

__all__ = ["SECTIONS", "Sectioned", "WideContext", "WideFormatter", "cells", "wrap"]

_WIDE = "\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6"
_OPENING = "（「『《〈【〔“‘(\\["
_CLOSING = "，。、；：？！）」』》〉】〕”’…%,.;:?!)\\]"
# What no line may be broken in: a wide character or a run of others, with the marks that belong to it.
_UNIT = expression(rf"[{_OPENING}]*(?:[{_WIDE}]|[^\s{_WIDE}{_OPENING}]+|)[{_CLOSING}]*|\s+")


def cells(text: str) -> int:
    """How many cells of a terminal a text takes.

    >>> cells("--to 繁簡")
    9
    """
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def wrap(text: str, width: int) -> list[str]:
    """The lines of a paragraph, none wider than `width` cells unless a word is; no line begins with a closing mark.

    >>> wrap("把 page.txt 清理乾淨，寫到另一個檔案。", 14)
    ['把 page.txt 清', '理乾淨，寫到另', '一個檔案。']
    """
    lines = [""]
    room = width
    for unit in _UNIT.findall(text):
        size = cells(unit)
        if size > room and not unit.isspace() and lines[-1]:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
            room = width
        if not (unit.isspace() and not lines[-1]):
            lines[-1] += unit
            room -= size
    return [line for line in (line.rstrip() for line in lines) if line]


def _paragraphs(text: str, width: int) -> list[str]:
    """Lines of a text with paragraphs; one that begins with a line of \\b keeps its lines."""
    lines: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text.strip("\n")):
        given = paragraph.split("\n")
        if given[0].strip() == "\b":
            lines += [*given[1:], ""]
            continue
        # Between Chinese lines there is no space.
        joined = re.sub(rf"(?<=[{_WIDE}])\n\s*(?=[{_WIDE}])", "", paragraph)
        lines += [*wrap(re.sub(r"\n\s*", " ", joined), width), ""]
    return lines[:-1]


class WideFormatter(click.HelpFormatter):
    """Writes help by cells."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line that shows how the command is called."""
        head = f"{in_language('Usage:')}{prog} " if prefix is None else f"{prefix}{prog} "
        first, *others = wrap(args, self.width - cells(head)) or [""]
        self.write(
            "".join(f"{line}\n" for line in (f"{head}{first}".rstrip(), *(" " * cells(head) + line for line in others)))
        )

    def write_heading(self, heading: str) -> None:
        """Write the heading of a section."""
        self.write(f"{'':>{self.current_indent}}{in_language(heading)}：\n")

    def write_text(self, text: str) -> None:
        """Write paragraphs."""
        lines = _paragraphs(text, self.width - self.current_indent)
        self.write("".join(f"{'':>{self.current_indent}}{line}".rstrip() + "\n" for line in lines))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write terms with what is said about each beside it."""
        rows = list(rows)
        first = min(max(cells(term) for term, _ in rows), col_max) + col_spacing
        for term, about in rows:
            lines = _paragraphs(in_language(about), max(self.width - first - 2, 10))
            beside = cells(term) <= first - col_spacing
            head = f"{'':>{self.current_indent}}{term}"
            if beside and lines:
                head += " " * (first - cells(term)) + lines.pop(0)
            below = (f"{'':>{first + self.current_indent}}{line}" for line in lines)
            self.write("".join(f"{line}\n" for line in (head, *below)))


class WideContext(click.Context):
    """The context of a command whose help is in Chinese."""

    formatter_class = WideFormatter


SECTIONS: Mapping[str, Sequence[str]] = {
    "What comes out": ("out", "in_place", "backup", "counts", "bom", "dry_run", "check", "diff", "force", "journal"),
    "What comes in": (
        "profile", "title", "encoding", "files_from", "include", "exclude", "format", "field", "title_field", "url_field", "header",
    ),
    "Characters": ("to", "protect", "dictionary", "corrections", "convert_code", "tidy", "quotes", "punctuation"),
    "What goes, and what stays": (
        "reading", "caution", "keep", "drop", "titles", "boilerplate", "packs", "rules", "duplicates", "fuzzy", "threshold",
        "edges", "datelines", "blank_lines",
    ),
    "Many documents": (
        "templates", "min_pages", "share", "min_sites", "save_templates", "near", "copy_stays", "seen", "site", "site_field",
        "id_field", "date_field",
    ),
    "What is told": ("ledger", "kinds", "report", "html", "warn_share", "color", "lang", "quiet", "verbose"),
    "What it may cost": ("engine", "master", "partitions", "jobs", "max_seconds", "max_bytes", "max_memory", "quarantine", "window_lines"),
    "Settings": ("config", "no_config"),
}  # fmt: skip
"""For each heading the options below it, by the names of their parameters."""

_OTHERS = "Options"


class Sectioned(click.Command):
    """A command whose help lists options under headings; those that are in no section come last."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        place = {name: (heading, at) for heading, names in SECTIONS.items() for at, name in enumerate(names)}
        rows: dict[str, list[tuple[int, tuple[str, str]]]] = {heading: [] for heading in (*SECTIONS, _OTHERS)}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
            if record is not None:
                heading, at = place.get(parameter.name or "", (_OTHERS, 0))
                rows[heading].append((at, record))
        for heading, found in rows.items():
            if found:
                with formatter.section(heading):
                    formatter.write_dl([record for _, record in sorted(found, key=lambda row: row[0])])
