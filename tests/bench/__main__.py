"""`make bench`: what the product costs beside its baselines, each pair measured in turns in one run.

`python -m tests.bench [--quick] [TOPIC ...]` writes a table, and the same figures to `proof/bench-<date>.json`.
"""

import argparse
import datetime as dt
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import apsw

from tests.bench import (
    boards,
    edits,
    evidence,
    gantts,
    growth,
    importing,
    joining,
    ledgers,
    lists,
    loads,
    memory,
    papers,
    peers,
    scale,
    servers,
    starts,
    turns,
)
from tests.bench.measure import Figure
from tests.bench.plans import Ground

ROOT = Path(__file__).parents[2]
FOLDER, TRIES = ROOT / "proof", ROOT / "build"  # a quick try is no evidence and stays out of the way
TOPICS: Mapping[str, Callable[[Ground], Iterable[Figure]]] = {
    "edit": edits.edit,
    "bytes": edits.size_of_edits,
    "import": importing.import_plan,
    "load": loads.load,
    "pdf": papers.pdf,
    "cli": starts.command_line,
    "window": starts.window,
    "turns": turns.turns,
    "gantt": gantts.gantts,
    "peer": peers.peers,
    "board": boards.boards,
    "list": lists.lists,
    "server": servers.servers,
    "ledger": ledgers.ledgers,
    "join": joining.joining,
    "snapshot": joining.joining_by_snapshot,
    "evidence": evidence.evidence,
    "memory": memory.memory,
    "scale": scale.scale,
    "growth": growth.growth,
}
FULL, QUICK = ((1_000, 10_000, 100_000), 10_000, 10), ((200, 600), 600, 2)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("topics", nargs="*", metavar="TOPIC", help=", ".join(TOPICS))
    parser.add_argument("--quick", action="store_true", help="small plans and few rounds: a try, no evidence")
    options = parser.parse_args(arguments)
    if unknown := set(options.topics) - set(TOPICS):
        parser.error(f"no topic {', '.join(sorted(unknown))}; there are {', '.join(TOPICS)}")
    begun = dt.datetime.now(dt.UTC)
    figures = measure(options.topics or list(TOPICS), quick=options.quick)
    path = record(figures, begun, quick=options.quick)
    say(f"\n* misses its goal. The record is {path.parent.name}/{path.name}.")
    return 0


def measure(topics: list[str], *, quick: bool) -> list[Figure]:
    """The figures of some topics, said as they come."""
    os.environ.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    figures: list[Figure] = []
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        ground = Ground(Path(folder), *(QUICK if quick else FULL))
        say(HEAD)
        for topic in topics:
            begun = time.monotonic()
            for figure in TOPICS[topic](ground):
                figures.append(figure)
                say(line_of(figure))
            say(f"  ({topic}: {time.monotonic() - begun:.0f} s)")
    return figures


HEAD = f"{'':46} {'tasks':>7} {'p50':>9} {'p95':>9}  {'unit':5}  {'baseline':>9} {'ratio':>8}  {'cpu':>8}   {'goal':9}"


def line_of(figure: Figure) -> str:
    sample = figure.sample
    goals = [f"<= {figure.goal_ratio:.3g}x"] if figure.goal_ratio is not None else []
    goals += (
        [f"p99 {sample.quantile(0.99):.1f}<={figure.goal_p99:.0f}"] if figure.goal_p99 is not None else []
    )
    cpu = f"{figure.cpu_ratio:7.2f}x" if figure.cpu_ratio is not None else " " * 8
    return (
        f"{figure.topic + ': ' + figure.what:46} {figure.size or '':>7} {sample.median:9.2f} {sample.quantile(0.95):9.2f}"
        f"  {figure.unit:5}  {figure.against.median:9.2f} {figure.ratio:7.2f}x  {cpu} {'*' if figure.misses else ' '}"
        f" {', '.join(goals):9}  {figure.baseline}"
    )


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


# -- the record ----------------------------------------------------------------------------------------------------


def record(figures: list[Figure], begun: dt.datetime, *, quick: bool) -> Path:
    """A new file for every run: the newest of a day has the highest number."""
    folder = TRIES if quick else FOLDER
    folder.mkdir(exist_ok=True)
    stem = f"bench-{'quick-' if quick else ''}{begun.date().isoformat()}"
    names = [f"{stem}.json", *(f"{stem}-{number}.json" for number in range(2, 1000))]
    path = next(folder / name for name in names if not (folder / name).exists())
    facts = {
        "commit": _git("rev-parse", "HEAD"),
        "changed": bool(_git("status", "--porcelain", "--untracked-files=no")),
        "started": begun.isoformat(timespec="seconds"),
        "quick": quick,
        "machine": machine(),
        "figures": [as_json(figure) for figure in figures],
    }
    path.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def as_json(figure: Figure) -> dict[str, Any]:
    sample = figure.sample
    return {
        "topic": figure.topic,
        "what": figure.what,
        "tasks": figure.size,
        "unit": figure.unit,
        "rounds": len(sample.values),
        "median": round(sample.median, 3),
        "p95": round(sample.quantile(0.95), 3),
        "p99": round(sample.quantile(0.99), 3),
        "baseline": figure.baseline,
        "baseline_median": round(figure.against.median, 3),
        "ratio": round(figure.ratio, 3),
        "cpu_ratio": figure.cpu_ratio and round(figure.cpu_ratio, 3),
        "goal_ratio": figure.goal_ratio,
        "goal_p99": figure.goal_p99,
        "misses": figure.misses,
    }


def machine() -> dict[str, Any]:
    """What the figures depend on, and nothing that names the machine."""
    return {
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "sqlite": apsw.sqlite_lib_version(),
    }


def _git(*arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8"
    ).stdout.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
