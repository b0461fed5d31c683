"""`python -m edi.visit.generate` writes edi/visit/record.py and visit.xsd from visit.schema.json."""

from __future__ import annotations

from edi.visit.generate.files import generated

for file, text in generated().items():
    file.write_text(text, encoding="utf-8")
