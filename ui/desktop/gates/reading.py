"""From the gate query to what a card shows."""

from collections.abc import Iterable

from app.i18n import _, ngettext
from app.queries.checklist import StageRow, TaskRow, checklist
from app.queries.gates import GateView, SignOffRow, gates
from app.storage.engine import Reader
from ui.desktop.gates.shown import CriterionShown, GateShown, SignatureShown


def gates_shown(
    reader: Reader, project: bytes, run: bytes | None, language: str, now_ms: int
) -> list[GateShown]:
    """All gates of a project in a run."""
    listed = checklist(reader, project, run, language, now_ms)
    tasks = {task.id: task for task in listed.tasks}
    stages = {stage.id: stage for stage in listed.stages}
    return [_shown(view, tasks, stages) for view in gates(reader, project, run, language, now_ms)]


def _shown(view: GateView, tasks: dict[bytes, TaskRow], stages: dict[bytes | None, StageRow]) -> GateShown:
    covered = [tasks[task] for task in view.tasks if task in tasks]
    stage = stages.get(view.stage_id) if view.stage_id is not None else None
    count = ngettext("{n} task", "{n} tasks", len(covered)).format(n=len(covered))
    covers = _("Stage {number}").format(number=stage.number) if stage is not None else count
    return GateShown(
        id=view.id,
        name=view.name,
        covers=covers,
        state=view.state,
        missing=view.missing,
        criteria=tuple(
            CriterionShown(
                one.id, one.text, one.target or "", one.holds, one.value or "", one.note, one.performer
            )
            for one in view.criteria
        ),
        signatures=(*(_signature(one) for one in view.signoffs), *_open_places(view)),
        roles=tuple(role for role, _number in _needed(view)),
        tasks_total=len(covered),
        tasks_done=sum(task.status.value in ("done", "skipped") for task in covered),
        code=code_words(view.digest),
        digest=view.digest,
    )


def code_words(digest: bytes) -> str:
    """The beginning of a digest as printed: four groups of four."""
    text = digest.hex().upper()[:16]
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def _signature(one: SignOffRow) -> SignatureShown:
    return SignatureShown(
        id=one.id,
        person=one.person,
        person_id=one.person_id,
        role=one.role,
        meaning=one.meaning,
        when_ms=one.happened_at,
        stale=one.stale,
        withdrawn=one.withdrawn,
        verifies=one.verifies,
        level=one.level,
        presence=one.presence,
        reason=one.reason,
    )


def _needed(view: GateView) -> Iterable[tuple[str, int]]:
    """Roles whose sign-off is still missing, and how many."""
    for role, count in view.rule.needs:
        given = sum(one.counts_for_gate and one.role == role for one in view.signoffs)
        if given < count:
            yield role, count - given


def _open_places(view: GateView) -> list[SignatureShown]:
    return [
        SignatureShown(None, "", None, role, "", None)
        for role, count in _needed(view)
        for _one in range(count)
    ]
