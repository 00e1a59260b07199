"""Templates and copies of a corpus: are they found, at what cost.

python benchmarks/corpus.py made 50000 FOLDER       made pages (`made_corpus.py`): what is found, time and memory beside cleaning alone
python benchmarks/corpus.py memory 1000000 FOLDER   the same of short pages: memory of all processes together
python benchmarks/corpus.py keys 1000000 FOLDER     the steps that count and compare, over made numbers instead of pages: memory of this process, step by step
python benchmarks/corpus.py index FOLDER            ten million things that were seen: size, answers a second
python benchmarks/corpus.py near                    near copies beside datasketch and datatrove (pip install datasketch datatrove tokenizers 'xxhash<3.6')
python benchmarks/corpus.py real EVALUATE/data      real pages by site, templates learned from the other pages of each
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from made_corpus import pages

COMMAND = [sys.executable, "-m", "zhnorm"]
COMMON = ["--jobs", "2", "--quiet"]


def made(count: int, folder: Path) -> None:
    """Make pages, clean them alone and as a corpus, and hold what went against what is known."""
    kinds, articles = [], []
    with _source(folder).open("w", encoding="utf-8") as file:
        for number, page in enumerate(pages(count)):
            file.write(page.record(number))
            kinds.append(page.kinds)
            articles.append(page.article)
    print(f"{count:,} pages, {_source(folder).stat().st_size / 1e6:,.1f} MB", flush=True)
    shutil.rmtree(folder / "alone", ignore_errors=True)
    (folder / "alone").mkdir()
    ledger = ["--ledger", str(folder / "why.jsonl")]
    out = str(folder / "alone" / "pages.jsonl")
    alone = _timed([*COMMAND, "clean", str(_source(folder)), "-o", out, *COMMON, *ledger])
    print(f"cleaning alone      {alone}", flush=True)
    dry = _timed([*_run(folder), "--dry-run"])
    print(f"steps of the corpus {dry}  {dry.processor / alone.processor:.2f} x", flush=True)
    print(f"cleaning, knowing   {_timed([*_run(folder), *ledger])}", flush=True)
    _score(folder / "why.jsonl", kinds, articles)


def memory(count: int, folder: Path) -> None:
    """Do the steps of a corpus of short pages, and say how much memory they took."""
    with _source(folder).open("w", encoding="utf-8") as file:
        file.writelines(page.record(number) for number, page in enumerate(pages(count, paragraphs=range(1, 3))))
    print(f"{count:,} pages, {_source(folder).stat().st_size / 1e6:,.1f} MB", flush=True)
    print(f"steps of the corpus {_timed([*_run(folder), '--dry-run'])}", flush=True)
    print(f"cleaning, knowing   {_timed(_run(folder))}")


def _source(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "pages.jsonl"


def _run(folder: Path) -> list[str]:
    """All that is known of a corpus is asked for; what an earlier run has done is gone when it is made anew."""
    if (folder / "out").exists() and (folder / "out").stat().st_mtime < _source(folder).stat().st_mtime:
        shutil.rmtree(folder / "out")
    near = ["--site-field", "url", "--id-field", "id", "--near", "0.8"]
    return [*COMMAND, "corpus", "run", str(_source(folder)), "-o", str(folder / "out"), *near, *COMMON]


def _score(ledger: Path, kinds: list[str], articles: list[int]) -> None:
    """Hold a ledger against what is known. A line that a site prints may go by any rule: reading comes before templates."""
    gone: dict[int, str] = {}
    found: Counter[tuple[str, str]] = Counter()
    lost: Counter[str] = Counter()
    rules: dict[int, str] = {}
    number = -1
    for line in ledger.open(encoding="utf-8"):
        record = json.loads(line)
        if "document" in record:
            number, rules = int(record["document"].rpartition(":")[2]) - 1 if ":" in record["document"] else -1, {}
        elif "done" in record and number >= 0 and number not in gone:
            found.update((kind, rules.get(place, "")) for place, kind in enumerate(kinds[number], 1))
        elif record.get("rule") in ("corpus/copy", "corpus/near", "corpus/seen"):
            gone[number] = record["rule"]
        elif "rule" in record and record["after"] is None:
            rules[record["line"]] = "template" if record["rule"] == "corpus/template" else "other"
            if record["rule"] == "corpus/template" and kinds[number][record["line"] - 1] == "C":
                lost[record["before"]] += 1
    there = sum(count for (kind, _), count in found.items() if kind == "T")
    print(
        f"lines of templates: {there:,} there, {1 - found['T', ''] / max(1, there):.4f} gone,",
        f"{found['T', 'template'] / max(1, there):.4f} by corpus/template; lines of content gone by it: {sum(lost.values())}",
        *lost.most_common(3),
    )
    groups = defaultdict(list)
    for place, article in enumerate(articles):
        groups[article].append(place)
    wanted = sum(len(group) - 1 for group in groups.values())
    right = sum(min(sum(place in gone for place in group), len(group) - 1) for group in groups.values())
    print(
        f"copies: {wanted:,} there, {len(gone):,} gone {dict(Counter(gone.values()))}: precision {right / max(1, len(gone)):.4f}, recall {right / max(1, wanted):.4f}"
    )


class MadeSources:
    """Documents that are numbers from the beginning: of 60 sites, with 7 lines of templates and 5 of content; of each hundred 8 say what another
    one says, and 8 others nearly do.

    Args:
        count: how many there are.
    """

    limits: Any = None

    def __init__(self, count: int) -> None:
        from zhnorm.corpus.keys import digest, form

        self._count = count
        self._texts = [[f"{chr(0x4E00 + 7 * site + place)}栏目" for place in range(7)] for site in range(60)]
        self._templates = np.array([[digest(form(text)) for text in texts] for texts in self._texts], np.uint64)

    def study(self, study: Any, failed: Any = None, *, count: int = 0, among: Any = None) -> Iterator[Any]:
        """What the studies of `corpus.studies` would give back."""
        from zhnorm.corpus import studies
        from zhnorm.corpus.columns import look_up
        from zhnorm.corpus.near import BANDED, BANDS, _mixed

        if isinstance(study, studies.Examples):
            yield from self._examples()
            return
        for first in range(0, self._count, 512):
            numbers = np.arange(first, min(first + 512, self._count), dtype=np.uint64)
            content = np.where((numbers % 100 < 8) & (numbers > 99), numbers - 50, numbers)
            if study is studies.look:
                yield self._looked(numbers, content)
            elif isinstance(study, studies.Sketches):
                alike = np.where((numbers % 100 >= 92) & (numbers > 99), numbers - 30, numbers)
                rows = np.zeros((len(numbers), BANDS), BANDED)
                rows["band"] = _mixed(alike[:, None] * np.uint64(BANDS) + np.arange(BANDS, dtype=np.uint64))
                yield self._names(numbers), rows
            elif isinstance(study, studies.Shingles):
                names = self._names(numbers)
                wanted = look_up(names, among) >= 0
                sizes = np.full(int(wanted.sum()), 200)
                yield names[wanted], sizes, np.tile(np.arange(200, dtype=np.uint32), len(sizes))

    @staticmethod
    def _names(numbers: Any) -> Any:
        from zhnorm.corpus.keys import digest

        return np.array([digest(f"pages.jsonl:{number + 1}") for number in numbers.tolist()], np.uint64)

    def _examples(self) -> Iterator[list[tuple[int, tuple[str, str]]]]:
        from zhnorm.corpus.keys import of_site, site_number

        for site, texts in enumerate(self._texts):
            numbers = of_site(site_number(f"s{site}.example"), self._templates[site]).tolist()
            yield [(number, ("pages.jsonl:1", text)) for number, text in zip(numbers, texts, strict=True)]

    def _looked(self, numbers: Any, content: Any) -> Any:
        from zhnorm.corpus.keys import Lines
        from zhnorm.corpus.near import _mixed
        from zhnorm.corpus.studies import Looked

        sites = (60 * (_mixed(numbers) % np.uint64(1000) / 1000) ** 2).astype(np.uint64)
        keys = np.empty((len(numbers), 12), np.uint64)
        keys[:, :4], keys[:, 9:] = self._templates[sites, :4], self._templates[sites, 4:]
        keys[:, 4:9] = _mixed(content[:, None] * np.uint64(8) + np.arange(1, 6, dtype=np.uint64))
        around = np.pad((keys & np.uint64(0xFFFFFFFF)).astype(np.uint32), ((0, 0), (1, 1)))
        letters = np.tile(np.array([12] * 4 + [60] * 5 + [12] * 3, np.int32), len(numbers))
        found = Lines(
            np.full(len(numbers), 12),
            keys.ravel(),
            keys.ravel(),
            letters,
            around[:, :-2].ravel(),
            around[:, 2:].ravel(),
            _mixed(content),
        )
        names = [f"pages.jsonl:{number + 1}" for number in numbers.tolist()]
        return Looked(
            [(name, "", f"s{site}.example", 0) for name, site in zip(names, sites.tolist(), strict=True)], found
        )


def keys(count: int, folder: Path) -> None:
    """Do the steps over made numbers, and say how much memory each took."""
    from zhnorm.corpus.local import Aims, Local
    from zhnorm.corpus.steps import Steps

    shutil.rmtree(folder, ignore_errors=True)
    most, is_over = 0.0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not is_over.wait(0.05):
            most = max(most, _memory(os.getpid())[0])

    def tell(said: str) -> None:
        nonlocal most
        print(f"{said:<28} {most:5.0f} MB", flush=True)
        most = 0.0

    watcher = threading.Thread(target=watch)
    watcher.start()
    with Steps(str(folder), {}, str(folder), tell=tell) as steps:
        local = Local(MadeSources(count), Aims(near=0.8), steps)  # type: ignore[arg-type]
        print(f"{count:,} documents: {local.found.counts()}, {len(local.templates)} templates")
    is_over.set()
    watcher.join()


class Cost(NamedTuple):
    """What a command took.

    Attributes:
        seconds: from its beginning to its end.
        processor: seconds of processor time of all its processes.
        memory: the most that all of them together had at a time, in MB; what they share is counted once.
        mapped: likewise, with the files that are mapped, which the system may drop.
    """

    seconds: float
    processor: float
    memory: float
    mapped: float

    def __str__(self) -> str:
        took = f"{self.seconds:7.1f} s, {self.processor:7.1f} s of processor time"
        return f"{took}, {self.memory:5.0f} MB, with mapped files {self.mapped:5.0f} MB"


def _timed(command: list[str]) -> Cost:
    """Run a command."""
    memory = mapped = 0.0
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def watch() -> None:
        nonlocal memory, mapped
        while process.poll() is None:
            found = [_memory(member) for member in _family(process.pid)]
            memory, mapped = (
                max(most, sum(each)) for most, each in zip((memory, mapped), zip(*found, strict=True), strict=True)
            )
            time.sleep(0.2)

    watcher = threading.Thread(target=watch)
    watcher.start()
    if process.wait():
        sys.exit(f"{' '.join(command)}: exit {process.returncode}")
    seconds = time.perf_counter() - begun
    watcher.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, memory, mapped)


def _family(process: int) -> Iterator[int]:
    yield process
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text()
    except OSError:
        return
    for child in children.split():
        yield from _family(int(child))


def _memory(process: int) -> tuple[float, float]:
    """What a process has, in MB, without and with the files that are mapped: their pages are the system's to drop."""
    try:
        found = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0.0, 0.0
    rows = dict(line.split(":", 1) for line in found.split("\n")[1:] if ":" in line)
    return float(rows["Pss_Anon"].split()[0]) / 1024, float(rows["Pss"].split()[0]) / 1024


