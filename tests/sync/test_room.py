"""A room on one laptop: found by six words, entered by members alone, passing on what they do and giving no order."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import Invalid, Refused, VerifyError
from app.storage.rebuild import replica_digests
from app.workspace import Workspace
from sync.client import sharing
from sync.client.connection import Connection, Unreachable
from sync.client.runner import Runner
from sync.core.exchange import Phase
from sync.room.nearby import announced, find
from sync.room.opening import Room, open_room, place_of
from sync.room.words import name, read_words, words_of
from tests.sync.serving import a_server
from tests.sync.team import Team, edit, lacking, leaves, minutes, shared, sync, wait_for, watched

FINGERPRINT = "ab" * 32
fingerprints = st.binary(min_size=32, max_size=32).map(bytes.hex)


# -- words ---------------------------------------------------------------------------------------------------------


@settings(max_examples=25)  # the hash is slow on purpose
@given(fingerprints, st.sampled_from(("en", "zh")))
def test_the_words_name_a_certificate_in_both_languages(fingerprint: str, language: str) -> None:
    numbers = read_words(words_of(fingerprint, language))

    assert len(numbers) == 6
    assert name(fingerprint, numbers)


def test_words_are_read_as_they_are_typed() -> None:
    said = words_of(FINGERPRINT)
    numbers = read_words(said)

    assert read_words(f"  {said.upper()}\n") == numbers
    assert read_words(said.replace(" ", "-")) == numbers
    assert read_words(" ".join(word[:4] for word in said.split())) == numbers
    assert read_words(" ".join(words_of(FINGERPRINT, "zh"))) == numbers


def test_every_word_counts() -> None:
    numbers = read_words(words_of(FINGERPRINT))
    wrong = [(*numbers[:at], numbers[at] ^ 1, *numbers[at + 1 :]) for at in range(6)]

    assert not any(name(FINGERPRINT, one) for one in wrong)


@pytest.mark.parametrize("text", ["", "one", "a b c d e f", words_of(FINGERPRINT) + " zoo", "上线簿上线"])
def test_what_are_no_words_of_a_room_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_words(text)


# -- the room ------------------------------------------------------------------------------------------------------


@dataclass
class War:
    """A team whose server cannot be reached any more, and the room on Ada's laptop."""

    team: Team
    ben: Workspace
    room: Room


@pytest.fixture(scope="module")
def war(tmp_path_factory: pytest.TempPathFactory) -> Iterator[War]:
    folder = tmp_path_factory.mktemp("room")
    with a_server(folder) as server, shared(folder, server) as team:
        ben = team.join(team.invite())
        sync(team.ada)
        room = open_room(team.ada, port=0)
        try:
            connection = room.connect(team.ada)
            assert Runner(team.ada, connection).once().phase is Phase.SYNCED
            connection.close()
            yield War(team, ben, room)
        finally:
            room.close()


@contextmanager
def without_server(war: War) -> Iterator[None]:
    war.team.server.kill()
    try:
        yield
    finally:
        war.team.server.start()


def entered(workspace: Workspace, room: Room) -> Phase:
    connection = Connection(room.place, workspace.id, workspace.device)
    runner = Runner(workspace, connection)
    try:
        phase = runner.once().phase
        assert runner.doubts == []  # it gives no places, and owes none
        return phase
    finally:
        connection.close()


@pytest.mark.slow
def test_members_exchange_in_a_room_and_the_server_gives_the_order_later(war: War) -> None:
    ada, ben = war.team.ada, war.ben
    with without_server(war):
        assert entered(ben, war.room) is Phase.SYNCED
        waiting = lacking(ben)
        edit(ben, 31)
        assert entered(ben, war.room) is Phase.SYNCED
        assert entered(ada, war.room) is Phase.SYNCED
        assert minutes(ada) == 31
        assert lacking(ben) == lacking(ada) == waiting + 1  # the room gives no order
        before = leaves(ada)
    assert sync(ada).phase is Phase.SYNCED  # Ada's laptop is online again, and brings what Ben did
    assert lacking(ada) == 0
    assert before < leaves(ada)
    assert entered(ada, war.room) is Phase.SYNCED
    assert entered(ben, war.room) is Phase.SYNCED

    assert lacking(ben) == 0
    assert leaves(ben) == leaves(ada)
    assert ada.read(replica_digests) == ben.read(replica_digests)


@pytest.mark.slow
def test_a_stranger_beside_us_reads_nothing(war: War, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with a_server(tmp_path / "other") as server, shared(tmp_path / "other", server) as other:
        connection = Connection(war.room.place, war.team.ada.id, other.ada.device)
        status = Runner(other.ada, connection).once()
        connection.close()
        own = Connection(war.room.place, other.ada.id, other.ada.device)
        assert Runner(other.ada, own).once().phase is Phase.DENIED
        own.close()

    assert status.phase is Phase.DENIED
    assert "invitation" in status.reason


@pytest.mark.slow
def test_who_shows_another_certificate_gets_nothing(war: War) -> None:
    edit(war.ben, 44)
    false = replace(war.room.place, fingerprint=FINGERPRINT)
    with pytest.raises(VerifyError):
        Connection(false, war.ben.id, war.ben.device)


@pytest.mark.slow
def test_a_laptop_in_the_room_and_at_the_server_passes_on_at_once(war: War) -> None:
    """Two exchanges of one workspace: what comes by one of them goes on by the other, without waiting for a poll."""
    ada = war.team.ada
    runners = [Runner(ada, one) for one in (sharing.connect(ada), war.room.connect(ada))]
    with watched(*runners):
        wait_for(lambda: all(one.client.live and one.status.phase is Phase.SYNCED for one in runners))
        edit(war.ben, 52)
        assert entered(war.ben, war.room) is Phase.SYNCED
        wait_for(lambda: minutes(ada) == 52 and lacking(ada) == 0, 10)
        assert lacking(war.ben)
        wait_for(lambda: entered(war.ben, war.room) is Phase.SYNCED and lacking(war.ben) == 0, 10)


def test_no_room_is_found_where_none_is() -> None:
    assert find(lambda fingerprint: fingerprint == FINGERPRINT, seconds=0.3) is None


@pytest.mark.slow
def test_what_is_announced_and_does_not_answer_is_no_room() -> None:
    with announced(1, FINGERPRINT):
        assert find(lambda fingerprint: fingerprint == FINGERPRINT, seconds=3) is None


@pytest.mark.slow
def test_a_port_that_is_taken_is_named(war: War) -> None:
    port = int(war.room.place.url.rsplit(":", 1)[1])
    with pytest.raises(Refused, match=str(port)):
        open_room(war.team.ada, port=port)


@pytest.mark.slow
def test_a_room_is_found_by_its_words_and_closes(war: War) -> None:
    """The last one here: the room is closed by it."""
    said = words_of(war.room.place.fingerprint)
    place = place_of(said)
    assert place.fingerprint == war.room.place.fingerprint
    connection = Connection(place, war.ben.id, war.ben.device)
    assert Runner(war.ben, connection).once().phase is Phase.SYNCED
    connection.close()
    assert [place_of(one).fingerprint for one in war.room.addresses] == [place.fingerprint]
    war.room.close()

    assert war.room.process.returncode == 0
    with pytest.raises(Unreachable):
        entered(war.ben, war.room)
