"""The two passes over a network: small plans by hand, and against a plain reference on many random ones."""

import random

import pytest

from app.scheduling.network import backward, forward, network

FS, SS, FF, SF = "FS", "SS", "FF", "SF"


def test_a_chain_runs_one_after_another_and_is_critical() -> None:
    net = network(3, [(0, 1, FS, 0), (1, 2, FS, 15)])

    starts, finishes = forward(net, [10, 20, 30], [0, 0, 0])

    assert starts == [0, 10, 45]
    assert finishes == [10, 30, 75]
    assert backward(net, starts, finishes) == [0, 0, 0]


def test_the_shorter_of_two_ways_has_slack() -> None:
    net = network(4, [(0, 1, FS, 0), (0, 2, FS, 0), (1, 3, FS, 0), (2, 3, FS, 0)])

    starts, finishes = forward(net, [5, 40, 10, 5], [0, 0, 0, 0])

    assert starts == [0, 5, 5, 45]
    assert backward(net, starts, finishes) == [0, 0, 30, 0]


@pytest.mark.parametrize(
    ("kind", "lag", "start"),
    [(FS, 0, 60), (FS, -15, 45), (SS, 30, 30), (FF, 0, 40), (FF, 10, 50), (SF, 25, 5)],
)
def test_each_type_of_link_holds_its_end(kind: str, lag: int, start: int) -> None:
    """A task of 20 after one of 60."""
    net = network(2, [(0, 1, kind, lag)])

    starts, finishes = forward(net, [60, 20], [0, 0])

    assert starts == [0, start]
    assert finishes == [60, start + 20]


def test_what_happened_stands_where_it_happened() -> None:
    net = network(3, [(0, 1, FS, 0), (1, 2, FS, 0)])

    starts, finishes = forward(net, [10, 10, 10], [0, 0, 0], [3, 7, None], [25, None, None])

    assert starts == [3, 7, 17]
    assert finishes == [25, 17, 27]


def test_a_task_does_not_start_before_its_own_time() -> None:
    starts, _finishes = forward(network(2, [(0, 1, FS, 0)]), [10, 10], [0, 500])

    assert starts == [0, 500]


def test_a_loop_is_cut_and_named_and_the_rest_still_has_times() -> None:
    net = network(4, [(0, 1, FS, 0), (1, 2, FS, 0), (2, 1, FS, 0), (2, 3, FS, 0), (3, 3, FS, 0)])

    starts, _finishes = forward(net, [10, 10, 10, 10], [0, 0, 0, 0])

    assert set(net.cut) == {(3, 3), (2, 1)}
    assert starts == [0, 10, 20, 30]
    assert sorted(net.order) == [0, 1, 2, 3]


def test_nothing_gives_nothing() -> None:
    net = network(0, [])

    assert forward(net, [], []) == ([], [])
    assert backward(net, [], []) == []


@pytest.mark.parametrize("seed", range(60))
def test_the_passes_agree_with_pushing_until_nothing_moves(seed: int) -> None:
    chance = random.Random(seed)
    count = chance.randint(1, 25)
    ids = list(range(count))
    chance.shuffle(ids)
    links = [
        (ids[a], ids[b], chance.choice([FS, SS, FF, SF]), chance.randint(-20, 40))
        for a in range(count)
        for b in range(a + 1, count)
        if chance.random() < 0.2
    ]
    lengths = [chance.randint(0, 50) for _task in ids]
    held = [chance.randint(0, 60) for _task in ids]
    net = network(count, links)

    starts, finishes = forward(net, lengths, held)
    slacks = backward(net, starts, finishes)

    assert (starts, finishes) == _pushed(links, lengths, held)
    end = max(finishes)
    for task in range(count):
        later = list(held)
        later[task] = starts[task] + slacks[task]
        assert max(forward(net, lengths, later)[1]) == end
        later[task] += 1
        assert max(forward(net, lengths, later)[1]) > end


def _pushed(
    links: list[tuple[int, int, str, int]], lengths: list[int], held: list[int]
) -> tuple[list[int], list[int]]:
    """Every task at its own time; then each broken link pushes its successor until all hold."""
    starts = list(held)
    moved = True
    while moved:
        moved = False
        for before, after, kind, lag in links:
            mine = starts[before] + (lengths[before] if kind[0] == "F" else 0)
            least = mine + lag - (lengths[after] if kind[1] == "F" else 0)
            if starts[after] < least:
                starts[after], moved = least, True
    return starts, [start + length for start, length in zip(starts, lengths, strict=True)]
