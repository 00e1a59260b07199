"""Which lines are markup, and what of them may change."""

from __future__ import annotations

import time

import pytest

from zhnorm import Block, Cleaner
from zhnorm.markup.frame import MARK, margins, take_out, visible
from zhnorm.markup.markup import Kind, MarkupState, is_program, may_hold_markup
from zhnorm.markup.recogniser import read_markup

PARAGRAPH = "江邊的舊橋今年七十歲了，通車那天全城的人都來走了一遍，從早上一直走到天黑。"
SHORT = {
    Kind.FRONT: "f", Kind.CODE: "c", Kind.TABLE: "t", Kind.IMAGE: "i", Kind.TAG: "g", Kind.REFERENCE: "r", Kind.HEADING: "h", Kind.UNDERLINE: "u"
}  # fmt: skip


def kinds(text: str, *, ahead: bool = True) -> str:
    lines = text.split("\n")
    found = read_markup(lines, MarkupState(), ahead=ahead).kinds
    return "".join(SHORT[found[i]] if i in found else "." for i in range(len(lines)))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("```\n一\n\n二\n```\n三", "ccccc."),
        ("````md\n```\n一\n```\n````\n二", "ccccc."),
        ("~~~ python\n```\n一\n~~~\n二", "cccc."),
        ("1. 一\n   ```\n   二\n   ```\n三", ".ccc."),
        ("> ```\n> 一\n> ```\n二", "ccc."),
        ("```js 一行```\n二", ".."),
        ("```\nx = 1\n}", "ccc"),
        (f"```\nx = 1\n{PARAGRAPH}\n{PARAGRAPH}", "cc.."),
        ("---\ntitle: 橋\ntags:\n  - 水\n\n---\n一", "ffffff."),
        ("---\ntitle: 橋\n---# 橋\n一", "ff.."),
        (f"---\ntitle: 橋\n{PARAGRAPH}\n---", "ff.."),
        ("---\n一\n---\n二", "...."),
        ("一\n---\ntitle: 橋\n---", "...."),
        ("| 名 | 歲 |\n|---|---|\n| 甲 | 70 |\n\n| 乙 |", "ttt.."),
        ("名 | 歲\n--- | :-:\n甲 | 70\n一", "ttt."),
        ("首頁 | 新聞 | 財經\n正文 | 評論", ".."),
        ("![橋](a.png)\n[![](b.png)](/c \"題\") \n**![][d]**\n![橋](a.png) 橋上", "iii."),
        ("- ![](a(1).png)![](b.png){ width=3 }", "i"),
        ("# 橋\n<img src=\"a.png\">", "hi"),
        ("<img src=\"a.png\">", "."),
        ("<!-- 註 -->\n<br>\n</div> <p>\n<!--\n一\n-->\n<A股>\n<b>粗</b>", "gggggg.."),
        ("!!! note \"說明\"\n??? tip\n::: info\n=== \"Go\"\n!!! 好", "gggg."),
        ("[1]: https://example.com\n[甲]: <a b> \"題\"\n[^1]: 註\n[記者]: 你好", "rr.."),
        ("## 橋 ##\n#話題#\n####### 七", "h.."),
        ("# 橋\n\n一\n===\n二\n---\n- 三\n---", "h.huhu.."),
        ("一\n---", ".."),
        ("# 橋\n\n    甲 -> 乙\n\n    丙", "h.c.c"),
        ("# 橋\n\n    甲說，乙聽。", "h.."),
        ("    甲 -> 乙", "."),
        ("# 橋\n- 一\n\n    二", "h..."),
        ("執行：\nx = 1\n# 註\n\ny = 2\n完成。", ".cccc."),
        ("kind: Deployment\nreplicas = 3\n完成。", "cc."),
    ],
)  # fmt: skip
def test_kinds(text: str, wanted: str) -> None:
    assert kinds(text) == wanted
    assert set(wanted) == {"."} or may_hold_markup(text.split("\n"), is_new=True)


_MARKS = [
    "-",
    "=",
    "*",
    "_",
    ">",
    "#",
    "|",
    "`",
    "[",
    "<",
    "~",
    " ",
    "\t",
    "- ",
    "* ",
    "| ",
    "|-",
    "[ ",
    "1. ",
    "![",
    "![a](b) ",
    "[a](b",
    ":",
    "(",
]


