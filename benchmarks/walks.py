"""How far a text walks through the house: modules that are entered, and moves between them.

    python benchmarks/walks.py [--src SRC] [--most 20]

Three lines go through a pipe, six files through a folder, each in a process of its own with a profiler hook. Each call of a function of zhnorm in
another module than the call before is a move. What runs while a module is imported does not count, nor do comprehensions, which are
functions in some Pythons and none in others. `--src` measures another version of the sources (made with `git archive COMMIT src`, its tables
built: else they are made anew, which is a long walk). Of the moves the most frequent are shown.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LINES = "網絡安全是大家都關心的問題，需要大家一起努力。\n　分享到：微博\n第二段文字說明了具體的措施，並且提出了建議。\n"
WALKS = {
    "a pipe of 3 lines": ("clean",),
    "a pipe, --profile page": ("clean", "--profile", "page"),
    "a folder of 6 files": ("clean", "in", "-o", "out", "--jobs", "1", "--quiet"),
}


class Walk:
    """Watches calls.

    Args:
        package: the folder of zhnorm.
    """

    def __init__(self, package: str) -> None:
        self._package = os.path.join(package, "")
        self._known: dict[CodeType, str] = {}
        self._last = ""
        self.entered: set[str] = set()
        self.moves = Counter[tuple[str, str, str]]()

    def see(self, frame: FrameType, event: str, _: Any) -> None:
        """The hook."""
        module = self._module(frame.f_code) if event == "call" else ""
        if not module or self._is_import(frame):
            return
        self.entered.add(module)
        if module != self._last:
            self.moves[self._last, module, frame.f_code.co_name] += bool(self._last)
            self._last = module

    def _module(self, code: CodeType) -> str:
        if code not in self._known:
            path = code.co_filename
            is_ours = path.startswith(self._package) and not code.co_name.startswith("<")
            self._known[code] = path[len(self._package) : -3] if is_ours else ""
        return self._known[code]

    def _is_import(self, frame: FrameType) -> bool:
        above: FrameType | None = frame
        while above is not None:
            if above.f_code.co_name == "<module>" and above.f_code.co_filename.startswith(self._package):
                return True
            above = above.f_back
        return False


def walk(source: str, arguments: list[str], target: str) -> None:
    """Run a command, and write down its walk."""
    sys.path.insert(0, source)
    import zhnorm.cli.main as cli

    seen = Walk(os.path.join(source, "zhnorm"))
    sys.argv = ["zhnorm", *arguments]
    sys.setprofile(seen.see)
    try:
        cli.main()
    finally:
        sys.setprofile(None)
        moves = [[*names, count] for names, count in seen.moves.most_common()]
        Path(target).write_text(json.dumps([len(seen.entered), seen.moves.total(), moves]), encoding="utf-8")


def main() -> None:
    """Measure every walk."""
    parser = argparse.ArgumentParser(description="Count modules and moves.")
    parser.add_argument("--src", default=str(ROOT / "src"), help="sources to measure")
    parser.add_argument("--most", type=int, default=0, help="so many of the moves are shown")
    options = parser.parse_args()
    for name, arguments in WALKS.items():
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "in").mkdir()
            for number in range(6):
                Path(folder, "in", f"{number}.txt").write_text(LINES, encoding="utf-8")
            command = [sys.executable, __file__, "--walk", options.src, f"{folder}/walk.json", *arguments]
            subprocess.run(command, input=LINES.encode(), cwd=folder, check=True, stdout=subprocess.DEVNULL)
            modules, moves, each = json.loads(Path(folder, "walk.json").read_text(encoding="utf-8"))
        print(f"{name:24} {modules:4} modules {moves:6,} moves")
        for before, module, function, count in each[: options.most]:
            print(f"    {count:4}  {before} → {module}.{function}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--walk"]:
        walk(sys.argv[2], sys.argv[4:], sys.argv[3])
    else:
        main()
