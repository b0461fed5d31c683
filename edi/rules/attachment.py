"""Files that travel with a claim. They apply to every claim, but for the two rules about images of the tooth."""

from __future__ import annotations

from pathlib import PurePosixPath

from edi.rules import sources
from edi.rules.profile import Profile
from edi.rules.registry import ASKED, DENTAL, Problem, Problems, Scope, rule
from edi.visit import feature as has
from edi.visit.facts import Facts, FileProblem
from edi.visit.nearest import shown

_MISSING = ("163", "252")
_PWK = ("2300", "PWK06")
IMAGES = ("radiograph", "photograph")
_APART = ("AA", "BM", "FX")  # on request, by mail, by fax


def _name(attachment_id: str) -> str:
    return f'Attachment "{shown(attachment_id)}"'


def _file_rule(name: str, kind: FileProblem, title: str, checks: str, why: str, said: str, fix: str) -> None:
    """Register the rule for one thing that can be wrong with a file."""

    @rule(
        name,
        "attachment",
        "error",
        title=title,
        checks=checks,
        why=why,
        fix=fix,
        source=sources.ATTACHMENTS,
        scope=Scope(needs=has.ATTACHMENTS | has.FILES),
        denials=_MISSING,
        remarks=("N40",),
        element=_PWK,
    )
    def check(facts: Facts, profile: Profile) -> Problems:
        problems = []
        for place, attachment in enumerate(facts.attachments):
            fact = (facts.files or {}).get(attachment["id"])
            if fact is not None and fact.problem == kind:
                found = (
                    f" (found: {fact.media_type})" if kind == "not-what-name-says" and fact.media_type else ""
                )
                suffix = PurePosixPath(attachment.get("file", "")).suffix[:8].lower() or "no suffix"
                message = f"{_name(attachment['id'])} {said.format(suffix=suffix)}{found}."
                problems.append(Problem(f"/attachments/{place}/file", message))
        return problems


_file_rule(
    "APX-ATT-MISSING",
    "missing",
    "Attachment file not there",
    "Every attachment's file is there.",
    "An announced attachment that never comes holds the claim, then refuses it.",
    "names a file that is not there",
    "Put the file where `file` says, counted from the record's own file, or correct the name.",
)
_file_rule(
    "APX-ATT-EMPTY",
    "empty",
    "Attachment file empty",
    "No attachment's file is empty.",
    "The payer gets nothing to look at.",
    "names an empty file",
    "Export the image or document again.",
)
_file_rule(
    "APX-ATT-UNREADABLE",
    "unreadable",
    "Attachment file unreadable",
    "Every attachment's file can be read.",
    "What cannot be read cannot be sent.",
    "names a file that cannot be read",
    "Check that it is a file, not a folder, and that this account may read it.",
)
_file_rule(
    "APX-ATT-OUTSIDE",
    "outside",
    "Attachment outside the record's folder",
    "Every attachment's file lies in the folder of the record, or under it.",
    "A path or link that leads out could send another patient's file, or a system's.",
    "leads out of the record's folder",
    "Copy the file into the record's folder and name it from there.",
)
_file_rule(
    "APX-ATT-TYPE",
    "not-what-name-says",
    "Attachment is not what its name says",
    "The bytes of an attachment are of the type that its name tells.",
    "Payers' systems refuse a file whose content is not its type, often without saying which.",
    'is not of the type that its name says ("{suffix}")',
    "Save it again in the type of its name, or correct the suffix.",
)
_file_rule(
    "APX-ATT-TRUNCATED",
    "truncated",
    "Attachment file cut off",
    "Every attachment's file is whole (its end mark is there).",
    "A half image cannot be read: the payer asks again or refuses.",
    "is cut off: its end is missing",
    "Export or copy the file again.",
)
_file_rule(
    "APX-ATT-ENCRYPTED",
    "encrypted",
    "Attachment locked by a password",
    "No attached PDF is encrypted.",
    "The payer has no key: it sees nothing, and asks again.",
    "is an encrypted PDF",
    "Save the PDF without protection, or print it to a new one.",
)
_file_rule(
    "APX-ATT-UNKNOWN-TYPE",
    "unknown-type",
    "Attachment of an unknown type",
    "An attachment is PNG, JPEG, TIFF or PDF; a document may also be text or XML.",
    "Clearinghouses and payers take only these.",
    "is of a type that payers do not take",
    "Save images as PNG, JPEG or TIFF, documents as PDF.",
)


