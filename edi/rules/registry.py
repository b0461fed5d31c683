"""Rules in one place each: what is checked stands beside the check, and a second rule of one id fails at import."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from edi.finding import Category, Severity
from edi.rules.profile import Profile, Source
from edi.visit import feature as has
from edi.visit.facts import Facts


class Problem(NamedTuple):
    """What a check found. `fix`, `severity` and `element` (loop, element) replace those of its rule."""

    path: str
    message: str
    fix: str | None = None
    severity: Severity | None = None
    element: tuple[str, str] | None = None


Problems = Sequence[Problem] | None
Check = Callable[[Facts, Profile], Problems]


class Scope(NamedTuple):
    """When a rule applies, as bits of `edi.visit.feature`.

    The visit has one of `codes`, all of `needs`, one of `one_of`, none of `never`; 0 asks for nothing.
    """

    codes: int = 0
    needs: int = 0
    one_of: int = 0
    never: int = 0

    def holds(self, features: int) -> bool:
        """Whether a visit with these features is judged."""
        return (
            features & self.needs == self.needs
            and not features & self.never
            and (not self.codes or bool(features & self.codes))
            and (not self.one_of or bool(features & self.one_of))
        )

    def __str__(self) -> str:
        kinds = _named(has.KINDS, self.needs | self.one_of)
        codes = _named(has.CODES, self.codes)
        text = (
            " or ".join(kinds) if kinds else f"claims with {' or '.join(codes)}" if codes else "every claim"
        )
        if parts := _named(has.PARTS, self.needs):
            text += f", where the record has {' and '.join(parts)}"
        if others := _named(has.KINDS, self.never):
            text += f", but not {' or '.join(others)}"
        return text


def _named(words: Mapping[int, str], bits: int) -> list[str]:
    return [word for bit, word in words.items() if bits & bit]


EVERY_CLAIM = Scope()
APEXIFICATION_CLAIM = Scope(codes=has.APEXIFICATION, never=has.VOID)
"""The three codes, but for a void: it takes a claim back, and documents nothing."""
APEXIFICATION_VISIT = Scope(codes=has.APEXIFICATION, never=has.VOID | has.PREDETERMINATION)
"""The three codes on a claim for visits that took place."""


APEXIFICATION_LIMITS = APEXIFICATION_CLAIM._replace(needs=has.LIMITS)
"""The three codes, where the payer's profile asks for more than the default profile."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, whole: what a biller reads and the function that judges.

    `denials` are the claim adjustment reason codes and `remarks` the remittance advice remark codes that a
    payer answers with when the rule is not heeded. `element` is the loop and element that the field becomes.
    """

    id: str
    category: Category
    severity: Severity
    title: str
    checks: str
    why: str
    fix: str
    source: Source
    scope: Scope
    denials: tuple[str, ...]
    remarks: tuple[str, ...]
    element: tuple[str, str] | None
    check: Check


RULES: dict[str, Rule] = {}
"""All rules by id, filled as the modules of `edi.rules` are imported."""


def rule(
    name: str,
    category: Category,
    severity: Severity,
    *,
    title: str,
    checks: str,
    why: str,
    fix: str,
    source: Source,
    scope: Scope = EVERY_CLAIM,
    denials: tuple[str, ...] = (),
    remarks: tuple[str, ...] = (),
    element: tuple[str, str] | None = None,
) -> Callable[[Check], Check]:
    """Register the function below as a rule; ValueError when the id is taken."""

    def register(check: Check) -> Check:
        if name in RULES:
            raise ValueError(f"two rules are called {name}")
        RULES[name] = Rule(
            name, category, severity, title, checks, why, fix, source, scope, denials, remarks, element, check
        )
        return check

    return register


@lru_cache(maxsize=4096)
def plan(features: int) -> tuple[tuple[Check, Rule], ...]:
    """The checks that a visit with these features meets. There are few combinations, so each is sorted out once."""
    return tuple((each.check, each) for each in RULES.values() if each.scope.holds(features))
