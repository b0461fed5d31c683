"""HTML pages, from the Jinja2 templates in this folder.

A page is one file that loads nothing. Every value is escaped; one that a template asks for and is not given is an error.
Jinja2 is imported when the first page is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from edi.printable import printable

if TYPE_CHECKING:
    from jinja2 import Environment

_AT_ONCE = 200  # pieces of a page that are joined before they are passed on


def render(template: str, **values: Any) -> str:
    """The whole text that a template makes of the values."""
    return _environment().get_template(template).render(values)


def stream(template: str, **values: Any) -> Iterator[str]:
    """The same in parts, while the values are iterated over: a long page takes no more memory than a short one."""
    pieces = _environment().get_template(template).generate(values)
    while some := list(islice(pieces, _AT_ONCE)):
        yield "".join(some)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("edi", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _finalize(value: Any) -> Any:
    """A value without control characters. Markup is left as it is."""
    return printable(value) if type(value) is str else value
