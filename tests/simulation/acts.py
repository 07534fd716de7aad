"""What people do at their devices, and what goes wrong on purpose: each act at one replica, by chance.

An act that the rules refuse is a person who is told no; it changes nothing.
"""

import random
import shutil
from collections.abc import Callable

from app.codec import COMMIT, pack, unpack
from app.commands import (
    accepting,
    decisions,
    founding,
    gates,
    handovers,
    incidents,
    people,
    projects,
    runs,
    signing,
    tasks,
)
from app.commands.history import revert
from app.domain import verbs
from app.domain.words import Access, CheckOutcome, Meaning, RunKind, VerdictWord
from app.errors import Refused
from app.storage import stacks
from app.storage.crypto import sign_as_device
from app.storage.delivery import Delivery, Packet
from app.storage.transaction import Transaction
from tests.simulation import oracles, trials, verdicts
from tests.simulation.world import ADA, BEN, CLEO, HOUR_MS, Replica, World, signer

Act = Callable[[World, Replica], None]


def ids(replica: Replica, sql: str) -> list[bytes]:
    return sorted(bytes(row[0]) for row in replica.workspace.read(lambda reader: reader.rows(sql)))


def one_of(world: World, replica: Replica, sql: str) -> bytes:
    found = ids(replica, sql)
    if not found:
        raise Refused("There is nothing of this kind.")
    return world.chance.choice(found)


def a_task(world: World, replica: Replica) -> bytes:
    return one_of(world, replica, "SELECT id FROM task WHERE alive")


def run_of(replica: Replica, thing: bytes, table: str) -> bytes:
    sql = f"SELECT r.id FROM run r JOIN {table} x ON x.log = r.log WHERE x.id = x'{thing.hex()}' AND r.kind = 'main'"
    found = ids(replica, sql)
    if not found:
        raise Refused("Its project has not arrived.")
    return found[0]


# -- planning ------------------------------------------------------------------------------------------------------


def edit_task(world: World, replica: Replica) -> None:
    """Sometimes from a view that has not painted the newest values."""
    chance = world.chance
    seen = None if chance.random() < 0.7 else max(1, replica.workspace.rev - chance.randint(1, 12))
    values = chance.choice(
        (
            {"minutes": chance.randint(0, 99)},
            {"title": f"Load {chance.randint(0, 99)}"},
            {"owner": chance.choice((ADA, BEN))},
            {"stream": chance.choice("xyz")},
        )
    )
    if seen is not None:
        world.counts["edit from an old view"] += 1
    reason = chance.choice(("", "late"))
    replica.workspace.run(tasks.set_task, a_task(world, replica), values, seen=seen, reason=reason)


def resolve_conflict(world: World, replica: Replica) -> None:
    """Somebody looks at both values and writes one."""
    before = ids(replica, "SELECT object FROM conflict WHERE entity = 7")
    if not before:
        raise Refused("There is no conflict.")
    task = world.chance.choice(before)
    values = {"minutes": 5, "title": "Agreed", "owner": ADA, "stream": "x", "requires": "comment"}
    values |= {"stage": None, "rank": "V"}
    for name, value in values.items():
        replica.workspace.run(tasks.set_task, task, {name: value})
    after = ids(replica, "SELECT object FROM conflict WHERE entity = 7")
    world.counts["conflict resolved"] += len(before) - len(after)


def add_task(world: World, replica: Replica) -> None:
    chance = world.chance
    project = one_of(world, replica, "SELECT id FROM project WHERE alive")
    stage = None
    if chance.random() < 0.7:
        stage = one_of(world, replica, f"SELECT id FROM stage WHERE alive AND log = x'{project.hex()}'")
    replica.workspace.run(tasks.add_task, project, "Check the printers", stage=stage)


def move_task(world: World, replica: Replica) -> None:
    task = a_task(world, replica)
    stage = one_of(
        world,
        replica,
        f"SELECT s.id FROM stage s JOIN task t ON t.log = s.log WHERE t.id = x'{task.hex()}' AND s.alive",
    )
    replica.workspace.run(tasks.move_task, task, world.chance.choice((stage, None)))


