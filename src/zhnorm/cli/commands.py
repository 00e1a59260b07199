"""The group of commands, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import importlib
import os
from collections.abc import Sequence

import click

from zhnorm._version import __version__
from zhnorm.errors import ExitCode, ReadError, ZhnormError, bug, did_you_mean, near_names, shortage, system_says
from zhnorm.messages import Message, in_language

from .common_options import common_options
from .language import choose_language, language_wanted, translate_command
from .streams import say, show, silence_stdout

__all__ = ["run"]

_COMMANDS = {
    "clean": "Clean pages: one title, no boilerplate, no repeats, one script.",
    "explain": "Say why each line stays or goes, or what a rule is about.",
    "read": "Say what kind of line each line of a page is, and why.",
    "stats": "Say in numbers what texts are like, and what cleaning does to them.",
    "convert": "Convert between Traditional and Simplified, nothing else.",
    "detect": "Say which script a text is in, and which encoding.",
    "restore": "Give back the input from the cleaned text and its ledger.",
    "pack": "Put the files of a folder, or the items of a feed, into one file of JSON Lines.",
    "unpack": "Make a file of each record of a file of JSON Lines.",
    "apply": "Make the changes of a ledger again, all but some.",
    "corpus": "Find what documents have in common: templates of sites, copies, what was seen.",
    "eval": "Measure a cleaner on labelled pages, or compare two.",
    "rules": "List, show, check and start the rules that remove boilerplate.",
}
"""Name and short help. Kept here so that `zhnorm --help` and completion import no command."""
_HOMES = {"unpack": "pack"}
"""Modules that are not called like the command."""


_WORDS = {"help": "zhnorm COMMAND --help", "version": "zhnorm --version"}
"""What other programs have commands for."""

_ELSEWHERE = {
    "--to SCRIPT": ("--target", "--script", "--variant", "-t"),
    "--field NAME": ("--key", "--json-key", "--text-field", "--text-column", "-f", "-k"),
    "--format jsonl": ("--jsonl", "--json", "--ndjson", "--lines"),
    "--format csv": ("--csv", "--delimiter", "--sep", "--separator", "-d"),
    "--encoding NAME": ("--charset", "--from", "--input-encoding", "-e"),
    "-o OUT": ("--out-dir", "--dest", "--destination"),
}
"""What options are called in other programs: what is written here, and there."""


class Commands(click.Group):
    """Commands that are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        home = importlib.import_module(f"zhnorm.cli.{_HOMES.get(cmd_name, cmd_name)}")
        command: click.Command = getattr(home, cmd_name)
        command.short_help = _COMMANDS[cmd_name]
        return translate_command(common_options(command))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        word = args[0]
        if word in _COMMANDS or (word.startswith("-") and word != "-"):
            return super().resolve_command(ctx, args)
        near = near_names(word, _COMMANDS)
        hint: str
        if word == "-" or os.path.lexists(word) or (not near and ("." in word or "/" in word)):
            hint = Message("to clean it: zhnorm clean {word}", word=word)
        else:
            others = Message("commands: {names}", names=", ".join(_COMMANDS))
            hint = did_you_mean(near) or (Message(_WORDS[word]) if word in _WORDS else others)
        error = click.UsageError(Message("no command {word!r}", word=word), ctx)
        error.hint = hint  # type: ignore[attr-defined]
        raise error


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog='Completion in bash: eval "$(_ZHNORM_COMPLETE=bash_source zhnorm)" (zsh_source, fish_source for others).',
    # Not in a docstring: those are gone if Python optimises (PYTHONOPTIMIZE=2); and so for every command.
    help="""Clean scraped Chinese text, and say why each line went.

    \b
    Examples:
      cat page.txt | zhnorm clean                 a pipe
      zhnorm clean page.txt -o clean.txt          a file
      zhnorm clean scraped/ -o clean/             a folder
      zhnorm clean page.txt --diff                what would change
      zhnorm explain page.txt                     why
      zhnorm read page.txt                        what each line is
      zhnorm convert < traditional.txt            Traditional to Simplified only
    """,
)
@click.version_option(__version__, "-V", "--version", prog_name="zhnorm", message="%(prog)s %(version)s")
def zhnorm() -> None:
    """All commands."""


