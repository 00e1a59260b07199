"""The catalogs: gettext's .po files, which people edit, and the .mo files that are made of them and read at run time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

__all__ = ["CATALOGS", "Key", "compile_catalogs", "mistakes", "read_catalog", "update"]

Key = str | tuple[str, str]
"""A message; or, of click's, the one for one thing with the one for several."""

CATALOGS = Path(__file__).resolve().parents[1] / "src" / "zhnorm" / "data" / "locale"

_PLACE = re.compile(r"\{[^{}]*\}")
_HEADER = """# Messages of zhnorm. Edit this file by hand or with an editor for gettext's catalogs; then `python -m translations`.
# What stands in braces is put in by the program: keep it as it is, in any order."""


def compile_catalogs(target: Path) -> list[Path]:
    """Make a .mo file of every catalog, in the same folders below `target`; what has no translation is left to English."""
    made = []
    for source in sorted(CATALOGS.glob("*/LC_MESSAGES/*.po")):
        path = (target / source.relative_to(CATALOGS)).with_suffix(".mo")
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            catalog = read_catalog(source)
            # Of no day: what is made of the same catalog is the same file.
            catalog.creation_date = catalog.revision_date = datetime(2000, 1, 1, tzinfo=UTC)
            write_mo(file, catalog)
        made.append(path)
    return made


def read_catalog(path: Path) -> Catalog:
    """The catalog in a .po file."""
    with path.open("rb") as file:
        return read_po(file)


def update(path: Path, messages: Mapping[Key, Sequence[str]]) -> None:
    """Write a catalog anew: the messages of the sources in their order, with the translations that it has.

    Args:
        path: of the .po file; made if it is not there.
        messages: where each message stands, by message.
    """
    old = read_catalog(path) if path.exists() else Catalog()
    locale = path.parts[-3]
    new = Catalog(locale, project="zhnorm", header_comment=_HEADER, fuzzy=False, charset="utf-8")
    for message, places in messages.items():
        told = _told(old.get(message))
        new.add(message, told if isinstance(message, str) else (told,), auto_comments=list(dict.fromkeys(places)))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, new, width=120, omit_header=False)
    # Without the day: a catalog that says the same is the same file.
    dated = re.compile(
        r'^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Generated-By|Language-Team).*\n',
        re.MULTILINE,
    )
    path.write_text(dated.sub("", path.read_text("utf-8")), "utf-8")


def _told(known: Message | None) -> str:
    """The translation, or "". Chinese has one form for one thing and for several."""
    said = known.string if known else ""
    return said if isinstance(said, str) else "".join(said or "")


def mistakes(catalog: Catalog, messages: Mapping[Key, Sequence[str]]) -> Iterator[str]:
    """What is wrong with a translation: messages that it lacks, names in braces that differ, messages that nobody says."""
    for message, places in messages.items():
        said = [message] if isinstance(message, str) else list(message)
        told = _told(catalog.get(message))
        if not told:
            yield f"no translation ({places[0]}): {message!r}"
        elif set(_PLACE.findall(told)) not in [set(_PLACE.findall(form)) for form in said]:
            yield f"other names in braces ({places[0]}): {message!r}, {told!r}"
    for known in catalog:
        if known.id and known.id not in messages:
            yield f"said nowhere: {known.id!r}"
