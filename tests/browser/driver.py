"""A browser without a window, driven by the WebDriver protocol: plain HTTP and JSON."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CHROMEDRIVER = shutil.which("chromedriver")
MISSING = None if CHROMIUM and CHROMEDRIVER else "needs chromium and chromedriver"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--window-size=1400,900",
]  # fmt: skip


class Browser:
    """One window."""

    def __init__(self, address: str, session: str) -> None:
        self._address = f"{address}/session/{session}"

    def open(self, page: Path) -> None:
        """Load a file, and wait until it is there."""
        _ask(f"{self._address}/url", {"url": page.resolve().as_uri()})

    def run(self, script: str, *arguments: Any) -> Any:
        """The value that the body of a function returns."""
        return _ask(f"{self._address}/execute/sync", {"script": script, "args": list(arguments)})

    def go(self, place: str) -> None:
        """Follow a link inside the report, and wait until it is drawn."""
        self.run("location.hash = arguments[0]", place)
        self.run("return new Promise(done => requestAnimationFrame(() => setTimeout(done)))")

    def press(self, *keys: str) -> None:
        """Press keys, one after another."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        _ask(f"{self._address}/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})
        self.run("return new Promise(done => requestAnimationFrame(() => setTimeout(done)))")

    def errors(self) -> list[str]:
        """What the console complains about, since the last time."""
        found = _ask(f"{self._address}/se/log", {"type": "browser"})
        return [entry["message"] for entry in found if entry["level"] in ("SEVERE", "WARNING")]

    def becomes(self, width: int, height: int, *, dark: bool = False) -> None:
        """From now on the window is so large, and prefers dark or light. Small ones are telephones."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        self._devtools("Emulation.setDeviceMetricsOverride", **size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._devtools("Emulation.setEmulatedMedia", features=[scheme])

    def forget_sizes(self) -> None:
        """The window is again as it was opened."""
        self._devtools("Emulation.clearDeviceMetricsOverride")
        self._devtools("Emulation.setEmulatedMedia", features=[])

    def _devtools(self, name: str, **parameters: Any) -> None:
        _ask(f"{self._address}/goog/cdp/execute", {"cmd": name, "params": parameters})

    def picture(self, width: int, height: int) -> bytes:
        """The window as PNG."""
        import base64

        _ask(f"{self._address}/window/rect", {"width": width, "height": height})
        return base64.b64decode(_ask(f"{self._address}/screenshot", None))


@contextmanager
def browser(profile: Path) -> Iterator[Browser]:
    """A fresh browser that ends with the block; `profile` is a folder for its files."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    assert CHROMEDRIVER is not None
    process = subprocess.Popen(
        [CHROMEDRIVER, f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
    )
    try:
        _wait(address)
        options = {"binary": CHROMIUM, "args": [*FLAGS, f"--user-data-dir={profile}"]}
        wish = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        session = _ask(f"{address}/session", {"capabilities": {"alwaysMatch": wish}})["sessionId"]
        try:
            yield Browser(address, session)
        finally:
            _ask(f"{address}/session/{session}", None, method="DELETE")
    finally:
        process.terminate()
        process.wait(30)


def _ask(address: str, body: dict[str, Any] | None, *, method: str | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode("utf-8")
    request = urllib.request.Request(address, data, {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)["value"]
    except urllib.error.HTTPError as error:
        raise RuntimeError(json.load(error)["value"]["message"]) from error


def _wait(address: str) -> None:
    for _ in range(150):
        try:
            _ask(f"{address}/status", None)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("chromedriver did not start")
