"""What the help pages of the rules of a corpus show is true: the other documents are made of the pages that are shown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from zhnorm import Block, Settings, convert
from zhnorm.conversion.fold import key
from zhnorm.corpus import Seen, Template, Templates
from zhnorm.corpus.cleaner import CorpusCleaner
from zhnorm.corpus.copies import copies, said_by
from zhnorm.corpus.keys import form, lines_of
from zhnorm.corpus.near import likeness, shingles_of
from zhnorm.report.help import help_pages

PAGES = {rule: page for rule, page in help_pages().items() if page.stage == "corpus"}
SITE = "news.example"
FILLERS = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏"


def _shown(rule: str, *, acts: bool) -> list[str]:
    (example,) = PAGES[rule].removes if acts else PAGES[rule].keeps
    assert {line.mark for line in example} <= ({"-", "+"} if acts else {"+"})
    return [line.text for line in example]


def _unlike(number: int, place: int) -> str:
    return FILLERS[(number * 7 + place) % 20 :] + f"第{number}回{place}"


def test_lines_that_a_site_prints_on_its_pages_go() -> None:
    (example,) = PAGES["corpus/template"].removes
    pages = [
        "\n".join(line.text if line.mark == "-" else _unlike(number, place) for place, line in enumerate(example))
        for number in range(8)
    ]
    text = "\n".join(line.text for line in example)
    templates = Templates.learn([(SITE, page) for page in [*pages, text]])
    cleaner = CorpusCleaner(Settings.of(**PAGES["corpus/template"].settings), templates=templates)
    blocks: list[Block] = []
    list(cleaner.clean_many([text], blocks.append, names=[f"{SITE}/1.txt"]))
    gone = {change.line for change in blocks[0].changes() if change.rule == "corpus/template"}
    assert gone == {number for number, line in enumerate(example, 1) if line.mark == "-"}


def test_a_headline_that_others_link_to_stays_on_its_own_page() -> None:
    title = "江岸新橋今日正式通車"
    page = f"{title}\n江岸的新桥今天正式通车了，江边来了许多人看热闹，孩子们跑在最前面。\n桥上的灯到了晚上才亮起来，老人说那时候过江要等一个钟头的渡船。\n"
    found = {}
    for pages in (6, 30):
        cleaner = CorpusCleaner(templates=Templates([Template("a.example", form(title), pages, 40, times=1)]))
        found[pages] = next(cleaner.clean_many([page], names=["a.example/1"])).split("\n")[0]
    assert found == {6: convert(title), 30: convert(page).split("\n")[1]}


def test_templates_go_when_nothing_else_goes_any_more() -> None:
    """What goes without them goes with them, by the same rules: here a menu, which stands among lines that are known to be templates."""
    menu = ["首页", "新闻", "财经", "体育", "娱乐", "登录", "注册"]
    page = "\n".join([*menu, "江岸的新桥今天正式通车了，江边来了许多人看热闹，孩子们跑在最前面。", "分享到：微博"])
    templates = Templates(Template("a.example", line, 40, 40) for line in menu[::2])
    gone = []
    for known in (Templates(), templates):
        rules: dict[int, str] = {}
        cleaner = CorpusCleaner(templates=known)

        def observe(block: Block, rules: dict[int, str] = rules) -> None:
            rules |= {change.line: change.rule for change in block.changes() if change.after is None}

        list(cleaner.clean_many([page], names=["a.example/1"], observe=observe))
        gone.append(rules)
    assert gone[0].items() <= gone[1].items()


def test_lines_that_come_back_among_others_stay() -> None:
    lines = _shown("corpus/template", acts=False)
    pages = []
    for number in range(12):
        # Each on two pages of three, never twice between the same lines.
        page = [_unlike(number, 0)]
        for place, line in enumerate(lines):
            page += [line] if (number + place) % 3 else []
            page.append(_unlike(number, place + 1))
        pages.append((SITE, "\n".join(page)))
    assert not len(Templates.learn(pages))


def _numbers(*texts: str) -> np.ndarray:
    lines = lines_of(texts)
    return said_by(lines.keys, lines.letters, lines.counts).numbers


def test_copies_to_the_letter_go() -> None:
    text = "\n".join(_shown("corpus/copy", acts=True))
    other = "\n\n".join(line + "　" for line in convert(text).replace("，", ", ").split("\n"))
    gone, stays = copies(_numbers(text, "別的話，別的話，別的話。", other), np.arange(3))
    assert (gone.tolist(), stays.tolist()) == ([2], [0])


def test_what_differs_in_a_letter_is_no_copy() -> None:
    text = "\n".join(_shown("corpus/copy", acts=False))
    assert len(copies(_numbers(text, text.replace("第二章", "第三章")), np.arange(2))[0]) == 0


@pytest.mark.parametrize("acts", [True, False])
def test_near_copies_go_by_how_much_is_in_both(acts: bool) -> None:
    first, second = _shown("corpus/near", acts=acts)
    other = (
        [first.replace("了", "", 1), second.replace("着", "", 1)]
        if acts
        else [first, _shown("corpus/near", acts=True)[1]]
    )
    alike = likeness(shingles_of(key(first + second)), shingles_of(key("".join(other))))
    assert (alike >= 0.8) == acts


@pytest.mark.parametrize("acts", [True, False])
def test_what_was_seen_goes(acts: bool, tmp_path: Path) -> None:
    first, second = _shown("corpus/seen", acts=acts)
    with Seen(str(tmp_path / "seen")) as seen:
        seen.add(first + "\n" + _shown("corpus/seen", acts=True)[1] + "\n分享到微博")
        assert seen.ask(f"{second}\n{first}") == acts
