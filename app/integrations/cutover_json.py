"""Cutover plans as JSON: plans, scope items, run-book tasks, dependencies and go / no-go items with their own keys."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from zoneinfo import available_timezones

from app.domain.draft import (
    CriterionDraft,
    Draft,
    GateDraft,
    LinkDraft,
    ProjectDraft,
    Skipped,
    StageDraft,
    TaskDraft,
)
from app.domain.durations import parse_moment
from app.errors import ImportRefused
from app.i18n import N_, _
from app.integrations.contract import Integration
from app.integrations.source import Source
from app.integrations.table import LARGEST_ROWS, refuse_rows
from app.integrations.texts import Keys, clean, language_of, one_line, shorten, slug
from app.integrations.values import claim_of, priority_of

_PARTS = ("cutover_plans", "scope_items", "runbook_tasks", "task_dependencies", "go_no_go_items")
_LINK_TYPES = {
    "finish_to_start": "FS",
    "start_to_start": "SS",
    "finish_to_finish": "FF",
    "start_to_finish": "SF",
}
_VERDICTS = {"go": True, "no_go": False, "no-go": False, "nogo": False, "pending": None, "": None}
# What each kind of object says that has a place in a draft; everything else is reported as left out.
_KNOWN = {
    "cutover_plans": "_key code name description planned_start planned_end cutover_manager rollback_deadline"
    " rollback_decision_by timezone",
    "scope_items": "_plan _key name category owner order description",
    "runbook_tasks": "_scope _key sequence title description planned_duration_min responsible accountable deputy status"
    " rollback_action rollback_duration_min planned_start planned_end priority notes",
    "task_dependencies": "_pred _succ dependency_type lag_minutes",
    "go_no_go_items": "_plan _key criterion verdict evidence evaluated_by",
}
_NAMES = ("code", "cr_number", "name", "title", "criterion", "severity")

Entry = dict[str, object]


@dataclass(slots=True)
class _Reading:
    data: Entry
    skipped: list[Skipped] = field(default_factory=list)
    project_of_task: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)  # task keys, to refuse a second one

    def entries(self, part: str) -> list[Entry]:
        value = self.data.get(part)
        return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []

    def skip(self, reason: str) -> None:
        self.skipped.append(Skipped(None, reason))


def recognises(source: Source) -> bool:
    data = source.json if source.looks_like_json else None
    return isinstance(data, dict) and isinstance(data.get("cutover_plans"), list) and "runbook_tasks" in data


def read(source: Source, mapping: Mapping[str, str]) -> Draft:
    data = source.json
    if mapping or not isinstance(data, dict):
        raise ImportRefused(
            _(
                "{name} is a cutover plan with fixed fields; columns cannot be chosen. Nothing was changed. "
                "Import it without a mapping."
            ).format(name=source.name)
        )
    reading = _Reading(data)
    if any(len(reading.entries(part)) > LARGEST_ROWS for part in data):
        raise refuse_rows(source.name)
    plans = reading.entries("cutover_plans")
    if not plans:
        raise ImportRefused(
            _("{name} holds no cutover plan. Nothing was changed. Export it again with its plans.").format(
                name=source.name
            )
        )
    drafts = [_project(plan, reading) for plan in plans]
    links = _links(reading)
    projects = tuple(_with_links(project, links) for project in drafts)
    _report_orphans(reading, {project.key for project in projects})
    _report_rest(reading)
    return Draft(f"cutover:{source.name}", projects, tuple(reading.skipped))


def _project(plan: Entry, reading: _Reading) -> ProjectDraft:
    zone = _zone(plan, reading)
    key = _text(plan, "_key", "code", "name")
    stages = _stages(key, zone, reading)
    description = _long(plan, "description")
    start = _moment(plan, "planned_start", zone, reading)
    texts = " ".join([_text(plan, "name"), description, *(t.title for s in stages for t in s.tasks[:20])])
    return ProjectDraft(
        key=key,
        name=_text(plan, "name", "code") or key,
        language=language_of(texts),
        description=description,
        zone=zone,
        window_start=start,
        window_end=_moment(plan, "planned_end", zone, reading),
        t0=start,
        no_return=_moment(plan, "rollback_deadline", zone, reading),
        decider=_text(plan, "rollback_decision_by"),
        manager=_text(plan, "cutover_manager"),
        stages=stages,
        gates=_gates(key, reading),
    )


def _stages(plan: str, zone: str, reading: _Reading) -> tuple[StageDraft, ...]:
    scopes = [entry for entry in reading.entries("scope_items") if _text(entry, "_plan") == plan]
    scopes.sort(key=lambda entry: _number(entry, "order") or 0)
    tasks: dict[str, list[Entry]] = {}
    for entry in reading.entries("runbook_tasks"):
        tasks.setdefault(_text(entry, "_scope"), []).append(entry)
    keys = Keys()
    stages = []
    for scope in scopes:
        key = _text(scope, "_key") or slug(_text(scope, "name"))
        stream = _text(scope, "category").replace("_", " ")
        own = sorted(tasks.get(key, []), key=lambda entry: _number(entry, "sequence") or 0)
        description = _long(scope, "description")
        if owner := _text(scope, "owner"):  # a stage is owned by a role; the person stays readable here
            description = "\n".join(filter(None, [description, _("Owner: {name}").format(name=owner)]))
        drafts = tuple(filter(None, (_task(entry, stream, zone, reading) for entry in own)))
        reading.project_of_task.update((task.key, plan) for task in drafts)
        title = _text(scope, "name") or key
        stages.append(StageDraft(keys.make(key), title, description=description, tasks=drafts))
    return tuple(stages)


def _task(entry: Entry, stream: str, zone: str, reading: _Reading) -> TaskDraft | None:
    title = _text(entry, "title")
    key = _text(entry, "_key") or slug(title)
    if not title or key in reading.seen:
        reading.skip(
            _("The run-book task {name} has no title, or its key stands twice.").format(name=key or "-")
        )
        return None
    reading.seen.add(key)
    status = _text(entry, "status")
    claim = claim_of(status) if status else None
    if status and claim is None:
        reading.skip(_("{name}: the status {text} was not understood.").format(name=title, text=status))
    return TaskDraft(
        key=key,
        title=title,
        instruction=_long(entry, "description"),
        owner=_text(entry, "responsible"),
        accountable=_text(entry, "accountable"),
        deputy=_text(entry, "deputy"),
        minutes=_number(entry, "planned_duration_min"),
        start=_moment(entry, "planned_start", zone, reading),
        due=_moment(entry, "planned_end", zone, reading),
        priority=priority_of(_text(entry, "priority")),
        stream=stream,
        rollback=_long(entry, "rollback_action"),
        rollback_minutes=_number(entry, "rollback_duration_min"),
        note=_long(entry, "notes"),
        claim=claim,
    )


def _gates(plan: str, reading: _Reading) -> tuple[GateDraft, ...]:
    keys = Keys()
    criteria = []
    for entry in reading.entries("go_no_go_items"):
        if _text(entry, "_plan") != plan:
            continue
        text = _text(entry, "criterion")
        if not text:
            reading.skip(_("A go / no-go item of {plan} has no text.").format(plan=plan))
            continue
        verdict = _text(entry, "verdict").casefold()
        if verdict not in _VERDICTS:
            reading.skip(_("{name}: the verdict {text} was not understood.").format(name=text, text=verdict))
        criteria.append(
            CriterionDraft(
                key=keys.make(_text(entry, "_key") or slug(text)),
                text=text,
                holds=_VERDICTS.get(verdict),
                evidence=_long(entry, "evidence"),
                judged_by=_text(entry, "evaluated_by"),
            )
        )
    return (GateDraft("go-no-go", _("Go / no-go"), criteria=tuple(criteria)),) if criteria else ()


def _links(reading: _Reading) -> list[LinkDraft]:
    links: dict[tuple[str, str, str], LinkDraft] = {}
    for entry in reading.entries("task_dependencies"):
        before, after = _text(entry, "_pred"), _text(entry, "_succ")
        word = _text(entry, "dependency_type") or "FS"
        kind = _LINK_TYPES.get(word.casefold(), word.upper())
        project = reading.project_of_task.get(before)
        if project is None or project != reading.project_of_task.get(after) or before == after:
            reading.skip(
                _("The dependency {before} -> {after} does not join two tasks of one plan.").format(
                    before=before or "-", after=after or "-"
                )
            )
        elif kind not in _LINK_TYPES.values():
            reading.skip(
                _("The dependency {before} -> {after} is of the unknown type {type}.").format(
                    before=before, after=after, type=word
                )
            )
        else:
            lag = _number(entry, "lag_minutes") or 0
            links.setdefault((before, after, kind), LinkDraft(before, after, kind, lag))
    return list(links.values())


def _with_links(project: ProjectDraft, links: Iterable[LinkDraft]) -> ProjectDraft:
    own = {task.key for stage in project.stages for task in stage.tasks}
    return replace(project, links=tuple(link for link in links if link.before in own))


def _report_orphans(reading: _Reading, plans: set[str]) -> None:
    scopes = {
        _text(entry, "_key") for entry in reading.entries("scope_items") if _text(entry, "_plan") in plans
    }
    for part, parents, reference in (
        ("scope_items", plans, "_plan"),
        ("runbook_tasks", scopes, "_scope"),
        ("go_no_go_items", plans, "_plan"),
    ):
        for entry in reading.entries(part):
            if _text(entry, reference) not in parents:
                reason = _("{part}: {name} belongs to no plan of this file.")
                reading.skip(reason.format(part=part.replace("_", " "), name=_label(entry)))


def _report_rest(reading: _Reading) -> None:
    """One line for every object that has no place yet, and for the fields that one with a place leaves over."""
    for part, value in reading.data.items():
        label = part.replace("_", " ")
        if not isinstance(value, list):
            reading.skip(
                _("The part {name} of the file describes no tasks and was not imported.").format(name=part)
            )
            continue
        known = set(_KNOWN.get(part, "").split())
        for entry in value:
            if part not in _PARTS or not isinstance(entry, dict):
                reason = _("{part}: {name} has no place in a plan yet and was not imported.")
                reading.skip(reason.format(part=label, name=_label(entry)))
            elif rest := [key for key in entry if key not in known]:
                reason = _("{part}: {name} came in without {fields}, which have no place yet.")
                reading.skip(reason.format(part=label, name=_label(entry), fields=", ".join(rest)))


def _label(entry: object) -> str:
    if not isinstance(entry, dict):
        return shorten(str(entry))
    words = [text for key in _NAMES if (text := _text(entry, key))]
    return shorten(" ".join(words[:2]), 90) or _text(entry, "_key") or "-"


def _text(entry: Entry, *keys: str) -> str:
    return next((text for key in keys if (text := one_line(_long(entry, key)))), "")


def _long(entry: Entry, key: str) -> str:
    value = entry.get(key)
    return clean(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _number(entry: Entry, key: str) -> int | None:
    value = entry.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 10**9:
        return None
    return round(value)


def _moment(entry: Entry, key: str, zone: str, reading: _Reading) -> str | None:
    text = _text(entry, key)
    found = parse_moment(text, zone=zone) if text else None
    if text and found is None:
        reading.skip(
            _("{name}: the date {text} was not understood.").format(name=_label(entry), text=shorten(text))
        )
    return found


def _zone(plan: Entry, reading: _Reading) -> str:
    zone = _text(plan, "timezone") or "UTC"
    if zone in available_timezones():
        return zone
    reading.skip(
        _("{name}: there is no time zone {zone}; UTC was taken.").format(name=_label(plan), zone=zone)
    )
    return "UTC"


INTEGRATION = Integration("cutover", N_("Cutover plan (JSON)"), (".json",), recognises, read)
