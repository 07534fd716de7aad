"""How a run stands, as text and on paper, and everything that happened in it: in both languages, bound and verified."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.commands import decisions, handovers, incidents, projects, runs
from app.domain.words import DecisionKind, RunKind, Severity
from app.errors import NotFound
from app.reports import protocol, situation
from app.reports.briefing import situation_text
from app.reports.printing import Issuer, print_record
from app.reports.run_record import protocol_paper
from app.reports.situation import situation_paper
from app.reports.verifying import verify_record
from tests.app.reports.stories import BOTH, ENGLISH, do_the_work
from tests.app.reports.tools import attached, needs_poppler, printed, text
from tests.factories import MINUTE_MS, START_MS, Plan


@pytest.fixture
def night(plan: Plan) -> Plan:
    """Freeze runs late, Export failed, an incident is open, one was solved, one decision, one open hand-over."""
    run, team = plan.team.run, plan.team
    window = {"window_start": "2026-03-06T22:00", "window_end": "2026-03-07T02:00"}
    run("mara", projects.set_project, plan.project, {**window, "no_return": "2026-03-07T00:00"})
    run("mara", projects.set_project, plan.project, {"decider": team.ids["jun"]})
    freeze, export = plan.tasks["Freeze the code"], plan.tasks["Export the stock"]
    run("ann", runs.start_step, plan.run, freeze, at=START_MS - 50 * MINUTE_MS)
    run("ann", runs.start_step, plan.run, export, reason="a copy is enough")
    run("mara", runs.fail_step, plan.run, export, reason="磁盘已满", on_behalf_of=team.ids["ann"])
    solved = run("ann", incidents.raise_incident, plan.run, "A lock", at=START_MS - 9 * MINUTE_MS)
    run("ann", incidents.solve_incident, solved, "Waited", minutes_lost=9)
    run("mara", incidents.raise_incident, plan.run, "The disk is full", severity=Severity.P1, task=export)
    run(
        *("mara", decisions.record_decision, plan.run, "Go on without the stock?", "Yes, from the copy"),
        kind=DecisionKind.WORKAROUND,
        why="It is an hour old",
        decider=team.ids["jun"],
    )
    run("ann", handovers.hand_over, plan.run, plan.tasks["Switch over"], team.ids["kim"], "Keys are here")
    team.time.pass_minutes(70)
    return plan


def words(plan: Plan, language: str = "en", run: bytes | None = None) -> str:
    now = plan.team.time.now_ms
    return plan.team.workspace.read(situation_text, plan.project, run or plan.run, language, now)


def paper(plan: Plan, made: Any, languages: Sequence[str] = ENGLISH, run: bytes | None = None) -> Any:
    now = plan.team.time.now_ms
    return plan.team.workspace.read(made, plan.project, run or plan.run, languages, "Mara Lind", now)


def sealed(plan: Plan, made: Any) -> bytes:
    issuer = Issuer(plan.team.signers["mara"].private, "Mara Lind")
    now = datetime.fromtimestamp(plan.team.time.now_ms / 1000, UTC)
    pdf, warnings = plan.team.workspace.read(print_record, paper(plan, made), issuer, now)
    assert warnings == ()
    return pdf


# -- text ----------------------------------------------------------------------------------------------------------


def test_the_situation_says_what_a_tired_reader_asks(night: Plan) -> None:
    said = words(night)

    for line in (
        "Situation report · Warehouse cutover · Main run",
        "Clock: Fri 6 March 2026 22:10, T+10 min",
        "Steps: 0 of 3 through (0 %), Running 1, Failed 1",
        "Point of no return: Sat 00:00, in 1 h 50, Jun Sato decides",
        "Next decision: Ready to go",
        "- 1.2 Export the stock – Ann Weiss, Failed, since 21:00",
        "  Reason: 磁盘已满",
        "- The disk is full – P1, 1.2, Mara Lind, since 21:00",
        "- Go on without the stock? – Workaround, Jun Sato, 21:00",
        "  Decided: Yes, from the copy",
        "  Reason: It is an hour old",
        "- 2.1 Switch over – Ann Weiss → Kim Berg, 21:00",
        "- Ready to go – Closed",
    ):
        assert line in said
    assert "A lock" not in said


def test_the_situation_speaks_chinese(night: Plan) -> None:
    said = words(night, "zh")

    assert said.startswith("现场简报 · Warehouse cutover · 主执行")
    assert "时钟：2026年3月6日 周五 22:10，T+10 分" in said
    assert "未解决的事件 (1)" in said


def test_a_rehearsal_and_the_sample_say_so_before_anything_else(plan: Plan) -> None:
    run = plan.team.run("mara", runs.start_run, plan.project, RunKind.REHEARSAL, "First")

    assert words(plan, "en", run).startswith("[REHEARSAL] Situation report · Warehouse cutover · First")
    assert words(plan, "zh", run).startswith("[演练] ")


def test_a_finished_run_stands_as_it_ended(plan: Plan) -> None:
    run = plan.team.run("mara", runs.start_run, plan.project, RunKind.REHEARSAL, "First")
    plan.team.time.pass_minutes(30)
    plan.team.run("mara", runs.finish_run, run)
    before = words(plan, "en", run)
    plan.team.time.pass_minutes(5000)

    assert words(plan, "en", run) == before
    assert "the run has ended" in before


def test_long_lists_are_cut_in_a_chat(plan: Plan) -> None:
    for number in range(15):
        plan.team.run("mara", incidents.raise_incident, plan.run, f"Incident {number}")

    assert "- and 3 more" in words(plan)


def test_a_plan_without_anything_has_a_situation_too(plan: Plan) -> None:
    empty = plan.team.run("mara", projects.create_project, "Empty")
    said = plan.team.workspace.read(situation_text, empty, None, "en", plan.team.time.now_ms)

    assert "Steps: 0 of 0 through (0 %)" in said
    assert "Point of no return: not set" in said


# -- paper ---------------------------------------------------------------------------------------------------------


@needs_poppler
@pytest.mark.parametrize("languages", [ENGLISH, BOTH])
def test_the_situation_on_paper_says_the_same(night: Plan, tmp_path: Path, languages: Sequence[str]) -> None:
    shown = text(printed(situation.REPORT, paper(night, situation_paper, languages)), tmp_path)

    for part in (
        "Situation report",
        "Fri 6 March 2026 22:10",
        "Export the stock",
        "磁盘已满",
        "Yes, from the copy",
    ):
        assert part in shown
    assert ("现场简报" in shown) == (languages == BOTH)


@needs_poppler
@pytest.mark.parametrize("languages", [ENGLISH, BOTH])
def test_the_protocol_has_every_step_and_everything_that_happened(
    night: Plan, tmp_path: Path, languages: Sequence[str]
) -> None:
    shown = text(printed(protocol.REPORT, paper(night, protocol_paper, languages)), tmp_path)

    for part in (
        *("Run protocol", "Totals", "1 failed, 0 begun again", "2, of which 1 open, 9 min lost"),
        *("Export the stock", "Ann Weiss", "typed by Mara Lind", "磁盘已满"),
        *("typed 21:00", "Handed over to Kim Berg", "Decision on a workaround", "Incident P1"),
    ):
        assert part in shown
    assert ("执行记录" in shown) == (languages == BOTH)


@needs_poppler
def test_a_protocol_says_how_a_run_began_and_ended(plan: Plan, tmp_path: Path) -> None:
    run = plan.team.run("mara", runs.start_run, plan.project, RunKind.LIVE, reason="a small release")
    plan.team.time.pass_minutes(90)
    plan.team.run("mara", runs.finish_run, run, reason="rolled back")
    shown = text(printed(protocol.REPORT, paper(plan, protocol_paper, ENGLISH, run)), tmp_path)

    for part in (
        *("a small release", "rolled back", "No rehearsal was finished.", "3 steps have not begun."),
        *("1 h 30, planned 1 h 30", "Run begun", "Run ended"),
    ):
        assert part in shown


@needs_poppler
@pytest.mark.parametrize(
    ("report", "made"), [(situation.REPORT, situation_paper), (protocol.REPORT, protocol_paper)]
)
def test_a_rehearsal_is_named_on_every_page(plan: Plan, tmp_path: Path, report: Any, made: Any) -> None:
    run = plan.team.run("mara", runs.start_run, plan.project, RunKind.REHEARSAL, "First")
    for number in range(60):
        plan.team.run("mara", incidents.raise_incident, run, f"Incident {number}", description="long " * 40)
    pdf = printed(report, paper(plan, made, BOTH, run))
    found = [text(pdf, tmp_path, page=page) for page in (1, 2, 3)]

    assert all("Rehearsal 演练" in page for page in found)


@pytest.mark.parametrize(("kind", "made"), [("situation", situation_paper), ("protocol", protocol_paper)])
def test_papers_of_a_run_are_bound_and_say_what_changed_since(plan: Plan, kind: str, made: Any) -> None:
    do_the_work(plan)
    pdf = sealed(plan, made)
    assert b'"kind":"' + kind.encode() + b'"' in attached(pdf)
    now = plan.team.workspace.read(verify_record, pdf)
    assert (now.valid, now.current, now.kind) == (True, True, kind)
    plan.team.run("ann", runs.fail_step, plan.run, plan.tasks["Freeze the code"], reason="it was not")
    later = plan.team.workspace.read(verify_record, pdf)

    assert (later.valid, later.current) == (True, False)
    assert "“Warehouse cutover” has changed since" in later.reasons[0]


def test_equal_papers_give_equal_bytes(night: Plan) -> None:
    for report, made in ((situation.REPORT, situation_paper), (protocol.REPORT, protocol_paper)):
        once = printed(report, paper(night, made, BOTH))
        assert once == printed(report, paper(night, made, BOTH))


def test_runs_of_elsewhere_are_refused(plan: Plan) -> None:
    other = plan.team.run("mara", projects.create_project, "Other")
    for made in (situation_paper, protocol_paper):
        with pytest.raises(NotFound):
            plan.team.workspace.read(made, other, plan.run, ENGLISH, "", 0)
