"""`import zhnorm` must cost a script next to nothing."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("click", "rich", "rapidfuzz", "numpy", "opencc", "tomllib", "html", "importlib.metadata", "zhnorm.cleaner")


def _loaded_after(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint('\\n'.join(sys.modules))"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(done.stdout.split())


def test_importing_loads_no_third_party_package() -> None:
    assert not _loaded_after("import zhnorm").intersection(HEAVY)


def test_converting_a_page_loads_neither_numpy_nor_the_command_line() -> None:
    loaded = _loaded_after("import zhnorm; zhnorm.convert('網絡安全\\n' * 20)")
    assert not loaded.intersection({"click", "rich", "numpy", "opencc", "rapidfuzz"})


def test_cleaning_a_page_does_not_load_the_command_line() -> None:
    loaded = _loaded_after("import zhnorm; zhnorm.clean('網絡安全\\n' * 20)")
    assert not loaded.intersection({"click", "rich", "opencc", "rapidfuzz", "torch"})


def test_importing_the_corpus_loads_nothing_until_it_is_used() -> None:
    assert not _loaded_after("import zhnorm.corpus").intersection({*HEAVY, "zhnorm.corpus.templates"})
    loaded = _loaded_after("from zhnorm.corpus import Seen, Templates; Templates().apply('網絡')")
    assert not loaded.intersection({"click", "rich", "pyarrow", "zhnorm.cleaner"})


def test_every_public_name_can_be_had() -> None:
    import zhnorm

    for name in zhnorm.__all__:
        assert getattr(zhnorm, name) is not None
    assert set(zhnorm.__all__) <= set(dir(zhnorm))
