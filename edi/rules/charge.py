"""Fees, on every claim."""

from __future__ import annotations

import re

from edi.rules import sources
from edi.rules.profile import Profile
from edi.rules.registry import DENTAL, Problem, Problems, rule
from edi.rules.words import line_path
from edi.visit import feature as has
from edi.visit.facts import Facts
from edi.visit.nearest import shown

_AMOUNT = re.compile(r"-?[0-9]{1,8}(?:\.[0-9]{1,2})?")


def _is_amount(fee: object) -> bool:
    """A decimal of at most two places and eight digits before them, as text or as a JSON number."""
    if type(fee) is str:
        return _AMOUNT.fullmatch(fee) is not None
    # repr gives a float's shortest decimal: 215.1 is "215.1", and 215.005, 1e+22, nan and inf do not match.
    return type(fee) in (int, float) and _AMOUNT.fullmatch(repr(fee)) is not None


@rule(
    "APX-CHG-FORM",
    "charge",
    "error",
    title="Fee not in dollars and cents",
    checks="Every fee of any claim is a decimal of at most two places, below 100,000,000.",
    why="An amount that cannot be read refuses the claim, or is paid as something else.",
    fix="Write dollars and cents with a point and no sign: 215.00.",
    source=sources.GUIDE,
    denials=("16",),
    remarks=("M79",),
    element=("2400", "SV302"),
)
def unreadable_fee(facts: Facts, profile: Profile) -> Problems:
    for line in facts.procedures:
        if not _is_amount(line["fee"]):
            break
    else:
        return None
    return [
        Problem(
            f"/procedures/{place}/fee",
            f'The fee of {shown(line["code"])} is "{shown(str(line["fee"]))}", not an amount below 100,000,000 with at most two decimal places.',
        )
        for place, line in enumerate(facts.procedures)
        if not _is_amount(line["fee"])
    ]


@rule(
    "APX-CHG-NEGATIVE",
    "charge",
    "error",
    title="Negative fee",
    checks="No fee of any claim is below zero.",
    why="A claim has no credits: money goes back with a void or a replacement.",
    fix="Write the fee that was charged; to take a claim back use `claim.frequency` void.",
    source=sources.GUIDE,
    denials=("16",),
    remarks=("M79",),
    element=("2400", "SV302"),
)
def negative_fee(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for place, line in enumerate(facts.procedures):
        fee = line["fee"]
        below = fee.startswith("-") if isinstance(fee, str) else fee < 0
        if below and _is_amount(fee):
            message = f"The fee of {shown(line['code'])} is {fee}."
            problems.append(Problem(f"/procedures/{place}/fee", message))
    return problems


@rule(
    "APX-CHG-ZERO",
    "charge",
    "warning",
    title="Fee of zero",
    checks="D3351, D3352 and D3353 have a fee above zero (an encounter may have none).",
    why="A line of zero is paid with zero, and a later correction looks like a change of mind.",
    fix="Write the office's usual fee, whatever the plan pays.",
    source=sources.CHOICE,
    scope=DENTAL._replace(never=has.VOID | has.ENCOUNTER),
    denials=("16",),
    remarks=("M79",),
    element=("2400", "SV302"),
)
def zero_fee(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for line in facts.lines:
        fee = facts.procedures[line.place]["fee"]
        if isinstance(fee, str) and fee.strip("0."):
            continue
        if _is_amount(fee) and not float(fee):
            problems.append(Problem(line_path(line, "fee"), f"{line.code} has a fee of zero."))
    return problems
