#!/usr/bin/env bash
# Whether numpy.isin loads numpy's masked arrays depends on how far apart the characters are that are looked for.
# One would expect a test for a few punctuation marks in an array of code points to compare numbers, and import nothing.
# What happens: for a dozen marks of one block (、 to 〟) isin uses a table. With twenty, the ASCII and full-width question marks among
# them the range is too wide for that, it sorts by numpy.unique instead, and numpy.unique asks numpy.ma whether its argument
# is masked: numpy.ma and its modules are imported at the first call, in the middle of the work.
# The answer is the same both ways, and nothing says that the road has changed.
# Seen with numpy 2.4.2.
# Why it matters: Chinese marks lie in four blocks from U+0021 to U+FF5E, so in code for Chinese text the slow road is the
# usual one, and a command for one short page takes longer to import them than to look. numpy.searchsorted on the sorted
# marks answers the same question and imports nothing.
set -euo pipefail
export PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONIOENCODING=utf-8
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TMPDIR="$folder"

python3 -m venv venv
venv/bin/pip install -qq numpy==2.4.2
cat > look.py <<'PY'
import sys

import numpy as np

print("numpy", np.__version__)
text = np.array([ord(character) for character in "雨停了。你來嗎？"], np.uint32)
near = [ord(mark) for mark in "、。〃〈〉《》「」『』〝〞〟"]
far = [ord(mark) for mark in "。！？!?…」』”’)）】》〉~～;；"]


def look(marks):
    before = set(sys.modules)
    found = np.isin(text, marks)
    loaded = sorted(name for name in set(sys.modules) - before if name.startswith("numpy"))
    print(f"  U+{min(marks):04X} to U+{max(marks):04X}: {int(found.sum())} found, imported: {', '.join(loaded) or 'nothing'}")
    return int(found.sum()), loaded


seen = [look(near), look(far)]
ordered = np.sort(np.array(far, np.uint32))
same = ordered.take(np.searchsorted(ordered, text), mode="clip") == text
print("  searchsorted:", int(same.sum()), "found")
is_as_stated = seen[0] == (1, []) and seen[1][0] == 2 and "numpy.ma.core" in seen[1][1] and int(same.sum()) == 2
raise SystemExit(0 if is_as_stated else "not as stated")
PY
venv/bin/python look.py
