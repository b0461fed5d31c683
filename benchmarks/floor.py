"""What no converter in Python can go below: parse each record, check it by the compiled schema, write as many bytes.

python benchmarks/floor.py VISITS.ndjson COPY...      COPY is a file whose bytes are written again
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import orjson

from edi.visit.schema import is_valid


def main(visits: str, *copies: str) -> None:
    size = sum(Path(copy).stat().st_size for copy in copies)
    with Path(visits).open("rb") as lines:
        good = sum(is_valid(orjson.loads(line)) for line in lines)
    with tempfile.TemporaryFile() as out:
        piece = b"x" * (1 << 16)
        for _ in range(size // len(piece) + 1):
            out.write(piece)
    print(good)


if __name__ == "__main__":
    main(*sys.argv[1:])
