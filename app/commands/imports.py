"""Turning a draft (what an outside file says) into ops: one action, however many lines, with every origin kept."""

from app.commands.bringing import Bringing, ImportReport, Told, tell_nobody
from app.commands.people import contact
from app.commands.projects import new_project
from app.commands.registry import command
from app.domain import verbs
from app.domain.draft import Draft, ProjectDraft
from app.domain.project import Project
from app.queries.merging import unused_source
from app.storage.transaction import Transaction

__all__ = ["ImportReport", "add_draft", "import_draft"]


@command(verbs.IMPORT_DRAFT)
def import_draft(tx: Transaction, draft: Draft, *, told: Told = tell_nobody) -> ImportReport:
    """Makes the draft's projects. All of it comes in, or, when something is refused, none."""
    report = ImportReport(skipped=list(draft.skipped))
    for part in draft.projects:
        project = _new_project(tx, part)
        report.projects.append(project)
        bringing = Bringing(tx, project, draft.source, part, report, told)
        bringing.origin(project, bringing.said[0])
        bringing.everything()
    if report.projects:
        tx.about(report.projects[0])
    return report


@command(verbs.ADD_DRAFT)
def add_draft(tx: Transaction, project: bytes, draft: Draft, *, told: Told = tell_nobody) -> ImportReport:
    """Brings all of a draft into a project that is there, as something new, behind what stands there already."""
    tx.about(project)
    tx.get(Project, project)
    report = ImportReport(projects=[project], skipped=list(draft.skipped))
    source = unused_source(tx.writer, project, draft.source)
    for part in draft.projects:
        last_stage, last_gate = (
            tx.value(f"SELECT max(rank) FROM {table} WHERE log = ? AND alive", (project,))
            for table in ("stage", "gate")
        )
        bringing = Bringing(tx, project, source, part, report, told)
        bringing.origin(
            project, bringing.said[0], {}
        )  # of the project itself the file said nothing that counts
        bringing.everything(last_stage, last_gate)
    return report


def _new_project(tx: Transaction, draft: ProjectDraft) -> bytes:
    manager, decider = (
        contact(tx, name) if name.strip() else None for name in (draft.manager, draft.decider)
    )
    return new_project(
        tx,
        {draft.language: draft.name[:400]},
        language=draft.language,
        zone=draft.zone,
        window_start=draft.window_start,
        window_end=draft.window_end,
        t0=draft.t0,
        no_return=draft.no_return,
        description={draft.language: draft.description},
        manager=manager,
        decider=decider,
    )
