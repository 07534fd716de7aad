"""While the sample is told: what is happening, how far it is, and that nothing has to be done."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from app.i18n import _
from ui.desktop.components.labels import Meter, Sign, label
from ui.desktop.desk import Desk
from ui.desktop.views import View


class WaitingView(View):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        theme = desk.theme
        self.meter = Meter(theme, 8)
        self.meter.setFixedWidth(theme.px(320))
        self.percent = label(theme, "", "meta", "text3")
        middle = Qt.AlignmentFlag.AlignHCenter
        column = QVBoxLayout(self)
        column.setSpacing(theme.px(8))
        column.addStretch(2)
        column.addWidget(Sign(theme, "run", "accent", 32), 0, middle)
        column.addWidget(label(theme, _("A cutover weekend is being told"), "section"), 0, middle)
        text = _("Every start, check and signature of the example goes through the log, as yours will.")
        column.addWidget(label(theme, text, "body", "text2"), 0, middle)
        column.addSpacing(theme.px(8))
        column.addWidget(self.meter, 0, middle)
        column.addWidget(self.percent, 0, middle)
        column.addStretch(3)
        desk.told.connect(self.show_percent)
        self.show_percent(0)

    def show_percent(self, percent: int) -> None:
        self.meter.set_parts([("running", percent)], 100)
        self.percent.setText(_("{percent} %").format(percent=percent))
        self.meter.setAccessibleName(self.percent.text())
