"""Bytes to segments and back: delimiters, the streaming reader, atomic private output."""
