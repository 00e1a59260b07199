"""What `mkdocs build` needs to know: the site's pages stand where they stand in the repository, so one link does for both.

A page that is not in `nav` of `mkdocs.yml` is not in the site; what a page links to besides is copied.
"""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[1]
_LINK = re.compile(r"\]\(([^)#:\s]+)")


def on_files(files: Files, /, *, config: MkDocsConfig) -> Files:
    """The pages of `nav`, files that they link to, and what the theme brings along."""
    pages = list(_pages(config.nav))
    linked = {path for page in pages for path in _linked(page)}
    named = [*pages, *sorted(path for path in linked if path not in pages)]
    own = [File.generated(config, name, abs_src_path=str(ROOT / name)) for name in named]
    return Files([*(file for file in files if file.generated_by), *own])


def _pages(nav: object) -> list[str]:
    """The pages in a part of `nav`.

    >>> _pages([{"Home": "README.md"}, {"More": [{"One": "docs/one.md"}]}])
    ['README.md', 'docs/one.md']
    """
    if isinstance(nav, str):
        return [nav]
    parts = nav.values() if isinstance(nav, dict) else nav
    return [page for part in parts for page in _pages(part)]  # type: ignore[attr-defined]


def _linked(page: str) -> set[str]:
    """What a page links to in the repository; what is not there is left for mkdocs to warn of."""
    found = {(ROOT / page).parent / link for link in _LINK.findall((ROOT / page).read_text("utf-8"))}
    return {path.resolve().relative_to(ROOT).as_posix() for path in found if path.is_file()}
