"""What is written (text, ledger, report) is refused a place where it would destroy something."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence

from zhnorm.batch.write import is_same_file
from zhnorm.errors import UsageError
from zhnorm.messages import Message

__all__ = ["refuse_beside", "refuse_reads", "refuse_same"]


def refuse_same(path: str, out: str | None) -> None:
    """Refuse an output that is its own input, under whatever name.

    Args:
        path: the input; "-" is standard input.
        out: the output; None or "-" is standard output.

    Raises:
        UsageError: nothing was read or written.
    """
    source = sys.stdin if path == "-" else path
    target = sys.stdout if out in (None, "-") else out
    if not is_same_file(source, target):
        return
    if isinstance(target, str):
        raise UsageError(
            Message("{target}: is the input itself", target=target), hint="write to another file and move it over"
        )
    name = "the file on standard input" if path == "-" else path
    hint = "send it to another file and move that over"
    if not os.fstat(target.fileno()).st_size:
        hint = Message("{hint}; the shell has emptied this one already", hint=hint)
    raise UsageError(Message("standard output: goes to the input itself, {name}", name=name), hint=hint)


def refuse_reads(reads: Iterable[str], out: str | None) -> None:
    """Refuse an output that would fall on a file which the run reads besides its inputs: rules, settings, lists, a ledger.

    Args:
        reads: those files; what is none (a term to protect may be the name of a file) is passed over.
        out: the output; None or "-" is standard output.

    Raises:
        UsageError: nothing was written.
    """
    target = sys.stdout if out in (None, "-") else out
    for path in reads:
        if is_same_file(path, target):
            where = target if isinstance(target, str) else f"standard output: goes to {path}"
            raise UsageError(
                Message("{where}: would overwrite what this run reads", where=where),
                hint="give the output another name",
            )


def refuse_beside(
    what: str,
    path: str | None,
    paths: Sequence[str],
    out: str | None,
    others: Sequence[str | None],
    *,
    reads: Iterable[str] = (),
) -> None:
    """Refuse a place for a file that would fall on an input, on the output or on another such file.

    Args:
        what: "ledger", "report" or "html", as in the option's name.
        path: where it is to be written; None if it is not wanted.
        paths: the inputs.
        out: the output.
        others: the other files besides the text.
        reads: files that the run reads besides its inputs.

    Raises:
        UsageError: nothing was touched.
    """
    if path is None:
        return
    if not path or path == "-":
        raise UsageError(
            Message("--{what}: needs the name of a file", what=what),
            hint=Message("--{what} /dev/stderr shows it on standard error", what=what),
        )
    real = os.path.realpath(path)
    what = "report" if what == "html" else what
    own = "give it a name of its own"
    if (out is not None and os.path.realpath(out) == real) or (out is None and is_same_file(sys.stdout, path)):
        raise UsageError(Message("{path}: output and {what} are the same file", path=path, what=what), hint=own)
    if any(other is not None and os.path.realpath(other) == real for other in others) and not _is_device(real):
        raise UsageError(Message("{path}: two things are to be written there", path=path), hint=own)
    refuse_reads(reads, path)
    if _is_device(real):
        return  # or a folder: opening it says so
    if ("-" in paths or not paths) and is_same_file(sys.stdin, path):
        raise UsageError(Message("{path}: the {what} would overwrite an input", path=path, what=what), hint=own)
    for source in map(os.path.realpath, paths):
        if source == real or is_same_file(source, real):
            raise UsageError(Message("{path}: the {what} would overwrite an input", path=path, what=what), hint=own)
        if os.path.isdir(source) and real.startswith(os.path.join(source, "")):
            raise UsageError(
                Message("{path}: lies inside the input folder, and would be cleaned as text next time", path=path),
                hint=Message("put the {what} elsewhere", what=what),
            )


def _is_device(path: str) -> bool:
    return os.path.exists(path) and not os.path.isfile(path)
