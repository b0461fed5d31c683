"""The head of an 837D: ST, BHT, submitter and receiver, and the billing provider's level (2000A)."""

from __future__ import annotations

from edi.guide.notation import loop, use
from edi.guide.segments import city, contact, organization, provider, reference, set_header, specialty, street
from edi.guide.shape import R, S

TRANSACTION_HEADER = set_header(50, "837")

BEGINNING = use(
    "BHT",
    100,
    "R",
    1,
    "Beginning of the claims",
    R("Hierarchical structure", "0019"),
    R("Purpose", "00 18"),
    R("Batch number", note="Receivers keep 30 characters."),
    R("Date written", form="DATE"),
    R("Time written", form="TM"),
    R("Claims or encounters", "31 CH RP", note="Doubt: 31 may come from other guides; it is accepted."),
)

SUBMITTER = loop(
    "1000A",
    "R",
    1,
    "Submitter",
    use(
        "NM1",
        200,
        "R",
        1,
        "Submitter",
        R("Entity", "41"),
        R("Person or organization", "1 2"),
        R("Last or organization name"),
        S("First name"),
        S("Middle name"),
        2,
        R("Identifier kind", "46"),
        R("Submitter identifier"),
        3,
    ),
    contact(450, "R", "Submitter's contact"),
)

RECEIVER = loop("1000B", "R", 1, "Receiver", organization(200, "40", "Receiver", "46"))

BILLING_LEVEL = use(
    "HL",
    10,
    "R",
    1,
    "Billing provider level",
    R("Level number", form="LEVEL"),
    1,
    R("Level", "20"),
    R("Has levels below", "1"),
)

BILLING_SPECIALTY = specialty(
    30,
    "S",
    "BI",
    "Billing provider's specialty",
    "Wanted when the billing provider is the rendering provider of all claims below.",
)

CURRENCY = use("CUR", 100, "S", 1, "Foreign currency", R("Entity", "85"), R("Currency", form="CURRENCY"), 19)

BILLING_PROVIDER = loop(
    "2010AA",
    "R",
    1,
    "Billing provider",
    provider(
        150,
        "85",
        "Billing provider",
        "1 2",
        suffix_note="Doubt: sources mark it not used, the professional guide has it; it is accepted.",
    ),
    street(250, note="A street address: no PO box and no lock box."),
    city(300, note="A US postal code has nine digits here."),
    reference(
        350,
        "R",
        1,
        "EI SY",
        "Billing provider's tax number",
        R("Tax number", form="TAXID"),
    ),
    reference(
        350,
        "S",
        2,
        "0B 1G",
        "Billing provider's license or UPIN",
        R("License or UPIN"),
        note="Meant for providers without an NPI.",
    ),
    contact(400, "S", "Billing provider's contact", "Wanted where it differs from the submitter's."),
)

PAY_TO_ADDRESS = loop(
    "2010AB",
    "S",
    1,
    "Pay-to address",
    use(
        "NM1",
        150,
        "R",
        1,
        "Pay-to address",
        R("Entity", "87"),
        R("Person or organization", "1 2", note="Doubt: one source has 2 only; both are accepted."),
        10,
    ),
    street(250),
    city(300),
    note="Only where it differs from the billing provider's address; a PO box may stand here.",
)

PAY_TO_PLAN = loop(
    "2010AC",
    "S",
    1,
    "Pay-to plan",
    organization(150, "PE", "Pay-to plan", "PI XV"),
    street(250),
    city(300),
    reference(350, "S", 1, "2U FY NF", "Pay-to plan's secondary number"),
    reference(350, "R", 1, "EI", "Pay-to plan's tax number", R("Tax number", form="TAXID")),
    note="Subrogation only.",
)
