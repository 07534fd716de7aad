"""Order among siblings: between two ranks there is always a further one."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.ranks import FIRST, rank_between, ranks_after


@given(st.lists(st.integers(0, 30), min_size=1, max_size=120))
def test_a_rank_is_strictly_between_its_neighbours(places: list[int]) -> None:
    """Whatever is put wherever: at an end, or again and again into the same gap."""
    ranks: list[str] = []
    for place in places:
        at = min(place, len(ranks))
        low = ranks[at - 1] if at else None
        high = ranks[at] if at < len(ranks) else None
        ranks.insert(at, rank_between(low, high))

    assert ranks == sorted(set(ranks))


@given(st.integers(1, 60))
def test_always_in_front_goes_on_for_ever(count: int) -> None:
    ranks = [FIRST]
    for _ in range(count):
        ranks.insert(0, rank_between(None, ranks[0]))

    assert ranks == sorted(set(ranks))


@given(st.integers(1, 300))
def test_ranks_after_one_follow_it_in_order(count: int) -> None:
    ranks = [FIRST, *ranks_after(FIRST, count)]

    assert ranks == sorted(set(ranks))
    assert len(ranks) == count + 1


def test_in_front_of_the_very_first_rank() -> None:
    """At the bottom of the counter a fraction takes over."""
    bottom = rank_between(None, "000001")
    below = rank_between(None, rank_between(bottom, "000001"))

    assert below < "000001"
