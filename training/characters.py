"""Which characters are mistaken for each other: makes `data/words/sounds.tsv` and `data/words/shapes.tsv`.

    pip install pypinyin pillow numpy scipy       and two fonts, Noto Serif CJK and Noto Sans CJK
    python -m training.characters FONT FONT       the .ttc files

Sounds are the readings of pypinyin without their tones: the first one of each character, and those that its phrases have.
Shapes are pictures: each character is drawn in both fonts, as it is and in its Traditional forms, blurred a little, and compared with
every other one. Two characters look alike if their pictures correlate, or if a half of both, such as a component that they share,
is the same; they look a little alike if they do so less.

What looks alike and stands in the same words is no slip: 肺 and 脑, 铁 and 钛 are things of one kind, and 肺癌 is not 脑癌.
"""

from __future__ import annotations

import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from pypinyin import Style, pinyin
from pypinyin.phrases_dict import phrases_dict
from scipy.ndimage import gaussian_filter

from zhnorm.conversion.characters import character_map
from zhnorm.conversion.fold import key

WORDS = Path(__file__).parents[1] / "src" / "zhnorm" / "data" / "words"
SIZE, SIMPLIFIED, TRADITIONAL = 48, 2, 3
"""Pixels of a picture; the numbers of the faces in the fonts' collections."""
ALIKE, SHARED, NEAREST = 0.66, 0.58, 0.60
"""Correlation from which two characters look alike: among each other's RANK nearest; if a half is the same; among each other's NEAR."""
HALF = 0.94
A_LITTLE, HALF_A_LITTLE = 0.50, 0.90
"""The same for characters that look a little alike, and for their halves."""
RANK, NEAR, MOST = 32, 6, 48
AT_ONCE = 500
"""Characters that are compared with all others at once."""
SHARE_OF_PHRASES = 0.02
"""A reading that fewer of a character's phrases have is not known to those who type."""
TWINS = 0.85
"""Characters whose pictures correlate so much are mistaken for each other even if they are of one kind: 已 and 己."""
KIN, KIN_OF_RARE, RARE = 0.03, 0.01, 100
"""What two characters have to have in common to be of one kind (see `_Kinship`); and if one of them stands in fewer places than RARE."""
LEAST_PLACES = 5


def main() -> None:
    """Write both tables for every character that occurs in a word of the lexicon, as keys have it."""
    rows = [line.split("\t") for line in (WORDS / "words.tsv").read_text("utf-8").splitlines() if line[0] != "#"]
    found = {char for word, *_ in rows for char in word}
    chars = sorted(char for char in found if "\u4e00" <= char <= "\u9fff" and key(char) == char)
    _write("sounds", "pypinyin 0.55.0 (MIT License): the readings of each character, without tones.", _sounds(chars))
    kinship = _Kinship([word for word, _, *name in rows if not name])
    _write(
        "shapes",
        "Pictures in Noto Serif and Noto Sans CJK: what looks like each character, and what looks a little like it. A pair stands once, under the first of the two.",
        _shapes(chars, sys.argv[1:], kinship),
    )


def _write(name: str, about: str, rows: dict[str, str]) -> None:
    body = "".join(f"{char}\t{value}\n" for char, value in rows.items() if value.strip())
    (WORDS / f"{name}.tsv").write_text(f"# {about} Made by `python -m training.characters`.\n{body}", "utf-8")


def _sounds(chars: list[str]) -> dict[str, str]:
    times: dict[str, Counter[str]] = defaultdict(Counter)
    for phrase, said in phrases_dict.items():
        for char, reading in zip(phrase, said, strict=False):
            times[char][_without_tone(reading[0])] += 1
    found = {}
    for char in chars:
        readings = pinyin(char, style=Style.NORMAL, heteronym=True, errors="ignore")
        if not readings:
            continue
        first, *others = dict.fromkeys(readings[0])
        least = max(2, SHARE_OF_PHRASES * times[char].total())
        found[char] = " ".join([first, *(other for other in others if times[char][other] >= least)])
    return found


def _without_tone(reading: str) -> str:
    marks = {"\u0300", "\u0301", "\u0304", "\u030c"}
    plain = "".join(char for char in unicodedata.normalize("NFD", reading) if char not in marks)
    return unicodedata.normalize("NFC", plain).replace("ü", "v")