def delete_task(world: World, replica: Replica) -> None:
    replica.workspace.run(tasks.delete_task, a_task(world, replica))


def add_stage(world: World, replica: Replica) -> None:
    project = one_of(world, replica, "SELECT id FROM project WHERE alive")
    replica.workspace.run(projects.add_stage, project, "Verify")


def delete_stage(world: World, replica: Replica) -> None:
    """A stage without a gate, so that the night goes on."""
    stage = one_of(
        world, replica, "SELECT id FROM stage WHERE alive AND id NOT IN (SELECT stage FROM gate WHERE alive)"
    )
    replica.workspace.run(projects.delete_stage, stage)


def add_check(world: World, replica: Replica) -> None:
    replica.workspace.run(
        tasks.add_check, a_task(world, replica), "Count the rows", kind="value", target="100"
    )


def link_tasks(world: World, replica: Replica) -> None:
    before = a_task(world, replica)
    replica.workspace.run(tasks.link_tasks, before, a_task(world, replica), lag=world.chance.randint(0, 9))


def add_project(world: World, replica: Replica) -> None:
    """Sequenced by whoever makes it."""
    if len(ids(replica, "SELECT id FROM project")) > 2:
        raise Refused("Enough projects.")
    replica.workspace.run(projects.create_project, f"Release {world.chance.randint(0, 9)}")


def require_role(world: World, replica: Replica) -> None:
    gate = one_of(world, replica, "SELECT id FROM gate WHERE alive")
    replica.workspace.run(gates.require_role, gate, "Lead")


def set_project(world: World, replica: Replica) -> None:
    project = one_of(world, replica, "SELECT id FROM project WHERE alive")
    values = {"window_end": f"2026-03-0{world.chance.randint(1, 9)}T06:00"}
    replica.workspace.run(projects.set_project, project, values)


# -- the night -----------------------------------------------------------------------------------------------------


def claim(world: World, replica: Replica) -> None:
    chance = world.chance
    said = chance.choice(
        (runs.start_step, runs.finish_step, runs.finish_step, runs.fail_step, runs.block_step, runs.skip_step)
    )
    task = a_task(world, replica)
    by = chance.choice((None, CLEO, CLEO))
    run = run_of(replica, task, "task")
    replica.workspace.run(said, run, task, reason="the interface was slow", on_behalf_of=by)


def claim_apart(world: World, replica: Replica) -> None:
    """Two people at two devices say different things of one step."""
    other = world.chance.choice([one for one in world.replicas if one is not replica])
    task = a_task(world, replica)
    run = run_of(replica, task, "task")
    first, second = world.chance.sample((runs.finish_step, runs.fail_step, runs.start_step), 2)
    replica.workspace.run(first, run, task, reason="as I see it")
    other.workspace.run(second, run, task, reason="as I see it")


def reset(world: World, replica: Replica) -> None:
    task = a_task(world, replica)
    replica.workspace.run(runs.reset_step, run_of(replica, task, "task"), task)


def tick(world: World, replica: Replica) -> None:
    check = one_of(world, replica, "SELECT id FROM check_item WHERE alive")
    run = run_of(replica, check, "check_item")
    outcome = world.chance.choice(tuple(CheckOutcome))
    note = world.chance.choice(("", "余额一致"))
    replica.workspace.run(runs.tick, run, check, outcome, value="100", note=note)


def add_note(world: World, replica: Replica) -> None:
    task = a_task(world, replica)
    text = f"Done at {world.chance.randint(1, 12)}"
    replica.workspace.run(runs.add_note, run_of(replica, task, "task"), task, text)


def attach_file(world: World, replica: Replica) -> None:
    task = a_task(world, replica)
    run = run_of(replica, task, "task")
    replica.workspace.run(runs.attach_file, run, task, world.chance.randbytes(32), 4096, "totals.pdf")


