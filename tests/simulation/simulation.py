"""One seed is one run: replicas live a night apart, heal, and everything that must hold is asked of all of them."""

import sys
import tempfile
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.commands import gates, runs, signing, tasks
from app.domain.words import GateState, VerdictWord
from app.errors import Refused
from app.queries.facts import run_facts
from app.queries.gate_facts import judge
from app.queries.signatures import sign_offs_of_gate
from app.storage.engine import Reader
from app.storage.epochs import without_leaf
from tests.simulation import acts, oracles, verdicts
from tests.simulation.world import A_MESSAGE, ADA, BEN, CLEO, START_MS, Replica, World, new_world, signer

STEPS = 45
LONG_AFTER_MS = START_MS * 4

SOMETIMES = (
    "gate opened here",
    "gate final",
    "gate closed again by removed evidence",
    "gate left open by added evidence",
    "gate open again after undo",
    "conflict open",
    "conflict resolved",
    "undo",
    "redo",
    "undo that listed a newer value",
    "commit put aside for a gap",
    "commit refused by the rules",
    "acceptance turned",
    "forged commit refused",
    "forged statement does not count",
    "statement without the role does not count",
    "fork detected",
    "twin step merged",
    "revived by a concurrent edit",
    "clock clamped",
    "base resolved through a refusal",
    "device joined",
    "agreed without the sequencer",
    "claimed key vouched for",
    "restart",
    "delivery lost",
    "done without its evidence",
    "several claims, the least counts",
    "skipped step waived",
    "exception accepted",
    "accepted exception asks anew",
    "gate closed again without its waiver",
    "verdict taken back",
    "order handed over",
    "server gave the order",
    "server lost receipts",
    "decision beyond its epoch",
    "request lost",
    "answer lost",
    "outbox emptied",
    "server was told everything",
    "false receipt refused",
    "false history refused",
    "value slipped in",
    "late within the grace time",
    "too late after a revocation",
)


@dataclass
class Outcome:
    """What a run left: its trace, and how often interesting things happened."""

    trace: str
    counts: Counter[str]


class Violated(AssertionError):
    """Something that must hold did not; the message begins with the seed."""


