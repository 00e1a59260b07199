"""Help pages: for every rule that a ledger can name, what it is about, with pages on which it acts and does not; and what kept a rule from acting on a line.

Rules of packs explain themselves; the rules of the stages are described in `data/stages.toml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from zhnorm.conversion.fold import key
from zhnorm.errors import near_names
from zhnorm.line import Line
from zhnorm.package_data import data_path
from zhnorm.rules import Matcher, Pack, Rule, builtin_packs, load_pack
from zhnorm.stages import STAGES

from .terminal import visible

__all__ = ["Example", "HelpPage", "held_back", "help_pages", "nearest_rules"]

_FILE = Path(data_path("stages.toml"))
_CUT = {
    "links": "The line goes as the heading of a list, with the lines below it that look like links.",
    "rest": "The line goes, and if the article is over there, all that stands below it.",
    "none": "The line goes.",
}
_DOES = {
    "drop": "The line goes.",
    "trim-prefix": "What stands before the text goes; if nothing is left, the line.",
    "trim-inside": "The mark goes, wherever it stands in the line; what stands before and behind it stays.",
    "trim-suffix": "What stands behind the text goes; if nothing is left, the line.",
}
_WHERE = {
    "anywhere": "anywhere",
    "head": "above the first paragraph of prose",
    "tail": "below the last paragraph of prose",
}


class Example(NamedTuple):
    """A line of an example: `mark` is "+" (stays), "-" (goes) or "~" (becomes `becomes`)."""

    mark: str
    text: str
    becomes: str = ""


@dataclass(frozen=True, slots=True)
class HelpPage:
    """What there is to say about a rule.

    Attributes:
        rule: full name.
        stage: the stage in which it acts.
        about: what it is about.
        does: what happens to a line, and where; "" if `about` says it all.
        off: how to do without it.
        removes: pages on which it acts, line by line.
        keeps: pages on which it does not.
        settings: settings that the examples need.
        written: the rule of a pack as it is written, None for the rule of a stage.
    """

    rule: str
    stage: str
    about: str
    does: str
    off: str
    removes: tuple[tuple[Example, ...], ...]
    keeps: tuple[tuple[Example, ...], ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    written: Rule | None = None

    def as_record(self) -> dict[str, Any]:
        """The page for JSON."""
        record: dict[str, Any] = {
            "rule": self.rule,
            "stage": self.stage,
            "about": self.about,
            "does": self.does,
            "off": self.off,
            "removes": [[line._asdict() for line in page] for page in self.removes],
            "keeps": [[line._asdict() for line in page] for page in self.keeps],
        }
        if self.written:
            wanted = ("action", "where", "match", "words", "min_words", "max_chars", "sentence", "below")
            record |= {name: getattr(self.written, name) for name in wanted}
        return record


def help_pages(own_packs: Sequence[Pack] = ()) -> dict[str, HelpPage]:
    """The pages of all rules, in the order of the stages.

    Args:
        own_packs: packs besides the built-in ones.

    >>> help_pages()["duplicates/equal"].off
    '--no-duplicates'
    """
    packs = [*map(load_pack, builtin_packs()), *own_packs]
    pages = [*_stage_pages(), *(_pack_page(rule) for pack in packs for rule in pack.rules)]
    return {page.rule: page for page in pages}


def nearest_rules(wanted: str, known: Iterable[str]) -> list[str]:
    """Rules that may have been meant: those with the same last part first, which is what people remember.

    >>> nearest_rules("share-bar", ["web/share-bar", "web/icp"])
    ['web/share-bar']
    """
    names = list(known)
    last = wanted.rpartition("/")[2]
    same = [name for name in names if name.rpartition("/")[2] == last]
    if same:
        return same[:3]
    return near_names(wanted, names, 3) or [name for name in names if last and last in name][:3]


@lru_cache(maxsize=1)
def _stage_pages() -> tuple[HelpPage, ...]:
    import tomllib

    order = {stage.name: place for place, stage in enumerate(STAGES)}
    tables = tomllib.loads(_FILE.read_text("utf-8"))["rule"]
    tables.sort(key=lambda table: order[table["name"].partition("/")[0]])
    named = {table["name"]: table for table in tables}
    return tuple(_stage_page(table, named[table.get("same_page", table["name"])]) for table in tables)


def _stage_page(table: Mapping[str, Any], examples: Mapping[str, Any]) -> HelpPage:
    return HelpPage(
        rule=table["name"],
        stage=table["name"].partition("/")[0],
        about=table["about"],
        does="",
        off=table["off"],
        removes=(tuple(_marked(examples["removes"])),),
        keeps=(tuple(_marked(examples["keeps"])),),
        settings={name: tuple(it) if isinstance(it, list) else it for name, it in examples.get("settings", {}).items()},
    )


def _marked(page: str) -> Iterator[Example]:
    lines = page.strip("\n").split("\n")
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        mark, text = line[:1], line[2:]
        if mark == "~":
            yield Example(mark, text, after[2:])
        elif mark != ">":
            yield Example(mark, text)


_IN_PARTS = {
    "none": "",
    "also": " A sentence at the end or the beginning of a longer line, or what stands in brackets, goes in the same way.",
    "only": " It is tried on nothing but a sentence at the end or the beginning of a line, or what stands in brackets: that goes.",
}


def _pack_page(rule: Rule) -> HelpPage:
    does = _CUT[rule.below] if rule.action == "cut" else _DOES[rule.action]
    limits = f"It acts {_WHERE[rule.where]}, on up to {rule.max_chars} characters"
    sentence = "" if rule.sentence or rule.is_trim else ", never on a sentence"
    return HelpPage(
        rule=rule.name,
        stage="edges" if rule.action == "cut" else "boilerplate",
        about=rule.about,
        does=f"{does} {limits}{sentence}.{_IN_PARTS[rule.parts]}",
        off="--no-edges" if rule.action == "cut" else "--no-boilerplate",
        removes=tuple((_removed(text),) for text in rule.removes),
        keeps=tuple((Example("+", text),) for text in rule.keeps),
        written=rule,
    )


def _removed(text: str) -> Example:
    if "⟦" not in text:
        return Example("-", text)
    before, _, rest = text.partition("⟦")
    gone, _, after = rest.partition("⟧")
    return Example("~", before + gone + after, before.rstrip() + after.lstrip())


_ONLY_BELOW = {
    "links": "only with a list of links below it, small beside the text",
    "rest": "only where the article is over below it, or comments follow",
}


def held_back(line: Line, rules: Sequence[Rule]) -> list[str]:
    """A sentence for each rule that fits the line and did not act on it; visible.

    >>> rule = Rule("web/more", "web", "more", "", "cut", match=("相关文章",), below="links")
    >>> held_back(Line(1, "相关文章", "\\n", "相关文章", ()), [rule])
    ['web/more fits it (相关文章), and acts only with a list of links below it, small beside the text.']
    """
    if line.text is None:
        return []
    acted = {change.rule for change in line.changes}
    said = key(line.text)
    found = []
    for rule in rules:
        if rule.name in acted:
            continue
        for hit in Matcher([rule]).hits([line.text], [said], 1, 0):
            where = "" if rule.where == "anywhere" else f"only {_WHERE[rule.where]}"
            limits = [where, _ONLY_BELOW.get(rule.below, "") if rule.action == "cut" else ""]
            reason = ", and acts " + ", ".join(filter(None, limits)) if any(limits) else ""
            found.append(visible(f"{rule.name} fits it ({hit.pattern}){reason}."))
    return found
