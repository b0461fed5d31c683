"""The registry of rules: everything about a rule stands beside its check, and a second rule with the same id fails at import."""

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
    """One thing that a check found. `fix`, `severity` and `element` (loop, element) replace those of its rule."""

    path: str
    message: str
    fix: str | None = None
    severity: Severity | None = None
    element: tuple[str, str] | None = None


Problems = Sequence[Problem] | None
Check = Callable[[Facts, Profile], Problems]
When = Callable[[Facts], bool]


class Scope(NamedTuple):
    """The claims that a rule is about, as bits of `edi.visit.feature`.

    The visit has one of `codes`, all of `needs`, one of `one_of`, none of `never`; 0 asks for nothing.
    """

    codes: int = 0
    needs: int = 0
    one_of: int = 0
    never: int = 0

    def holds(self, features: int) -> bool:
        """Whether a visit with these features is in the scope."""
        return (
            features & self.needs == self.needs
            and not features & self.never
            and (not self.codes or bool(features & self.codes))
            and (not self.one_of or bool(features & self.one_of))
        )

    def __str__(self) -> str:
        kinds = _named(has.KINDS, self.needs | self.one_of)
        codes = _named(has.CODES, self.codes)
        text = " or ".join(kinds) or "every claim"
        if codes:
            text = f"claims with {' or '.join(codes)}"
        if parts := _named(has.PARTS, self.needs):
            text += f", where {' and '.join(parts)}"
        if others := _named(has.KINDS, self.never):
            text += f", but not {' or '.join(others)}"
        return text


def _named(words: Mapping[int, str], bits: int) -> list[str]:
    return [word for bit, word in words.items() if bits & bit]


EVERY_CLAIM = Scope()
APEXIFICATION_CLAIM = Scope(codes=has.APEXIFICATION, never=has.VOID)
"""Claims with D3351, D3352 or D3353. A void takes a claim back, and documents nothing."""
APEXIFICATION_VISIT = Scope(codes=has.APEXIFICATION, never=has.VOID | has.PREDETERMINATION)
"""Those for visits that took place."""
APEXIFICATION_LIMITS = APEXIFICATION_CLAIM._replace(needs=has.LIMITS)
"""Those whose payer has a profile of its own."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what a biller reads about it, and the function that checks a visit.

    `denials` are the claim adjustment reason codes and `remarks` the remittance advice remark codes that a
    payer answers with when the rule is not heeded. `element` is the loop and element that the field becomes.
    `when` is a quick test that saves a call of `check`: it is true of every visit in which `check` finds a problem, and may
    be true of others. None: `check` is quick enough by itself.
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
    when: When | None
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
    when: When | None = None,
    denials: tuple[str, ...] = (),
    remarks: tuple[str, ...] = (),
    element: tuple[str, str] | None = None,
) -> Callable[[Check], Check]:
    """Register the function below as a rule; ValueError when the id is taken."""

    def register(check: Check) -> Check:
        if name in RULES:
            raise ValueError(f"two rules are called {name}")
        RULES[name] = Rule(
            id=name,
            category=category,
            severity=severity,
            title=title,
            checks=checks,
            why=why,
            fix=fix,
            source=source,
            scope=scope,
            when=when,
            denials=denials,
            remarks=remarks,
            element=element,
            check=check,
        )
        return check

    return register


@lru_cache(maxsize=4096)
def rules_in_scope(features: int) -> tuple[tuple[When | None, tuple[Rule, ...]], ...]:
    """The rules that are about a visit with these features, in groups that share a `when`. Few combinations of features
    exist, so each is looked up once."""
    groups: dict[When | None, list[Rule]] = {}
    for each in RULES.values():
        if each.scope.holds(features):
            groups.setdefault(each.when, []).append(each)
    return tuple((when, tuple(rules)) for when, rules in groups.items())
