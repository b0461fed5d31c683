"""Rules on what a record says of its attachments."""

from __future__ import annotations

import re

from edi.rules import sources
from edi.rules.profile import Profile
from edi.rules.registry import APEXIFICATION_CLAIM, APEXIFICATION_LIMITS, Problem, Problems, Scope, rule
from edi.visit import feature as has
from edi.visit.facts import Facts
from edi.visit.fields import field_at
from edi.visit.suggestion import printable

MISSING = ("163", "252")
PWK = ("2300", "PWK06")
IMAGES = ("radiograph", "photograph")
_ID = re.compile(field_at("attachments", "id").schema["pattern"])
_APART = ("AA", "BM", "FX")  # on request, by mail, by fax


def called(attachment_id: str) -> str:
    """How a message calls an attachment."""
    return f'Attachment "{printable(attachment_id)}"'


def _named(attachment_id: str) -> str:
    """An id that a radiograph names, where it is one: a sentence in its place may tell of a person."""
    return f'attachment "{attachment_id}"' if _ID.match(attachment_id) else "an attachment by no id"


@rule(
    "APX-ATT-COUNT",
    "attachment",
    "error",
    title="Too many attachments",
    checks="A claim has at most the profile's number of attachments (default 10).",
    why="A claim can announce ten attachments. The payer does not connect any others with it.",
    fix="Put several films into one image, several documents into one PDF.",
    source=sources.GUIDE,
    scope=Scope(needs=has.SEVERAL_ATTACHMENTS),
    denials=("16",),
    remarks=("N753",),
    element=("2300", "PWK"),
)
def too_many(facts: Facts, profile: Profile) -> Problems:
    count = len(facts.attachments)
    if count <= profile.attachments:
        return None
    path = f"/attachments/{profile.attachments}"
    said = f"The claim has {count} attachments; it can announce {profile.attachments}{profile.citation('attachments')}."
    return [Problem(path, said + _to_merge(facts))]


def _to_merge(facts: Facts) -> str:
    """Names the files of the type that has most of them: of one type they make one document."""
    by_type: dict[str, list[str]] = {}
    for attachment in facts.attachments:
        if attachment.get("file"):
            by_type.setdefault(attachment["type"], []).append(f'"{printable(attachment["id"])}"')
    names = max(by_type.values(), key=len, default=[])
    if len(names) < 2:
        return ""
    return f" Merge these, which are of one type: {', '.join(names)}."


def _repeated(facts: Facts, field: str, words: str) -> list[Problem]:
    problems = []
    first: dict[object, int] = {}
    for place, attachment in enumerate(facts.attachments):
        value = attachment.get(field)
        if value is not None and first.setdefault(value, place) != place:
            message = f"Attachments {first[value] + 1} and {place + 1} have the same {words}."
            problems.append(Problem(f"/attachments/{place}/{field}", message))
    return problems


@rule(
    "APX-ATT-ID",
    "attachment",
    "error",
    title="Two attachments with the same id",
    checks="No two attachments of a record have the same id.",
    why="A radiograph that names this id could mean either file.",
    fix="Give each attachment its own id, and correct the radiographs that name it.",
    source=sources.ATTACHMENTS,
    scope=Scope(needs=has.SEVERAL_ATTACHMENTS),
    denials=MISSING,
    remarks=("N753",),
    element=PWK,
)
def same_id(facts: Facts, profile: Profile) -> Problems:
    return _repeated(facts, "id", "id")


@rule(
    "APX-ATT-CONTROL-NUMBER",
    "attachment",
    "error",
    title="Two attachments with the same control number",
    checks="No two attachments of a record have the same control number.",
    why="The payer matches claim and file by this number. When two files share it, one is lost.",
    fix="Give each attachment its own control number, or leave it out: one is then assigned.",
    source=sources.ATTACHMENTS,
    scope=Scope(needs=has.SEVERAL_ATTACHMENTS),
    denials=MISSING,
    remarks=("N753",),
    element=PWK,
)
def same_control_number(facts: Facts, profile: Profile) -> Problems:
    return _repeated(facts, "controlNumber", "control number")


def _images_are_not_those_named(facts: Facts) -> bool:
    named = [film["attachmentId"] for film in facts.clinical.get("radiographs", ()) if "attachmentId" in film]
    return named != [each["id"] for each in facts.attachments if each["type"] in IMAGES]


@rule(
    "APX-ATT-UNLISTED",
    "attachment",
    "error",
    title="Radiograph names an attachment that is not listed",
    checks="An `attachmentId` of a radiograph is the id of one of the record's attachments.",
    why="The chart promises an image that the payer will not get.",
    fix="List the attachment with its file, or correct the id.",
    source=sources.ATTACHMENTS,
    scope=Scope(never=has.VOID),
    when=_images_are_not_those_named,
    denials=MISSING,
    remarks=("N40",),
    element=PWK,
)
def unlisted(facts: Facts, profile: Profile) -> Problems:
    films = facts.clinical.get("radiographs", ())
    ids = {attachment["id"] for attachment in facts.attachments}
    return [
        Problem(
            f"/clinical/radiographs/{place}/attachmentId",
            f"The radiograph of {film['date']} names {_named(film['attachmentId'])}, which is not listed.",
        )
        for place, film in enumerate(films)
        if "attachmentId" in film and film["attachmentId"] not in ids
    ]


