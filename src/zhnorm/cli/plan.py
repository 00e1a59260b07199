"""From paths on the command line to jobs: every refusal that can be known before anything is touched is made here."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING

from zhnorm.batch.job import Failure, InPlace, Job, is_page_name, output_name, record_format
from zhnorm.batch.walk import Choice, Found, Skipped, ignores_case, place, unsafe, walk
from zhnorm.batch.write import is_same_file
from zhnorm.errors import ReadError, UsageError, missing_hint
from zhnorm.messages import Message

from .refusals import refuse_reads, refuse_same
from .streams import StandardOutput, say, standard_input, title_of

if TYPE_CHECKING:
    from zhnorm.formats.compression import Sink
    from zhnorm.formats.records import Layout
    from zhnorm.formats.source import Stream

__all__ = ["NOWHERE", "Plan", "make_plan", "recognised", "tell_other_name"]

_PEEK_BYTES = 1 << 13
_OFFICE = ("xlsx", "xls", "ods", "docx", "doc", "odt", "pdf")
"""Ends of names of what is never written."""


NOWHERE = os.path.join(os.devnull, "zhnorm")
"""An output folder that nothing is written to, for who only learns: what documents are called depends on whether there is one."""


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
        inputs: Iterable[tuple[str, str]] = (),
        listed: bool = False,
    ) -> None:
        self.jobs = jobs
        self.only = only
        self.many = again is not None
        self.tree = tree or ""
        self._again = again
        self._inputs = dict(inputs)
        # What is not in today's list may have been in that of yesterday.
        self._elsewhere = (os.getcwd(), os.sep) if listed else ()

    def anew(self) -> Iterator[Job | Failure]:
        """The jobs once more, for who has to read everything before the first of them is done."""
        return self._again() if self._again else iter([self.only] if self.only else [])

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
        top = name
        while top and top not in self._inputs:
            top = top.rpartition("/")[0]
        path = self._inputs.get(top)
        if path is None:
            return any(os.path.lexists(os.path.join(folder, name)) for folder in self._elsewhere)
        below = name.removeprefix(top).strip("/")
        return os.path.lexists(os.path.join(path, *below.split("/")) if below else path)


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
    in_place: InPlace | None = None,
    listed: bool = False,
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
        in_place: every file is to take its own place; None if there is an output.
        listed: the paths are those of a list, which may be long: they keep their folders, and none is standard input.

    Raises:
        UsageError: the combination makes no sense, or output would overwrite what is read.
        ReadError: the only input is missing.
    """
    if not listed:
        paths = paths or ("-",)
    _refuse_nonsense(paths, out, in_place, listed=listed)
    if len(paths) == 1 and not os.path.isdir(paths[0]) and not listed:
        only = _single(paths[0], out, preview=preview, quiet=quiet, pages=pages, in_place=in_place)
        refuse_reads(reads, only.target if isinstance(only.target, str) else None)
        return Plan(iter([only]), only=only)
    # What is wrong must be said before the first file is read.
    tree = None if preview or in_place else _check_tree(paths, out)
    if tree is None:
        refuse_reads(reads, None)
    output = output_name if pages and tree is not None else str
    named = sorted(_names(paths, output, tree, listed=listed), key=lambda pair: place(pair[0]))
    if not preview:
        _refuse_nested(named if tree is not None else [(os.path.realpath(path), path) for _, path in named])
    walked = _Walk(tree, choice or Choice(), output, None if preview else in_place)

    def jobs(tell: Callable[[Skipped], None] = lambda _: None) -> Iterator[Job | Failure]:
        found = walked.jobs(named, tell)
        return _sparing(found, reads) if reads else found

    return Plan(jobs(skipped), tree=tree, again=jobs, inputs=named, listed=listed)


def _refuse_nonsense(paths: Sequence[str], out: str | None, in_place: InPlace | None, *, listed: bool) -> None:
    if out == "":
        raise UsageError("-o: an empty name", hint="-o FILE, -o FOLDER, or no -o for standard output")
    if "" in paths:
        raise UsageError("an empty path among the inputs", hint="is a variable of the shell empty?")
    if "-" in paths and len(paths) > 1 and not listed:
        raise UsageError("standard input (-) cannot be combined with paths", hint="run zhnorm once for each")
    if "-" in paths and in_place is not None:
        hint = "name the files; a pipe goes on to the next command, or to -o FILE"
        raise UsageError("--in-place: standard input is no file that could be replaced", hint=hint)


