"""The simulation has teeth: each bug planted in the merge, by replacing one function, is found within a few seeds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from app.domain.verbs import BY_NUMBER
from app.queries import accepting, gate_facts, signatures
from app.storage import (
    authority,
    certificates,
    history,
    judging,
    ordering,
    rebuild,
    replica,
    rows,
    transaction,
)
from app.storage.judging import Refusal
from app.storage.registers import Head
from app.storage.statements import Kind
from sync.core import exchange
from tests.simulation.simulation import simulate

SEEDS = 90  # a bug is mostly found by one of the first; whatever is rare in a night needs more


class _All(set[bytes]):
    def __contains__(self, item: object) -> bool:
        return True


def _latest(heads: Any, *, least: bool) -> Head | None:
    return max(heads, key=lambda head: (head.hlc, head.op), default=None)


def _unclamped(hlc: int, received_ms: int = 0) -> int:
    return hlc


def _yes(*args: Any, **kwargs: Any) -> bool:
    return True


def _no(*args: Any) -> bool:
    return False


def _nothing(*args: Any) -> list[Any]:
    return []


def _unmoved(client: exchange.Client, event: exchange.Answered) -> list[exchange.Effect]:
    effects = _HONEST_ANSWERED(client, event)
    client._moved = False
    return effects


_HONEST_ANSWERED = exchange.Client._answered


def _verb_alone(reader: Any, commit: Any) -> Any:
    return BY_NUMBER[commit.verb].access


def _drop_before_creation(honest: Callable[..., int]) -> Callable[..., int]:
    def put(writer: Any, context: Any, name: bytes, op: Any) -> int:
        return honest(writer, context, name, op) if rows._exists(writer, op.object) else 0

    return put


def _taken_back_or_not(reader: Any, gate: bytes, run: bytes) -> Any:
    return [one for one in signatures.statements_about(reader, gate, Kind.VERDICT, run) if one.counts == 1]


@dataclass(frozen=True)
class Mutant:
    """What is replaced by what, and what becomes possible by it."""

    name: str
    changes: Mapping[tuple[Any, str], Any]


MUTANTS = (
    Mutant("last writer wins", {(rows, "merge"): lambda heads, new, base: (new,)}),
    Mutant("latest claim wins", {(rows, "winner"): _latest}),
    Mutant("gap accepted", {(replica, "_comes_next"): _yes}),
    Mutant("causes not waited for", {(replica, "knows_causes"): _yes}),
    Mutant(
        "no clamp",
        {
            (replica, "clamp_hlc"): _unclamped,
            (judging, "clamp_hlc"): _unclamped,
            (rebuild, "clamp_hlc"): _unclamped,
        },
    ),
    Mutant("commit signature unchecked", {(replica, "verify"): _yes}),
    Mutant("statement signature unchecked", {(authority, "verify"): _yes}),
    Mutant("role unchecked", {(authority, "holds_role"): _yes}),
    Mutant(
        "access unchecked",
        dict.fromkeys(((replica, "judge"), (ordering, "judge")), lambda *args: Refusal.ACCEPTED),
    ),
    Mutant("access by the verb alone", {(judging, "least_access"): _verb_alone}),
    Mutant("undo on current heads", {(history._Origins, "of"): lambda self, log, op: _All()}),
    Mutant("base not resolved", {(rows, "standing_base"): lambda writer, log, op: set(op.base)}),
    Mutant("sequencer's word ignored", {(replica, "turn"): lambda writer, decisions: []}),
    Mutant("every claimed key accepted", {(certificates, "_level"): lambda *args: 0}),
    Mutant("value before its creation dropped", {(rows, "_put"): _drop_before_creation(rows._put)}),
    Mutant("receipt's time ignored", {(replica, "settle_clock"): lambda writer, leaf: None}),
    Mutant(
        "order handed over is not begun",
        {(module, "begin_all"): _nothing for module in (replica, transaction)},
    ),
    Mutant("clock not settled by the new order", {(ordering, "settle_clock"): _nothing}),
    Mutant("one message is all", {(exchange, "lacks"): _no, (exchange.Client, "_answered"): _unmoved}),
    Mutant("the rest stays there", {(exchange, "lacks"): _no}),
    Mutant("waiver by anybody", {(gate_facts, "waives"): _yes}),
    Mutant("verdict counts though taken back", {(signatures, "verdicts_given"): _taken_back_or_not}),
    Mutant("acceptance outlives its ground", {(accepting, "is_stale"): lambda *args: False}),
    Mutant("acceptance counts though taken back", {(accepting, "withdrawn_ids"): lambda *args: set()}),
)


def killing_seed(seeds: range) -> int | None:
    """The first seed whose run does not hold; None when all of them do."""
    for seed in seeds:
        try:
            simulate(seed)
        except Exception:  # noqa: BLE001 - a bug may show itself in any way
            return seed
    return None


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_planted_bug_is_found(
    mutant: Mutant, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    simulate(0)  # the shared beginning is made by the sound program
    for (place, name), false in mutant.changes.items():
        monkeypatch.setattr(place, name, false)
    found = killing_seed(range(SEEDS))
    record_property("killed by seed", found)

    assert found is not None, f"{mutant.name} lives through {SEEDS} seeds"
