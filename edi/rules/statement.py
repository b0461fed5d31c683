"""Statements of the chart: whether a text says something, and does not deny it."""

from __future__ import annotations

import re

_CLAUSE = re.compile(r"[.;,]|\b(?:and|but|with)\b")


def states(text: str, what: re.Pattern[str], denied: re.Pattern[str]) -> bool:
    """Whether a clause of `text` has `what`, and nothing of `denied`. Both are searched in small letters."""
    return any(what.search(clause) and not denied.search(clause) for clause in _CLAUSE.split(text.casefold()))