class _Kinship:
    """Whether two characters are of one kind, as the words show that both of them stand in: 肺炎 脑炎, 肺部 脑部."""

    def __init__(self, words: list[str]) -> None:
        self._places: dict[str, set[str]] = defaultdict(set)
        self._size: Counter[str] = Counter()
        for word in words:
            for at, char in enumerate(word) if 2 <= len(word) <= 4 else ():
                place = f"{word[:at]}_{word[at + 1 :]}"
                self._places[char].add(place)
                self._size[place] += 1

    def are_kin(self, one: str, other: str) -> bool:
        places, others = self._places[one], self._places[other]
        fewer = min(len(places), len(others))
        # A place in which many characters stand says little.
        common = sum(1 / log(1 + self._size[place]) for place in places & others)
        return common / (fewer + LEAST_PLACES) >= (KIN_OF_RARE if fewer < RARE else KIN)


def _shapes(chars: list[str], fonts: list[str], kinship: _Kinship) -> dict[str, str]:
    """What looks like each character, and what looks a little like it, in Simplified and in Traditional."""
    forms = defaultdict(list)
    for code, simplified in character_map("hans").items():
        forms[chr(simplified)].append(chr(code))
    likest: dict[str, dict[str, tuple[int, float]]] = {char: {} for char in chars}
    for face in (SIMPLIFIED, TRADITIONAL):
        drawn = [
            (char, form) for char in chars for form in (forms[char] if face == TRADITIONAL and forms[char] else [char])
        ]
        owners = [char for char, _ in drawn]
        pictures = np.stack([_pictures([form for _, form in drawn], font, face) for font in fonts], 1)
        for place, other, tier, likeness in _alike(pictures):
            own, known = owners[place], likest[owners[place]]
            if own != owners[other]:
                known[owners[other]] = min(known.get(owners[other], (tier, -likeness)), (tier, -likeness))
    pairs: list[dict[str, set[str]]] = [{char: set() for char in chars} for _ in range(2)]
    for char, others in likest.items():
        ranked = [
            other
            for other in sorted(others, key=others.__getitem__)
            if -others[other][1] >= TWINS or not kinship.are_kin(char, other)
        ]
        for tier, found in enumerate(pairs):
            for other in [other for other in ranked if others[other][0] == tier][:MOST]:
                found[min(char, other)].add(max(char, other))
    return {char: "\t".join("".join(sorted(found[char])) for found in pairs) for char in chars}


def _alike(pictures: NDArray[np.float32]) -> Iterator[tuple[int, int, int, float]]:
    """Pairs of characters by their numbers: 0 if they look alike, 1 if they do a little, and how much they correlate."""
    half = pictures.shape[-1] // 2
    parts = (pictures, pictures[..., :half], pictures[..., half:], pictures[..., :half, :], pictures[..., half:, :])
    flat = [_normal(part) for part in parts]
    for first in range(0, len(pictures), AT_ONCE):
        whole, *halves = (_correlation(each[first : first + AT_ONCE], each) for each in flat)
        shared = np.max(halves, 0)
        rows = np.arange(len(whole))
        whole[rows, first + rows] = -1
        nearest = np.argsort(-whole, 1)[:, :RANK]
        rank = np.full(whole.shape, RANK)
        np.put_along_axis(rank, nearest, np.arange(RANK)[None, :], 1)
        alike = (
            ((whole >= ALIKE) & (rank < RANK))
            | ((whole >= SHARED) & (shared >= HALF))
            | ((whole >= NEAREST) & (rank < NEAR))
        )
        a_little = ((whole >= A_LITTLE) & (rank < RANK)) | ((whole >= A_LITTLE) & (shared >= HALF_A_LITTLE))
        for place, other in zip(*np.nonzero(alike | a_little), strict=True):
            yield first + int(place), int(other), int(not alike[place, other]), float(whole[place, other])


def _pictures(chars: list[str], path: str, face: int) -> NDArray[np.float32]:
    font = ImageFont.truetype(path, SIZE - 8, index=face)
    found = []
    for char in chars:
        image = Image.new("L", (SIZE, SIZE), 0)
        ImageDraw.Draw(image).text((4, -4), char, 255, font=font)
        found.append(gaussian_filter(np.asarray(image, np.float32), 1.2)[::2, ::2])
    return np.stack(found)


def _normal(pictures: NDArray[np.float32]) -> NDArray[np.float32]:
    flat = pictures.reshape(*pictures.shape[:2], -1)
    flat = flat - flat.mean(-1, keepdims=True)
    flat /= np.linalg.norm(flat, axis=-1, keepdims=True) + 1e-9
    return flat


def _correlation(some: NDArray[np.float32], every: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of characters' pictures with all others, the mean over the fonts."""
    found: NDArray[np.float32] = np.mean([some[:, font] @ every[:, font].T for font in range(every.shape[1])], 0)
    return found


if __name__ == "__main__":
    main()
