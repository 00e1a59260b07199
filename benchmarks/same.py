"""No output byte changes by an optimisation: text and ledger of two versions, compared document by document.

    python benchmarks/same.py BASE article=PAGES page=DUMPS article=text.txt.xz

BASE is a commit. Each further argument is a profile and a folder of pages (or one file, which may be .xz); the example is always
among them. The sources of BASE are unpacked beside those of the working tree, each runs in a process of its own, and
a document counts as the same if its output and every field of every change are. Documents are also cleaned together
(`Cleaner.clean_many`), where a version can do that, which must make no difference either. Ends with 1 if anything differs.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

WORKER = """
import hashlib, json, lzma, sys
from pathlib import Path
import zhnorm

def digest(value):
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:16]

for profile, path in json.loads(sys.argv[1]):
    cleaner = zhnorm.Cleaner(profile=profile)
    files = sorted(p for p in Path(path).rglob("*") if p.is_file()) if Path(path).is_dir() else [Path(path)]
    texts = []
    for file in files:
        data = file.read_bytes()
        texts.append((lzma.decompress(data) if file.suffix == ".xz" else data).decode("utf-8", "surrogateescape"))
    results = []
    for file, text in zip(files, texts):
        result = cleaner.explain(text)
        results.append(result.text)
        changes = "\\n".join(map(repr, result.changes)) + repr(result.counts)
        print(json.dumps([profile, file.name, digest(result.text), digest(changes)]), flush=True)
    if hasattr(cleaner, "clean_many"):
        for file, text, together in zip(files, results, cleaner.clean_many(texts), strict=True):
            if text != together:
                print(json.dumps([profile, file.name, "clean_many", "differs"]), flush=True)
"""


def results(source: Path, loads: list[list[str]]) -> dict[tuple[str, str], tuple[str, str]]:
    environment = os.environ | {"PYTHONPATH": str(source)}
    command = [sys.executable, "-c", WORKER, json.dumps(loads)]
    run = subprocess.run(command, env=environment, cwd=source, check=True, capture_output=True, text=True)
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    return {(profile, name): (text, changes) for profile, name, text, changes in rows}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base")
    parser.add_argument("loads", nargs="*", metavar="PROFILE=PATH")
    wish = parser.parse_args()
    loads = [["article", str(ROOT / "examples" / "article.txt")]]
    for load in wish.loads:
        profile, _, path = load.partition("=")
        loads.append([profile, str(Path(path).resolve())])
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(["git", "archive", wish.base, "src"], cwd=ROOT, check=True, capture_output=True)
        with tarfile.open(fileobj=BytesIO(packed.stdout)) as archive:
            archive.extractall(folder, filter="data")
        before = results(Path(folder, "src"), loads)
    after = results(ROOT / "src", loads)
    different = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    for profile, name in different:
        old, new = before.get((profile, name), ("", "")), after.get((profile, name), ("", ""))
        what = "text" if old[0] != new[0] else "ledger"
        print(f"{profile} {name}: {what} differs")
    print(f"{len(before)} documents, {len(different)} differ")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
