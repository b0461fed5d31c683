"""The content of a 275 as values: the attachments of one claim, their sender, receiver and patient.

One model for both guides and both occasions. Unsolicited (`asked` nowhere): each attachment goes under the control
number that PWK06 of the claim names. Solicited (`AttachmentSet.solicited`): each goes under the number that the payer
gave its request, and repeats what was asked. `edi.attachments.writer` makes X12 of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from edi.attachments.content import Content
from edi.visit.record import Address

Form = Literal["HL", "IA", "TX"]
"""CAT02: an HL7 document, an image (or PDF), a text."""


class Name(NamedTuple):
    """A person, or an organization (`person` false; then only `last` is used)."""

    last: str
    first: str = ""
    middle: str = ""
    suffix: str = ""
    person: bool = True


class Payer(NamedTuple):
    """`qualifier` tells the kind of the id: PI, or XV for a national plan id."""

    name: str
    id: str
    qualifier: str = "PI"


class Sender(NamedTuple):
    """The provider whose claim it is: NPI, and taxonomy code and address where they are known."""

    name: Name
    npi: str = ""
    taxonomy: str = ""
    address: Address | None = None


class Question(NamedTuple):
    """A question in an STC composite: the category ("R4"), the code asked for, and the list it is from (LOI: LOINC;
    "" for the payers' own status codes)."""

    category: str
    code: str
    list: str = "LOI"


class Asked(NamedTuple):
    """One STC of a request: the document (STC01), and what narrows it (STC10, STC11)."""

    document: Question
    window: Question | None = None
    item: Question | None = None


class Attached(NamedTuple):
    """One attachment. `control_number` becomes TRN02: PWK06 of the claim, or the number of the payer's request.

    `content` is what travels, of `media_type`; `form` says what it is. `asked` are the questions that it answers (at
    most three). `line_number` is the REF*6R of the claim's line that it is about, "" for the whole claim."""

    control_number: str
    content: Content
    media_type: str
    form: Form
    asked: Sequence[Asked] = ()
    line_number: str = ""


class AttachmentSet(NamedTuple):
    """The attachments of one claim: one transaction set.

    `claim_number` is CLM01. `service_date` is CCYYMMDD, or a period CCYYMMDD-CCYYMMDD, or "". `request_number` is the
    payer's number of its request and makes the set a solicited one (BGN01 11); "" an unsolicited one (BGN01 02)."""

    payer: Payer
    sender: Sender
    patient: Name
    member_id: str
    claim_number: str
    attachments: Sequence[Attached]
    service_date: str = ""
    request_number: str = ""

    @property
    def solicited(self) -> bool:
        return bool(self.request_number)