def index(folder: Path, count: int = 10_000_000) -> None:
    """Fill an index, and ask it."""
    from zhnorm.corpus import Seen

    shutil.rmtree(folder, ignore_errors=True)
    chance = np.random.default_rng(1)
    numbers = chance.integers(1, 1 << 63, count, dtype=np.uint64)
    begun = time.perf_counter()
    with Seen(str(folder)) as seen:
        for part in np.array_split(numbers, 20):
            seen.add_numbers(part)
    print(f"{count:,} keys added in {time.perf_counter() - begun:.1f} s")
    size = sum(path.stat().st_size for path in folder.iterdir())
    with Seen(str(folder), read_only=True) as seen:
        asked = np.concatenate([chance.choice(numbers, 200_000), chance.integers(1, 1 << 63, 200_000, dtype=np.uint64)])
        chance.shuffle(asked)
        begun, worked = time.perf_counter(), time.process_time()
        found = sum(int(seen.find(part).sum()) for part in np.array_split(asked, 100))
        seconds, worked = time.perf_counter() - begun, time.process_time() - worked
        print(f"{len(seen):,} keys, {size / 1e6:.1f} MB, {size / len(seen):.1f} bytes each, {found:,} known")
        print(f"{len(asked) / seconds:,.0f} answers a second, {len(asked) / worked:,.0f} in one of processor time")


