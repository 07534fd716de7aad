"""The long proofs (`make prove`): many seeds of each simulation, on all cores, resumable, with a record of what was done.

The record is `proof/<date>.json`: commit, versions, and for each proof its seeds, its counts and how long it took. Stopped
runs go on where they were as long as the commit is the same. A proof fails when a count that must be zero is not, or when
something that should sometimes happen never did.
"""

import argparse
import datetime as dt
import json
import multiprocessing
import os
import platform
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw

from tests.simulation.simulation import SOMETIMES, simulate_many
from tests.storage import test_full_disk, test_kill, test_power_loss
from tests.sync import test_hostile, test_storm
from tests.versions import month

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "proof"
Record = dict[str, Any]
Result = tuple[Counter[str], list[str], float]


@dataclass(frozen=True)
class Proof:
    """`run` takes seeds and returns counts; it must be a function at the top of a module, so that workers find it."""

    name: str
    run: Callable[[range], Counter[str]]
    seeds: int
    chunk: int
    never: tuple[str, ...]
    sometimes: tuple[str, ...]


def release_monkeys(seeds: range) -> Counter[str]:
    """Imported when it is run: the other proofs need no Qt."""
    from tests.ui.desktop import monkey

    return monkey.release(seeds)


PROOFS = (
    Proof(
        "months of mixed versions",
        month.live_months,
        seeds=100,
        chunk=2,
        never=("lost", "differs", "forged", "does not verify"),
        sometimes=("later", "undone", "upgraded", "texts", "stickers", "conflicts"),
    ),
    Proof(
        "power loss",
        test_power_loss.lose_power,
        seeds=10_000,
        chunk=50,
        never=("corrupt", "lost", "differs"),
        sometimes=("acknowledged", "struck", "recovered from a log", "went on"),
    ),
    Proof(
        "every write of every command fails",
        test_full_disk.fail_every_write,
        seeds=len(test_full_disk.ACTS),
        chunk=1,
        never=("bad ends",),
        sometimes=("writes failed", "reported", "stored in spite of an error"),
    ),
    Proof(
        "kill -9",
        test_kill.kill_workers,
        seeds=1_000,
        chunk=10,
        never=("corrupt", "lost", "differs"),
        sometimes=("acknowledged", "killed at work", "stored, not acknowledged"),
    ),
    Proof(
        "mutated commits",
        test_hostile.strike,
        seeds=2_000,  # of 500 commits
        chunk=20,
        never=("raised", "sound commits lost"),
        sometimes=("left out", "waiting", "taken"),
    ),
    Proof(
        "storms over real processes",
        test_storm.storms,
        seeds=200,
        chunk=2,
        never=("lost", "differs", "stuck"),
        sometimes=("laptops killed", "servers killed", "lines broken", "stored", "acknowledged"),
    ),
    Proof(
        "monkeys at the window",
        release_monkeys,
        seeds=240,
        chunk=1,
        never=("violated",),
        sometimes=("monkeys", "commits", "press", "click", "drag", "paste", "travel", "switch", "resize"),
    ),
    Proof("replicas", simulate_many, seeds=200_000, chunk=20, never=("violated",), sometimes=SOMETIMES),
)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def git(*arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8"
    ).stdout.strip()


def new_record() -> Record:
    return {
        "commit": git("rev-parse", "HEAD"),
        "changed": bool(git("status", "--porcelain", "--untracked-files=no")),
        "started": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "sqlite": apsw.sqlite_lib_version(),
        "proofs": {},
    }


def unfinished_record(folder: Path, fresh: Record) -> tuple[Path, Record]:
    """The newest record of the same commit, or a new one under today's date."""
    for path in sorted(folder.glob("????-??-??*.json"), reverse=True):
        known = json.loads(path.read_text(encoding="utf-8"))
        if known["commit"] == fresh["commit"] and not known["changed"] and not fresh["changed"]:
            return path, known
    day = fresh["started"][:10]
    names = [f"{day}.json", *(f"{day}-{number}.json" for number in range(2, 1000))]
    return next(folder / name for name in names if not (folder / name).exists()), fresh


