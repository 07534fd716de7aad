"""One outside file as bytes, text or JSON, each refused early when it cannot be what a plan is written in."""

import codecs
import json
import re
import stat
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from app.errors import ImportRefused
from app.i18n import _

LARGEST_BYTES = 32 * 2**20  # far above any plan, far below what hurts a laptop
LARGEST_JSON_BYTES = 12 * 2**20  # parsed it takes up to thirty times as much
LONGEST_LINE = 1_000_000
_HIGH_PAIR = re.compile(rb"[\x81-\xfe][\x30-\xfe]")
_COMMON_PAIR = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")


ENCODINGS = ("utf-8", "utf-16", "gb18030", "cp1252")  # what a person may name when the guess is wrong


@dataclass(frozen=True)
class Source:
    """`encoding` is what a person said; without it the bytes decide."""

    name: str
    data: bytes
    encoding: str = ""

    @property
    def suffix(self) -> str:
        return Path(self.name).suffix.casefold()

    @property
    def stem(self) -> str:
        return Path(self.name).stem

    @property
    def is_zip(self) -> bool:
        return self.data.startswith(b"PK\x03\x04")

    @cached_property
    def text(self) -> str:
        """The decoded text with line ends made equal."""
        text = self.decoded[0]
        if "\0" in text:
            raise ImportRefused(
                _(
                    "{name} contains zero bytes, so it is no text file. Nothing was changed. "
                    "Open it in the program it comes from and export it as text, CSV or Excel."
                ).format(name=self.name)
            )
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        longest = _longest_line(text)
        if longest > LONGEST_LINE:
            raise ImportRefused(
                _(
                    "{name} has a line of {length} characters, so it is no list of tasks. Nothing was changed. "
                    "Check whether the right file was chosen."
                ).format(name=self.name, length=longest)
            )
        return text

    @cached_property
    def decoded(self) -> tuple[str, str]:
        """The text, and the encoding it was read in."""
        return _decode(self.data, self.name, self.encoding)

    @cached_property
    def json(self) -> object:
        if len(self.data) > LARGEST_JSON_BYTES:
            raise _too_large(self.name, LARGEST_JSON_BYTES)
        try:
            return json.loads(self.decoded[0], parse_constant=lambda _word: None)
        except RecursionError:
            raise ImportRefused(
                _(
                    "{name} is nested too deeply to be a plan. Nothing was changed. "
                    "Check whether the right file was chosen."
                ).format(name=self.name)
            ) from None
        except ValueError as error:
            line = getattr(error, "lineno", 1)
            raise ImportRefused(
                _(
                    "{name} is not valid JSON (line {line}). Nothing was changed. "
                    "Export the file again; it may have been cut off."
                ).format(name=self.name, line=line)
            ) from None

    @property
    def looks_like_json(self) -> bool:
        return self.data[:200].removeprefix(codecs.BOM_UTF8).lstrip()[:1] in {b"{", b"["}


def load(path: Path) -> Source:
    """The file's content, or ImportRefused; a pipe or device is refused before it could block."""
    try:
        status = path.stat()
    except OSError:
        raise ImportRefused(
            _("There is no readable file {name}. Nothing was changed. Check the name and the folder.").format(
                name=path.name or str(path)
            )
        ) from None
    if not stat.S_ISREG(status.st_mode):
        raise ImportRefused(
            _("{name} is a folder or a device, not a file. Nothing was changed. Choose a file.").format(
                name=path.name or str(path)
            )
        )
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise ImportRefused(
            _(
                "{name} could not be read ({reason}). Nothing was changed. Close other programs using it."
            ).format(name=path.name, reason=error.strerror or type(error).__name__)
        ) from None
    if len(data) > LARGEST_BYTES:
        raise _too_large(path.name, LARGEST_BYTES)
    if not data.strip():
        raise ImportRefused(
            _("{name} is empty. Nothing was changed. Check whether the right file was chosen.").format(
                name=path.name
            )
        )
    return Source(path.name, data)


def _too_large(name: str, limit: int) -> ImportRefused:
    return ImportRefused(
        _(
            "{name} is larger than {limit} MB. Nothing was changed. "
            "Split it, or save only the part that holds the plan."
        ).format(name=name, limit=limit // 2**20)
    )


def _longest_line(text: str) -> int:
    longest, start = 0, 0
    while (end := text.find("\n", start)) >= 0:
        longest, start = max(longest, end - start), end + 1
    return max(longest, len(text) - start)


def _decode(data: bytes, name: str, given: str) -> tuple[str, str]:
    """UTF-8, UTF-16 by its mark or its zero bytes, else GB 18030 when the bytes look like Chinese; and which it was."""
    encoding = given or "utf-8"
    if not given and data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif not given and (order := _utf16_order(data)) is not None:
        encoding = order
    try:
        return data.decode("utf-8-sig" if encoding == "utf-8" else encoding), encoding
    except UnicodeDecodeError as error:
        if encoding == "utf-8" and not given and _looks_chinese(data):
            try:
                return data.decode("gb18030"), "gb18030"
            except UnicodeDecodeError:
                pass
        raise _undecodable(name, data.count(b"\n", 0, error.start) + 1, given) from None


def _undecodable(name: str, line: int, given: str) -> ImportRefused:
    if given:
        return ImportRefused(
            _(
                "{name} is no {encoding} text (line {line}). Nothing was changed. Choose another encoding."
            ).format(name=name, encoding=given, line=line)
        )
    return ImportRefused(
        _(
            "{name} is neither UTF-8, UTF-16 nor GB 18030 text (line {line}). Nothing was changed. "
            "Save it as UTF-8 (in Excel: 'CSV UTF-8') and import it again."
        ).format(name=name, line=line)
    )


def _utf16_order(data: bytes) -> str | None:
    """UTF-16 without its mark: separators and line ends make zero bytes, nearly all on one side of the pairs."""
    head = data[:2000]
    if len(data) % 2:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < max(4, len(head) // 50):
        return None
    if odd > 4 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 4 * odd else None


def _looks_chinese(data: bytes) -> bool:
    """Whether bytes that are no UTF-8 are Chinese rather than damaged UTF-8 or a Western code page.

    GB 18030 accepts almost any bytes and would show "für" as one strange character, so it is taken only when nearly all
    pairs stand in its everyday plane, and when the bytes were not UTF-8 with a few errors.
    """
    sample = data[:200_000]
    decoded = sample.decode("utf-8", "replace")
    errors = decoded.count("\ufffd")
    good = sum(1 for letter in decoded if letter > "\x7f") - errors
    pairs = len(_HIGH_PAIR.findall(sample))
    return good < errors and pairs > 0 and len(_COMMON_PAIR.findall(sample)) >= 0.8 * pairs
