"""The check of a DICOM file: all of its pixel data must be there. The picture itself is not decoded.

Source: DICOM PS3.10 (file meta information) and PS3.5 (elements, transfer syntaxes, encapsulated pixel data).
"""

from __future__ import annotations

import re
import struct
from typing import Final

from edi.visit.facts import FileProblem

_META: Final = 132  # octets of the preamble and DICM
_GROUP_LENGTH = re.compile(rb"\x02\x00\x00\x00UL\x04\x00(.{4})", re.DOTALL)
_SYNTAX = re.compile(rb"\x02\x00\x10\x00UI..([0-9.]{1,64})", re.DOTALL)
_IMPLICIT: Final = b"1.2.840.10008.1.2"
_BIG_ENDIAN: Final = b"1.2.840.10008.1.2.2"
_DEFLATED: Final = b"1.2.840.10008.1.2.1.99"
_PIXELS: Final = (0x7FE0, 0x0010)
_UNDEFINED: Final = 0xFFFFFFFF
_SEQUENCE_END: Final = b"\xfe\xff\xdd\xe0"


def dicom_problem(octets: bytes) -> FileProblem | None:
    """What is wrong with a DICOM file; None when all of its pixel data are there."""
    group_length = _GROUP_LENGTH.match(octets, _META)
    if group_length is None:
        return "does-not-open"
    start = group_length.end() + int.from_bytes(group_length[1], "little")
    syntax = _SYNTAX.search(octets, group_length.end(), start)
    if syntax is None:
        return "does-not-open"
    if syntax[1] == _DEFLATED:  # its elements are not read
        return None if start < len(octets) else "truncated"
    return _pixel_problem(octets, start, syntax[1])


def _pixel_problem(octets: bytes, start: int, syntax: bytes) -> FileProblem | None:
    order = ">" if syntax == _BIG_ENDIAN else "<"
    tag = struct.pack(order + "HH", *_PIXELS)
    head = re.compile(re.escape(tag) + (b"(.{4})" if syntax == _IMPLICIT else b"O[BW]..(.{4})"), re.DOTALL)
    problem: FileProblem = "does-not-open"
    for found in head.finditer(octets, start):  # more than one: an icon has pixels too
        (length,) = struct.unpack(order + "I", found[1])
        if length == _UNDEFINED:
            whole = octets.find(_SEQUENCE_END, found.end()) >= 0
        else:
            whole = 0 < length <= len(octets) - found.end()
        if whole:
            return None
        problem = "truncated"
    return problem
