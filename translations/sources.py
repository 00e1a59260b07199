"""The messages of the sources: found in their syntax trees, and in the commands as click knows them."""

from __future__ import annotations

import ast
import errno
import os
from collections.abc import Iterator
from pathlib import Path

import click

from zhnorm.cli.language import paragraphs

from .catalogs import Key

__all__ = ["MAIN_JOB", "messages", "untold"]

SOURCE = Path(__file__).resolve().parents[1] / "src" / "zhnorm"

MAIN_JOB = (
    "batch/document.py", "batch/folder_lock.py", "batch/journal.py", "batch/pack.py", "batch/parts.py", "batch/pool.py", "batch/records_journal.py",
    "batch/run.py", "batch/write.py", "cli/apply.py", "cli/clean.py", "cli/commands.py", "cli/config.py",
    "cli/convert.py", "cli/corpus.py", "cli/corpus_messages.py", "cli/from_ledger.py", "cli/eval.py", "cli/explain.py", "cli/files_from.py", "cli/run_messages.py", "cli/html_report.py",
    "cli/journals.py", "cli/language.py", "cli/options.py", "cli/pack.py", "cli/plan.py", "cli/read.py", "cli/refusals.py", "cli/restore.py",
    "cli/rules.py", "cli/spark.py", "cli/stats.py", "cli/streams.py", "corpus/columns.py", "corpus/counts.py", "corpus/documents.py",
    "corpus/overview.py", "corpus/seen.py", "corpus/spark.py", "corpus/spark_session.py",
    "corpus/steps.py", "corpus/template_files.py", "errors.py", "evaluate.py", "formats/looks.py", "formats/compression.py",
    "formats/decode.py", "formats/delimited.py", "formats/warc.py", "formats/json_array.py", "formats/jsonl.py",
    "formats/parquet.py", "formats/records.py", "formats/source.py", "formats/warc.py", "html/extraction.py", "html/feed.py",
    "html/recognition.py", "ledger/exceptions.py", "ledger/read.py", "ledger/replay.py", "limits.py", "reading/reasons.py",
    "report/story.py", "report/summary.py", "rules/draft.py", "rules/load.py", "settings.py", "stages/blanks.py",
    "stages/edges.py", "stages/edges_listings.py", "stages/markup.py", "stages/reading.py", "user_files.py",
)  # fmt: skip
"""The modules whose messages are all translated: whatever the commands say."""

