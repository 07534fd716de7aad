"""Everything as it stood at a moment: all steps with the state they were in, read only, in the place of the list."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.words import GateState
from app.i18n import NC_, _
from app.queries.moments import MomentShown, StepThen
from ui.desktop.checklist.words import STATUS_TONE, status_word
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.cells import Cell, CellRow, CellTable, Column
from ui.desktop.components.labels import Sign, label
from ui.desktop.desk import Desk
from ui.desktop.log.moment import when_words
from ui.desktop.moments import day_clock, day_name, local


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("No."), 58),
        Column(_("State"), 130),
        Column(_("Task")),
        Column(_("Owner"), 180),
        Column(_("Start"), 90),
        Column(_(NC_("time", "Finish")), 90),
        Column(_("Proof then"), 170),
    )


class WholeMoment(QFrame):
    closed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        theme = desk.theme
        self.table = CellTable(theme, _columns(), _("Every step as it stood then"))
        self.title = label(theme, "", "strong", "late")
        self.note = label(theme, "", "meta", "text3")
        self.close_button = KeyButton(theme, _("Back to the list"), key="A")
        self.close_button.clicked.connect(self.closed)
        bar = QFrame()
        bar.setProperty("edge", "bottom")
        bar.setFixedHeight(theme.row("viewbar"))
        row = QHBoxLayout(bar)
        row.setContentsMargins(theme.px(14), 0, theme.px(14), 0)
        row.setSpacing(theme.px(8))
        for widget in (Sign(theme, "eye", "late", 16), self.title, self.note):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self.table, 1)

    def take(self, found: MomentShown) -> None:
        moment = local(found.now_ms, self._desk.zone)
        said = _("Everything as it stood {day} {time}")
        self.title.setText(said.format(day=day_name(moment), time=moment.strftime("%H:%M:%S")))
        gates = _("{open} of {total} gates open · read only").format(open=found.gates_open, total=found.gates)
        self.note.setText(gates)
        self.table.take(_rows(found, self._desk.zone))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.table.setFocus()

    def pane(self) -> QWidget:
        return self.table


def _rows(found: MomentShown, zone: str) -> list[CellRow]:
    rows: list[CellRow] = []
    known = {stage.id for stage in found.sheet.stages}
    by_stage: dict[bytes | None, list[StepThen]] = {}
    for step in found.steps:
        place = step.task.stage_id if step.task.stage_id in known else None
        by_stage.setdefault(place, []).append(step)
    for stage in found.sheet.stages:
        steps = by_stage.get(stage.id, [])
        if not steps:
            continue
        note = _("{done} of {total} done").format(done=f"{stage.done_count:,}", total=f"{stage.task_count:,}")
        if stage.gate_state is not None:
            word = _("gate closed") if stage.gate_state is GateState.CLOSED else _("gate open")
            note = f"{note} · {word}"
        rows.append(CellRow(stage.id, heading=f"{stage.number}  {stage.title or _('Tasks')}", note=note))
        rows += [_row(found, step, zone) for step in steps]
    return rows


def _row(found: MomentShown, step: StepThen, zone: str) -> CellRow:
    task, bar = step.task, step.bar
    tone = STATUS_TONE[task.status]
    text, when_tone = when_words(found, step, zone)
    proof = " ".join(task.why_not) if step.is_over or task.status.value == "claimed" else ""
    if not proof and task.checks_total:
        proof = _("{passed} of {total} checks").format(passed=task.checks_passed, total=task.checks_total)
    began = bar.actual_start_ms is not None
    ended = bar.actual_finish_ms is not None
    return CellRow(
        task.id,
        (
            Cell(task.number, "text3"),
            Cell(
                status_word(task.status),
                tone if tone != "waiting" else "text2",
                sign=task.status.value,
                sign_tone=tone,
            ),
            Cell(task.title),
            Cell(task.owner, "text2", person=bool(task.owner)),
            Cell(day_clock(local(bar.start_ms, zone)), "text1" if began else "text3"),
            Cell(day_clock(local(bar.finish_ms, zone)), "text1" if ended else "text3"),
            Cell(proof or text, when_tone if not proof else "text2", "meta"),
        ),
    )
