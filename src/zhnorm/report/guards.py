"""Why a line stayed: rules whose patterns fit it, and what kept them from acting."""

from __future__ import annotations

from collections.abc import Sequence

from zhnorm.conversion.fold import key
from zhnorm.line import Line
from zhnorm.rules import Matcher, Rule

from .terminal_text import visible

__all__ = ["held_back"]

_WHERE = {"head": "only above the first paragraph of prose", "tail": "only below the last paragraph of prose"}
_BELOW = {
    "links": "only with a list of links below it, small beside the text",
    "rest": "only where the article is over below it, or comments follow",
}


def held_back(line: Line, rules: Sequence[Rule]) -> list[str]:
    """A sentence for each rule that fits the line and did not act on it; visible.

    >>> rule = Rule("web/more", "web", "more", "", "cut", match=("相关文章",), below="links")
    >>> held_back(Line(1, "相关文章", "\\n", "相关文章", ()), [rule])
    ['web/more fits it (相关文章), and acts only with a list of links below it, small beside the text.']
    """
    if line.text is None:
        return []
    acted = {change.rule for change in line.changes}
    said = key(line.text)
    found = []
    for rule in rules:
        if rule.name in acted:
            continue
        for hit in Matcher([rule]).hits([line.text], [said], 1, 0):
            limits = [_WHERE.get(rule.where, ""), _BELOW.get(rule.below, "") if rule.action == "cut" else ""]
            reason = ", and acts " + ", ".join(filter(None, limits)) if any(limits) else ""
            found.append(visible(f"{rule.name} fits it ({hit.pattern}){reason}."))
    return found