def recognised(plan: Plan, layout: Layout, *, quiet: bool) -> Layout:
    """The layout, with the format of standard input if that is recognised: it has no name to go by. People are told, and
    also if a file has the name of a text and holds something else.

    Args:
        plan: what is read.
        layout: what the user said; a format is believed.
        quiet: say nothing.
    """
    if layout.format or plan.only is None or record_format(plan.only, layout):
        return layout
    with suppress(ReadError, OSError):
        return _recognised(plan.only, layout, quiet=quiet)
    return layout


def _recognised(job: Job, layout: Layout, *, quiet: bool) -> Layout:
    from zhnorm.formats.looks import looks_like, looks_like_table
    from zhnorm.formats.records import wanted_fields

    head, name, wanted = _head(job.source), title_of(job.name), wanted_fields(layout)
    found = looks_like(head)
    column = "" if found else looks_like_table(head, wanted)
    if job.name == "-" and (found or (column and wanted)):
        found = found or "csv"
        template = "standard input: taken for {what} (--format {found}); --format text cleans it as text"
        if not quiet:
            say(Message(template, what=_CALLED[found], found=found))
        return layout._replace(format=found)
    if quiet:
        return layout
    if found:
        hint = Message("--format {found}; --format text is silent", found=found)
        say(Message("{name}: looks like {what}, and is cleaned as text", name=name, what=_CALLED[found]), hint=hint)
    elif column:
        hint = Message(
            "--format csv takes it for a table, and cleans the column {column}; --format text is silent", column=column
        )
        say(Message("{name}: looks like a table, and is cleaned as text", name=name), hint=hint)
    elif head and wanted:
        hint = Message("if it holds records, say which: --format jsonl, --format csv …")
        message = "{name}: a text, in which there is no field {field!r}; all of it is cleaned"
        say(Message(message, name=name, field=wanted[0]), hint=hint)
    return layout


_CALLED = {"jsonl": "JSON Lines", "json": "JSON", "csv": "CSV"}
"""What people call formats that are recognised."""


def _head(source: str | Stream) -> str:
    """The beginning of a document, which is still to be read; empty where nobody can look ahead."""
    from zhnorm.formats.compression import expanded

    if isinstance(source, str):
        if not os.path.isfile(source):
            return ""
        with open(source, "rb") as file:
            data = file.read(_PEEK_BYTES)
    # A person at a keyboard would have to end the input twice.
    elif hasattr(source, "peek") and not os.isatty(source.fileno()):
        data = source.peek(_PEEK_BYTES)
    else:
        return ""
    return next(expanded(iter([data]), ""), b"").decode("utf-8", "replace")


def tell_other_name(plan: Plan, layout: Layout) -> None:
    """Say so if what the only output is called is not what it will be: a document stays in the format of its input."""
    from zhnorm.formats.records import DOCUMENTS, FORMATS, format_of

    target = plan.only.target if plan.only is not None else None
    if plan.only is None or not isinstance(target, str) or target == plan.only.source or layout.format in DOCUMENTS:
        return
    form = record_format(plan.only, layout)
    named = format_of(target) or os.path.splitext(target)[1].lower().lstrip(".")
    if named in (*FORMATS, *_OFFICE) and named != form:
        hint = "cleaning changes no format; give it another name"
        said = Message(
            "{target}: will hold {form}, as the input does, and no {named}",
            target=target,
            form=form or Message("text"),
            named=named,
        )
        say(said, hint=hint)
    elif not form and plan.only.is_page and is_page_name(target):
        say(Message("{target}: will hold the text of the page, as Markdown", target=target), hint="-o NAME.md")


