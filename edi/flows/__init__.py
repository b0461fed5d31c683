"""The jobs, without a command line: functions on values that neither print nor exit.

convert    visits -> claims, payloads, rejects, report in a folder
check      the same findings, nothing written
inspect    any X12 file as a tree, each finding at its place
validate   any X12 file against its guide
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from edi.flows.conversion.check import check
    from edi.flows.conversion.convert import convert
    from edi.flows.inspection import inspect
    from edi.validate.run import validate_stream as validate

__all__ = ["check", "convert", "inspect", "validate"]

_HOMES = {
    "check": ("edi.flows.conversion.check", "check"),
    "convert": ("edi.flows.conversion.convert", "convert"),
    "inspect": ("edi.flows.inspection", "inspect"),
    "validate": ("edi.validate.run", "validate_stream"),
}


def __getattr__(name: str) -> Any:
    # Loaded when asked for: a caller who validates need not load what converts.
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)
