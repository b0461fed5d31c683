"""Draw the films that the example visits name: `python examples/make_films.py` from the repository's root.

They are drawings made of gray areas (`edi.sample.film`), not pictures of anybody.
"""

from __future__ import annotations

import json
from pathlib import Path

from edi.sample.output import films_of

HERE = Path(__file__).parent


def films() -> dict[Path, bytes]:
    """Each film's path and bytes."""
    found: dict[Path, bytes] = {}
    for folder in ("visits", "faulty"):
        for record in sorted((HERE / folder).glob("*.json")):
            for path, data in films_of(json.loads(record.read_bytes())):
                found.setdefault(HERE / folder / path, data)
    # A film that the example names because it is not there.
    del found[HERE / "faulty" / "films" / "not-there.png"]
    return found


if __name__ == "__main__":
    for path, data in films().items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
