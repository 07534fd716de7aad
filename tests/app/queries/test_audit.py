"""Looking through the audit log: who, what, in which run and about which task, and what is unusual."""

from typing import Any

from app.commands import runs, tasks
from app.domain.verbs import BY_NUMBER
from app.domain.words import CheckOutcome, RunKind
from app.queries.acts import did_word, kind_of
from app.queries.audit import AuditPage, Filter, LogIndex, audit
from tests.factories import Plan, Team


def asked(team: Team, index: LogIndex, limit: int = 1000, offset: int = 0, **wanted: Any) -> AuditPage:
    return team.workspace.read(audit, index, Filter(**wanted), "en", limit, offset)


def said(page: AuditPage) -> list[tuple[str, str]]:
    return [(line.did, line.what) for line in page.lines]


def test_did_and_what_stand_apart(team: Team, plan: Plan) -> None:
    freeze = plan.tasks["Freeze the code"]
    team.run("ann", runs.start_step, plan.run, freeze)
    team.run("ann", runs.tick, plan.run, plan.checks["rows"], CheckOutcome.PASS, value="1200")
    team.run("ann", runs.set_remaining, plan.run, freeze, 90)
    assert said(asked(team, LogIndex(plan.project), 3)) == [
        ("Set remaining", "1.1 Freeze the code: 1 h 30 remaining"),
        ("Check", "1.2 Row count, passed"),
        ("Start step", "1.1 Freeze the code"),
    ]


def test_a_line_says_what_was_brought_or_why(team: Team, plan: Plan) -> None:
    freeze = plan.tasks["Freeze the code"]
    team.run("ann", runs.add_note, plan.run, freeze, "All 40 are out")
    team.run("ann", runs.block_step, plan.run, freeze, reason="No badge")
    assert [line.tail for line in asked(team, LogIndex(plan.project), 2).lines] == [
        "No badge",
        "All 40 are out",
    ]


def test_an_index_reads_only_what_is_new(team: Team, plan: Plan) -> None:
    index = LogIndex(plan.project)
    before = asked(team, index).total
    first = index.acts[0]
    team.run("mara", tasks.set_task, plan.tasks["Switch over"], {"minutes": 20})
    assert asked(team, index).total == before + 1
    assert index.acts[0] is first


def test_pages_follow_each_other_without_a_gap(team: Team, plan: Plan) -> None:
    index = LogIndex(plan.project)
    whole = asked(team, index).lines
    assert (*asked(team, index, 4).lines, *asked(team, index, 100, 4).lines) == whole


def test_a_run_holds_what_happened_in_it(team: Team, plan: Plan) -> None:
    rehearsal = team.run("mara", runs.start_run, plan.project, RunKind.REHEARSAL, "Rehearsal")
    freeze = plan.tasks["Freeze the code"]
    team.run("ann", runs.start_step, rehearsal, freeze)
    team.run("ann", runs.start_step, plan.run, freeze)
    page = asked(team, LogIndex(plan.project), run=rehearsal)
    assert [line.did for line in page.lines] == ["Start step", "Start run"]
    assert (page.found, page.total) == (2, asked(team, LogIndex(plan.project)).total)


def test_a_task_holds_its_links_checks_and_steps(team: Team, plan: Plan) -> None:
    page = asked(team, LogIndex(plan.project), task=plan.tasks["Export the stock"])
    assert [line.did for line in page.lines] == ["Add check", "Add check", "Link tasks", "Add task"]


def test_what_is_unusual_is_marked(team: Team, plan: Plan) -> None:
    freeze = plan.tasks["Freeze the code"]
    hour_ago = team.time.now_ms - 3_600_000
    team.run("mara", runs.start_step, plan.run, freeze, at=hour_ago, on_behalf_of=team.ids["ann"])
    team.acts("mara").undo()
    page = asked(team, LogIndex(plan.project), unusual=True)
    assert [line.act.unusual for line in page.lines] == [("return",), ("behalf", "other time")]
    assert page.lines[1].act.happened_ms == hour_ago
    assert page.lines[1].behalf == "Ann Weiss"


def test_somebody_finds_what_was_done_for_them(team: Team, plan: Plan) -> None:
    freeze = plan.tasks["Freeze the code"]
    team.run("mara", runs.start_step, plan.run, freeze, on_behalf_of=team.ids["ann"])
    assert said(asked(team, LogIndex(plan.project), person=team.ids["ann"])) == [
        ("Start step", "1.1 Freeze the code")
    ]


def test_every_verb_has_a_word_for_what_was_done() -> None:
    for number, verb in BY_NUMBER.items():
        word = did_word(number)
        assert word
        assert "{" not in word, verb
        assert kind_of(number)
