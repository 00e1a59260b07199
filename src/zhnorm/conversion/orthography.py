"""What the steps of the conversion look up, for each direction: the installed dictionaries, mended, and our own tables over them.

Our tables are in data/script/simplified, data/script/traditional and data/script/taiwan.tsv; docs/conversion.md tells their format.

An `Assembly` puts the words of one direction together. Our words go before the installed dictionary's. Where an installed word is
longer than one of ours and holds it, ours is put into it, so that the two never disagree. Then every word is written in all mixtures
of converted and unconverted characters (one with more than three ambiguous ones only as it is read), and those that would be found
by their parts anyway are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import product

from ..arrays.literals import Anchored, Pairs
from .characters import folded_map, rows, simplified_map, simplified_only, standard_characters
from .context import INSTALLED, NEXT, OURS, PREVIOUS, Context, Plain, Speller
from .dictionaries import bundled
from .division import LONGEST, division
from .prepared import prepared
from .spellings import Row, Spelling, expression, neighbours, read_rows, spellings, split_context

__all__ = ["TAIWAN_TO_OPENCC", "candidates", "tables"]


class Assembly:
    """Puts the tables of one direction together."""

    def __init__(
        self, characters: Mapping[str, str], chosen: list[Row], installed: Mapping[str, str], ambiguous: Iterable[str]
    ) -> None:
        self.characters = {key: value for key, value in characters.items() if len(key) == len(value) == 1}
        self._table = str.maketrans(self.characters)
        self._fold = folded_map()
        self.contexts: dict[str, list[tuple[str, str, str]]] = {}
        self.ours: dict[str, str] = {}
        alone = {row.character for row in chosen if "!" in row.words}
        self.installed = {
            word: "".join(self.characters.get(c, c) if c in alone else r for c, r in zip(word, result, strict=True))
            if not alone.isdisjoint(word)
            else result
            for word, result in installed.items()
        }
        for row in chosen:
            for each in spellings(row):
                self._add(each)
        self.installed = self._agreed()
        for word in [word for word, result in self.installed.items() if word in self.ours]:
            del self.installed[word]
        self.ambiguous = set(ambiguous) | {
            c
            for word in (*self.ours, *self.installed, *self.contexts)
            for c, d in zip(word, self._result(word), strict=False)
            if d != self.characters.get(c, c)
        }

    def _result(self, word: str) -> str:
        if word in self.contexts and word not in self.ours:
            return self.contexts[word][0][2]
        return self.ours.get(word) or self.installed.get(word) or word

    def _add(self, each: Spelling) -> None:
        row = each.row
        result = each.result
        if not result:
            # What other rows and the installed words say about the other characters counts as well.
            known = self.ours.get(each.word) or self._installed_result(each.word)
            result = "".join(row.becomes if c == row.character else r for c, r in zip(each.word, known, strict=True))
        if each.before or each.after:
            self.contexts.setdefault(each.word, []).append((each.before, each.after, result))
        else:
            self.ours[each.word] = result

    def _installed_result(self, word: str) -> str:
        """What the longest installed words in a word make of it, from its beginning on."""
        result = ""
        while len(result) < len(word):
            start = len(result)
            for stop in range(len(word), start + 1, -1):
                if (found := self.installed.get(word[start:stop])) is not None:
                    result += found
                    break
            else:
                result += self.characters.get(word[start], word[start])
        return result

    def _agreed(self) -> dict[str, str]:
        """The installed words, with ours put into them."""
        longest = max(map(len, self.ours), default=1)
        about = {character for word in self.ours for character in word}
        found = {}
        for word, known in self.installed.items():
            result = known
            if not about.isdisjoint(word):
                for size in range(2, min(longest, len(word) - 1) + 1):
                    for start in range(len(word) - size + 1):
                        ours = self.ours.get(word[start : start + size])
                        if ours is not None and len(ours) == size and _is_part(word, start, start + size):
                            result = result[:start] + ours + result[start + size :]
            found[word] = result
        return found

    def add_vocabulary(self, words: Mapping[str, str]) -> None:
        """Words, as patterns, that become another word."""
        for pattern, result in words.items():
            before, word, after = split_context(pattern)
            if not (before or after):
                before = self._not_before(word, result)
            if len(word) == len(result) == 1 and not (before or after):
                self.characters[word] = result
            elif before or after:
                self.contexts.setdefault(word, []).insert(0, (before, after, result))
            else:
                self.ours[word] = result
        # What comes out is a word as well, and stays.
        known = {word.translate(self._fold) for word in (*self.ours, *self.contexts)}
        for result in words.values():
            if result.translate(self._fold) not in known:
                self.ours[result] = result

    def _not_before(self, word: str, result: str) -> str:
        """What must not stand before a word that is the end of what it becomes, as a pattern: it would grow with each conversion
        where a word ends inside the result (查重演算法, 重演 being a word)."""
        at = result.translate(self._fold).find(word.translate(self._fold))
        return f"^|[^{result[at - 1]}]" if at > 0 else ""

    def plain(self) -> Plain:
        """The tables."""
        reading = {}
        for code, new in self._fold.items():
            form, end = chr(code), chr(new)
            becomes = self.characters.get(form, form)
            if form in self.ambiguous or (end in self.ambiguous and becomes != end):
                continue
            if becomes == self.characters.get(end, end):
                reading[code] = new
        words = {OURS: self._read(self.ours, reading), INSTALLED: self._read(self.installed, reading)}
        contexts: dict[str, list[Context]] = {}
        near: list[Anchored] = []
        alone: set[str] = set()
        forms = self._forms(reading)
        for word, found in self.contexts.items():
            for before, after, result in found:
                front = expression(before, behind=False).translate(self._fold)
                back = expression(after, behind=True).translate(self._fold)
                for variant, becomes in self._mixtures(word, reading, result):
                    if becomes != variant.translate(self._table) or variant == word.translate(reading):
                        contexts.setdefault(variant, []).append((front, back, becomes))
                        if len(variant) == 1:
                            beside = self._beside(variant, before, after, forms)
                            near += beside
                            alone |= set() if beside else {variant}
        pairs = Pairs.of([*self._anchored(words, contexts), *dict.fromkeys(near)])
        codes = {ord(key): ord(value) for key, value in self.characters.items() if key != value}
        return codes, reading, (pairs.phrases, pairs.first, pairs.second), contexts, sorted(alone)

    def _forms(self, reading: Mapping[int, int]) -> dict[str, list[str]]:
        """Under each folded character the forms in which it can be read."""
        forms: dict[str, list[str]] = {}
        for code, new in self._fold.items():
            if code not in reading:
                forms.setdefault(chr(new), []).append(chr(code))
        return forms

    def _beside(self, word: str, before: str, after: str, forms: Mapping[str, list[str]]) -> list[Anchored]:
        """The pairs of characters by which a context of a single character is found; none if there is no telling."""
        sides = [
            (neighbours(after, behind=True) if after else None, NEXT),
            (neighbours(before, behind=False) if before else None, PREVIOUS),
        ]
        known = [(found, side) for found, side in sides if found is not None]
        if not known:
            return []
        found, side = min(known, key=lambda each: len(each[0]))
        folded = {c.translate(self._fold) for c in found}
        chars = {form for c in folded for form in (c, *forms.get(c, ()))}
        if side == NEXT:
            return [Anchored(0, word + c, NEXT, "") for c in sorted(chars)]
        return [Anchored(1, c + word, PREVIOUS, "") for c in sorted(chars)]

    def _read(self, words: Mapping[str, str], reading: Mapping[int, int]) -> dict[str, str]:
        """Words as they are read, in all mixtures of converted and unconverted characters."""
        found: dict[str, str] = {}
        for word, result in words.items():
            for variant, becomes in self._mixtures(word, reading, result):
                found.setdefault(variant, becomes)
        for word, result in words.items():
            found[word.translate(reading)] = result
        return found

    def _mixtures(self, word: str, reading: Mapping[int, int], result: str) -> Iterator[tuple[str, str]]:
        """The variants of a word, and what becomes of each."""
        read = word.translate(reading)
        for variant in self._variants(word, reading, result):
            if variant == read or len(result) != len(read):
                yield variant, result
                continue
            # What is folded there already is no business of this word.
            mixed = (
                r if v in (c, r) else self.characters.get(v, v) for v, c, r in zip(variant, read, result, strict=True)
            )
            yield variant, "".join(mixed)

    def _variants(self, word: str, reading: Mapping[int, int], result: str) -> list[str]:
        """The word as it is read, with each of its ambiguous characters as it is, folded, or converted already."""
        read = word.translate(reading)
        choices = []
        for place, c in enumerate(read):
            forms = (c, c.translate(self._fold), result[place] if len(result) == len(read) else c)
            choices.append(tuple(dict.fromkeys(forms)) if c in self.ambiguous else (c,))
        if sum(len(choice) > 1 for choice in choices) > 3:
            return [read]
        return ["".join(each) for each in product(*choices)]

    def _anchored(
        self, words: Mapping[int, Mapping[str, str]], contexts: Mapping[str, list[Context]]
    ) -> Iterator[Anchored]:
        """Words under their anchors; of those that make a difference the ones that are more than their parts."""
        results = {**words[INSTALLED], **words[OURS]}
        expected = self._plainly(results)
        changing = {word: result for word, result in results.items() if result != expected[word] and len(word) > 1}
        for word, result in results.items():
            if len(word) < 2 or word in contexts:
                continue
            order = OURS if word in words[OURS] else INSTALLED
            plainly = expected[word]
            single = order == OURS and any(c in contexts for c in word)
            if (
                not single
                and (result == plainly or order == INSTALLED)
                and _is_its_parts(word, result, plainly, changing)
            ):
                continue
            if result != plainly or single or _holds_one(word, changing):
                yield Anchored(self._offset(word, result, plainly), word, order, result)
        for word in contexts:
            if len(word) > 1:
                yield Anchored(self._offset(word, "", ""), word, OURS, results.get(word, ""))

    def _offset(self, word: str, result: str, plainly: str) -> int:
        if len(result) == len(plainly) == len(word) and result != plainly:
            return next(i for i, (a, b) in enumerate(zip(result, plainly, strict=True)) if a != b)
        return next((i for i, c in enumerate(word) if c in self.ambiguous), 0)

    def _plainly(self, words: Mapping[str, str]) -> dict[str, str]:
        text = "\n".join(words).translate(self._table)
        return dict(zip(words, text.split("\n"), strict=True)) if words else {}


def _holds_one(word: str, changing: Mapping[str, str]) -> bool:
    """Whether a part of the word would become something else by itself."""
    return any(True for _ in _parts(word, changing))


def _is_its_parts(word: str, result: str, plainly: str, changing: Mapping[str, str]) -> bool:
    """Whether a word becomes what its parts make of it, wherever it is divided, so that it need not be looked for."""
    if len(result) != len(word) or len(word) > LONGEST:
        return False
    covered = [a == b for a, b in zip(result, plainly, strict=True)]
    for start, part in _parts(word, changing):
        if changing[part] != result[start : start + len(part)]:
            return False
        covered[start : start + len(part)] = [True] * len(part)
    return all(covered)


def _parts(word: str, changing: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    size = len(word)
    for start in range(size - 1):
        for stop in range(start + 2, size + (start > 0)):
            if word[start:stop] in changing and _is_part(word, start, stop):
                yield start, word[start:stop]


def _is_part(word: str, start: int, stop: int) -> bool:
    return division().is_part(word.translate(division().fold), start, stop)


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

    chosen = [row for row in read_rows("simplified") if usage or row.table != "usage"]
    characters = simplified_characters()
    installed = {word: result for word, result in bundled("TSPhrases").items() if len(word) == len(result)}
    assembly = Assembly(characters, chosen, installed, {row.character for row in chosen})
    if vocabulary:
        assembly.add_vocabulary(_vocabulary("<"))
    return assembly.plain()


def _traditional(standard: str, vocabulary: bool = False) -> Plain:

    chosen = [row for row in read_rows("traditional") if not row.standards or standard in row.standards]
    variants = dict(bundled(_VARIANTS[standard])) if _VARIANTS[standard] else {}
    # 核, 針, 參 are standard there, too: 覈, 鍼, 蔘 are other words that Taiwan writes with them.
    standards = set(bundled("STCharacters").values())
    to_open = {form: open_form for form, open_form in bundled("TWVariantsRev").items() if form not in standards}

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
