"""Short clinical English from the facts of one visit of a course.

No character that X12 keeps for itself (colon, asterisk, tilde, caret, greater-than) stands in any of it.
"""

from __future__ import annotations

from typing import Any

from edi.sample.chance import Chance
from edi.sample.course import Course, Step
from edi.sample.people import iso

_PAIN = (
    "Pain on biting at the {}",
    "Darkened {} noticed by a parent",
    "Swelling of the gum above the root of the {}",
    "Dull ache at the {}, sent by the general dentist",
    "No pain; the {} failed to respond at recall",
)
_RETURN = (
    "Scheduled change of medicament, {}, no complaint",
    "Here for renewal of the dressing, {}, comfortable since the last visit",
    "Recall of the {} under treatment, one day of soreness after the last visit",
    "Follow-up of the {}, no pain reported",
)
_CLOSING = ("Return visit to fill the canal of the {}", "Recall of the {}, comfortable, ready to be closed")
_SOFT = (
    "No swelling or sinus tract",
    "Gingiva normal, no sinus tract",
    "Sinus tract closed",
    "No tenderness to palpation",
)
_CALM = ("Percussion normal", "Slight tenderness to percussion", "Percussion slightly dull, not painful")
_SORE = ("Tender to percussion", "Tender to percussion and palpation", "Percussion painful, mobility grade 1")
_WET = ("Canal dry after irrigation", "Slight clear exudate, dry after irrigation", "No exudate, no odor")
_REPLIES = (
    "Asymptomatic since the last visit",
    "Symptoms settled within days",
    "Tooth comfortable in function",
    "No pain, soft tissue healthy",
)
_NO_TROUBLE = ("None", "None observed", "None, temporary restoration intact")


def mm(tenths: int) -> str:
    """Tenths of a millimetre as a reader writes them: 23 is "2.3 mm"."""
    return f"{tenths // 10}.{tenths % 10} mm"


def clinical(
    chance: Chance, course: Course, place: int, film: str, weeks: int, planned: int = 0
) -> dict[str, Any]:
    """The record's `clinical` for the visit at `place`; `film` is the attachment id of its radiograph.

    `weeks` is the interval to the next visit. `planned` is the day (an ordinal) of the film of a
    predetermination, for which nothing has been done yet.
    """
    step = course.steps[place]
    label, number = course.tooth.label, course.tooth.number
    out: dict[str, Any] = {
        "chiefComplaint": _complaint(chance, step).format(f"{label} (tooth {number})"),
        "history": _history(course, place),
        "diagnosis": f"{course.diagnosis}, incomplete root formation, tooth {number}",
        "findings": _findings(chance, course, place),
        "radiographs": [
            {
                "date": iso(planned or step.day),
                "view": "periapical",
                "toothNumber": number,
                "finding": _seen(course, place),
                "attachmentId": film,
            }
        ],
        "medicament": {"name": course.medicament, "action": "placed"},
        "complications": chance.pick(_NO_TROUBLE),
    }
    if step.code == "D3351" or chance.flip(0.3):
        out["pulpTests"] = [{"toothNumber": number, "method": course.test, "result": "no response"}]
    if step.code == "D3351":
        _opening(out, course, step, weeks, bool(planned))
    elif step.code == "D3352":
        _renewal(chance, out, course, place, weeks)
    else:
        _closing(chance, out, course, place)
    return out


def _complaint(chance: Chance, step: Step) -> str:
    return chance.pick({"D3351": _PAIN, "D3352": _RETURN, "D3353": _CLOSING}[step.code])


def _history(course: Course, place: int) -> str:
    cause = course.cause
    when = f" on {iso(course.injured)}" if cause.accident or cause.codes else ""
    text = f"{cause.what}{when}; tooth {course.tooth.number}, {cause.harm}"
    if place:
        first, before = course.steps[0], course.steps[place - 1]
        text += f". Apexification begun {iso(first.day)}"
        if place > 1:
            text += f", last dressing {iso(before.day)}"
    return text


def _findings(chance: Chance, course: Course, place: int) -> list[str]:
    step = course.steps[place]
    if step.code == "D3351":
        return [
            chance.pick(_SORE),
            f"Probing depth {chance.between(2, 3)} mm, no pocket",
            f"Apex open about {mm(step.apex)}, working length {mm(step.length)}",
        ]
    found = [chance.pick(_SOFT), chance.pick(_CALM), chance.pick(_WET)]
    if step.code == "D3352":
        found.append(f"Apical stop felt in part with a paper point at {mm(step.length)}")
    elif course.plug is None:
        found.append(f"Firm apical stop at {mm(step.length)} around the whole apex")
    return found


