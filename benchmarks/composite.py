"""What people write who have no zhnorm: OpenCC, regular expressions for boilerplate, a set of lines, rapidfuzz for the rest.

`clean` takes a page and gives it back without boilerplate and repeats. It keeps no ledger, folds no scripts or widths, and has no
guards; it is here to be timed beside zhnorm, and written as economically as such scripts are.
"""

from __future__ import annotations

import re
from pathlib import Path

import opencc
from rapidfuzz import fuzz, process

CONVERT = opencc.OpenCC("t2s").convert
RULES = [
    re.compile(rule)
    for rule in (
        r"分享(到|至|给).{0,20}$", r"^(责任)?编辑[：:].{1,12}$", r"^(记者|作者|来源|出处|稿源)[：:].{1,20}$", r"^(相关|推荐|热门|最新|精彩)(阅读|文章|新闻|推荐|链接).{0,10}$",
        r"版权(所有|声明)", r"未经.{0,8}(授权|许可|允许).{0,6}(转载|使用)", r"^(上|下)一(篇|页)", r"扫(一扫|码|描).{0,12}(关注|下载|二维码)",
        r"关注.{0,12}(公众号|微信|微博)", r"^(点击|查看|阅读)(查看|阅读)?(更多|全文|原文)", r"^(打印|收藏|评论|复制链接|返回顶部|字号|大|中|小|首页|登录|注册)$",
        r"ICP(备|证)", r"公网安备", r"^(网友)?评论(\(\d+\))?$", r"免责声明", r"本文(来自|转自|来源)", r"(客户端|APP).{0,6}下载", r"^图(片)?(来源)?[：:]",
        r"^\(?(原标题|原题)[：:]", r"^\d{4}[-/年]\d{1,2}[-/月]\d{1,2}日?( \d{1,2}:\d{2}(:\d{2})?)?.{0,20}$", r"^[\s|>›»·-]+$", r"广告", r"^(微信|微博|QQ空间|朋友圈)$",
        r"举报(电话|邮箱)", r"联系(我们|方式)", r"^(关于|网站)(我们|地图|导航)", r"投稿(邮箱|热线)", r"不代表本(网|站).{0,6}(观点|立场)", r"^Copyright",
    )
]  # fmt: skip
SIMILAR = 92
MOST_COMPARED = 200


def clean(page: str) -> str:
    kept: list[str] = []
    seen: set[str] = set()
    for raw in CONVERT(page).split("\n"):
        line = raw.strip()
        if not line or line in seen or (len(line) < 60 and any(rule.search(line) for rule in RULES)):
            continue
        if len(line) > 20 and process.extractOne(line, kept[-MOST_COMPARED:], scorer=fuzz.ratio, score_cutoff=SIMILAR):
            continue
        seen.add(line)
        kept.append(line)
    return "\n".join(kept)


def read(folder: str) -> list[str]:
    return [path.read_text("utf-8", "replace") for path in sorted(Path(folder).iterdir())]
