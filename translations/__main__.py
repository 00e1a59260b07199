"""`python -m translations`: bring the catalogs up to date, compile them, and say what is missing."""

from __future__ import annotations

import sys

from .catalogs import CATALOGS, compile_catalogs, mistakes, read_catalog, update
from .sources import messages, untold


def main() -> int:
    known = messages()
    wrong = [f"cannot be translated, being an f-string: {place}" for place in untold()]
    for language in ("zh_Hans", "zh_Hant"):
        path = CATALOGS / language / "LC_MESSAGES" / "zhnorm.po"
        update(path, known)
        wrong += [f"{path}: {mistake}" for mistake in mistakes(read_catalog(path), known)]
    compile_catalogs(CATALOGS)
    print("\n".join(wrong) or f"{len(known)} messages, all of them translated")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
