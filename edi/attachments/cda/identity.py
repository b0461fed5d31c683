"""Identifiers of documents: the same for the same visit, file and version, and different for everything else.

Each stands under an arc of the settings' OID root. All but the patient's begin with the billing provider's NPI, so that
practices which share a root do not meet; a slash parts what they are made of, for it stands in none of the parts.
"""

from __future__ import annotations

import hashlib
import uuid

from edi.attachments.cda.markup import quoted
from edi.visit.record import Visit

_DOCUMENT, _SET, _VISIT, _PATIENT, _ENTRY = "1", "2", "3", "4", "5"
_PEOPLE = hashlib.sha1(uuid.uuid5(uuid.NAMESPACE_OID, "2.16.840.1.113883.1.3").bytes, usedforsecurity=False)
_VARIANT = "89ab" * 4


class Identity:
    """Makes the identifiers (root, extension) of one document of a visit; `key` tells the visit's documents
    apart."""

    __slots__ = ("_entry", "_key", "_own", "_root", "_visit")

    def __init__(self, oid_root: str, visit: Visit, key: str) -> None:
        self._root = oid_root
        self._visit = visit
        self._own = f"{visit['billingProvider']['npi']}/{visit['visitId']}"
        self._key = key
        self._entry = f'<id root="{oid_root}.{_ENTRY}" extension="{quoted(self._own)}'

    def document(self, version: int) -> tuple[str, str]:
        """The document's identifier."""
        return f"{self._root}.{_DOCUMENT}", f"{self._own}/{self._key}/{version}"

    def set(self) -> tuple[str, str]:
        """The identifier that all versions of the document share."""
        return f"{self._root}.{_SET}", f"{self._own}/{self._key}"

    def encounter(self) -> tuple[str, str]:
        """The visit's identifier."""
        return f"{self._root}.{_VISIT}", self._own

    def entry(self, name: str) -> str:
        """A coded entry's, as the element that holds it; the same in every document of the visit. In a `name` there is
        nothing to escape."""
        return f'{self._entry}/{name}"/>'

    def patient(self) -> tuple[str, str]:
        """The patient's identifier, made of name, birth date, payer and member number; none of them can be read from it."""
        visit = self._visit
        patient = visit.get("patient") or visit["subscriber"]
        known = (
            visit["payer"]["payerId"],
            visit["subscriber"]["memberId"],
            patient["lastName"],
            patient.get("firstName", ""),
            patient.get("birthDate", ""),
        )
        return f"{self._root}.{_PATIENT}", _uuid5("\x1f".join(known))


def _uuid5(name: str) -> str:
    """A name-based UUID of version 5 (RFC 9562) in the namespace of people, in a quarter of the time that `uuid` takes."""
    digest = _PEOPLE.copy()
    digest.update(name.encode())
    letters = digest.hexdigest()
    variant = _VARIANT[int(letters[16], 16)]
    return f"{letters[:8]}-{letters[8:12]}-5{letters[13:16]}-{variant}{letters[17:20]}-{letters[20:32]}"