common_options(zhnorm)


def run(arguments: Sequence[str]) -> int:
    """Run the command line and give back the exit code.

    Args:
        arguments: without the program's name.

    Raises:
        KeyboardInterrupt: and other signals that end the process; the caller dies by them.
        BrokenPipeError: nobody reads standard output any more.
    """
    try:
        choose_language(language_wanted(arguments, os.environ), os.environ)
        translate_command(zhnorm)
        if "_ZHNORM_COMPLETE" in os.environ:
            zhnorm.main(list(arguments), prog_name="zhnorm")
        # click's own `main` would turn a broken pipe into exit 1 and Ctrl-C into "Aborted!".
        with zhnorm.make_context("zhnorm", list(arguments)) as context:
            code = zhnorm.invoke(context)
            return int(code or 0)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        show(error.format_message() + "\n")
        return ExitCode.USAGE
    except click.NoSuchOption as error:
        say(Message("no such option {name!r}", name=error.option_name), hint=_hint_for_option(error, arguments))
        return ExitCode.USAGE
    except click.ClickException as error:
        say(_sentence(error.format_message()), hint=_click_hint(error, arguments))
        return ExitCode.USAGE
    except ZhnormError as error:
        _trace()
        say(error.message, hint=error.hint, details=error.details)
        if error.exit_code is ExitCode.INPUT_OUTPUT:
            silence_stdout()
        return error.exit_code
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001
        return _unforeseen(error)


def _hint_for_option(error: click.NoSuchOption, arguments: Sequence[str]) -> str:
    """What may have been meant by an option that there is not."""
    name, context = error.option_name, error.ctx
    if context is not None and context.parent is None:
        if command := next((word for word in arguments if word in _COMMANDS), ""):
            return Message(
                "options of a command stand behind its name: zhnorm {command} {name} …", command=command, name=name
            )
    known = [option for item in context.command.params for option in item.opts] if context is not None else []
    near = [option for option in known if len(name) > len("--x") and option.startswith(name)]
    for ours, theirs in _ELSEWHERE.items():
        if name in theirs and ours.partition(" ")[0] in known:
            return Message("here it is {ours}", ours=ours)
    if name in ("-r", "-R", "--recursive") and "--include" in known:
        return Message("leave it out: a folder is taken with the folders in it")
    near = near[:2] or near_names(name, error.possibilities or (), 2)
    return did_you_mean(near) or _click_hint(error, arguments)


def _sentence(message: str) -> str:
    """click's message, which is in the language chosen, in the form of ours: no capital, no full stop."""
    message = in_language(message).rstrip(".。")
    return message[:1].lower() + message[1:]


def _click_hint(error: click.ClickException, arguments: Sequence[str]) -> str:
    hint: str = getattr(error, "hint", "")
    if hint:
        return hint
    context = getattr(error, "ctx", None)
    # click does not always know which command it was.
    command = " ".join(["zhnorm", *[word for word in arguments[:1] if word in _COMMANDS]])
    return Message("see {command} --help", command=context.command_path if context else command)


def _unforeseen(error: Exception) -> int:
    """An error that nobody thought of: the system's, or a bug; a short report, and no traceback unless it is wanted."""
    traced = _trace()
    found = shortage(error)
    if found is None and isinstance(error, OSError):
        found = ReadError(
            Message(
                "{filename}: {strerror}",
                filename=error.filename or Message("standard output"),
                strerror=system_says(error),
            )
        )
    if found is None:
        if not traced:
            say(bug(error).message, hint=bug(error).hint)
        return ExitCode.AUDIT
    say(found.message, hint=found.hint)
    silence_stdout()
    return found.exit_code


def _trace() -> bool:
    if not os.environ.get("ZHNORM_TRACEBACK"):
        return False
    import traceback

    show(traceback.format_exc())
    return True
