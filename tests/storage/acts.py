"""What people do on a cutover night, each act through `Workspace.run`, choosing among what the workspace holds."""

import random
from collections.abc import Callable
from itertools import pairwise

from cryptography.hazmat.primitives.asymmetric import ec

from app.commands import (
    accepting,
    decisions,
    gates,
    handovers,
    incidents,
    pasting,
    people,
    projects,
    runs,
    selections,
    signing,
    tasks,
)
from app.commands.history import revert
from app.commands.imports import add_draft, import_draft
from app.commands.merging import merge_draft
from app.commands.stating import Signer
from app.domain.draft import (
    CheckDraft,
    CriterionDraft,
    Draft,
    GateDraft,
    LinkDraft,
    ProjectDraft,
    StageDraft,
    TaskDraft,
)
from app.domain.words import Access, CheckOutcome, Claim, DecisionKind, RunKind, Severity, VerdictWord
from app.errors import Refused
from app.queries.exceptions import exceptions
from app.workspace import Done, Workspace

ADA, BEN = b"ada the owner   ", b"ben the engineer"
PROJECT = "SELECT id FROM project WHERE alive"
STAGE = "SELECT id FROM stage WHERE alive"
TASK = "SELECT id FROM task WHERE alive"
CHECK = "SELECT id FROM check_item WHERE alive"
GATE = "SELECT id FROM gate WHERE alive"
CRITERION = "SELECT id FROM criterion WHERE alive"
LINK = "SELECT id FROM link WHERE alive"
EVIDENCE = "SELECT id FROM evidence WHERE alive"
RUN = "SELECT id FROM run WHERE alive"
INCIDENT = "SELECT id FROM incident WHERE alive"
SOLVED = "SELECT id FROM incident WHERE alive AND solved_at IS NOT NULL"
DECISION = "SELECT id FROM decision WHERE alive"
OFFER = "SELECT id FROM hand_over WHERE alive AND taken_at IS NULL AND withdrawn_at IS NULL"
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


def paste_tasks(workspace: Workspace, chance: random.Random) -> Done:
    rows = [tasks.NewTask(f"Pasted {n}", {"minutes": n}) for n in range(chance.randint(2, 6))]
    return workspace.run(tasks.add_tasks, any_of(workspace, chance, PROJECT), rows)


def paste_draft(workspace: Workspace, chance: random.Random) -> Done:
    """A list with a heading: some tasks where one stands, some in a stage of their own."""
    here = StageDraft("h", "", tasks=(TaskDraft("t0", "Pasted", owner="Dora"),))
    there = StageDraft("s", f"Stage {chance.randint(1, 5)}", tasks=(TaskDraft("t1", "粘贴", minutes=9),))
    links = (LinkDraft("t0", "t1"), LinkDraft("t1", "t0"))
    draft = Draft("pasted", (ProjectDraft("p", "", stages=(here, there), links=links),))
    return workspace.run(pasting.paste_draft, any_of(workspace, chance, PROJECT), draft)


def some_tasks(workspace: Workspace, chance: random.Random) -> tuple[bytes, list[bytes]]:
    """Up to three tasks of one project."""
    project = any_of(workspace, chance, PROJECT)
    found = found_some(workspace, f"{TASK} AND log = x'{project.hex()}'")
    if not found:
        raise Refused("There is nothing of this kind yet.")
    return project, chance.sample(found, min(3, len(found)))


def change_tasks(workspace: Workspace, chance: random.Random) -> Done:
    _project, chosen = some_tasks(workspace, chance)
    return workspace.run(selections.set_tasks, chosen, {"minutes": chance.randint(0, 999), "owner": BEN})


def move_tasks(workspace: Workspace, chance: random.Random) -> Done:
    project, chosen = some_tasks(workspace, chance)
    stages = [None, *found_some(workspace, f"{STAGE} AND log = x'{project.hex()}'")]
    return workspace.run(selections.move_tasks, chosen, chance.choice(stages), first=chance.random() < 0.5)


