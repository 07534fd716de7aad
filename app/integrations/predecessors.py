"""Predecessor cells such as "3", "3FS+2d", "1.2;1.3" or "5 完成-开始" turned into links."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.domain.draft import LinkDraft, Skipped
from app.domain.durations import DAY, parse_minutes
from app.i18n import _

_TYPE_WORDS = {
    "FS": r"FS|完成[-–—一至到\s]*开始|完成[-–—一至到\s]*開始|finish[-\s]to[-\s]start",
    "SS": r"SS|开始[-–—一至到\s]*开始|開始[-–—一至到\s]*開始|start[-\s]to[-\s]start",
    "FF": r"FF|完成[-–—一至到\s]*完成|finish[-\s]to[-\s]finish",
    "SF": r"SF|开始[-–—一至到\s]*完成|開始[-–—一至到\s]*完成|start[-\s]to[-\s]finish",
}
_TYPE = "|".join(f"(?P<{name}>{words})" for name, words in _TYPE_WORDS.items())
_SEPARATORS = re.compile(r"\s*[;；,，、\n]\s*")
_LAG = r"(?P<sign>[+\-−–])\s*(?P<lag>\S.*?)"
_TYPED = re.compile(rf"(?P<id>.+?)\s*[(（\[]?(?:{_TYPE})[)）\]]?\s*(?:{_LAG})?", re.IGNORECASE)
_LAGGED = re.compile(rf"(?P<id>.+?)\s*{_LAG}")
_PREFIX = re.compile(
    r"(?:#|no\.?\s*|task\s+|step\s+|row\s+|任务|步骤|第)\s*(?P<id>\S+?)\s*(?:行|步)?", re.IGNORECASE
)
LONGEST_CELL = 2000


@dataclass(frozen=True, slots=True)
class Waiting:
    """One task's key with what its predecessor cell says."""

    key: str
    text: str
    line: int | None


@dataclass(frozen=True, slots=True)
class _Reference:
    id: str
    type: str = "FS"
    lag: int | None = 0  # None: a lag stands there that nobody understands
    text: str = ""


def links_of(
    waiting: Sequence[Waiting], names: Sequence[dict[str, str]], bare: int = 1, day: int = DAY
) -> tuple[list[LinkDraft], list[Skipped]]:
    """The links, and a complaint for each reference that names no task.

    `names` are the possible ways of counting ("name -> task key"): by the number column, or without one by position
    under the header or by row of the sheet. The way with fewest unknown, own or later tasks is taken for all, since
    within one file nobody counts in two ways; the first wins a tie.
    """
    order = {key: index for index, key in enumerate(dict.fromkeys(k for way in names for k in way.values()))}
    way = min(names, key=lambda candidate: _oddities(waiting, candidate, order), default={})
    links: dict[tuple[str, str, str], LinkDraft] = {}
    skipped: list[Skipped] = []
    for task in waiting:
        for reference in _references(task.text, way.__contains__, bare, day):
            before = way.get(reference.id)
            reason = _complaint(reference, before, task.key)
            if reason or before is None:
                skipped.append(Skipped(task.line, reason))
                continue
            link = LinkDraft(before, task.key, reference.type, reference.lag or 0, task.line)
            links.setdefault((before, task.key, reference.type), link)
    return list(links.values()), skipped


def _oddities(waiting: Sequence[Waiting], way: dict[str, str], order: dict[str, int]) -> int:
    count = 0
    for task in waiting:
        own = order.get(task.key, 0)
        for reference in _references(task.text, way.__contains__, 1, DAY):
            before = way.get(reference.id)
            count += before is None or order[before] >= own
    return count


def _complaint(reference: _Reference, before: str | None, own: str) -> str:
    if before is None:
        return _("The predecessor {text} names no task here; the link was left out.").format(
            text=reference.text
        )
    if before == own:
        return _("The predecessor {text} is the task itself; the link was left out.").format(
            text=reference.text
        )
    if reference.lag is None:
        return _("The lag of the predecessor {text} was not understood; the link was left out.").format(
            text=reference.text
        )
    return ""


def _references(text: str, known: Callable[[str], bool], bare: int, day: int) -> list[_Reference]:
    if known(text):
        return [_Reference(text, text=text)]
    return [_reference(part, known, bare, day) for part in _SEPARATORS.split(text[:LONGEST_CELL]) if part]


def _reference(text: str, known: Callable[[str], bool], bare: int, day: int) -> _Reference:
    """The whole text when that is a name, so that "A-3" is not A minus three."""
    for candidate in (text, _bare(text)):
        if known(candidate):
            return _Reference(candidate, text=text)
    for pattern in (_TYPED, _LAGGED):
        found = pattern.fullmatch(text)
        if found is None:
            continue
        name = next((n for n in (found["id"], _bare(found["id"])) if known(n)), None)
        if name is not None:
            parts = found.groupdict()
            kind = next((t for t in _TYPE_WORDS if parts.get(t)), "FS")
            return _Reference(name, kind, _lag(found["sign"], found["lag"], bare, day), text)
    return _Reference(text, text=text)


def _bare(text: str) -> str:
    found = _PREFIX.fullmatch(text)
    return found["id"] if found else text


def _lag(sign: str | None, text: str | None, bare: int, day: int) -> int | None:
    if sign is None or text is None:
        return 0
    minutes = parse_minutes(text, bare=bare, day=day)
    return None if minutes is None else minutes if sign == "+" else -minutes
