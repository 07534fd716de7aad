"""What a later version wrote is kept, passed on, told of, and there once this one is upgraded: nothing is lost on the way."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.versions.trees import Laptop, version

pytestmark = pytest.mark.slow  # each starts processes

Laptops = dict[str, Laptop]


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("versions")


class Team:
    """Laptops of several versions that carry sticks to each other."""

    def __init__(self, trees: Path, folder: Path) -> None:
        self.trees, self.folder = trees, folder
        self.laptops: Laptops = {}
        self._sticks = 0

    def laptop(self, name: str, later: int) -> Laptop:
        made = Laptop(version(self.trees, later), self.folder / name)
        self.laptops[name] = made
        return made

    def carry(self, giver: Laptop, *takers: Laptop) -> None:
        self._sticks += 1
        file = str(self.folder / f"{self._sticks}.stick")
        giver.ask("to_stick", file)
        for taker in takers:
            waiting, forged = taker.ask("from_stick", file)
            assert (waiting, forged) == (0, [])

    def upgrade(self, laptop: Laptop, later: int) -> None:
        laptop.upgrade(version(self.trees, later))

    def close(self) -> None:
        for laptop in self.laptops.values():
            laptop.close()


@pytest.fixture
def team(trees: Path, tmp_path: Path) -> Iterator[Team]:
    made = Team(trees, tmp_path)
    try:
        yield made
    finally:
        made.close()


def a_task(laptop: Laptop) -> bytes:
    project = laptop.run("projects:create_project", "Cutover")
    task: bytes = laptop.run("tasks:add_task", project, "Load the balances")
    return task


def test_what_a_later_version_wrote_goes_through_this_one_whole(team: Team) -> None:
    new, old, other = team.laptop("new", 1), team.laptop("old", 0), team.laptop("other", 0)
    task = a_task(new)
    new.run("tasks:set_task", task, {"extra_1": 7, "note_1": "for eyes of version 1", "caption_1": "Later"})
    new.run("later:stick_1", task, "A sticker")
    new.run("later:mark_1", task, 8)
    team.carry(new, old)
    old.run("tasks:set_task", task, {"minutes": 45})
    team.carry(old, other)
    other.run("tasks:set_task", task, {"priority": 2})
    team.carry(other, new)

    assert new.rows("SELECT extra_1, note_1, minutes, priority FROM task") == [
        [8, "for eyes of version 1", 45, 2]
    ]
    assert new.rows("SELECT label FROM sticker_1") == [["A sticker"]]
    assert new.ask("verify") == other.ask("verify") == []
    before = new.ask("state")
    team.upgrade(other, 1)
    assert other.ask("state") == before
    assert other.ask("digests") == new.ask("digests")
    assert other.ask("verify") == []


def test_edits_of_fields_that_others_do_not_know_stand_side_by_side_after_the_upgrade(team: Team) -> None:
    first, second, old = team.laptop("first", 1), team.laptop("second", 1), team.laptop("old", 0)
    task = a_task(first)
    team.carry(first, second, old)
    first.run("tasks:set_task", task, {"extra_1": 1})
    second.run("tasks:set_task", task, {"extra_1": 2})
    second.ask("undo")
    second.run("tasks:set_task", task, {"extra_1": 3})
    team.carry(first, old)
    team.carry(second, old)
    team.carry(old, first, second)
    assert first.ask("state") == second.ask("state")
    assert len(first.rows("SELECT 1 FROM conflict")) == 1
    team.upgrade(old, 1)
    assert old.ask("state") == first.ask("state")


def test_an_old_version_deletes_what_a_later_one_added_to_and_it_comes_back(team: Team) -> None:
    """What the deleting side had not seen, it did not delete; that it could not show it makes no difference."""
    new, old = team.laptop("new", 1), team.laptop("old", 0)
    task = a_task(new)
    team.carry(new, old)
    new.run("tasks:set_task", task, {"extra_1": 5})
    old.run("tasks:delete_task", task)
    team.carry(old, new)
    team.carry(new, old)

    assert new.rows("SELECT alive FROM task") == [[1]]
    team.upgrade(old, 1)
    assert old.ask("state") == new.ask("state")


def test_what_a_later_version_lets_nobody_do_counts_for_nobody_after_the_upgrade(team: Team) -> None:
    """This one cannot know which access a verb takes that it does not know; it judges anew once it does."""
    ada, ben, old = team.laptop("ada", 1), team.laptop("ben", 1), team.laptop("old", 0)
    task = a_task(ada)
    ada.ask("found", "Ada")
    person = ada.ask("found_editor", "Ben")
    team.carry(ada, ben, old)
    ben.ask("key", person)
    team.carry(ben, ada)
    ada.run("people:vouch", person, signed=True)
    team.carry(ada, ben)
    ben.ask("force", "later:mark_1", task, 9)
    team.carry(ben, old, ada)
    assert ada.rows("SELECT extra_1 FROM task") == [[None]]
    team.upgrade(old, 1)
    assert old.rows("SELECT extra_1 FROM task") == [[None]]
    team.carry(old, ada)
    assert old.ask("state") == ada.ask("state")
    assert old.ask("verify") == []


def test_a_text_that_is_not_known_here_is_erased_here_all_the_same(team: Team) -> None:
    ada, old = team.laptop("ada", 1), team.laptop("old", 0)
    task = a_task(ada)
    ada.ask("found", "Ada")
    ada.run("tasks:set_task", task, {"note_1": "to be forgotten"})
    action = ada.rows("SELECT id FROM action ORDER BY rev DESC LIMIT 1")[0][0]
    team.carry(ada, old)
    kept = "SELECT count(*) FROM detached WHERE instr(value, CAST('to be forgotten' AS BLOB))"
    assert old.rows(kept) == [[1]]
    ada.run("redacting:redact", action, signed=True)
    team.carry(ada, old)
    assert old.rows(kept) == [[0]]
    team.upgrade(old, 1)
    team.carry(old, ada)
    assert old.ask("state") == ada.ask("state")


def test_later_devices_and_what_they_wrote_more_about_are_told(team: Team) -> None:
    new, old = team.laptop("new", 1), team.laptop("old", 0)
    task = a_task(new)
    other = new.run("tasks:add_task", new.rows("SELECT id FROM project")[0][0], "Plain")
    new.run("later:mark_1", task, 3)
    team.carry(new, old)

    assert old.ask("value", "newer:is_newer", task) == 1
    assert old.ask("value", "newer:is_newer", other) == 0
    versions = {row[0]: row[-1] for row in old.ask("value", "devices:devices")}
    assert sorted(versions.values()) == [0, 1]
    assert "An action of a newer version (503)" in old.ask("audit", "en")
    team.upgrade(old, 1)
    assert old.ask("value", "newer:newer_count") == 0
    assert any(line.startswith("Mark") for line in old.ask("audit", "en"))
