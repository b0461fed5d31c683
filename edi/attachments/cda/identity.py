"""Identifiers: the same visit, file and version always get the same ones, and no two things share one.

Each stands under an arc of the settings' OID root. All but the patient's begin with the billing provider's NPI, so that
practices which share a root do not meet; a slash parts what they are made of, for it stands in none of the parts.
"""

from __future__ import annotations

import uuid
from typing import NamedTuple

from edi.visit.record import Visit

_DOCUMENT, _SET, _VISIT, _PATIENT, _ENTRY = "1", "2", "3", "4", "5"
_PEOPLE = uuid.uuid5(uuid.NAMESPACE_OID, "2.16.840.1.113883.1.3")


class Identity(NamedTuple):
    """Makes the identifiers (root, extension) of one document of a visit; `key` tells it from the visit's others."""

    oid_root: str
    visit: Visit
    key: str

    def document(self, version: int) -> tuple[str, str]:
        """The document's own."""
        return self._of(_DOCUMENT, self.key, str(version))

    def set(self) -> tuple[str, str]:
        """What all versions of the document share."""
        return self._of(_SET, self.key)

    def encounter(self) -> tuple[str, str]:
        """The visit's."""
        return self._of(_VISIT)

    def entry(self, name: str) -> tuple[str, str]:
        """A coded entry's; the same in every document of the visit."""
        return self._of(_ENTRY, name)

    def patient(self) -> tuple[str, str]:
        """The patient's, who is known by name, birth date, payer and member number; none of them can be read from it."""
        visit = self.visit
        patient = visit.get("patient") or visit["subscriber"]
        known = (
            visit["payer"]["payerId"],
            visit["subscriber"]["memberId"],
            patient["lastName"],
            patient.get("firstName", ""),
            patient.get("birthDate", ""),
        )
        return f"{self.oid_root}.{_PATIENT}", str(uuid.uuid5(_PEOPLE, "\x1f".join(known)))

    def _of(self, arc: str, *parts: str) -> tuple[str, str]:
        return f"{self.oid_root}.{arc}", "/".join(
            (self.visit["billingProvider"]["npi"], self.visit["visitId"], *parts)
        )
