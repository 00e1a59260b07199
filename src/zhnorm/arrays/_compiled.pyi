"""What the functions of the compiled part take. `Array` is an array of numpy, contiguous, of the type that is named; all of one line are
beside each other. `found` is written. Where sizes do not fit together they raise ValueError, and nothing is written."""

from typing import Any

Array = Any

def translate(text: str, added: Array, deletes: bool, /) -> str:
    """A text with every character looked up. `added`: uint32, what is added to each code point, with marks above its bits; with `deletes`
    characters that become 0 go."""

def looks(texts: str, keys: str, table: Array, key_table: Array, found: Array, asked: Array, /) -> None:
    """What lines look like by themselves. `table`: uint32, the bits of every code point, and `key_table`: uint8, the same in keys; `found`:
    float64, a row for each line; `asked`: uint32, for each line the bits of what an expression has to say."""

def words(text: str, marks: Array, vectors: Array, unit: float, found: Array) -> None:
    """The words of lines as numbers. `marks`: uint8; `vectors`: int8; `found`: float64, as many for a line as a vector has."""

def layer(
    lines: int, first: Array, second: Array, weights: Array, constants: Array, bend: bool, found: Array, /
) -> None:
    """One layer over lines whose numbers come in two parts. `first`, `second`, `found`: float64; `weights`: int16, of each two inputs those of
    all outputs, in number a multiple of eight; `constants`: int32."""

def in_place(
    lines: int,
    alone: Array,
    around: Array,
    seen: Array,
    starts: Array,
    weights: Array,
    constants: Array,
    found: Array,
    /,
) -> None:
    """What lines become in their place. `alone`, `around`, `seen` (what neighbours see of each), `found`: float64; `starts` of the pages:
    int64; `weights`, `constants`: as in `layer`."""

def pairs(text: str, pages: Array, lines: Array, groups: Array, /) -> int:
    """The pairs of characters of lines, each of a line once: how many they are; the line of each, and the number of the pair on its page,
    are written. `pages`: int64, for each line its page; `lines`, `groups`: int32, room for as many as the text has characters."""

def in_common(lines: Array, groups: Array, known: Array, others: bool, found: Array, /) -> None:
    """How many pairs of each line stand in known lines of its page; with `others` in such besides itself. `lines`, `groups`: of `pairs`;
    `known`: bool, `found`: int64, for each line."""

def stretches(own: Array, known: Array, starts: Array, begins: Array, behind: Array, first: Array, /) -> int:
    """Stretches of prose: how many they are; their lines, and the first one of each page, with one more behind, are written. `own`: what
    `looks` found; `known`: bool; `starts` of the pages, and all that is written: int64, `begins` and `behind` of as many as lines."""

def around(
    own: Array,
    sizes: Array,
    known: Array,
    ends: Array,
    dates: Array,
    repeated: Array,
    like_title: Array,
    topic: Array,
    starts: Array,
    titles: Array,
    sure: Array,
    begins: Array,
    behind: Array,
    found: Array,
    /,
) -> None:
    """What stands around lines. Of the lines `own`, `like_title`, `topic`: float64; `sizes`: int64; `known`, `ends`, `dates`,
    `repeated`: bool. Of the pages `starts`, `titles` (-1 for none): int64; `sure`: float64. Of the stretches `begins`, `behind`: int64.
    `found`: float64, a row for each line."""

def chances(scores: Array, names: Array, powers: Array, groups: Array, found: Array, /) -> None:
    """Probabilities of kinds, and if there are `names` those of kinds of the groups 1 and 2 as they are told apart by them. `scores`, `names`,
    `powers`, `found`: float64; `groups`: uint8, for each kind."""

def weigh(given: Array, wanted: Array, best: Array, together: Array, /) -> None:
    """The most likely of the wanted kinds, and how likely they are together. `given`, `together`: float64; `wanted`: bool, for each kind;
    `best`: int64."""

def best_runs(pull: Array, told: Array, prose: Array, headline: Array, starts: Array, found: Array, /) -> None:
    """For each page the first line of its best run, the first one behind it, what is above and below, and what it tells: five numbers.
    `pull`, `told`, `starts`, `found`: int64; `prose`, `headline`: bool."""

def recurring(text: str, found: Array, /) -> None:
    """In which lines a text of four letters or more may stand twice in a row (1), or one of seven letters or more come back (2). `found`: uint8,
    for each line."""

def glued(
    lines: list[str],
    sizes: tuple[int, int, int, int, int, float],
    alphabet: Array,
    letters: Array,
    pairs: Array,
    first: Array,
    first_constants: Array,
    glance: Array,
    glance_constants: Array,
    glance_tag: Array,
    near: Array,
    near_constants: Array,
    dilations: Array,
    tags: Array,
    tags_constants: Array,
    follow: Array,
    wide_first: Array,
    wide_glance: Array,
    wide_near: Array,
    /,
) -> list[tuple[int, int, int, bytes, bytes]]:
    """The stretches of lines whose likeliest tags show a piece: the number of the line, from where to where, scores (float64) and tags (uint8).
    `sizes`: of a pair's vector; how many letters the first layer sees on both sides, and a glance, and how far these are from each other; how
    many letters around one are read; what is worth a piece. `alphabet`: uint16, the number of each character of 16 bits; `letters`: int16,
    of each a row for each place near it; `pairs`: uint8, the last one is none; `first` (of pairs), `glance`, a matrix for each place beside
    the other, `near`, one for each layer: int8, of each four inputs those of all outputs, and `wide_`, int16, as the weights of `layer`, like
    `tags`; all constants and `glance_tag`, which ends with one: int32; `dilations`: int64; `follow`: float64."""

def likeliest(scores: Array, follow: Array, found: Array, /) -> None:
    """The likeliest tags of letters. `scores`, a row of four for each, `follow`, four by four: float64; `found`: uint8."""

def division(fold: dict[int, int], slots: bytes, joints: bytes, unknown: int, /) -> Any:
    """What divides text into words, for `speller`. `fold`: code points to those that words are kept in; `slots`, `joints`: of `division.Lattice`;
    `unknown`: what a character that is no word costs beyond the rarest word."""

def speller(
    division: Any,
    kind: int,
    codes: dict[int, int],
    reading: dict[int, int],
    pairs: dict[str, str],
    contexts: dict[str, list[tuple[str, str, str]]],
    anchors: str,
    alone: str,
    standard: dict[int, int] | None,
    told: tuple[str, str, str, str, str, str, str],
    /,
) -> Any:
    """One step, for `spell`. `kind`: 0 converts all lines, 1 what has to become Simplified, 2 what has to become Traditional; `codes`, `reading`,
    `pairs`, `contexts`, `alone`: of `context.Plain`; `anchors`: characters, read, at which a phrase may matter; `standard`: for Traditional lines;
    `told`: the characters that are only Simplified, only Traditional, doubtful, kana, shared, unusual, and at the beginning of addresses."""

def spell(speller: Any, text: str, speaks: Any, other: Any, /) -> str | None:
    """A text converted. `speaks`: gives the script of the document that a line is in, by its number; None: the text is one document.
    `other`: converts a line with kana, given its number; None: there is to be none, no address and nothing unusual, or the answer is
    None."""
