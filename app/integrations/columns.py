"""Which column of a table means what: English and Chinese header words, overrides, and the row they stand in."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.durations import DAY, HOUR, WORKING_DAY
from app.errors import ImportRefused
from app.i18n import _
from app.integrations.cells import Cell, cell_text
from app.integrations.texts import shorten

HEADER = "header"  # among the fields of a mapping: which row it is
HEADER_ROWS = 30  # the header stands in the first rows, under titles and logos at most

# Best word first: with "ID" and "WBS" in one table the ID numbers the tasks.
_WORDS = """
number: id, task id, number, task number, no, no., nr, nr., #, task no, task #, step no, step #,
    step number, seq, sequence, order, ref, unique id, uid, guid, key, wbs, wbs code, outline number,
    序号, 序號, 编号, 編號, 任务编号, 任务序号, 步骤编号, 步骤序号, 标识号, 标识, 唯一标识号, 大纲数字
title: task, tasks, task name, task title, title, activity, activities, activity name, checklist
    item, check item, action, action item, work item, todo, to do, requirement, task description,
    activity description, summary, subject, text, what, step, step name, item, name, 任务, 任务名称, 任务名, 任務,
    任務名稱, 工作项, 工作項, 工作任务, 工作内容, 任务内容, 步骤, 步驟, 步骤名称, 操作步骤, 上线步骤, 标题, 標題, 事项, 事項, 活动, 操作, 内容, 检查内容, 检查要求,
    要求, 主题, 项目, 名称, 名稱
stage: stage, phase, section, main area, area, category, block, chapter, milestone, stage name,
    phase name, 阶段, 阶段名称, 階段, 所属阶段, 上线阶段, 环节, 類別, 类别, 分类, 大类, 章节, 里程碑
group: subcategory, sub category, sub area, subarea, subsection, 子类, 子类别, 小类, 子阶段, 子分类
owner: owner, task owner, responsible, responsible person, person responsible, assignee, assigned
    to, assigned, who, performed by, executor, resource names, resource name, resource, resources, pic,
    lead, 负责人, 責任人, 負責人, 责任人, 执行人, 经办人, 处理人, 操作人, 实施人, 主办, 资源名称, 担当
accountable: accountable, accountable person, approver, 总负责人, 审批人, 批准人, 问责人
deputy: deputy, backup, backup owner, backup person, substitute, stand-in, 代理人, 备岗, 后备, 备份负责人, 副负责人,
    协办人
role: role, responsible role, team, responsible team, department, 角色, 职责, 岗位, 团队, 责任部门, 负责部门, 部门,
    小组, 職責
minutes: duration, planned duration, planned duration min, estimated duration, est duration, est.
    duration, expected duration, minutes, mins, min, hours, estimate, estimated time, time needed,
    length, 工期, 时长, 時長, 持续时间, 预计时长, 计划时长, 预计工期, 计划工期, 预计耗时, 耗时, 用时, 分钟, 预估时间
start: start, planned start, start time, start date, scheduled start, start date/time, planned start
    time, begin, from, not before, 开始, 开始时间, 计划开始, 计划开始时间, 开始日期, 计划开始日期, 起始时间, 開始時間
due: finish, planned finish, end, planned end, finish time, end time, finish date, end date,
    scheduled finish, due, due date, deadline, until, planned end time, 完成, 完成时间, 计划完成, 计划完成时间, 结束,
    结束时间, 计划结束, 计划结束时间, 完成日期, 结束日期, 截止, 截止时间, 截止日期, 到期日, 結束時間
predecessors: predecessors, predecessor, depends on, dependency, dependencies, prerequisite,
    prerequisites, blocked by, pred, 前置任务, 前置任務, 前置, 前置步骤, 前置条件任务, 紧前任务, 前序任务, 依赖, 依赖任务, 依赖项
priority: priority, prio, severity, importance, criticality, 优先级, 優先級, 优先, 严重性, 严重程度, 嚴重性, 重要性, 重要程度
stream: stream, workstream, work stream, track, module, component, system, application, 模块, 模組, 工作流,
    系统, 系統, 子系统, 条线
rollback: rollback, rollback action, rollback plan, rollback step, rollback steps, rollback
    procedure, back out, backout, backout plan, fallback, fallback plan, 回退, 回滚, 回退方案, 回退措施, 回退步骤, 回滚方案,
    回滚措施, 回滚步骤, 回退操作
rollback_minutes: rollback duration, rollback minutes, rollback time, 回退时长, 回退耗时, 回退时间, 回滚时长, 回滚时间,
    回滚耗时
instruction: instruction, instructions, description, details, detail, how, how to, procedure, work
    instruction, commands, command, 说明, 說明, 描述, 操作说明, 详细说明, 任务描述, 任务说明, 具体操作, 操作指引, 详情, 执行说明
link: link, links, url, more info, training, reference, references, documentation, 链接, 鏈接, 参考, 参考资料,
    文档, 文档链接
checks: checks, check, check items, check points, acceptance criteria, verification, expected
    result, expected results, 检查项, 檢查項, 检查点, 验收标准, 验证, 验证方法, 预期结果, 检查要点
