"""A cleaner that knows of other documents: the templates of sites go once a page is clean otherwise, and documents that are copies go as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from zhnorm.audit import audit
from zhnorm.cleaner import Cleaner
from zhnorm.limits import Limits
from zhnorm.line import Block, Recurring
from zhnorm.rules.match import Matcher
from zhnorm.rules.model import Pack
from zhnorm.settings import Settings
from zhnorm.stages.stage import Memory, Stage, Work

from .found import Found
from .sites import site_of_name
from .templates import Template, Templates

__all__ = ["CorpusCleaner"]

STAGE = "corpus"


class CorpusCleaner(Cleaner):
    """A cleaner for the documents of a corpus, which it knows by their names.

    Args:
        settings: what to do with each document.
        own_packs: rule packs of your own.
        limits: what one document may cost.
        templates: what goes from the pages of sites.
        found: what is known of the documents; None: their sites, by their names.

    >>> cleaner = CorpusCleaner(templates=Templates([Template("news.example", "晨报网首页新闻", 9, 9)]))
    >>> list(cleaner.clean_many(["晨報網 首頁 新聞\\n新橋今天通車。"], names=["news.example/1.txt"]))
    ['新桥今天通车。']
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        own_packs: Sequence[Pack] = (),
        limits: Limits | None = None,
        templates: Templates,
        found: Found | None = None,
    ) -> None:
        super().__init__(settings, own_packs=own_packs, limits=limits or Limits())
        self.templates, self.found = templates, found
        self._sites: Mapping[str, str] = {}
        self._site = ""
        self._stages = (*self._stages, TemplateLines())

    def __reduce__(self) -> tuple[Callable[..., Cleaner], tuple[Any, ...]]:
        return _rebuild, (self.settings, self.own_packs, self.limits, self.templates, self.found)

    @cached_property
    def digest(self) -> str:
        """A name for everything that the output depends on: also what is known of the corpus."""
        import hashlib

        found = hashlib.sha256(f"{super().digest}\n{self.templates.digest}\n".encode())
        for part in self.found.parts() if self.found is not None else ():
            found.update(part)
        return found.hexdigest()

    def clean_blocks(self, blocks: Sequence[Block], memories: Sequence[Memory]) -> None:
        """Clean blocks of different documents, but for those that go as a whole."""
        left: list[Work] = []
        for block, memory in zip(blocks, memories, strict=True):
            verdict = self.found.verdict(memory.name) if self.found is not None else None
            if verdict is None:
                left.append((block, memory))
                continue
            raw, end = list(block.raw), list(block.end)
            rule, evidence = verdict
            block.remove_all(range(len(block)), stage=STAGE, rule=rule, evidence=evidence)
            audit(block, raw, end)
        if left:
            super().clean_blocks(*zip(*left, strict=True))

    def look_at(self, blocks: Sequence[Block], memories: Sequence[Memory], *matchers: Matcher) -> list[Work]:
        """Tidy and convert fresh blocks, look at their lines, and find the templates of their sites among them."""
        work = super().look_at(blocks, memories, *matchers)
        sites = [self.site_of(memory.name) for memory in memories]
        texts = ["\n".join(block.raw) for block in blocks]
        for memory, lines in zip(memories, self.templates.find_many(texts, sites), strict=True):
            memory.own(_Known).lines = lines
        return work

    def site_of(self, name: str) -> str:
        """The site of a document."""
        if name in self._sites:
            return self._sites[name]
        if self._site:
            return self._site
        site = self.found.site(name) if self.found is not None else None
        return site_of_name(name) if site is None else site

    def knowing(self, sites: Mapping[str, str], site: str = "") -> CorpusCleaner:
        """The same cleaner, which knows the sites of some documents by their names, or that of all others."""
        knowing = object.__new__(CorpusCleaner)
        knowing.__dict__.update(self.__dict__, _sites=sites, _site=site)
        return knowing


@dataclass(slots=True)
class _Known:
    """The templates among the lines of the block in work, by their indices."""

    lines: dict[int, Template] = field(default_factory=dict)


class TemplateLines(Stage):
    """Takes out the lines that are templates of the site of a page, once nothing else goes: without them a page is read otherwise, and what
    they tell of the lines around them would be lost."""

    name = STAGE
    waits = True

    def clean(self, block: Block, memory: Memory) -> None:
        """Remove those that are still there; but not the title of the page, which is a template of others that link to it."""
        lines = memory.own(_Known).lines
        gone = [index for index in lines if block.text[index] is not None and index not in block.verbatim]
        gone = [index for index in gone if not (lines[index].is_rare and memory.is_title(index))]
        block.remove_all(gone, stage=STAGE, rule="corpus/template", evidence=partial(_evidence, lines))


def _evidence(lines: Mapping[int, Template], index: int) -> Recurring:
    return lines[index].evidence


def _rebuild(
    settings: Settings, packs: tuple[Pack, ...], limits: Limits, templates: Templates, found: Found | None
) -> CorpusCleaner:
    return CorpusCleaner(settings, own_packs=packs, limits=limits, templates=templates, found=found)
