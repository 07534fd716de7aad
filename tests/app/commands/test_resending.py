"""What the sequencer refused and is sent again by somebody with the access: the values come out as they were meant."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.commands import people, projects, runs, tasks
from app.commands.resending import send_again
from app.domain import verbs
from app.domain.words import Access, Claim
from app.errors import NotAllowed, Refused
from app.queries.log import log_lines
from app.queries.rejected import refusal_words, rejected
from app.storage.engine import Reader
from app.storage.rebuild import replays_equal, replica_digests, values_of
from app.storage.transaction import Author, Transaction
from tests.refusing import Two, two_in
from tests.storage import acts
from tests.storage.acts import BEN, signer

# What signs, makes a log of its own or concerns people is not sent again.
LEFT_OUT = (
    *(
        acts.add_project,
        acts.import_plan,
        acts.sign_gate,
        acts.sign_step,
        acts.withdraw,
        acts.waive,
        acts.give_verdict,
    ),
    *(acts.accept, acts.add_person, acts.give_role, acts.take_role, acts.change_person),
    *(acts.set_access, acts.set_project_access),
    *(acts.claim_key, acts.vouch, acts.note_wrong_pin),
)
EDITS = tuple(act for act in acts.ACTS if act not in LEFT_OUT)


Values = dict[str, list[tuple[object, ...]]]


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    with two_in(tmp_path) as made:
        yield made


def live_through(two: Two, monkeypatch: pytest.MonkeyPatch, chance: random.Random, count: int) -> None:
    with two.bold():
        done = 0
        while done < count:
            try:
                done += chance.choice(EDITS)(two.ben, chance).changes is not None
            except Refused:
                continue


def check_all_as_meant(two: Two, monkeypatch: pytest.MonkeyPatch, seed: int, count: int) -> None:
    before = two.ben.read(values_of)
    live_through(two, monkeypatch, random.Random(seed), count)
    contested = two.ben.read(_contested)  # typed over what was not painted yet: sent again, it is seen
    meant = _without(two.ben.read(values_of), contested)
    two.exchange()
    assert two.ben.read(values_of) == before
    assert len(two.refused()) == count
    two.give_access(Access.MANAGER)
    for action in two.refused():
        assert two.ben.run(send_again, action).result == []
    assert _without(two.ben.read(values_of), contested) == meant
    two.exchange()
    assert two.refused() == []
    assert _without(two.ada.read(values_of), contested) == meant
    assert two.ada.read(replica_digests) == two.ben.read(replica_digests)
    assert replays_equal(two.ben.database)


def _contested(reader: Reader) -> set[bytes]:
    return {thing for (thing,) in reader.rows("SELECT object FROM conflict")}


def _without(values: Values, contested: set[bytes]) -> Values:
    return {table: [row for row in rows if row[0] not in contested] for table, rows in values.items()}


def test_what_was_refused_and_sent_again_stands_as_it_was_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with two_in(tmp_path, seed=1) as two:
        check_all_as_meant(two, monkeypatch, 1, 12)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 14))
def test_whatever_was_done_stands_as_it_was_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    with two_in(tmp_path, seed=seed) as two:
        check_all_as_meant(two, monkeypatch, seed, 60)


def test_who_still_has_no_access_is_told_so_and_it_stays_in_the_tray(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = two.boldly(99)
    two.exchange()
    with pytest.raises(NotAllowed):
        two.ben.run(send_again, two.refused()[0])
    with two.bold():
        projects_change = two.ben.run(projects.set_project, two.project, {"name": "Other"})
    two.exchange()
    two.give_access(Access.EDITOR)
    first, second = two.refused()
    assert done.changes is not None
    assert projects_change.changes is not None
    assert [first, second] == [done.changes.action, projects_change.changes.action]
    two.ben.run(send_again, first)
    with pytest.raises(NotAllowed, match="manager"):
        two.ben.run(send_again, second)

    assert two.refused() == [second]


def test_what_others_did_since_is_replaced_where_it_was_seen_and_else_stands_beside(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    two.boldly(99)
    two.exchange()
    painted = two.ben.rev
    two.ada.run(tasks.set_task, two.task, {"minutes": 33})
    two.give_access(Access.EDITOR)
    two.ben.run(send_again, two.refused()[0], seen=painted)
    assert two.ben.read(conflicts) == 1
    two.ben.run(tasks.set_task, two.task, {"minutes": 34})

    assert (two.ben.read(conflicts), two.minutes(two.ben)) == (0, 34)
    assert two.refused() == []


def test_what_stands_already_is_settled_all_the_same(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    two.boldly(99)
    two.exchange()
    two.ada.run(tasks.set_task, two.task, {"minutes": 99})
    two.give_access(Access.EDITOR)
    digest = two.ben.read(replica_digests)
    two.ben.run(send_again, two.refused()[0])

    assert two.refused() == []
    assert two.ben.read(replica_digests) == digest


def test_the_log_says_that_it_was_sent_again_with_its_reason(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    two.boldly(99, reason="measured twice")
    two.exchange()
    two.give_access(Access.EDITOR)
    two.ben.run(send_again, two.refused()[0])
    two.exchange()
    line = two.ada.read(log_lines)[0]

    assert line.sentence == "Send again: Change Load the balances"
    assert (line.reason, line.person) == ("measured twice", "Ben")
    assert two.minutes(two.ada) == 99


def test_what_was_refused_a_second_time_is_one_line_and_is_sent_a_third_time(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    two.boldly(99)
    two.exchange()
    with two.bold():
        monkeypatch.setattr("app.commands.resending.access_of", lambda *_what: Access.OWNER)
        two.ben.run(send_again, two.refused()[0])
    two.exchange()
    (again,) = two.ben.read(rejected, two.ben.device.id)
    assert again.sentence == "Send again: Change Load the balances"
    two.give_access(Access.EDITOR)
    two.ben.run(send_again, again.action)
    two.exchange()

    assert two.refused() == []
    assert two.minutes(two.ada) == 99


def test_what_rests_on_something_refused_waits_for_it(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    with two.bold():
        task = two.ben.run(tasks.add_task, two.project, "Open the interfaces").result
        two.ben.run(tasks.set_task, task, {"minutes": 7})
    two.exchange()
    two.give_access(Access.EDITOR)
    made, changed = two.refused()
    with pytest.raises(Refused, match="refused too"):
        two.ben.run(send_again, changed)
    two.ben.run(send_again, made)
    two.ben.run(send_again, changed)

    assert two.ben.read(lambda reader: reader.value("SELECT minutes FROM task WHERE id = ?", (task,))) == 7


def test_what_is_gone_since_is_told_and_left_alone(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    two.boldly(99)
    two.exchange()
    two.ada.run(tasks.delete_task, two.task)
    two.give_access(Access.EDITOR)
    done = two.ben.run(send_again, two.refused()[0])

    assert [(one.table, one.field) for one in done.result] == [("task", "minutes")]
    assert done.changes is None


def test_what_was_signed_is_not_sent_again(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    with two.bold():
        two.ben.run(people.give_role, BEN, "Lead", signer=signer(BEN))
    two.exchange()
    two.give_access(Access.OWNER)
    (stated,) = two.refused()
    with pytest.raises(Refused, match="signature"):
        two.ben.run(send_again, stated)


def test_an_action_that_was_not_refused_is_not_sent(two: Two) -> None:
    action = two.ada.run(runs.add_note, *main_step(two), "seen").changes
    assert action is not None
    with pytest.raises(Refused, match="Nothing"):
        two.ada.run(send_again, action.action)


def conflicts(reader: Reader) -> int:
    return int(reader.value("SELECT count(*) FROM conflict"))


def main_step(two: Two) -> tuple[bytes, bytes]:
    run = two.ada.read(lambda reader: reader.value("SELECT id FROM run"))
    return run, two.task


def test_each_reason_has_its_sentence() -> None:
    assert "access" in refusal_words(1)
    assert "rule 77" in refusal_words(77)
    assert verbs.BY_NUMBER[113] is verbs.SEND_AGAIN


def test_a_new_project_and_what_only_a_newer_version_knows_are_not_sent_again(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    two.boldly(99)
    with two.bold():
        two.ben.run(projects.create_project, "Another")
    two.exchange()
    two.give_access(Access.MANAGER)
    changed, *rest = two.refused()
    monkeypatch.setattr("app.commands.resending.understands", lambda _commit: False)
    with pytest.raises(Refused, match="newer version"):
        two.ben.run(send_again, changed)
    monkeypatch.undo()
    for action in rest:
        with pytest.raises(Refused, match="new project"):
            two.ben.run(send_again, action)


def test_what_one_action_wrote_twice_ends_as_it_ended(two: Two) -> None:
    ben = two.ben
    with ben.database.transaction() as writer:
        tx = Transaction(writer, Author(ben.person, ben.device), ben.clock, ben.id)
        tx.verb = verbs.SET_TASK.number
        for minutes in (99, 10):
            tasks.set_task(tx, two.task, {"minutes": minutes})
        tx.seal()
    two.exchange()
    two.give_access(Access.EDITOR)
    two.ben.run(send_again, two.refused()[0])

    assert two.minutes(ben) == 10
    assert ben.read(conflicts) == 0


def test_what_somebody_else_made_and_took_back_meanwhile_lives_again(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    with two.bold():
        two.ben.run(runs.start_step, *main_step(two))
    two.exchange()
    two.ada.run(runs.start_step, *main_step(two))
    two.ada.undo()
    two.give_access(Access.EDITOR)
    assert two.ben.run(send_again, two.refused()[0]).result == []
    two.exchange()

    attempts = two.ada.read(lambda reader: reader.rows("SELECT claim FROM attempt WHERE alive"))
    assert attempts == [(Claim.RUNNING.value,)]
