#!/usr/bin/env bash
# Python's incremental decoder of GB18030 loses good bytes behind a broken one at the end of the input; the decoder of whole texts keeps them.
# One would expect both to give the same text for the same bytes, and with errors="surrogateescape" that every byte comes back.
# What happens: a lead byte and a digit, such as 81 30, may begin a code of four bytes. If the input ends there, bytes.decode escapes the lead
# byte and reads the 0 as a 0. The incremental decoder escapes the lead byte and drops what stands behind it: one to two bytes are gone, and nothing says so.
# Seen with CPython 3.11.7, 3.12.1 and 3.13.0. gbk, big5hkscs and euc_jp lose nothing, as their codes have at most three bytes and the rest is looked at again.
# Why it matters: whoever reads files of an old crawl piece by piece and trusts surrogateescape to bring every byte back cannot restore files that were
# cut off in the middle of a character. Decoding the last few bytes as a whole gives all of them.
set -euo pipefail
export PYTHONIOENCODING=utf-8
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > decode.py <<'PY'
import codecs
import sys

print("Python", sys.version.split()[0])


def both(codec, data):
    whole = data.decode(codec, "surrogateescape").encode(codec, "surrogateescape")
    decoder = codecs.getincrementaldecoder(codec)("surrogateescape")
    pieces = decoder.decode(data) + decoder.decode(b"", True)
    pieces = pieces.encode(codec, "surrogateescape")
    print(f"  {codec:<10} {data.hex(' '):<12} whole: {whole.hex(' '):<12} in pieces: {pieces.hex(' ')}")
    return whole == data, pieces == data


ends = [both("gb18030", tail) for tail in (b"a\x81", b"a\x810", b"a\x810\x81")]
others = [both("gbk", b"a\x81"), both("big5hkscs", b"a\x81"), both("euc_jp", b"a\x8f\xa1")]
is_as_stated = ends == [(True, True), (True, False), (True, False)] and all(all(pair) for pair in others)
raise SystemExit(0 if is_as_stated else "not as stated")
PY
python3 decode.py
