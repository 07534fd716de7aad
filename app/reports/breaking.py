"""Where a line of mixed Latin and Chinese text may break, without punctuation at the wrong end of a line."""

import re
from functools import lru_cache

# Stand-ins for punctuation that the font draws a whole em wide and Latin text wants narrow; see `fonts`.
NARROW = {"‘": "\ue000", "’": "\ue001", "“": "\ue002", "”": "\ue003", "·": "\ue004", "‐": "\ue005"}

NO_START = frozenset(
    "、。，．：；？！）］｝〉》」』】〕〗〙〛’”…‥—～·・％‰℃°々ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ"
    ",.:;?!)]}%" + NARROW["’"] + NARROW["”"] + NARROW["·"]
)
NO_END = frozenset("（［｛〈《「『【〔〖〘〚‘“([{￥＄￡#№" + NARROW["‘"] + NARROW["“"])


def is_wide(character: str) -> bool:
    """Chinese, Japanese and Korean characters and full-width forms."""
    code = ord(character)
    return (
        0x2E80 <= code <= 0x9FFF
        or 0xAC00 <= code <= 0xD7A3
        or 0xF900 <= code <= 0xFAFF
        or 0xFE30 <= code <= 0xFE4F
        or 0xFF00 <= code <= 0xFF60
        or 0xFFE0 <= code <= 0xFFE6
        or 0x20000 <= code <= 0x3FFFF
    )


def may_break(before: str, after: str) -> bool:
    """Whether a line may end with `before` and the next one start with `after`."""
    if after in NO_START or before in NO_END or after in " \u00a0" or before == "\u00a0":
        return False
    if before == " ":
        return True
    return is_wide(before) or is_wide(after)


def long_pieces(piece: str) -> list[str]:
    """A piece longer than a line, such as a path, cut after its separators."""
    return re.findall(r"[^/\\_.\-]*[/\\_.\-]|[^/\\_.\-]+", piece)


@lru_cache(maxsize=4096)
def pieces(text: str) -> tuple[str, ...]:
    """The text cut wherever it may break; joined they are the text. A newline is a piece of its own."""
    found: list[str] = []
    start = 0
    for at in range(1, len(text)):
        before, after = text[at - 1], text[at]
        if "\n" in (before, after) or may_break(before, after):
            found.append(text[start:at])
            start = at
    if text:
        found.append(text[start:])
    return tuple(found)
