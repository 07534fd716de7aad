"""The bytes of a baseline stand in signed commits: they are the same on every machine and in every version."""

from app.process.baseline import hash_of, parts_of, times_of

A, B = b"a task of the go", b"another task ..."
TIMES = {B: (1_772_834_400_000, 1_772_836_200_000), A: (1_772_830_800_000, 1_772_830_800_000)}
BYTES = (
    "9501c42061207461736b206f662074686520676f616e6f74686572207461736b202e2e2e"
    "cf0000019cc4f3388092 00ce0036ee80 9200ce001b7740"
).replace(" ", "")


def test_the_bytes_are_those_of_the_first_version() -> None:
    [part] = parts_of(TIMES)

    assert part.hex() == BYTES
    assert hash_of([part]).hex()[:16] == "7f3729e5340c02e7"


def test_times_come_back_in_whatever_order_they_went_in() -> None:
    parts = parts_of(TIMES)

    assert times_of(parts, hash_of(parts)) == TIMES
    assert parts_of(dict(reversed(TIMES.items()))) == parts


def test_many_tasks_make_several_parts_that_fit_a_commit() -> None:
    times = {number.to_bytes(16, "big"): (number, number + 60_000) for number in range(5_000)}
    parts = parts_of(times)

    assert len(parts) == 3
    assert max(map(len, parts)) < 100_000
    assert times_of(parts, hash_of(parts)) == times


def test_a_part_that_is_missing_or_altered_makes_it_none() -> None:
    times = {number.to_bytes(16, "big"): (number, number) for number in range(2_500)}
    parts = parts_of(times)

    assert times_of(parts[:1], hash_of(parts)) == {}
    assert times_of([parts[0], parts[1] + b"\x00"], hash_of(parts)) == {}
    assert times_of([], hash_of([])) == {}


def test_a_format_of_a_newer_version_is_no_baseline_here() -> None:
    parts = [b"\x95\x02\xc4\x00\x00\x90\x90"]

    assert times_of(parts, hash_of(parts)) == {}
