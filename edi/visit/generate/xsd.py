"""visit.xsd from visit.schema.json: visits as XML.

XSD 1.0 says less than JSON Schema: it has no conditions, no patterns that look ahead, and no required members beside a list. It
refuses nothing that visit.schema.json takes, and visit.schema.json judges the same record afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from edi.visit.fields import Field, visit_fields
from edi.visit.schema import END_OF_TEXT, visit_schema

_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<!-- Generated from visit.schema.json by `python -m edi.visit.generate`. -->
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:annotation>
    <xs:documentation>Dental visit records as XML: a visit, or visits with any number of them. No namespace. Element names are
the keys of visit.schema.json, which is the authority; a list is its element repeated, and an empty optional element
is an absent one. XSD 1.0 has no "any order, this one several times, that one required": where an element may be
repeated, its parent takes its children in any order, and visit.schema.json says which are required.</xs:documentation>
  </xs:annotation>
  <xs:element name="visits">
    <xs:complexType>
      <xs:sequence>
        <xs:element ref="visit" minOccurs="0" maxOccurs="unbounded"/>
      </xs:sequence>
    </xs:complexType>
  </xs:element>
  <xs:element name="visit" type="Visit"/>"""

_LOOK_AHEAD = re.compile(r"\(\?!\.\*\(\?:[^()]*\)\)")


def xsd() -> str:
    """The text of visit.xsd."""
    types = _Types()
    types.object("Visit", visit_fields(), optional=False)
    return "\n".join([_HEAD, *types.lines(), "</xs:schema>", ""])


class _Types:
    """The named types, in the order of their first use."""

    def __init__(self) -> None:
        self._types: dict[str, list[str]] = {}

    def lines(self) -> Iterator[str]:
        """The types as lines of the schema."""
        for lines in self._types.values():
            yield from (f"  {line}" for line in lines)

    def object(self, name: str, field: Field, *, optional: bool) -> str:
        """The name of the type of an object. An optional object may be an empty element, which means that it is absent."""
        lists = any(member.kind == "list" for member in field.members.values())
        may_be_empty = optional and not lists and bool(field.required)
        if may_be_empty:
            name = f"Optional{name}"
        if name not in self._types:
            self._types[name] = []  # its place is before the types that it uses
            empty = ' minOccurs="0"' if may_be_empty else ""
            needed = ", ".join(key for key in field.members if key in field.required)
            words = f"Children in any order.{f' Required: {needed}.' if needed else ''}"
            model = 'choice minOccurs="0" maxOccurs="unbounded"' if lists else "all"
            self._types[name] = [
                f'<xs:complexType name="{name}">',
                *([f"  {_documentation(words)}"] if lists else []),
                f"  <xs:{model}{empty}>",
                *(
                    f"    {line}"
                    for key, member in field.members.items()
                    for line in self._element(key, member, required=lists or key in field.required)
                ),
                f"  </xs:{model.partition(' ')[0]}>",
                "</xs:complexType>",
            ]
        return name

    def _element(self, key: str, field: Field, *, required: bool) -> Iterator[str]:
        entry = field.item or field
        # An empty element in a list is no entry of it.
        optional = entry.optional or field.kind == "list"
        name, content = "", []
        if entry.members:
            name = self.object(_object_name(entry), entry, optional=field.optional)
        elif "enum" in entry.schema:
            values = dict.fromkeys(
                value or "" for value in (*entry.schema["enum"], *([""] if optional else []))
            )
            content = [f"<xs:enumeration value={quoteattr(value)}/>" for value in values]
        elif entry.kind in ("integer", "boolean"):
            name = self._number(entry, optional=optional)
        else:
            name, content = self._text(entry, optional=optional)
        type_name = f' type="{name}"' if name else ""
        absent = "" if required else ' minOccurs="0"'
        yield f'<xs:element name="{key}"{type_name}{absent}>'
        yield f"  {_documentation(_described(field))}"
        if not name:
            yield from (f"  {line}" for line in _simple_type("", "xs:token", content))
        yield "</xs:element>"

    def _number(self, field: Field, *, optional: bool) -> str:
        if field.kind == "boolean":
            name = "xs:boolean"
        else:
            low, high = field.schema["minimum"], field.schema["maximum"]
            bounds = [f'<xs:minInclusive value="{low}"/>', f'<xs:maxInclusive value="{high}"/>']
            name = self._simple(f"From{low}To{high}", "xs:integer", bounds)
        if not optional:
            return name
        empty = self._simple("Empty", "xs:token", ['<xs:length value="0"/>'])
        union = f"Optional{name.removeprefix('xs:').title()}"
        self._types.setdefault(
            union,
            [
                f'<xs:simpleType name="{union}">',
                f'  <xs:union memberTypes="{name} {empty}"/>',
                "</xs:simpleType>",
            ],
        )
        return union

    def _text(self, field: Field, *, optional: bool) -> tuple[str, list[str]]:
        """The name of a type for a text, or what its own type holds."""
        low = 0 if optional else field.schema.get("minLength", 0)
        high = field.schema["maxLength"]
        lengths = [f'<xs:minLength value="{low}"/>'] if low else []
        lengths.append(f'<xs:maxLength value="{high}"/>')
        pattern = _pattern(field.schema["pattern"])
        if pattern is None:
            kind = "" if low < 2 else f"Min{low}"
            return self._simple(f"{'Optional' if optional else ''}{kind}Text{high}", "xs:token", lengths), []
        if optional and not re.fullmatch(pattern, ""):
            pattern = f"({pattern})?"
        content = [f"<xs:pattern value={quoteattr(pattern)}/>", *lengths]
        if field.definition:
            return self._simple(_capital(field.definition), "xs:token", content), []
        return "", content

    def _simple(self, name: str, base: str, content: list[str]) -> str:
        self._types.setdefault(name, list(_simple_type(f' name="{name}"', base, content)))
        return name


def _simple_type(name: str, base: str, content: list[str]) -> Iterator[str]:
    yield f"<xs:simpleType{name}>"
    yield f'  <xs:restriction base="{base}">'
    yield from (f"    {line}" for line in content)
    yield "  </xs:restriction>"
    yield "</xs:simpleType>"


def _object_name(field: Field) -> str:
    """The definition's name; the field's own where the place asks for more than the definition."""
    definition = visit_schema()["$defs"].get(field.definition, {})
    same = field.definition and field.required == frozenset(definition.get("required", ()))
    return _capital(field.definition if same else field.path[-1])


def _pattern(pattern: str) -> str | None:
    """A pattern of the whole text as XSD writes it, which looks nowhere ahead. None where the pattern does not reach to the end of
    the text, or excludes characters: such a pattern is slow in libxml2."""
    if not pattern.endswith(END_OF_TEXT) or "[^" in pattern:
        return None
    whole = _LOOK_AHEAD.sub("", pattern.removeprefix("^").removesuffix(END_OF_TEXT))
    return whole.replace("(?:", "(")


def _described(field: Field) -> str:
    addresses = field.schema.get("x-x12", ())
    listed = addresses if isinstance(addresses, str) else ", ".join(addresses)
    words: str = field.schema["description"]
    return f"{words} X12: {listed}." if listed else words


def _documentation(words: str) -> str:
    return f"<xs:annotation><xs:documentation>{escape(words)}</xs:documentation></xs:annotation>"


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]
