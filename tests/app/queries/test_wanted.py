"""What a refused action wanted: field, what it saw, what it wrote; and by which names devices are told apart."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.commands import runs, tasks
from app.queries.facts import main_run
from app.queries.wanted import Wanted, wanted
from app.workspace import Done
from tests.refusing import Two, two_in
from tests.storage.acts import BEN


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    with two_in(tmp_path) as made:
        yield made


def of(two: Two, done: Done, language: str = "en", most: int = 3) -> Wanted:
    two.exchange()
    assert done.changes is not None
    assert done.changes.action in two.refused()
    return two.ben.read(wanted, done.changes.action, language, most)


def test_the_field_with_what_stood_there_and_what_was_written(two: Two) -> None:
    found = of(two, two.boldly(99))
    assert [(one.of, one.field, one.before, one.after) for one in found.changes] == [
        ("Load the balances", "minutes", (10,), 99)
    ]
    assert found.more == 0


def test_what_rests_on_something_refused_shows_that_and_not_what_stands(two: Two) -> None:
    two.boldly(98)
    (change,) = of(two, two.boldly(99)).changes
    assert (change.before, change.after) == ((98,), 99)


def test_people_by_name_texts_in_the_readers_language_and_no_more_than_a_few(two: Two) -> None:
    with two.bold():
        two.ben.run(tasks.set_task, two.task, {"title": "装入余额"}, language="zh")
        done = two.ben.run(
            tasks.set_task,
            two.task,
            {"owner": BEN, "role": "Ops", "due": "2026-03-06T22:00", "title": "Load"},
        )
    found = of(two, done, most=2)
    assert len(found.changes) == 2
    assert found.more == 2
    every = of(two, done, most=9).changes
    assert {(one.field, one.after) for one in every} == {
        *(("owner", "Ben"), ("role", "Ops"), ("due", "2026-03-06T22:00"), ("title", "Load"))
    }


def test_what_was_made_is_called_by_its_own_name(two: Two) -> None:
    with two.bold():
        done = two.ben.run(tasks.add_task, two.project, "Call the bank", values={"minutes": 5})
        later = two.ben.run(tasks.set_task, done.result, {"minutes": 6})
    found = of(two, done)
    assert found.names == {done.result: "Call the bank"}
    assert {(one.of, one.field, one.after) for one in found.changes} == {
        ("Call the bank", "title", "Call the bank"),
        ("Call the bank", "minutes", 5),
    }
    (change,) = of(two, later).changes
    assert (change.of, change.before, change.after) == ("something new", (5,), 6)
    assert later.changes is not None
    (change,) = two.ben.read(wanted, later.changes.action, "en", 3, found.names).changes
    assert change.of == "Call the bank"


def test_a_note_and_a_deletion_say_where(two: Two) -> None:
    run = two.ben.read(main_run, two.project)
    with two.bold():
        noted = two.ben.run(runs.add_note, run, two.task, "Two rows are missing")
        gone = two.ben.run(tasks.delete_task, two.task)
    assert ("text", "Two rows are missing") in [(one.field, one.after) for one in of(two, noted).changes]
    assert [(one.of, one.field) for one in of(two, gone).changes] == [("Load the balances", "deleted")]
