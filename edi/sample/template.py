"""Example records with blanks, and how they are filled."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from edi.sample.chance import Chance


def load(name: str) -> Any:
    """The examples in a file of this folder."""
    return json.loads(Path(__file__).with_name(name).read_bytes())


def fill(example: Any, facts: Mapping[str, object], chance: Chance) -> Any:
    """A copy of the example with its blanks filled: `{name}` by a fact, each `#` by a digit, `{"oneOf": [...]}` by one of the list.
    A key with `{"sometimes": share, "value": ...}` is there in that share of the copies."""
    if isinstance(example, str):
        text = example.format_map(facts) if "{" in example else example
        return re.sub("#", lambda _: chance.digits(1), text) if "#" in text else text
    if isinstance(example, list):
        return [fill(item, facts, chance) for item in example]
    if not isinstance(example, dict):
        return example
    if "oneOf" in example:
        return fill(chance.pick(example["oneOf"]), facts, chance)
    copy = {}
    for key, item in example.items():
        if isinstance(item, dict) and "sometimes" in item:
            if chance.flip(item["sometimes"]):
                copy[key] = fill(item["value"], facts, chance)
        else:
            copy[key] = fill(item, facts, chance)
    return copy
