"""Claims that were sent, each with its payload and the record it was made of.

Whoever asks for a claim does not care where it is found: `edi.flows.kept_claims` finds it by the ledger, whatever folder it was
written to; `FolderClaims` finds it among the claims of the last run in one folder.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

import orjson

from edi.errors import InputError
from edi.flows.kept_line import Payload, SourceRecord, is_payload
from edi.ledger.run_files import CLAIMS
from edi.visit.intake import Unreadable, read_inputs
from edi.visit.parse import parse
from edi.visit.schema import is_valid
from edi.x12.input_file import STDIN, display_name


class SentClaim(NamedTuple):
    """A claim that was sent, by the provider with this `npi` ("": not known). Where its payload or its record is not found,
    `missing` is a sentence that says why and what to do. `ledger_id` is its id in the ledger, where it was found by that."""

    visit_id: str
    control_number: str
    npi: str
    payload: Payload | None
    source: SourceRecord | None
    missing: str = ""
    ledger_id: int | None = None

    def whole(self) -> tuple[Payload, SourceRecord]:
        """Its payload and its record. Raises InputError when they are not found."""
        if self.payload is None or self.source is None:
            raise InputError(self.missing)
        return self.payload, self.source

    def in_short(self) -> SentClaim:
        """The same without payload and record."""
        return self._replace(payload=None, source=None)


class SentClaims(Protocol):
    """Where claims are looked for. `name` is what a message calls it."""

    name: str

    def find(self, number: str) -> SentClaim:
        """The claim that a number means. Raises InputError when there is none, or more than one may be meant."""

    def matching(self, control_numbers: Collection[str]) -> Iterator[SentClaim]:
        """The claims that have one of these patient control numbers, in any order, in flat memory. Several practices may have used a
        number: then one of each."""


class FolderClaims:
    """The claims of the last run that wrote into a folder; their records are read again from where they were."""

    def __init__(self, folder: Path) -> None:
        self.name = str(folder)
        self._folder = folder

    def find(self, number: str) -> SentClaim:
        for payload in self._payloads():
            if number in (payload["patientControlNumber"], payload["visitId"]):
                (found,) = _with_records([payload])
                return found
        raise InputError(
            f"{self._folder / CLAIMS} has no claim {number}: give a patient control number or visitId of it."
        )

    def matching(self, control_numbers: Collection[str]) -> Iterator[SentClaim]:
        found = {
            each["patientControlNumber"]: each
            for each in self._payloads()
            if each["patientControlNumber"] in control_numbers
        }
        yield from _with_records(found.values())

    def _payloads(self) -> Iterator[Payload]:
        """The payloads of the folder. Raises InputError when there are none to read."""
        file = self._folder / CLAIMS
        try:
            with file.open("rb") as lines:
                for number, line in enumerate(lines, start=1):
                    try:
                        payload = orjson.loads(line)
                    except orjson.JSONDecodeError:
                        payload = None
                    if not is_payload(payload):
                        raise InputError(
                            f"{file}, line {number} is not a payload of edi convert. Convert the visits again into another folder."
                        )
                    yield payload
        except OSError as error:
            reason = error.strerror or error
            raise InputError(
                f"{file} cannot be read: {reason}. Name the folder that edi convert wrote into."
            ) from error


def _with_records(found: Iterable[Payload]) -> Iterator[SentClaim]:
    """Each of these payloads with the record it was made of, read again from its file. A record that is no longer there, or came by
    standard input, is missing. Each file is read once, as far as needed."""
    wanted: dict[str, dict[str, Payload]] = {}
    for payload in found:
        wanted.setdefault(payload["source"]["file"], {})[payload["visitId"]] = payload
    for file, claims in wanted.items():
        for source in () if file == STDIN else _records(file, claims):
            yield _sent(claims.pop(source.visit["visitId"]), source)
        yield from (_sent(payload, None) for payload in claims.values())


def _records(file: str, claims: Collection[str]) -> Iterator[SourceRecord]:
    """The first record in a file of each of these visitIds, as long as there are any."""
    for item in read_inputs((file,), format="auto", columns=None, stdin=None):
        if isinstance(item, Unreadable) or not claims:
            return
        if item.finding is None:
            record, fault = parse(item.data)
            if fault is None and is_valid(record) and record["visitId"] in claims:
                yield SourceRecord(record, item.base)


def _sent(payload: Payload, source: SourceRecord | None) -> SentClaim:
    number, file = payload["patientControlNumber"], display_name(payload["source"]["file"])
    missing = f"The record of {number} is no longer in {file}, or says something else now. Convert it from a file that stays."
    npi = source.visit["billingProvider"].get("npi", "") if source else ""
    return SentClaim(payload["visitId"], number, npi, payload, source, "" if source else missing)