status: status, task status, state, progress, % complete, percent complete, complete %, completed,
    done, complete, 状态, 狀態, 任务状态, 执行状态, 完成状态, 完成情况, 进度, 完成百分比, 是否完成
note: note, notes, comment, comments, remark, remarks, 备注, 備註, 注释, 批注, 备考
"""
SYNONYMS: dict[str, tuple[str, ...]] = {
    name: tuple(" ".join(word.split()) for word in words.split(","))
    for name, words in re.findall(r"^(\w+): ((?:.+\n)(?: +.+\n)*)", _WORDS, re.MULTILINE)
}
FIELDS = tuple(SYNONYMS)
_MANY = {"link"}
# A table may call the task by what is usually a detail of it ("No., Description, Owner").
_STAND_IN_TITLES = ("checks", "instruction")
_BY_WORD = {
    word: (name, rank) for name, words in reversed(SYNONYMS.items()) for rank, word in enumerate(words)
}
_BRACKETS = re.compile(r"[(（\[【](.*?)[)）\]】]")
_PARTS = re.compile(r"\s*[/|\n]\s*|(?<=[\u4e00-\u9fff])\s*(?=[A-Za-z])|(?<=[A-Za-z])\s*(?=[\u4e00-\u9fff])")
_BARE_UNITS = (
    (re.compile(r"工作日|工作天|working\s*days?|work\s*days?|\bwd\b"), WORKING_DAY),
    (re.compile(r"小时|小時|\bhours?\b|\bhrs?\b|\bh\b"), HOUR),
    (re.compile(r"分钟|分鐘|\bmin(?:ute)?s?\b"), 1),
    (re.compile(r"天|日$|\bdays?\b|\bd\b"), DAY),
)


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands (0-based), its names, and for each field the columns that hold it."""

    index: int
    names: tuple[str, ...]
    columns: Mapping[str, tuple[int, ...]]
    bare_minutes: Mapping[str, int] = field(default_factory=dict)  # what a number without a unit is worth
    day_minutes: Mapping[str, int] = field(default_factory=dict)

    def name_of(self, wanted: str) -> str:
        return self.names[self.columns[wanted][0]]

    def used(self) -> set[int]:
        return {index for indexes in self.columns.values() for index in indexes}

    def unused(self) -> list[int]:
        used = self.used()
        return [index for index, name in enumerate(self.names) if name and index not in used]


