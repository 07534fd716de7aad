"""The access table holds, line by line, and a rule that is taken away is missed by it."""

from collections.abc import Callable
from typing import Any

import pytest

from app.domain.words import Access
from app.storage import authority, judging, terms
from sync.core import answer
from tests.sync.authority import Line, lines, wrong

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("line", lines(), ids=lambda line: f"line {line.number}")
def test_every_line_of_the_table_holds(line: Line) -> None:
    assert wrong(line) == []


def _no(*_args: Any, **_more: Any) -> bool:
    return False


def _ever(reader: Any, person: bytes, _since: int, log: bytes | None = None, _seen: Any = None) -> Any:
    return terms.access_since(reader, person, terms.BEFORE_ALL, log)


def _within(honest: Callable[..., Access]) -> Callable[..., Access]:
    return lambda reader, person, by=None, log=None: max(
        [honest(reader, person, by), *authority.project_access(reader, person).values()]
    )


# What is replaced by what, and a word of the lines that must miss it.
TAKEN_AWAY = {
    "nothing is late": (authority, "_needs_a_word", _no, "-> late"),
    "an owner's word is not asked for": (authority, "_has_a_word", lambda *_args: True, "-> late"),
    "no grace ends": (judging, "access_since", _ever, "+73h"),
    "a lost laptop goes on": (judging, "is_beyond", _no, "taken out"),
    "a lost laptop signs on": (authority, "key_is_beyond", _no, "lose b; b.stick"),
    "an invitation is good for everybody": (judging, "_follows_a_used_invitation", _no, "invitation used"),
    "one project is all of them": (
        authority,
        "access_of",
        _within(authority.access_of),
        "window q -> refused",
    ),
    "everybody is told everything": (answer.Sight, "told", lambda _self, told: told, "not known by b"),
}


@pytest.mark.parametrize("name", TAKEN_AWAY)
def test_a_rule_that_is_taken_away_is_missed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place, what, instead, word = TAKEN_AWAY[name]
    wrong(lines()[0])  # the shared beginning is made by the sound program
    monkeypatch.setattr(place, what, instead)

    assert any(wrong(line) for line in lines() if word in line.text)
