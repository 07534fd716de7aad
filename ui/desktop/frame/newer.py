"""Says once after the start that a later version of the program wrote more than is shown here."""

from app.i18n import counted
from app.queries.newer import newer_count
from ui.desktop.desk import Desk


def tell_newer(desk: Desk) -> None:
    """In the reader's thread; said where there is something."""

    def tell(count: int) -> None:
        if count and not desk.bridge.is_closed:
            desk.say(
                counted(
                    "A newer version of Launchbook wrote more about {n} thing here. It is kept, and shown after an update.",
                    "A newer version of Launchbook wrote more about {n} things here. It is kept, and shown after an update.",
                    count,
                )
            )

    desk.bridge.fetch(newer_count, then=tell)
