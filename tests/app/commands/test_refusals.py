"""What each command refuses, with the sentence a person reads; whatever is refused has changed nothing."""

from collections.abc import Callable

import pytest

from app.commands import gates, people, projects, runs, signing, tasks
from app.commands.history import revert
from app.domain.words import Access, CheckOutcome, RunKind, VerdictWord
from app.errors import Refused
from tests.factories import Plan, Team

Act = Callable[[Team, Plan], object]
NOBODY = bytes(16)


def _freeze(plan: Plan) -> bytes:
    return plan.tasks["Freeze the code"]


def _by_mara(command: Callable[..., object], *args: object, **kwargs: object) -> Act:
    """A command by Mara; a string among the arguments that begins with @ is looked up in the plan."""

    def act(team: Team, plan: Plan) -> object:
        known = {
            "@freeze": _freeze(plan),
            "@export": plan.tasks["Export the stock"],
            "@project": plan.project,
        }
        known |= {
            "@run": plan.run,
            "@gate": plan.gate,
            "@rows": plan.checks["rows"],
            "@mara": team.ids["mara"],
        }
        known |= {"@jun": team.ids["jun"], "@criterion": plan.criterion, "@prepare": plan.stages["Prepare"]}
        more = dict(kwargs)
        if more.pop("signed", False):
            more["signer"] = team.signers["mara"]
        return team.run("mara", command, *(known.get(str(one), one) for one in args), **more)

    return act


def _twice(act: Act) -> Act:
    def both(team: Team, plan: Plan) -> object:
        act(team, plan)
        return act(team, plan)

    return both


PLANNING: dict[str, tuple[Act, str]] = {
    "a project without a name": (_by_mara(projects.create_project, " "), "A project needs a name."),
    "a stage without a title": (_by_mara(projects.add_stage, "@project", ""), "A stage needs a title."),
    "a task without a title": (_by_mara(tasks.add_task, "@project", "  "), "A task needs a title."),
    "a title taken away": (_by_mara(tasks.set_task, "@freeze", {"title": " "}), "A task needs a title."),
    "a project's name taken away": (
        _by_mara(projects.set_project, "@project", {"name": ""}),
        "A project needs a name.",
    ),
    "a stage's title taken away": (
        _by_mara(projects.set_stage, "@prepare", {"title": " "}),
        "A stage needs a title.",
    ),
    "a gate's name taken away": (_by_mara(gates.set_gate, "@gate", {"name": ""}), "A gate needs a name."),
    "a criterion's text taken away": (
        _by_mara(gates.set_criterion, "@criterion", {"text": ""}),
        "A criterion needs a text.",
    ),
    "a check's text taken away": (
        _by_mara(tasks.set_check, "@rows", {"text": None}),
        "A check needs a text.",
    ),
    "a check without a text": (_by_mara(tasks.add_check, "@freeze", ""), "A check needs a text."),
    "a check of no kind": (
        _by_mara(tasks.add_check, "@freeze", "x", kind="guess"),
        "kind is one of: tick, value, pair.",
    ),
    "an unknown field": (_by_mara(tasks.set_task, "@freeze", {"colour": "red"}), "There is no field colour;"),
    "minutes below zero": (_by_mara(tasks.set_task, "@freeze", {"minutes": -1}), "minutes: "),
    "minutes that are a word": (_by_mara(tasks.set_task, "@freeze", {"minutes": "long"}), "minutes: "),
    "a priority beyond five": (_by_mara(tasks.set_task, "@freeze", {"priority": 6}), "priority: "),
    "a title too long": (
        _by_mara(tasks.set_task, "@freeze", {"title": "x" * 1001}),
        "title has 1001 characters; at most 1000 fit.",
    ),
    "control characters": (
        _by_mara(tasks.set_task, "@freeze", {"title": "a\x00b"}),
        "title holds control characters.",
    ),
    "an owner nobody knows": (
        _by_mara(tasks.set_task, "@freeze", {"owner": NOBODY}),
        f"There is no person {NOBODY.hex()}.",
    ),
    "an unknown requirement": (
        _by_mara(tasks.set_task, "@freeze", {"requires": "comment,blood"}),
        "A task can require comment, file, checks and second, not blood.",
    ),
    "a language that is none": (
        _by_mara(tasks.set_task, "@freeze", {"title": "x"}, language="no language"),
        "no language is no language.",
    ),
    "a task that is not there": (_by_mara(tasks.delete_task, NOBODY), "There is no task"),
    "a task deleted twice": (_twice(_by_mara(tasks.delete_task, "@freeze")), "There is no task"),
    "a link to itself": (_by_mara(tasks.link_tasks, "@freeze", "@freeze"), "would close a circle"),
    "a link back": (_by_mara(tasks.link_tasks, "@export", "@freeze"), "would close a circle"),
    "a link that is there": (_by_mara(tasks.link_tasks, "@freeze", "@export"), "This link is there already."),
    "a link of no type": (_by_mara(tasks.link_tasks, "@freeze", "@export", type="XX"), "FS, SS, FF or SF"),
    "a gate without a name": (_by_mara(gates.add_gate, "@project", " "), "A gate needs a name."),
    "a gate over no task": (_by_mara(gates.add_gate, "@project", "x", tasks=(NOBODY,)), "There is no task"),
    "a criterion without a text": (
        _by_mara(gates.add_criterion, "@gate", ""),
        "A criterion needs a text.",
    ),
    "an action that is none": (_by_mara(revert, NOBODY), "There is no action"),
}

