"""Inputs to records: files, folders and standard input in JSON, NDJSON, CSV and XML, one record at a time."""

from edi.visit.intake.inputs import FORMATS, read_inputs
from edi.visit.intake.records import RawRecord, Unreadable

__all__ = ["FORMATS", "RawRecord", "Unreadable", "read_inputs"]
