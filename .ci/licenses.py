"""Check the licenses in a software bill of materials (CycloneDX, JSON): `python .ci/licenses.py FILE`.

Exits with 1 when a package has a license that is not on the list, or none."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ALLOWED = {
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "HPND",
    "ISC",
    "MIT",
    "MIT-0",
    "MIT-CMU",
    "MPL-2.0",
    "PSF-2.0",
    "License :: OSI Approved :: Apache Software License",
    "License :: OSI Approved :: BSD License",
    "License :: OSI Approved :: MIT License",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)",
}
"""Licenses that ask for no more than that their text goes along, or that changes to the package itself are shown."""
BESIDE = {"psycopg": "LGPL-3.0-only", "psycopg-binary": "LGPL-3.0-only"}
"""Packages of an extra: they stay packages of their own, and whoever installs them may replace them."""
_INNERMOST = re.compile(r"\(([^()]*)\)")
_GOOD = "good"


def is_allowed(license_: str) -> bool:
    """Whether a license is on the list: a classifier, or an expression of SPDX identifiers with AND and OR."""
    if license_ in ALLOWED:
        return True
    while inner := _INNERMOST.search(license_):
        license_ = license_.replace(inner[0], _GOOD if is_allowed(inner[1]) else "bad")
    return any(
        all(each.strip() in (*ALLOWED, _GOOD) for each in part.split(" AND "))
        for part in license_.split(" OR ")
    )


def refused(bill: dict[str, Any]) -> Iterator[str]:
    """A line for each package that may not be used."""
    for package in bill["components"]:
        name = package["name"]
        licenses = [
            each.get("expression") or each["license"].get("id") or each["license"].get("name")
            for each in package.get("licenses", ())
        ]
        if not licenses or not all(is_allowed(each) or BESIDE.get(name) == each for each in licenses):
            yield f"{name} {package['version']}: {', '.join(licenses) or 'no license stated'}"


def main(file: str) -> int:
    bill = json.loads(Path(file).read_text(encoding="utf-8"))
    lines = list(refused(bill))
    print(*lines, f"licenses: {len(bill['components'])} packages, {len(lines)} refused", sep="\n")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
