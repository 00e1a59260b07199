"""What the steps of the conversion look up, for each direction: the installed dictionaries, mended, and our own tables over them.

Our tables are in data/script/simplified, data/script/traditional and data/script/taiwan.tsv; docs/conversion.md tells their format.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from .characters import folded_map, rows, simplified_map, simplified_only, standard_characters
from .context import Plain, Speller
from .dictionaries import bundled
from .prepared import prepared
from .spellings import Row, read_rows

__all__ = ["TAIWAN_TO_OPENCC", "candidates", "tables"]

_STANDARDS = {"s2t": "t", "s2tw": "tw", "s2twp": "tw", "s2hk": "hk"}
TAIWAN_TO_OPENCC = {"裡": "裏", "麵": "麪", "群": "羣", "峰": "峯"}
"""What only Taiwan writes so, in the standard of OpenCC. Other characters of Taiwan's are words of their own in Hong Kong."""
_VARIANTS = {"t": "", "tw": "TWVariants", "hk": "HKVariants"}


def tables(direction: str) -> Plain:
    """What a step of `hans`, `t2s`, `tw2sp`, `s2t`, `s2tw`, `s2twp` or `s2hk` looks up."""
    return _PREPARED[direction]()


@prepared
def _hans() -> Plain:
    return _simplified(usage=True)


@prepared
def _t2s() -> Plain:
    return _simplified(usage=False)


@prepared
def _tw2sp() -> Plain:
    return _simplified(usage=True, vocabulary=True)


@prepared
def _s2t() -> Plain:
    return _traditional("t")


@prepared
def _s2tw() -> Plain:
    return _traditional("tw")


@prepared
def _s2twp() -> Plain:
    return _traditional("tw", vocabulary=True)


@prepared
def _s2hk() -> Plain:
    return _traditional("hk")


_PREPARED = {"hans": _hans, "t2s": _t2s, "tw2sp": _tw2sp, "s2t": _s2t, "s2tw": _s2tw, "s2twp": _s2twp, "s2hk": _s2hk}


def _simplified(usage: bool, vocabulary: bool = False) -> Plain:
    from .assembly import Assembly

    chosen = [row for row in read_rows("simplified") if usage or row.table != "usage"]
    characters = simplified_characters()
    installed = {word: result for word, result in bundled("TSPhrases").items() if len(word) == len(result)}
    assembly = Assembly(characters, chosen, installed, {row.character for row in chosen})
    if vocabulary:
        assembly.add_vocabulary(_vocabulary("<"))
    return assembly.plain()


def _traditional(standard: str, vocabulary: bool = False) -> Plain:
    from .assembly import Assembly

    chosen = [row for row in read_rows("traditional") if not row.standards or standard in row.standards]
    variants = dict(bundled(_VARIANTS[standard])) if _VARIANTS[standard] else {}
    to_open = dict(bundled("TWVariantsRev"))

    def write(text: str, ours: bool = True) -> str:
        """A text of OpenCC's standard in this one; of ours, which is Taiwan's, unless a row is for other standards alone."""
        return "".join(variants.get(c, c) for c in ("".join(to_open.get(c, c) for c in text) if ours else text))

    characters = {key: write(value, ours=False) for key, value in bundled("STCharacters").items()}
    characters |= {key: write(value, ours=False) for key, value in variants.items() if key not in characters}
    if standard == "hk":
        characters |= TAIWAN_TO_OPENCC
    for row in chosen:
        if "*" in row.words:
            characters[row.character] = write(row.becomes, _is_taiwan(row))
    installed = {
        word: write(_mended(word, result), ours=False)
        for word, result in bundled("STPhrases").items()
        if len(word) == len(result)
    }
    chosen = [_in_standard(row, lambda text, row=row: write(text, _is_taiwan(row))) for row in chosen]  # type: ignore[misc]
    assembly = Assembly(characters, chosen, installed, {key for key, values in _several().items()})
    if vocabulary:
        assembly.add_vocabulary({word: write(result) for word, result in _vocabulary(">").items()})
    return assembly.plain()


@cache
def _several() -> dict[str, tuple[str, ...]]:
    found = bundled("STCharacters", alternatives=True)
    return {key: tuple(value.split(" ")) for key, value in found.items() if " " in value}


def _is_taiwan(row: Row) -> bool:
    return not row.standards or "tw" in row.standards


def _in_standard(row: Row, write: Callable[[str], str]) -> Row:
    """A row with its results in a standard."""
    words = (word.partition("=") for word in row.words)
    return row._replace(becomes=write(row.becomes), words=tuple(a + b + write(c) for a, b, c in words))


def _mended(word: str, result: str) -> str:
    """A row of the installed dictionary with what is no Traditional form of its character put right."""
    table, fold = bundled("STCharacters"), folded_map()
    if word.translate(fold) == result.translate(fold) and simplified_only().isdisjoint(result):
        return result
    return "".join(
        r if r.translate(fold) == c.translate(fold) and r not in simplified_only() else table.get(c, c)
        for c, r in zip(word, result, strict=True)
    )


@cache
def simplified_characters() -> dict[str, str]:
    """What each character becomes in mainland Simplified where no word decides."""
    found = dict(simplified_map())
    standard = standard_characters()
    for form, end in list(found.items()):
        if end > "\U00020000" and end not in standard and _of_cantonese(form):
            del found[form]
    for row in read_rows("simplified"):
        if "*" in row.words:
            found[row.character] = row.becomes
    return {key: value for key, value in found.items() if key != value}


def _of_cantonese(form: str) -> bool:
    """Whether a character is in Hong Kong's supplementary set alone: everyday Cantonese (嗰, 餸), which the mainland writes the
    same way. Its simplified form is in no list of the mainland and in few fonts."""
    try:
        form.encode("big5hkscs")
    except UnicodeEncodeError:
        return False
    try:
        form.encode("big5")
    except UnicodeEncodeError:
        return True
    return False


def _vocabulary(sign: str) -> dict[str, str]:
    """Words of one side, as patterns, to the words of the other: `>` into Taiwan's, in Traditional, `<` into the mainland's.

    The installed dictionary's words, and over them those of `data/script/taiwan.tsv`.
    """
    fold = folded_map()
    # What is found is written as the text is: into Taiwan's in Simplified, into the mainland's in Traditional.
    source = str.maketrans(simplified_characters()) if sign == ">" else {}
    mainland = Speller(tables("hans")).convert
    found: dict[str, tuple[str, str]] = {}
    for word, result in bundled("TWPhrases" if sign == ">" else "TWPhrasesRev").items():
        found[word.translate(fold)] = word.translate(source), result if sign == ">" else mainland(result)
    for here, there, way, _ in rows("taiwan"):
        if sign not in way:
            continue
        word, result = (there, here) if way == "<>" and sign == "<" else (here, there)
        if result == "-":
            found.pop(word.translate(fold), None)
        else:
            found[word.translate(fold)] = word, result
    return dict(found.values())


def candidates(script: str) -> dict[str, tuple[str, ...]]:
    """Characters with more than one result, and all of them."""
    found: dict[str, list[str]] = {}
    if script == "traditional":
        found = {key: list(values) for key, values in _several().items()}
    else:
        found = {key: value.split(" ") for key, value in bundled("TSCharacters", alternatives=True).items()}
    for row in read_rows(script):
        found.setdefault(row.character, [row.character]).append(row.becomes)
    unique = {key: tuple(dict.fromkeys(values)) for key, values in found.items()}
    return {key: values for key, values in unique.items() if len(values) > 1}