RUNNING: dict[str, tuple[Act, str]] = {
    "a second main run": (
        _by_mara(runs.start_run, "@project", RunKind.MAIN),
        "Every project has its main run from the start.",
    ),
    "a second live run": (
        _twice(_by_mara(runs.start_run, "@project", RunKind.LIVE, reason="small")),
        "The live run is on. Finish it before another one starts.",
    ),
    "the main run finished": (_by_mara(runs.finish_run, "@run"), "The main run stays open."),
    "a step started twice": (
        _twice(_by_mara(runs.start_step, "@run", "@freeze")),
        "This step is running already.",
    ),
    "a step finished twice": (
        _twice(_by_mara(runs.finish_step, "@run", "@freeze")),
        "This step is finished already.",
    ),
    "a finish before its time": (
        _by_mara(runs.finish_step, "@run", "@export"),
        "This step may not start yet: “Freeze the code” is to do.",
    ),
    "a failure without a reason": (_by_mara(runs.fail_step, "@run", "@freeze"), "Say why it failed"),
    "a skip without a reason": (_by_mara(runs.skip_step, "@run", "@freeze"), "Say why it is skipped"),
    "a block without a reason": (_by_mara(runs.block_step, "@run", "@freeze"), "Say what blocks it"),
    "minutes of a step to do": (
        _by_mara(runs.set_remaining, "@run", "@freeze", 5),
        "Only a started step has minutes remaining.",
    ),
    "a step to do put back": (
        _by_mara(runs.reset_step, "@run", "@freeze"),
        "This step is one to do already.",
    ),
    "a note without a text": (_by_mara(runs.add_note, "@run", "@freeze", " \n"), "A note needs a text."),
    "a check that is not there": (
        _by_mara(runs.tick, "@run", NOBODY, CheckOutcome.PASS),
        "There is no check",
    ),
    "a run that is not there": (_by_mara(runs.start_step, NOBODY, "@freeze"), "There is no run"),
    "evidence that is not there": (_by_mara(runs.remove_evidence, NOBODY), "There is no evidence"),
}

