"""Orders of a list: numbers and times as such, texts as people read them, what is empty last either way."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from app.domain.words import Status
from app.queries.checklist import TaskRow

_T = TypeVar("_T")
_DIGITS = re.compile(r"(\d+)")


@lru_cache(maxsize=100_000)
def natural(text: str) -> tuple[Any, ...] | None:
    """Puts "Task 9" before "Task 10", leaves accents and case aside, takes Chinese by its sound; None for an empty text.

    GB 18030 keeps the everyday characters in the order of their pinyin, so its bytes are that order.
    """
    if not text:
        return None
    if text.isascii():
        plain = text.casefold()
    else:
        spread = unicodedata.normalize("NFKD", text)
        plain = "".join(letter for letter in spread if not unicodedata.combining(letter)).casefold()
    return tuple(
        int(part) if place % 2 else part.encode("gb18030", "replace")
        for place, part in enumerate(_DIGITS.split(plain))
    )


def by_key(rows: Iterable[_T], key: Callable[[_T], Any], *, descending: bool = False) -> list[_T]:
    """Stable; rows without a key stand last, in their order, whichever way the others run."""
    filled: list[tuple[Any, _T]] = []
    empty: list[_T] = []
    for row in rows:
        value = key(row)
        if value is None:
            empty.append(row)
        else:
            filled.append((value, row))
    filled.sort(key=_first, reverse=descending)
    return [row for _value, row in filled] + empty


def _first(pair: tuple[Any, Any]) -> Any:
    return pair[0]


def first_looked_at(tasks: Sequence[TaskRow]) -> TaskRow | None:
    """While a run is on: the step under way, else one that may start, else one that does not count yet, else the first."""
    ranked = [
        task
        for state in (Status.RUNNING, Status.READY, Status.CLAIMED)
        for task in tasks
        if task.status is state
    ]
    return next(iter((*ranked, *tasks)), None)