def copy_tasks(workspace: Workspace, chance: random.Random) -> Done:
    project, chosen = some_tasks(workspace, chance)
    return workspace.run(selections.copy_tasks, chosen, project)


def add_predecessors(workspace: Workspace, chance: random.Random) -> Done:
    _project, chosen = some_tasks(workspace, chance)
    wanted = [tasks.Predecessor(chosen[0], "SS", 5)]
    return workspace.run(selections.add_predecessors, chosen[1:], wanted)


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


def delete_tasks(workspace: Workspace, chance: random.Random) -> Done:
    return workspace.run(tasks.delete_tasks, [any_of(workspace, chance, TASK)])


def change_stage(workspace: Workspace, chance: random.Random) -> Done:
    stage = any_of(workspace, chance, STAGE)
    return workspace.run(projects.set_stage, stage, {"owner_role": f"Lead {chance.random()}"})


def delete_stage(workspace: Workspace, chance: random.Random) -> Done:
    return workspace.run(projects.delete_stage, any_of(workspace, chance, STAGE))


def import_plan(workspace: Workspace, chance: random.Random) -> Done:
    """One action of many ops over several tables."""
    return workspace.run(import_draft, a_source(f"json:{chance.random()}", chance))


def a_source(name: str, chance: random.Random) -> Draft:
    """A file in one of its states: some tasks are missing, moved among the stages, longer or called something else."""
    planned = [
        TaskDraft(
            f"t{n}",
            f"迁移 {n}{chance.choice(('', '', ' again'))}",
            owner="Dora",
            minutes=n + chance.randint(0, 1),
            checks=(CheckDraft(f"c{n}", "Totals agree"),),
        )
        for n in range(12)
        if chance.random() < 0.9
    ]
    links = tuple(
        LinkDraft(one.key, two.key, lag_minutes=chance.randint(0, 2)) for one, two in pairwise(planned)
    )
    cut = chance.randint(5, 8)
    stages = (
        StageDraft("s", "Load", tasks=tuple(planned[:cut])),
        StageDraft("u", "Verify", tasks=tuple(planned[cut:])),
    )
    gate = GateDraft("g", "Loaded", stage="s", criteria=(CriterionDraft("k", "No error"),), roles=("QA",))
    return Draft(name, (ProjectDraft("p", "Imported", stages=stages, links=links, gates=(gate,)),))


def add_plan(workspace: Workspace, chance: random.Random) -> Done:
    """A file that comes into a project that is there."""
    return workspace.run(
        add_draft, any_of(workspace, chance, PROJECT), a_source(f"csv:{chance.random()}", chance)
    )


def merge_plan(workspace: Workspace, chance: random.Random) -> Done:
    """A second import, with what it may take and remove decided by chance."""
    project, source = chance.choice(_imported(workspace))
    return workspace.run(
        *(merge_draft, project, a_source(source, chance)),
        source=source,
        default=chance.choice((None, None, True, False)),
    )


def _imported(workspace: Workspace) -> list[tuple[bytes, str]]:
    found = workspace.read(
        lambda reader: reader.rows(
            "SELECT DISTINCT o.log, o.source FROM origin o JOIN project p ON p.id = o.log WHERE o.alive AND p.alive "
            "ORDER BY 1, 2"
        )
    )
    if not found:
        raise Refused("Nothing was imported yet.")
    return [(bytes(project), source) for project, source in found]


def add_check(workspace: Workspace, chance: random.Random) -> Done:
    task = any_of(workspace, chance, TASK)
    return workspace.run(tasks.add_check, task, "Balances agree", kind="pair", tolerance="0.01")


def change_check(workspace: Workspace, chance: random.Random) -> Done:
    check = any_of(workspace, chance, CHECK)
    return workspace.run(tasks.set_check, check, {"target": str(chance.randint(1, 99))})


