"""The billing provider's level (loop 2000A): who bills, and where the money goes."""

from __future__ import annotations

from edi.guide.claim_837d.subscriber import SUBSCRIBER_LEVEL
from edi.guide.notation import R, loop, use
from edi.guide.segments import city, contact, level, organization, provider, reference, specialty, street

_TAX_NUMBER = R("REF02 Tax number", form="TAXID")
_SUFFIX = "Doubt: sources mark it not used, the professional guide has it; it is accepted."
_RENDERS = "Wanted when the billing provider is the rendering provider of all claims below."

_BILLING_PROVIDER = loop(
    "2010AA R 1 Billing provider",
    provider("NM1 150 R 1 Billing provider", "85", "1 2", suffix_note=_SUFFIX),
    street(250, note="A street address: no PO box and no lock box."),
    city(300, note="A US postal code has nine digits here."),
    reference("REF 350 R 1 Billing provider's tax number", "EI SY", _TAX_NUMBER),
    reference(
        "REF 350 S 2 Billing provider's license or UPIN",
        "0B 1G",
        R("REF02 License or UPIN"),
        note="Meant for providers without an NPI.",
    ),
    contact("PER 400 S 2 Billing provider's contact", "Wanted where it differs from the submitter's."),
)

_PAY_TO_ADDRESS = loop(
    "2010AB S 1 Pay-to address",
    use(
        "NM1 150 R 1 Pay-to address",
        R("NM101 Entity", "87"),
        R("NM102 Person or organization", "1 2", note="Doubt: one source has 2 only; both are accepted."),
    ),
    street(250),
    city(300),
    note="Only where it differs from the billing provider's address; a PO box may stand here.",
)

_PAY_TO_PLAN = loop(
    "2010AC S 1 Pay-to plan",
    organization("NM1 150 R 1 Pay-to plan", "PE", "PI XV"),
    street(250),
    city(300),
    reference("REF 350 S 1 Pay-to plan's secondary number", "2U FY NF"),
    reference("REF 350 R 1 Pay-to plan's tax number", "EI", _TAX_NUMBER),
    note="Subrogation only.",
)

BILLING_LEVEL = loop(
    "2000A R >1 Billing provider level",
    level("HL 10 R 1 Billing provider level", "20", "1", top=True),
    specialty("PRV 30 S 1 Billing provider's specialty", "BI", _RENDERS),
    use("CUR 100 S 1 Foreign currency", R("CUR01 Entity", "85"), R("CUR02 Currency", form="CURRENCY")),
    _BILLING_PROVIDER,
    _PAY_TO_ADDRESS,
    _PAY_TO_PLAN,
    SUBSCRIBER_LEVEL,
    at=300,
)
