"""visible(): nothing that acts on a terminal gets through, and nothing else is touched."""

import json
import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from zhnorm.report.terminal import escape, visible

BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "BN"}


def test_every_code_point() -> None:
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        for shown in visible(char):
            assert unicodedata.category(shown) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}, hex(code)
            assert unicodedata.bidirectional(shown) not in BIDI, hex(code)


def test_text_that_people_write_stays() -> None:
    text = "甲，乙。「丙」—— English 123 ｆｕｌｌ　かな 한글 😀 é \\ "
    assert visible(text) == text


def test_known_attacks() -> None:
    assert visible("\x1b]0;title\x07") == "\\x1b]0;title\\x07"
    assert visible("\x9b2J") == "\\x9b2J"
    assert visible("a\u202eb\u2066c") == "a\\u202eb\\u2066c"
    assert visible("\udcff\ud800") == "\\xff\\ud800"
    assert visible("\U000e0041\r\n\t\0") == "\\U000e0041\\r\\n\\t\\0"


@given(st.text(st.characters()))
def test_escaped_json_means_the_same(text: str) -> None:
    line = escape(json.dumps(text, ensure_ascii=False))
    assert json.loads(line) == text
    line.encode("utf-8")
    assert visible(line) == line