@pytest.mark.parametrize("mark", _MARKS)
@pytest.mark.parametrize("around", ["{}", "{}甲", "|{}x", "- |{}", "[{}", "![{}x", "{}![x", "<img {}", "![a](b){}x"])
def test_long_lines_of_marks_are_soon_read(mark: str, around: str) -> None:
    """Time grows with the line: were it with its square, each of these would take minutes."""
    line = around.format(mark * (100_000 // len(mark)))
    begun = time.process_time()
    may_hold_markup([line])
    visible(line)
    read_markup(["| 甲 | 乙 |", line, line], MarkupState())
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("---|---", True),
        ("> - --- | ---", True),
        ("> * -: |", True),
        ("* | --- |", True),
        ("- * - - |", True),
        ("- - * |", False),
        ("-- * -- 甲 |", False),
        ("----------", False),
    ],
)
def test_hyphens_of_tables_are_told_from_those_of_items(line: str, wanted: bool) -> None:
    assert may_hold_markup([line]) is wanted


def test_state_goes_over_blocks() -> None:
    state = MarkupState()
    first = read_markup(["# 橋", "```", "一"], state, is_tail=False)
    second = read_markup([PARAGRAPH, "```", "二"], state)
    assert first.verbatim == {1, 2}
    assert second.verbatim == {0, 1}
    assert second.is_markdown
    assert not second.signs


@pytest.mark.parametrize("text", ["```\n一\n```\n二", "---\na: 1\n---\n一", "x = 1\n# 註\n一", "| 甲 |\n|---|\n| 乙 |"])
def test_without_looking_ahead_lines_may_come_one_by_one(text: str) -> None:
    state = MarkupState()
    found = [read_markup([line], state, is_tail=False, ahead=False).kinds.get(0) for line in text.split("\n")]
    assert "".join(SHORT[kind] if kind else "." for kind in found) == kinds(text, ahead=False)


@pytest.mark.parametrize(
    "line",
    [
        "int main()  {", "def f(a):  # 中", "for (int i = 0; i < n; i++) {", "});", "const x = [1, 2];", "import numpy as np",
        "from a.b import c", "#include <stdio.h>", "public static void main(String[] args) {", "x = 1  # 註", 'print("你好")', "console.log(`你好 ${x}`);",
        "$ ls -l", "sudo apt-get install vim", "pip install zhnorm", "docker run -d nginx", "SELECT a FROM t WHERE b = 1", 'with open("b.txt") as f:',
        "return x;", "python -m pytest", "#!/bin/sh", "} else {",
    ],
)  # fmt: skip
def test_programs(line: str) -> None:
    assert is_program(line)
    assert is_program(f"    {line}  ")


@pytest.mark.parametrize(
    "line",
    [
        "Hello, world", "NBA(1998)", "iPhone 15 Pro", "Tel: 021-1234", "E-mail: a@b.com", "https://example.com/a?b=1", "For more information, visit us.",
        "# 標題", "A=1 是條件", "make it happen", "(c) 2012", "[1]", "class action:", "With love", "Public Radio (NPR)", "if you want: this", "return to sender",
        "@user", "final score", "go home", "x" * 600 + " = 1", "", "VS。", "Q：如何安装？", "A. 选项", "import duty on steel",
    ],
)  # fmt: skip
def test_no_programs(line: str) -> None:
    assert not is_program(line)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("見[臺灣](/wiki/臺灣 \"臺灣\")。", ["](/wiki/臺灣"]),
        ("[注](見下文)", []),
        ("![臺灣](臺灣.png)、[![甲](b.png)](c.html)", ["![臺灣](臺灣.png)", "![甲](b.png)", "](c.html"]),
        ("用 `a  b` 和 ``c ` d``，`", ["`a  b`", "``c ` d``"]),
        ("<a href=\"臺.html\" title='灣'>臺灣</a> <A股> <B 計劃>", ["<a href=\"臺.html\" title='灣'>", "</a>"]),
        ("http://a.b/?x=1&amp;y=2&nbsp;後 https://a.b/臺灣，見https://a.b這裡", ["http://a.b/?x=1&amp;y=2", "https://a.b/臺灣", "https://a.b"]),
    ],
)  # fmt: skip
def test_fixed_pieces(line: str, wanted: list[str]) -> None:
    found = take_out(line, lambda piece: True)
    assert (list(found[1].pieces) if found else []) == wanted


def test_taken_out_and_put_back() -> None:
    line = "見`乾 坤`和`甲`"
    text, frame = take_out(line, lambda piece: " " in piece) or ("", None)
    assert text == f"見{MARK}和`甲`"
    assert frame
    assert frame.around(text) == line
    assert take_out(line, lambda piece: False) is None
    whole, frame = take_out(line + MARK, lambda piece: True) or ("-", None)
    assert frame
    assert (whole, frame.around("")) == ("", line + MARK)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [("  -  一  ", "一"), ("一 ", "一 "), ("> 1. 一", "一"), ("## 一", "一"), ("   ", "   "), ("- ", ""), ("　一", "　一"), ("*一*", "*一*")],
)  # fmt: skip
def test_margins(line: str, wanted: str) -> None:
    start, stop = margins(line)
    assert line[start:stop] == wanted


