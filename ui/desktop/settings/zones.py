"""A time zone to choose: type any part of its name, or open the list; below stands what time it is there."""

from datetime import UTC, datetime
from zoneinfo import available_timezones

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QHBoxLayout

from app.i18n import _
from ui.desktop.components.buttons import SignButton
from ui.desktop.components.form import Field
from ui.desktop.moments import day_clock, zone_of
from ui.desktop.theme.theme import Theme

_MOST = 12


class ZoneField(Field):
    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, _("Time zone"), hint="Europe/Berlin")
        # Two words of the database and its old names are no places anybody works in.
        self.zones = sorted(zone for zone in available_timezones() if "/" in zone and zone[:3] != "Etc")
        self.zones.append("UTC")
        completer = QCompleter(self.zones, self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setMaxVisibleItems(_MOST)
        popup = completer.popup()
        if popup is not None:
            popup.setFont(theme.font("body"))
            popup.setAccessibleName(_("Time zones"))
        self.edit.setCompleter(completer)
        self.all = SignButton(theme, "down", "text2", _("All time zones"))
        self.all.clicked.connect(self._show_all)
        inside = QHBoxLayout(self.edit)
        inside.setContentsMargins(0, 0, theme.px(2), 0)
        inside.addStretch(1)
        inside.addWidget(self.all)
        self.edit.setTextMargins(0, 0, self.all.width(), 0)
        self.edit.textChanged.connect(self._say_time)

    def _show_all(self) -> None:
        completer = self.edit.completer()
        completer.setCompletionPrefix("")
        self.edit.setFocus()
        completer.complete()

    def is_known(self) -> bool:
        return self.text().strip() in available_timezones()

    def _say_time(self) -> None:
        """Choosing the wrong Springfield shows at once."""
        if not self.is_known():
            self.set_note("")
            return
        now = datetime.now(UTC).astimezone(zone_of(self.text().strip()))
        offset = now.strftime("%z")
        told = _("There it is {moment} now, UTC{offset}.")
        self.set_note(told.format(moment=day_clock(now), offset=f"{offset[:3]}:{offset[3:]}"))
