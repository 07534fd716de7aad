"""The small project of the factories, worked on and signed, and the papers printed of it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from app.commands import gates, runs, signing
from app.domain.words import CheckOutcome, Meaning
from app.reports.papers import ChecklistPaper, GatePaper, PaperStatement
from app.reports.printing import Issuer, print_record
from app.reports.records import checklist_paper, gate_paper
from app.reports.verifying import Verdict, verify_record
from tests.factories import Plan

ENGLISH, BOTH = ("en",), ("en", "zh")


def sign(plan: Plan, handle: str, role: str, meaning: Meaning = Meaning.APPROVED, reason: str = "") -> bytes:
    plan.team.time.pass_minutes(1)
    statement: bytes = plan.team.run(
        *(handle, signing.sign, plan.team.signers[handle], plan.run, plan.gate),
        role=role,
        meaning=meaning,
        reason=reason,
    )
    return statement


def do_the_work(plan: Plan) -> None:
    """Everything the gate asks for, by Ann and Mara; nothing is signed yet."""
    freeze, export = plan.tasks["Freeze the code"], plan.tasks["Export the stock"]
    run = plan.team.run
    run("ann", runs.finish_step, plan.run, freeze)
    run("ann", runs.start_step, plan.run, export)
    run("ann", runs.tick, plan.run, plan.checks["rows"], CheckOutcome.PASS, value="1199")
    run("ann", runs.tick, plan.run, plan.checks["sum"], CheckOutcome.PASS, value="7", other_value="7")
    run("ann", runs.add_note, plan.run, export, "Exported twice: 第一个文件被截断。")
    run("ann", runs.attach_file, plan.run, export, bytes(range(32)), 1200, "stock.csv")
    run("ann", runs.finish_step, plan.run, export)
    run("mara", gates.judge_criterion, plan.run, plan.criterion, holds=True, value="0 open")


def checklist(plan: Plan, languages: Sequence[str] = ENGLISH) -> ChecklistPaper:
    values = (languages, "Mara Lind", plan.team.time.now_ms)
    return plan.team.workspace.read(checklist_paper, plan.project, plan.run, *values)


def record(plan: Plan, languages: Sequence[str] = ENGLISH) -> GatePaper:
    values = (languages, "Mara Lind", plan.team.time.now_ms)
    return plan.team.workspace.read(gate_paper, plan.project, plan.run, plan.gate, *values)


def sealed(plan: Plan, paper: ChecklistPaper | GatePaper, handle: str = "mara") -> bytes:
    issuer = Issuer(plan.team.signers[handle].private, "Mara Lind")
    now = datetime.fromtimestamp(plan.team.time.now_ms / 1000, UTC)
    pdf, warnings = plan.team.workspace.read(print_record, paper, issuer, now)
    assert warnings == ()
    return pdf


def verified(plan: Plan, pdf: bytes) -> Verdict:
    return plan.team.workspace.read(verify_record, pdf)


def by(paper: GatePaper, person: str) -> PaperStatement:
    return next(one for one in paper.statements if one.person == person)
