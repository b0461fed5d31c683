"""Files made from visit.schema.json: the types of `edi.visit.record`, and visit.xsd."""
