"""The bundled typeface: widths of text, and what it cannot print."""

import threading
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.reports.breaking import NARROW, is_wide

FOLDER = Path(__file__).parents[2] / "resources" / "fonts"
NAMES = ("Launchbook-Regular", "Launchbook-Bold")
_FILES = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")
_loading = threading.Lock()

# Of characters drawn in a cell one em wide: how far the ink is moved left and how far the pen goes on,
# in thousandths, in regular and bold.
_SQUEEZED = {
    "‘": ((756, 250), (746, 270)),
    "’": ((0, 240), (0, 235)),
    "“": ((570, 445), (551, 480)),
    "”": ((0, 430), (0, 440)),
    "·": ((330, 340), (320, 360)),
    "‐": ((330, 340), (320, 360)),
}


@dataclass(frozen=True, slots=True)
class Squeeze:
    character: str
    left: int
    advance: int


class Widths(dict[str, float]):
    """Width of each character for a text one point high; asked of the font once."""

    def __init__(self, face: Any) -> None:
        super().__init__()
        self._face = face

    def __missing__(self, character: str) -> float:
        width = float(self._face.getCharWidth(ord(character))) / 1000
        self[character] = width
        return width


@dataclass(frozen=True, slots=True)
class Font:
    name: str
    widths: Widths
    squeezed: dict[str, Squeeze]  # by stand-in
    known: Any  # a container of code points

    def width(self, text: str, size: float) -> float:
        return sum(map(self.widths.__getitem__, text)) * size


@lru_cache(maxsize=2)
def _load(index: int) -> Font:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    loaded = TTFont(NAMES[index], str(FOLDER / _FILES[index]))
    pdfmetrics.registerFont(loaded)
    widths = Widths(loaded.face)
    squeezed = {}
    for character, stand_in in NARROW.items():
        left, advance = _SQUEEZED[character][index]
        squeezed[stand_in] = Squeeze(character, left, advance)
        widths[stand_in] = advance / 1000
    return Font(NAMES[index], widths, squeezed, loaded.face.charToGlyph)


def font(*, bold: bool) -> Font:
    """Loaded at the first use: two papers may be printed at the same time by two threads."""
    with _loading:
        return _load(int(bold))


_SELECTORS = (
    "\ufe0e\ufe0f"  # choose how the character before them looks; they have no look and no sense of their own
)


class Cleaner:
    """Makes a text printable: newlines kept, Latin quotes narrow, unknown characters as `[U+20BB7]`."""

    def __init__(self) -> None:
        self.missing: set[str] = set()
        self._known = font(bold=False).known
        self._done: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        if text.isascii() and text.isprintable():
            return text
        clean = self._done.get(text)
        if clean is None:
            clean = self._done[text] = self._clean(text)
        return clean

    def _clean(self, text: str) -> str:
        composed = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\t", "    ")
        wide = any(map(is_wide, composed))
        return "".join(
            self._character(character, composed[at - 1 : at], composed[at + 1 : at + 2], wide=wide)
            for at, character in enumerate(composed)
        )

    def _character(self, character: str, before: str, after: str, *, wide: bool) -> str:
        if character in "\n\r\u2028\u2029\v\f":
            return "\n"
        if character in NARROW:
            return NARROW[character] if _is_latin_place(before, after, wide=wide) else character
        if character in _SELECTORS:
            return ""
        # Invisible controls could make a signed text read as another one: they are shown.
        if unicodedata.category(character)[0] == "C" or ord(character) not in self._known:
            self.missing.add(character)
            return f"[U+{ord(character):04X}]"
        return character


def _is_latin_place(before: str, after: str, *, wide: bool) -> bool:
    if not wide:
        return True
    return before.isascii() and before.isalnum() and after.isascii() and after.isalnum()
