"""Functions that copy an object of the record to loops of the claim, as visit.schema.json says (x-x12, x-codes, default).

Every claim runs them, so they are written out as Python, one statement for a field, and compiled:

    if 'line2' in record:
        values['N3 N302'] = record['line2']
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from edi.claim.template import write_loop
from edi.claim.values import amount_text, date_text
from edi.visit.fields import Field
from edi.visit.x12_targets import x12_targets

Rule = Callable[[Any, Any, Any], Any]
"""From a field's value, the object that the field is in, and the visit: the value to send, or None to send nothing. Of a field
with several targets a rule gives a value, or None, for each. It is not asked where the record does not have the field."""

Values = dict[str, str]
"""What stands in a loop and the loops below it: texts by address (`edi.x12.loop_text`)."""

_INDENT = "    "


class CopySource:
    """The source of a function from an object and the visit to the values of a loop and of the loops below it, `loop_ids`.
    `rules` and `without` have the names of fields (`Field.name`). Fields in `without` are not copied."""

    def __init__(
        self, field: Field, loop_ids: Sequence[str], rules: Mapping[str, Rule], without: Collection[str]
    ) -> None:
        self._loop_ids = loop_ids
        self._rules = rules
        self._without = without
        self._names: dict[str, Any] = {
            "amount_text": amount_text,
            "date_text": date_text,
            "write_loop": write_loop,
        }
        lines = [*self._object(field, "record", _INDENT), f"{_INDENT}return values"]
        self.text = "\n".join(("def copy(record, visit):", f"{_INDENT}values = {{}}", *lines))

    def function(self) -> Callable[[Any, Any], Values]:
        """The function."""
        exec(self.text, self._names)
        copy: Callable[[Any, Any], Values] = self._names["copy"]
        return copy

    def _object(self, around: Field, record: str, pad: str) -> Iterator[str]:
        for key, field in around.members.items():
            if field.name not in self._without:
                yield from self._field(field, record, key in around.required, pad)

    def _field(self, field: Field, record: str, required: bool, pad: str) -> Iterator[str]:
        conditions, value = self._conditions(field, record, required)
        indent = _INDENT * sum(line.endswith(":") for line in conditions)
        sent = list(self._sent(field, value, pad + indent))
        if sent:
            for line in conditions:
                yield f"{pad}{line}"
                pad += _INDENT if line.endswith(":") else ""
            yield from sent

    def _conditions(self, field: Field, record: str, required: bool) -> tuple[list[str], str]:
        """On what it depends whether a field is sent, and the value to send then."""
        key, rule, schema = field.path[-1], self._rules.get(field.name), field.schema
        value = f"{record}[{key!r}]"
        lines = []
        if not required and ("default" not in schema or "x-omit" in schema or rule):
            lines.append(f"if {key!r} in {record}:")
        elif not required:
            value = f"{record}.get({key!r}, {schema['default']!r})"
        if "x-omit" in schema:
            lines.append(f"if {value} != {schema['x-omit']!r}:")
        if rule:
            lines += [f"value = {self._name(rule)}({value}, {record}, visit)", "if value is not None:"]
            value = "value"
        return lines, value

    def _sent(self, field: Field, value: str, pad: str) -> Iterator[str]:
        if not (field.item or field).members:
            yield from self._texts(field, value, pad)
        elif field.item:
            yield from self._segments(field.item, value, pad)
        else:
            record = "_".join(("record", *field.path))
            if inner := list(self._object(field, record, pad)):
                yield f"{pad}{record} = {value}"
                yield from inner

    def _texts(self, field: Field, value: str, pad: str) -> Iterator[str]:
        """A value at its target, or several values at one target each."""
        addresses = self._addresses(field)
        if len(addresses) == 1:
            yield f"{pad}values[{addresses[0]!r}] = {self._text(field, value)}"
        elif addresses:
            if not field.item and field.name not in self._rules:
                raise ValueError(
                    f"{field.name} has several targets: a rule says which of them take its value."
                )
            yield f"{pad}for address, each in zip({addresses!r}, {value}):"
            yield f"{pad}{_INDENT}if each is not None:"
            yield f"{pad}{_INDENT * 2}values[address] = {self._text(field.item or field, 'each')}"

    def _segments(self, entry: Field, value: str, pad: str) -> Iterator[str]:
        """A segment of its own for each entry of a list of objects."""
        addresses = [address for field in entry.below() for address in self._addresses(field)]
        if addresses:
            copy = self._name(CopySource(entry, self._loop_ids, self._rules, self._without).function())
            yield f"{pad}values[{addresses[0].partition(' ')[0]!r}] = ''.join("
            yield f"{pad}{_INDENT}[write_loop({self._loop_ids[0]!r}, {copy}(each, visit)) for each in {value}]"
            yield f"{pad})"

    def _addresses(self, field: Field) -> tuple[str, ...]:
        """The field's targets in the loops, as addresses from the first loop on."""
        root = self._loop_ids[0]
        return tuple(
            target.address if target.loop == root else f"{target.loop}/{target.address}"
            for target in x12_targets().get(field.path, ())
            if target.loop in self._loop_ids
        )

    def _text(self, field: Field, value: str) -> str:
        """A value as text of an element."""
        if codes := field.schema.get("x-codes"):
            booleans = {"true": True, "false": False}
            return f"{self._name({booleans.get(word, word): code for word, code in codes.items()})}[{value}]"
        if field.schema.get("format") == "date":
            return f"date_text({value})"
        if "number" in field.schema.get("type", ()):
            return f"amount_text({value})"
        return f"str({value})" if field.kind == "integer" else value

    def _name(self, thing: Any) -> str:
        """A name for a thing that the source uses."""
        name = f"_{len(self._names)}"
        self._names[name] = thing
        return name
