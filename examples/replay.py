"""Give a ledger's changes to the input again, without zhnorm: `python replay.py page.txt ledger.jsonl > clean.txt`.

The ledger file says everything; this is all that is needed to read it.
"""

import hashlib
import json
import sys


def replay(source: bytes, ledger: list[bytes]) -> bytes:
    """The output of the document in `ledger` whose input is `source`."""
    changes: list[dict] = []
    for record in map(json.loads, ledger):
        if "document" in record:
            changes = []
        elif "line" in record:
            changes.append(record)
        elif record.get("input_sha256") == hashlib.sha256(source).hexdigest():
            break
    else:
        sys.exit("the ledger is about another input")
    # Lines end at \n, and \r\n is an end, too; undecodable bytes are lone surrogates.
    lines: list[str | None] = [*source.decode(record.get("encoding", "utf-8"), "surrogateescape").split("\n")]
    ends = ["\n"] * (len(lines) - 1) + [""]
    for place, end in enumerate(ends):
        if end and lines[place].endswith("\r"):
            lines[place], ends[place] = lines[place][:-1], "\r\n"
    for change in changes:
        place = change["line"] - 1
        if lines[place] != change["before"]:
            sys.exit(f"line {change['line']} is not what the ledger says it was")
        lines[place] = change["after"]
    text = "".join(line + end for line, end in zip(lines, ends, strict=True) if line is not None)
    return text.encode("utf-8", "surrogateescape")


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as page, open(sys.argv[2], "rb") as ledger:
        sys.stdout.buffer.write(replay(page.read(), ledger.readlines()))
