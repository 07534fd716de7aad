"""One edit through the whole path, and its bytes, beside a raw update of the same row and one bare signature."""

import itertools
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from app.commands.registry import command
from app.commands.runs import start_step
from app.commands.signing import sign, withdraw
from app.commands.tasks import set_task
from app.domain import verbs
from app.domain.task import Task
from app.storage.crypto import sign_as_device
from app.storage.transaction import Transaction
from tests.bench.measure import Act, Figure, Sample, interleaved
from tests.bench.plans import Ground, Plan, raw_copy

_RAW, _SIGNATURE = "raw update and commit", "one Ed25519 signature"
_BULK = 20


@command(verbs.SET_TASK)
def set_many(tx: Transaction, tasks: Sequence[bytes], values: Mapping[str, Any]) -> None:
    """What a bulk edit does: one field of many tasks in one commit."""
    for task in tasks:
        for name, value in values.items():
            tx.set(Task, task, name, value)


def measured(ground: Ground, size: int, rounds: int) -> list[Figure]:
    plan = ground.plan(size)
    raw = raw_copy(plan, ground.place("raw"))
    mara, device = plan.team.acts("mara"), plan.team.workspace.device
    minutes = itertools.count(1000)
    edited, updated = (itertools.cycle(plan.tasks[offset::7]) for offset in range(2))

    def update() -> None:
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("UPDATE task SET minutes = ? WHERE id = ?", (next(minutes), next(updated)))
        raw.execute("COMMIT")

    acts: dict[str, Act] = {
        "set_task": lambda: mara.run(set_task, next(edited), {"minutes": next(minutes)}),
        "start_step": lambda: mara.run(start_step, plan.run, plan.startable.pop()),
        _RAW: update,
        _SIGNATURE: lambda: sign_as_device(device.private, bytes(200)),
    }
    for act in acts.values():
        act()  # the first one of its kind imports and compiles
    taken = interleaved(min(rounds, len(plan.startable)), acts)
    taken |= _gate_signed(plan, max(3, rounds // 10))
    raw.close()
    goals = {"set_task": (10.0, 10.0), "start_step": (None, 10.0)}
    return [
        Figure("edit", what, size, "ms", taken[what], _RAW, taken[_RAW], *goals.get(what, (None, None)))
        for what in ("set_task", "start_step", "sign a gate")
    ] + [Figure("edit", "set_task", size, "ms", taken["set_task"], _SIGNATURE, taken[_SIGNATURE])]


def _gate_signed(plan: Plan, rounds: int) -> dict[str, Sample]:
    jun, signer = plan.team.acts("jun"), plan.team.signers["jun"]
    given: list[bytes] = []

    def take_back() -> None:
        while given:
            jun.run(withdraw, signer, given.pop(), reason="once more")

    def give() -> None:
        given.append(jun.run(sign, signer, plan.run, plan.gate, role="QA").result)

    taken = interleaved(rounds, {"sign a gate": give}, take_back)
    take_back()  # the next measurement signs the same gate
    return taken


def edit(ground: Ground) -> list[Figure]:
    return measured(ground, ground.size, ground.rounds * 40)


# -- bytes ---------------------------------------------------------------------------------------------------------


def size_of_edits(ground: Ground) -> list[Figure]:
    """A lone edit beside the bare value it writes, and the share of one op in commits of twenty, compressed."""
    plan = ground.plan(ground.sizes[0])
    mara = plan.team.acts("mara")
    value = Sample([len(b"minutes=1234")])
    lone, bulk = [], []
    for number, task in enumerate(plan.tasks[: ground.rounds * 2]):
        mara.run(set_task, task, {"minutes": 2000 + number})
        body, signature = _newest(plan)
        lone.append(len(body) + len(signature))
    for first in range(0, len(plan.tasks) - _BULK, _BULK):
        mara.run(set_many, plan.tasks[first : first + _BULK], {"minutes": 3000 + first})
        bulk.append(b"".join(_newest(plan)))
    alone = [len(zlib.compress(one, 9)) / _BULK for one in bulk]
    together = len(zlib.compress(b"".join(bulk), 9)) / (_BULK * len(bulk))
    baseline = "field and value as text"
    return [
        Figure("bytes", "one lone signed edit", 0, "B", Sample(lone), baseline, value, 340 / value.median),
        Figure("bytes", "an op of 20 in a commit, zlib", 0, "B", Sample(alone), baseline, value),
        Figure(
            "bytes",
            "an op of 20, commits zlib together",
            0,
            "B",
            Sample([together]),
            baseline,
            value,
            32 / value.median,
        ),
    ]


def _newest(plan: Plan) -> tuple[bytes, bytes]:
    row = plan.team.workspace.read(
        lambda reader: reader.row("SELECT body, signature FROM entry ORDER BY rev DESC LIMIT 1")
    )
    assert row is not None
    return row[0], row[1]
