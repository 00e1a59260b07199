"""Which characters are mistaken for each other: makes `data/words/sounds.tsv` and `data/words/shapes.tsv`.

    pip install pypinyin pillow numpy scipy       and two fonts, Noto Serif CJK and Noto Sans CJK
    python -m training.characters FONT FONT       the .ttc files

Sounds are the readings of pypinyin without their tones. Shapes are pictures: each character is drawn in both fonts, blurred a
little, and compared with every other one; two characters look alike if their pictures correlate, or if a half of both, such
as a component that they share, is the same.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from pypinyin import Style, pinyin
from scipy.ndimage import gaussian_filter

from zhnorm.conversion.fold import key

WORDS = Path(__file__).parents[1] / "src" / "zhnorm" / "data" / "words"
SIZE, SIMPLIFIED = 48, 2
"""Pixels of a picture; the number of the Simplified face in the fonts' collections."""
ALIKE, SHARED, NEAREST = 0.66, 0.58, 0.60
"""Correlation from which two characters look alike: among each other's RANK nearest; if a half is the same; among each other's NEAR."""
HALF = 0.94
RANK, NEAR, MOST = 32, 6, 48


def main() -> None:
    """Write both tables for every character that occurs in a word of the lexicon, as keys have it."""
    lines = (WORDS / "words.tsv").read_text("utf-8").splitlines()
    found = {char for line in lines if line[0] != "#" for char in line.split("\t")[0]}
    chars = sorted(char for char in found if "\u4e00" <= char <= "\u9fff" and key(char) == char)
    _write("sounds", "pypinyin 0.55.0 (MIT License): the readings of each character, without tones.", _sounds(chars))
    _write(
        "shapes",
        "Pictures in Noto Serif and Noto Sans CJK: what looks like each character, the likest first.",
        _shapes(chars, sys.argv[1:]),
    )


def _write(name: str, about: str, rows: dict[str, str]) -> None:
    body = "".join(f"{char}\t{value}\n" for char, value in rows.items() if value)
    (WORDS / f"{name}.tsv").write_text(f"# {about} Made by `python -m training.characters`.\n{body}", "utf-8")


def _sounds(chars: list[str]) -> dict[str, str]:
    readings = {char: pinyin(char, style=Style.NORMAL, heteronym=True, errors="ignore") for char in chars}
    return {char: " ".join(dict.fromkeys(found[0])) for char, found in readings.items() if found}


def _shapes(chars: list[str], fonts: list[str]) -> dict[str, str]:
    pictures = np.stack([_pictures(chars, font) for font in fonts], 1)
    half = SIZE // 4
    parts = (pictures[..., :half], pictures[..., half:], pictures[..., :half, :], pictures[..., half:, :])
    whole = _correlation(pictures)
    shared = np.max([_correlation(part) for part in parts], 0)
    np.fill_diagonal(whole, -1)
    order = np.argsort(-whole, 1)
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(len(chars))[None, :], 1)
    rank = np.minimum(rank, rank.T)
    alike = (
        ((whole >= ALIKE) & (rank < RANK))
        | ((whole >= SHARED) & (shared >= HALF))
        | ((whole >= NEAREST) & (rank < NEAR))
    )
    return {
        char: "".join([chars[other] for other in order[place] if alike[place, other]][:MOST])
        for place, char in enumerate(chars)
    }


def _pictures(chars: list[str], path: str) -> NDArray[np.float64]:
    font = ImageFont.truetype(path, SIZE - 8, index=SIMPLIFIED)
    found = []
    for char in chars:
        image = Image.new("L", (SIZE, SIZE), 0)
        ImageDraw.Draw(image).text((4, -4), char, 255, font=font)
        found.append(gaussian_filter(np.asarray(image, float), 1.2)[::2, ::2])
    return np.stack(found)


def _correlation(pictures: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each character's pictures with every other one's, the mean over the fonts."""
    flat = pictures.reshape(*pictures.shape[:2], -1)
    flat = flat - flat.mean(-1, keepdims=True)
    flat /= np.linalg.norm(flat, axis=-1, keepdims=True) + 1e-9
    total: NDArray[np.float64] = np.einsum("ifp,jfp->ij", flat, flat, optimize=True) / flat.shape[1]
    return total


if __name__ == "__main__":
    main()