def remove_evidence(world: World, replica: Replica) -> None:
    evidence = one_of(world, replica, "SELECT id FROM evidence WHERE alive")
    replica.workspace.run(runs.remove_evidence, evidence)


def judge_criterion(world: World, replica: Replica) -> None:
    criterion = one_of(world, replica, "SELECT id FROM criterion WHERE alive")
    run = run_of(replica, criterion, "criterion")
    holds = world.chance.random() < 0.8
    replica.workspace.run(gates.judge_criterion, run, criterion, holds=holds, evidence="seen")


# -- statements ----------------------------------------------------------------------------------------------------


def keep_registers(world: World, replica: Replica) -> None:
    """An incident is raised, or one that is there is solved, opened again or decided about: apart from each other too."""
    run = one_of(world, replica, "SELECT id FROM run WHERE alive")
    known = ids(replica, "SELECT id FROM incident WHERE alive")
    if not known or world.chance.random() < 0.4:
        replica.workspace.run(incidents.raise_incident, run, "The gateway refuses us", description="证书过期")
        return
    incident = world.chance.choice(known)
    act = world.chance.randrange(3)
    if act == 0:
        replica.workspace.run(incidents.solve_incident, incident, "Waited", minutes_lost=9)
    elif act == 1:
        replica.workspace.run(incidents.reopen_incident, incident)
    else:
        about = replica.workspace.read(
            lambda reader: reader.value("SELECT run FROM incident WHERE id = ?", (incident,))
        )
        replica.workspace.run(decisions.record_decision, about, "Go on?", "Yes", incident=incident)


def hand_over(world: World, replica: Replica) -> None:
    """A step is offered, or an offer is taken or taken back."""
    offers = ids(
        replica, "SELECT id FROM hand_over WHERE alive AND taken_at IS NULL AND withdrawn_at IS NULL"
    )
    if not offers or world.chance.random() < 0.4:
        task = a_task(world, replica)
        receiver = world.chance.choice((ADA, BEN, CLEO))
        replica.workspace.run(handovers.hand_over, run_of(replica, task, "task"), task, receiver, "soon")
    elif world.chance.random() < 0.7:
        offer = world.chance.choice(offers)
        taker = replica.workspace.read(
            lambda reader: reader.value("SELECT receiver FROM hand_over WHERE id = ?", (offer,))
        )
        replica.workspace.run(handovers.take_over, offer, on_behalf_of=taker, reason="by phone")
    else:
        replica.workspace.run(handovers.withdraw_hand_over, world.chance.choice(offers))


def start_rehearsal(world: World, replica: Replica) -> None:
    """With its baseline, which every replica must have alike."""
    project = one_of(world, replica, "SELECT id FROM project WHERE alive")
    replica.workspace.run(runs.start_run, project, RunKind.REHEARSAL, "Trial", reason="to see")


def sign_gate(world: World, replica: Replica) -> None:
    gate = one_of(world, replica, "SELECT id FROM gate WHERE alive")
    meaning = world.chance.choice((Meaning.APPROVED, Meaning.APPROVED, Meaning.APPROVED, Meaning.REJECTED))
    roles = ("QA", "Ops", "Lead")
    approve(world, replica, gate, world.chance.choice(roles), meaning)


def approve(
    world: World, replica: Replica, gate: bytes, role: str, meaning: Meaning = Meaning.APPROVED
) -> bytes:
    """Signs, and keeps beside it what was signed, read in another way than the product reads it."""
    run = run_of(replica, gate, "gate")
    content = replica.workspace.read(oracles.content_of_gate, run, gate)
    done = replica.workspace.run(
        *(signing.sign, replica.signer, run, gate), role=role, meaning=meaning, reason="as shown"
    )
    statement: bytes = done.result
    world.signed_content[statement] = content
    return statement


def waive(world: World, replica: Replica) -> None:
    """Lets a skipped step pass, and keeps beside it what was let pass."""
    task = a_task(world, replica)
    let_pass(world, replica, run_of(replica, task, "task"), task, world.chance.choice(("QA", "Ops", "Lead")))


