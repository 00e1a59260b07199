"""The laws of a ledger hold where templates and copies go as well."""

from __future__ import annotations

import json
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from tests.laws.pages import documents
from zhnorm import Block, Cleaner
from zhnorm.audit import replayed, undone
from zhnorm.corpus import Templates
from zhnorm.corpus.cleaner import CorpusCleaner
from zhnorm.corpus.keys import form, is_form, lines_of
from zhnorm.ledger.read import evidence_of
from zhnorm.line import evidence_record

SITE = "news.example"


@cache
def _plain() -> Cleaner:
    return Cleaner()


def _knowing(text: str, places: list[int]) -> CorpusCleaner:
    """A cleaner to which some lines of a document are templates of its site."""
    lines = text.split("\n")
    chosen = [line for line in {lines[place % len(lines)] for place in places} if is_form(form(line))]
    page = "\n".join(["第一行", *chosen])
    return CorpusCleaner(templates=Templates.learn([(SITE, f"{page}\n{own}") for own in "甲乙丙丁戊己庚辛"], share=0.9))


def _cleaned(cleaner: CorpusCleaner, text: str) -> tuple[str, list[Block]]:
    blocks: list[Block] = []
    (output,) = cleaner.clean_many([text], blocks.append, names=[f"{SITE}/page.txt"])
    return output, blocks


places = st.lists(st.integers(0, 60), min_size=1, max_size=6)


@given(documents(), places)
def test_what_goes_can_be_undone_and_made_again(text: str, chosen: list[int]) -> None:
    output, blocks = _cleaned(_knowing(text, chosen), text)
    assert undone(line for block in blocks for line in block.lines()) == text
    assert replayed(text, [change for block in blocks for change in block.changes()]) == output


@given(documents(), places)
def test_every_template_goes_with_its_evidence_and_nothing_else_by_this_rule(text: str, chosen: list[int]) -> None:
    cleaner = _knowing(text, chosen)
    _, blocks = _cleaned(cleaner, text)
    known = {row.line for row in cleaner.templates}
    for block in blocks:
        for change in block.changes():
            if change.rule == "corpus/template":
                assert (
                    form(change.before.replace("\r", "")) in known
                    or form(block.raw[change.line - block.first]) in known
                )
                record = json.loads(json.dumps(evidence_record(change.evidence)))
                assert evidence_of(record, "") == change.evidence


@given(documents(), places)
def test_cleaning_the_output_changes_nothing(text: str, chosen: list[int]) -> None:
    output, _ = _cleaned(_knowing(text, chosen), text)
    assert _plain().clean(output) == output


@given(documents())
def test_without_templates_it_is_the_ordinary_cleaner(text: str) -> None:
    assert _cleaned(CorpusCleaner(templates=Templates()), text)[0] == _plain().clean(text)


@given(st.lists(documents(), max_size=4))
def test_lines_do_not_depend_on_what_is_looked_at_together(texts: list[str]) -> None:
    together = lines_of(texts)
    alone = [lines_of([text]) for text in texts]
    for place, column in enumerate(together):
        assert column.tolist() == [value for lines in alone for value in lines[place].tolist()]
