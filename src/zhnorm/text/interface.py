"""Texts about what is seen on screens: manuals of programs. What a page prints as a button is the heading of a section there, the cell of a table, or the
object of a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..arrays.expressions import expression

__all__ = ["is_manual", "is_of_manual", "is_section_heading", "lines_that_hold", "names_part"]

_PARTS = (
    "按钮", "按键", "菜单", "选单", "功能表", "工具栏", "工具列", "状态栏", "状态列", "对话框", "对话方块", "选项卡", "标签页", "选项", "标签", "复选框", "核取方块", "下拉", "右键", "快捷键", "图标", "图示",
    "鼠标", "滑鼠", "光标", "游标", "勾选", "单击", "双击", "按一下", "连按两下", "窗口", "视窗", "文件夹", "资料夹",
)  # fmt: skip
"""What programs are made of on a screen, and what is done with it, folded."""
# [编辑] - [粘贴], 「格式 - 单元格」
_WAY = expression("[\\]」』]\\s*-\\s*[\\[「『]|「[^「」]{1,40} - [^「」]{1,40}」")
_SECTION = expression("\\s*(?:(?:[0-9]{1,2}\\.){2,4}(?:[0-9]{1,2})?|[A-Za-z]\\.[0-9]{1,2}\\.?)\\s+[^\\W\\d]")
_PART = expression(f"\\s*(?:{'|'.join(_PARTS)}|清单|列表|方块|模式|页面)")
_SENTENCE_CHARS = 12
"""So many letters say something about a part."""
_LEAST, _SHARE = 3, 0.25
"""So many lines, and such a share of them, make a manual."""


def is_manual(keys: Iterable[str]) -> bool:
    """Whether many lines of a text, given by their keys, speak of parts of programs.

    >>> lines = ["若要储存设定请按一下确定按钮", "在格式功能表中选择需要的字元", "勾选这个核取方块会显示格线", "按住滑鼠左键并拖曳物件的边框"]
    >>> is_manual(lines), is_manual(["渡口停航三天市民改走大桥", "船工说这是十年来最高的水位"] * 4)
    (True, False)
    """
    said = [said for said in keys if len(said) >= _SENTENCE_CHARS]
    speaking = lines_that_hold("\n".join(said), _PARTS)
    return speaking >= max(_LEAST, _SHARE * len(said))


def lines_that_hold(text: str, words: Sequence[str]) -> int:
    """How many lines of a text hold one of some words.

    >>> lines_that_hold("关注微信\\n正文\\n微信", ["微信", "关注"])
    2
    """
    found: set[int] = set()
    for word in words:
        line, counted, at = 0, 0, text.find(word)
        while at >= 0:
            line += text.count("\n", counted, at)
            counted = at
            found.add(line)
            at = text.find(word, at + 1)
    return len(found)


def is_of_manual(folded: str) -> bool:
    """Whether a line, given by its fold, names a way through the menus of a program, or begins with the number of a section.

    >>> is_of_manual("选择[编辑] - [粘贴]"), is_of_manual("16.2. 反馈"), is_of_manual("[编辑] 方晴")
    (True, True, False)
    """
    return ("-" in folded and _WAY.search(folded) is not None) or is_section_heading(folded)


def names_part(folded: str, at: int) -> bool:
    """Whether a fold goes on at a place with what the part of a program is whose name stands before it.

    >>> names_part("勾选[区分大小写]核取方块", 9), names_part("他走了[打印]回头看了一眼", 7)
    (True, False)
    """
    return _PART.match(folded, at) is not None


def is_section_heading(text: str) -> bool:
    """Whether a line begins with the number of a section of a section.

    >>> is_section_heading("9.6.3. 使用 UUID"), is_section_heading("A.1. 共享库"), is_section_heading("3.5 万人")
    (True, True, False)
    """
    return "." in text[:12] and _SECTION.match(text) is not None