_CLICK = (
    "Usage:", "Options", "Commands", "Show this message and exit.", "default: {default}", "required", "[OPTIONS]",
    "COMMAND [ARGS]...", "Missing command.", "Missing argument", "Missing option", "Missing parameter",
    "No such option {name!r}.", "No such option: {name}", "No such command {name!r}.", "Invalid value: {message}",
    "Invalid value for {param_hint}: {message}", "{value!r} is not a valid {number_type}.",
    "{value} is not in the range {range}.", "Option {name!r} does not take a value.",
    ("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    ("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    ("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    ("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
)  # fmt: skip
"""What click says in our commands; versions of it say the same in different words."""

_SYSTEM = tuple(os.strerror(number) for number in (
    errno.ENOENT, errno.EACCES, errno.EPERM, errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENOSPC, errno.EDQUOT, errno.EROFS,
    errno.EIO, errno.ELOOP, errno.ENAMETOOLONG, errno.EBUSY, errno.EINVAL, errno.ESTALE,
))  # fmt: skip
"""What the system says of files, in the words of Linux."""

_REASONS = ("hidden", "symbolic link", "excluded", "FIFO", "socket", "device")
"""Why a file of a folder is skipped."""

_BETWEEN = (", ", "; ", " or ", " and ")
"""What stands between the parts of a message."""

_ARGUMENTS = {
    "Message": slice(1), "Neighbours": slice(1), "say": slice(1), "_unknown": slice(1), "counted": slice(1, 3),
    "Listing": slice(1, 2), "_remove": slice(2, 3), "error": slice(1, 2),
}  # fmt: skip
"""Which arguments of a call are messages; so is the first of whatever is called Error, and each that is called hint or problem."""
_KEYWORDS = ("hint", "problem")
_NAMES = ("hint", "message", "template", "one", "many", "wrong", "said", "reason")
"""What is assigned to such a name is a message."""


def messages() -> dict[Key, list[str]]:
    """Every message that may be translated, and where it stands, in the order of the sources."""
    found: dict[Key, list[str]] = {}
    lists = {"click": _CLICK, "the system": _SYSTEM, "batch/walk.py": _REASONS, "messages.py": _BETWEEN}
    listed = [(where, message) for where, said in lists.items() for message in said]
    for where, message in [*listed, *_of_commands(), *_of_modules()]:
        found.setdefault(message, []).append(where)
    return found


def untold() -> list[str]:
    """Where the main job says something that cannot be translated, because it is put together as an f-string."""
    return [
        f"{path.relative_to(SOURCE.parent)}:{node.lineno}"
        for path in _main_job()
        for said in _said(ast.parse(path.read_text("utf-8")))
        for node in _parts(said)
        if isinstance(node, ast.JoinedStr)
    ]


def _of_commands() -> Iterator[tuple[str, str]]:
    from zhnorm.cli.commands import _COMMANDS, zhnorm
    from zhnorm.cli.help_layout import SECTIONS

    yield from (("help", said) for said in (*_COMMANDS.values(), *SECTIONS))
    yield from _of_command(zhnorm, "zhnorm")
    context = click.Context(zhnorm)
    for name in _COMMANDS:
        command = zhnorm.get_command(context, name)
        assert command is not None
        yield from _of_command(command, f"zhnorm {name}")


def _of_command(command: click.Command, name: str) -> Iterator[tuple[str, str]]:
    for said in (command.help, command.short_help, command.epilog):
        for _, paragraph in paragraphs(said or ""):
            if paragraph:
                yield f"{name} --help", paragraph
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.help:
            yield f"{name} {parameter.opts[-1]}", parameter.help
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        yield from _of_command(below, f"{name} {below.name}")


def _main_job() -> list[Path]:
    return [SOURCE / name for name in MAIN_JOB]


def _of_modules() -> Iterator[tuple[str, str]]:
    from zhnorm.formats.jsonl import _KINDS as _VALUES
    from zhnorm.formats.looks import SIGNATURES
    from zhnorm.reading.reasons import WORDS
    from zhnorm.rules.load import _KINDS

    yield from (("reading/reasons.py", said) for said in WORDS.values())
    yield from (("formats/looks.py", said) for *_, name, hint in SIGNATURES for said in (name, hint))
    yield from (("rules/load.py", said) for said in _KINDS.values())
    yield from (("formats/jsonl.py", said) for said in (*_VALUES.values(), "a number"))
    yield from (("cli/from_ledger.py", said) for said in ("input", "output"))
    for path in _main_job():
        for said in _said(ast.parse(path.read_text("utf-8"))):
            for node in _parts(said):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
                    yield str(path.relative_to(SOURCE)), node.value


def _said(tree: ast.Module) -> Iterator[ast.expr]:
    """The expressions of a module that are messages."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            yield from node.args[_ARGUMENTS.get(name, slice(1 if name.endswith("Error") else 0))]
            yield from (keyword.value for keyword in node.keywords if keyword.arg in _KEYWORDS)
        elif isinstance(node, ast.Assign):
            (target, *_) = node.targets
            if isinstance(target, ast.Name) and target.id in _NAMES:
                yield node.value
            elif isinstance(target, ast.Tuple) and [getattr(name, "id", "") for name in target.elts] == ["one", "many"]:
                yield from node.value.elts if isinstance(node.value, ast.Tuple) else ()


def _parts(said: ast.expr) -> Iterator[ast.expr]:
    """What is said in either case of a choice."""
    if isinstance(said, ast.IfExp):
        yield from _parts(said.body)
        yield from _parts(said.orelse)
    elif isinstance(said, ast.BoolOp):
        for value in said.values:
            yield from _parts(value)
    else:
        yield said
