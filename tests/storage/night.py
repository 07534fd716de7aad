"""A cutover night as fault tests live it: people plan, work and sign, one command after another, through `Workspace.run`.

Each act finds what it needs in the workspace, so a night can go on in whatever a fault has left.
"""

import random
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric import ec

from app.commands import gates, people, projects, runs, signing, tasks
from app.commands.history import revert
from app.commands.stating import Signer
from app.domain.words import CheckOutcome, RunKind, VerdictWord
from app.errors import Refused
from app.workspace import Done, Workspace

ADA, BEN = b"ada the owner   ", b"ben the engineer"
PROJECT = "SELECT id FROM project WHERE alive"
STAGE = "SELECT id FROM stage WHERE alive"
TASK = "SELECT id FROM task WHERE alive"
CHECK = "SELECT id FROM check_item WHERE alive"
GATE = "SELECT id FROM gate WHERE alive"
EVIDENCE = "SELECT id FROM evidence WHERE alive"
Act = Callable[[Workspace, random.Random], Done]


def signer(person: bytes) -> Signer:
    """The same key each time: a person goes on signing after a crash."""
    number = int.from_bytes(person[:8], "big")
    return Signer(person, ec.derive_private_key(number, ec.SECP256R1()))


def found_some(workspace: Workspace, sql: str) -> list[bytes]:
    return [bytes(row[0]) for row in workspace.read(lambda reader: reader.rows(f"{sql} ORDER BY 1"))]


def any_of(workspace: Workspace, chance: random.Random, sql: str) -> bytes:
    """One of the ids; Refused when there is none, as for a person who sees an empty list."""
    found = found_some(workspace, sql)
    if not found:
        raise Refused("There is nothing of this kind yet.")
    return chance.choice(found)


def begin(workspace: Workspace) -> None:
    """Two people, a project with a stage, tasks and a gate; what is there already is left alone."""
    if ADA not in found_some(workspace, "SELECT id FROM person"):
        workspace.run(people.add_person, "Ada Lovelace", "ada", own=signer(ADA), id=ADA, roles=("QA", "Lead"))
    workspace.act_as(ADA)
    if BEN not in found_some(workspace, "SELECT id FROM person"):
        workspace.run(
            people.add_person, "Ben", "ben", signer=signer(ADA), own=signer(BEN), id=BEN, roles=("Ops",)
        )
    chance = random.Random(0)
    for sql, act in ((PROJECT, add_project), (STAGE, add_stage), (TASK, add_task), (GATE, add_gate)):
        if not found_some(workspace, sql):
            act(workspace, chance)


# -- planning ------------------------------------------------------------------------------------------------------


def add_project(workspace: Workspace, chance: random.Random) -> Done:
    return workspace.run(projects.create_project, {"en": "Cutover", "zh": "上线"}, t0="2026-03-06T22:00")


def change_project(workspace: Workspace, chance: random.Random) -> Done:
    project = any_of(workspace, chance, PROJECT)
    return workspace.run(
        projects.set_project, project, {"window_end": f"2026-03-0{chance.randint(1, 9)}T06:00"}
    )


def add_stage(workspace: Workspace, chance: random.Random) -> Done:
    return workspace.run(
        projects.add_stage, any_of(workspace, chance, PROJECT), f"Stage {chance.randint(1, 99)}"
    )


def add_task(workspace: Workspace, chance: random.Random) -> Done:
    """Sometimes with a long instruction, so that commits are of many sizes."""
    project = any_of(workspace, chance, PROJECT)
    stages = [None, *found_some(workspace, f"{STAGE} AND log = x'{project.hex()}'")]
    values = {
        "minutes": chance.randint(1, 600),
        "instruction": "迁移主数据。" * chance.choice((0, 1, 1, 900)),
    }
    return workspace.run(tasks.add_task, project, "Migrate", stage=stages[-1], values=values)


