"""The visit record: its typed shape, the schema check, and intake from JSON, NDJSON, CSV and XML."""
