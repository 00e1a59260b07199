"""Look for a document that breaks a law: `python -m fuzz [--count N] [--seed N] [--law NAME]`.

Pages of the tests are broken at random and go through everything that a file goes through: encoding, cleaning, ledger. A
document that breaks a law is written to `fuzz-LAW-SEED.bin`, and `python -m fuzz --seed SEED --count 1` finds it again.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from fuzz.mutate import mutated
from zhnorm import Cleaner
from zhnorm.batch.job import Failure, Job
from zhnorm.batch.run import Watcher, run
from zhnorm.errors import AuditError, ReadError
from zhnorm.formats.decode import Decoder, encoded
from zhnorm.formats.text import encode
from zhnorm.ledger.read import read_ledger
from zhnorm.ledger.replay import replay, restore
from zhnorm.ledger.write import LedgerWriter, ledger_header

ROOT = Path(__file__).resolve().parents[1]
CLEANERS = tuple(
    Cleaner(**wish)
    for wish in (
        {},
        {"profile": "page"},
        {"profile": "auto", "window_lines": 50},
        {"profile": "gentle"},
        {"to": "keep"},
        {"to": "hant", "punctuation": "full"},
        {"to": "tw", "profile": "page"},
        {"to": "hk", "corrections": False},
    )
)


class Trial:
    """One document on its way through a cleaner.

    Args:
        data: the document.
        cleaner: the cleaner.
    """

    def __init__(self, data: bytes, cleaner: Cleaner) -> None:
        self.data = data
        self.cleaner = cleaner
        out, ledger = io.BytesIO(), io.BytesIO(ledger_header(version="0", cleaner=cleaner.digest))
        ledger.seek(0, io.SEEK_END)
        watcher = Watcher(LedgerWriter, ledger.write)
        (result,) = run(cleaner, [Job("page.txt", io.BytesIO(data), out)], [watcher], digests=True)
        self.refused = isinstance(result, Failure)
        if isinstance(result, Failure):
            assert isinstance(result.error, ReadError), result.error
            return
        self.output = out.getvalue()
        self.ledger = ledger.getvalue()
        (self.records,) = read_ledger(self.ledger.splitlines(keepends=True))
        decoder = Decoder()
        self.text = decoder.feed(data) + decoder.finish()


def _cleaned(trial: Trial, text: str) -> str:
    return trial.cleaner.clean(text)


def settled(trial: Trial, _: random.Random) -> bool:
    """Cleaning the output changes nothing. Of several windows that cannot be said: they fall elsewhere in the output; nor of OpenCC's own
    tables, in which 背來, made of 背来, is another word (揹來)."""
    settings = trial.cleaner.settings
    if trial.text.count("\n") >= settings.window_lines or not settings.corrections:
        return True
    once = _cleaned(trial, trial.text)
    return _cleaned(trial, once) == once


def seamless(trial: Trial, dice: random.Random) -> bool:
    """Where reads fall does not matter."""
    places = sorted({0, len(trial.text), *(dice.randrange(len(trial.text) + 1) for _ in range(5))})
    pieces = [trial.text[start:stop] for start, stop in pairwise(places)]
    return "".join(trial.cleaner.stream(pieces)) == _cleaned(trial, trial.text)


def replayed(trial: Trial, _: random.Random) -> bool:
    """Input and ledger give the output."""
    return encode(replay(trial.text, trial.records)) == trial.output


def restored(trial: Trial, _: random.Random) -> bool:
    """Output and ledger give the input, byte for byte."""
    text = restore(trial.output.decode("utf-8", "surrogateescape"), trial.records)
    return encoded(text, trial.records.encoding, trial.records.variants) == trial.data


def safe(trial: Trial, _: random.Random) -> bool:
    """Nothing in the ledger acts on a terminal."""
    return not any((byte < 32 and byte != 10) or byte == 127 for byte in trial.ledger)


LAWS: dict[str, Callable[[Trial, random.Random], bool]] = {
    law.__name__: law for law in (settled, seamless, replayed, restored, safe)
}


def seeds() -> list[bytes]:
    """The pages to begin with."""
    cases = [path.read_text("utf-8") for path in sorted((ROOT / "tests" / "cases").rglob("*.txt"))]
    pages = ["\n".join(line[2:] for line in case.split("\n") if line[:2] in ("+ ", "- ", "~ ")) for case in cases]
    return [b"", (ROOT / "examples" / "article.txt").read_bytes(), *(page.encode() for page in pages)]


def main() -> int:
    """Try documents until there are enough, or one breaks a law."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description="Look for a document that breaks a law.")
    parser.add_argument("--count", type=int, default=10_000, help="documents to try (10,000)")
    parser.add_argument("--seed", type=int, default=1, help="of the first document; each next one has the next")
    parser.add_argument("--law", choices=LAWS, action="append", help="only this law; repeatable")
    options = parser.parse_args()
    pages = seeds()
    refused = failed = 0
    for seed in range(options.seed, options.seed + options.count):
        dice = random.Random(seed)
        data = mutated(pages, dice)
        cleaner = dice.choice(CLEANERS)
        broken = _broken(data, cleaner, options.law or list(LAWS), dice)
        refused += broken == "refused"
        if broken and broken != "refused":
            failed += 1
            name = f"fuzz-{broken.split(':')[0]}-{seed}.bin"
            Path(name).write_bytes(data)
            print(f"seed {seed}: {broken}; see {name}", flush=True)
        if (seed - options.seed + 1) % 1000 == 0:
            print(
                f"{seed - options.seed + 1:,} documents, {refused:,} refused as no text, {failed:,} broke a law",
                flush=True,
            )
    return 1 if failed else 0


def _broken(data: bytes, cleaner: Cleaner, laws: list[str], dice: random.Random) -> str:
    """The law that does not hold; "refused" for a document that is no text; else empty."""
    try:
        trial = Trial(data, cleaner)
        if trial.refused:
            return "refused"
        return next((name for name in laws if not LAWS[name](trial, dice)), "")
    except (AuditError, Exception) as error:  # noqa: BLE001 - whatever it is, it is what we look for
        return f"crash: {type(error).__name__}: {error}"


if __name__ == "__main__":
    sys.exit(main())
