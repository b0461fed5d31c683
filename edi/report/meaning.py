"""A value in words: what a code means, a date or an amount as a person writes it, a payload by its kind and size."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from edi.guide.codes import meanings_of
from edi.guide.forms import FORMS, QUALIFIED
from edi.guide.shape import ElementUse
from edi.guide.standard import ELEMENTS
from edi.report.x12 import printable
from edi.validate.pattern import form_of
from edi.x12.binary import WHOLE
from edi.x12.mime import told_of

_MONEY = "782"
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
"""How a value of a form of `edi.guide.forms` is read."""


def meaning(element: ElementUse, value: str, qualifier: str) -> str:
    """What a value says beyond itself; "" where it says nothing more. `qualifier` is the value before it."""
    if not value or element.number not in ELEMENTS:
        return ""
    if value.isspace():
        return "blank"
    if known := meanings_of(element).get(value):
        return known
    if element.number == _MONEY:
        return _amount(value)
    form = form_of(element, qualifier) or FORMS.get(QUALIFIED.get(qualifier, ""))
    if form and form.name in _READ and re.fullmatch(form.pattern, value):
        return _READ[form.name](value)
    return ""


def _amount(value: str) -> str:
    shown = f"{Decimal(value):,.2f}" if _AMOUNT.fullmatch(value) else ""
    return shown if shown != value else ""


def is_payload(element: ElementUse) -> bool:
    """Whether an element carries a file of its own (type B), which is told of and not shown."""
    return element.number in ELEMENTS and ELEMENTS[element.number].type == "B"


def payload(value: str, *, mask: bool = False) -> str:
    """A payload's kind and size: "image/png, 12,345 bytes". `value` is the stand-in that a trace has of it
    (`edi.x12.mime`), or a payload itself, of which a character is a byte. With `mask`, a kind that its sender has
    thought of is not shown."""
    from edi.attachments.media import SUFFIXES
    from edi.attachments.open import media_type

    if told := told_of(value):
        kind = "" if mask and told[0] not in SUFFIXES else printable(told[0])
        return f"{kind or 'binary'}, {told[1]:,} bytes"
    if value.startswith(WHOLE):
        return "octets that cannot be read"
    return f"{media_type(value[:1024].encode('latin-1')) or 'binary'}, {len(value):,} bytes"