def let_pass(world: World, replica: Replica, run: bytes, task: bytes, role: str) -> bytes:
    content = replica.workspace.read(oracles.content_of_step, run, task)
    done = replica.workspace.run(signing.waive, replica.signer, run, task, role=role, reason="not needed")
    statement: bytes = done.result
    world.signed_content[statement] = content
    world.counts["skipped step waived"] += 1
    return statement


def sign_step(world: World, replica: Replica) -> None:
    task = a_task(world, replica)
    run = run_of(replica, task, "task")
    role = world.chance.choice(("QA", "Ops", "Lead"))
    replica.workspace.run(signing.sign, replica.signer, run, task, role=role, meaning=Meaning.REVIEWED)


def withdraw(world: World, replica: Replica) -> None:
    mine = f"SELECT hash FROM statement WHERE kind IN (1, 3, 4, 5) AND person = x'{replica.person.hex()}'"
    statement = one_of(world, replica, mine)
    replica.workspace.run(signing.withdraw, replica.signer, statement, reason="too early")


def give_verdict(world: World, replica: Replica) -> None:
    gate = one_of(world, replica, "SELECT id FROM gate WHERE alive")
    word = world.chance.choice(tuple(VerdictWord))
    run = run_of(replica, gate, "gate")
    replica.workspace.run(signing.give_verdict, replica.signer, run, gate, word, reason="the window closes")


def accept(world: World, replica: Replica) -> None:
    answer(world, replica, one_of(world, replica, "SELECT id FROM gate WHERE alive"))


def answer(world: World, replica: Replica, gate: bytes) -> None:
    """Accepts an exception at the gate, and keeps beside it what it rests on."""
    rows = [one for one in replica.workspace.read(verdicts.rows_at, gate) if one.can_be_accepted]
    if not rows:
        raise Refused("Nothing stands against this gate.")
    row, run = world.chance.choice(rows), run_of(replica, gate, "gate")
    rests_on = replica.workspace.read(verdicts.premise, run, gate, row.kind)
    done = replica.workspace.run(
        accepting.accept, replica.signer, run, gate, row.ground, reason="it may stand"
    )
    world.signed_content[done.result] = rests_on
    world.counts["exception accepted"] += 1


def change_access(world: World, replica: Replica) -> None:
    """The owner gives or takes what others may do."""
    person, access = world.chance.choice(
        ((BEN, Access.MANAGER), (BEN, Access.EDITOR), (CLEO, Access.READER), (CLEO, Access.MANAGER))
    )
    replica.workspace.run(people.set_access, person, access, signer=signer(replica.person))


def change_role(world: World, replica: Replica) -> None:
    act = world.chance.choice((people.give_role, people.take_role))
    replica.workspace.run(act, CLEO, world.chance.choice(("QA", "Ops")), signer=signer(replica.person))


def vouch(world: World, replica: Replica) -> None:
    person = one_of(world, replica, "SELECT person FROM certificate WHERE level < 0")
    replica.workspace.run(people.vouch, person, signer=signer(replica.person))
    world.counts["claimed key vouched for"] += 1


# -- history -------------------------------------------------------------------------------------------------------


def undo(world: World, replica: Replica) -> None:
    done = replica.workspace.undo()
    world.counts["undo that listed a newer value"] += bool(done.kept)
    world.counts["undo"] += 1


def undo_what_was_overtaken(world: World, replica: Replica) -> None:
    """Somebody changes a field, a second person changes it further, and then the first one takes it back."""
    other = world.chance.choice([one for one in world.replicas if one is not replica])
    task = a_task(world, replica)
    for here, there, minutes in ((replica, other, 400), (other, replica, 500)):
        here.workspace.run(tasks.set_task, task, {"minutes": minutes + world.chance.randint(0, 99)})
        world.take(there, here.workspace.give(there.workspace.held()))
    undo(world, replica)


def redo(world: World, replica: Replica) -> None:
    if replica.workspace.read(stacks.next_redo, replica.person, replica.workspace.device.id) is None:
        undo(world, replica)
    replica.workspace.redo()
    world.counts["redo"] += 1


