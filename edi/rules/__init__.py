"""Dental rules on a visit, one subject a module, that find a denial before the payer does.

apply_rules(facts, profile)   the findings of a visit
RULES                       every rule by id: check, reason, fix, source
Profile, DEFAULT            the limits and requirements of a payer
"""

from __future__ import annotations

from edi.rules import (  # noqa: F401  (importing a subject registers its rules)
    attachment,
    attachment_files,
    authorization,
    charge,
    code,
    contradiction,
    date,
    diagnosis,
    documentation,
    documentation_cloned,
    duplicate,
    format,  # noqa: A004
    frequency,
    provider,
    sequence,
    subscriber,
    tooth,
    tooth_line,
)
from edi.rules.apply import apply_rules
from edi.rules.profile import DEFAULT, PROFILE_SOURCES, Profile, Source
from edi.rules.registry import RULES, Problem, Rule, Scope

__all__ = [
    "DEFAULT",
    "PROFILE_SOURCES",
    "RULES",
    "Problem",
    "Profile",
    "Rule",
    "Scope",
    "Source",
    "apply_rules",
]
