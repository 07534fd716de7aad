"""What stands on the clipboard as tasks: rows of a spreadsheet, a Markdown list or table, or plain lines."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from app.domain.draft import Draft, ProjectDraft, Skipped, StageDraft, TaskDraft
from app.domain.durations import parse_minutes
from app.errors import ImportRefused
from app.i18n import _
from app.integrations import delimited, markdown
from app.integrations.source import Source
from app.integrations.texts import Keys, one_line, shorten, slug, title_and_rest

_ITEM = re.compile(r"^([ \t]*)((?:[-*+]|\d+[.)])(?=[ \t])|•|\d+、)[ \t]*(?=\S)")
_FENCE = re.compile(r"^ {0,3}(```|~~~)")
_HEADING = re.compile(r"^#{1,5} ", re.MULTILINE)


def read_pasted(text: str, people: Collection[str] = ()) -> Draft:
    """One project whose stage without a title takes what names none. `people` are the names known here.

    Raises ImportRefused when the clipboard holds what looks like a plan and cannot be read as one.
    """
    source = Source(_("The clipboard"), text.encode("utf-8", "replace"))
    lines = [line for line in source.text.split("\n") if line.strip()]
    if any("\t" in line for line in lines):
        draft = _from_spreadsheet(source, {name.casefold() for name in people})
    elif markdown.recognises(source) or any(map(_ITEM.match, lines)):
        draft = _from_markdown(source)
    else:
        draft = _draft(_plain(lines), ())
    return _without_claims(_here(draft))


def _from_spreadsheet(source: Source, people: Collection[str]) -> Draft:
    """By its header where there is one; else by the form of the cells."""
    if delimited.recognises(source):
        try:
            return delimited.read_pasted(source.text, source.name)
        except ImportRefused:
            pass  # a header and nothing below: then it was a row like the others
    rows = [[one_line(cell) for cell in row] for row in delimited.tabbed(source.text)]
    keys = Keys()
    tasks = [_by_form(cells, people, line, keys) for line, cells in enumerate(rows, 1) if any(cells)]
    return _draft(tasks, ())


def _by_form(cells: Sequence[str], people: Collection[str], line: int, keys: Keys) -> TaskDraft:
    """The first word is the title, a duration is known by its form, an owner by being known; the rest is instruction."""
    title, *others = [cell for cell in cells if cell]
    minutes: int | None = None
    owner, rest = "", []
    for cell in others:
        found = parse_minutes(cell)
        if found is not None and minutes is None:
            minutes = found
        elif not owner and cell.casefold() in people:
            owner = cell
        else:
            rest.append(cell)
    short, more = title_and_rest(title)
    words = "\n".join(part for part in (more, *rest) if part)
    return TaskDraft(
        keys.make(slug(short)), short, instruction=words, owner=owner, minutes=minutes, line=line
    )


def _plain(lines: Sequence[str]) -> Iterator[TaskDraft]:
    keys = Keys()
    for number, line in enumerate(lines, 1):
        title, rest = title_and_rest(line)
        yield TaskDraft(keys.make(slug(title)), title, instruction=rest, line=number)


def _from_markdown(source: Source) -> Draft:
    """Every heading is a stage here, also the first: there is no document to be named by it."""
    text = _HEADING.sub(r"#\g<0>", source.text)
    if not markdown.recognises(source):
        text = _boxed(text)
    return markdown.read(Source(source.name, text.encode("utf-8")), {})


def _boxed(text: str) -> str:
    """A list without boxes, each outermost item with an empty one: who pastes a list means its lines as tasks."""
    lines = text.split("\n")
    least = min((len(found[1]) for line in lines if (found := _ITEM.match(line))), default=0)
    fenced = False
    for number, line in enumerate(lines):
        if _FENCE.match(line):
            fenced = not fenced
        found = None if fenced else _ITEM.match(line)
        if found is not None and len(found[1]) == least:
            mark = found[2].replace("•", "-").replace("、", ".")
            lines[number] = f"{found[1]}{mark} [ ] {line[found.end() :]}"
    return "\n".join(lines)


def _draft(tasks: Iterator[TaskDraft] | Sequence[TaskDraft], skipped: Sequence[Skipped]) -> Draft:
    stage = StageDraft("here", "", tasks=tuple(tasks))
    return Draft("pasted", (ProjectDraft("pasted", "", stages=(stage,)),), tuple(skipped))


def _here(draft: Draft) -> Draft:
    """Tasks that no heading and no column gives a stage come under the one where they are pasted."""
    project, skipped = draft.projects[0], list(draft.skipped)
    stages = []
    if project.description:
        reason = _("Text outside of the tasks was left out: {text}")
        skipped.append(Skipped(None, reason.format(text=shorten(project.description))))
    for stage in project.stages:
        if stage.title and stage.title != _("Tasks"):
            stages.append(stage)
            continue
        if stage.description:
            reason = _("Text outside of the tasks was left out: {text}")
            skipped.append(Skipped(stage.line, reason.format(text=shorten(stage.description))))
        stages.append(replace(stage, title="", description=""))
    for gate in project.gates:
        reason = _("The gate “{name}” was left out. Add it in the stage's details.")
        skipped.append(Skipped(gate.line, reason.format(name=gate.name)))
    return replace(
        draft, projects=(replace(project, stages=tuple(stages), gates=()),), skipped=tuple(skipped)
    )


def _without_claims(draft: Draft) -> Draft:
    """What is done is said in the run, not in the plan."""
    project = draft.projects[0]
    tasks = [task for stage in project.stages for task in stage.tasks]
    claimed = sum(1 for task in tasks if task.claim not in (None, "todo"))
    ticked = sum(1 for task in tasks for check in task.checks if check.checked)
    if not claimed + ticked:
        return draft
    reason = _("Ticks and states were left out ({count}): what is done is said in the run.")
    left = Skipped(None, reason.format(count=claimed + ticked))
    return replace(draft, skipped=(*draft.skipped, left))
