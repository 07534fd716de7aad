"""A second import of a source into a project: what is taken becomes ops in one action, and its origins learn of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from app.commands.arriving import MODELS, PLACED, Arriving
from app.commands.bringing import CLAIMS, Bringing, ImportReport, Told, tell_nobody
from app.commands.projects import remove_gate, remove_task
from app.commands.registry import command
from app.domain import verbs
from app.domain.draft import Draft, LinkDraft, TaskDraft
from app.domain.person import Origin
from app.domain.project import Project
from app.domain.task import Link
from app.domain.words import Access, Claim
from app.errors import NotAllowed, Refused
from app.i18n import _, ngettext
from app.process.merging import Change, Comparison, Difference, accepted
from app.process.origins import Kind, Known, Said, Values, encode
from app.queries.merging import DECLINED, GONE, comparison, earlier_source, part_of
from app.storage.authority import access_of
from app.storage.engine import Row
from app.storage.transaction import Transaction


@dataclass
class MergeReport(ImportReport):
    """What came in, and beside that: fields taken, things removed or brought back, differences left as they are here."""

    changed: int = 0
    removed: int = 0
    returned: int = 0
    kept: int = 0


@command(verbs.MERGE_DRAFT)
def merge_draft(
    tx: Transaction,
    project: bytes,
    draft: Draft,
    choices: Mapping[str, bool] | None = None,
    *,
    source: str | None = None,
    default: bool | None = None,
    told: Told = tell_nobody,
) -> MergeReport:
    """Takes of a source's new state what was chosen; `choices` by token of a difference, True for theirs.

    The comparison is made anew here: what somebody changed since it was looked at is compared as it stands, and a
    difference nobody saw follows `default`, or takes only what cannot lose anything of ours.
    """
    tx.about(project)
    tx.get(Project, project)
    source = source or earlier_source(tx.writer, project, draft)
    if source is None:
        raise Refused(
            _("Nothing in this project came from {source}. Nothing was changed. Add the file as new.").format(
                source=draft.source.partition(":")[2]
            )
        )
    part = part_of(tx.writer, project, draft, source)
    found = comparison(tx.writer, project, part, source)
    taken = accepted(found.differences, choices or {}, default=default)
    _check_access(tx, project, taken.values())
    report = MergeReport(projects=[project], skipped=list(draft.skipped))
    bringing = Bringing(tx, project, source, part, report, told, found.said)
    _Merging(tx, bringing, found, taken, report).run()
    return report


def _check_access(tx: Transaction, project: bytes, taken: Iterable[Difference]) -> None:
    """A merge may do no more than its author could do by hand."""
    managed = (Kind.PROJECT, Kind.GATE, Kind.CRITERION)
    needs = any(
        one.kind in managed or (one.kind is Kind.STAGE and one.change is Change.GONE) for one in taken
    )
    if needs and access_of(tx.writer, tx.author.person, log=project) < Access.MANAGER:
        raise NotAllowed(
            _(
                "Changes to gates or to the project itself and the removal of stages need the access manager. "
                "Nothing was changed. Keep ours for these, or ask a manager to merge the file."
            )
        )


class _Merging:
    """One merge on its way."""

    def __init__(
        self,
        tx: Transaction,
        bring: Bringing,
        found: Comparison,
        taken: Mapping[str, Difference],
        report: MergeReport,
    ) -> None:
        self.tx, self.bring, self.found, self.taken, self.report = tx, bring, found, taken, report
        self.project, self.said = bring.project, found.said
        self.arriving = Arriving(tx, bring, found, taken)
        self.removed: set[str] = set()  # tokens

    def run(self) -> None:
        self.arriving.all()
        for one in self.taken.values():
            if one.field and one.field not in PLACED:
                self.arriving.take_field(one.place, one.field)
        self._remove()
        self._links()
        self._remember()
        self._say_what_stays()
        self.report.changed = sum(bool(one.field) for one in self.taken.values())
        self.report.removed = len(self.removed)
        self.report.returned = self.arriving.returned
        self.report.kept = len(self.found.differences) - len(self.taken)

    # -- links ---------------------------------------------------------------------------------------------------

    def _links(self) -> None:
        """The links of tasks whose predecessors are taken, and all that join something that came in."""
        tasks = {one.key: place for place, one in enumerate(self.said) if one.kind is Kind.TASK}
        met = {pair.id for pair in self.found.pairs if pair is not None}
        anew = {one.place for one in self.taken.values() if one.field == "after"}
        wanted: list[tuple[bytes | None, bytes | None, LinkDraft]] = []
        for place, one in enumerate(self.said):
            task = self.bring.ids.get(place)
            if task is None or not (place in anew or one.values.get("after")):
                continue
            said = {
                (before, kind): lag
                for key, kind, lag in cast("Sequence[tuple[str, str, int]]", one.values.get("after") or ())
                if (before := self.bring.ids.get(tasks.get(key, -1))) is not None
                and (place in anew or {place, tasks[key]} & self.arriving.arrived)
            }
            if not said and place not in anew:
                continue
            present = self._present(task, met)
            for (before, kind), lag in said.items():
                if (before, kind) not in present:
                    wanted.append((before, task, LinkDraft("", one.key, kind, lag, one.line)))
                elif present[before, kind][1] != lag:
                    self.tx.set(Link, present[before, kind][0], "lag", lag)
            if place in anew:
                for link in (link for name, (link, _lag) in present.items() if name not in said):
                    self.tx.delete(Link, link)
        if wanted:
            self.bring.link_all(wanted)

    def _present(self, task: bytes, met: set[bytes]) -> dict[tuple[bytes, str], tuple[bytes, int]]:
        """Links from what the source has too; others are ours alone."""
        rows = self.tx.rows("SELECT before, type, id, lag FROM link WHERE after = ? AND alive", (task,))
        return {(before, kind): (link, lag) for before, kind, link, lag in rows if before in met}

    # -- what goes -----------------------------------------------------------------------------------------------

    def _remove(self) -> None:
        """Stages last: one that still holds something stays, and that is said."""
        gone = [one for one in self.taken.values() if one.change is Change.GONE and one.known is not None]
        for one in sorted(gone, key=lambda one: one.kind is Kind.STAGE):
            assert one.known is not None
            if one.kind is Kind.STAGE and self._holds_tasks(one.known.id):
                reason = _("The stage {name} still holds tasks and stays.")
                self.bring.skip(None, reason.format(name=one.known.title))
                continue
            self._remove_one(one.kind, one.known.id)
            self.tx.delete(Origin, one.known.origin)
            self.removed.add(one.token)

    def _holds_tasks(self, stage: bytes) -> bool:
        return self.tx.row("SELECT 1 FROM task WHERE stage = ? AND alive LIMIT 1", (stage,)) is not None

    def _remove_one(self, kind: Kind, thing: bytes) -> None:
        if kind is Kind.TASK:
            for (link,) in self._links_with(thing):
                self.tx.delete(Link, link)  # the source has neither; undo brings back both
            remove_task(self.tx, thing)
        elif kind is Kind.GATE:
            remove_gate(self.tx, thing)
        else:
            if kind is Kind.STAGE:
                for (gate,) in self.tx.rows("SELECT id FROM gate WHERE stage = ? AND alive", (thing,)):
                    remove_gate(self.tx, gate)
            self.tx.delete(MODELS[kind], thing)

    def _links_with(self, task: bytes) -> list[Row]:
        return self.tx.rows("SELECT id FROM link WHERE (before = ? OR after = ?) AND alive", (task, task))

    # -- what the origins keep -----------------------------------------------------------------------------------

    def _remember(self) -> None:
        """The next import compares with what the source says now; what was decided is not asked again."""
        for place, (said, pair) in enumerate(zip(self.said, self.found.pairs, strict=True)):
            if pair is not None and (pair.id or place not in self.arriving.arrived):
                self._bring_up_to_date(said, pair)
        for one in self.found.differences:
            if one.change is Change.NEW and one.token not in self.taken:
                self._note_declined(self.said[one.place])
            elif one.change is Change.GONE and one.token not in self.removed and one.known is not None:
                self.tx.set(Origin, one.known.origin, "base", encode(one.known.base, {GONE: True}))

    def _bring_up_to_date(self, said: Said, pair: Known) -> None:
        values = self._values(said, pair)
        if pair.gone or values != pair.base:
            marks = {} if pair.id else {DECLINED: pair.kind.value}
            self.tx.set(Origin, pair.origin, "base", encode(values, marks))
        if said.key != pair.key:
            self.tx.set(Origin, pair.origin, "key", said.key)

    def _values(self, said: Said, pair: Known) -> Values:
        """Of fields the source no longer speaks of, what it said last."""
        says = self.bring.draft.says
        if said.kind is not Kind.TASK or says is None:
            return said.values
        old = {name: value for name, value in pair.base.items() if name not in says}
        return old | {name: value for name, value in said.values.items() if name in says}

    def _note_declined(self, said: Said) -> None:
        above = self.bring.ids[said.under] if said.kind in (Kind.CHECK, Kind.CRITERION) else self.project
        self.bring.origin(above, said, {DECLINED: said.kind.value})

    def _say_what_stays(self) -> None:
        """What was done stands in the run: a file that tells it otherwise is not believed, and that is said."""
        claims: dict[bytes, int] = dict(
            self.tx.rows(
                "SELECT s.task, a.claim FROM step s JOIN attempt a ON a.step = s.id WHERE s.run = ? AND a.alive "
                "ORDER BY a.number",
                (self.bring.main_run,),
            )
        )
        count = sum(
            isinstance(one.part, TaskDraft)
            and one.part.claim is not None
            and pair is not None
            and pair.alive
            and claims.get(pair.id, Claim.TODO) != CLAIMS.get(one.part.claim, Claim.TODO)
            for one, pair in zip(self.said, self.found.pairs, strict=True)
        )
        if count:
            reason = ngettext(
                "What the file says was done of {n} task was not taken: that stands in the run.",
                "What the file says was done of {n} tasks was not taken: that stands in the run.",
                count,
            )
            self.bring.skip(None, reason.format(n=count))
