"""XML: a visit, or visits with any number of them, as visit.xsd has it.

Streamed: one visit is in memory at a time. Documents with a DOCTYPE are refused, entities are not resolved,
nothing is fetched, and libxml2's limits on depth and size stay on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from lxml import etree

from edi.finding import Finding
from edi.visit.absent import drop_absent
from edi.visit.fields import Field, visit_fields
from edi.visit.intake.records import BLANKS, Input, RawRecord, Unreadable, as_json, refusal
from edi.visit.intake.typed import typed
from edi.visit.markup_fault import markup_fault
from edi.visit.schema import is_valid, schema_text, usable_id
from edi.visit.suggestion import printable

_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
_NIL = f"{_INSTANCE}nil"
_PIECE = 64 * 1024
_LARGE = 64 * 1024
_MOST_ATTRIBUTES = 1000


def read_xml(source: Input) -> Iterator[RawRecord | Unreadable]:
    """One record from each visit; what follows a fault in the document is Unreadable, with its line."""
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    walk = _Walk(source)
    try:
        for chunk in source.chunks:
            for start in range(0, len(chunk), _PIECE):
                parser.feed(chunk[start : start + _PIECE])
                yield from walk.take(parser)
                if walk.refused:
                    yield source.unreadable(walk.refused)
                    return
        parser.close()
        yield from walk.take(parser)
        if walk.refused:
            yield source.unreadable(walk.refused)
    except etree.XMLSyntaxError:
        yield from walk.take(parser)
        yield source.unreadable(walk.refused or _why(parser.feed_error_log))


def _why(log: Any) -> str:
    line, fault = markup_fault(log)
    if len(log) and log[0].type == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
        return (
            f"Near line {line} it has elements more than 255 deep or a text of more than 10 MB, which no visit "
            "needs. Take them out. Visits before that were taken."
        )
    return f"It is not well-formed XML: line {line}, {fault}. Visits before that were taken."


class _Walk:
    """Follows the parser through the document, and cuts it into visits."""

    def __init__(self, source: Input) -> None:
        self.refused = ""
        self._source = source
        self._depth = 0
        self._deepest_record = 0

    def take(self, parser: Any) -> Iterator[RawRecord]:
        for event, element in parser.read_events():
            if self.refused:
                return
            if event == "start":
                if self._depth == 0:
                    self._root(element)
                self._depth += 1
                continue
            self._depth -= 1
            if self._depth == self._deepest_record:
                yield self._record(element)
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]

    def _root(self, root: Any) -> None:
        if root.getroottree().docinfo.internalDTD is not None:
            self.refused = "It has a DOCTYPE, which is not read. Take the DOCTYPE and its entities out."
        elif root.tag not in ("visits", "visit"):
            self.refused = "Its outermost element is neither visits nor visit (without a namespace)."
        self._deepest_record = 1 if root.tag == "visits" else 0

    def _record(self, element: Any) -> RawRecord:
        line = element.sourceline
        if element.tag != "visit":
            finding = refusal(
                "SCH-UNKNOWN-KEY",
                f'visits has an element "{printable(element.tag)}"; it may hold only visit.',
                'Rename it to "visit", or take it out.',
            )
            return self._source.record(as_json(_plain(element)), line, finding)
        stray: list[Finding] = []
        record = _value(element, visit_fields(), stray) or {}
        stray = [replace(finding, visit_id=usable_id(record)) for finding in stray]
        data = as_json(record)
        # libxml2 takes the square of how many faults there are: what is large must keep to the record's limits first.
        fit = not stray and (len(data) <= _LARGE or is_valid(drop_absent(record)))
        if fit and not _xsd().validate(element) and is_valid(drop_absent(record)):
            stray.append(_against_xsd(record))
        return self._source.record(data, line, stray[0] if stray else None)


@cache
def _xsd() -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring(schema_text("xsd").encode()))


def _against_xsd(record: Any) -> Finding:
    # libxml2's own message quotes the value, which may be a person's.
    log: Any = _xsd().error_log
    fault = log[0]
    return refusal(
        "SCH-XSD",
        f"The visit does not keep to visit.xsd at line {fault.line}.",
        "Compare it with visit.xsd (edi schema xsd).",
        record,
    )


def _value(element: Any, field: Field, stray: list[Finding]) -> Any:
    """The element as a value of the record, "" when it is empty; notes what has no place in a record.

    An element given twice where the record has no list becomes a list all the same: the schema check says so.
    """
    extras = _attributes(element, stray)
    if not field.members:
        value = _plain(element) if len(element) else typed(element.text or "", field)
        return {"#text": value, **extras} if extras else value
    extras |= _text_between(element, stray)
    if not len(element) and not extras:
        return ""
    out: dict[str, Any] = {}
    for child in element:
        known = field.members.get(child.tag)
        if known is None:
            _put(out, child.tag, _plain(child))
        elif known.item is not None:
            value = _value(child, known.item, stray)
            if value != "":
                out.setdefault(child.tag, []).append(value)
        else:
            _put(out, child.tag, _value(child, known, stray))
    for key, known in field.members.items():
        if known.may_be_alone and len(out.get(key, ())) == 1:
            out[key] = out[key][0]
    return {**out, **extras}


def _put(out: dict[str, Any], name: str, value: Any) -> None:
    if name not in out:
        out[name] = value
    elif isinstance(out[name], list):
        out[name].append(value)
    else:
        out[name] = [out[name], value]


def _plain(element: Any) -> Any:
    """An element that the schema does not know, as text or as an object of its children."""
    if not len(element):
        return (element.text or "").strip(BLANKS)
    out: dict[str, Any] = {}
    for child in element:
        _put(out, str(child.tag), _plain(child))
    return out


def _attributes(element: Any, stray: list[Finding]) -> dict[str, str]:
    """Attributes as keys that no record has, so that the record stays refused until they are gone."""
    if not len(element.attrib):
        return {}
    # lxml looks each one up from the first on: of very many the record holds the first.
    names = [name for name in element.attrib if name == _NIL or not name.startswith(_INSTANCE)]
    extras = {f"@{name}": element.attrib[name] for name in names[:_MOST_ATTRIBUTES]}
    if extras:
        name = "xsi:nil" if names[0] == _NIL else printable(names[0])
        stray.append(
            refusal(
                "SCH-XML-ATTRIBUTE",
                f'{element.tag} (line {element.sourceline}) has an attribute "{name}"; visits have none.',
                "Write the value as an element of its own, or take the attribute out.",
            )
        )
    return extras


def _text_between(element: Any, stray: list[Finding]) -> dict[str, str]:
    """Text beside elements, likewise."""
    texts = [text.strip(BLANKS) for text in (element.text, *(child.tail for child in element)) if text]
    if not any(texts):
        return {}
    stray.append(
        refusal(
            "SCH-XML-TEXT",
            f"{element.tag} (line {element.sourceline}) has text beside its elements.",
            "Put the text into an element, or take it out.",
        )
    )
    return {"#text": " ".join(filter(None, texts))}
