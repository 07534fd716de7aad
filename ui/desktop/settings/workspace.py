"""The workspace one works in: what it is called here, where it lies, when it was backed up; and the others."""

from functools import partial
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.i18n import _
from app.storage.engine import Reader
from ui.desktop.backing_up import back_up_now
from ui.desktop.components.buttons import KeyButton, SignButton
from ui.desktop.components.form import Field
from ui.desktop.components.labels import ElidedLabel, label
from ui.desktop.desk import Desk
from ui.desktop.moments import day_clock, local


class WorkspacePanel(QWidget):
    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        theme = desk.theme
        self.name = Field(theme, _("Name on this computer"), text=desk.workspace_name)
        self.name.setMaximumWidth(theme.px(320))
        self.name.edit.editingFinished.connect(self._rename)
        self.folder = ElidedLabel(theme, "", "body", "text2")
        self.backup = label(theme, "", "body", "text2")
        self.open = KeyButton(theme, _("Open the folder"))
        self.now = KeyButton(theme, _("Back up now"), icon="download")
        self.open.clicked.connect(self._open)
        self.now.clicked.connect(self._back_up)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        column.addWidget(self.name)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(12))
        grid.setVerticalSpacing(theme.px(6))
        grid.setColumnMinimumWidth(0, theme.px(96))
        grid.setColumnStretch(1, 1)
        for number, (word, value, button) in enumerate(
            ((_("Folder"), self.folder, self.open), (_("Last backup"), self.backup, self.now))
        ):
            grid.addWidget(label(theme, word, "meta", "text3"), number, 0)
            grid.addWidget(value, number, 1)
            grid.addWidget(button, number, 2)
        column.addLayout(grid)
        self._others = QVBoxLayout()
        self._others.setSpacing(theme.px(4))
        column.addLayout(self._others)
        self.name.setVisible(desk.workspaces is not None)
        self._list_others()

    def _list_others(self) -> None:
        theme, ways = self._desk.theme, self._desk.workspaces
        if ways is None:
            return
        for one in [one for one in ways.choices() if not one.is_here]:
            row = QHBoxLayout()
            row.setSpacing(theme.px(8))
            go = KeyButton(theme, one.name, kind="quiet", icon="library")
            go.clicked.connect(lambda _on=False, folder=one.folder: ways.open(folder))
            spoken = _("Take {name} off this list; its folder stays").format(name=one.name)
            forget = SignButton(theme, "cross", "text2", spoken)
            holder = QWidget()
            holder.setLayout(row)
            forget.clicked.connect(partial(self._forget, one.folder, holder))
            row.setContentsMargins(0, 0, 0, 0)
            row.addWidget(go)
            row.addWidget(ElidedLabel(theme, str(one.folder), "meta", "text3"), 1)
            row.addWidget(forget)
            self._others.addWidget(holder)
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        another = KeyButton(theme, _("Open another workspace…"), kind="")
        another.clicked.connect(self._desk.choose_workspace)
        row.addWidget(another)
        row.addStretch(1)
        self._others.addLayout(row)

    def _forget(self, folder: Any, holder: QWidget, _on: bool = False) -> None:  # noqa: FBT001, FBT002 - a signal's argument
        ways = self._desk.workspaces
        if ways is not None:
            ways.forget(folder)
        holder.hide()

    def reload(self) -> None:
        workspace = self._desk.bridge.workspace
        if workspace.is_open:
            self.folder.setText(str(workspace.folder))
            self._desk.bridge.fetch(partial(_last_backup, folder=workspace.folder), then=self._take)

    def _take(self, made: int | None) -> None:
        if made is None:
            self.backup.setText(_("None yet. One is made each day, once there is something to lose."))
        else:
            moment = local(made, self._desk.zone)
            self.backup.setText(f"{moment.strftime('%Y-%m-%d')} {day_clock(moment)}")

    def _rename(self) -> None:
        ways, name = self._desk.workspaces, self.name.text().strip()
        if ways is not None and name and name != self._desk.workspace_name:
            ways.rename(name)

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._desk.bridge.workspace.folder)))

    def _back_up(self) -> None:
        self.now.setEnabled(False)
        workspace = self._desk.bridge.workspace
        self._desk.bridge.write(
            partial(back_up_now, workspace), then=self._backed_up, failed=self._not_backed_up
        )

    def _backed_up(self, backup: Any) -> None:
        self.now.setEnabled(True)
        self._desk.say(_("Backed up and verified: {file}.").format(file=backup.path.name))
        self.reload()

    def _not_backed_up(self, _error: Exception) -> None:
        self.now.setEnabled(True)


def _last_backup(_reader: Reader, *, folder: Any) -> int | None:
    from app.storage.backup import newest

    return newest(folder / "backups")
