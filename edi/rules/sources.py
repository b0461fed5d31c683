"""The sources that the rules name."""

from __future__ import annotations

from edi.rules.profile import Source

CDT = Source("CDT update files on D3351-D3353: what each visit holds, films included", "2026-11")
DENIALS = Source("Denial reasons and remark codes seen on apexification claims", "2026-11")
CHOICE = Source("This project's choice; no payer's published limit was found", "2026-11")
TEXTBOOK = Source("General endodontic teaching on the open apex and its closure", "2026-11")
EAPD = Source("Vendors' code explainers and EAPD 2017 on apical barriers placed in one visit", "2017")
ADULTS = Source("International Endodontic Journal 13201: apexification between 18 and 40 years", "2026-11")
ICD = Source("ICD-10-CM, chapters K and S: form of a code, and which codes have children", "2026-11")
TEETH = Source("Tooth designations: OAC 317:30-5-703, ResDAC tooth number list", "2026-11")
NO_THIRD_MOLARS = Source("Washington Apple Health: no endodontics on 1, 16, 17, 32", "2026-11")
DELTA_NJ = Source("Delta Dental of New Jersey, under 19: authorization for planned endodontics", "2026-11")
DELTA = Source("Delta national processing policy: work of several visits is paid on completion", "2026-11")
GEHA = Source("GEHA Connection Dental Federal: D3351 once per tooth in a lifetime", "2023")
HDS = Source("Hawaii Dental Service: no payment without the attachment that the code asks for", "2026-11")
GUIDE = Source("837 Dental guide 005010X224A2, as collected from public implementations", "2026-11")
QUANTITY = Source("X12 interpretation 1866: one service line per unit where a tooth is named", "2026-11")
EDITS = Source(
    "Published claim edits (NextGen 87 to 89, Henry Schein eTrans); Open Dental's treatment areas of codes",
    "2026-11",
)
ZIP = Source(
    "US Postal Service: three-digit ranges of the states (Labeling List L002, Publication 65)", "2026-11"
)
NPI = Source("NPI check digit: ISO Luhn over the prefix 80840 (45 CFR 162.406)", "2004")
TAXONOMY = Source("NUCC provider taxonomy: ten characters", "2026-11")
TAX_ID = Source("IRS: employer and social security numbers have nine digits", "2026-11")
CHILDREN = Source("Public Health Service Act 2714: children are covered until 26", "2010")
CORRECTED = Source(
    "Payers' corrected-claim pages (Premera): frequency 7 or 8 with the first claim's number", "2026-11"
)
ATTACHMENTS = Source("Clearinghouses' attachment limits and types; 64 MB by HL7 and CAQH CORE", "2026-11")
CHARSET = Source("X12 basic and extended character sets, as the 837 guide's appendix gives them", "2026-11")
PROFILE = Source("The payer's profile names its own source: `edi payers` prints it", "2026-11")