@rule(
    "APX-ATT-UNUSED",
    "attachment",
    "warning",
    title="Image that the chart does not mention",
    checks="With D3351, D3352 or D3353 a radiograph or a text of the chart names each attached image by its id.",
    why="A reviewer cannot tell what an image shows when the chart does not mention it.",
    fix="Write its id as `attachmentId` of its radiograph, or into a finding.",
    source=sources.ATTACHMENTS,
    scope=APEXIFICATION_CLAIM._replace(needs=has.ATTACHMENTS | has.CLINICAL),
    when=_images_are_not_those_named,
    denials=("250", "251"),
    remarks=("N706",),
    element=PWK,
)
def unused(facts: Facts, profile: Profile) -> Problems:
    films = facts.clinical.get("radiographs")
    if not films:
        return None  # the radiograph is what is missing
    named = [film.get("attachmentId") for film in films]
    loose = [
        place
        for place, attachment in enumerate(facts.attachments)
        if attachment["id"] not in named and attachment["type"] in IMAGES
    ]
    if not loose:
        return None
    ids = [attachment["id"] for attachment in facts.attachments]
    if any(name is not None and name not in ids for name in named):
        return None  # a mistyped id is a finding of its own, and may mean this image
    chart = " ".join(_texts(facts.clinical)) + " " + facts.visit.get("narrative", "")
    return [
        Problem(
            f"/attachments/{place}",
            f"{called(facts.attachments[place]['id'])} is an image that the chart does not mention.",
        )
        for place in loose
        if not re.search(rf"(?<![\w-]){re.escape(facts.attachments[place]['id'])}(?![\w-])", chart)
    ]


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [text for item in value for text in _texts(item)] if isinstance(value, list) else []


@rule(
    "APX-ATT-NO-IMAGE",
    "attachment",
    "warning",
    title="No image attached",
    checks="A claim with D3351, D3352 or D3353 has a radiograph or photograph attached.",
    why="Most payers ask for the film with these codes. Without it the claim is pended or denied.",
    fix="Attach the radiograph of this visit.",
    source=sources.HDS,
    scope=APEXIFICATION_CLAIM,
    denials=("252", "16"),
    remarks=("N40", "N178"),
    element=("2300", "PWK"),
)
def no_image(facts: Facts, profile: Profile) -> Problems:
    for attachment in facts.attachments:
        if attachment["type"] in IMAGES:
            return None
    if profile.required_attachments and any(kind in IMAGES for kind, _ in _asked(facts, profile)):
        return None  # reported by the payer's own rule
    for fact in (facts.files or {}).values():
        if fact.media_type and fact.media_type.startswith("image/"):
            return None
    return [Problem("/attachments", f"No image is attached to the claim for {facts.lines[0].code}.")]


def _asked(facts: Facts, profile: Profile) -> dict[tuple[str, str], None]:
    """Type of attachment and code that it is asked for, each once."""
    wanted = profile.required_attachments
    return {(kind, line.code): None for line in facts.lines for kind in wanted.get(line.code, ())}


@rule(
    "APX-ATT-REQUIRED",
    "attachment",
    "error",
    title="Attachment that the payer requires",
    checks="The claim has each type of attachment that the payer's profile requires with its codes.",
    why="Without it the claim is denied, or pended until the payer has asked for it.",
    fix="Attach it with its file, or say how it is sent (`transmission`).",
    source=sources.PROFILE,
    scope=APEXIFICATION_LIMITS,
    denials=("252", "16"),
    remarks=("N40", "N178"),
    element=("2300", "PWK"),
)
def required_attachment(facts: Facts, profile: Profile) -> Problems:
    types = {attachment["type"] for attachment in facts.attachments}
    told: dict[str, str] = {}
    for kind, code in _asked(facts, profile):
        # A narrative that is written here travels with the claim, in its notes or as an attachment.
        if kind not in types and kind != "narrative":
            said = profile.citation(f"required_attachments.{code}")
            told.setdefault(
                kind, f"The payer requires an attachment of type {kind} with {code}{said}; none is listed."
            )
    return [Problem("/attachments", message) for message in told.values()]


@rule(
    "APX-ATT-DUE",
    "attachment",
    "info",
    title="Attachment with a deadline",
    checks="Where the payer's profile sets a deadline, each attachment that is not sent electronically is reported.",
    why="A late attachment counts as missing, and the claim is not paid.",
    fix="Send it today, or electronically with the claim.",
    source=sources.HDS,
    scope=APEXIFICATION_LIMITS._replace(needs=has.LIMITS | has.ATTACHMENTS),
    denials=("252", "164"),
    remarks=("N40",),
    element=PWK,
)
def attachment_due(facts: Facts, profile: Profile) -> Problems:
    limit = profile.attachment_days
    if limit is None:
        return None
    said = profile.citation("attachment_days")
    return [
        Problem(
            f"/attachments/{place}/transmission",
            f"{called(attachment['id'])} is not sent with the claim; it must reach the payer within {limit} days{said}.",
        )
        for place, attachment in enumerate(facts.attachments)
        if attachment.get("transmission") in _APART
    ]
