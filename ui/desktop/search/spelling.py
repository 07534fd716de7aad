"""How a text can be typed: as it stands, in pinyin, by the first letters of its syllables. Pure, without Qt.

The table of readings takes a tenth of a second: the thread that builds the index loads it, and until then there is none.
"""

import itertools
import os
from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from typing import NamedTuple

_HAN = ("\u3400", "\u9fff")
# Nearly every sign has a second reading in some old book; these have one in plans, and in speech.
_OF_TWO = frozenset(
    "行重长调还单参传处数量种得都便曾降结解间角空率落模切曲省说提为系相校要应载藏转兴正只中卡会更发分干和号"
)
_prepared: list[bool] = []  # once a process, by whichever thread is first
_MOST_READINGS = 4  # ways a whole text may be read: 行 in 银行 and 执行


class Spelling(NamedTuple):
    """`hay` holds all forms, one a line, each beginning with a line break: a word not in it cannot match."""

    text: str
    other: str
    readings: tuple[tuple[str, ...], ...]  # of `text` and `other`: syllables, or a sign as it stands
    hay: str


def spell(text: str, other: str = "") -> Spelling:
    plain, beside = text.casefold(), other.casefold()
    readings = tuple(itertools.chain(_readings(plain), _readings(beside)))
    forms = [plain, beside]
    for syllables in readings:
        forms += ["".join(syllables), "".join(one[0] for one in syllables)]
    return Spelling(plain, beside, readings, "\n" + "\n".join(forms))


def _is_han(sign: str) -> bool:
    return _HAN[0] <= sign <= _HAN[1]


def _readings(text: str) -> Iterable[tuple[str, ...]]:
    """Syllables of a text that holds Chinese; signs that are not Chinese stand for themselves."""
    if not _prepared or not any(map(_is_han, text)):
        return ()
    ways = [_syllables(sign) if _is_han(sign) else (sign,) for sign in text]
    combined: list[list[str]] = [[]]
    for way in ways:
        room = len(combined) * len(way) <= _MOST_READINGS
        combined = [[*one, each] for one in combined for each in (way if room else way[:1])]
    return map(tuple, combined)


@lru_cache(maxsize=8192)
def _syllables(sign: str) -> tuple[str, ...]:
    """The common reading of a sign, without tones; both of the few that have two of them in use."""
    from pypinyin import Style, pinyin

    found = pinyin(sign, style=Style.NORMAL, heteronym=sign in _OF_TWO)[0]
    return tuple(dict.fromkeys(one.replace("ü", "v") for one in found))[:2]


def prepare_readings() -> None:
    """Single signs are enough here: the table of phrases takes five times the memory and is left out."""
    if not _prepared:
        os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
        os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")
        import_module("pypinyin")
        _prepared.append(True)


def score(words: Iterable[str], spelling: Spelling) -> int:
    """How well it fits, the most for a beginning; 0 when a word does not fit at all."""
    total = 0
    for word in words:
        best = max(
            _in_text(word, spelling.text, 100),
            _in_text(word, spelling.other, 90),
            *(_in_reading(word, syllables) for syllables in spelling.readings),
            0,
        )
        if not best:
            return 0
        total += best
    return total * 100 - min(len(spelling.text), 99)


def _in_text(word: str, text: str, best: int) -> int:
    at = text.find(word)
    if at < 0:
        return 0
    if at == 0:
        ends = len(word) == len(text) or (not text[len(word)].isalnum() and text[len(word)] != ".")
        return best + 60 if ends else best  # "3.4" is the number 3.4 before it is the beginning of 3.41
    return best - 20 if f" {word}" in text or _is_han(word[0]) else best - 50


def _in_reading(word: str, syllables: tuple[str, ...]) -> int:
    found = _span(word, syllables)
    if found is None:
        return 0
    return 88 if found[0] == 0 else 66


def _span(word: str, syllables: tuple[str, ...]) -> tuple[int, int] | None:
    """Which signs a typed word means: each by its whole syllable or its first letter, from a sign's beginning on."""
    for start in range(len(syllables)):
        at, end = 0, start
        while at < len(word) and end < len(syllables):
            syllable = syllables[end]
            rest = word[at:]
            if rest.startswith(syllable):
                at += len(syllable)
            elif syllable.startswith(rest) and (len(rest) > 1 or end > start or len(word) == 1):
                at = len(word)  # a syllable under way
            elif rest[0] == syllable[0]:
                at += 1
            else:
                break
            end += 1
        if at >= len(word):
            return start, end
    return None


def spans(words: Iterable[str], text: str) -> list[tuple[int, int]]:
    """The parts of a text that the words mean, to be underlined: begin and end."""
    plain = text.casefold()
    found = []
    for word in words:
        at = plain.find(word)
        if at >= 0:
            found.append((at, at + len(word)))
            continue
        for syllables in _readings(plain):
            span = _span(word, syllables)
            if span is not None:
                found.append(span)
                break
    return found