def delete_check(workspace: Workspace, chance: random.Random) -> Done:
    return workspace.run(tasks.delete_check, any_of(workspace, chance, CHECK))


def change_link(workspace: Workspace, chance: random.Random) -> Done:
    return workspace.run(tasks.set_link, any_of(workspace, chance, LINK), {"lag": chance.randint(61, 99)})


def change_predecessors(workspace: Workspace, chance: random.Random) -> Done:
    """One of the older tasks of the same project instead of all that the youngest waits for."""
    project = any_of(workspace, chance, PROJECT)
    found = found_some(workspace, f"{TASK} AND log = x'{project.hex()}'")
    if len(found) < 2:
        raise Refused("A link needs two tasks.")
    wanted = [tasks.Predecessor(chance.choice(found[:-1]), "SS", chance.randint(1, 60))]
    return workspace.run(tasks.set_predecessors, found[-1], wanted)


def unlink(workspace: Workspace, chance: random.Random) -> Done:
    return workspace.run(tasks.unlink, any_of(workspace, chance, LINK))


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


def change_gate(workspace: Workspace, chance: random.Random) -> Done:
    gate = any_of(workspace, chance, GATE)
    return workspace.run(gates.set_gate, gate, {"name": f"Go {chance.random()}"}, language="en")


def require_role(workspace: Workspace, chance: random.Random) -> Done:
    return workspace.run(gates.require_role, any_of(workspace, chance, GATE), f"Role {chance.random()}")


def delete_gate(workspace: Workspace, chance: random.Random) -> Done:
    return workspace.run(gates.delete_gate, any_of(workspace, chance, GATE))


def add_criterion(workspace: Workspace, chance: random.Random) -> Done:
    return workspace.run(gates.add_criterion, any_of(workspace, chance, GATE), "No open incident", target="0")


def change_criterion(workspace: Workspace, chance: random.Random) -> Done:
    criterion = any_of(workspace, chance, CRITERION)
    return workspace.run(gates.set_criterion, criterion, {"target": str(chance.randint(1, 99))})


# -- running -------------------------------------------------------------------------------------------------------


def in_main_run(workspace: Workspace, thing: bytes, table: str) -> bytes:
    """The main run of the project that a thing belongs to."""
    sql = f"SELECT run.id FROM run JOIN {table} AS thing USING (log) WHERE thing.id = ? AND run.kind = 'main'"
    return bytes(workspace.read(lambda reader: reader.value(sql, (thing,))))


def start_run(workspace: Workspace, chance: random.Random) -> Done:
    kind = chance.choice((RunKind.REHEARSAL, RunKind.LIVE))
    return workspace.run(runs.start_run, any_of(workspace, chance, PROJECT), kind, "First", reason="small")


def _claim(said: Callable[..., None]) -> Act:
    """Somebody says something of a step, sometimes for somebody else."""

    def act(workspace: Workspace, chance: random.Random) -> Done:
        task = any_of(workspace, chance, TASK)
        run = in_main_run(workspace, task, "task")
        performer = chance.choice((None, BEN))
        return workspace.run(said, run, task, reason="the interface was slow", on_behalf_of=performer)

    act.__name__ = said.__name__
    return act


start_step, finish_step, fail_step = _claim(runs.start_step), _claim(runs.finish_step), _claim(runs.fail_step)
skip_step, wait_step, block_step = _claim(runs.skip_step), _claim(runs.wait_step), _claim(runs.block_step)
reset_step = _claim(runs.reset_step)


def set_remaining(workspace: Workspace, chance: random.Random) -> Done:
    task = any_of(workspace, chance, TASK)
    return workspace.run(
        runs.set_remaining, in_main_run(workspace, task, "task"), task, chance.randint(1, 90)
    )


def finish_run(workspace: Workspace, chance: random.Random) -> Done:
    run = any_of(workspace, chance, "SELECT id FROM run WHERE kind <> 'main'")
    return workspace.run(runs.finish_run, run, reason="the window ends")


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


