"""The client's machine: what it does next, whatever comes, without a clock or a network of its own."""

from hypothesis import given
from hypothesis import strategies as st

from app.storage.delivery import Delivery, Held, Packet
from sync.core.exchange import (
    EMPTY,
    FIRST_WAIT_MS,
    LISTENING_MS,
    LONGEST_WAIT_MS,
    POLL_MS,
    Answered,
    Applied,
    Apply,
    Ask,
    Changed,
    Client,
    Denied,
    Effect,
    Event,
    Heard,
    Listening,
    Look,
    Looked,
    Phase,
    Status,
    Tell,
    Unreached,
    Wake,
    Woken,
)

LOG, DEVICE = bytes(16), b"\1" * 16
ONE, TWO = Held({(LOG, DEVICE): 1}, {}), Held({(LOG, DEVICE): 2}, {})
PACKET = Packet(b"body", b"signature")


def a_client() -> Client:
    return Client(lambda: 1.0)


def waits(effects: list[Effect]) -> list[int]:
    return [one.after_ms for one in effects if isinstance(one, Wake)]


def synced(client: Client, held: Held = ONE) -> list[Effect]:
    """Through a whole exchange that brings nothing new."""
    client.step(Woken())
    client.step(Looked(held))
    client.step(Answered(held, EMPTY, 1_000))
    client.step(Applied(0))
    return client.step(Looked(held))


def test_it_asks_once_when_nothing_is_new_and_then_waits() -> None:
    client = a_client()
    effects = synced(client)

    assert waits(effects) == [POLL_MS]
    assert (client.status.phase, client.status.reached_ms) == (Phase.SYNCED, 1_000)


def test_what_was_done_here_goes_in_one_round_trip() -> None:
    client = a_client()
    synced(client)
    assert client.step(Changed()) == [Look(ONE)]
    effects = client.step(Looked(TWO, Delivery((PACKET,))))

    assert [one for one in effects if isinstance(one, Ask)] == [Ask(TWO, Delivery((PACKET,)))]
    assert client.status.waiting == 1
    assert client.step(Answered(TWO, EMPTY, 2_000)) == [Apply(EMPTY)]
    client.step(Applied(0))
    client.step(Looked(TWO))
    assert (client.status.phase, client.status.waiting) == (Phase.SYNCED, 0)


def test_what_came_from_there_does_not_go_back_but_on_to_elsewhere() -> None:
    client = a_client()
    synced(client)
    client.step(Changed())
    assert waits(client.step(Looked(ONE))) == [POLL_MS]
    client.step(Changed())
    effects = client.step(Looked(TWO, Delivery((PACKET,))))
    assert [type(one) for one in effects if not isinstance(one, Tell)] == [Ask]


def test_it_goes_on_until_it_lacks_nothing() -> None:
    client = a_client()
    client.step(Woken())
    client.step(Looked(Held({}, {})))
    client.step(Answered(TWO, Delivery((PACKET,)), 1))
    client.step(Applied(1))
    effects = client.step(Looked(ONE))

    assert [type(one) for one in effects] == [Ask]


def test_what_the_other_side_will_not_take_ends_the_exchange_and_is_shown_as_waiting() -> None:
    client = a_client()
    synced(client)
    client.step(Changed())
    client.step(Looked(TWO, Delivery((PACKET,))))
    client.step(Answered(ONE, EMPTY, 2))
    client.step(Applied(0))
    effects = client.step(Looked(TWO, Delivery((PACKET,))))

    assert waits(effects) == [POLL_MS]
    assert client.status.waiting == 1


def test_failures_wait_longer_each_time_and_a_success_ends_that() -> None:
    client, found = a_client(), []
    for _ in range(12):
        client.step(Woken())
        client.step(Looked(ONE))
        found += waits(client.step(Unreached(5)))

    assert found[:3] == [FIRST_WAIT_MS, 2 * FIRST_WAIT_MS, 4 * FIRST_WAIT_MS]
    assert found[-1] == LONGEST_WAIT_MS
    assert client.status.phase is Phase.OFFLINE
    synced(client)
    client.step(Woken())
    client.step(Looked(ONE))
    assert waits(client.step(Unreached(6))) == [FIRST_WAIT_MS]


def test_edits_while_offline_are_counted_and_wait_for_the_next_try() -> None:
    client = a_client()
    synced(client)
    client.step(Woken())
    client.step(Looked(ONE))
    client.step(Unreached(7))

    assert client.step(Changed()) == [Look(ONE)]
    effects = client.step(Looked(TWO, Delivery((PACKET,))))
    assert [type(one) for one in effects] == [Tell]  # nothing is asked, and the time of the next try stands
    assert (client.status.phase, client.status.waiting) == (Phase.OFFLINE, 1)
    assert client.step(Heard()) == [Look(ONE)]


