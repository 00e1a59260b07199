"""Texts with nothing to remove, for the law Sparing: statutes, verse, stories, recipes, exams, chronicles, tables, handbooks, code.

A text is a list of blocks, which blank lines part. Lines come back in them as they do in such texts: the same sentence
under another article, a refrain, a step of another recipe, lines that differ in the one character that matters.
"""

from __future__ import annotations

from hypothesis import strategies as st

Blocks = list[list[str]]

_WHO = ["申请人", "承租人", "渔民", "值夜的人", "老木匠", "乙方", "养蜂人", "船长", "验收员", "守林人"]
_WHEN = ["开工前", "收到通知后", "天亮以前", "每年三月", "合同期满时", "雨停以后", "入冬之前"]
_DOES = ["应当检查", "不得更换", "可以移交", "负责看守", "按月登记", "当面清点", "重新测量"]
_WHAT = [
    "水闸的铁链",
    "仓库的钥匙",
    "船上的缆绳",
    "蜂箱的底板",
    "两岸的界桩",
    "阁楼的木梯",
    "井口的盖板",
    "南坡的栅栏",
    "北坡的栅栏",
]
_NUMBERS = "一二三四五六七八九"
_VERSES = [
    "风从芦苇的背面来", "桥下的水不问姓名", "灯在窗里坐了一夜", "你走过的石阶长出青苔", "雁字写到一半就散了", "磨坊的轮子停在秋天",
    "谁把月亮搁在井沿", "霜落下来，没有声音", "渡口还留着半截绳",
]  # fmt: skip
_FOOD = ["土豆", "冬瓜", "豆腐", "鸡蛋", "面粉", "蘑菇", "白菜", "糯米"]
_STEPS = [
    "切成小块，泡在清水里",
    "用小火煮十分钟",
    "用大火煮十分钟",
    "加少许盐，拌匀",
    "捞出来沥干",
    "盛进碗里，撒上葱花",
]
_SAID = ["你到底去不去？", "不去！", "再等一等。", "火车要开了！", "那就明天吧。", "灯怎么灭了？", "谁在那儿？"]
_NAMES = ["阿岩", "穗子", "老邓", "何婶"]
_COMMANDS = ["open", "close", "read", "write", "push", "pull", "start", "stop"]
_FILES = ["a.txt", "b.txt", "config.toml", "月报.csv"]

_clauses = st.builds(
    lambda when, who, does, what: f"{when}，{who}{does}{what}",
    *map(st.sampled_from, (_WHEN, _WHO, _DOES, _WHAT)),
)
_ends = st.sampled_from(["。", "，并在簿子上签名。", "；逾期的，由值守人代为办理。"])
_sentences = st.builds("{}{}".format, _clauses, _ends)


def _paragraphs(least: int, most: int) -> st.SearchStrategy[str]:
    """Sentences in a row, none of which begins with what the one before it says: whoever prints a clause twice in a row erred."""
    sentences = st.lists(st.tuples(_clauses, _ends), min_size=least, max_size=most, unique_by=lambda both: both[0])
    return sentences.map(lambda found: "".join(map("".join, found)))


@st.composite
def statutes(draw: st.DrawFn) -> Blocks:
    """Articles, some of them with items; sentences come back under other articles."""
    blocks = [[f"{draw(st.sampled_from(['水闸', '渡口', '山林', '仓库']))}管理办法"]]
    for number in _NUMBERS[: draw(st.integers(3, 8))]:
        article = [f"第{number}条　{draw(_sentences)}"]
        if draw(st.booleans()):
            items = draw(st.lists(_sentences, min_size=2, max_size=4, unique=True))
            article += [f"（{place}）{item}" for place, item in zip(_NUMBERS, items, strict=False)]
        blocks.append(article)
    return blocks


@st.composite
def verse(draw: st.DrawFn) -> Blocks:
    """Stanzas with a refrain at their ends."""
    refrain = draw(st.lists(st.sampled_from(_VERSES), min_size=1, max_size=2, unique=True))
    lines = st.lists(
        st.sampled_from([line for line in _VERSES if line not in refrain]), min_size=2, max_size=4, unique=True
    )
    stanzas = draw(st.lists(lines, min_size=2, max_size=5, unique_by=tuple))
    return [["渡口的歌"], *([*stanza, *refrain] for stanza in stanzas)]


@st.composite
def stories(draw: st.DrawFn) -> Blocks:
    """Paragraphs and speech: people say the same again, at once or later."""
    blocks = [["缆绳"]]
    for number in range(draw(st.integers(2, 5))):
        paragraph = f"那是第{_NUMBERS[number]}天的事。{draw(_paragraphs(2, 4))}"
        speech = draw(st.lists(st.sampled_from(_SAID), min_size=1, max_size=5))
        blocks.append([paragraph, *(f"“{said}”{draw(st.sampled_from(_NAMES))}说。" for said in speech)])
    return blocks


