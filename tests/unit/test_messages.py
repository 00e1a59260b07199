"""Messages: English to everybody, and in another language for whoever shows them."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator

import pytest

from zhnorm import messages
from zhnorm.errors import ReadError
from zhnorm.messages import Message, counted, in_language, joined, speak

_CHINESE = {
    "{path}: {said}": "{path}：{said}",
    "no such file": "没有这个文件",
    "1 line": "1 行",
    "{count:,} lines": "{count:,} 行",
    ", ": "、",
}


@pytest.fixture
def chinese() -> Iterator[None]:
    before = list(messages._translators)
    speak(lambda template: _CHINESE.get(template, template))
    yield
    messages._translators[:] = before


def test_a_message_is_an_english_string() -> None:
    message = Message("{path}: {said}", path="a.txt", said=Message("no such file"))
    assert message == "a.txt: no such file"
    assert f"{message}!" == "a.txt: no such file!"


@pytest.mark.usefixtures("chinese")
def test_what_is_put_in_is_said_in_the_language_if_it_is_a_message() -> None:
    assert in_language(Message("{path}: {said}", path="no such file", said=Message("no such file"))) == (
        "no such file：没有这个文件"
    )
    assert (
        in_language(joined(", ", [Message("1 line"), counted(1200, "1 line", "{count:,} lines")])) == "1 行、1,200 行"
    )
    assert in_language("no such file") == "没有这个文件"


@pytest.mark.usefixtures("chinese")
def test_what_no_catalog_knows_stays_english() -> None:
    assert in_language(Message("{what} went", what="all")) == "all went"
    assert in_language("") == ""


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize("text", ["{", "{0}", "{path", "a {b} c"])
def test_braces_in_what_is_said_or_put_in_are_letters(text: str) -> None:
    assert in_language(Message(text)) == text
    assert in_language(Message("{path}: {said}", path=text, said=Message(text))) == f"{text}：{text}"


@pytest.mark.usefixtures("chinese")
def test_a_message_travels_with_its_error() -> None:
    error = ReadError(Message("{path}: {said}", path="a.txt", said=Message("no such file")))
    for other in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):
        assert str(other) == "a.txt: no such file"
        assert in_language(other.message) == "a.txt：没有这个文件"
