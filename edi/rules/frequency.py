"""Rules on how often the visits of a course are billed, and for how long."""

from __future__ import annotations

from edi.rules import sources
from edi.rules.course import closed_before, days, months_later, restarted, since_first
from edi.rules.messages import line_path, when_path
from edi.rules.profile import Profile
from edi.rules.registry import (
    APEXIFICATION_CLAIM,
    APEXIFICATION_LIMITS,
    APEXIFICATION_VISIT,
    Problem,
    Problems,
    rule,
)
from edi.visit import feature as has
from edi.visit.facts import Facts


@rule(
    "APX-FREQ-QUANTITY",
    "frequency",
    "error",
    title="More than one visit on a line",
    checks="D3351, D3352 and D3353 have quantity 1: each visit is its own line.",
    why="One line is one visit of one tooth; a larger quantity is cut or denied.",
    fix="Write one line for each visit, each with its date, and quantity 1 or none.",
    source=sources.QUANTITY,
    scope=APEXIFICATION_CLAIM,
    denials=("151", "119"),
    remarks=("N362",),
    element=("2400", "SV306"),
)
def quantity_above_one(facts: Facts, profile: Profile) -> Problems:
    return [
        Problem(
            line_path(line, "quantity"),
            f"{line.code} has quantity {facts.procedures[line.place]['quantity']}; each visit is its own line.",
        )
        for line in facts.lines
        if facts.procedures[line.place].get("quantity", 1) > 1
    ]


@rule(
    "APX-FREQ-INTERVAL",
    "frequency",
    "warning",
    title="Renewed soon after the last visit",
    checks="A D3352 is at least the profile's number of days (default 28) after the last visit.",
    why="Payers question a renewal within days: the medicament has had no time to act.",
    fix="Say in the rationale why the medicament had to be renewed so soon (leak, pain, sinus tract).",
    source=sources.CHOICE,
    scope=APEXIFICATION_VISIT._replace(codes=has.RENEWAL, needs=has.HISTORY | has.TOOTH),
    denials=("119", "151"),
    remarks=("N640", "N435"),
    element=("2400", "DTP03"),
)
def renewed_soon(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for line in facts.lines:
        before = line.previous
        if line.code != "D3352" or before is None or line.when is None or before.code == "D3353":
            continue
        passed = days(before.service_date, line.when)
        if passed < profile.interval_days:
            problems.append(
                Problem(
                    when_path(facts, line.place),
                    f"D3352 on tooth {line.tooth} comes {passed} days after {before.code} of "
                    f"{before.service_date}; fewer than {profile.interval_days} are questioned"
                    f"{profile.citation('interval_days')}.",
                )
            )
    return problems


@rule(
    "APX-FREQ-COUNT",
    "frequency",
    "warning",
    title="More renewals than the payer pays",
    checks="The course has no more D3352 than the profile's count (default: no limit known).",
    why="Renewals beyond a payer's count are the patient's share, or need an appeal.",
    fix="Say why the barrier is not there yet; ask the payer, or tell the patient, before the next renewal.",
    source=sources.CHOICE,
    scope=APEXIFICATION_CLAIM._replace(codes=has.RENEWAL, needs=has.TOOTH),
    denials=("119", "149"),
    remarks=("N640", "N362"),
    element=("2400", "SV301-2"),
)
def many_renewals(facts: Facts, profile: Profile) -> Problems:
    limit = profile.renewals
    if limit is None:
        return None
    problems = []
    undated: dict[str, int] = {}
    for line in facts.lines:
        if line.code != "D3352" or line.tooth is None:
            continue
        count = 1 + sum(visit.code == "D3352" for visit in since_first(line.before))
        if line.when is None:
            count += undated.get(line.tooth, 0)
            undated[line.tooth] = undated.get(line.tooth, 0) + 1
        if count > limit:
            problems.append(
                Problem(
                    line_path(line, "code"),
                    f"This is D3352 number {count} on tooth {line.tooth}; the payer pays {limit}"
                    f"{profile.citation('renewals')}.",
                )
            )
    return problems


@rule(
    "APX-FREQ-LENGTH",
    "frequency",
    "warning",
    title="Long episode",
    checks="The visit is at most the profile's number of months (default 24) after the first one.",
    why="A course beyond two years looks like a treatment that does not work.",
    fix="Say in the rationale why the apex has not closed and what is planned instead.",
    source=sources.CHOICE,
    scope=APEXIFICATION_VISIT._replace(codes=has.RENEWAL | has.CLOSING, needs=has.HISTORY | has.TOOTH),
    denials=("152", "50"),
    remarks=("N435",),
    element=("2400", "DTP03"),
)
def long_episode(facts: Facts, profile: Profile) -> Problems:
    for line in facts.lines:
        before = line.before
        if line.when and before and line.when > months_later(before[0].service_date, profile.episode_months):
            break
    else:
        return None
    problems = []
    for line in facts.lines:
        course = since_first(line.before)
        if line.when is None or not course or course[0].code != "D3351" or line.code == "D3351":
            continue
        first = course[0].service_date
        if line.when > months_later(first, profile.episode_months):
            problems.append(
                Problem(
                    when_path(facts, line.place),
                    f"{line.code} on tooth {line.tooth} comes more than {profile.episode_months} months "
                    f"after the first visit, {first}{profile.citation('episode_months')}.",
                )
            )
    return problems


@rule(
    "APX-FREQ-LIFETIME",
    "frequency",
    "warning",
    title="More than the payer pays in a lifetime",
    checks="D3351, D3352 and D3353 are billed for a tooth no more often than the payer's profile pays in a lifetime.",
    why="A restarted course does not restart the count: the payer has paid for the tooth before.",
    fix="Tell the patient before the visit, or ask the payer with the reason for the new course.",
    source=sources.GEHA,
    scope=APEXIFICATION_LIMITS._replace(needs=has.LIMITS | has.TOOTH | has.HISTORY),
    denials=("149", "119"),
    remarks=("N117",),
    element=("2400", "SV301-2"),
)
def beyond_lifetime(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for line in facts.lines:
        limit = profile.lifetime.get(line.code)
        if limit is None:
            continue
        count = 1 + sum(visit.code == line.code for visit in line.before)
        # A second first or closing visit of the same course is told by the rules on the sequence.
        again = line.code == "D3352" or (
            restarted(facts) if line.code == "D3351" else not closed_before(line.before)
        )
        if count > limit and again:
            message = f"This is {line.code} number {count} on tooth {line.tooth}; the payer pays {limit} in a lifetime"
            problems.append(
                Problem(line_path(line, "code"), f"{message}{profile.citation('lifetime.' + line.code)}.")
            )
    return problems