@rule(
    "APX-ATT-SIZE",
    "attachment",
    "error",
    title="Attachment too large",
    checks="No attachment is larger than the profile's limit (default 64 MB).",
    why="Larger files are refused on the way.",
    fix="Export the image at a smaller size or resolution that still shows the apex.",
    source=sources.ATTACHMENTS,
    scope=Scope(needs=has.ATTACHMENTS | has.FILES),
    denials=_MISSING,
    remarks=("N753",),
    element=_PWK,
)
def too_large(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for place, attachment in enumerate(facts.attachments):
        fact = (facts.files or {}).get(attachment["id"])
        if fact is not None and fact.size > profile.attachment_bytes:
            message = f"{_name(attachment['id'])} has {fact.size:,} bytes; the limit is {profile.attachment_bytes:,}{profile.said('attachment_bytes')}."
            problems.append(Problem(f"/attachments/{place}/file", message))
    return problems


@rule(
    "APX-ATT-METADATA",
    "attachment",
    "info",
    title="Notes left out of an image",
    checks="What an image file says beside its picture (Exif, place, text, comments) is left out, and this is said.",
    why="Cameras and programs note places and names that the payer did not ask for.",
    fix="Nothing needs to be done; the picture itself is sent as it is.",
    source=sources.CHOICE,
    scope=Scope(needs=has.ATTACHMENTS | has.FILES),
    element=_PWK,
)
def notes_left_out(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for place, attachment in enumerate(facts.attachments):
        fact = (facts.files or {}).get(attachment["id"])
        if fact is not None and fact.removed:
            message = f"{_name(attachment['id'])} is sent without what its file says beside the picture: {', '.join(fact.removed)}."
            problems.append(Problem(f"/attachments/{place}/file", message))
    return problems


@rule(
    "APX-ATT-REDUCED",
    "attachment",
    "info",
    title="Image made smaller",
    checks="An image that was reduced to what the payer takes (`--fit-images`) is pointed out.",
    why="What was sent is not what lies in the chart: whoever reads the film should know.",
    fix="Look whether the apex can still be judged; else export a smaller part of the image yourself.",
    source=sources.CHOICE,
    scope=Scope(needs=has.ATTACHMENTS | has.FILES),
    element=_PWK,
)
def made_smaller(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for place, attachment in enumerate(facts.attachments):
        fact = (facts.files or {}).get(attachment["id"])
        if fact is not None and fact.reduced_from:
            message = (
                f"{_name(attachment['id'])} was reduced from {fact.reduced_from:,} to {fact.size:,} bytes."
            )
            problems.append(Problem(f"/attachments/{place}/file", message))
    return problems


@rule(
    "APX-ATT-COUNT",
    "attachment",
    "error",
    title="Too many attachments",
    checks="A claim has at most the profile's number of attachments (default 10).",
    why="A claim can announce ten; the others would not belong to it.",
    fix="Put several films on one page or in one PDF.",
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
    said = f"The claim has {count} attachments; it can announce {profile.attachments}{profile.said('attachments')}."
    return [Problem(path, said + _to_merge(facts))]


def _to_merge(facts: Facts) -> str:
    """Names the files of the type that has most of them: of one type they make one document."""
    by_type: dict[str, list[str]] = {}
    for attachment in facts.attachments:
        if attachment.get("file"):
            by_type.setdefault(attachment["type"], []).append(f'"{shown(attachment["id"])}"')
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
            message = f"Attachments {first[value] + 1} and {place + 1} have one {words}."
            problems.append(Problem(f"/attachments/{place}/{field}", message))
    return problems


@rule(
    "APX-ATT-ID",
    "attachment",
    "error",
    title="Two attachments with one id",
    checks="Each attachment of a record has an id of its own.",
    why="A radiograph that names the id could mean either file.",
    fix="Give each attachment its own id, and correct the radiographs that name it.",
    source=sources.ATTACHMENTS,
    scope=Scope(needs=has.SEVERAL_ATTACHMENTS),
    denials=_MISSING,
    remarks=("N753",),
    element=_PWK,
)
def same_id(facts: Facts, profile: Profile) -> Problems:
    return _repeated(facts, "id", "id")


@rule(
    "APX-ATT-CONTROL-NUMBER",
    "attachment",
    "error",
    title="Two attachments with one control number",
    checks="Each attachment of a record has a control number of its own, where it has one.",
    why="The payer joins claim and file by this number; with one number for two, a file is lost.",
    fix="Give each attachment its own control number, or leave it out: then one is made.",
    source=sources.ATTACHMENTS,
    scope=Scope(needs=has.SEVERAL_ATTACHMENTS),
    denials=_MISSING,
    remarks=("N753",),
    element=_PWK,
)
def same_control_number(facts: Facts, profile: Profile) -> Problems:
    return _repeated(facts, "controlNumber", "control number")


@rule(
    "APX-ATT-UNLISTED",
    "attachment",
    "error",
    title="Radiograph names an attachment that is not listed",
    checks="An `attachmentId` of a radiograph is the id of one of the record's attachments.",
    why="The chart promises an image that the payer will not get.",
    fix="List the attachment with its file, or correct the id.",
    source=sources.ATTACHMENTS,
    scope=Scope(needs=has.ODD_IMAGE, never=has.VOID),
    denials=_MISSING,
    remarks=("N40",),
    element=_PWK,
)
def unlisted(facts: Facts, profile: Profile) -> Problems:
    clinical = facts.visit.get("clinical")
    films = clinical.get("radiographs") if clinical else None
    if not films:
        return None
    ids = [attachment["id"] for attachment in facts.attachments]
    return [
        Problem(
            f"/clinical/radiographs/{place}/attachmentId",
            f'The radiograph of {film["date"]} names attachment "{shown(film["attachmentId"])}", which is not listed.',
        )
        for place, film in enumerate(films)
        if "attachmentId" in film and film["attachmentId"] not in ids
    ]


@rule(
    "APX-ATT-UNUSED",
    "attachment",
    "warning",
    title="Image that nothing refers to",
    checks="With D3351, D3352 or D3353 each attached image is named by a radiograph, or by its id in the chart.",
    why="A reviewer cannot tell what an image shows that the chart does not speak of.",
    fix="Name it as `attachmentId` of its radiograph, or mention its id in a finding.",
    source=sources.ATTACHMENTS,
    scope=DENTAL._replace(needs=has.ATTACHMENTS | has.CLINICAL | has.ODD_IMAGE),
    denials=("250", "251"),
    remarks=("N706",),
    element=_PWK,
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
            f"{_name(facts.attachments[place]['id'])} is an image that the chart never names.",
        )
        for place in loose
        if facts.attachments[place]["id"] not in chart
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
    why="Most payers ask for the film of these codes; without it the claim waits or is refused.",
    fix="Attach the radiograph of this visit.",
    source=sources.HDS,
    scope=DENTAL,
    denials=("252", "16"),
    remarks=("N40", "N178"),
    element=("2300", "PWK"),
)
def no_image(facts: Facts, profile: Profile) -> Problems:
    for attachment in facts.attachments:
        if attachment["type"] in IMAGES:
            return None
    if profile.required_attachments and any(kind in IMAGES for kind, _ in _asked(facts, profile)):
        return None  # told by the payer's own rule
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
    why="Without it the claim is refused, or waits until it is asked for.",
    fix="Attach it with its file, or say how it is sent (`transmission`).",
    source=sources.PROFILE,
    scope=ASKED,
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
            said = profile.said(f"required_attachments.{code}")
            told.setdefault(
                kind, f"The payer requires an attachment of type {kind} with {code}{said}; none is listed."
            )
    return [Problem("/attachments", message) for message in told.values()]


@rule(
    "APX-ATT-DUE",
    "attachment",
    "info",
    title="Attachment that must arrive in time",
    checks="Where the payer's profile has a time limit, attachments not sent electronically are pointed out.",
    why="An attachment that comes late counts as missing, and the claim is not payable.",
    fix="Send it today, or electronically with the claim.",
    source=sources.HDS,
    scope=ASKED._replace(needs=has.LIMITS | has.ATTACHMENTS),
    denials=("252", "164"),
    remarks=("N40",),
    element=_PWK,
)
def attachment_due(facts: Facts, profile: Profile) -> Problems:
    limit = profile.attachment_days
    if limit is None:
        return None
    said = profile.said("attachment_days")
    return [
        Problem(
            f"/attachments/{place}/transmission",
            f"{_name(attachment['id'])} does not travel with the claim; the payer takes it for {limit} days{said}.",
        )
        for place, attachment in enumerate(facts.attachments)
        if attachment.get("transmission") in _APART
    ]
