"""The long proofs go on where they stopped, count honestly, and fail when something never happened."""

import json
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests import prove

RECORD = {"commit": "abc", "changed": False, "started": "2026-03-06T22:00:00+00:00", "proofs": {}}


def count_them(seeds: range) -> Counter[str]:
    return Counter(seen=len(seeds), odd=sum(seed % 2 for seed in seeds))


PROOF = prove.Proof("counting", count_them, seeds=10, chunk=4, never=("lost",), sometimes=("seen",))


def test_only_what_no_earlier_run_finished_is_missing() -> None:
    assert list(prove.missing_chunks(PROOF, [[0, 4]], 10)) == [range(4, 8), range(8, 10)]


def test_neighbouring_ranges_are_joined() -> None:
    assert prove.joined([[8, 10], [0, 4], [4, 6]]) == [[0, 6], [8, 10]]


def test_a_stopped_run_goes_on_and_counts_each_seed_once(tmp_path: Path) -> None:
    path = tmp_path / "proof" / "record.json"
    record = json.loads(json.dumps(RECORD))
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        prove.run_proof(PROOF, 4, path, record, pool)
        again = json.loads(path.read_text(encoding="utf-8"))
        prove.run_proof(PROOF, 10, path, again, pool)

    entry = json.loads(path.read_text(encoding="utf-8"))["proofs"]["counting"]
    assert (entry["seeds"], entry["counts"]) == ([[0, 10]], {"odd": 5, "seen": 10})


def break_at_five(seeds: range) -> Counter[str]:
    assert 5 not in seeds, "a gate opened by itself"
    return Counter(seen=len(seeds))


def test_a_violated_promise_is_recorded_with_its_seed_and_fails_the_proof(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    proof = prove.Proof(
        "breaking", break_at_five, seeds=12, chunk=4, never=("violated",), sometimes=("seen",)
    )
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        prove.run_proof(proof, 12, path, json.loads(json.dumps(RECORD)), pool)

    entry = json.loads(path.read_text(encoding="utf-8"))["proofs"]["breaking"]
    assert entry["counts"] == {"seen": 11, "violated": 1}
    assert entry["violations"][0].startswith("seed 5: a gate opened by itself")
    assert prove.failures(proof, entry["counts"]) == ["breaking: 1 x violated"]


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"seen": 1}, []),
        ({"seen": 1, "lost": 2}, ["counting: 2 x lost"]),
        ({}, ["counting: never seen"]),
    ],
)
def test_what_must_not_happen_and_what_must_is_judged(counts: dict[str, int], said: list[str]) -> None:
    assert prove.failures(PROOF, counts) == said


def test_a_record_of_another_commit_or_of_changed_files_is_not_continued(tmp_path: Path) -> None:
    fresh = {**RECORD}
    prove.save(tmp_path / "2026-03-05.json", {**RECORD, "commit": "old"})
    assert prove.unfinished_record(tmp_path, fresh)[0].name == "2026-03-06.json"

    prove.save(tmp_path / "2026-03-06.json", {**RECORD, "changed": True})
    assert prove.unfinished_record(tmp_path, fresh)[0].name == "2026-03-06-2.json"

    prove.save(tmp_path / "2026-03-06-2.json", fresh)
    assert prove.unfinished_record(tmp_path, fresh)[0].name == "2026-03-06-2.json"