def _single(
    path: str, out: str | None, *, preview: bool, quiet: bool, pages: bool, in_place: InPlace | None = None
) -> Job:
    if path != "-" and not os.path.exists(path):
        # Said before the output is looked at: it is the likelier mistake.
        reason = Message("a symbolic link to nothing" if os.path.islink(path) else "no such file")
        raise ReadError(Message("{path}: {reason}", path=path, reason=reason), hint=missing_hint(path))
    target: str | Sink | None = None
    if preview:
        pass
    elif in_place is not None:
        if not os.path.isfile(path):
            raise UsageError(
                Message("{path}: is no regular file, and cannot be replaced", path=path),
                hint="write to another: -o FILE",
            )
        return Job(path, path, path, in_place=in_place)
    elif out is None or out == "-":
        target = StandardOutput()
    elif os.path.isdir(out) or out.endswith("/"):
        if path == "-":
            hint = Message("-o {folder}/page.txt", folder=out.rstrip("/"))
            raise UsageError(Message("{out}: is a folder, and standard input has no name to go by", out=out), hint=hint)
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
    what = those = Message("{count:,} inputs", count=len(paths))
    if len(paths) == 1 and os.path.isdir(paths[0]):
        what = Message("{path} is a folder", path=paths[0])
        those = Message("the folder {path}", path=paths[0])
    if out is None or out == "-":
        hint = Message("-o FOLDER puts them there under the same names")
        if len(paths) > 1 and not os.path.lexists(paths[-1]):
            hint = Message("if {path} is where they should go, say so: -o {path}", path=paths[-1])
        raise UsageError(Message("{what}: where should the files go?", what=what), hint=hint)
    if os.path.exists(out) and not os.path.isdir(out):
        raise UsageError(
            Message("{out}: is not a folder, and {what} cannot go into one file", out=out, what=those), hint="-o FOLDER"
        )
    real_out = os.path.join(os.path.realpath(out), "")
    for path in paths:
        real = os.path.join(os.path.realpath(path), "")
        if os.path.isdir(path) and real_out.startswith(real):
            what = Message("is the input folder itself")
            if real != real_out:
                what = Message("lies inside the input folder {path}", path=path)
            raise UsageError(Message("{out}: {what}", out=out, what=what), hint="choose an output folder outside of it")
    return out


def _names(
    paths: Sequence[str], output: Callable[[str], str], tree: str | None, *, listed: bool
) -> Iterator[tuple[str, str]]:
    """Each path with what it is called: in an output tree where it stands below the folder that all have in common (its last part, if
    they have none), or, if they are listed, below the current one, so that it does not depend on what else is in the list; else as it was given.

    Raises:
        UsageError: two would be written to one place, or one to a place that is kept for something else.
    """
    if len(paths) == 1 and not listed:
        yield "", paths[0]  # a single folder is the tree itself
        return
    if tree is None:
        yield from ((path.rstrip("/") or path, path) for path in dict.fromkeys(paths))
        return
    absolute = [os.path.abspath(path) for path in paths]
    below = os.getcwd() if listed else os.path.commonpath(list(map(os.path.dirname, absolute)))
    by_last = not listed and os.path.dirname(below) == below and _differ_in_last(absolute)
    seen: dict[str, str] = {}
    for path in paths:
        name = os.path.basename(os.path.abspath(path)) if by_last else _name_below(below, path)
        written = name if os.path.isdir(path) else output(name)
        if reason := unsafe(written):
            raise UsageError(
                Message(
                    "{path}: would be written to {written}, but {reason}", path=path, written=written, reason=reason
                ),
                hint="leave it out",
            )
        if (other := seen.setdefault(written, path)) is not path:
            if listed and os.path.abspath(other) == os.path.abspath(path):
                continue  # a list may name a file twice
            hint = "give one of them another name" if listed else "run zhnorm once for each"
            raise UsageError(
                Message(
                    "{other} and {path} would both be written to {written}", other=other, path=path, written=written
                ),
                hint=hint,
            )
        yield name, path


def _differ_in_last(paths: Sequence[str]) -> bool:
    """Whether the last parts of paths tell them apart, and none of them lies in another. Of those that have nothing in common but the
    root, the other parts say where they were, and not what they are.

    >>> _differ_in_last(["/home/wen/news", "/srv/blog"]), _differ_in_last(["/home/wen/news", "/srv/news"])
    (True, False)
    """
    last = set(map(os.path.basename, paths))
    folders = sorted({os.path.join(path, "") for path in paths})
    nested = any(below.startswith(above) for above, below in pairwise(folders))
    return len(last) == len(folders) and not nested


