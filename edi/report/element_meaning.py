"""The meaning of an element's value: a code in words, a date or an amount as people write it, a payload's type and size."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from edi.guide.codes import meanings_of
from edi.guide.forms import FORMS, QUALIFIED
from edi.guide.shape import ElementUse
from edi.guide.standard import ELEMENTS, MONEY
from edi.printable import printable
from edi.validate.pattern import form_of
from edi.x12.binary import WHOLE
from edi.x12.mime import description_of

_AMOUNT = re.compile(r"-?(?:[0-9]{1,15}(?:\.[0-9]{0,2})?|\.[0-9]{1,2})")


def _day(value: str) -> str:
    return f"{value[:4]}-{value[4:6]}-{value[6:]}"


def _short_day(value: str) -> str:
    return _day(f"20{value}")


def _period(value: str) -> str:
    return f"{_day(value[:8])} to {_day(value[9:])}"


def _time(value: str) -> str:
    return ":".join(filter(None, (value[:2], value[2:4], value[4:6])))


_READ: dict[str, Callable[[str], str]] = {
    "D8": _day,
    "DATE": _day,
    "HHMM": _time,
    "RD8": _period,
    "TM": _time,
    "YYMMDD": _short_day,
}
"""How to write a value of each form of `edi.guide.forms`."""


def element_meaning(element: ElementUse, value: str, qualifier: str) -> str:
    """The meaning of a value; "" where the value says it all. `qualifier` is the value before it."""
    if not value or element.number not in ELEMENTS:
        return ""
    if value.isspace():
        return "blank"
    if known := meanings_of(element).get(value):
        return known
    if element.number == MONEY:
        return _amount(value)
    form = form_of(element, qualifier) or FORMS.get(QUALIFIED.get(qualifier, ""))
    if form and form.name in _READ and re.fullmatch(form.pattern, value):
        return _READ[form.name](value)
    return ""


def _amount(value: str) -> str:
    shown = f"{Decimal(value):,.2f}" if _AMOUNT.fullmatch(value) else ""
    return shown if shown != value else ""


def is_payload(element: ElementUse) -> bool:
    """Whether an element carries a file (type B), which is described and not shown."""
    return element.number in ELEMENTS and ELEMENTS[element.number].type == "B"


def payload_summary(value: str, *, mask: bool = False) -> str:
    """A payload's media type and size: "image/png, 12,345 bytes". `value` is the stand-in that a trace has for it
    (`edi.x12.mime`), or the payload itself with a character for each byte. With `mask`, a media type that is not one of
    ours is not shown."""
    from edi.attachments.media import SUFFIXES, media_type_of

    if told := description_of(value):
        kind = "" if mask and told[0] not in SUFFIXES else printable(told[0])
        return f"{kind or 'binary'}, {told[1]:,} bytes"
    if value.startswith(WHOLE):
        return "octets that cannot be read"
    return f"{media_type_of(value[:1024].encode('latin-1')) or 'binary'}, {len(value):,} bytes"
