"""datatrove: blocks for its pipelines, which clean documents, leave out what was seen, and find copies in whatever script.

    LocalPipelineExecutor([JsonlReader("crawl/"), CleanText(templates="templates.tsv"), JsonlWriter("clean/")], tasks=8).run()

`CleanText` and `SkipSeen` are filters: what they leave out goes to the `exclusion_writer`, with the reason. `said` and `KeySignature` are what its own
blocks for copies compare by. Blocks are pickled small, and make rules and tables ready once in each process.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from zhnorm.api import cleaner_for
from zhnorm.corpus import Seen, Templates
from zhnorm.corpus.cleaner import CorpusCleaner
from zhnorm.corpus.near import LEAST_LETTERS, letters_of, shingles_of
from zhnorm.corpus.sites import site_of
from zhnorm.errors import LimitError, ReadError

from .columns import EXPLAINED, explain_column, package_missing

try:
    from datatrove.pipeline.dedup.minhash import MinhashDedupSignature
    from datatrove.pipeline.filters.base_filter import BaseFilter
    from datatrove.utils.word_tokenizers import WhitespaceTokenizer
except ImportError as error:
    raise package_missing("datatrove", error) from error

if TYPE_CHECKING:
    from datatrove.data import Document

    from zhnorm.cleaner import Cleaner

__all__ = ["CleanText", "KeySignature", "SkipSeen", "said"]

_TOGETHER = 256
"""Documents that are cleaned together."""


class CleanText(BaseFilter):  # type: ignore[misc]
    """Cleans the texts of documents. A document of which nothing is left is left out (`empty`), and one that cannot be cleaned (`failed`), which
    keeps its text.

    Args:
        templates: the file with the templates of sites, from `zhnorm corpus learn`; None: no lines go because of other documents.
        site_field: the metadata with the address of a document, or the name of its site; without templates it is not looked at.
        title_field: the metadata with the title of a document; None: titles are guessed.
        explains: put into the metadata what became of the text: `zhnorm_share_removed` (of its letters, 0 to 1), `zhnorm_most_by`,
            `zhnorm_lines`, `zhnorm_removed`, `zhnorm_rewritten`.
        exclusion_writer: writes the documents that are left out.
        settings: by name, see `zhnorm.Settings`; `own_packs` and `limits`, see `zhnorm.Cleaner`.

    Raises:
        SettingsError: a setting is unknown or out of range.
    """

    name = "🀄 zhnorm"

    def __init__(
        self,
        *,
        templates: str | None = None,
        site_field: str = "url",
        title_field: str | None = None,
        explains: bool = False,
        exclusion_writer: Any = None,
        **settings: Any,
    ) -> None:
        super().__init__(exclusion_writer, batch_size=_TOGETHER)
        cleaner_for(**settings)  # what is wrong with them is said here
        self.templates, self.site_field, self.title_field = templates, site_field, title_field
        self.explains, self.settings = explains, settings

    @cached_property
    def _cleaner(self) -> Cleaner:
        cleaner = cleaner_for(**self.settings)
        if self.templates is None:
            return cleaner
        found = Templates.load(self.templates)
        return CorpusCleaner(cleaner.settings, own_packs=cleaner.own_packs, limits=cleaner.limits, templates=found)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_cleaner"}

    def filter(self, doc: Document) -> bool | tuple[bool, str]:
        """Clean one document; say whether it stays."""
        return self.filter_batch([doc])[0]

    def filter_batch(self, batch: list[Document]) -> list[bool | tuple[bool, str]]:
        """Clean documents; say which of them stay."""
        try:
            return self._cleaned(batch)
        except (ReadError, LimitError):
            if len(batch) > 1:
                # Which one it is shows when each is cleaned by itself.
                return [self.filter(document) for document in batch]
            return [(False, "failed")]

    def _cleaned(self, batch: list[Document]) -> list[bool | tuple[bool, str]]:
        titles = None
        if self.title_field is not None:
            titles = [document.metadata.get(self.title_field) for document in batch]
        told = explain_column(
            self._knowing(batch), [document.text for document in batch], titles, names=self._names(batch)
        )
        kept: list[bool | tuple[bool, str]] = []
        for place, document in enumerate(batch):
            document.text = told["text"][place]
            self.stat_update("lines_removed", value=told["removed"][place])
            if self.explains:
                document.metadata |= {f"zhnorm_{name}": told[name][place] for name in EXPLAINED if name != "text"}
            kept.append(True if document.text.strip() else (False, "empty"))
        return kept

    def _names(self, batch: list[Document]) -> list[str]:
        return [f"{place}" for place in range(len(batch))]

    def _knowing(self, batch: list[Document]) -> Cleaner:
        """The cleaner, which knows the sites of some documents."""
        cleaner = self._cleaner
        if not isinstance(cleaner, CorpusCleaner):
            return cleaner
        sites = [site_of(str(document.metadata.get(self.site_field) or "")) for document in batch]
        return cleaner.knowing(dict(zip(self._names(batch), sites, strict=True)))


class SkipSeen(BaseFilter):  # type: ignore[misc]
    """Leaves out documents that an index of what was seen knows (`seen`). Nothing is added to it: one process at a time may do that.

    Args:
        index: its folder, as `zhnorm corpus run --seen` and `zhnorm.corpus.Seen` make it.
        templates: the file with the templates of sites, which are left aside; None: there are none.
        site_field: the metadata with the address of a document, or the name of its site.
        exclusion_writer: writes the documents that are left out.
    """

    name = "🀄 zhnorm seen"

    def __init__(
        self,
        index: str,
        *,
        templates: str | None = None,
        site_field: str = "url",
        exclusion_writer: Any = None,
    ) -> None:
        super().__init__(exclusion_writer, batch_size=_TOGETHER)
        self.index, self.templates, self.site_field = index, templates, site_field

    @cached_property
    def _seen(self) -> Seen:
        return Seen(self.index, read_only=True)

    @cached_property
    def _templates(self) -> Templates:
        return Templates() if self.templates is None else Templates.load(self.templates)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name not in ("_seen", "_templates")}

    def filter(self, doc: Document) -> bool | tuple[bool, str]:
        """Whether a document stays."""
        return self.filter_batch([doc])[0]

    def filter_batch(self, batch: list[Document]) -> list[bool | tuple[bool, str]]:
        """Which documents stay."""
        texts = [
            self._templates.apply(document.text, str(document.metadata.get(self.site_field) or ""))
            for document in batch
        ]
        return [(False, "seen") if seen else True for seen in self._seen.ask_many(texts)]


def said(document: Document) -> str:
    """What a document says, whatever script, marks and spaces it is written in: for `ExactDedupConfig(content_getter=said)`."""
    return letters_of(document.text)


class KeySignature(MinhashDedupSignature):  # type: ignore[misc]
    """The first stage of datatrove's blocks for near copies, by pieces of five letters of what documents say instead of words: whatever script
    they are in, and without dividing words. The other stages are datatrove's own.

    A document of fewer than 50 letters is no near copy.

    Args:
        output_folder: see `MinhashDedupSignature`.
        config: likewise; `n_grams` means nothing here.
        skip_existing_sigs: likewise.
    """

    name = "🀄 zhnorm MinHash stage 1"

    def __init__(self, output_folder: Any, config: Any = None, *, skip_existing_sigs: bool = False) -> None:
        # Its language says how words are divided, which is never asked for.
        super().__init__(output_folder, config, WhitespaceTokenizer(), skip_existing_sigs)

    def get_shingles(self, text: str) -> Any:
        """The pieces of a document, as numbers, a row each."""
        letters = letters_of(text)
        return shingles_of(letters if len(letters) >= LEAST_LETTERS else "").reshape(-1, 1)
