"""The pictures in the README, made anew: `python docs/screenshots.py` from the repository's root.

`docs/images/explain.svg` is what `zhnorm explain` draws on a terminal, `docs/images/report.png` a page of the HTML report in Chromium (which
has to be installed, with chromedriver and a font for Chinese). The pages are cases of the tests; no article is shown.
"""

from __future__ import annotations

import html
import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
CASES = ROOT / "tests" / "cases"
SHOWN = "wild/farm-captions.txt"
sys.path.insert(0, str(ROOT))

from tests.browser.driver import browser  # noqa: E402
from tests.test_cases import read  # noqa: E402

from zhnorm import Cleaner  # noqa: E402
from zhnorm.report.screen import Screen  # noqa: E402
from zhnorm.report.story import Reader  # noqa: E402

SVG = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: monospace; font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width }}
.{unique_id}-title {{ font-size: 18px; font-family: sans-serif }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""Without the fonts that rich would load from elsewhere."""


TEXT = re.compile(r'(<text [^>]*textLength=")([0-9.]+)("[^>]*>)([^<]+)</text>')


def page_of(path: Path) -> str:
    return "".join(f"{line}\n" for line in read(path).lines)


def draw_terminal() -> None:
    console = Console(
        record=True, width=112, file=io.StringIO(), force_terminal=True, color_system="truecolor", highlight=False
    )
    screen = Screen(drawn=True, console=console)
    reader = Reader()
    screen.rows(reader.read(Cleaner().explain(page_of(CASES / SHOWN)).lines))
    drawn = console.export_svg(title="zhnorm explain page.txt", code_format=SVG, unique_id="zhnorm")
    (IMAGES / "explain.svg").write_text(TEXT.sub(as_wide_as_its_cells, drawn), "utf-8")


def as_wide_as_its_cells(found: re.Match[str]) -> str:
    """A piece of text on a terminal's grid: rich counts characters, but a Chinese one takes two cells."""
    before, length, between, text = found.groups()
    plain = html.unescape(text)
    return f"{before}{float(length) * cell_len(plain) / len(plain):g}{between}{text}</text>"


def draw_report() -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, report = Path(folder, "scraped"), Path(folder, "report.html")
        for path in sorted(CASES.rglob("*.txt")):
            target = source / path.relative_to(CASES)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(page_of(path), "utf-8")
        command = [
            sys.executable,
            "-m",
            "zhnorm",
            "clean",
            "scraped",
            "--dry-run",
            "-q",
            "--profile",
            "auto",
            "--html",
            str(report),
        ]
        subprocess.run(command, check=True, cwd=folder)
        with browser(Path(folder, "profile")) as window:
            window.open(report)
            place = window.run("return data.pages.findIndex(page => data.names[page.name][0] === arguments[0])", SHOWN)
            window.go(f"page-{place}")
            (IMAGES / "report.png").write_bytes(window.picture(1280, 860))


if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    draw_terminal()
    draw_report()
