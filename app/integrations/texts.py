"""Small text work every reader shares: cleaning, stable keys, and the language a text is written in."""

import re
import unicodedata
from collections import Counter

TITLE_LENGTH = 500  # a longer text is kept whole in the instruction
_KEY_PART_LENGTH = 60
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NOT_WORD = re.compile(r"[\W_]+")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_LATIN = re.compile(r"[A-Za-z]{2,}")


def clean(text: str) -> str:
    """Without control characters and lone surrogates, which no database or PDF can hold, and with plain line ends."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def one_line(text: str) -> str:
    return " ".join(clean(text).split())


def shorten(text: str, length: int = 60) -> str:
    line = one_line(text)
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def slug(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _NOT_WORD.sub("-", plain).strip("-")[:_KEY_PART_LENGTH].strip("-")


class Keys:
    """Makes keys unique within one source: the second of two equal ones gets "#2", and so on every time."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def make(self, *parts: str) -> str:
        key = "/".join(part for part in parts if part) or "-"
        self._seen[key] += 1
        count = self._seen[key]
        return key if count == 1 else f"{key}#{count}"


def language_of(text: str) -> str:
    """One of the two languages a project can have: Chinese when its characters outnumber Latin words."""
    sample = text[:50_000]
    han = len(_HAN.findall(sample))
    if len(_KANA.findall(sample)) > han // 4:
        return "en"
    return "zh" if han > len(_LATIN.findall(sample)) else "en"


def title_and_rest(text: str) -> tuple[str, str]:
    """The first line as a title, what follows as the start of the instruction; a very long line stands in both."""
    first, _newline, rest = text.strip().partition("\n")
    title = one_line(first)
    if len(title) > TITLE_LENGTH:
        return title[: TITLE_LENGTH - 1].rstrip() + "…", text.strip()
    return title, rest.strip("\n").rstrip()