def near(count: int = 2000) -> None:
    """Near copies among made pages, by each library in turn: processor time, and pairs found."""
    from zhnorm.conversion.fold import key

    texts, articles = [], []
    for page in pages(count, copies=0.3):
        texts.append("\n".join(page.lines[5:-4]))
        articles.append(page.article)
    keys = [key(text).replace("\n", "") for text in texts]
    wanted = {(a, b) for a, b in _pairs(articles)}
    print(f"{count:,} documents, {sum(map(len, keys)) / 1e6:.1f} M letters, {len(wanted):,} pairs")
    base = None
    for name, run in (("zhnorm", _near_zhnorm), ("datasketch", _near_datasketch), ("datatrove", _near_datatrove)):
        try:
            found, seconds = run(keys)
        except ImportError as error:
            print(f"{name:<11} not installed ({error})")
            continue
        base = base or seconds
        right = len(found & wanted)
        print(
            f"{name:<11} {seconds:6.2f} s  {seconds / base:6.1f} x  recall {right / len(wanted):.4f}, precision {right / max(1, len(found)):.4f}"
        )


def _pairs(articles: list[int]) -> Iterator[tuple[int, int]]:
    groups = defaultdict(list)
    for place, article in enumerate(articles):
        groups[article].append(place)
    for group in groups.values():
        yield from ((one, other) for index, one in enumerate(group) for other in group[index + 1 :])