def _seen(course: Course, place: int) -> str:
    step = course.steps[place]
    if place == 0:
        return f"Apex open {mm(step.apex)}, thin dentin walls, apical radiolucency {mm(step.lesion)}"
    before = course.steps[place - 1]
    lesion = f"radiolucency {mm(step.lesion)} against {mm(before.lesion)} on {iso(before.day)}"
    if step.code == "D3352":
        return (
            f"Calcific barrier begun but incomplete, apex {mm(step.apex)} against {mm(before.apex)}; {lesion}"
        )
    if course.plug is not None:
        return f"Apical barrier of {course.plug} dense and in place at {mm(step.length)}; {lesion}"
    return f"Calcific barrier complete across the apex, apex closed; {lesion}"


def _opening(out: dict[str, Any], course: Course, step: Step, weeks: int, planned: bool) -> None:
    number = course.tooth.number
    if planned:
        out["medicament"]["action"] = "planned"
    if course.plug is not None:
        goal = f"place an apical barrier of {course.plug}, then fill the canal"
    else:
        goal = f"renew about every {weeks} weeks until an apical barrier is confirmed, then fill the canal"
    out["treatmentPlan"] = f"Clean the canal, {course.medicament} as first dressing; {goal}"
    out["rationale"] = (
        f"Tooth {number} is non-vital with an apex open {mm(step.apex)}; "
        "a root filling cannot be held until the apex is closed"
    )
    out["followUp"] = f"Recall in {weeks} weeks with periapical radiograph"


def _renewal(chance: Chance, out: dict[str, Any], course: Course, place: int, weeks: int) -> None:
    step, before = course.steps[place], course.steps[place - 1]
    days = step.day - before.day
    out["medicament"]["action"] = "replaced"
    out["response"] = f"{chance.pick(_REPLIES)}; barrier forming, apex narrowed to {mm(step.apex)}"
    out["treatmentPlan"] = (
        f"Renew {course.medicament} every {weeks} weeks until the barrier is complete, then fill the canal"
    )
    out["rationale"] = (
        f"After {days} days the apex still measures {mm(step.apex)} and the barrier is incomplete on film and "
        f"probing; the dressing of {iso(before.day)} has to be renewed for closure to go on"
    )
    out["followUp"] = f"Recall in {weeks} weeks with periapical radiograph"


def _closing(chance: Chance, out: dict[str, Any], course: Course, place: int) -> None:
    step, before = course.steps[place], course.steps[place - 1]
    if course.plug is not None:
        out["medicament"] = {"name": course.plug, "action": "placed as apical barrier"}
        out["treatmentPlan"] = f"Barrier of {course.plug}, canal filled with gutta-percha, bonded restoration"
        out["rationale"] = (
            f"Apex open {mm(step.apex)} with the canal clean and dry {step.day - before.day} days after the first "
            f"dressing; a {course.plug} barrier allows the canal to be filled without further renewals"
        )
    else:
        out["medicament"]["action"] = "removed"
        out["treatmentPlan"] = "Canal filled with gutta-percha and sealer, bonded restoration"
        out["rationale"] = (
            f"Barrier complete on film and firm on probing {step.day - course.steps[0].day} days after the first "
            "visit; the canal can now be filled for good"
        )
    out["response"] = f"{chance.pick(_REPLIES)}; radiolucency down to {mm(step.lesion)}"
    out["followUp"] = f"Recall in {chance.pick((3, 6))} months with periapical radiograph"


def narrative(course: Course, place: int) -> str:
    """An own text, as some practices write it."""
    step, number = course.steps[place], course.tooth.number
    if step.code == "D3351":
        return (
            f"First visit of apexification, tooth {number}. {course.diagnosis}; open apex {mm(step.apex)} on "
            f"today's film. Canal cleaned and {course.medicament} placed."
        )
    before = course.steps[place - 1]
    if step.code == "D3352":
        return (
            f"Visit {place + 1} of apexification, tooth {number}, {step.day - before.day} days after the last. "
            f"Film shows barrier incomplete, apex {mm(step.apex)}. {course.medicament} replaced to go on with closure."
        )
    return (
        f"Closing visit of apexification, tooth {number}, begun {iso(course.steps[0].day)}. Apical barrier "
        f"confirmed on film, canal filled."
    )