def revert_any(world: World, replica: Replica) -> None:
    replica.workspace.run(revert, one_of(world, replica, "SELECT id FROM action WHERE kind = 0"))


# -- the world -----------------------------------------------------------------------------------------------------


def exchange(world: World, replica: Replica) -> None:
    others = [one for one in world.replicas if one is not replica]
    world.post(world.chance.choice(others), replica)
    world.deliver_some()


def restart(world: World, replica: Replica) -> None:
    world.restart(replica)
    world.counts["restart"] += 1


def join(world: World, replica: Replica) -> None:
    if len(world.replicas) == 4 or len(world.replicas) < 3:
        raise Refused("Nobody joins.")
    world.join("d", replica)
    world.counts["device joined"] += 1


def wait_long(world: World, replica: Replica) -> None:
    """Beyond the grace time after a revocation."""
    world.clock.now_ms += 80 * HOUR_MS


# -- attacks -------------------------------------------------------------------------------------------------------


def forge_signature(world: World, replica: Replica) -> None:
    """Somebody changes a commit on its way, or signs in another device's name."""
    victim = world.chance.choice([one for one in world.replicas if one is not replica])
    lacking = replica.workspace.give(victim.workspace.held()).packets
    if not lacking:
        raise Refused("There is nothing to forge.")
    packet = lacking[0]
    if world.chance.random() < 0.5:
        broken = bytes([packet.signature[0]]) + bytes([packet.signature[1] ^ 1]) + packet.signature[2:]
    else:
        broken = sign_as_device(replica.workspace.device.private, b"launchbook/statement/1\n" + packet.body)
    taken = world.take(victim, Delivery((Packet(packet.body, broken, packet.detached),)))
    assert taken.taken == 0
    world.counts["forged commit refused"] += len(taken.forged)


def forge_statement(world: World, replica: Replica) -> None:
    """A signature of Ada's, made with somebody else's key; the commit around it is honest."""
    if replica.person == ADA:
        raise Refused("Ada signs for herself.")
    gate = one_of(world, replica, "SELECT id FROM gate WHERE alive")
    real = signer(ADA)
    false = type(real)(ADA, signer(replica.person).private)
    with_her_key = _Forged(ADA, false.private, real.key)

    def forge(tx: Transaction) -> None:
        from app.commands.stating import Subject, make_statement
        from app.domain.project import Gate
        from app.process.digests import DIGEST_REV, gate_digest
        from app.queries.content import gate_content

        run = run_of(replica, gate, "gate")
        log = tx.get(Gate, gate).log
        digest = gate_digest(gate_content(tx.writer, run, gate, "en"))
        make_statement(
            *(tx, with_her_key, 1, Subject(Gate.NUMBER, gate, digest, DIGEST_REV)),  # type: ignore[arg-type]
            log=log,
            run=run,
            meaning="approved",
            role="QA",
        )

    world.force(replica, forge, verb=verbs.SIGN.number)
    world.counts["forged statement made"] += 1


class _Forged:
    """Looks like Ada's signer, and signs with another key."""

    presence = "pin"

    def __init__(self, person: bytes, private: object, key: bytes) -> None:
        self.person, self.private, self.key = person, private, key


def break_in(world: World, replica: Replica) -> None:
    """A program that leaves the access check out, and one that names a harmless verb."""
    project = one_of(world, replica, f"SELECT id FROM project WHERE alive AND id IN ({_of_others(replica)})")
    verb = world.chance.choice((verbs.SET_PROJECT.number, verbs.NOTE_WRONG_PIN.number))
    values = {"window_end": f"2026-04-0{world.chance.randint(1, 9)}T06:00"}
    world.force(replica, projects.set_project, project, values, verb=verb)
    world.counts["tried beyond the own access"] += 1


def _of_others(replica: Replica) -> str:
    """The logs that somebody else sequences: a sequencer who admits its own deeds is another test."""
    return f"SELECT id FROM log WHERE sequencer <> x'{replica.workspace.device.public.hex()}'"


