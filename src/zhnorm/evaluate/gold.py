"""Labelled pages in a folder: `NAME.txt` and, beside it or in a folder of its own, what should be left of it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ..errors import UsageError

__all__ = ["LabelledPage", "find_pages"]

_GOLD = ".gold.txt"


class LabelledPage(NamedTuple):
    """A page and its gold.

    Attributes:
        name: path of the page inside its folder, without the ending.
        path: the page.
        gold: the text that should be left; None if nobody has said.
    """

    name: str
    path: Path
    gold: Path | None


def find_pages(folder: Path, gold_folder: Path | None, *, labelled: bool) -> list[LabelledPage]:
    """The pages of a folder, in the order of their names.

    Args:
        folder: holds `NAME.txt`, and `NAME.gold.txt` if there is no second folder.
        gold_folder: holds the gold, under the names that the pages have in the first one.
        labelled: leave out pages without gold, and insist that there is one with it.

    Raises:
        UsageError: a folder is not there, or no page in it has gold.
    """
    for path in (folder, gold_folder):
        if path is not None and not path.is_dir():
            raise UsageError(f"{path}: not a folder", hint="give a folder of pages: NAME.txt with NAME.gold.txt")
    if gold_folder is not None and gold_folder.resolve() == folder.resolve():
        raise UsageError(f"{folder}: pages and gold are the same folder", hint="without --gold: NAME.gold.txt in it")
    pages = []
    for path in sorted(folder.rglob("*.txt")):
        if path.name.endswith(_GOLD) or not path.is_file():
            continue
        inside = path.relative_to(folder)
        gold = path.with_name(path.stem + _GOLD) if gold_folder is None else gold_folder / inside
        found = gold if gold.is_file() else None
        if found or not labelled:
            pages.append(LabelledPage(str(inside.with_suffix("")), path, found))
    if not pages:
        where = f"{folder}/NAME.gold.txt" if gold_folder is None else f"{gold_folder}/NAME.txt"
        hint = f"for {folder}/NAME.txt the text that should be left is {where}" if labelled else "pages end in .txt"
        raise UsageError(f"{folder}: no page{' with gold' if labelled else ''} in it", hint=hint)
    return pages