@pytest.mark.parametrize("to", ["hans", "tw", "keep"])
@pytest.mark.parametrize(
    "wish", [{}, {"corrections": False}, {"profile": "gentle"}, {"quotes": "corner", "punctuation": "full"}]
)
def test_what_never_changes(to: str, wish: dict[str, object]) -> None:
    text = (
        "# 水\n\n```\n  a  =  '臺灣&lt;'\n```\n\n[1]: /臺灣/里\n\n![里程  臺](/里.png)\n\n"
        "- 甲乙丙丁\n    - 戊己庚辛  \n      壬癸\n\n`里  &amp;`天地 <b title='臺  里'>寅</b> https://a.b/里/臺?x=1&amp;y=2 卯\n"
    )
    assert Cleaner(to=to, **wish).clean(text) == text  # type: ignore[arg-type]


def test_spaces_go_with_the_last_sign_of_markdown() -> None:
    """What is left is no Markdown, and is cleaned as such."""
    cleaner = Cleaner(to="keep")
    text = f"{PARAGRAPH}  \n{PARAGRAPH[::-1]}\n\n# 相關文章\n- [渡口停航以後船工去了哪裡](/a/1)\n- [江上的霧一年比一年來得早](/a/2)\n"
    once = cleaner.clean(text)
    assert once == f"{PARAGRAPH}\n{PARAGRAPH[::-1]}\n"
    assert cleaner.clean(once) == once


def test_an_image_in_a_numbered_item_makes_a_text_markdown_alone() -> None:
    text = "1. ![](a.png)\n渡口停航以後船工去了哪裡。    \n"
    for profile in ("gentle", "auto"):
        assert Cleaner(profile=profile, to="keep").clean(text) == text


def test_an_empty_quote_is_left_without_a_space_when_no_markdown_is_left() -> None:
    cleaner = Cleaner()
    text = f"{PARAGRAPH}\n> \t\n{PARAGRAPH[::-1]}\n\n# 相關文章\n- [渡口停航以後船工去了哪裡](/a/1)\n- [江上的霧一年比一年來得早](/a/2)\n"
    once = cleaner.clean(text)
    assert once.split("\n")[1] == ">"
    assert cleaner.clean(once) == once


def test_the_paragraph_that_ends_an_open_fence_stays() -> None:
    """Without it more lines would be code, and the document another one."""
    other = "把緩衝區交給另一個執行緒之前要先上鎖，否則兩邊會同時改動同一個位置，資料就亂了。"
    text = f"{PARAGRAPH}\n```c\n{PARAGRAPH}\n  - 佇列\n{other}\n| 操作 | 時間 |\n{other}\n"
    assert Cleaner(to="keep").clean(text) == text


def test_code_is_converted_if_asked() -> None:
    text = "# 網絡\n\n```python\nx  =  `臺灣`  # 網絡 https://a.b/臺灣\n```\n\n用`網絡`連上\n"
    out = Cleaner(convert_code=True).clean(text)
    assert out == "# 网络\n\n```python\nx  =  `台湾`  # 网络 https://a.b/臺灣\n```\n\n用`網絡`连上\n"


def test_audit_finds_code_that_went() -> None:
    from zhnorm.audit import verbatim
    from zhnorm.line import Match

    block = Block.from_lines(["```", "```"])
    block.verbatim = frozenset({0, 1})
    assert verbatim(block) is None
    block.remove(1, stage="x", rule="x", evidence=Match("x"))
    assert verbatim(block) == "line 2 is code and was removed"


def test_what_does_not_show_hides_no_markup() -> None:
    text = f"\u200b## 安裝\n\n{PARAGRAPH}\n\n* 第一步\n  * 第二步\n\n#\x00#\x00 停止\n\n{PARAGRAPH[::-1]}\n"
    cleaned = Cleaner().clean(text)
    assert "\n* 第一步\n  * 第二步\n" in cleaned
    assert cleaned.startswith("## 安装\n")
    assert "\n## 停止\n" in cleaned
    assert Cleaner().clean(cleaned) == cleaned


def test_markup_is_read_again_of_what_is_left() -> None:
    """An indented line was code below a line of text; without that it belongs to the item above."""
    cleaner = Cleaner(to="keep")
    blocks: list[Block] = []
    document = cleaner.incremental(blocks.append)
    once = document.feed(f"# 橋\n\n{PARAGRAPH}\n\n- ![橋](a.png)\n\n分享到：微博\n\n    第二 行 \n") + document.finish()
    assert once == f"# 橋\n\n{PARAGRAPH}\n\n- ![橋](a.png)\n\n    第二 行\n"
    assert 8 not in blocks[0].verbatim
    assert cleaner.clean(once) == once
