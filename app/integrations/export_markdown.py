"""A plan as a Markdown checklist: headings, boxes, nested checks and instructions, as its import reads them."""

import re
from collections.abc import Iterator

from app.i18n import _
from app.integrations.texts import one_line
from app.queries.checklist import TaskRow
from app.queries.outgoing import Outgoing
from app.storage.engine import Reader

# Labels the import knows, so they come from here and not from the catalogue, whose wording may change.
_LABELS = {
    "en": ("Owner: {}", "Duration: {} min", "Due: {}", "Rollback: {}"),
    "zh": ("负责人：{}", "时长：{} 分钟", "截止：{}", "回退：{}"),
}
_MARKS = re.compile(r"[\\`*\[\]~|]|<(?=[A-Za-z/!?])|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])")
_LINE_START = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|[-+=](?=[\s=-]|$)|>|(?<!\d)\d{1,9}(?=[.)](?:\s|$)))")
_NUMBER_START = re.compile(r"^(\s*\d{1,9})([.)])(?=\s|$)")
_RULE = re.compile(r"^\s*([-_])(?:\s*\1){2,}\s*$")


def written(_reader: Reader, found: Outgoing, _now_ms: int) -> str:
    """The checklist in the export's language; a box is ticked where the step was said to be done."""
    lines = [f"# {escaped(found.rows.project.name)}", ""]
    for stage in found.rows.stages:
        lines += [f"## {escaped(stage.title) or _('Tasks')}", ""]
        if stage.id is not None and (words := found.text(stage.id, "entry_conditions")):
            lines += [*_paragraphs(words, ""), ""]
        known = {one.id for one in found.rows.stages}
        for task in found.rows.tasks:
            if (task.stage_id if task.stage_id in known else None) == stage.id:
                lines += _task(found, task)
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def _task(found: Outgoing, task: TaskRow) -> Iterator[str]:
    ticked = "x" if found.claims.get(task.id) == "done" else " "
    yield f"- [{ticked}] {escaped(task.title)}"
    if instruction := found.text(task.id, "instruction"):
        yield ""
        yield from _paragraphs(instruction, "  ")
        yield ""
    for label, value in zip(_labels(found), _fields(found, task), strict=True):
        if value:
            yield "  - " + label.format(value)
    for check in found.checks(task.id):
        ticked = "x" if check.outcome == "pass" else " "
        yield f"  - [{ticked}] {escaped(found.text(check.id, 'text'))}"


def _labels(found: Outgoing) -> tuple[str, ...]:
    return _LABELS.get(found.language, _LABELS["en"])


def _fields(found: Outgoing, task: TaskRow) -> tuple[str, ...]:
    """Owner, else the role in brackets that waits for a person; minutes, due moment, rollback."""
    owner = escaped(task.owner) or (f"[{escaped(task.role)}]" if task.role else "")
    minutes = "" if task.minutes is None else str(task.minutes)
    due = (task.due or "").replace("T", " ")
    return owner, minutes, due, escaped(found.text(task.id, "rollback"))


def escaped(text: str) -> str:
    """One line that shows as it is written."""
    return _start(_MARKS.sub(r"\\\g<0>", one_line(text)))


def _start(line: str) -> str:
    if _RULE.match(line):
        return "\\" + line.lstrip()
    numbered = _NUMBER_START.sub(r"\1\\\2", line)
    return numbered if numbered != line else _LINE_START.sub(r"\1\\\2", line)


def _paragraphs(text: str, indent: str) -> Iterator[str]:
    """Lines stay lines: a backslash at the end of one is a line break; an empty one begins a paragraph."""
    for number, paragraph in enumerate(re.split(r"\n\s*\n", text.strip("\n"))):
        if number:
            yield ""
        yield "\\\n".join(indent + escaped(line) for line in paragraph.split("\n") if line.strip())
