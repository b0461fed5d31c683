"""Formats of values: what a date, a tooth or an NPI looks like. A guide's elements name them.

A form with alternatives is written "D8|RD8"; which one a value has is told by the qualifier beside it
(`QUALIFIED`). SNIP 1 is the syntax of a data type, 2 a format the guide asks for, 5 the form of a code
that somebody else keeps (the code's own list is not consulted).

Sources: NPI check digit, 45 CFR 162.406 and ISO/IEC 7812 with the prefix 80840; states, USPS Publication 28 and
Canada Post; ICD-10-CM and ICD-9-CM code structure, CDC/NCHS; places of service, CMS (two digits); tooth numbers,
the universal system with supernumerary teeth 51 to 82 and AS to TS.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from edi.finding import Category


@dataclass(frozen=True, slots=True)
class Form:
    """`says` completes "expected ...". `pattern` is a regex body without capturing groups, to be matched whole;
    `low` and `high` are the lengths it can match, `type` the X12 type its values are of (AN: no other).
    `check` judges what no pattern can."""

    name: str
    says: str
    pattern: str
    low: int
    high: int
    snip: int
    category: Category
    check: Callable[[str], bool] | None = None
    type: str = "AN"

    def fits(self, value: str) -> bool:
        """Whether a value has this form."""
        return re.fullmatch(self.pattern, value) is not None and (self.check is None or self.check(value))


@lru_cache(maxsize=8192)
def npi_check(npi: str) -> bool:
    """True when the tenth digit is right for a ten-digit NPI (Luhn over 80840 and the NPI)."""
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in npi[-2::-2])
    return (24 + doubled + sum(int(digit) for digit in npi[-1::-2])) % 10 == 0


def _in_order(period: str) -> bool:
    return period[:8] <= period[9:]


_DAY = (
    r"[12][0-9]{3}(?:(?:0[13578]|1[02])(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)(?:0[1-9]|[12][0-9]|30)|02(?:0[1-9]|1[0-9]|2[0-8]))"
    r"|(?:[12][0-9](?:0[48]|[2468][048]|[13579][26])|(?:1[26]|2[048])00)0229"
)
_SHORT_DAY = (
    r"[0-9][0-9](?:(?:0[13578]|1[02])(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)(?:0[1-9]|[12][0-9]|30)"
    r"|02(?:0[1-9]|1[0-9]|2[0-8]))|(?:[02468][048]|[13579][26])0229"
)
_MINUTE = r"(?:[01][0-9]|2[0-3])[0-5][0-9]"
_STATES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH "
    "OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS FM GU MH MP PR PW VI AA AE AP "
    "AB BC MB NB NL NS NT NU ON PE QC SK YT"
)

_FORMS = (
    Form("DATE", "a calendar date CCYYMMDD", _DAY, 8, 8, 1, "date", type="DT"),
    Form("YYMMDD", "a calendar date YYMMDD", _SHORT_DAY, 6, 6, 1, "date", type="DT"),
    Form(
        "TM",
        "a time HHMM, HHMMSS or finer",
        rf"{_MINUTE}(?:[0-5][0-9][0-9]{{0,2}})?",
        4,
        8,
        1,
        "date",
        type="TM",
    ),
    Form("HHMM", "a time HHMM", _MINUTE, 4, 4, 1, "date", type="TM"),
    Form("SEPARATOR", "a character that is no letter, digit or blank", r"[^A-Za-z0-9 ]", 1, 1, 1, "format"),
    Form("D8", "a calendar date CCYYMMDD", _DAY, 8, 8, 2, "date", type="DT"),
    Form(
        "RD8",
        "a period CCYYMMDD-CCYYMMDD that does not end before it begins",
        rf"(?:{_DAY})-(?:{_DAY})",
        17,
        17,
        2,
        "date",
        _in_order,
    ),
    Form(
        "LEVEL",
        "a level number: 1 or more, without leading zeros",
        r"[1-9][0-9]{0,11}",
        1,
        12,
        2,
        "format",
        type="N0",
    ),
    Form(
        "COUNTER",
        "a count: 1 or more, without leading zeros",
        r"[1-9][0-9]{0,5}",
        1,
        6,
        2,
        "format",
        type="N0",
    ),
    Form("OCTETS", "a number of octets", r"[0-9]{1,15}", 1, 15, 1, "format", type="N0"),
    Form("WHOLE", "a whole number: 1 or more", r"[1-9][0-9]{0,14}", 1, 15, 2, "charge", type="N0"),
    Form(
        "NPI", "ten digits with a right check digit (an NPI)", r"[0-9]{10}", 10, 10, 5, "provider", npi_check
    ),
    Form("TAXID", "nine digits without hyphens", r"[0-9]{9}", 9, 9, 5, "provider"),
    Form("TAXONOMY", "a taxonomy code: ten digits and letters", r"[0-9A-Z]{10}", 10, 10, 5, "provider"),
    Form("STATE", "a state or province as the post writes it", _STATES.replace(" ", "|"), 2, 2, 5, "format"),
    Form(
        "POSTAL",
        "a postal code without punctuation",
        r"[0-9A-Za-z][0-9A-Za-z ]{1,13}[0-9A-Za-z]",
        3,
        15,
        5,
        "format",
    ),
    Form("COUNTRY", "a country code of two letters", r"[A-Z]{2}", 2, 2, 5, "format"),
    Form("CURRENCY", "a currency code of three letters", r"[A-Z]{3}", 3, 3, 5, "charge"),
    Form(
        "ICD10",
        "an ICD-10-CM code without its dot",
        r"[A-Z][0-9][0-9AB][0-9A-Z]{0,4}",
        3,
        7,
        5,
        "diagnosis",
    ),
    Form(
        "ICD9",
        "an ICD-9-CM code without its dot",
        r"(?:[0-9]{3}|V[0-9][0-9])[0-9]{0,2}|E[0-9]{3}[0-9]?",
        3,
        5,
        5,
        "diagnosis",
    ),
    Form("SNODENT", "a SNODENT code", r"[0-9A-Z]{3,18}", 3, 18, 5, "diagnosis"),
    Form("CDT", "a CDT code: D and four digits", r"D[0-9]{4}", 5, 5, 5, "code"),
    Form("POS", "a place of service of two digits", r"[0-9][0-9]", 2, 2, 5, "code"),
    Form(
        "TOOTH",
        "a tooth: 1 to 32, A to T, or supernumerary 51 to 82, AS to TS",
        r"[1-9]|[12][0-9]|3[0-2]|5[1-9]|[67][0-9]|8[0-2]|[A-T]S?",
        1,
        2,
        5,
        "tooth",
    ),
)

FORMS: dict[str, Form] = {form.name: form for form in _FORMS}

QUALIFIED: dict[str, str] = {
    "D8": "D8",
    "RD8": "RD8",
    "ABK": "ICD10",
    "ABF": "ICD10",
    "BK": "ICD9",
    "BF": "ICD9",
    "TQ": "SNODENT",
}
"""Which alternative a value has, by the code of the qualifier right before it."""


def forms_of(spec: str) -> tuple[Form, ...]:
    """The forms that `ElementUse.form` names, none for "". KeyError when one does not exist."""
    return tuple(FORMS[name] for name in spec.split("|")) if spec else ()
