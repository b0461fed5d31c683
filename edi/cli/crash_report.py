"""The report of an error in edi itself: where it happened, without the error's own text.

Python prints an error with its text, and libraries put into it what they were given: a date, a name, a whole record.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator

_IN_WORKER = re.compile(r'^  File "(.+)", line (\d+), in (\S+)$', re.MULTILINE)
_MOST = 40  # lines: endless recursion would fill the screen


def crash_report(error: BaseException) -> str:
    """The kind of error and the lines of code that led to it, the last one last."""
    lines = [
        f"{file}, line {line}, in {name}" for each in _chain(error) for file, line, name in _frames(each)
    ]
    return "\n".join(
        (
            f"edi: stopped by an error in edi itself: {type(error).__name__}. Its text is left out, for it may name a person. "
            "Please report it with these lines:",
            *(f"  {line}" for line in lines[-_MOST:]),
        )
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, after the errors that caused it."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _chain(before)
    yield error


def _frames(error: BaseException) -> Iterator[tuple[str, object, str]]:
    # Of an error in a worker the pool keeps only the printed traceback.
    yield from _IN_WORKER.findall(getattr(error, "tb", ""))
    for frame in traceback.extract_tb(error.__traceback__):
        yield frame.filename, frame.lineno, frame.name
