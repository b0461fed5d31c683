"""Writers of the dental claim's segments and loops, bound to its guide."""

from __future__ import annotations

from functools import partial

from edi.guide.claim_837d import GUIDE
from edi.x12.loop_text import loop_writer
from edi.x12.template import template as template_of

template = partial(template_of, GUIDE)
"""`template(loop_id, address, *refs)`: see `edi.x12.template.template`."""

write_loop = loop_writer(GUIDE)
"""`write_loop(loop_id, values)`: see `edi.x12.loop_text.loop_writer`."""
