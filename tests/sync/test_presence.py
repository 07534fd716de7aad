"""Who is here: said by the token's device, passed on to those who speak too, bounded, and dropped where nobody knows it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from app.codec import pack
from app.errors import VerifyError
from sync.client import sharing
from sync.client.listening import listen
from sync.client.presence import Presence
from sync.core.exchange import Event, Heard, Listening
from sync.core.here import AT_ONCE, MOST_BYTES, Place, Seen, is_told, read_said, read_told, said, told
from sync.server.attendance import Attendance, Guest
from tests.sync.serving import a_server
from tests.sync.team import Team, shared

ADA, BEN, HERS, HIS, PLAN, TASK = (bytes([number]) * 16 for number in range(1, 7))
BOARD = Place("plan/board", PLAN, TASK)


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    with a_server(tmp_path) as server, shared(tmp_path, server) as made:
        yield made


def guest(
    attendance: Attendance, device: bytes, person: bytes, reads: Callable[[bytes], bool] = lambda _log: True
) -> tuple[Guest, list[Seen]]:
    heard: list[Seen] = []
    made = attendance.enter(device, frozenset({person}), reads, lambda data: heard.append(read_told(data)))
    return made, heard


def test_what_is_said_reaches_those_who_speak_too_and_nobody_else() -> None:
    attendance = Attendance()
    (hers, ada_hears), (his, ben_hears) = guest(attendance, HERS, ADA), guest(attendance, HIS, BEN)
    _older, older_hears = guest(attendance, HIS, BEN)
    hers.say(said(ADA, BOARD), 0)
    assert ben_hears == []
    his.say(said(BEN, Place("run/cockpit")), 0)
    assert ben_hears == [Seen(ADA, HERS, BOARD)]
    assert ada_hears == [Seen(BEN, HIS, Place("run/cockpit"))]
    his.leave()

    assert ada_hears[-1] == Seen(BEN, HIS, Place(""))
    assert older_hears == []


def test_nobody_speaks_for_another_device_or_person() -> None:
    attendance = Attendance()
    (hers, ada_hears), (his, _ben_hears) = guest(attendance, HERS, ADA), guest(attendance, HIS, BEN)
    hers.say(said(ADA, BOARD), 0)
    his.say(said(ADA, BOARD), 0)
    his.say(told(Seen(ADA, HERS, BOARD)), 0)

    assert ada_hears == []


def test_what_is_too_much_too_long_or_nonsense_is_dropped() -> None:
    attendance = Attendance()
    (hers, ada_hears), (his, _) = guest(attendance, HERS, ADA), guest(attendance, HIS, BEN)
    hers.say(said(ADA, BOARD), 0)
    for junk in (b"", b"\xff" * 9, b"x" * (MOST_BYTES + 1), pack([7, 1, BEN, "face", b"short", b""])):
        his.say(junk, 1_000_000)
    for _again in range(50):
        his.say(said(BEN, BOARD), 2_000_000)
    assert len(ada_hears) == AT_ONCE
    his.say(said(BEN, BOARD), 2_001_000)

    assert len(ada_hears) == AT_ONCE + 1


def test_who_may_not_read_a_project_learns_only_that_somebody_is_here() -> None:
    attendance = Attendance()
    (hers, _), (his, ben_hears) = (
        guest(attendance, HERS, ADA),
        guest(attendance, HIS, BEN, lambda _log: False),
    )
    his.say(said(BEN, Place("settings")), 0)
    hers.say(said(ADA, BOARD), 0)

    assert ben_hears == [Seen(ADA, HERS, Place("plan/board"))]


@pytest.mark.parametrize("read", [read_said, read_told])
@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"\x00", pack([7, 2, ADA, "x", b"", b""]), pack([7, 1, ADA, "x" * 41, b"", b""])),
        *(
            pack([7, 1, b"", "x", b"", b""]),
            pack([7, 1, ADA, HERS, "x", b"1", b""]),
            pack([7, 1, ADA, HERS, "x", b"", 3]),
        ),
    ],
)
def test_other_shapes_are_refused(read: Callable[[bytes], object], data: bytes) -> None:
    with pytest.raises(VerifyError):
        read(data)


def test_news_are_no_word_of_presence() -> None:
    assert is_told(told(Seen(ADA, HERS, BOARD)))
    assert not is_told(b"\x28\xb5\x2f\xfd")


@contextmanager
def listening(team: Team, who: object, presence: Presence | None) -> Iterator[list[Event]]:
    events: list[Event] = []
    stop = threading.Event()
    connection = sharing.connect(who)  # type: ignore[arg-type]  # a workspace of the team
    thread = threading.Thread(target=listen, args=(connection, events.append, stop, presence), daemon=True)
    thread.start()
    try:
        yield events
    finally:
        stop.set()
        connection.close()


def until(holds: Callable[[], bool]) -> None:
    over = time.monotonic() + 15
    while not holds():
        assert time.monotonic() < over
        time.sleep(0.02)


@pytest.mark.slow
def test_two_laptops_see_where_the_other_looks_and_an_older_one_stays_connected(team: Team) -> None:
    ben = team.join(team.invite())
    assert ben.person is not None
    assert team.ada.person is not None
    seen: dict[str, list[Seen]] = {"ada": [], "ben": []}
    hers, his = Presence(seen["ada"].append), Presence(seen["ben"].append)
    at_project = replace(BOARD, project=team.project)
    with listening(team, team.ada, hers), listening(team, ben, None) as older:
        hers.say(team.ada.person, at_project)
        with listening(team, ben, his):
            his.say(ben.person, Place("run/cockpit"))
            until(lambda: bool(seen["ada"] and seen["ben"]))
            assert seen["ben"] == [Seen(team.ada.person, team.ada.device.id, at_project)]
            assert seen["ada"] == [Seen(ben.person, ben.device.id, Place("run/cockpit"))]
            hers.say(team.ada.person, Place("settings"))
            until(lambda: len(seen["ben"]) == 2)
        until(lambda: seen["ada"][-1].place.face == "")
    assert next(event for event in older if isinstance(event, Listening)).live
    assert all(isinstance(event, Heard | Listening) for event in older)