def change_task(workspace: Workspace, chance: random.Random) -> Done:
    values = chance.choice(
        (
            {"minutes": chance.randint(0, 999)},
            {"title": f"Load {chance.random()}"},
            {"owner": ADA},
            {"requires": "file"},
        )
    )
    return workspace.run(
        tasks.set_task, any_of(workspace, chance, TASK), values, reason=chance.choice(("", "late"))
    )


def change_unseen(workspace: Workspace, chance: random.Random) -> Done:
    """A view that has not painted the newest value: a conflict instead of an overwrite."""
    seen = max(0, workspace.rev - chance.randint(1, 9))
    values = {"minutes": chance.randint(0, 999)}
    return workspace.run(tasks.set_task, any_of(workspace, chance, TASK), values, seen=seen)


def move_task(workspace: Workspace, chance: random.Random) -> Done:
    return workspace.run(tasks.move_task, any_of(workspace, chance, TASK), None)


def delete_task(workspace: Workspace, chance: random.Random) -> Done:
    return workspace.run(tasks.delete_task, any_of(workspace, chance, TASK))


def add_check(workspace: Workspace, chance: random.Random) -> Done:
    task = any_of(workspace, chance, TASK)
    return workspace.run(tasks.add_check, task, "Balances agree", kind="pair", tolerance="0.01")


def link_tasks(workspace: Workspace, chance: random.Random) -> Done:
    """From the older task to the younger, so that no circle closes."""
    project = any_of(workspace, chance, PROJECT)
    found = found_some(workspace, f"{TASK} AND log = x'{project.hex()}'")
    if len(found) < 2:
        raise Refused("A link needs two tasks.")
    before, after = sorted(chance.sample(found, 2))
    return workspace.run(tasks.link_tasks, before, after, lag=chance.randint(0, 60))


def add_gate(workspace: Workspace, chance: random.Random) -> Done:
    project = any_of(workspace, chance, PROJECT)
    return workspace.run(gates.add_gate, project, "Go or no-go", whole_project=True, roles=("QA", "Ops"))


def delete_gate(workspace: Workspace, chance: random.Random) -> Done:
    return workspace.run(gates.delete_gate, any_of(workspace, chance, GATE))


def add_criterion(workspace: Workspace, chance: random.Random) -> Done:
    return workspace.run(gates.add_criterion, any_of(workspace, chance, GATE), "No open incident", target="0")


# -- running -------------------------------------------------------------------------------------------------------


def in_main_run(workspace: Workspace, thing: bytes, table: str) -> bytes:
    """The main run of the project that a thing belongs to."""
    sql = f"SELECT run.id FROM run JOIN {table} AS thing USING (log) WHERE thing.id = ? AND run.kind = 'main'"
    return bytes(workspace.read(lambda reader: reader.value(sql, (thing,))))


def start_run(workspace: Workspace, chance: random.Random) -> Done:
    kind = chance.choice((RunKind.REHEARSAL, RunKind.LIVE))
    return workspace.run(runs.start_run, any_of(workspace, chance, PROJECT), kind, "First")


def claim(workspace: Workspace, chance: random.Random) -> Done:
    """Somebody says something of a step, sometimes for somebody else, sometimes of an hour ago."""
    said = chance.choice((runs.start_step, runs.finish_step, runs.fail_step, runs.block_step, runs.skip_step))
    task = any_of(workspace, chance, TASK)
    return workspace.run(
        *(said, in_main_run(workspace, task, "task"), task),
        reason="the interface was slow",
        on_behalf_of=chance.choice((None, BEN)),
    )


def tick(workspace: Workspace, chance: random.Random) -> Done:
    check = any_of(workspace, chance, CHECK)
    run = in_main_run(workspace, check, "check_item")
    return workspace.run(
        runs.tick, run, check, chance.choice(tuple(CheckOutcome)), value="12.50", note="余额一致"
    )


def add_note(workspace: Workspace, chance: random.Random) -> Done:
    task = any_of(workspace, chance, TASK)
    return workspace.run(runs.add_note, in_main_run(workspace, task, "task"), task, "Done at the plant")


