"""Payers' requests for attachments, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from shlex import quote
from typing import Any

from edi.printable import printable
from edi.report.colours import Paint, plain


def request_text(file: str, request: Mapping[str, Any], folder: str | None, paint: Paint = plain) -> str:
    """One request (of `edi.flows.requests.match.request_json`): which payer asks for what, by when, and the command that answers it."""
    claim = request["claimNumber"] or "a claim without a number"
    head = f"{printable(claim)}  asked by {printable(request['payerId'])}"
    if request["due"]:
        head += f", answer by {request['due']}"
    number = printable(request["requestNumber"])
    lines = [paint(head, "bold"), f"  request {number} by {request['guide']}, in {file}"]
    for ask in request["asks"]:
        lines += _ask(ask, known=request["visitId"] is not None)
    if request["visitId"]:
        names = map(quote, (claim, file, str(folder), str(folder)))
        lines.append("  answer: edi attach {} --request {} --from {} -o {}".format(*names))
    elif folder:
        lines.append(f"  No claim in {folder} has this number: look in the folder of an earlier run.")
    return "\n".join(lines)


def _ask(ask: Mapping[str, Any], *, known: bool) -> Iterator[str]:
    where = (
        f" for line {ask['lineNumber'] or ask['procedure']}" if ask["lineNumber"] or ask["procedure"] else ""
    )
    narrowed = f", narrowed by {' and '.join(ask['narrowedBy'])}" if ask["narrowedBy"] else ""
    yield printable(f"  {ask['code']} {ask['meaning']}{where}{narrowed}")
    if known:
        yield f"    at hand: {', '.join(ask['atHand']) or 'nothing; name the files to send'}"
