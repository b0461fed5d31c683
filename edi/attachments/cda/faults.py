"""The faults that a document can have: id, severity, and what to do."""

from __future__ import annotations

from typing import Final, NamedTuple

from edi.finding import Finding, Severity


class Fault(NamedTuple):
    """One kind of fault, and its cure."""

    fix: str
    severity: Severity = "error"


FAULTS: Final[dict[str, Fault]] = {
    "CDA-XML": Fault("Ask the sender for the document again: it is damaged, or no XML."),
    "CDA-DOCTYPE": Fault("Take the DOCTYPE and its entities out; CDA documents have none."),
    "CDA-SIZE": Fault(
        "Send films and files in base64 in an unstructured document, and records in shorter ones."
    ),
    "CDA-ROOT": Fault("Send a ClinicalDocument of HL7 CDA Release 2."),
    "CDA-TEMPLATE": Fault(
        "Claim the R2.1 templates (extension 2015-08-01) that the document follows.", "warning"
    ),
    "CDA-HEADER": Fault("Send the element; the US Realm header demands it.", "warning"),
    "CDA-BODY": Fault(
        "Send one structuredBody, or one nonXMLBody with the file in base64 and its media type."
    ),
    "CDA-BASE64": Fault("Ask the sender for the file again: what is there is not the whole of it."),
    "CDA-MEDIA-TYPE": Fault(
        "Send a PDF, an image or a text in one of the types that C-CDA lists.", "warning"
    ),
    "CDA-COMPRESSED": Fault("Unpack the file with care: it is given as it came.", "warning"),
    "CDA-SIGNATURE": Fault("Do not rely on the document: ask the signer for it again."),
    "CDA-SIGNATURE-UNVERIFIED": Fault("Verify it by other means before relying on it.", "warning"),
}


def fault(rule: str, message: str) -> Finding:
    """A finding of one of these kinds."""
    kind = FAULTS[rule]
    return Finding(rule=rule, category="attachment", severity=kind.severity, message=message, fix=kind.fix)
