"""A plan as a table for spreadsheets, with headers and words that the import of tables reads back.

A number begins with `#`, so that no spreadsheet takes task 1.10 for 1.1 or 2.3 for a day in March.
"""

import csv
from collections import Counter
from io import StringIO

from app.i18n import _, in_language
from app.integrations.cells import neutralise
from app.integrations.texts import one_line
from app.queries.checklist import TaskRow
from app.queries.outgoing import Outgoing
from app.queries.reasons import STATUS_WORDS
from app.storage.engine import Reader

# Words the import knows, so they come from here and not from the catalogue, whose wording may change.
_HEADERS = {
    "en": (
        *(
            "No.",
            "Task",
            "Stage",
            "Owner",
            "Role",
            "Duration (min)",
            "Start",
            "Due",
            "Predecessors",
            "Status",
        ),
        *("Counts as", "Priority", "Stream", "Requires", "Checks", "Instruction", "Rollback"),
        *("Rollback duration (min)", "Note"),
    ),
    "zh": (
        *(
            "编号",
            "任务",
            "阶段",
            "负责人",
            "岗位",
            "时长（分钟）",
            "开始时间",
            "截止时间",
            "前置任务",
            "状态",
        ),
        *("计为", "优先级", "条线", "完成要求", "检查项", "说明", "回退方案", "回退时长（分钟）", "备注"),
    ),
}
_CLAIMS = {
    "en": {
        "todo": "not started",
        "running": "in progress",
        "done": "done",
        "failed": "failed",
        "blocked": "blocked",
        "waiting": "waiting",
        "skipped": "skipped",
    },
    "zh": {
        "todo": "未开始",
        "running": "进行中",
        "done": "完成",
        "failed": "失败",
        "blocked": "阻塞",
        "waiting": "等待",
        "skipped": "跳过",
    },
}
_BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for a code page


def written(_reader: Reader, found: Outgoing, _now_ms: int) -> str:
    """The whole table; what a spreadsheet would run as a formula has an apostrophe before it."""
    out = StringIO(newline="")
    table = csv.writer(out)
    language = found.language if found.language in _HEADERS else "en"
    table.writerow(_HEADERS[language])
    stages = _stage_names(found)
    for task in found.rows.tasks:
        table.writerow(map(neutralise, _cells(found, task, stages, language)))
    return _BYTE_ORDER_MARK + out.getvalue()


def _stage_names(found: Outgoing) -> dict[bytes | None, str]:
    """Stages by title, for the import tells them apart by nothing else: a second one of a name gets a number."""
    seen: Counter[str] = Counter()
    names: dict[bytes | None, str] = {}
    for stage in found.rows.stages:
        title = one_line(stage.title) or _("Tasks")
        seen[title] += 1
        names[stage.id] = title if seen[title] == 1 else f"{title} ({seen[title]})"
    return names


def _cells(found: Outgoing, task: TaskRow, stages: dict[bytes | None, str], language: str) -> tuple[str, ...]:
    claim = found.claims.get(task.id, "todo")
    notes = [one.text for one in found.evidence(task.id) if one.kind == "note"]
    return (
        f"#{task.number}",
        one_line(task.title),
        stages.get(task.stage_id, stages.get(None, _("Tasks"))),
        task.owner,
        task.role,
        _number(task.minutes),
        _moment(task.start),
        _moment(task.due),
        "; ".join(f"#{part}" for part in task.after.split(", ") if part),
        _CLAIMS[language][claim],
        in_language(STATUS_WORDS[task.status], language),
        _number(task.priority),
        task.stream,
        ", ".join(task.requires),
        _checks(found, task.id),
        found.text(task.id, "instruction"),
        found.text(task.id, "rollback"),
        _number(task.rollback_minutes),
        "\n".join(notes),
    )


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _moment(wall: str | None) -> str:
    return (wall or "").replace("T", " ")


def _checks(found: Outgoing, task: bytes) -> str:
    """One a line with its box; a semicolon would end a check there, so it is a comma here."""
    lines = []
    for check in found.checks(task):
        text = one_line(found.text(check.id, "text")).replace(";", ",").replace("；", "，")
        lines.append(f"[{'x' if check.outcome == 'pass' else ' '}] {text}")
    return "\n".join(lines)
