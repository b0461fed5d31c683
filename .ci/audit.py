"""Look up the packages of an environment among published vulnerabilities: `python .ci/audit.py SITE_PACKAGES`.

Exits with 1 when one has a vulnerability. Where the advisory database is out of reach (a closed network) nothing is proved:
that is said, and is no failure. What pip-audit tells of the network is not repeated."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

_SECONDS = 300


def report(told: str) -> tuple[list[str], bool]:
    """Lines to print of what pip-audit says in JSON ("" when it said nothing), and whether a vulnerability was found."""
    try:
        packages: list[dict[str, Any]] = json.loads(told)["dependencies"]
    except (ValueError, KeyError):
        packages = []
    known = [each for each in packages if "vulns" in each]
    if not known:
        return ["audit: SKIPPED, the advisory database is out of reach; nothing is proved"], False
    lines = [
        f"{each['name']} {each['version']}: {found['id']}, fixed in {', '.join(found['fix_versions']) or 'no version'}"
        for each in known
        for found in each["vulns"]
    ]
    unknown = len(packages) - len(known)
    aside = f", {unknown} not in the advisory database" if unknown else ""
    return [*lines, f"audit: {len(known)} packages looked up{aside}, {len(lines)} vulnerabilities"], bool(
        lines
    )


def main(place: str) -> int:
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--path",
        place,
        "--format",
        "json",
        "--progress-spinner",
        "off",
    ]
    try:
        told = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            timeout=_SECONDS,
            check=False,
        ).stdout
    except subprocess.TimeoutExpired:
        told = ""
    lines, found = report(told)
    print(*lines, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