def break_in_and_go_on(world: World, replica: Replica) -> None:
    """An edit that is refused everywhere else, and an honest one that stands on it."""
    task = one_of(world, replica, f"SELECT id FROM task WHERE alive AND log IN ({_of_others(replica)})")
    values = {"minutes": world.chance.randint(100, 199)}
    world.force(replica, tasks.set_task, task, values, verb=verbs.SET_GATE.number)
    replica.workspace.run(tasks.set_task, task, {"minutes": world.chance.randint(200, 299)})


def sign_without_role(world: World, replica: Replica) -> None:
    """States a role that is not held, around the command that would refuse it."""
    if replica.person != BEN:
        raise Refused("Only Ben tries.")
    gate = one_of(world, replica, "SELECT id FROM gate WHERE alive")

    def state(tx: Transaction) -> None:
        from app.commands.stating import Subject, make_statement
        from app.domain.project import Gate
        from app.process.digests import DIGEST_REV, gate_digest
        from app.queries.content import gate_content

        run = run_of(replica, gate, "gate")
        digest = gate_digest(gate_content(tx.writer, run, gate, "en"))
        make_statement(
            *(tx, signer(BEN), 1, Subject(Gate.NUMBER, gate, digest, DIGEST_REV)),
            log=tx.get(Gate, gate).log,
            run=run,
            meaning="approved",
            role="QA",
        )

    world.force(replica, state, verb=verbs.SIGN.number)
    world.counts["signed without the role"] += 1


def fork(world: World, replica: Replica) -> None:
    """A device writes a second history and shows it to somebody who knows the first."""
    own = world.own_commits(replica)
    victim = world.chance.choice([one for one in world.replicas if one is not replica])
    known = victim.workspace.held().commits
    packet = world.chance.choice(own)
    array = unpack(packet.body)
    log, device, dev_seq = array[1], array[2], array[3]
    if known.get((log, device), 0) < dev_seq:
        raise Refused("The victim knows nothing yet.")
    array[8] += 1
    body = pack(array)
    second = Packet(body, sign_as_device(replica.workspace.device.private, COMMIT + body), packet.detached)
    taken = world.take(victim, Delivery((second,)))
    assert (taken.taken, len(taken.forged)) == (0, 1), "a second history was not noticed"
    world.counts["fork detected"] += 1


def hearsay(world: World, replica: Replica) -> None:
    """Somebody hears of a change to a task before hearing of the task."""
    others = [one for one in world.replicas if one is not replica]
    if len(others) < 2:
        raise Refused("There is no third.")
    second, third = world.chance.sample(others, 2)
    project = one_of(world, replica, "SELECT id FROM project WHERE alive")
    task = replica.workspace.run(tasks.add_task, project, "Call the plant").result
    world.take(second, replica.workspace.give(second.workspace.held()))
    second.workspace.run(tasks.set_task, task, {"minutes": world.chance.randint(0, 99)})
    own = [packet for packet in world.own_commits(second) if packet.body]
    taken = world.take(third, Delivery(tuple(own)))
    world.counts["value before its creation"] += taken.taken > 0


def leave_out(world: World, replica: Replica) -> None:
    """A sender leaves a commit out; what follows it must wait."""
    victim = world.chance.choice([one for one in world.replicas if one is not replica])
    lacking = list(replica.workspace.give(victim.workspace.held()).packets)
    if len(lacking) < 2:
        raise Refused("There is nothing to leave out.")
    del lacking[world.chance.randrange(len(lacking) - 1)]
    world.take(victim, Delivery(tuple(lacking)))


def give_to_server(world: World, replica: Replica) -> None:
    """An owner hands the order over to a server, which may hear of it much later."""
    ada = world.replica("a")
    server = world.server or world.serve(world.folder / "s")
    device = server.workspace.device
    handed = ada.workspace.run(
        founding.hand_over_order, signer(ADA), device.id, "server", device.public
    ).result
    world.counts["order handed over"] += handed


