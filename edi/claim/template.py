"""Templates of the dental claim's segments, under the name that every module of this room calls."""

from __future__ import annotations

from functools import partial

from edi.guide.claim_837d import GUIDE
from edi.x12.template import template as template_of

template = partial(template_of, GUIDE)
"""`template(loop_id, address, *refs)`: see `edi.x12.template.template`."""