def _linked(pairs: Any, count: int) -> set[tuple[int, int]]:
    """All pairs of documents that are linked."""
    home = list(range(count))

    def top(place: int) -> int:
        while home[place] != place:
            place = home[place]
        return place

    for one, other in pairs:
        home[top(one)] = top(other)
    return set(_pairs([top(place) for place in range(count)]))


def _near_zhnorm(keys: list[str]) -> tuple[set[tuple[int, int]], float]:
    from zhnorm.corpus import near as kernel

    kernel.sketches_of(keys[:1])
    begun = time.process_time()
    sketched = kernel.sketches_of(keys)
    rows = np.empty(sketched.bands.shape, kernel.BANDED)
    rows["band"], rows["glance"], rows["document"] = sketched.bands, sketched.glances, np.arange(len(keys))[:, None]
    found = kernel.candidates(rows[sketched.there].reshape(-1), 0.8)
    pairs = np.stack([found["one"], found["other"]], 1)
    shingles = {place: kernel.shingles_of(keys[place]) for place in np.unique(pairs).tolist()}
    linked = [
        (pair.gone, pair.stays)
        for group in kernel.groups(pairs)
        for pair in kernel.resolve(group, int, shingles.__getitem__, 0.8)
    ]
    seconds = time.process_time() - begun
    return _linked(linked, len(keys)), seconds


def _near_datasketch(keys: list[str]) -> tuple[set[tuple[int, int]], float]:
    from datasketch import MinHash, MinHashLSH

    begun = time.process_time()
    lsh = MinHashLSH(threshold=0.8, num_perm=128)
    found = []
    for place, key in enumerate(keys):
        sketch = MinHash(num_perm=128)
        sketch.update_batch([key[start : start + 5].encode() for start in range(max(1, len(key) - 4))])
        found += [(place, other) for other in lsh.query(sketch)]
        lsh.insert(place, sketch)
    seconds = time.process_time() - begun
    return _linked(found, len(keys)), seconds


def _near_datatrove(keys: list[str]) -> tuple[set[tuple[int, int]], float]:
    """datatrove's blocks in one process, as its documents show, with words that are characters: its own way to cut Chinese takes longer."""
    import tempfile

    from datatrove.data import Document
    from datatrove.pipeline.dedup.minhash import (
        MinhashConfig,
        MinhashDedupBuckets,
        MinhashDedupCluster,
        MinhashDedupFilter,
        MinhashDedupSignature,
    )
    from datatrove.utils.word_tokenizers import WordTokenizer

    class Characters(WordTokenizer):
        def word_tokenize(self, text: str) -> list[str]:
            return list(text)

        def sent_tokenize(self, text: str) -> list[str]:
            return [text]

        def span_tokenize(self, text: str) -> list[tuple[int, int]]:
            return [(0, len(text))]

    folder = tempfile.mkdtemp()
    config = MinhashConfig(n_grams=5)
    documents = [Document(text=key, id=str(place)) for place, key in enumerate(keys)]
    begun = time.process_time()
    signature = MinhashDedupSignature(f"{folder}/signatures", config, language=Characters())
    list(signature.run(iter(documents)) or ())
    for band in range(config.num_buckets):
        MinhashDedupBuckets(f"{folder}/signatures", f"{folder}/buckets", config=config).run(
            None, band, config.num_buckets
        )
    cluster = MinhashDedupCluster(f"{folder}/buckets", f"{folder}/removed", config=config, save_cluster_id=True)
    cluster.run(None, 0, 1)
    kept = MinhashDedupFilter(f"{folder}/removed", load_cluster_ids=True)
    clusters: dict[Any, list[int]] = defaultdict(list)
    list(kept.run(iter(documents)))
    seconds = time.process_time() - begun
    for document in documents:
        cluster_id = document.metadata.get("minhash_cluster_id")
        if cluster_id not in (None, -1):
            clusters[cluster_id].append(int(document.id))
    shutil.rmtree(folder)
    links = [(group[0], other) for group in clusters.values() for other in group[1:]]
    return _linked(links, len(keys)), seconds