@st.composite
def plays(draw: st.DrawFn) -> Blocks:
    """Speakers with what they say."""
    lines = draw(st.lists(st.tuples(st.sampled_from(_NAMES), st.sampled_from(_SAID)), min_size=4, max_size=12))
    return [["第一幕　渡口"], [draw(_paragraphs(2, 3))], [f"{who}：{said}" for who, said in lines]]


@st.composite
def recipes(draw: st.DrawFn) -> Blocks:
    """Dishes one after another, whose steps are alike."""
    blocks: Blocks = []
    for dish in draw(st.lists(st.sampled_from(_FOOD), min_size=2, max_size=4, unique=True)):
        things = draw(st.lists(st.sampled_from(_FOOD), min_size=2, max_size=4, unique=True))
        steps = draw(st.lists(st.sampled_from(_STEPS), min_size=2, max_size=5, unique=True))
        blocks.append([f"{dish}汤的做法", f"{dish}汤要慢慢煮，{draw(_sentences)}"])
        blocks.append(["材料", *(f"{thing} {place}00 克" for place, thing in enumerate([dish, *things], 1))])
        blocks.append(["步骤", *(f"{place}. {dish}{step}" for place, step in enumerate(steps, 1))])
    return blocks


@st.composite
def exams(draw: st.DrawFn) -> Blocks:
    """Questions with options that come back under other questions."""
    blocks = [["渡口安全知识测验"]]
    for number in range(1, draw(st.integers(3, 6))):
        options = draw(st.lists(st.sampled_from(_WHAT), min_size=4, max_size=4, unique=True))
        letters = [f"{letter}. {option}" for letter, option in zip("ABCD", options, strict=True)]
        blocks.append(
            [f"{number}. {draw(st.sampled_from(_WHEN))}，{draw(st.sampled_from(_WHO))}首先要看的是哪一样？", *letters]
        )
    return blocks


@st.composite
def chronicles(draw: st.DrawFn) -> Blocks:
    """Years, in which the same thing happens again."""
    years = sorted(draw(st.lists(st.integers(1950, 2010), min_size=3, max_size=8, unique=True)))
    blocks = [["渡口大事记"]]
    for year in years:
        blocks.append([f"{year}年", *draw(st.lists(_sentences, min_size=1, max_size=3, unique=True))])
    return blocks


@st.composite
def tables(draw: st.DrawFn) -> Blocks:
    """A table in Markdown; cells and whole rows but for a number are alike."""
    rows = draw(st.lists(st.tuples(st.sampled_from(_WHAT), st.sampled_from(["完好", "破损"])), min_size=3, max_size=8))
    table = ["| 编号 | 物件 | 情况 |", "| --- | --- | --- |"]
    table += [f"| {place} | {what} | {state} |" for place, (what, state) in enumerate(rows, 1)]
    return [["# 渡口清点表"], [draw(_paragraphs(2, 3))], table, [draw(_paragraphs(2, 3))]]


@st.composite
def code(draw: st.DrawFn) -> Blocks:
    """Functions whose lines are alike, and indented."""
    blocks: Blocks = []
    for name in draw(st.lists(st.sampled_from(_COMMANDS), min_size=2, max_size=4, unique=True)):
        files = draw(st.lists(st.sampled_from(_FILES), min_size=1, max_size=3))
        body = [f'    with open("{file}", encoding="utf-8") as file:' for file in files]
        blocks.append([f"def {name}_all(path):", *body, "        return file.read()"])
    return blocks


@st.composite
def handbooks(draw: st.DrawFn) -> Blocks:
    """Documentation in Markdown: headings that come back, lists, fences, images."""
    blocks = [["# 水闸控制程序"]]
    for name in draw(st.lists(st.sampled_from(_COMMANDS), min_size=2, max_size=4, unique=True)):
        blocks += [[f"## {name}"], [f"命令 `gate {name}` 的用法：{draw(_paragraphs(1, 2))}"], ["### 示例"]]
        blocks.append(
            [
                "```",
                *(f"gate {name} {file}" for file in draw(st.lists(st.sampled_from(_FILES), min_size=1, max_size=2))),
                "```",
            ]
        )
        if draw(st.booleans()):
            blocks.append([f"![{name} 的流程](images/{name}.png)"])
        blocks.append([f"- `--{option}`：{draw(_sentences)}" for option in ("all", "dry-run")])
    return blocks


PARTS = {
    "statutes": statutes(), "verse": verse(), "stories": stories(), "plays": plays(), "recipes": recipes(), "exams": exams(),
    "chronicles": chronicles(), "tables": tables(), "code": code(), "handbooks": handbooks(),
}  # fmt: skip
