"""Our own JSON export read back: the plan of a project, with what was said, ticked and noted in the exported run."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from app.domain.draft import (
    CheckDraft,
    CriterionDraft,
    Draft,
    GateDraft,
    LinkDraft,
    ProjectDraft,
    Skipped,
    StageDraft,
    TaskDraft,
)
from app.errors import ImportRefused
from app.i18n import N_, _
from app.integrations.contract import Integration
from app.integrations.export_json import FORMAT
from app.integrations.registers_json import decision_drafts, hand_over_drafts, incident_drafts
from app.integrations.source import Source
from app.integrations.texts import clean, one_line

Entry = dict[str, object]


def recognises(source: Source) -> bool:
    if not source.looks_like_json:
        return False
    data = source.json
    return isinstance(data, dict) and data.get("format") == FORMAT


def read(source: Source, mapping: Mapping[str, str]) -> Draft:
    if mapping:
        raise ImportRefused(
            _(
                "{name} is an export of this program; it has no columns to choose. Nothing was changed. "
                "Import it without a mapping."
            ).format(name=source.name)
        )
    data = source.json
    if not isinstance(data, dict) or not _Exported(data).projects:
        raise ImportRefused(
            _("{name} holds no project. Nothing was changed. Export it again.").format(name=source.name)
        )
    exported = _Exported(data)
    project = exported.project()
    return Draft(f"launchbook:{source.name}", (project,), tuple(exported.skipped))


@dataclass
class _Exported:
    """The file's objects by kind; whatever has another shape than ours counts as absent."""

    data: Entry
    skipped: list[Skipped] = field(default_factory=list)

    def all(self, kind: str) -> list[Entry]:
        things = self.data.get("entities")
        rows = things.get(kind) if isinstance(things, dict) else None
        return _entries(rows, by_rank=True)

    def under(self, kind: str, parent: str) -> dict[str, list[Entry]]:
        found: defaultdict[str, list[Entry]] = defaultdict(list)
        for one in self.all(kind):
            found[_str(one, parent)].append(one)
        return found

    @cached_property
    def projects(self) -> list[Entry]:
        return self.all("project")

    @cached_property
    def language(self) -> str:
        return _str(self.projects[0], "language") or "en"

    @cached_property
    def people(self) -> dict[str, str]:
        rows = _entries(self.data.get("people"))
        return {_str(one, "id"): _str(one, "name") or _str(one, "handle") for one in rows}

    @cached_property
    def steps(self) -> dict[str, str]:
        """The step of each task in the exported run."""
        run = _str(self.data, "run")
        return {_str(one, "task"): _str(one, "id") for one in self.all("step") if _str(one, "run") == run}

    @cached_property
    def claims(self) -> dict[str, str]:
        return {_str(one, "task"): _str(one, "claim") for one in _entries(self.data.get("steps"))}

    @cached_property
    def notes(self) -> dict[str, list[Entry]]:
        return self.under("evidence", "subject")

    @cached_property
    def ticked(self) -> set[tuple[str, str]]:
        rows = self.all("check_result")
        return {(_str(one, "step"), _str(one, "item")) for one in rows if one.get("outcome") == "pass"}

    def text(self, entry: Entry, name: str) -> str:
        """The text in the project's language, else in whichever there is."""
        texts = entry.get(name)
        if not isinstance(texts, dict):
            return ""
        known = [
            text for text in (texts.get(self.language), *texts.values()) if isinstance(text, str) and text
        ]
        return clean(known[0]) if known else ""

    def person(self, entry: Mapping[str, object], name: str) -> str:
        return self.people.get(_str(entry, name), "")

    def project(self) -> ProjectDraft:
        one = self.projects[0]
        links = tuple(
            LinkDraft(
                _str(link, "before"), _str(link, "after"), _str(link, "type") or "FS", _int(link, "lag") or 0
            )
            for link in self.all("link")
        )
        self._say_what_stays()
        return ProjectDraft(
            key="project",
            name=one_line(self.text(one, "name")) or _("Project"),
            language=self.language,
            description=self.text(one, "description"),
            zone=_str(one, "zone") or "UTC",
            window_start=_wall(one, "window_start"),
            window_end=_wall(one, "window_end"),
            t0=_wall(one, "t0"),
            no_return=_wall(one, "no_return"),
            decider=self.person(one, "decider"),
            manager=self.person(one, "manager"),
            stages=tuple(self._stages()),
            links=links,
            gates=tuple(self._gates()),
            incidents=incident_drafts(self._of_run("incident"), self.person),
            decisions=decision_drafts(self._of_run("decision"), self.person),
            hand_overs=hand_over_drafts(
                self.all("hand_over"), {step: task for task, step in self.steps.items()}, self.person
            ),
        )

    def _of_run(self, kind: str) -> list[Entry]:
        run = _str(self.data, "run")
        return [one for one in self.all(kind) if _str(one, "run") == run]

    def _stages(self) -> list[StageDraft]:
        tasks, checks = self.under("task", "stage"), self.under("check_item", "task")
        known = {_str(one, "id") for one in self.all("stage")}
        loose = [one for stage, found in tasks.items() if stage not in known for one in found]
        stages = [
            StageDraft(
                key=_str(one, "id"),
                title=one_line(self.text(one, "title")) or _("Tasks"),
                owner_role=_str(one, "owner_role"),
                description=self.text(one, "entry_conditions"),
                tasks=tuple(self._task(task, checks) for task in tasks.get(_str(one, "id"), ())),
            )
            for one in self.all("stage")
        ]
        if loose:
            rest = tuple(self._task(task, checks) for task in loose)
            stages.append(StageDraft(key="rest", title=_("Tasks"), tasks=rest))
        return stages

    def _task(self, one: Entry, checks: dict[str, list[Entry]]) -> TaskDraft:
        task = _str(one, "id")
        step = self.steps.get(task, "")
        notes = [_str(note, "text") for note in self.notes.get(step, ()) if note.get("kind") == "note"]
        claim = self.claims.get(task, "todo")
        return TaskDraft(
            key=task,
            title=one_line(self.text(one, "title")) or "?",
            instruction=self.text(one, "instruction"),
            owner=self.person(one, "owner"),
            accountable=self.person(one, "accountable"),
            deputy=self.person(one, "deputy"),
            role=_str(one, "role"),
            minutes=_int(one, "minutes"),
            start=_wall(one, "start"),
            due=_wall(one, "due"),
            priority=_int(one, "priority"),
            stream=_str(one, "stream"),
            rollback=self.text(one, "rollback"),
            rollback_minutes=_int(one, "rollback_minutes"),
            requires=tuple(filter(None, _str(one, "requires").split(","))),
            checks=tuple(self._check(check, step) for check in checks.get(task, ())),
            note="\n".join(filter(None, notes)),
            claim=None if claim == "todo" else claim,
        )

    def _check(self, one: Entry, step: str) -> CheckDraft:
        return CheckDraft(
            key=_str(one, "id"),
            text=self.text(one, "text") or "?",
            kind=_str(one, "kind") or "tick",
            target=_str(one, "target") or None,
            tolerance=_str(one, "tolerance") or None,
            unit=_str(one, "unit"),
            checked=(step, _str(one, "id")) in self.ticked,
        )

    def _gates(self) -> list[GateDraft]:
        """Gates with roles and criteria; one over a list of tasks has no place in a draft."""
        roles, criteria, listed = (
            self.under(kind, "gate") for kind in ("gate_role", "criterion", "gate_task")
        )
        found = []
        for one in self.all("gate"):
            gate = _str(one, "id")
            if listed.get(gate):
                reason = _("The gate {name} covers single tasks and was left out.")
                self.skipped.append(Skipped(None, reason.format(name=one_line(self.text(one, "name")))))
                continue
            wanted = [
                (_str(role, "role"), max(1, min(_int(role, "count") or 1, 100))) for role in roles[gate]
            ]
            found.append(
                GateDraft(
                    key=gate,
                    name=one_line(self.text(one, "name")) or _("Gate"),
                    stage=_str(one, "stage") or None,
                    criteria=tuple(
                        CriterionDraft(_str(item, "id"), self.text(item, "text") or "?")
                        for item in criteria[gate]
                    ),
                    roles=tuple(role for role, count in wanted for _place in range(count)),
                )
            )
        return found

    def _say_what_stays(self) -> None:
        signed = self.data.get("statements")
        if isinstance(signed, list) and signed:
            reason = _("Signatures stay with the record they were given in: {count} were not imported.")
            self.skipped.append(Skipped(None, reason.format(count=len(signed))))
        other = [one for one in self.all("run") if one.get("kind") != "main"]
        if other:
            reason = _(
                "Of the runs only what was said of the steps came in; {count} further runs were left out."
            )
            self.skipped.append(Skipped(None, reason.format(count=len(other))))


def _entries(rows: object, *, by_rank: bool = False) -> list[Entry]:
    found = [one for one in rows if isinstance(one, dict)] if isinstance(rows, list) else []
    return sorted(found, key=lambda one: (_str(one, "rank"), _str(one, "id"))) if by_rank else found


def _str(entry: Mapping[str, object], name: str) -> str:
    value = entry.get(name)
    return clean(value) if isinstance(value, str) else ""


def _int(entry: Entry, name: str) -> int | None:
    value = entry.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _wall(entry: Entry, name: str) -> str | None:
    return _str(entry, name) or None


INTEGRATION = Integration("launchbook", N_("Export of this program"), (".json",), recognises, read)