def real(data: Path) -> None:
    """Real pages, grouped by site: cleaned alone, and with templates learned from the other pages of the site."""
    for name, sites in (("real", _real(data / "real")), ("dump", _dumped(data / "pages"))):
        totals: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        worse = []
        for site, found in sorted(sites.items()):
            alone, knowing = _site_scores(site, found)
            size = "5 pages or more" if len(found) >= 5 else "fewer pages"
            totals[size][0] += alone * len(found)
            totals[size][1] += knowing * len(found)
            totals[f"n {size}"][0] += len(found)
            if len(found) >= 5:
                print(f"  {site:<28} {len(found):3} pages  F {alone:.4f} -> {knowing:.4f}  {knowing - alone:+.4f}")
            if knowing < alone - 0.002:
                worse.append(site)
        for size in ("5 pages or more", "fewer pages"):
            count = totals[f"n {size}"][0] or 1
            print(
                f"{name}, sites of {size}: F {totals[size][0] / count:.4f} -> {totals[size][1] / count:.4f} on {count:.0f} pages"
            )
        print(f"{name}: worse by more than 0.002: {worse or 'none'}")


Truth = tuple[str, str]
"""A page, and what of it should stay."""


def _real(folder: Path) -> dict[str, list[Truth]]:
    sites = defaultdict(list)
    for path in sorted(folder.glob("*.jsonl")):
        rows = [json.loads(line) for line in path.open(encoding="utf-8")]
        texts = [row["text"].replace("\n", " ") for row in rows]
        kept = "\n".join(text for text, row in zip(texts, rows, strict=True) if row["label"] != "drop")
        sites[path.name.partition("--")[0]].append(("\n".join(texts), kept))
    return sites


def _dumped(folder: Path) -> dict[str, list[Truth]]:
    sites = defaultdict(list)
    for path in sorted((folder / "dump").glob("*.txt")):
        gold = folder / "gold" / path.name
        sites[path.name.rpartition("-")[0]].append((path.read_text("utf-8"), gold.read_text("utf-8")))
    return sites


def _site_scores(site: str, found: list[Truth]) -> tuple[float, float]:
    from zhnorm.corpus import Learner, Templates
    from zhnorm.corpus.cleaner import CorpusCleaner

    scores = []
    names = [f"{site}/{number}" for number in range(len(found))]
    plain = CorpusCleaner(templates=Templates())
    texts = [text for text, _ in found]
    alone = list(plain.clean_many(texts, names=names))
    for place, (text, wanted) in enumerate(found):
        learner = Learner()
        for other, page in enumerate(texts):
            if other != place:
                learner.add(site, page)
        templates = learner.templates()
        knowing = alone[place]
        if len(templates):
            knowing = next(CorpusCleaner(templates=templates).clean_many([text], names=[names[place]]))
        scores.append((_f(alone[place], wanted), _f(knowing, wanted)))
    return tuple(sum(column) / len(scores) for column in zip(*scores, strict=True))  # type: ignore[return-value]


def _f(text: str, wanted: str) -> float:
    """How well a text is what was wanted, by pieces of four letters."""
    from zhnorm.conversion.fold import key

    one, other = (_grams(key(side).replace("\n", "")) for side in (text, wanted))
    both = sum((one & other).values())
    return 2 * both / max(1, sum(one.values()) + sum(other.values()))


def _grams(text: str) -> Counter[str]:
    return Counter(text[start : start + 4] for start in range(max(1, len(text) - 3)))


RUNS: dict[str, Callable[..., None]] = {
    "made": lambda count, folder: made(int(count), Path(folder)),
    "memory": lambda count, folder: memory(int(count), Path(folder)),
    "keys": lambda count, folder: keys(int(count), Path(folder)),
    "index": lambda folder: index(Path(folder)),
    "near": lambda count="2000": near(int(count)),
    "real": lambda data: real(Path(data)),
}

if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    random.seed(1)
    if len(sys.argv) < 2 or sys.argv[1] not in RUNS:
        sys.exit(__doc__)
    RUNS[sys.argv[1]](*sys.argv[2:])