def _name_below(folder: str, path: str) -> str:
    """Where a path stands below a folder; of one that is elsewhere, where it stands below the root: never outside.

    >>> _name_below("/home/wen", "/home/wen/a/../b.txt"), _name_below("/home/wen", "/srv/c.txt")
    ('b.txt', 'srv/c.txt')
    """
    path = os.path.abspath(path)
    inside = os.path.commonpath([folder, path]) == folder
    return os.path.relpath(path, folder) if inside else os.path.splitdrive(path)[1].lstrip(os.sep)


def _refuse_nested(named: Iterable[tuple[str, str]]) -> None:
    """Refuse what would be done twice: a file or a folder, and a folder that it lies in.

    Args:
        named: each path with a name that tells where it lies, with "/" between the parts.
    """
    above: list[tuple[tuple[bytes, ...], str]] = []
    for parts, path in sorted((place(name), path) for name, path in named):
        while above and above[-1][0] != parts[: len(above[-1][0])]:
            above.pop()
        if above:
            other = above[-1][1]
            what = Message("are the same" if above[-1][0] == parts else "are both given, and one lies in the other")
            raise UsageError(
                Message("{other} and {path} {what}", other=other, path=path, what=what), hint="leave one of them out"
            )
        above.append((parts, path))


class _Walk:
    """Makes jobs of paths.

    Args:
        out: the output folder; None if there is none.
        choice: what of folders is wanted.
        output: what the output of a file is called.
        in_place: files take their own place; None if they do not.
    """

    def __init__(self, out: str | None, choice: Choice, output: Callable[[str], str], in_place: InPlace | None) -> None:
        self._out, self._choice, self._output, self._in_place = out, choice, output, in_place
        self._real_out = os.path.realpath(out) if out is not None else ""
        self._one_case = out is not None and ignores_case(out)
        self._inputs: frozenset[str] = frozenset()

    def jobs(self, named: Sequence[tuple[str, str]], skipped: Callable[[Skipped], None]) -> Iterator[Job | Failure]:
        """A job for every file; `skipped` is told what in a folder is not taken."""
        self._inputs = frozenset(os.path.realpath(path) for _, path in named)
        # Whatever is shown goes to standard output, which may be a file among those that are read: it would never end.
        shown = sys.stdout if self._out is None and is_same_file(sys.stdout, sys.stdout) else None
        for name, path in named:
            for item in self._items(name, path):
                if shown is not None and isinstance(item, Found) and is_same_file(shown, item.path):
                    yield Failure(
                        item.name,
                        ReadError(Message("{path}: is the output itself", path=item.path), hint="write it elsewhere"),
                    )
                elif isinstance(item, Found):
                    yield self._job(item)
                elif item.failed:
                    yield Failure(
                        item.name or path, ReadError(Message("{path}: {reason}", path=item.path, reason=item.reason))
                    )
                else:
                    skipped(item)

    def _items(self, name: str, path: str) -> Iterable[Found | Skipped]:
        if os.path.isdir(path):
            return walk(path, name, self._choice, output=self._output, one_case=self._one_case)
        if os.path.exists(path) and not os.path.isfile(path):
            return [Skipped(path, name, "a device or a pipe; it can be cleaned alone", failed=True)]
        return [Found(path, name) if self._choice.takes(name) else Skipped(path, name, "excluded")]

    def _job(self, found: Found) -> Job | Failure:
        if self._in_place is not None:
            return Job(found.name, found.path, found.path, in_place=self._in_place)
        if self._out is None:
            return Job(found.name, found.path, None)
        name = self._output(found.name).split("/")
        target = os.path.join(self._out, *name)
        if self._is_input(os.path.join(self._real_out, *name)):
            error = UsageError(
                Message("{target}: would overwrite an input", target=target), hint="choose another output folder"
            )
            return Failure(found.name, error)
        return Job(found.name, found.path, target, self._out)

    def _is_input(self, path: str) -> bool:
        """Whether something stands in an input, or is one."""
        while path not in self._inputs:
            path, before = os.path.dirname(path), path
            if path == before:
                return False
        return True


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