# -- registers and hand-overs --------------------------------------------------------------------------------------


def raise_incident(workspace: Workspace, chance: random.Random) -> Done:
    severity = chance.choice(tuple(Severity))
    run = any_of(workspace, chance, RUN)
    return workspace.run(
        *(incidents.raise_incident, run, "The gateway refuses us"),
        severity=severity,
        description="证书已过期",
        on_behalf_of=chance.choice((None, BEN)),
    )


def change_incident(workspace: Workspace, chance: random.Random) -> Done:
    values = {"owner": BEN, "minutes_lost": chance.randint(1, 90), "title": f"The gateway {chance.random()}"}
    return workspace.run(incidents.set_incident, any_of(workspace, chance, INCIDENT), values)


def solve_incident(workspace: Workspace, chance: random.Random) -> Done:
    incident = any_of(workspace, chance, INCIDENT)
    return workspace.run(incidents.solve_incident, incident, "A new certificate", minutes_lost=35)


def reopen_incident(workspace: Workspace, chance: random.Random) -> Done:
    return workspace.run(incidents.reopen_incident, any_of(workspace, chance, SOLVED))


def attach_to_incident(workspace: Workspace, chance: random.Random) -> Done:
    incident = any_of(workspace, chance, INCIDENT)
    return workspace.run(incidents.attach_to_incident, incident, chance.randbytes(32), 77, "gateway.log")


def record_decision(workspace: Workspace, chance: random.Random) -> Done:
    kind = chance.choice(tuple(DecisionKind))
    run = any_of(workspace, chance, RUN)
    return workspace.run(
        *(decisions.record_decision, run, "Go on without the bank?", "Yes, by hand until Monday"),
        kind=kind,
        why="Payments can wait",
        decider=BEN,
    )


def change_decision(workspace: Workspace, chance: random.Random) -> Done:
    values = {"options": f"wait, or go on {chance.random()}"}
    return workspace.run(decisions.set_decision, any_of(workspace, chance, DECISION), values)


def hand_over(workspace: Workspace, chance: random.Random) -> Done:
    task = any_of(workspace, chance, TASK)
    run = in_main_run(workspace, task, "task")
    return workspace.run(handovers.hand_over, run, task, BEN, "The second table is left")


def take_over(workspace: Workspace, chance: random.Random) -> Done:
    offer = any_of(workspace, chance, OFFER)
    return workspace.run(handovers.take_over, offer, on_behalf_of=BEN, reason="he is at the machine")


def withdraw_hand_over(workspace: Workspace, chance: random.Random) -> Done:
    return workspace.run(handovers.withdraw_hand_over, any_of(workspace, chance, OFFER))


# -- signing -------------------------------------------------------------------------------------------------------


def judge_criterion(workspace: Workspace, chance: random.Random) -> Done:
    criterion = any_of(workspace, chance, CRITERION)
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


def waive(workspace: Workspace, chance: random.Random) -> Done:
    """Whoever skipped it, Ada lets it pass; Refused where no gate asks for it."""
    sql = f"SELECT s.task FROM step s JOIN attempt a ON a.step = s.id JOIN run r ON r.id = s.run WHERE a.claim = {Claim.SKIPPED.value}"
    task = any_of(workspace, chance, f"{sql} AND r.kind = 'main' AND a.alive")
    run = in_main_run(workspace, task, "task")
    return workspace.run(signing.waive, signer(ADA), run, task, role="QA", reason="not needed tonight")


def give_verdict(workspace: Workspace, chance: random.Random) -> Done:
    gate = any_of(workspace, chance, GATE)
    run = in_main_run(workspace, gate, "gate")
    return workspace.run(
        signing.give_verdict, signer(ADA), run, gate, VerdictWord.GO, reason="the window closes"
    )


