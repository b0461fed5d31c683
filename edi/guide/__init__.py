"""Formats as data, which writer, reader, validator, inspector and documentation follow."""
