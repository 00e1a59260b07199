"""What is said to people: made in English wherever it is made, shown in their language by whoever shows it.

A message is an English string to everybody: to callers of the library, to ledgers, reports and other files. It also knows the
template it was made of and what stands in its places, so that the command can say it in another language (`in_language`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

__all__ = ["Message", "counted", "in_language", "joined", "speak"]


class Message(str):
    """An English message that can be said in another language.

    Args:
        template: the message, with names in braces where something is put in, as `str.format` takes them. Without values it
            is the message as it stands, braces and all.
        values: what is put in, by name. What is a message itself is said in the other language, too.

    >>> message = Message("{path}: {count:,} lines", path="page.txt", count=1200)
    >>> message, message.template
    ('page.txt: 1,200 lines', '{path}: {count:,} lines')
    """

    __slots__ = ("template", "values")
    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, /, **values: Any) -> Message:
        self = super().__new__(cls, _filled(template, values))
        self.template, self.values = template, values
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        """Messages travel between processes as what they were made of."""
        return (self.template,), self.values


def _filled(template: str, values: dict[str, Any]) -> str:
    return template.format(**values) if values else template


def counted(count: int, one: str, many: str, /, **values: Any) -> Message:
    """A message about one thing, or about several, whose number is `count` in the template.

    >>> counted(1, "1 line", "{count:,} lines"), counted(1200, "1 line", "{count:,} lines")
    ('1 line', '1,200 lines')
    """
    return Message(one if count == 1 else many, count=count, **values)


def joined(separator: str, messages: Iterable[str]) -> Message:
    """Several messages as one, with the same between them, which is said in the other language, too.

    >>> joined(", ", [Message("a date"), Message("digits")])
    'a date, digits'
    """
    values = {f"part{place}": message for place, message in enumerate(messages)}
    return Message("{between}".join(f"{{{name}}}" for name in values), between=Message(separator), **values)


_translators: list[Callable[[str], str]] = []


def speak(translate: Callable[[str], str]) -> None:
    """From now on `in_language` says what `translate` makes of a template."""
    _translators[:] = [translate]


def in_language(message: str) -> str:
    """The message in the language that was chosen for this process: English, unless `speak` was called.

    A plain string is a message without places. One that no catalog knows stays as it is.
    """
    if not _translators or not message:
        return message
    (translate,) = _translators
    if not isinstance(message, Message):
        return translate(message)
    values = {
        name: in_language(value) if isinstance(value, Message) else value for name, value in message.values.items()
    }
    return _filled(translate(message.template), values)