def attach_file(workspace: Workspace, chance: random.Random) -> Done:
    task = any_of(workspace, chance, TASK)
    run = in_main_run(workspace, task, "task")
    return workspace.run(runs.attach_file, run, task, chance.randbytes(32), 4096, "balance.pdf")


def remove_evidence(workspace: Workspace, chance: random.Random) -> Done:
    return workspace.run(runs.remove_evidence, any_of(workspace, chance, EVIDENCE))


# -- signing -------------------------------------------------------------------------------------------------------


def judge_criterion(workspace: Workspace, chance: random.Random) -> Done:
    criterion = any_of(workspace, chance, "SELECT id FROM criterion WHERE alive")
    run = in_main_run(workspace, criterion, "criterion")
    return workspace.run(gates.judge_criterion, run, criterion, holds=chance.random() < 0.7, evidence="seen")


def sign_gate(workspace: Workspace, chance: random.Random) -> Done:
    gate = any_of(workspace, chance, GATE)
    who, role = chance.choice(((ADA, "QA"), (BEN, "Ops")))
    return workspace.run(signing.sign, signer(who), in_main_run(workspace, gate, "gate"), gate, role=role)


def sign_step(workspace: Workspace, chance: random.Random) -> Done:
    task = any_of(workspace, chance, TASK)
    return workspace.run(signing.sign, signer(ADA), in_main_run(workspace, task, "task"), task, role="Lead")


def withdraw(workspace: Workspace, chance: random.Random) -> Done:
    mine = f"SELECT hash FROM statement WHERE meaning = 'approved' AND person = x'{ADA.hex()}'"
    return workspace.run(signing.withdraw, signer(ADA), any_of(workspace, chance, mine), reason="too early")


def give_verdict(workspace: Workspace, chance: random.Random) -> Done:
    gate = any_of(workspace, chance, GATE)
    run = in_main_run(workspace, gate, "gate")
    return workspace.run(
        signing.give_verdict, signer(ADA), run, gate, VerdictWord.GO, reason="the window closes"
    )


# -- people --------------------------------------------------------------------------------------------------------


def add_person(workspace: Workspace, chance: random.Random) -> Done:
    handle = f"p{chance.getrandbits(60)}"
    return workspace.run(people.add_person, "Carla", handle, "carla@example.org", signer=signer(ADA))


def give_role(workspace: Workspace, chance: random.Random) -> Done:
    return workspace.run(people.give_role, BEN, f"Role {chance.randint(1, 9)}", signer=signer(ADA))


# -- history -------------------------------------------------------------------------------------------------------


def undo(workspace: Workspace, chance: random.Random) -> Done:
    return workspace.undo()


def redo(workspace: Workspace, chance: random.Random) -> Done:
    return workspace.redo()


def revert_any(workspace: Workspace, chance: random.Random) -> Done:
    return workspace.run(revert, any_of(workspace, chance, "SELECT id FROM action WHERE kind = 0"))


ACTS: tuple[Act, ...] = (
    add_project,
    change_project,
    add_stage,
    add_task,
    change_task,
    change_unseen,
    move_task,
    delete_task,
    add_check,
    link_tasks,
    add_gate,
    delete_gate,
    add_criterion,
    start_run,
    claim,
    claim,
    claim,
    tick,
    add_note,
    attach_file,
    remove_evidence,
    judge_criterion,
    sign_gate,
    sign_step,
    withdraw,
    give_verdict,
    add_person,
    give_role,
    undo,
    redo,
    revert_any,
)


class Night:
    """Acts at random; what the rules refuse is followed by something else."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._has_begun = False

    def act(self, workspace: Workspace) -> Done:
        if not self._has_begun:
            begin(workspace)
            self._has_begun = True
        while True:
            try:
                return self._chance.choice(ACTS)(workspace, self._chance)
            except Refused:
                continue
