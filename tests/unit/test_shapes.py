"""What is seen of many lines at once is what the functions for one line say."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from zhnorm.arrays.character_table import load_arrays
from zhnorm.conversion.detect import in_two_scripts, proofs
from zhnorm.conversion.fold import fold, key
from zhnorm.rules.load import builtin_packs, load_pack
from zhnorm.rules.match import Matcher
from zhnorm.text import dates, decoration, shape
from zhnorm.text.dates import count_dates, is_dated, is_dateline
from zhnorm.text.decoration import core
from zhnorm.text.shape import (
    BREAK,
    DATES,
    DIGIT,
    LABEL,
    ends_sentence,
    is_bar,
    is_breadcrumb,
    is_item,
    is_neighbour,
    is_prose,
    is_spoken,
    is_teaser,
    shapes,
    starts_with_bullet,
)

EXAMPLE = (Path(__file__).parents[2] / "examples" / "article.txt").read_text("utf-8").split("\n")
PIECES = [
    "青石桥在去年冬天通车，河两岸的人都来看", "。", "！", "…", "...", "”", "）", "(记者)", "2012-01-12 10:22", "1月2日", "来源：", "|", " ", "\t",
    "首页", "新闻", "财经", "体育", "健康", "文化", ">", "/", "《", "- ", "·", "（图1）", "_江岸网", "-江岸报社", "本报讯（记者 甲）", "本刊记者",
    "新华社北京1月2日电", "综合报道 ", "1. ", "（三）", "第8条", "主席：", "“", "<", "»", "3天前", "«全文»", "5:30", "\u3000", "[", "]", "【健康】", "图3：", "這", "这", "，", "分享到：微博", "版权所有", "京ICP备12345678号",
]  # fmt: skip
LINES = st.lists(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=6).map("".join), max_size=12).map(
    lambda lines: [line.replace("\n", "") for line in lines]
)
SENTENCE_END = re.compile("[。！？!?…；;][”’」』）)\\]】》〉\"'～~ 　]*$|[。！？][^。！？]{0,2}$")
SPOKEN = re.compile('\\s*(?:[^：:，。！？、\\s]{1,12}[：:]|[“「『"‘—－-])')
LEAD = re.compile(
    f"[\\s{''.join(decoration._BULLETS)}]*" + "".join(f"(?:{pattern.pattern})?" for _, _, pattern in decoration._LEADS)
)
FILLER = ["河水漲了，" * 500]
MATCHER = Matcher([rule for name in builtin_packs() for rule in load_pack(name).rules])


@given(LINES)
@example(EXAMPLE)
def test_shapes(lines: list[str]) -> None:
    load_arrays()
    texts = lines + FILLER  # large enough for arrays
    keys = [key(text) for text in texts]
    found = shapes(texts, keys)
    for i, (text, said) in enumerate(zip(texts, keys, strict=True)):
        assert found.prose[i] == is_prose(text, said)
        is_text = count_dates(text) < DATES and not (starts_with_bullet(text) and is_teaser(text))
        assert found.text[i] == (is_prose(text, said) and is_text)
        if not found.decorated[i]:
            assert core(text) == (text, "")
        if not found.kinds[i] & DIGIT:
            assert not is_dated(fold(text))
        if not found.kinds[i] & (DIGIT | LABEL):
            assert not is_dateline(fold(text))
        if not found.kinds[i] & BREAK:
            assert not any((is_bar(text, 3), is_breadcrumb(text), is_neighbour(text)))


@given(LINES)
@example(EXAMPLE)
def test_rules_fit_many_lines_as_they_fit_each(lines: list[str]) -> None:
    load_arrays()
    together = MATCHER.fits(lines + FILLER, [key(text) for text in lines + FILLER])
    for i, text in enumerate(lines):
        alone = MATCHER.fits([text], [key(text)]).get(0, ())
        assert [hit.pattern for hit in together.get(i, ())] == [hit.pattern for hit in alone]


@given(LINES)
def test_what_is_ruled_out_at_once_would_not_match(lines: list[str]) -> None:
    for text in lines:
        assert starts_with_bullet(text) == (shape._BULLET.match(text) is not None)
        assert is_item(text) == (shape._ITEM.match(text) is not None)
        assert is_teaser(text) == (shape._TEASER.search(text) is not None)
        assert is_neighbour(text) == (shape._NEIGHBOUR.match(text) is not None)
        assert is_breadcrumb(text) == (len(text) <= 50 and shape._CRUMB.match(text) is not None)
        assert is_spoken(text) == (SPOKEN.match(text) is not None)
        if text[-1:] not in shape._CLOSING_BRACKETS:
            assert ends_sentence(text) == (SENTENCE_END.search(text, max(0, len(text) - 12)) is not None)
        lead = LEAD.match(text)
        assert decoration._after_leads(text) == (lead.end(), lead["item"] or "")
        folded = fold(text)
        dated = (dates._AT_END, dates._AT_START, dates._WITHIN)
        assert is_dated(folded) == any(each.search(folded) for each in dated)


@given(LINES)
def test_two_scripts(lines: list[str]) -> None:
    load_arrays()
    found = in_two_scripts("\n".join(lines + FILLER))
    assert found == [all(proof.are_in(line) for proof in proofs()) for line in lines + FILLER]


def test_an_ellipsis_ends_a_sentence_however_it_is_written() -> None:
    start = "雨下了一整夜，天亮的时候河水漫过了码头的第三级台阶"
    lines = [start + end for end in ("⋯⋯", "……", "‥", "．．．", "‧‧‧", "。～")]
    keys = [key(line) for line in lines]
    load_arrays()
    many = shapes(lines * 100, keys * 100)
    assert list(many.prose) == [1] * len(lines) * 100
    assert [is_prose(line, said) for line, said in zip(lines, keys, strict=True)] == [True] * len(lines)