def exchange_with_server(world: World, replica: Replica) -> None:
    if world.server is None:
        raise Refused("There is no server.")
    world.sync(replica, loss=world.chance.choice((0, 0.2, 0.9)))


def save_server(world: World, replica: Replica) -> None:
    """A backup, which holds no key."""
    if world.server is None or world.saved is not None:
        raise Refused("There is no server, or it has been saved.")
    world.saves += 1
    world.saved = world.folder / f"saved{world.saves}"
    world.server.workspace.database.close()
    shutil.copytree(world.server.folder, world.saved)
    world.server.workspace.database.open()


def lose_server(world: World, replica: Replica) -> None:
    """The server burns down; what was saved of it goes on under another key, once an owner says so."""
    if world.server is None or world.saved is None:
        raise Refused("There is nothing to go back to.")
    restored = world.serve(world.saved)
    world.saved = None
    lost = replica.workspace.held().leaves.items() - restored.workspace.held().leaves.items()
    world.counts["server lost receipts"] += bool(lost)


def lose_server_that_told_one(world: World, replica: Replica) -> None:
    """Only one device has the last receipts of a server that is gone; it tells the next one, whom an owner names unknowing."""
    ada = world.replica("a")
    if world.server is None or replica is ada or world.saves > 2:
        raise Refused("There is no server, or nobody else.")
    world.sync(ada)
    world.sync(replica)
    edit_task(world, replica)
    world.sync(replica)
    world.clock.now_ms += HOUR_MS
    world.saves += 1
    fresh = world.serve(world.folder / f"fresh{world.saves}")
    world.take(fresh, replica.workspace.give(fresh.workspace.held()))
    give_to_server(world, replica)
    world.sync(ada)
    world.counts["server named by who did not know"] += 1


PEOPLE_ACTS: tuple[tuple[Act, int], ...] = (
    (edit_task, 12),
    (resolve_conflict, 6),
    (add_task, 2),
    (move_task, 2),
    (delete_task, 2),
    (add_stage, 1),
    (delete_stage, 1),
    (add_check, 1),
    (link_tasks, 1),
    (add_project, 1),
    (require_role, 1),
    (set_project, 1),
    (claim, 8),
    (reset, 1),
    (tick, 4),
    (add_note, 4),
    (attach_file, 1),
    (remove_evidence, 3),
    (judge_criterion, 2),
    (keep_registers, 2),
    (hand_over, 2),
    (start_rehearsal, 1),
    (sign_gate, 5),
    (sign_step, 1),
    (waive, 2),
    (withdraw, 1),
    (give_verdict, 2),
    (accept, 2),
    (change_access, 2),
    (change_role, 1),
    (vouch, 2),
    (undo, 5),
    (undo_what_was_overtaken, 2),
    (redo, 3),
    (revert_any, 1),
)
WORLD_ACTS: tuple[tuple[Act, int], ...] = (
    (exchange, 30),
    (restart, 1),
    (join, 2),
    (wait_long, 1),
    (forge_signature, 1),
    (forge_statement, 1),
    (break_in, 2),
    (break_in_and_go_on, 2),
    (sign_without_role, 1),
    (fork, 1),
    (leave_out, 1),
    (hearsay, 2),
    (claim_apart, 2),
    (give_to_server, 4),
    (exchange_with_server, 12),
    (save_server, 8),
    (lose_server, 5),
    (lose_server_that_told_one, 2),
    (trials.change_receipt, 2),
    (trials.make_up_receipt, 1),
    (trials.give_twice, 1),
    (trials.go_on_otherwise, 1),
    (trials.write_nonsense, 2),
    (trials.slip_in_value, 1),
    (trials.take_access_behind_his_back, 2),
)
ACTS = PEOPLE_ACTS + WORLD_ACTS


def any_act(chance: random.Random) -> Act:
    acts, weights = zip(*ACTS, strict=True)
    found: Act = chance.choices(acts, weights)[0]
    return found
