"""How often somebody may ask: many at once, then so many a second, each asker on its own; the client comes again in time."""

import json
from pathlib import Path

import httpx
import pytest

from sync.client.connection import Unreachable, _error_of
from sync.server import limits
from sync.server.house import House
from sync.server.limits import Limit
from sync.server.web import Doors
from tests.sync.door import Door


class Watch:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def test_many_at_once_and_then_so_many_a_second() -> None:
    watch = Watch()
    limit = Limit(at_once=3, a_second=2, now=watch)

    assert [limit.wait_s("ada") for _ in range(4)] == [0, 0, 0, 0.5]
    assert limit.wait_s("ben") == 0
    watch.at = 0.5
    assert [limit.wait_s("ada") for _ in range(2)] == [0, 0.5]
    watch.at = 1000
    assert [limit.wait_s("ada") > 0 for _ in range(4)] == [False, False, False, True]


def test_the_memory_of_who_asked_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_KEPT", 10)
    limit = Limit(at_once=1, a_second=0.001, now=Watch())
    for asker in range(100):
        limit.wait_s(asker)

    assert len(limit._left) == 10
    assert limit.wait_s(99) > 0


def test_who_knocks_too_often_is_told_when_to_come_again_and_the_client_does(tmp_path: Path) -> None:
    house = House(tmp_path / "server")
    door = Door(house, Doors(house, knocks=Limit(at_once=2, a_second=0.1, now=Watch())))
    answers = [door.call("GET", "/v1/hello") for _ in range(3)]
    house.close()

    assert [one.status_code for one in answers] == [200, 200, 429]
    assert (answers[2].json(), answers[2].headers["Retry-After"]) == ({"error": "slow_down"}, "10")
    error = _error_of(
        httpx.Response(429, headers={"Retry-After": "10"}), json.dumps({"error": "slow_down"}).encode()
    )
    assert isinstance(error, Unreachable)
    assert error.wait_ms == 10_000
