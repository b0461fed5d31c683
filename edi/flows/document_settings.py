"""How attachments travel: in which guide, submitted by whom, how documents are identified and signed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from edi.attachments.cda import SigningKey, Stamp, signing_key
from edi.settings import Documents, Settings, Submitter


class DocumentSettings(NamedTuple):
    """All that an attachment is written from beside the visit. `versions` and `submitters` are by the key of each receiver that
    takes attachments: the guide, and who submits to it. `as_of` is "today" as an ISO date."""

    versions: Mapping[str, str]
    submitters: Mapping[str, Submitter]
    documents: Documents
    as_of: str

    @property
    def stamp(self) -> Stamp:
        return Stamp(self.documents.oid_root, self.as_of)

    @property
    def key(self) -> SigningKey | None:
        return _key(self.documents.signing_key, self.documents.signing_certificate)


def document_settings(settings: Settings, as_of: str) -> DocumentSettings:
    """The document settings of edi.toml. Raises SettingsError when the signing key cannot be used, also while there is nothing to
    sign yet: half a night's work would be lost at the first attachment."""
    takers = [each for each in settings.receivers if each.attachments != "none"]
    if takers:
        _key(settings.documents.signing_key, settings.documents.signing_certificate)
    return DocumentSettings(
        {each.key: each.attachments for each in takers},
        {each.key: settings.submitter_to(each) for each in takers},
        settings.documents,
        as_of,
    )


@lru_cache(maxsize=1)
def _key(key: Path | None, certificate: Path | None) -> SigningKey | None:
    return signing_key(key, certificate) if key and certificate else None
