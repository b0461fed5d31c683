"""What the files of attachments are, and what is sent of them. They apply to every claim."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from edi.rules import sources
from edi.rules.attachment import IMAGES, MISSING, PWK, called
from edi.rules.profile import Profile, Source
from edi.rules.registry import Problem, Problems, Scope, rule
from edi.visit import feature as has
from edi.visit.facts import Facts, FileFact, FileProblem
from edi.visit.record import Attachment


def _files(facts: Facts) -> Iterator[tuple[int, Attachment, FileFact]]:
    """The attachments that name a file, each with its place and what was found of it."""
    for place, attachment in enumerate(facts.attachments):
        fact = (facts.files or {}).get(attachment["id"])
        if fact is not None:
            yield place, attachment, fact


def _has_file_problem(facts: Facts) -> bool:
    return any(fact.problem for fact in (facts.files or {}).values())


def _file_rule(
    name: str,
    kind: FileProblem,
    title: str,
    checks: str,
    why: str,
    said: str,
    fix: str,
    source: Source = sources.ATTACHMENTS,
) -> None:
    """Register the rule for one thing that can be wrong with a file."""

    @rule(
        name,
        "attachment",
        "error",
        title=title,
        checks=checks,
        why=why,
        fix=fix,
        source=source,
        scope=Scope(needs=has.FILES),
        when=_has_file_problem,
        denials=MISSING,
        remarks=("N40",),
        element=PWK,
    )
    def check(facts: Facts, profile: Profile) -> Problems:
        problems = []
        for place, attachment, fact in _files(facts):
            if fact.problem == kind:
                found = (
                    f" (found: {fact.media_type})" if kind == "not-what-name-says" and fact.media_type else ""
                )
                suffix = PurePosixPath(attachment.get("file", "")).suffix[:8].lower() or "no suffix"
                message = f"{called(attachment['id'])} {said.format(suffix=suffix)}{found}."
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
    "Every attachment's file is whole: its end is there, and of an image all of its data.",
    "A half image cannot be read: the payer asks again or refuses.",
    "is cut off: a part of it is missing",
    "Export or copy the file again.",
)
_file_rule(
    "APX-ATT-DAMAGED",
    "does-not-open",
    "Image that does not open",
    "Every attached image can be decoded; a DICOM file holds one.",
    "The payer sees no picture: it asks again or refuses.",
    "does not open as an image: it is damaged, or holds no picture",
    "Look at the file, and export the image again from the program that made it.",
)
_file_rule(
    "APX-ATT-PIXELS",
    "too-many-pixels",
    "Image of too many pixels",
    "An attached image has at most 80 million pixels, all pages together, on at most 200 pages.",
    "An image that is too large to be opened here cannot be known to open at the payer's. A film has a tenth of that.",
    "has more pixels or pages than can be opened",
    "Export it at a lower resolution, or only the part that shows the tooth.",
    sources.CHOICE,
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
    "An attachment is PNG, JPEG, TIFF, DICOM or PDF; a document may also be text or XML.",
    "Clearinghouses and payers take only these.",
    "is of a type that payers do not take",
    "Save images as PNG, JPEG or TIFF, documents as PDF.",
)


@rule(
    "APX-ATT-NOT-IMAGE",
    "attachment",
    "error",
    title="Film or photograph that is no image",
    checks="A radiograph or photograph is an image (PNG, JPEG, TIFF) or DICOM.",
    why="Dental attachment services take films as images alone.",
    fix="Export the film as PNG, JPEG or TIFF; attach a document as `report` or `other`.",
    source=sources.ATTACHMENTS,
    scope=Scope(needs=has.FILES),
    denials=MISSING,
    remarks=("N40",),
    element=PWK,
)
def not_an_image(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for place, attachment, fact in _files(facts):
        found = fact.media_type
        if attachment["type"] not in IMAGES or fact.problem or not found:
            continue
        if not found.startswith("image/") and found != "application/dicom":
            message = f"{called(attachment['id'])} is a {attachment['type']}, and its file is none (found: {found})."
            problems.append(Problem(f"/attachments/{place}/file", message))
    return problems


@rule(
    "APX-ATT-SIZE",
    "attachment",
    "error",
    title="Attachment too large",
    checks="No attachment is larger than the profile's limit (default 64 MB).",
    why="Larger files are refused on the way.",
    fix="Export the image at a smaller size or resolution that still shows the apex.",
    source=sources.ATTACHMENTS,
    scope=Scope(needs=has.FILES),
    denials=MISSING,
    remarks=("N753",),
    element=PWK,
)
def too_large(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for place, attachment, fact in _files(facts):
        if fact.size > profile.attachment_bytes:
            message = f"{called(attachment['id'])} has {fact.size:,} bytes; the limit is {profile.attachment_bytes:,}{profile.citation('attachment_bytes')}."
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
    scope=Scope(needs=has.FILES),
    element=PWK,
)
def notes_left_out(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for place, attachment, fact in _files(facts):
        if fact.removed:
            message = f"{called(attachment['id'])} is sent without what its file says beside the picture: {', '.join(fact.removed)}."
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
    scope=Scope(needs=has.FILES),
    element=PWK,
)
def made_smaller(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for place, attachment, fact in _files(facts):
        if fact.reduced_from:
            message = (
                f"{called(attachment['id'])} was reduced from {fact.reduced_from:,} to {fact.size:,} bytes."
            )
            problems.append(Problem(f"/attachments/{place}/file", message))
    return problems
