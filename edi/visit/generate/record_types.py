"""The types of the visit record as Python source, from visit.schema.json."""

from __future__ import annotations

import json
from collections.abc import Iterator

from edi.visit.fields import Field, visit_fields
from edi.visit.schema import visit_schema

_LINE = 110

_HEAD = '''\
"""The visit record as types: plain dictionaries at run time, names that mypy checks.

Generated from visit.schema.json by `python -m edi.visit.generate`. A record that passed the schema has these types once the
fields are taken out that are null or "" (`edi.visit.absent`). One visit is one claim.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict'''


def record_types() -> str:
    """The source of `edi.visit.record`: one class for each title of an object in the schema."""
    classes: dict[str, list[Field]] = {}
    for each in _objects(visit_fields()):
        classes.setdefault(each.schema["title"], []).append(each)
    return "\n\n\n".join([_HEAD, *("\n".join(_class(title, each)) for title, each in classes.items())]) + "\n"


def _objects(field: Field) -> Iterator[Field]:
    """The objects below a field, each after those that it holds."""
    entry = field.item or field
    for member in entry.members.values():
        yield from _objects(member)
    if entry.members:
        yield entry


def _class(title: str, fields: list[Field]) -> Iterator[str]:
    """A class for all objects of one title: a member that one of them may lack is not required."""
    yield f"class {title}(TypedDict):"
    yield f'    """{_meaning(title, fields[0])}"""'
    yield ""
    members = {key: member for field in fields for key, member in field.members.items()}
    for key, member in members.items():
        required = all(key in field.required for field in fields)
        name = _type(member)
        line = f"    {key}: {name if required else f'NotRequired[{name}]'}"
        # A choice with too many values for the line is just text.
        yield line if len(line) <= _LINE else line.replace(name, "str")


def _meaning(title: str, field: Field) -> str:
    """What the objects are, in one sentence: of a definition with the title, or else of the field."""
    definitions = [each for each in visit_schema()["$defs"].values() if each.get("title") == title]
    description: str = (definitions or [field.schema])[0]["description"]
    return f"{description.partition('. ')[0].rstrip('.')}."


def _type(field: Field) -> str:
    if field.item:
        alone = "str | " if field.may_be_alone else ""
        return f"{alone}list[{_type(field.item)}]"
    if field.members:
        title: str = field.schema["title"]
        return title
    if "enum" in field.schema:
        return f"Literal[{', '.join(json.dumps(value) for value in field.schema['enum'] if value)}]"
    if "number" in field.schema["type"]:
        return "str | int | float"
    return {"integer": "int", "boolean": "bool"}.get(field.kind, "str")