def missing_chunks(proof: Proof, done: list[list[int]], seeds: int) -> Iterator[range]:
    """Ranges of seeds that no earlier run finished."""
    finished = {seed for first, end in done for seed in range(first, end)}
    for first in range(0, seeds, proof.chunk):
        chunk = range(first, min(first + proof.chunk, seeds))
        if not finished.issuperset(chunk):
            yield chunk


def joined(ranges: list[list[int]]) -> list[list[int]]:
    """Half-open ranges, sorted, neighbours made one."""
    result: list[list[int]] = []
    for first, end in sorted(ranges):
        if result and first <= result[-1][1]:
            result[-1][1] = max(end, result[-1][1])
        else:
            result.append([first, end])
    return result


def save(path: Path, record: Record) -> None:
    """In one step, so that a run stopped while writing leaves the record it had."""
    path.parent.mkdir(exist_ok=True)
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    temporary.replace(path)


def run_proof(proof: Proof, seeds: int, path: Path, record: Record, pool: ProcessPoolExecutor) -> None:
    entry = record["proofs"].setdefault(
        proof.name, {"seeds": [], "counts": {}, "violations": [], "cpu_seconds": 0.0}
    )
    chunks = list(missing_chunks(proof, entry["seeds"], seeds))
    running: dict[Future[Result], range] = {pool.submit(timed, proof.run, chunk): chunk for chunk in chunks}
    for number, future in enumerate(as_completed(running), 1):
        counts, violations, seconds = future.result()
        chunk = running[future]
        entry["seeds"] = joined([*entry["seeds"], [chunk.start, chunk.stop]])
        entry["counts"] = dict(sorted((Counter(entry["counts"]) + counts).items()))
        entry["violations"] += violations
        entry["cpu_seconds"] = round(entry["cpu_seconds"] + seconds, 1)
        save(path, record)
        say(f"{proof.name}: {number} of {len(chunks)} parts, {entry['cpu_seconds']} s of work")
    say(f"{proof.name}: {entry['counts']}")


def timed(run: Callable[[range], Counter[str]], chunk: range) -> Result:
    start = time.process_time()
    counts, violations = attempted(run, chunk)
    return counts, violations, time.process_time() - start


def attempted(run: Callable[[range], Counter[str]], chunk: range) -> tuple[Counter[str], list[str]]:
    """A violated promise is a result too: it is recorded with its seed, and the other seeds go on."""
    try:
        return run(chunk), []
    except AssertionError as error:
        if len(chunk) == 1:
            return Counter(violated=1), [f"seed {chunk.start}: {error}"]
    counts, violations = Counter[str](), []
    for seed in chunk:
        more, found = attempted(run, range(seed, seed + 1))
        counts += more
        violations += found
    return counts, violations


def failures(proof: Proof, counts: dict[str, int]) -> list[str]:
    return [f"{proof.name}: {counts[name]} x {name}" for name in proof.never if counts.get(name)] + [
        f"{proof.name}: never {name}" for name in proof.sometimes if not counts.get(name)
    ]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.prove", description=__doc__)
    parser.add_argument("--only", help="proofs whose name contains this")
    parser.add_argument("--seeds", type=int, help="at most so many of each, for a try")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args(arguments)
    path, record = unfinished_record(FOLDER, new_record())
    chosen = [proof for proof in PROOFS if (options.only or "") in proof.name]
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.workers, mp_context=spawn) as pool:
        try:
            for proof in chosen:
                run_proof(proof, min(options.seeds or proof.seeds, proof.seeds), path, record, pool)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    wrong = [line for proof in chosen for line in failures(proof, record["proofs"][proof.name]["counts"])]
    record["failures"] = wrong
    save(path, record)
    say("\n".join(wrong) or f"Everything held. The record is {path.relative_to(ROOT)}.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