def test_an_edit_that_the_failed_message_held_is_counted_once() -> None:
    client = a_client()
    synced(client)
    client.step(Woken())
    client.step(Looked(TWO, Delivery((PACKET,))))  # it was read before its Changed came
    client.step(Changed())

    assert Look(ONE) in client.step(Unreached(7))
    client.step(Looked(TWO, Delivery((PACKET,))))
    assert (client.status.phase, client.status.waiting) == (Phase.OFFLINE, 1)


def test_a_refusal_keeps_its_reason_while_edits_are_counted() -> None:
    client = a_client()
    client.step(Woken())
    client.step(Looked(ONE))
    client.step(Denied("no access", 2))
    client.step(Changed())
    client.step(Looked(TWO, Delivery((PACKET,))))

    assert client.status == Status(Phase.DENIED, 1, None, "no access")


def test_a_server_that_asks_for_time_gets_it_and_a_refusal_is_shown() -> None:
    client = a_client()
    client.step(Woken())
    client.step(Looked(ONE))
    assert waits(client.step(Unreached(1, wait_ms=90_000))) == [90_000]
    client.step(Woken())
    client.step(Looked(ONE))
    client.step(Denied("no access", 2))

    assert (client.status.phase, client.status.reason) == (Phase.DENIED, "no access")


def test_small_news_that_come_along_need_no_round_trip() -> None:
    client = a_client()
    synced(client)
    news = Delivery((PACKET,))

    assert client.step(Heard(TWO, news)) == [Apply(news)]
    client.step(Applied(1))
    effects = client.step(Looked(TWO))
    assert [type(one) for one in effects] == [Wake]


def test_news_that_leave_a_gap_are_asked_for() -> None:
    client = a_client()
    synced(client)
    client.step(Heard(TWO))
    effects = client.step(Looked(ONE))

    assert [type(one) for one in effects if not isinstance(one, Tell)] == [Ask]


def test_a_heartbeat_that_says_nothing_new_ends_in_rest() -> None:
    client = a_client()
    synced(client)
    client.step(Heard(ONE))

    assert [type(one) for one in client.step(Looked(ONE))] == [Wake]


def test_with_live_news_it_polls_only_in_case() -> None:
    client = a_client()
    synced(client)

    assert client.step(Listening(live=True)) == [Look(ONE)]  # what was missed until now
    client.step(Looked(ONE))
    client.step(Answered(ONE, EMPTY, 5))
    client.step(Applied(0))
    assert waits(client.step(Looked(ONE))) == [LISTENING_MS]
    assert client.step(Listening(live=True)) == []
    assert client.step(Listening(live=False)) == [Look(ONE)]  # the line broke: it asks at once


def test_what_happens_meanwhile_is_not_forgotten() -> None:
    client = a_client()
    client.step(Woken())
    client.step(Looked(ONE))
    assert client.step(Changed()) == []
    client.step(Answered(ONE, EMPTY, 3))
    client.step(Changed())
    client.step(Applied(0))
    client.step(Heard())
    effects = client.step(Looked(ONE))

    assert Look(ONE) in effects


_events = st.sampled_from(
    (
        Woken(),
        Changed(),
        Heard(),
        Heard(ONE),
        Heard(TWO, Delivery((PACKET,))),
        Listening(live=True),
        Looked(ONE),
        Looked(TWO, Delivery((PACKET,), left=3)),
        Answered(ONE, EMPTY, 1),
        Answered(TWO, Delivery((PACKET,)), 2),
        Applied(0),
        Applied(1),
        Unreached(3),
        Denied("no", 4),
    )
)


@given(st.lists(_events, max_size=60))
def test_whatever_comes_in_whatever_order_one_thing_is_under_way_or_a_time_is_set(
    events: list[Event],
) -> None:
    client = a_client()
    pending = 0
    woken = False
    for event in events:
        effects = client.step(event)
        started = [one for one in effects if isinstance(one, Look | Ask | Apply)]
        answered = isinstance(event, Looked | Answered | Applied | Unreached | Denied) and bool(effects)
        pending += len(started) - answered
        woken |= bool(waits(effects))

        assert pending in (0, 1)
        assert pending or woken or client.step(Woken())  # it never comes to rest without a time to go on
        if not pending and not woken:
            return