def accept(workspace: Workspace, chance: random.Random) -> Done:
    """Ada accepts what stands against a gate; Refused where nothing does."""
    gate = any_of(workspace, chance, GATE)
    run = in_main_run(workspace, gate, "gate")
    project = any_of(workspace, chance, f"SELECT log FROM gate WHERE id = x'{gate.hex()}'")
    found = workspace.read(exceptions, project, run, workspace.clock.now_ms())
    grounds = sorted(one.ground for one in found if one.subject == gate and one.can_be_accepted)
    if not grounds:
        raise Refused("Nothing stands against this gate.")
    values = (signer(ADA), run, gate, chance.choice(grounds))
    return workspace.run(accepting.accept, *values, reason="it may stand")


# -- people --------------------------------------------------------------------------------------------------------


def add_person(workspace: Workspace, chance: random.Random) -> Done:
    handle = f"p{chance.getrandbits(60)}"
    return workspace.run(people.add_person, "Carla", handle, "carla@example.org", signer=signer(ADA))


def give_role(workspace: Workspace, chance: random.Random) -> Done:
    return workspace.run(people.give_role, BEN, f"Role {chance.randint(1, 9)}", signer=signer(ADA))


def take_role(workspace: Workspace, chance: random.Random) -> Done:
    return workspace.run(people.take_role, BEN, f"Role {chance.randint(1, 9)}", signer=signer(ADA))


def set_access(workspace: Workspace, chance: random.Random) -> Done:
    access = chance.choice((Access.READER, Access.EDITOR, Access.MANAGER))
    return workspace.run(people.set_access, BEN, access, signer=signer(ADA))


def change_person(workspace: Workspace, chance: random.Random) -> Done:
    return workspace.run(people.set_person, BEN, email=f"ben{chance.randint(1, 99)}@example.org")


def claim_key(workspace: Workspace, chance: random.Random) -> Done:
    """Ben's key on one more device."""
    private = ec.derive_private_key(chance.getrandbits(128) + 1, ec.SECP256R1())
    return workspace.run(people.add_key, BEN, Signer(BEN, private))


def vouch(workspace: Workspace, chance: random.Random) -> Done:
    return workspace.run(people.vouch, BEN, signer=signer(ADA))


def set_project_access(workspace: Workspace, chance: random.Random) -> Done:
    access = chance.choice((Access.NONE, Access.READER, Access.MANAGER))
    project = any_of(workspace, chance, PROJECT)
    return workspace.run(people.set_project_access, BEN, project, access, signer=signer(ADA))


def note_wrong_pin(workspace: Workspace, chance: random.Random) -> Done:
    return workspace.run(people.note_wrong_pin, BEN)


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
    paste_tasks,
    paste_draft,
    change_tasks,
    move_tasks,
    copy_tasks,
    add_predecessors,
    change_task,
    change_unseen,
    move_task,
    delete_task,
    delete_tasks,
    change_stage,
    delete_stage,
    import_plan,
    add_plan,
    merge_plan,
    add_check,
    change_check,
    delete_check,
    link_tasks,
    change_link,
    change_predecessors,
    unlink,
    add_gate,
    change_gate,
    require_role,
    delete_gate,
    add_criterion,
    change_criterion,
    start_run,
    finish_run,
    start_step,
    finish_step,
    fail_step,
    skip_step,
    wait_step,
    block_step,
    reset_step,
    set_remaining,
    tick,
    add_note,
    attach_file,
    remove_evidence,
    raise_incident,
    change_incident,
    solve_incident,
    reopen_incident,
    attach_to_incident,
    record_decision,
    change_decision,
    hand_over,
    take_over,
    withdraw_hand_over,
    judge_criterion,
    sign_gate,
    sign_step,
    waive,
    withdraw,
    give_verdict,
    accept,
    add_person,
    give_role,
    take_role,
    set_access,
    set_project_access,
    change_person,
    claim_key,
    vouch,
    note_wrong_pin,
    undo,
    redo,
    revert_any,
)
