"""Rules on the files of attachments, and on what is sent of them."""

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
    "Attachment file not found",
    "Every attachment's file exists.",
    "The payer pends a claim whose attachment does not come, then denies it.",
    "names a file that does not exist",
    "Put the file where `file` says, relative to the record's own file, or correct the name.",
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
    "A file that cannot be read cannot be sent.",
    "names a file that cannot be read",
    "Check that it is a file, not a folder, and that this account may read it.",
)
_file_rule(
    "APX-ATT-OUTSIDE",
    "outside",
    "Attachment outside the record's folder",
    "Every attachment's file lies in the folder of the record, or under it.",
    "A path or link out of the folder could send another patient's file, or a file of the system.",
    "is outside the record's folder",
    "Copy the file into the record's folder and name it from there.",
)
_file_rule(
    "APX-ATT-TYPE",
    "not-what-name-says",
    "Attachment does not match its file name",
    "The content of an attachment is of the type that its file name says.",
    "Payers' systems refuse a file whose content is of another type than its name, often without saying which file.",
    'is not of the type that its file name says ("{suffix}")',
    "Save the file again in the type that its name says, or correct the suffix.",
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
    title="Metadata removed from an image",
    checks="Metadata of an image file (Exif, location, text, comments) is not sent, and this is reported.",
    why="Cameras and programs record places and names that the payer did not ask for.",
    fix="Nothing to correct; the picture itself is sent unchanged.",
    source=sources.CHOICE,
    scope=Scope(needs=has.FILES),
    element=PWK,
)
def notes_left_out(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for place, attachment, fact in _files(facts):
        if fact.removed:
            message = f"{called(attachment['id'])} is sent without its metadata: {', '.join(fact.removed)}."
            problems.append(Problem(f"/attachments/{place}/file", message))
    return problems


@rule(
    "APX-ATT-REDUCED",
    "attachment",
    "info",
    title="Image made smaller",
    checks="An image that was reduced to the payer's limit (`--fit-images`) is reported.",
    why="The image that is sent differs from the one in the chart. Whoever reads the film should know.",
    fix="Check that the apex can still be judged. If not, export a smaller part of the image yourself.",
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
