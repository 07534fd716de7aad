"""From the gate query to what a card shows."""

from collections.abc import Iterable

from app.domain.words import GateState, Status
from app.i18n import _, counted
from app.queries.checklist import Checklist, checklist
from app.queries.facts import RunFacts, run_facts
from app.queries.gates import CriterionRow, GateView, SignOffRow, SkippedRow, gates
from app.queries.timeline import Timeline, timeline
from app.storage.engine import Reader
from ui.desktop.gates.shown import (
    WAIVED,
    CriterionShown,
    GateShown,
    SignatureShown,
    SkippedShown,
    VerdictShown,
)


def gates_shown(
    reader: Reader, project: bytes, run: bytes | None, language: str, now_ms: int
) -> list[GateShown]:
    """All gates of a project in a run."""
    listed = checklist(reader, project, run, language, now_ms)
    found = _Found(reader, listed, language, now_ms)
    return [found.shown(view) for view in gates(reader, project, run, language, now_ms)]


class _Found:
    """What every card of one reading needs."""

    def __init__(self, reader: Reader, listed: Checklist, language: str, now_ms: int) -> None:
        self._reader = reader
        self._listed = listed
        self._language = language
        self._now_ms = now_ms
        self._times: Timeline | None = None
        self._facts: RunFacts | None = None
        self._changed_ms: dict[bytes, int] = {}
        self._tasks = {task.id: task for task in listed.tasks}
        self._stages = {stage.id: stage for stage in listed.stages}

    def shown(self, view: GateView) -> GateShown:
        covered = [self._tasks[task] for task in view.tasks if task in self._tasks]
        stage = self._stages.get(view.stage_id) if view.stage_id is not None else None
        count = counted("{n} task", "{n} tasks", len(covered))
        covers = _("Stage {number}").format(number=stage.number) if stage is not None else count
        given = tuple(self._signature(view.id, one) for one in view.signoffs)
        unwaived = {one.task for one in view.skipped if not one.passes}
        return GateShown(
            id=view.id,
            name=view.name,
            covers=covers,
            state=view.state,
            missing=view.missing,
            criteria=tuple(_criterion(one) for one in view.criteria),
            signatures=(*given, *_open_places(view)),
            roles=tuple(role for role, _number in _needed(view)),
            tasks_total=len(covered),
            tasks_done=sum(
                task.status in (Status.DONE, Status.SKIPPED) and task.id not in unwaived for task in covered
            ),
            verdicts=tuple(
                VerdictShown(one.verdict, one.person, one.happened_at, one.reason) for one in view.verdicts
            ),
            code=code_words(view.digest),
            digest=view.digest,
            counts=_counts(view),
            opens_by_ms=self._opens_by(view),
            since_ms=self._since(view),
            authors=self._authors(view),
            skipped=tuple(self._skipped(view, one) for one in view.skipped),
        )

    def _skipped(self, view: GateView, one: SkippedRow) -> SkippedShown:
        task = self._tasks.get(one.task)
        free = view.rule.author_may_sign
        return SkippedShown(
            task=one.task,
            number=task.number if task is not None else "",
            title=task.title if task is not None else "",
            why=task.reason if task is not None else "",
            passes=one.passes,
            waivers=tuple(
                self._signature(view.id, each)._replace(
                    meaning=WAIVED,
                    verifies=is_told_apart(each),
                    changed=(),
                )
                for each in one.waivers
            ),
            roles=view.rule.roles,
            skippers=frozenset() if free else one.skippers,
            digest=one.digest,
        )

    def _opens_by(self, view: GateView) -> int | None:
        """When the first task behind the gate is planned to start."""
        if view.state is not GateState.CLOSED or view.stage_id is None:
            return None
        places = {stage.id: place for place, stage in enumerate(self._listed.stages)}
        here = places.get(view.stage_id)
        if here is None:
            return None
        if self._times is None:
            run, now = self._listed.run.id, self._now_ms
            self._times = timeline(self._reader, self._listed.project.id, run, now)
        bars = self._times.bars
        starts = (
            bars[task.id].planned_start_ms
            for task in self._listed.tasks
            if task.id in bars and places.get(task.stage_id, -1) > here
        )
        return min(starts, default=None)

    def _since(self, view: GateView) -> int | None:
        """Open: since the last signature it rests on; with a stale one: since the change."""
        if view.state is not GateState.CLOSED:
            return max((one.happened_at for one in view.signoffs if one.counts_for_gate), default=None)
        return self._changed_ms.get(view.id)

    def _authors(self, view: GateView) -> frozenset[bytes]:
        """Whose work it covers, where they may not sign it."""
        if view.rule.author_may_sign:
            return frozenset()
        tasks = set(view.tasks)
        place = (self._listed.project.id, self._listed.run.id, self._now_ms)
        if self._facts is None:
            self._facts = run_facts(self._reader, *place, gates=False)
        return frozenset(self._facts.performers(tasks))

    def _signature(self, gate: bytes, one: SignOffRow) -> SignatureShown:
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
            changed=self._changed(gate, one) if one.meaning and one.stale and not one.withdrawn else (),
        )

    def _changed(self, gate: bytes, one: SignOffRow) -> tuple[str, ...]:
        """What is different since that signature, and by whom: from the commits its author did not hold."""
        from app.queries.signatures import statements_about
        from app.queries.since import frontier_of, gate_scope, signed_changes
        from app.reports.changes import Changes
        from app.storage.statements import Kind

        project, run = self._listed.project, self._listed.run.id
        signed = statements_about(self._reader, gate, Kind.SIGN_OFF, run)
        held = next(each.statement.frontier for each in signed if each.statement.id == one.id)
        scope = gate_scope(self._reader, project.id, run, gate)
        changes = signed_changes(self._reader, scope, frontier_of(held))
        numbers = {task.id: task.number for task in self._listed.tasks}
        last = max((change.when_ms for change in changes), default=0)
        self._changed_ms[gate] = max(self._changed_ms.get(gate, 0), last)
        words = Changes(self._reader, (self._language,), project.language, project.zone, numbers)
        return tuple(words.each(changes, self._language))


def is_told_apart(waiver: SignOffRow) -> bool:
    """Whether a waiver lets pass or its card says why not; else, or where it is forged, it is marked as void."""
    return waiver.verifies and (waiver.counts_for_gate or waiver.stale or waiver.withdrawn)


def _counts(view: GateView) -> tuple[tuple[str, int], ...]:
    """How many of each kind of obstacle; of missing signatures as many as persons are missing."""
    found: dict[str, int] = {}
    for one in view.obstacles:
        found[one.kind] = found.get(one.kind, 0) + max(one.count, 1)
    return tuple(found.items())


def _criterion(one: CriterionRow) -> CriterionShown:
    return CriterionShown(
        one.id, one.text, one.target or "", one.holds, one.value or "", one.note, one.performer
    )


def code_words(digest: bytes) -> str:
    """The beginning of a digest as printed: four groups of four."""
    text = digest.hex().upper()[:16]
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


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
