"""From paths on the command line to jobs: every refusal that can be known before anything is touched is made here."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from zhnorm.batch.job import Failure, Job, output_name
from zhnorm.batch.walk import Choice, Found, Skipped, ignores_case, place, walk
from zhnorm.batch.write import is_same_file
from zhnorm.errors import ReadError, UsageError

from .beside import refuse_reads, refuse_same
from .streams import StandardOutput, say, standard_input

if TYPE_CHECKING:
    from zhnorm.formats.compression import Sink
    from zhnorm.formats.records import Layout

__all__ = ["Plan", "make_plan", "recognised"]

_PEEK_BYTES = 1 << 13


class Plan:
    """What to do.

    Attributes:
        jobs: documents and inputs that are known to fail, in order; lazy, for folders of any size.
        only: the only job, if one file or standard input was given.
        many: whether there may be several documents.
        tree: the output folder of a mirrored tree; empty if there is none.
    """

    def __init__(
        self,
        jobs: Iterator[Job | Failure],
        *,
        only: Job | None = None,
        tree: str | None = None,
        again: Callable[[], Iterator[Job | Failure]] | None = None,
        inputs: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.jobs = jobs
        self.only = only
        self.many = again is not None
        self.tree = tree or ""
        self._again = again
        self._inputs = inputs

    def measure(self) -> tuple[int, int]:
        """How many documents there are, and their bytes."""
        documents = size = 0
        for job in self._again() if self._again else ():
            documents += 1
            if isinstance(job, Job) and isinstance(job.source, str):
                with suppress(OSError):
                    size += os.stat(job.source).st_size
        return documents, size

    def is_input(self, name: str) -> bool:
        """Whether there is something to read for a name in the tree, be it that it is left out."""
        for top, path in self._inputs:
            if not top or name == top or name.startswith(f"{top}/"):
                below = name.removeprefix(top).strip("/")
                return os.path.lexists(os.path.join(path, *below.split("/")) if below else path)
        return False


def make_plan(
    paths: Sequence[str],
    out: str | None,
    *,
    preview: bool,
    quiet: bool = False,
    skipped: Callable[[Skipped], None],
    choice: Choice | None = None,
    pages: bool = True,
    reads: Sequence[str] = (),
) -> Plan:
    """Decide what is read from where and written to where.

    Args:
        paths: as given; none or "-" is standard input.
        out: the value of `-o`; None or "-" is standard output.
        preview: nothing is to be written.
        quiet: say nothing to a person at the keyboard.
        skipped: told what in a folder is not taken.
        choice: what of a folder is wanted; None is everything.
        pages: text is taken out of pages, so that their outputs are called otherwise.
        reads: files that the run reads besides its inputs.

    Raises:
        UsageError: the combination makes no sense, or output would overwrite what is read.
        ReadError: the only input is missing.
    """
    if out == "":
        raise UsageError("-o: an empty name", hint="-o FILE, -o FOLDER, or no -o for standard output")
    if "" in paths:
        raise UsageError("an empty path among the inputs", hint="is a variable of the shell empty?")
    paths = paths or ("-",)
    if "-" in paths and len(paths) > 1:
        raise UsageError("standard input (-) cannot be combined with paths", hint="run zhnorm once for each")
    if len(paths) == 1 and not os.path.isdir(paths[0]):
        only = _single(paths[0], out, preview=preview, quiet=quiet, pages=pages)
        refuse_reads(reads, only.target if isinstance(only.target, str) else None)
        return Plan(iter([only]), only=only)
    output = output_name if pages and not preview else str
    # What is wrong must be said before the first file is read.
    tree = None if preview else _check_tree(paths, out)
    if tree is None:
        refuse_reads(reads, None)
    named = sorted(zip(_top_names(paths, output), paths, strict=True), key=lambda pair: place(pair[0]))

    def jobs(tell: Callable[[Skipped], None] = lambda _: None) -> Iterator[Job | Failure]:
        return _sparing(_jobs(named, tree, tell, choice or Choice(), output), reads)

    return Plan(jobs(skipped), tree=tree, again=jobs, inputs=named)


def recognised(plan: Plan, layout: Layout, *, quiet: bool) -> Layout:
    """The layout, with the format of standard input if that is recognised: it has no name to go by. People are told.

    Args:
        plan: what is read.
        layout: what the user said; a format is believed.
        quiet: say nothing.
    """
    source = plan.only.source if plan.only else ""
    # A person at a keyboard would have to end the input twice.
    if layout.format or isinstance(source, str) or not hasattr(source, "peek") or os.isatty(source.fileno()):
        return layout
    from zhnorm.formats.compression import expanded
    from zhnorm.formats.looks import looks_like, looks_like_table

    with suppress(ReadError, OSError):
        head = next(expanded(iter([source.peek(_PEEK_BYTES)]), "standard input"), b"").decode("utf-8", "replace")
        if found := looks_like(head):
            if not quiet:
                what = "JSON Lines" if found == "jsonl" else "JSON"
                say(f"standard input: taken for {what} (--format {found}); --format text cleans it as text")
            return layout._replace(format=found)
        if (column := looks_like_table(head)) and not quiet:
            hint = f"--format csv takes it for a table, and cleans the column {column}; --format text is silent"
            say("standard input: looks like a table, and is cleaned as text", hint=hint)
    return layout


def _single(path: str, out: str | None, *, preview: bool, quiet: bool, pages: bool) -> Job:
    if path != "-" and not os.path.exists(path):
        # Said before the output is looked at: it is the likelier mistake.
        reason = "a symbolic link to nothing" if os.path.islink(path) else "no such file"
        raise ReadError(f"{path}: {reason}", hint="check the path")
    target: str | Sink | None = None
    if preview:
        pass
    elif out is None or out == "-":
        target = StandardOutput()
    elif os.path.isdir(out) or out.endswith("/"):
        if path == "-":
            hint = f"-o {out.rstrip('/')}/page.txt"
            raise UsageError(f"{out}: is a folder, and standard input has no name to go by", hint=hint)
        name = os.path.basename(path)
        target = os.path.join(out, output_name(name) if pages else name)
    else:
        target = out
    refuse_same(path, target if isinstance(target, str) else None)
    source = standard_input(quiet) if path == "-" else path
    tree = out if isinstance(target, str) and out and target != out else ""
    return Job(path, source, target, tree)


def _check_tree(paths: Sequence[str], out: str | None) -> str:
    """The output folder, if it can be one."""
    what = f"{paths[0]} is a folder" if len(paths) == 1 else f"{len(paths)} inputs"
    if out is None or out == "-":
        hint = "-o FOLDER puts them there under the same names"
        raise UsageError(f"{what}: where should the files go?", hint=hint)
    if os.path.exists(out) and not os.path.isdir(out):
        raise UsageError(f"{out}: is not a folder, and {what} cannot go into one file", hint="-o FOLDER")
    real_out = os.path.join(os.path.realpath(out), "")
    for path in paths:
        real = os.path.join(os.path.realpath(path), "")
        if os.path.isdir(path) and real_out.startswith(real):
            what = "is the input folder itself" if real == real_out else f"lies inside the input folder {path}"
            raise UsageError(f"{out}: {what}", hint="choose an output folder outside of it")
    return out


def _top_names(paths: Sequence[str], output: Callable[[str], str]) -> list[str]:
    """What each path is called in the output tree; a single folder is the tree itself."""
    if len(paths) == 1:
        return [""]
    seen: dict[str, str] = {}
    names = []
    for path in paths:
        name = os.path.basename(os.path.realpath(path) if os.path.isdir(path) else path.rstrip("/"))
        written = name if os.path.isdir(path) else output(name)
        if written in seen:
            clash = f"{seen[written]} and {path} would both be written to {written}"
            raise UsageError(clash, hint="run zhnorm once for each")
        seen[written] = path
        names.append(name)
    return names


def _jobs(
    named: Sequence[tuple[str, str]],
    out: str | None,
    skipped: Callable[[Skipped], None],
    choice: Choice,
    output: Callable[[str], str],
) -> Iterator[Job | Failure]:
    inputs = [os.path.join(os.path.realpath(path), "") for _, path in named]
    real_out = os.path.realpath(out) if out is not None else ""
    one_case = out is not None and ignores_case(out)
    # Whatever is shown goes to standard output, which may be a file among those that are read: it would never end.
    shown = sys.stdout if out is None and is_same_file(sys.stdout, sys.stdout) else None
    for name, path in named:
        items = (
            walk(path, name, choice, output=output, one_case=one_case)
            if os.path.isdir(path)
            else [_given(path, name, choice)]
        )
        for item in items:
            if isinstance(item, Found) and is_same_file(shown, item.path):
                yield Failure(item.name, ReadError(f"{item.path}: is the output itself", hint="write it elsewhere"))
            elif isinstance(item, Found):
                yield _job(item, out, real_out, inputs, output)
            elif item.failed:
                yield Failure(item.name or path, ReadError(f"{item.path}: {item.reason}"))
            else:
                skipped(item)


def _sparing(jobs: Iterator[Job | Failure], reads: Sequence[str]) -> Iterator[Job | Failure]:
    """The jobs; one that would overwrite what the run reads fails alone."""
    for job in jobs:
        try:
            if isinstance(job, Job) and isinstance(job.target, str):
                refuse_reads(reads, job.target)
        except UsageError as error:
            yield Failure(job.name, error)
        else:
            yield job


def _given(path: str, name: str, choice: Choice) -> Found | Skipped:
    if os.path.exists(path) and not os.path.isfile(path):
        return Skipped(path, name, "a device or a pipe; it can be cleaned alone", failed=True)
    return Found(path, name) if choice.takes(name) else Skipped(path, name, "excluded")


def _job(
    found: Found, out: str | None, real_out: str, inputs: Sequence[str], output: Callable[[str], str]
) -> Job | Failure:
    if out is None:
        return Job(found.name, found.path, None)
    name = output(found.name).split("/")
    target = os.path.join(out, *name)
    real = os.path.join(real_out, *name, "")
    if any(real.startswith(folder) for folder in inputs):
        error = UsageError(f"{target}: would overwrite an input", hint="choose another output folder")
        return Failure(found.name, error)
    return Job(found.name, found.path, target, out)
