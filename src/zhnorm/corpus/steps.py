"""Steps that are done once: each is a folder that appears when it is complete, and a run that comes again passes over it.

A folder of steps belongs to one set of settings and inputs. If they are others now, nothing in it is of use, and whoever asked is told so.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any

from zhnorm.batch.folder_lock import claim
from zhnorm.batch.write import make_folder, open_target
from zhnorm.errors import UsageError, WriteError, system_says
from zhnorm.messages import Message

__all__ = ["Steps"]

_RECORD = "run.json"
_SEAL = "seal.json"
_VERSION = 1
_PART = ".part"


class Steps:
    """The steps of a run, in a folder; use it in a `with` statement.

    Args:
        folder: of the steps; made if it is missing.
        settings: everything that the results depend on, ready for JSON.
        out: what messages call the folder.
        fresh: begin anew, whatever is there.
        tell: told what was done, and how long it took.
        may_replace: whether what another run has done may go, for which it had other settings.
        warn: told that it goes.

    Raises:
        UsageError: what is there was made with other settings, or another run is at work.

    >>> import tempfile
    >>> def build(folder):
    ...     with open(f"{folder}/x", "w") as file: print("done", file=file)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for _ in range(2):
    ...         with Steps(f"{folder}/steps", {"share": 0.1}, folder, tell=lambda said: print(said.split()[0])) as steps:
    ...             path = steps.step("count", build)
    ...     sorted(os.listdir(path))
    count:
    ['seal.json', 'x']
    """

    def __init__(
        self,
        folder: str,
        settings: dict[str, Any],
        out: str,
        *,
        fresh: bool = False,
        tell: Callable[[str], object] = lambda _: None,
        may_replace: Callable[[], bool] = lambda: False,
        warn: Callable[[Message], object] = lambda _: None,
    ) -> None:
        self._folder, self._out, self._fresh, self._tell = folder, out, fresh, tell
        self._may_replace, self._warn = may_replace, warn
        self._settings = {"version": _VERSION, **json.loads(json.dumps(settings))}
        self._lock = -1

    def __enter__(self) -> Steps:
        make_folder(self._folder)
        self._lock = claim(self._folder, self._out)
        try:
            if self._fresh:
                self.clear()
            self._check()
        except BaseException:
            os.close(self._lock)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._lock)

    def _check(self) -> None:
        """See that what is there was made with these settings; if nothing is, say with which it will be."""
        path = os.path.join(self._folder, _RECORD)
        try:
            with open(path, encoding="utf-8") as file:
                there = json.load(file)
        except FileNotFoundError:
            there = None
        except (OSError, ValueError) as error:
            raise UsageError(Message("{path}: damaged", path=path), hint="--force begins anew") from error
        if there is not None and self._begun():
            if there == self._settings:
                return
            differences = _differences(there, self._settings)
            if not self._may_replace():
                raise UsageError(
                    Message("{out}: was begun with other {differences}", out=self._out, differences=differences),
                    hint="--force begins anew; or choose another output folder",
                )
            self._warn(Message("{out}: begun anew with other {differences}", out=self._out, differences=differences))
        self.clear()
        with open_target(path) as target:
            target.write((json.dumps(self._settings, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace"))

    def _begun(self) -> bool:
        """Whether a step is done."""
        return any(
            os.path.isdir(os.path.join(self._folder, name)) and not name.endswith(_PART)
            for name in os.listdir(self._folder)
        )

    def clear(self) -> None:
        """Forget every step."""
        for name in os.listdir(self._folder):
            path = os.path.join(self._folder, name)
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path)
            else:
                os.unlink(path)

    def step(self, name: str, build: Callable[[str], object]) -> str:
        """Do a step, unless it is done.

        Args:
            name: of the step.
            build: is given an empty folder, and fills it.

        Returns:
            The folder with its results.

        Raises:
            UsageError: it was done, and its results are not what they were.
        """
        path = os.path.join(self._folder, name)
        if os.path.isdir(path):
            _check_seal(path)
            return path
        begun = time.monotonic()
        part = path + _PART
        shutil.rmtree(part, ignore_errors=True)
        make_folder(part)
        build(part)
        try:
            _seal(part)
            os.rename(part, path)
            _sync_folder(self._folder)
        except OSError as error:
            raise WriteError(
                Message("{path}: {strerror}", path=path, strerror=system_says(error)), hint="is there room on the disk?"
            ) from error
        self._tell(f"{name}: {time.monotonic() - begun:,.1f} s")
        return path

    def forget(self, name: str) -> None:
        """Throw away what a step has made, if it was done: if somebody asks for it again, it is done again."""
        shutil.rmtree(os.path.join(self._folder, name), ignore_errors=True)


def _differences(there: Any, here: dict[str, Any]) -> str:
    """The settings that differ, in words."""
    if not isinstance(there, dict):
        return "settings"
    names = [name for name in here if there.get(name) != here[name]]
    shown = [
        f"{name} ({there.get(name)}, now {here[name]})" for name in names if len(f"{there.get(name)}{here[name]}") < 80
    ]
    return "settings: " + ", ".join(shown) if shown else ", ".join(names) or "settings"


def _digests(folder: str) -> dict[str, str]:
    """The digest of each file in a folder; each is forced to the disk."""
    found = {}
    for name in sorted(os.listdir(folder)):
        if name != _SEAL:
            with open(os.path.join(folder, name), "rb") as file:
                found[name] = hashlib.file_digest(file, "sha256").hexdigest()
                os.fsync(file.fileno())
    return found


def _seal(folder: str) -> None:
    """Write down what is in a folder, so that one which is there after a power cut, or was tampered with, is known to be whole or not."""
    digests = _digests(folder)
    with open_target(os.path.join(folder, _SEAL)) as file:
        file.write(json.dumps(digests).encode())


def _check_seal(folder: str) -> None:
    try:
        with open(os.path.join(folder, _SEAL), encoding="utf-8") as file:
            whole = json.load(file) == _digests(folder)
    except (OSError, ValueError):
        whole = False
    if not whole:
        raise UsageError(Message("{folder}: damaged", folder=folder), hint="--force begins anew")


def _sync_folder(path: str) -> None:
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
