"""Short codes that bind a sheet of paper to the content it was printed from."""

import re
from dataclasses import dataclass

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O or U to misread
_SCANNED = re.compile(r"LB1:([0-9A-HJKMNP-TV-Z]{26}):([0-9]{1,4})")
_SCANNED_BITS = 128


@dataclass(frozen=True, slots=True)
class Scanned:
    """The first 128 bits of a content digest, in hexadecimal, and a page number."""

    digest: str
    page: int


def _base32(digest: str, characters: int) -> str:
    bits = int(digest, 16) if digest else 0
    width = len(digest) * 4
    padded = bits << max(0, characters * 5 - width) >> max(0, width - characters * 5)
    return "".join(ALPHABET[padded >> 5 * place & 31] for place in reversed(range(characters)))


def page_code(digest: str, page: int) -> str:
    """Read aloud and typed by people, such as `7K4Q-M2XD-02`: forty bits of the digest and the page."""
    letters = _base32(digest, 8)
    return f"{letters[:4]}-{letters[4:]}-{page:02}"


def scan_text(digest: str, page: int) -> str:
    """What the square code at the foot holds: short enough for the second smallest code size."""
    return f"LB1:{_base32(digest[: _SCANNED_BITS // 4], 26)}:{page}"


def read_scan(text: str) -> Scanned | None:
    """The way back from `scan_text`; None for any other text."""
    found = _SCANNED.fullmatch(text)
    if found is None:
        return None
    bits = 0
    for letter in found[1]:
        bits = bits << 5 | ALPHABET.index(letter)
    return Scanned(f"{bits >> 26 * 5 - _SCANNED_BITS:032x}", int(found[2]))


def groups(hexadecimal: str, size: int = 4, limit: int | None = None) -> str:
    """`c09e41d7` as `C09E 41D7`: groups of characters, at most `limit` of them."""
    found = [hexadecimal[at : at + size] for at in range(0, len(hexadecimal), size)]
    return " ".join(found[:limit]).upper()
