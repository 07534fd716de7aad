"""The six words that name a room: they stand for its certificate, so whoever impersonates it has to find their like.

Words of BIP 39, 11 bits each, in English or as single Chinese characters. 66 bits after a stretched hash: to make a
certificate with the same words takes about 2^82 hashes.
"""

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from app.errors import Invalid
from app.i18n import _

COUNT = 6
_BITS = 11
_ROUNDS = 1 << 16
_LISTS = {"en": "english", "zh": "chinese_simplified"}
_SIGNIFICANT = 4  # letters by which an English word is already known


def words_of(fingerprint: str, language: str = "en") -> str:
    """The words for a certificate's SHA-256 in hexadecimal, as they are said and shown."""
    known = _known(language)
    return ("" if language == "zh" else " ").join(known[number] for number in _numbers(fingerprint))


def read_words(text: str) -> tuple[int, ...]:
    """What was typed, as numbers: any case, any space, English words by their first four letters. Raises Invalid."""
    parts = text.lower().replace("-", " ").replace(",", " ").split()
    if parts and all(ord(sign) > 0x2E80 for part in parts for sign in part):
        parts = list("".join(parts))
    if len(parts) != COUNT:
        raise Invalid(_("A room has six words; here are {count}.").format(count=len(parts)))
    return tuple(_number(part) for part in parts)


def name(fingerprint: str, numbers: Sequence[int]) -> bool:
    """Whether these are the words of a certificate."""
    return _numbers(fingerprint) == tuple(numbers)


def _number(word: str) -> int:
    for language in _LISTS:
        found = _places(language).get(word[:_SIGNIFICANT])
        if found is not None and _known(language)[found].startswith(word):
            return found
    raise Invalid(_("“{word}” is none of a room's words. Read them again.").format(word=word))


@cache
def _numbers(fingerprint: str) -> tuple[int, ...]:
    hashed = hashlib.pbkdf2_hmac("sha256", bytes.fromhex(fingerprint), b"launchbook/room/1", _ROUNDS)
    bits = int.from_bytes(hashed, "big") >> (8 * len(hashed) - COUNT * _BITS)
    return tuple(bits >> (_BITS * place) & ((1 << _BITS) - 1) for place in reversed(range(COUNT)))


@cache
def _known(language: str) -> list[str]:
    source = files("mnemonic") / "wordlist" / f"{_LISTS.get(language, 'english')}.txt"
    return source.read_text(encoding="utf-8").split()


@cache
def _places(language: str) -> dict[str, int]:
    return {word[:_SIGNIFICANT]: place for place, word in enumerate(_known(language))}
