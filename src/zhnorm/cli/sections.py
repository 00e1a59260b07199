"""Help in sections: what a command with dozens of options is asked for together stands together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import click

__all__ = ["SECTIONS", "Sectioned"]

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
