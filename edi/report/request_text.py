"""Payers' requests for attachments, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from shlex import quote
from typing import Any, NamedTuple

from edi.printable import printable
from edi.report.colours import Paint, plain


class Looked(NamedTuple):
    """Where the claim of a request was looked up: what that is called (None: nowhere), and the folder, where it is one. `missing`
    says why what was sent is not found, or is ""."""

    name: str | None
    folder: Path | None = None
    missing: str = ""


def request_text(file: str, request: Mapping[str, Any], looked: Looked, paint: Paint = plain) -> str:
    """One request (of `edi.flows.requests.match.request_json`): which payer asks for what, by when, and the command that answers it."""
    claim = request["claimNumber"] or "a claim without a number"
    head = f"{printable(claim)}  asked by {printable(request['payerId'])}"
    if request["due"]:
        head += f", answer by {request['due']}"
    number = printable(request["requestNumber"])
    lines = [paint(head, "bold"), f"  request {number} by {request['guide']}, in {file}"]
    for ask in request["asks"]:
        lines += _ask(ask, known=request["visitId"] is not None and not looked.missing)
    if looked.missing:
        lines.append(f"  {printable(looked.missing)}")
    elif request["visitId"]:
        lines.append(f"  answer: {_answer(claim, file, looked.folder)}")
    elif looked.name:
        elsewhere = ": look in the folder of an earlier run" if looked.folder else ""
        lines.append(f"  No claim in {looked.name} has this number{elsewhere}.")
    return "\n".join(lines)


def _answer(claim: str, file: str, folder: Path | None) -> str:
    """The command that answers a request."""
    words = ["edi", "attach", claim, "--request", file]
    words += ["--from", str(folder), "-o", str(folder)] if folder else ["-o", "out"]
    return " ".join(map(quote, words))


def _ask(ask: Mapping[str, Any], *, known: bool) -> Iterator[str]:
    where = (
        f" for line {ask['lineNumber'] or ask['procedure']}" if ask["lineNumber"] or ask["procedure"] else ""
    )
    narrowed = f", narrowed by {' and '.join(ask['narrowedBy'])}" if ask["narrowedBy"] else ""
    yield printable(f"  {ask['code']} {ask['meaning']}{where}{narrowed}")
    if known:
        yield printable(f"    at hand: {', '.join(ask['atHand']) or 'nothing; name the files to send'}")
        if ask["gone"]:
            yield printable(
                f"    no longer where it was: {', '.join(ask['gone'])}; bring it back, or name the files to send"
            )
