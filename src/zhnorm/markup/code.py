"""Lines of programs, shell commands and configuration, told by themselves: without a fence around them nothing else shows it."""

from __future__ import annotations

from ..arrays.expressions import expression

__all__ = ["is_comment", "is_in_program", "is_program"]

MOST_CHARS = 500
"""A longer line is what a scraper made of many, and no longer a program."""

_STRINGS = expression(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`[^`\n]*`")
_COMMENT_BEHIND = expression(r"(?:(?<=\s)|(?<=[;{}(),]))(?:#|//|--|/\*).*$")
_COMMENT = expression(r"\s*(?:#|//|/\*|\*\s|\*/|--\s|<!--|\"\"\"|''')")
_KEYWORDS = (
    "export|public|private|protected|static|final|const|let|var|val|func|fn|fun|function|struct|enum|interface|type|using"
    "|namespace|package|int|void|float|double|char|bool|auto|async|override|abstract"
)
_COMMANDS = r"sudo|git|npm|npx|yarn|pnpm|pip3?|docker|kubectl|curl|wget|apt-get|mkdir|chmod|chown|scp|rsync|cmake|systemctl|gcc|g\+\+|javac"
_WORDS = (
    "python3?|node|apt|brew|cd|ssh|tar|make|cargo|go|java|conda|export|source|echo|ls|cp|mv|rm|cat|grep|sed|awk|vim?|bash|sh"
    "|php|ruby"
)
_PROGRAM = expression(
    "|".join(
        [
            # What ends like a statement and holds what a statement holds.
            r"\s*(?:return|break|continue|throw|yield)\b[^:]*;$",
            r"\s*[\w$.\[\]<>*&:]+(?:\s+[\w$.\[\]<>*&:]+)*\s*(?:[-+*/|&]?=|\().*;$",
            r"\s*(?:[)\]]*\}[})\]]*(?:\s*(?:else|catch|finally|while)\b.*)?[;,{]?|[)\]]+[;,])$",
            r"\s*[\w:]+<[^;]*>\s+\w+;$",
            r"(?=[^()]*\w\s*\().*\)[^(),;:]{0,40}\{$",
            # Definitions and blocks.
            r"\s*(?:async\s+)?def\s+\w+\s*\(.*",
            r"\s*class\s+[A-Z_]\w*\s*(?:\(.*\))?\s*(?::|\{|extends\b.*|implements\b.*)$",
            r"\s*(?:if|elif|while|for|with)\b.*[\w)\]\"']\s*:$",
            r"\s*(?:else|try|finally|except(?:\s+[\w., ()]+)?)\s*:$",
            r"\s*(?:from\s+[\w.]+\s+import\s+[\w*(, ]+|import\s+[\w.]+(?:\s+as\s+\w+)?(?:\s*,\s*[\w.]+)*|import\s+.*\bfrom\s+\"\";?)$",
            r"\s*#\s*(?:include\s*[<\"]|define\s+\w+|ifn?def\s+\w+|endif$|pragma\s)",
            r"#!\s?/\w+",
            rf"\s*(?:(?:{_KEYWORDS})\s+)+[\w<>\[\].:*&$?]+(?:\s*[=({{;:<\[*&]|\s+[\w<>*&$]+\s*[=({{;:]).*",
            # Calls and assignments.
            r"\s*[A-Za-z_$][\w$]*(?:\.[\w$]+|\[[^\[\]]*\])*\s*(?:[-+*/%|&]?=|:=|<-|=>)\s*(?=\S)[^=].*",
            r"\s*[a-z_$][\w$]*(?:\.[\w$]+)*\(.*\)[;:]?$",
            r"\s*(?:SELECT\s.*\sFROM\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|CREATE\s+(?:TABLE|INDEX)\s|ALTER\s+TABLE\s)",
            # Commands. Those that are also English words need an option, a path or a file behind them.
            r"\s*\$\s+[a-z][\w.-]*(?:\s|$)",
            rf"\s*(?:{_COMMANDS})\s+[-./~\"'$\w@{{:]",
            rf"\s*(?:{_WORDS})(?:\s+[^\s]+)*\s+(?:--?[A-Za-z]|\.{{0,2}}/|~/|\$|[\w-]+\.[a-z]{{1,4}}\b|\w+=|(?:install|run|build)\b)",
        ]
    )
)
_BEFORE_TEXT = ('"', "'", "`", "#", "//", "/*", "--")
_FIRST = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ$#_{}[]()")


def is_program(line: str) -> bool:
    """Whether a line is code, by itself. Chinese may stand in its strings and comments alone.

    >>> [is_program(line) for line in ("    return a + b;", "git push origin main", 'print("你好")  # 問候', "Hello, world", "A=1 是条件")]
    [True, True, True, False, False]
    """
    stripped = line.strip()
    if stripped[:1] not in _FIRST or len(line) > MOST_CHARS:
        return False
    if not stripped.isascii() and not any(mark in stripped for mark in _BEFORE_TEXT):
        return False
    bare = _bare(stripped)
    return bare.isascii() and _PROGRAM.match(bare) is not None


def is_in_program(line: str) -> bool:
    """Whether a line next to a line of code may be another one: a comment, or nothing but ASCII."""
    return _bare(line.strip()).isascii() or is_comment(line)


def is_comment(line: str) -> bool:
    """Whether a line is a comment, if it is code.

    >>> is_comment("    // 輸入"), is_comment("輸入")
    (True, False)
    """
    return _COMMENT.match(line) is not None


def _bare(line: str) -> str:
    """The line without what stands in its strings, and without the comment behind it."""
    if line.isascii() and "#" not in line and "/" not in line:
        return _STRINGS.sub('""', line).rstrip() if '"' in line or "'" in line or "`" in line else line
    return _COMMENT_BEHIND.sub("", _STRINGS.sub('""', line)).rstrip()
