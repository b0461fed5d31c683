"""Rules on the course of a tooth: one D3351, then any number of D3352, then one D3353, each on another day."""

from __future__ import annotations

from edi.rules import sources
from edi.rules.course import names_barrier, restarted, since_first
from edi.rules.messages import line_path, safe
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
from edi.visit.facts import APEXIFICATION, Facts

_SEQUENCE = ("16", "261")
_COURSE = APEXIFICATION_CLAIM._replace(needs=has.TOOTH)


@rule(
    "APX-SEQ-START",
    "sequence",
    "error",
    title="No first visit before this one",
    checks="An earlier D3351 of the tooth is known: from the episode, this run or this claim. A D3353 alone whose film or medicament "
    "names a barrier is a warning: no authority says how a barrier placed in one visit is coded.",
    why="A renewal or a closing visit without a first one is denied: the payer has no start of the course on file.",
    fix="List the first visit in `episode.visits` with its date, or bill this visit as what it was.",
    source=sources.CDT,
    scope=_COURSE._replace(codes=has.RENEWAL | has.CLOSING),
    denials=_SEQUENCE,
    remarks=("N674",),
    element=("2400", "SV301-2"),
)
def no_first_visit(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for line in facts.lines:
        tooth = line.tooth
        if line.code == "D3351" or tooth is None:
            continue
        # A first visit on a wrong date, and a course closed before, are findings of their own.
        if any(visit.code in ("D3351", "D3353") for visit in line.before):
            continue
        if any(visit.code == "D3351" and visit.tooth == tooth for visit in facts.past):
            continue
        if any(other.code == "D3351" and other.tooth == tooth for other in facts.lines):
            continue
        path = line_path(line, "code")
        if line.code == "D3353" and not line.before and names_barrier(facts, tooth):
            problems.append(_one_visit(path, f"D3353 alone on tooth {tooth}: a barrier placed in one visit."))
        else:
            message = f"{line.code} on tooth {tooth}, but no earlier D3351 of this tooth is known."
            problems.append(Problem(path, message))
    return problems


def _one_visit(path: str, message: str) -> Problem:
    """No authority says how a barrier that is placed in one visit is coded."""
    return Problem(
        path,
        message,
        "Ask the payer how it wants a one-visit barrier coded, and say so in the narrative.",
        "warning",
    )


@rule(
    "APX-SEQ-FIRST-AGAIN",
    "sequence",
    "error",
    title="Second first visit",
    checks="A tooth has one D3351, unless the episode says why the course was started again (then: info).",
    why="Payers pay D3351 once per tooth, some once in a lifetime; a second one is denied.",
    fix="Bill D3352 for a renewal; if the course was started again, say why in `episode.restartReason`.",
    source=sources.GEHA,
    scope=_COURSE._replace(codes=has.FIRST),
    denials=("149", "119"),
    remarks=("N117",),
    element=("2400", "SV301-2"),
)
def second_first_visit(facts: Facts, profile: Profile) -> Problems:
    problems = []
    seen: set[str] = set()
    again = restarted(facts)
    limit = profile.lifetime.get("D3351")
    for line in facts.lines:
        if line.code != "D3351" or line.tooth is None:
            continue
        first = next((visit for visit in line.before if visit.code == "D3351"), None)
        if first is not None:
            message = f"D3351 on tooth {line.tooth}, which had its D3351 on {first.service_date}"
            if again and limit is not None and sum(v.code == "D3351" for v in line.before) >= limit:
                continue  # reported by the rule on the payer's lifetime count
            if again:
                problem = Problem(
                    line_path(line, "code"),
                    f"{message}; the episode says why the course was started again.",
                    "Nothing to correct; keep the reason at hand, the payer may ask.",
                    "info",
                )
            else:
                problem = Problem(line_path(line, "code"), message + ".")
            problems.append(problem)
        elif line.when is None and line.tooth in seen:
            problems.append(
                Problem(line_path(line, "code"), f"D3351 stands on this claim twice for tooth {line.tooth}.")
            )
        seen.add(line.tooth)
    return problems


@rule(
    "APX-SEQ-CLOSING-AGAIN",
    "sequence",
    "error",
    title="Second closing visit",
    checks="A course of treatment has one D3353, at its end.",
    why="D3353 includes the finished root canal; it is paid once.",
    fix="Check the tooth and the date. For treatment after the closing visit, bill what was done.",
    source=sources.CDT,
    scope=_COURSE._replace(codes=has.CLOSING),
    denials=("119", "149"),
    remarks=("N117",),
    element=("2400", "SV301-2"),
)
def second_closing_visit(facts: Facts, profile: Profile) -> Problems:
    problems = []
    seen: set[str] = set()
    for line in facts.lines:
        if line.code != "D3353" or line.tooth is None:
            continue
        closed = next((v for v in since_first(line.before) if v.code == "D3353"), None)
        if closed is not None:
            message = f"D3353 on tooth {line.tooth}, which was closed with D3353 on {closed.service_date}."
            problems.append(Problem(line_path(line, "code"), message))
        elif line.when is None and line.tooth in seen:
            problems.append(
                Problem(line_path(line, "code"), f"D3353 stands on this claim twice for tooth {line.tooth}.")
            )
        seen.add(line.tooth)
    return problems


@rule(
    "APX-SEQ-AFTER-CLOSING",
    "sequence",
    "error",
    title="Visit after the closing one",
    checks="No D3351 or D3352 follows the D3353 of the tooth, unless a course was started again.",
    why="After the closing visit there is no medicament left to place: the payer sees a finished tooth.",
    fix="Check tooth, code and date; if the course was started again, say why in `episode.restartReason`.",
    source=sources.CDT,
    scope=_COURSE._replace(codes=has.FIRST | has.RENEWAL),
    when=lambda facts: "D3353" in facts.codes,
    denials=_SEQUENCE,
    remarks=("N674",),
    element=("2400", "SV301-2"),
)
def visit_after_closing(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for line in facts.lines:
        if line.code == "D3353":
            continue
        course = since_first(line.before)
        if line.code == "D3351" and course and course[0].code == "D3351":
            continue  # a second first visit, said by its own rule
        closed = next((visit for visit in course if visit.code == "D3353"), None)
        if closed is None:
            continue
        again = line.code == "D3351" and restarted(facts)
        problems.append(
            Problem(
                line_path(line, "code"),
                f"{line.code} on tooth {line.tooth} after its closing visit (D3353 on {closed.service_date}).",
                severity="info" if again else None,
            )
        )
    return problems


def _is_not_the_only_one(facts: Facts) -> bool:
    """Whether the claim has another line of the three codes, or a known visit is not before its line."""
    if len(facts.lines) > 1:
        return True
    return bool(facts.past) and facts.past[-1].service_date >= (facts.lines[0].date or "")


@rule(
    "APX-SEQ-SAME-DAY",
    "sequence",
    "error",
    title="Two visits of the course on one day",
    checks="No two of D3351, D3352 and D3353 are billed for one tooth on one date. D3351 and D3353 on one claim are a warning: a barrier "
    "may be placed in one visit, and no authority says how that is coded.",
    why="Each code is a visit. Of two on one day, one is paid and the other is bundled into it.",
    fix="Keep the code of the visit that took place. For a barrier placed at once, bill D3351 and a later D3353.",
    source=sources.EAPD,
    scope=APEXIFICATION_VISIT._replace(needs=has.TOOTH),
    when=_is_not_the_only_one,
    denials=("97", "231"),
    remarks=("N357",),
    element=("2400", "SV301-2"),
)
def two_on_one_day(facts: Facts, profile: Profile) -> Problems:
    problems = []
    seen: dict[tuple[str, str], str] = {}
    billed: set[str] = set()
    if not facts.features & has.REPLACEMENT:  # the claim it replaces was of the same day
        own = facts.episode["visits"] if facts.episode else ()
        listed = {(visit["serviceDate"], visit["code"]) for visit in own}
        for visit in facts.past:
            if visit.code in APEXIFICATION and (visit.service_date, visit.code) not in listed:
                seen[visit.tooth, visit.service_date] = visit.code
                billed.add(visit.tooth)
    for line in facts.lines:
        if line.tooth is None or line.date is None:
            continue
        other = seen.setdefault((line.tooth, line.date), line.code)
        if other != line.code:
            path = line_path(line, "code")
            message = f"{line.code} and {other} on tooth {line.tooth} on one day, {line.date}."
            one_visit = {line.code, other} == {"D3351", "D3353"} and line.tooth not in billed
            problems.append(_one_visit(path, message) if one_visit else Problem(path, message))
    return problems


def _dates_do_not_rise(facts: Facts) -> bool:
    before = ""
    for visit in facts.episode["visits"] if facts.episode else ():
        if visit["serviceDate"] <= before:
            return True
        before = visit["serviceDate"]
    return False


@rule(
    "APX-SEQ-HISTORY-ORDER",
    "sequence",
    "error",
    title="Episode out of order",
    checks="The visits of the episode are listed by date.",
    why="A list out of order mostly has a wrong date in it, and the payer compares its history with these dates.",
    fix="Put the visits in order of their dates; correct the date that is wrong.",
    source=sources.CHOICE,
    scope=APEXIFICATION_CLAIM._replace(needs=has.LONG_EPISODE),
    when=_dates_do_not_rise,
    denials=("16",),
    remarks=("N301",),
)
def episode_out_of_order(facts: Facts, profile: Profile) -> Problems:
    visits = facts.episode["visits"] if facts.episode else []
    return [
        Problem(
            f"/episode/visits/{place}/serviceDate",
            f"{safe(visit['code'])} on {visit['serviceDate']} is listed after a visit of "
            f"{visits[place - 1]['serviceDate']}.",
        )
        for place, visit in enumerate(visits)
        if place and visit["serviceDate"] < visits[place - 1]["serviceDate"]
    ]


@rule(
    "APX-SEQ-HISTORY-REPEAT",
    "sequence",
    "error",
    title="Episode lists a visit twice",
    checks="The episode lists no visit twice, and no two of the three codes on one date.",
    why="A visit that is counted twice makes the course look longer than it was.",
    fix="Keep each earlier visit once.",
    source=sources.CHOICE,
    scope=APEXIFICATION_CLAIM._replace(needs=has.LONG_EPISODE),
    when=_dates_do_not_rise,
    denials=("18",),
    remarks=("N522",),
)
def episode_repeats(facts: Facts, profile: Profile) -> Problems:
    visits = facts.episode["visits"] if facts.episode else []
    problems = []
    seen: dict[str, list[str]] = {}
    for place, visit in enumerate(visits):
        code, on = visit["code"], visit["serviceDate"]
        codes = seen.setdefault(on, [])
        if code in codes:
            problems.append(Problem(f"/episode/visits/{place}", f"{safe(code)} on {on} is listed twice."))
        elif code in APEXIFICATION and (other := next((c for c in codes if c in APEXIFICATION), None)):
            problems.append(
                Problem(f"/episode/visits/{place}", f"{other} and {code} are listed on one day, {on}.")
            )
        codes.append(code)
    return problems


@rule(
    "APX-SEQ-HISTORY-DATE",
    "sequence",
    "error",
    title="Episode visit not before this one",
    checks="Each visit of the episode is dated before the service date.",
    why="Earlier visits cannot be on or after this one; the payer cannot tell which date is right.",
    fix="Correct the date, or take the visit itself and later ones out of the episode.",
    source=sources.CHOICE,
    scope=APEXIFICATION_VISIT._replace(needs=has.EPISODE),
    denials=("16",),
    remarks=("N301",),
)
def episode_not_before(facts: Facts, profile: Profile) -> Problems:
    visits = facts.episode["visits"] if facts.episode else []
    last = max([line.when or "" for line in facts.lines])
    if not last:
        return None
    return [
        Problem(
            f"/episode/visits/{place}/serviceDate",
            f"{safe(visit['code'])} of the episode is dated {visit['serviceDate']}, not before this visit ({last}).",
        )
        for place, visit in enumerate(visits)
        if visit["serviceDate"] >= last
    ]


@rule(
    "APX-SEQ-EPISODE-TOOTH",
    "sequence",
    "error",
    title="Episode of another tooth",
    checks="The tooth of the episode is a tooth of the claim's D3351, D3352 or D3353.",
    why="The history of another tooth proves nothing for this one.",
    fix="Correct the tooth of the episode or of the procedure.",
    source=sources.CHOICE,
    scope=APEXIFICATION_CLAIM._replace(needs=has.EPISODE | has.TOOTH),
    denials=("16",),
    remarks=("N37",),
    element=("2400", "TOO02"),
)
def episode_of_another_tooth(facts: Facts, profile: Profile) -> Problems:
    episode = facts.episode
    if episode is None or episode["toothNumber"] in facts.teeth:
        return None
    if any(line.tooth is None for line in facts.lines):
        return None  # the line without a tooth may be the episode's
    return [
        Problem(
            "/episode/toothNumber",
            f"The episode is of tooth {safe(episode['toothNumber'])}, the claim of tooth {' and '.join(facts.teeth)}.",
        )
    ]


@rule(
    "APX-SEQ-COMPLETION",
    "sequence",
    "info",
    title="Paid when the course is complete",
    checks="Where the payer's profile says that work of several visits is paid on completion, D3351 and D3352 are reported "
    "on a claim without D3353.",
    why="The payer may pay nothing before the closing visit. A denial until then does not mean that the claim is wrong.",
    fix="Nothing to correct; expect payment after D3353, or bill the course then if the payer asks for that.",
    source=sources.DELTA,
    scope=APEXIFICATION_LIMITS._replace(codes=has.FIRST | has.RENEWAL, never=has.VOID | has.PREDETERMINATION),
    denials=("16",),
    remarks=("N674",),
    element=("2400", "SV301-2"),
)
def paid_on_completion(facts: Facts, profile: Profile) -> Problems:
    if not profile.paid_on_completion or "D3353" in [line.code for line in facts.lines]:
        return None
    line = facts.lines[0]
    message = f"The payer pays work of several visits on completion; {line.code} comes before it"
    return [Problem(line_path(line, "code"), f"{message}{profile.citation('paid_on_completion')}.")]