def normalise(name: str) -> str:
    """A header without case, units in brackets, asterisks and colons."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    plain = _BRACKETS.sub(" ", plain)
    return " ".join(plain.replace("*", " ").replace("_", " ").strip(" :：?？").split())


def field_named(word: str) -> str | None:
    plain = word.strip().casefold()
    if plain in SYNONYMS:
        return plain
    found = _recognise(word)
    return found[0] if found else None


def find_header(rows: Sequence[Sequence[Cell]], mapping: Mapping[str, str]) -> Header | None:
    """The row among the first ones that names most fields, the task among them; None when there is none.

    `mapping` takes FIELD=HEADER, FIELD=#3 for the third column, FIELD= for a field that is not imported, and header=4 for
    the row the header stands in.
    """
    wanted = _check_mapping(mapping)
    only = header_row(mapping)
    best: Header | None = None
    for index, row in enumerate(rows[:HEADER_ROWS]):
        if only is not None and index != only:
            continue
        header = _header_at(index, row, wanted)
        if header is not None and (best is None or len(header.columns) > len(best.columns)):
            best = header
    if best is None and wanted:
        _refuse_headers(rows, wanted)
    return best


def refuse_no_title(rows: Sequence[Sequence[Cell]], name: str) -> ImportRefused:
    return ImportRefused(
        _(
            "{name} has no column that could be the task. The headers there: {headers}. Nothing was changed. "
            "Say which one it is, for example title={example}."
        ).format(name=name, headers=_listed(rows), example=_example(rows))
    )


def header_row(mapping: Mapping[str, str]) -> int | None:
    """Which row a person said the header stands in, counted from 0."""
    given = mapping.get(HEADER, "")
    if not given:
        return None
    if not given.isdecimal() or not 1 <= int(given) <= HEADER_ROWS:
        raise ImportRefused(
            _(
                "The header stands in one of the first {count} rows, not in {text}. Nothing was changed."
            ).format(count=HEADER_ROWS, text=given)
        )
    return int(given) - 1


def _check_mapping(mapping: Mapping[str, str]) -> dict[str, str]:
    wanted = {}
    for given, header in mapping.items():
        if given == HEADER:
            continue
        name = field_named(given)
        if name is None:
            raise ImportRefused(
                _(
                    "There is no field {field}. The fields are: {fields}. Nothing was changed. "
                    "Name one of them before the equals sign."
                ).format(field=given, fields=", ".join(FIELDS))
            )
        wanted[name] = header
    return wanted


def _header_at(index: int, row: Sequence[Cell], wanted: Mapping[str, str]) -> Header | None:
    names = tuple(
        shorten(text, 120) if isinstance(cell, str) and (text := cell_text(cell)) else "" for cell in row
    )
    folded = [name.casefold() for name in names]
    columns: dict[str, list[int]] = {}
    for name, header in wanted.items():
        place = _place(header, folded, names) if header else None
        if place is None and header:
            return None
        columns[name] = [place] if place is not None else []
    taken = {index for indexes in columns.values() for index in indexes}
    _guess(names, columns, taken)
    columns = {name: indexes for name, indexes in columns.items() if indexes}
    if "title" not in columns:
        _stand_in(columns)
    if "title" not in columns:
        return None
    return Header(
        index,
        names,
        {name: tuple(indexes) for name, indexes in columns.items()},
        *_units(names, columns),
    )


def _place(header: str, folded: Sequence[str], names: Sequence[str]) -> int | None:
    plain = shorten(header, 120).casefold()
    if not plain:
        return None
    if plain in folded:
        return folded.index(plain)
    if plain.startswith("#") and plain[1:].isdecimal():
        return int(plain[1:]) - 1 if 1 <= int(plain[1:]) <= len(names) else None
    normal = [normalise(name) for name in names]
    return normal.index(normalise(header)) if normalise(header) in normal else None


def _guess(names: Sequence[str], columns: dict[str, list[int]], taken: set[int]) -> None:
    """Gives every field the column with its best word; a spare "Step" column beside the task numbers the tasks."""
    fixed = set(columns)
    found: dict[str, list[tuple[int, int]]] = {}
    for index, name in enumerate(names):
        if index not in taken and name and (match := _recognise(name)) and match[0] not in fixed:
            found.setdefault(match[0], []).append((match[1], index))
    for name, places in found.items():
        if name in _MANY:
            columns[name] = [index for _rank, index in sorted(places)]
        else:
            columns[name] = [min(places)[1]]
    if "number" not in columns and columns.get("title"):
        spare = [i for _rank, i in found.get("title", []) if i not in columns["title"]]
        steps = [i for i in spare if normalise(names[i]) in {"step", "步骤", "步驟", "item", "项目"}]
        if steps:
            columns["number"] = steps[:1]


def _stand_in(columns: dict[str, list[int]]) -> None:
    for name in _STAND_IN_TITLES:
        if name in columns:
            columns["title"] = columns.pop(name)
            return


def is_plain_word(name: str, wanted: str) -> bool:
    """Whether a header is exactly a word for this field, and not only a part of it or a stand-in."""
    return _BY_WORD.get(normalise(name), ("", 0))[0] == wanted


def likely_header_row(rows: Sequence[Sequence[Cell]]) -> int:
    """The first of the rows with most texts: what a person would call the header."""
    counts = [
        sum(isinstance(cell, str) and bool(cell_text(cell)) for cell in row) for row in rows[:HEADER_ROWS]
    ]
    return counts.index(max(counts)) if counts else 0


def _recognise(name: str) -> tuple[str, int] | None:
    plain = normalise(name)
    if plain in _BY_WORD:
        return _BY_WORD[plain]
    if name.strip() in _BY_WORD:
        return _BY_WORD[name.strip()]
    for part in _PARTS.split(plain):
        if part in _BY_WORD:
            return _BY_WORD[part]
    return None


def _units(names: Sequence[str], columns: Mapping[str, list[int]]) -> tuple[dict[str, int], dict[str, int]]:
    """What a bare number and a "d" are worth under headers such as "Duration (h)" or 工期（工作日）."""
    bare, day = {}, {}
    for name in ("minutes", "rollback_minutes"):
        if name not in columns:
            continue
        plain = unicodedata.normalize("NFKC", names[columns[name][0]]).casefold()
        bare[name] = next((size for pattern, size in _BARE_UNITS if pattern.search(plain)), 1)
        day[name] = WORKING_DAY if bare[name] == WORKING_DAY or "working" in plain else DAY
    return bare, day


def _refuse_headers(rows: Sequence[Sequence[Cell]], wanted: Mapping[str, str]) -> None:
    names = {cell_text(cell).casefold() for row in rows[:HEADER_ROWS] for cell in row}
    normal = {normalise(name) for name in names}
    for header in wanted.values():
        if (
            header
            and not header.startswith("#")
            and header.strip().casefold() not in names
            and normalise(header) not in normal
        ):
            raise ImportRefused(
                _(
                    "There is no column {header}. The headers there: {headers}. Nothing was changed. "
                    "Name one of them after the equals sign."
                ).format(header=header, headers=_listed(rows))
            )


def _likely_header(rows: Sequence[Sequence[Cell]]) -> list[str]:
    row = rows[likely_header_row(rows)] if rows else ()
    return [shorten(cell_text(c), 40) for c in row if isinstance(c, str) and cell_text(c)]


def _listed(rows: Sequence[Sequence[Cell]]) -> str:
    names = _likely_header(rows)
    return ", ".join(names[:30]) or _("none")


def _example(rows: Sequence[Sequence[Cell]]) -> str:
    names = _likely_header(rows)
    return names[0] if names else "Task"
