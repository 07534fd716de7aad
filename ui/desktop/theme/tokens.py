"""The visual tokens as plain values, read from the one file that holds them."""

import json
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

TOKENS_FILE = Path(__file__).parents[3] / "resources" / "theme" / "tokens.json"
THEMES = ("light", "dark", "contrast")


class TypeRole(NamedTuple):
    size: float
    line: int
    weight: int


class Tokens(NamedTuple):
    color: dict[str, dict[str, str]]
    row: dict[str, int]
    radius: dict[str, int]
    type: dict[str, TypeRole]


@lru_cache(maxsize=1)
def tokens() -> Tokens:
    """Values of the file; cached, because they cannot change while the program runs."""
    raw = json.loads(TOKENS_FILE.read_text(encoding="utf-8"))
    roles = {name: TypeRole(**values) for name, values in raw["type"].items()}
    return Tokens(color=raw["color"], row=raw["row"], radius=raw["radius"], type=roles)
