"""Markdown tables: one task a row under a tick or task column, roles to sign in a sign-off table."""

import re
from typing import TYPE_CHECKING

from app.domain.draft import GateDraft
from app.errors import ImportRefused
from app.i18n import _
from app.integrations.columns import normalise
from app.integrations.markdown_blocks import line_of
from app.integrations.markdown_items import Stage
from app.integrations.markdown_text import inline_text
from app.integrations.table import read_rows
from app.integrations.texts import shorten, slug

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

_TICK_HEADERS = {
    *(
        "done",
        "done?",
        "check",
        "checked",
        "complete",
        "completed",
        "tick",
        "ok",
        "✓",
        "✔",
        "✅",
        "☐",
        "☑",
        "[ ]",
        "x",
    ),
    *("完成", "是否完成", "已完成", "勾选", "确认", "打勾", "√"),
}
_TICKED = {"✓", "✔", "✔️", "✅", "☑", "☑️", "☒", "√", "[x]", "x", "yes", "y", "是", "done"}
_UNTICKED = {"", "☐", "[ ]", "[]", "❌", "✗", "✘", "no", "n", "否", "-", "–"}
_SIGNS = {"✓", "✔", "✔️", "✅", "☑", "☑️", "☒", "√", "[x]", "☐", "[ ]"}  # what ticks without a header to say so
# Stricter than the headers of a workbook: most tables in a document are no plans.
_TASK_HEADERS = {
    *(
        "task",
        "tasks",
        "task name",
        "activity",
        "action",
        "step",
        "checklist item",
        "check item",
        "requirement",
        "to do",
    ),
    *(
        "任务",
        "任务名称",
        "任務",
        "检查项",
        "检查内容",
        "步骤",
        "操作步骤",
        "工作项",
        "事项",
        "要求",
        "检查要求",
    ),
}
_ROLE_HEADERS = {
    "role",
    "function",
    "position",
    "approver",
    "stakeholder",
    "角色",
    "职责",
    "岗位",
    "职务",
    "审批角色",
}
_PLACEHOLDER = re.compile(r"\[[^\]]*\]|<[^>]*>|_{2,}")
_SIGN_HEADERS = re.compile(r"sign|approv|签字|签名|签署|签章|审批|批准")


def add_table(stage: Stage, node: "SyntaxTreeNode", offset: int = 0) -> None:
    rows = [row for part in node.children for row in part.children]
    cells = [
        [inline_text(cell.children[0]) if cell.children else "" for cell in row.children] for row in rows
    ]
    lines: list[int | None] = [line_of(row, offset) for row in rows]
    header, body = cells[0], cells[1:]
    line = line_of(node, offset)
    if not any(any(row) for row in body):
        stage.shared.skip(line, _("A table without content: {header}").format(header=_listed(header)))
        return
    tick = _tick_column(header, body)
    if tick is not None or any(normalise(name) in _TASK_HEADERS for name in header):
        _add_tasks(stage, cells, lines, tick)
    elif (role := _role_column(header)) is not None:
        _add_gate(stage, header, body, role, line)
    else:
        reason = _("A table without a tick or task column was left out (rows: {count}): {header}")
        stage.shared.skip(line, reason.format(count=len(body), header=_listed(header)))


def _listed(header: list[str]) -> str:
    return shorten(" | ".join(header), 90)


def _tick_column(header: list[str], body: list[list[str]]) -> int | None:
    for index, name in enumerate(header):
        values = {row[index].casefold() for row in body if index < len(row)}
        named = name.strip().casefold() in _TICK_HEADERS or normalise(name) in _TICK_HEADERS
        if named and values <= _TICKED | _UNTICKED:
            return index
        if values and values <= _SIGNS | {""} and values & _SIGNS:
            return index
    return None


def _role_column(header: list[str]) -> int | None:
    if not any(_SIGN_HEADERS.search(name.casefold()) for name in header):
        return None
    return next((index for index, name in enumerate(header) if normalise(name) in _ROLE_HEADERS), None)


def _add_tasks(stage: Stage, cells: list[list[str]], lines: list[int | None], tick: int | None) -> None:
    header = cells[0]
    mapping = {}
    if not any(normalise(name) in _TASK_HEADERS for name in header):
        others = [index for index in range(len(header)) if index != tick and header[index]]
        if not others:
            stage.shared.skip(lines[0], _("A table with boxes but no text beside them was left out."))
            return
        longest = max(others, key=lambda index: sum(len(row[index]) for row in cells[1:] if index < len(row)))
        mapping = {"title": header[longest]}
    rest = [[text for index, text in enumerate(row) if index != tick] for row in cells]
    try:
        content = read_rows(
            rest,
            stage.shared.name,
            mapping,
            lines=lines,
            prefix=stage.key,
            keys=stage.shared.keys,
            without=("stage",),
        )
    except ImportRefused:
        reason = _("A table whose task column was not found was left out: {header}")
        stage.shared.skip(lines[0], reason.format(header=_listed(header)))
        return
    stage.tasks += [task for group in content.groups for task in group.tasks]
    stage.links += content.links
    stage.shared.skipped += content.skipped
    if tick is not None:
        _note_ticks(stage, cells, lines, tick)


def _note_ticks(stage: Stage, cells: list[list[str]], lines: list[int | None], tick: int) -> None:
    """Collects the ticks of all tables: whether they are claims or bullets shows only when all are known."""
    for row, line in zip(cells[1:], lines[1:], strict=True):
        if len(row) > tick and row[tick].casefold() in _TICKED - _UNTICKED:
            stage.shared.ticked_lines.add(line or 0)
        elif any(row):
            stage.shared.has_unticked = True


def _add_gate(stage: Stage, header: list[str], body: list[list[str]], role: int, line: int) -> None:
    """The roles that must sign; names and signatures on paper are not those of this program."""
    roles = [
        row[role] for row in body if len(row) > role and row[role] and not _PLACEHOLDER.fullmatch(row[role])
    ]
    if not roles:
        stage.shared.skip(
            line, _("A sign-off table without roles was left out: {header}").format(header=_listed(header))
        )
        return
    name = stage.path[-1] if stage.path else _("Sign-off")
    key = stage.shared.keys.make(stage.key, slug("sign-off"))
    stage.gates.append(GateDraft(key, name, roles=tuple(dict.fromkeys(roles)), line=line))
    left = [name for index, name in enumerate(header) if index != role and name]
    reason = _("Of a sign-off table only the roles came in, as required sign-offs; left out: {header}")
    stage.shared.skip(line, reason.format(header=_listed(left)))
