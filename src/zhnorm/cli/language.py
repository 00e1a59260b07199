"""The language of help and messages: English, or Chinese in either script, by `--lang` or by the locale.

What programs read (texts, ledgers, TSV, JSON, exit codes, names of rules) is the same in every language.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, MutableMapping, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from zhnorm.errors import UsageError
from zhnorm.messages import Message, in_language, speak
from zhnorm.package_data import data_path

if TYPE_CHECKING:
    import click

__all__ = [
    "LANGUAGES",
    "VARIABLE",
    "choose_language",
    "language_named",
    "language_wanted",
    "paragraphs",
    "translate_command",
]

LANGUAGES = ("en", "zh-Hans", "zh-Hant")
VARIABLE = "ZHNORM_LANG"

_CATALOGS = data_path("locale")
_SCRIPT_OF_REGION = {
    "tw": "zh-Hant",
    "hk": "zh-Hant",
    "mo": "zh-Hant",
    "cn": "zh-Hans",
    "sg": "zh-Hans",
    "my": "zh-Hans",
}


def language_named(name: str) -> str | None:
    """The language that somebody means by a name or by a locale; None if it is none of ours.

    >>> [language_named(name) for name in ("zh", "zh_TW.UTF-8", "zh-hant-hk", "en_GB", "C", "fr")]
    ['zh-Hans', 'zh-Hant', 'zh-Hant', 'en', 'en', None]
    """
    language, *parts = name.partition(".")[0].partition("@")[0].lower().replace("_", "-").split("-")
    if language in ("en", "c", "posix"):
        return "en"
    if language != "zh":
        return None
    for part in parts:
        if part in ("hans", "hant"):
            return f"zh-{part.title()}"
        if part in _SCRIPT_OF_REGION:
            return _SCRIPT_OF_REGION[part]
    return "zh-Hans"


def language_wanted(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """The language to speak: that of `--lang`, else of ZHNORM_LANG, else of the locale; English if that is another one.

    It is looked for before the command line is parsed, because the help and the errors of parsing are to be in it.

    Raises:
        UsageError: `--lang` or ZHNORM_LANG names none of the languages.
    """
    named = _option(arguments)
    for what, name in (("--lang", named), (VARIABLE, environment.get(VARIABLE))):
        if name:
            found = language_named(name)
            if found is None:
                hint = Message("languages: {names}", names=", ".join(LANGUAGES))
                raise UsageError(Message("{what}: no language {name!r}", what=what, name=name), hint=hint)
            return found
    return _language_of_locale(environment)


def _option(arguments: Sequence[str]) -> str | None:
    """The value of the last `--lang` among the options."""
    found = None
    for word, following in zip_longest(arguments, arguments[1:], fillvalue=""):
        if word == "--":
            break
        if word == "--lang":
            found = following
        elif word.startswith("--lang="):
            found = word.removeprefix("--lang=")
    return found


def _language_of_locale(environment: Mapping[str, str]) -> str:
    """As gettext finds it: LANGUAGE is a list of wishes, and counts only beside a locale."""
    locale = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "C")
    charset = locale.partition(".")[2].partition("@")[0].lower().replace("-", "")
    if charset not in ("", "utf8"):
        return "en"  # what is said is in UTF-8
    if locale.partition(".")[0] in ("C", "POSIX"):
        return "en"
    wishes = [*environment.get("LANGUAGE", "").split(":"), locale]
    return next((found for wish in wishes if wish and (found := language_named(wish))), "en")


def choose_language(language: str, environment: MutableMapping[str, str]) -> None:
    """From now on speak one of `LANGUAGES`: messages of ours, and click's.

    Args:
        language: which one.
        environment: of this process; gettext, by which click goes, looks there.
    """
    if language == "en":
        return
    import gettext

    environment["LANGUAGE"] = language.replace("-", "_")
    gettext.bindtextdomain("zhnorm", _CATALOGS)
    gettext.textdomain("zhnorm")
    speak(gettext.translation("zhnorm", _CATALOGS, [environment["LANGUAGE"]], fallback=True).gettext)
    _speaking.append(language)


_speaking: list[str] = []
"""The language, if it is not English."""


def translate_command(command: click.Command) -> click.Command:
    """The command with its help, and that of the commands below it, in the language that was chosen."""
    if not _speaking:
        return command
    import click

    from .help_layout import WideContext

    command.context_class = WideContext
    for name in ("help", "short_help", "epilog", "options_metavar", "subcommand_metavar"):
        if said := getattr(command, name, None):
            setattr(command, name, "\n\n".join(mark + in_language(text) for mark, text in paragraphs(said)))
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.help:
            parameter.help = in_language(parameter.help)
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        translate_command(below)
    return command


def paragraphs(text: str) -> list[tuple[str, str]]:
    """The paragraphs of a help, which are translated one by one; before each the mark by which click keeps its lines, or "".

    >>> paragraphs("Clean pages.\\n\\n\\b\\nExample:\\n  zhnorm clean page.txt")
    [('', 'Clean pages.'), ('\\x08\\n', 'Example:\\n  zhnorm clean page.txt')]
    """
    mark = "\b\n"
    found = inspect.cleandoc(text).split("\n\n")
    return [(mark, part.removeprefix(mark)) if part.startswith(mark) else ("", part) for part in found]
