"""Where the checkout keeps what tests read."""

from __future__ import annotations

from pathlib import Path

REPO = Path(__file__).parents[2]
EXAMPLES = REPO / "examples"
HELPERS = Path(__file__).parent
DATA = REPO / "tests" / "data"
GOLDEN = DATA / "golden"
RULE_CASES = DATA / "rules"
X12 = DATA / "x12"