def simulate(seed: int) -> Outcome:
    """Runs one seed. Raises Violated."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        world = new_world(seed, Path(folder))
        try:
            _live(world)
            _ask_the_server(world)
            _ask_without_the_sequencer(world)
            world.network.clear()
            world.heal()
            _hand_over(world)
            _vouch(world)
            _empty_the_outboxes(world)
            _ask_all(world)
            _bring_to_the_gate(world)
            _ask_all(world)
            _ask_one(world, world.chance.choice(world.replicas))
            return Outcome(world.trace.hexdigest(), world.counts)
        except Exception as error:
            raise Violated(f"seed {seed}: {type(error).__name__} {error}") from error
        finally:
            world.close()


def _live(world: World) -> None:
    for step in range(STEPS):
        world.clock.now_ms += world.chance.randint(0, 900_000)
        replica = world.chance.choice(world.replicas)
        act = acts.any_act(world.chance)
        with suppress(Refused):
            act(world, replica)
            world.note(step, replica.name, act.__name__)
            _watch_gates(world, replica)


def _watch_gates(world: World, replica: Replica) -> None:
    """No replica, at any moment, may show a gate open or a step done without what that needs."""
    for gate, run, judgement in replica.workspace.read(_judgements):
        open_now = judgement.state is not GateState.CLOSED
        world.counts["gate opened here"] += open_now and gate not in world.opened
        world.opened |= {gate} if open_now else set()
        if open_now and not replica.workspace.read(oracles.may_be_open, run, gate, world.signed_content):
            raise AssertionError(f"{replica.name} shows a gate open without its signatures")
    _must(replica, "decides wrongly: ", replica.workspace.read(verdicts.wrongs, world.signed_content))


def _judgements(reader: Reader) -> list[tuple[bytes, bytes, Any]]:
    found = []
    for gate, project in reader.rows("SELECT id, log FROM gate WHERE alive ORDER BY id"):
        facts = run_facts(reader, project, None, LONG_AFTER_MS, gates=False)
        found.append((gate, facts.run, judge(reader, facts, gate)))
    return found


def _statuses(reader: Reader) -> list[tuple[bytes, bytes, str]]:
    found = []
    for (project,) in reader.rows("SELECT id FROM project WHERE alive ORDER BY id"):
        if reader.row("SELECT 1 FROM run WHERE log = ? AND alive", (project,)):
            facts = run_facts(reader, project, None, LONG_AFTER_MS)
            found += [(facts.run, task, facts.status(task).value) for task in sorted(facts.stage_of)]
    return found


def _ask_the_server(world: World) -> None:
    """After an exchange over a network that holds, both sides know all that the other can tell them."""
    if world.server is None:
        return
    for replica in world.replicas:
        world.sync(replica)
        for giver, taker in ((replica, world.server), (world.server, replica)):
            more = world.take(taker, giver.workspace.give(taker.workspace.held()))
            _must(replica, "and the server do not know the same: ", [more.news] if more.news else [])
    world.counts["server was told everything"] += 1


def _hand_over(world: World) -> None:
    """Where a server is, it gives the order in the end: after a loss an owner says so."""
    if world.server is not None:
        acts.give_to_server(world, world.replicas[0])
        world.heal()


def _empty_the_outboxes(world: World) -> None:
    """With a network that holds, three round trips bring all to the server that is no more than a message, and back."""
    if world.server is None:
        return
    for replica in world.replicas:
        for _ in range(A_MESSAGE):
            with suppress(Refused):
                acts.add_note(world, replica)
        server, here = world.server.workspace, replica.workspace
        most = max(len(here.give(server.held()).packets), len(server.give(here.held()).packets))
        asked = world.sync(replica)
        left = len(here.give(server.held()).packets), len(server.give(here.held()).packets)
        _must(replica, "is not done: ", [left, asked] if any(left) or asked > 3 + most // A_MESSAGE else [])
        world.counts["outbox emptied"] += 1
    world.heal()


def _vouch(world: World) -> None:
    """What a device did under a key that was only claimed waits everywhere until an owner vouches for the key."""
    with suppress(Refused):
        while True:
            acts.vouch(world, world.replica("a"))
            world.heal()


# -- what must hold ------------------------------------------------------------------------------------------------


def _ask_all(world: World) -> None:
    """Replicas that hold the same commits and receipts say the same, in every table and every judgement."""
    first = world.replicas[0]
    common = oracles.read_everything(first.workspace)
    judged = [first.workspace.read(_judgements), first.workspace.read(_statuses)]
    for replica in world.everybody[1:]:
        found = oracles.read_everything(replica.workspace)
        _must(replica, "differs from a: ", oracles.differences(common, found))
        here = [replica.workspace.read(_judgements), replica.workspace.read(_statuses)]
        _must(replica, "judges otherwise: ", here if here != judged else [])
    if world.server is not None:
        logs = [log for (log,) in first.workspace.read(lambda reader: reader.rows("SELECT id FROM log"))]
        placeless = [log for log in logs if first.workspace.read(without_leaf, log)]
        _must(first, "holds commits that nobody gave a place: ", placeless)
    _count(world, first)
    world.note(common["digest"], common["leaf"])


def _ask_without_the_sequencer(world: World) -> None:
    """Two replicas that tell each other everything agree before any receipt comes; only clocks are not settled."""
    if len(world.replicas) < 3 or world.rogues & {"b", "c"}:
        return
    ben, cleo = world.replica("b"), world.replica("c")
    world.heal("bc")
    if ben.workspace.held() != cleo.workspace.held():
        world.counts["held apart by a claimed key"] += 1
        return
    one, other = (replica.workspace.read(oracles.unsettled) for replica in (ben, cleo))
    _must(cleo, "differs from b without receipts: ", oracles.differences(one, other))
    judged, again = (
        [(gate, judgement.state) for gate, _, judgement in replica.workspace.read(_judgements)]
        for replica in (ben, cleo)
    )
    _must(cleo, "judges otherwise than b: ", [judged, again] if judged != again else [])
    world.counts["agreed without the sequencer"] += 1


def _ask_one(world: World, replica: Replica) -> None:
    read = replica.workspace.read
    found = oracles.read_everything(replica.workspace)
    again = oracles.rebuilt(replica.workspace.database)
    _must(replica, "is rebuilt otherwise: ", oracles.differences(found, again))
    _must(replica, "damage: ", read(oracles.damage))
    _must(replica, "lost or overwritten: ", read(oracles.wrong_heads))
    _must(replica, "lists the wrong conflicts: ", list(read(oracles.unlisted)))
    _must(replica, "deleted what somebody wrote on: ", read(oracles.deleted_unseen))
    _must(replica, "statements lost: ", [n for n in [read(oracles.lost_statements)] if n])
    _must(replica, "clocks ahead: ", [n for n in [read(oracles.clocks_ahead)] if n])
    _must(replica, "counts false statements: ", read(oracles.false_statements))
    _must(replica, "accepts what needs more access: ", read(oracles.overreaching))
    _must(replica, "shows too much done: ", read(oracles.hopeful_claims))
    _must(replica, "undone for others: ", [n for n in [read(oracles.undone_for_others)] if n])
    for run, task, status in read(_statuses):
        if status == "done" and not read(oracles.is_done, run, task):
            raise AssertionError("a step counts as done without what it requires")
    _watch_gates(world, replica)


def _must(replica: Replica, what: str, problems: list[Any]) -> None:
    if problems:
        raise AssertionError(f"replica {replica.name} {what}{problems[:5]}")


def _count(world: World, replica: Replica) -> None:
    counts = replica.workspace.read(_interesting)
    for name, number in counts.items():
        world.counts[name] += number


def _interesting(reader: Reader) -> dict[str, int]:
    asked = {
        "conflict open": "SELECT count(*) FROM conflict",
        "twin step merged": "SELECT count(*) FROM step s WHERE 1 < (SELECT count(*) FROM creation c WHERE c.object = s.id)",
        "revived by a concurrent edit": (
            "SELECT count(*) FROM task t WHERE alive AND EXISTS (SELECT 1 FROM head h WHERE h.object = t.id AND "
            "h.field = 0 AND h.gone IS NULL AND h.value <> x'c3')"
        ),
        "clock clamped": "SELECT count(*) FROM entry WHERE (hlc >> 16) > received",
        "forged statement does not count": "SELECT count(*) FROM statement WHERE counts = 0",
        "statement without the role does not count": "SELECT count(*) FROM statement WHERE counts = 3",
    }
    found = {name: int(reader.value(sql) or 0) for name, sql in asked.items()}
    past = oracles.history(reader)
    found["server gave the order"] = int(reader.value("SELECT count(*) FROM tree WHERE epoch > 1"))
    found["decision beyond its epoch"] = int(
        reader.value("SELECT count(*) FROM leaf") - reader.value("SELECT count(*) FROM standing_leaf")
    )
    found["base resolved through a refusal"] = _resolved(past)
    found["done without its evidence"] = sum(status == "claimed" for _, _, status in _statuses(reader))
    found["several claims, the least counts"] = sum(
        len(set(oracles.claims_of(reader, step))) > 1 for (step,) in reader.rows("SELECT id FROM step")
    )
    return found


def _resolved(past: oracles.History) -> int:
    refused = {(device, dev_seq) for _log, device, dev_seq in past.refused}
    return sum(
        any((name[:16], int.from_bytes(name[16:20], "big")) in refused for name in getattr(op, "base", ()))
        for _, _, op in past.ops()
    )


# -- the last act --------------------------------------------------------------------------------------------------


def _bring_to_the_gate(world: World) -> None:
    """On healed replicas the gate is signed by two people at two devices, and must behave everywhere alike."""
    ada, ben = world.replica("a"), world.replica("b")
    found = acts.ids(ada, "SELECT min(id) FROM gate WHERE alive HAVING min(id) IS NOT NULL")
    if not found:
        return
    gate = found[0]
    run = acts.run_of(ada, gate, "gate")
    skipped = _make_ready(world, ada, run, gate)
    world.heal()
    needed = ada.workspace.read(oracles.content_of_gate, run, gate)["roles"]
    if needed != [("Ops", 1), ("QA", 1)] or not ben.workspace.read(oracles.gate_tasks, gate):
        return
    with suppress(Refused):
        waivers = [acts.let_pass(world, ada, run, task, "QA") for task in skipped]
        _sign_both(world, ada, ben, run, gate)
        _disturb(world, ada, ben, run, gate)
        _let_no_longer_pass(world, ada, gate, waivers)
    with suppress(Refused):
        _decide(world, ada, ben, run, gate)


def _make_ready(world: World, ada: Replica, run: bytes, gate: bytes) -> list[bytes]:
    """Everything holds; some steps are skipped, and returned."""
    run_it, skipped = ada.workspace.run, []
    for task in ada.workspace.read(oracles.gate_tasks, gate):
        with suppress(Refused):
            run_it(tasks.set_task, task, {"requires": "comment"})
        with suppress(Refused):
            run_it(runs.reset_step, run, task, on_behalf_of=CLEO)
        end = runs.skip_step if world.chance.random() < 0.2 else runs.finish_step
        with suppress(Refused):
            run_it(end, run, task, reason="all went well", on_behalf_of=CLEO)
            skipped += [task] if end is runs.skip_step else []
        run_it(runs.add_note, run, task, "Counted twice")
    for criterion in acts.ids(ada, f"SELECT id FROM criterion WHERE alive AND gate = x'{gate.hex()}'"):
        run_it(gates.judge_criterion, run, criterion, holds=True)
    for statement in acts.ids(ada, f"SELECT hash FROM statement WHERE person = x'{ADA.hex()}' AND kind = 1"):
        with suppress(Refused):
            run_it(signing.withdraw, signer(ADA), statement)
    return skipped


def _sign_both(world: World, ada: Replica, ben: Replica, run: bytes, gate: bytes) -> None:
    acts.approve(world, ada, gate, "QA")
    for statement in acts.ids(ben, f"SELECT hash FROM statement WHERE person = x'{BEN.hex()}' AND kind = 1"):
        with suppress(Refused):
            ben.workspace.run(signing.withdraw, signer(BEN), statement)
    acts.approve(world, ben, gate, "Ops")
    world.heal()


def _states(world: World, gate: bytes) -> set[GateState]:
    return {
        judgement.state
        for replica in world.replicas
        for one, _, judgement in replica.workspace.read(_judgements)
        if one == gate
    }


def _disturb(world: World, ada: Replica, ben: Replica, run: bytes, gate: bytes) -> None:
    states = _states(world, gate)
    assert len(states) == 1, "replicas judge the gate differently"
    if GateState.CLOSED in states:
        return  # a third rejection, an open conflict: the oracle has said that it may be closed
    world.counts["gate final"] += GateState.FINAL in states
    _watch_gates(world, ben)
    task = ben.workspace.read(oracles.gate_tasks, gate)[0]
    ben.workspace.run(runs.add_note, run, task, "One thing more")
    world.heal()
    assert GateState.CLOSED not in _states(world, gate), "added evidence closed the gate"
    world.counts["gate left open by added evidence"] += 1
    signed = next(iter(sorted(_covered_evidence(world, gate))))
    before = len(ben.workspace.read(sign_offs_of_gate, _project(ben, gate), run, gate))
    ben.workspace.run(runs.remove_evidence, signed)
    world.heal()
    assert _states(world, gate) == {GateState.CLOSED}, "removed evidence left the gate open"
    assert len(ada.workspace.read(sign_offs_of_gate, _project(ada, gate), run, gate)) == before
    world.counts["gate closed again by removed evidence"] += 1
    ben.workspace.undo()
    world.heal()
    assert GateState.CLOSED not in _states(world, gate), "undo did not bring the gate back"
    world.counts["gate open again after undo"] += 1


def _let_no_longer_pass(world: World, ada: Replica, gate: bytes, waivers: list[bytes]) -> None:
    """A skipped step without its waiver closes the gate."""
    if not waivers or _states(world, gate) == {GateState.CLOSED}:
        return
    about = f"(SELECT subject FROM statement WHERE hash = x'{waivers[0].hex()}')"
    if acts.ids(ada, f"SELECT hash FROM statement WHERE kind = 3 AND subject = {about} AND counts = 1") != [
        waivers[0]
    ]:
        return  # somebody else waived it too, in the night
    ada.workspace.run(signing.withdraw, signer(ADA), waivers[0], reason="it was needed")
    world.heal()
    assert _states(world, gate) == {GateState.CLOSED}, "a waiver that was taken back lets its step pass"
    world.counts["gate closed again without its waiver"] += 1


def _decide(world: World, ada: Replica, ben: Replica, run: bytes, gate: bytes) -> None:
    """After go a change asks for an answer until it is accepted; the next change asks anew."""
    go = ada.workspace.run(
        signing.give_verdict, signer(ADA), run, gate, VerdictWord.GO, reason="on we go"
    ).result
    task = ben.workspace.read(oracles.gate_tasks, gate)[0]
    ben.workspace.run(runs.reset_step, run, task, reason="once more", on_behalf_of=CLEO)
    world.heal()
    assert _asking(world, gate) == {True}, "a change after go asks nobody"
    _accept_all(world, ada, gate)
    answers = [one.answer for one in ada.workspace.read(verdicts.rows_at, gate) if one.answer is not None]
    ada.workspace.run(signing.withdraw, signer(ADA), answers[0].id, reason="not yet")
    world.heal()
    assert any(one.can_be_accepted for one in ben.workspace.read(verdicts.rows_at, gate))
    _accept_all(world, ada, gate)
    assert _asking(world, gate) == {False}, "what was accepted still asks"
    ben.workspace.run(tasks.set_task, task, {"title": "Something else"})
    world.heal()
    assert _asking(world, gate) == {True}, "a further change asks nobody"
    world.counts["accepted exception asks anew"] += 1
    _ask_verdicts(world)
    ada.workspace.run(signing.withdraw, signer(ADA), go, reason="too early")
    world.heal()
    _ask_verdicts(world)
    world.counts["verdict taken back"] += 1


def _accept_all(world: World, ada: Replica, gate: bytes) -> None:
    while any(one.can_be_accepted for one in ada.workspace.read(verdicts.rows_at, gate)):
        acts.answer(world, ada, gate)
    world.heal()


def _asking(world: World, gate: bytes) -> set[bool]:
    return {
        any(
            one.asks and one.kind == "changed after go"
            for one in replica.workspace.read(verdicts.rows_at, gate)
        )
        for replica in world.replicas
    }


def _ask_verdicts(world: World) -> None:
    for replica in world.replicas:
        _must(replica, "decides wrongly: ", replica.workspace.read(verdicts.wrongs, world.signed_content))


def _covered_evidence(world: World, gate: bytes) -> set[bytes]:
    last = list(world.signed_content.values())[-1]
    return {row[0] for row in last["evidence"] if row[1] == "note"}


def _project(replica: Replica, gate: bytes) -> bytes:
    return acts.ids(replica, f"SELECT log FROM gate WHERE id = x'{gate.hex()}'")[0]


def simulate_many(seeds: range) -> Counter[str]:
    """Runs seeds, each twice, and adds up their counts; the form the long proofs call. Says which seed did not hold."""
    counts: Counter[str] = Counter()
    for seed in seeds:
        try:
            counts += _twice(seed).counts
        except Violated as error:
            counts["violated"] += 1
            sys.stderr.write(f"{error}\n")
    return counts


def _twice(seed: int) -> Outcome:
    outcome = simulate(seed)
    if simulate(seed).trace != outcome.trace:
        raise Violated(f"seed {seed}: another run of it went otherwise")
    return outcome


def trace_of(seed: int) -> str:
    """The trace hash of a run, for comparing two runs of one seed."""
    return simulate(seed).trace