PEOPLE: dict[str, tuple[Act, str]] = {
    "a person without a name": (
        _by_mara(people.add_person, " ", "nina", signed=True),
        "A person needs a name.",
    ),
    "a bad id": (
        _by_mara(people.add_person, "Nina", "Nina B", signed=True),
        "An id is made of a-z, 0-9 and _",
    ),
    "an id too long": (_by_mara(people.add_person, "Nina", "n" * 41, signed=True), "at most 40"),
    "an id that is taken": (
        _by_mara(people.add_person, "Jun Too", "jun", signed=True),
        "The id jun is taken.",
    ),
    "nobody who vouches": (_by_mara(people.add_person, "Nina", "nina"), "An owner signs for new people"),
    "the last owner gone": (
        _by_mara(people.set_access, "@mara", Access.READER, signed=True),
        "The last owner stays owner.",
    ),
    "a role without a name": (_by_mara(people.give_role, "@jun", " ", signed=True), "A role needs a name."),
    "a role not held taken": (
        _by_mara(people.take_role, "@jun", "Ops", signed=True),
        "The role Ops is not held.",
    ),
}


@pytest.mark.parametrize("case", [*PLANNING, *RUNNING, *PEOPLE])
def test_what_is_refused_says_why_and_changes_nothing(team: Team, plan: Plan, case: str) -> None:
    act, sentence = (PLANNING | RUNNING | PEOPLE)[case]
    before = team.workspace.rev + (act.__name__ == "both")  # the first of two counts

    with pytest.raises(Refused) as refused:
        act(team, plan)

    assert sentence in str(refused.value)
    assert team.workspace.rev == before


def test_a_link_across_projects_is_refused(team: Team, plan: Plan) -> None:
    other = team.run("mara", projects.create_project, "Another")
    elsewhere = team.run("mara", tasks.add_task, other, "Elsewhere")

    with pytest.raises(Refused, match="Both tasks of a link belong to one project"):
        team.run("mara", tasks.link_tasks, _freeze(plan), elsewhere)
    with pytest.raises(Refused, match="The run belongs to another project"):
        team.run("mara", runs.start_step, plan.run, elsewhere)


def test_nothing_happens_in_a_finished_run(team: Team, plan: Plan) -> None:
    run = team.run("mara", runs.start_run, plan.project, RunKind.REHEARSAL)
    team.run("mara", runs.finish_run, run)

    with pytest.raises(Refused, match="Nothing more can happen in it"):
        team.run("ann", runs.start_step, run, _freeze(plan))
    with pytest.raises(Refused, match="This run is finished already"):
        team.run("mara", runs.finish_run, run)


def test_signing_and_withdrawing_need_something_to_be_about(team: Team, plan: Plan) -> None:
    signer = team.signers["jun"]

    with pytest.raises(Refused, match="There is no gate and no task"):
        team.run("jun", signing.sign, signer, plan.run, NOBODY, role="QA")
    with pytest.raises(Refused, match="There is no signature"):
        team.run("jun", signing.withdraw, signer, bytes(32))
    with pytest.raises(Refused, match="There is no gate"):
        team.run("mara", signing.give_verdict, team.signers["mara"], plan.run, NOBODY, VerdictWord.GO)


def test_a_change_of_a_task_that_is_gone_is_not_reverted_and_brings_nothing_back(
    team: Team, plan: Plan
) -> None:
    task = next(iter(plan.tasks.values()))
    changes = team.done("mara", tasks.set_task, task, {"minutes": 77}).changes
    assert changes is not None
    team.run("mara", tasks.delete_task, task)
    left = team.done("mara", revert, changes.action).result

    assert [(one.table, one.field) for one in left] == [("task", "minutes")]
    alive = team.workspace.read(lambda reader: reader.value("SELECT alive FROM task WHERE id = ?", (task,)))
    assert not alive


def test_what_cannot_be_taken_back_is_not_reverted(team: Team, plan: Plan) -> None:
    done = team.done("mara", projects.create_project, "Another")
    assert done.changes is not None

    with pytest.raises(Refused, match="This action cannot be taken back"):
        team.run("mara", revert, done.changes.action)
