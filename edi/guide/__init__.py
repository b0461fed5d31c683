"""Formats as data: what writer, validator, reader and documentation are all driven by."""
