"""A monkey at a real window over a real workspace: it presses, clicks, drags, types, resizes and switches, from a seed.

`python -m tests.ui.desktop.monkey SEED [--steps N]` does the same each time: time moves by the step, chance comes from the
seed, and each act begins when everything asked before is answered. A warning of Qt, an exception, a refusal to answer, a crash,
or a workspace whose chains and rows do not agree afterwards is a fault; the last acts are told with it.
"""

import argparse
import contextlib
import faulthandler
import json
import os
import subprocess
import sys
import threading
import time
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QWidget
from shiboken6 import isValid

from app.clock import Clock
from app.commands.tasks import add_task
from app.storage.keys import CHEAP
from app.workspace import Workspace
from tests.factories import START_MS
from tests.storage.sound import damage, differences
from tests.ui.desktop.people import with_owner, with_signer
from tests.ui.desktop.screen import PASSPHRASE, a_plan, is_due_soon
from ui.desktop.application import Desktop
from ui.desktop.entrance import the_application
from ui.desktop.faces import Faces
from ui.desktop.main_window import MainWindow
from ui.desktop.pictures import need_no_screen
from ui.desktop.preferences import SCALES, Preferences
from ui.desktop.theme.tokens import THEMES
from ui.desktop.views import VIEWS
from ui.desktop.workspaces import OpenWorkspace

ROOT = Path(__file__).parents[3]
STEPS = 150
_STEP_MS = 7_000  # of the stopped clock
_ANSWER_S = 20.0
_STUCK_S = 0.7  # an act that lasts longer waits inside a loop of its own: a drag, a menu, a dialog
_GIVE_UP_S = 300
_TOLD = 12
_OF_NO_SCREEN = "This plugin does not support"  # what Qt says of a menu where there is no screen

_KEY = Qt.Key
_KEYS = (
    *(_KEY.Key_Return, _KEY.Key_Escape, _KEY.Key_Tab, _KEY.Key_Backtab, _KEY.Key_Space, _KEY.Key_Delete),
    *(_KEY.Key_Insert, _KEY.Key_Backspace, _KEY.Key_Home, _KEY.Key_End, _KEY.Key_PageUp, _KEY.Key_PageDown),
    *(_KEY.Key_Up, _KEY.Key_Down, _KEY.Key_Left, _KEY.Key_Right) * 2,
    *(_KEY.Key_F1, _KEY.Key_F2, _KEY.Key_F5, _KEY.Key_F6, _KEY.Key_Slash, _KEY.Key_Plus, _KEY.Key_Minus),
    *(Qt.Key(code) for code in range(Qt.Key.Key_A, Qt.Key.Key_Z + 1)),
    *(Qt.Key(code) for code in range(Qt.Key.Key_0, Qt.Key.Key_9 + 1)),
)
_MODIFIER = Qt.KeyboardModifier
_MODIFIERS = (
    *(_MODIFIER.NoModifier,) * 6,
    *(_MODIFIER.ControlModifier,) * 3,
    *(_MODIFIER.AltModifier, _MODIFIER.ShiftModifier),
    _MODIFIER.ControlModifier | _MODIFIER.ShiftModifier,
)
_TEXTS = (
    *("4711", "0815", "30", "1h 30", "1.1", "1.1+15, 1.2SS", "Mo 22:00", "QA lead", "2026-03-07 01:30"),
    *(
        "Check the totals",
        "核对总账余额",
        "\U0001f680 ß“…” \u202eabc",
        "x" * 300,
        "<b>no</b> & {name} %s",
        "=",
    ),
)
_PASTED = (
    "Lock users\t15 min\tAda Owner\nExport\t1 h\tQuinn\nLoad\t90\t\n",
    "\t\t\n\n\t",
    "任务\t时长\n锁定用户\t15 分钟\n",
    "one line",
    "a\tb\tc\td\te\tf\tg\th\ti\tj\n" * 40,
)


class Fault(AssertionError):
    """What the monkey found."""


class Monkey:
    def __init__(self, seed: int, folder: Path) -> None:
        self.chance = Random(seed)
        self.folder = folder
        self.faults: list[str] = []
        self.acts: deque[str] = deque(maxlen=_TOLD)
        self.counts: Counter[str] = Counter()
        self._step = 0
        self._acting_since = 0.0
        application = the_application()
        self.workspace = self._workspace()
        self.desktop = Desktop(application, folder, Preferences(language="en", theme="light"), bounded=False)
        self.desktop._use(self.workspace)
        self._rescue = QTimer()
        self._rescue.setInterval(100)
        self._rescue.timeout.connect(self._on_rescue)
        self._rescue.start()
        self._choices: dict[Callable[[], str], int] = {
            self.press: 40,
            self.type_text: 12,
            self.click: 30,
            self.click_anywhere: 10,
            self.drag: 8,
            self.scroll: 6,
            self.resize: 3,
            self.go: 10,
            self.switch: 2,
            self.paste: 4,
            self.travel: 5,
            self.burst: 5,
        }

    def _workspace(self) -> OpenWorkspace:
        clock = Clock(lambda: time.time_ns() // 1_000_000, Random(1).randbytes)
        workspace = OpenWorkspace.open(
            self.folder / "workspace", passphrase=lambda: PASSPHRASE, cost=CHEAP, clock=clock
        )
        assert isinstance(workspace, OpenWorkspace)
        workspace.passphrase = PASSPHRASE
        owner = with_owner(workspace, "Cutover manager", "QA lead")
        workspace.act_as(owner)
        with_signer(workspace, owner, "Quinn Auditor", "QA lead")
        plan = a_plan(workspace)
        for n in range(25):
            values = {"minutes": 10 + n, "owner": owner}
            workspace.run(add_task, plan.project, f"Move plant {n}", stage=plan.second, values=values)
        return workspace

    @property
    def window(self) -> MainWindow:
        assert self.desktop.window is not None
        return self.desktop.window

    # -- one step ----------------------------------------------------------------------------------------------------

    def run(self, steps: int) -> None:
        """Stops at the first fault."""
        self.settle()
        choices, weights = list(self._choices), list(self._choices.values())
        for self._step in range(steps):
            act = self.chance.choices(choices, weights)[0]
            self.acts.append(f"{self._step}: {act.__name__} …")
            sys.stderr.write(
                f"{self.acts[-2] if self._step else ''}\n{self.acts[-1]}\n"
            )  # should it die in it
            self._acting_since = time.monotonic()
            told = act()
            self._acting_since = 0.0
            self.acts[-1] = f"{self._step}: {act.__name__} {told}"
            self.counts[act.__name__] += 1
            self.settle()
            if self.faults:
                raise Fault("\n".join(self.faults))

    def settle(self) -> None:
        """Everything asked is answered, and what was put off for a moment has been done."""
        deadline = time.monotonic() + _ANSWER_S
        quiet = 0
        while quiet < 3:
            QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            quiet = quiet + 1 if self._is_quiet() else 0
            if time.monotonic() > deadline:
                self.faults.append(f"no answer within {_ANSWER_S:.0f} s")
                return
            time.sleep(0.001)

    def _is_quiet(self) -> bool:
        return self.desktop.bridge.is_idle() and not any(map(is_due_soon, self.window.findChildren(QTimer)))

    def now(self) -> float:
        return (START_MS + self._step * _STEP_MS) / 1000

    def _on_rescue(self) -> None:
        """An act that waits for the next one inside itself gets an Escape."""
        if self._acting_since and time.monotonic() - self._acting_since > _STUCK_S:
            above = QApplication.activePopupWidget() or QApplication.activeModalWidget()
            if above is not None:
                above.close()
            elif (handle := self.desktop.shell.windowHandle()) is not None:
                QTest.keyClick(handle, _KEY.Key_Escape)

    # -- acts --------------------------------------------------------------------------------------------------------

    def target(self) -> QWidget:
        popup = QApplication.activePopupWidget()
        return popup or QApplication.focusWidget() or self.window

    def press(self) -> str:
        key, held = self.chance.choice(_KEYS), self.chance.choice(_MODIFIERS)
        on = self.target()
        QTest.keyClick(on, key, held)
        return f"{held.name} {key.name} on {_name(on)}"

    def type_text(self) -> str:
        text, on = self.chance.choice(_TEXTS), self.target()
        for letter in text:
            QTest.sendKeyEvent(
                QTest.KeyAction.Click, self.target(), _KEY.Key_unknown, letter, _MODIFIER.NoModifier
            )
        if self.chance.random() < 0.5:
            QTest.keyClick(self.target(), _KEY.Key_Return)
        return f"{text[:20]!r} on {_name(on)}"

    def click(self) -> str:
        """On something one sees and may press; menus and buttons more often than the rest."""
        above = QApplication.activePopupWidget() or self.window
        found = [one for one in above.findChildren(QWidget) if one.isVisible() and one.isEnabled()]
        buttons = [one for one in found if isinstance(one, QAbstractButton)]
        pool = buttons if buttons and self.chance.random() < 0.5 else found or [above]
        return self._click_on(self.chance.choice(pool))

    def _click_on(self, widget: QWidget) -> str:
        spot = self._spot(widget.rect())
        button = self.chance.choice((Qt.MouseButton.LeftButton,) * 5 + (Qt.MouseButton.RightButton,))
        name = _name(widget)
        held = self.chance.choice(_MODIFIERS)
        for _time in range(2 if self.chance.random() < 0.15 else 1):
            if isValid(widget):
                QTest.mousePress(widget, button, held, spot)
            if isValid(widget):  # what is pressed may go at once: the release finds nobody
                QTest.mouseRelease(widget, button, held, spot)
        return f"{button.name} at {spot.x()},{spot.y()} of {name}"

    def click_anywhere(self) -> str:
        above = QApplication.activePopupWidget() or self.window
        spot = self._spot(above.rect())
        return self._click_on(above.childAt(spot) or above)

    def _spot(self, room: QRect) -> QPoint:
        return QPoint(
            self.chance.randrange(max(1, room.width())), self.chance.randrange(max(1, room.height()))
        )

    def drag(self) -> str:
        start = self._spot(self.window.rect())
        widget = self.window.childAt(start) or self.window.stack
        begin, end = widget.mapFrom(self.window, start), self._spot(self.window.rect())
        name = _name(widget)
        QTest.mousePress(widget, Qt.MouseButton.LeftButton, self.chance.choice(_MODIFIERS), begin)
        for part in (0.1, 0.4, 0.8, 1.0):
            if not isValid(widget) or not self.window.isAncestorOf(widget):
                return f"{name}, which went"
            goal = widget.mapFrom(self.window, end)
            QTest.mouseMove(widget, begin + (goal - begin) * part)
            QApplication.processEvents()
        if isValid(widget):
            QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, _MODIFIER.NoModifier, begin)
        return f"{name} from {start.x()},{start.y()} to {end.x()},{end.y()}"

    def scroll(self) -> str:
        spot = self._spot(self.window.rect())
        widget = self.window.childAt(spot) or self.window
        turned = QPoint(0, self.chance.choice((-1200, -120, 120, 1200)))
        if self.chance.random() < 0.2:
            turned = turned.transposed()
        event = QWheelEvent(
            QPointF(widget.mapFrom(self.window, spot)), QPointF(self.window.mapToGlobal(spot)), QPoint(), turned,
            Qt.MouseButton.NoButton, self.chance.choice(_MODIFIERS), Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(widget, event)
        return f"{turned.x()},{turned.y()} over {_name(widget)}"

    def resize(self) -> str:
        size = self.chance.randrange(200, 2600), self.chance.randrange(200, 1500)
        self.desktop.shell.resize(*size)
        return f"{size[0]} x {size[1]}"

    def go(self) -> str:
        spec = self.chance.choice(VIEWS)
        place = spec.id
        view = self.window.view(place)
        if isinstance(view, Faces):
            place = f"{place}/{self.chance.choice(view.specs).id}"
        self.window.go_to(place)
        return place

    def switch(self) -> str:
        change: dict[str, Any] = self.chance.choice(
            (
                {"language": self.chance.choice(("en", "zh"))},
                {"theme": self.chance.choice(THEMES)},
                {"scale": self.chance.choice(SCALES)},
            )
        )
        self.window.change(**change)
        return str(change)

    def paste(self) -> str:
        text, on = self.chance.choice(_PASTED), self.target()
        QGuiApplication.clipboard().setText(text)
        QTest.keyClick(on, _KEY.Key_V, _MODIFIER.ControlModifier)
        return f"{text[:20]!r} on {_name(on)}"

    def travel(self) -> str:
        keys = [
            self.chance.choice((_KEY.Key_Z, _KEY.Key_Z, _KEY.Key_Y))
            for _n in range(self.chance.randrange(1, 6))
        ]
        for key in keys:
            QTest.keyClick(self.target(), key, _MODIFIER.ControlModifier)
        return " ".join(key.name for key in keys)

    def burst(self) -> str:
        """Several acts before anything is answered."""
        acts = [self.chance.choice((self.press, self.go, self.click, self.travel)) for _n in range(4)]
        return " | ".join(f"{act.__name__} {act()}" for act in acts)

    # -- the end -----------------------------------------------------------------------------------------------------

    def close(self) -> None:
        self._rescue.stop()
        for above in QApplication.topLevelWidgets():
            if above is not self.desktop.shell and above.isVisible():
                above.close()
        self.desktop.close()
        QApplication.processEvents()

    def examine(self) -> list[str]:
        """Whether the workspace is whole after all that."""
        workspace = Workspace.open(self.folder / "workspace", passphrase=lambda: PASSPHRASE, cost=CHEAP)
        try:
            self.counts["commits"] = workspace.rev
            return damage(workspace) + differences(workspace)
        finally:
            workspace.close()


def _name(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName()[:30]!r}"


# -- faults ----------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def watched(monkey: Monkey) -> Iterator[None]:
    """Whatever Qt warns of, any thread raises, or the bridge calls ours to repair, is a fault of this monkey."""

    def on_message(kind: QtMsgType, _context: object, text: str) -> None:
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) and not text.startswith(_OF_NO_SCREEN):
            monkey.faults.append(f"Qt says: {text}")

    def on_error(kind: type[BaseException], error: BaseException, trace: Any) -> None:
        monkey.faults.append("".join(traceback.format_exception(kind, error, trace)))

    before = qInstallMessageHandler(on_message)
    hook, thread_hook = sys.excepthook, threading.excepthook
    sys.excepthook = on_error
    threading.excepthook = lambda said: on_error(
        said.exc_type, said.exc_value or said.exc_type(), said.exc_traceback
    )
    monkey.desktop.bridge.failed.connect(lambda error: on_error(type(error), error, error.__traceback__))
    try:
        yield
    finally:
        qInstallMessageHandler(before)
        sys.excepthook, threading.excepthook = hook, thread_hook


def no_dialogs(monkey: Monkey) -> None:
    """Dialogs of the system stand still until somebody answers: chance answers at once."""
    plan = monkey.folder / "plan.md"
    plan.write_text("# Another\n\n## Move\n\n- [ ] Pack\n- [ ] Drive (30 min)\n", "utf-8")

    def one(*_args: Any, **_kw: Any) -> tuple[str, str]:
        return monkey.chance.choice(("", str(plan))), ""

    def save(*_args: Any, **_kw: Any) -> tuple[str, str]:
        return monkey.chance.choice(("", str(monkey.folder / "paper.pdf"))), ""

    dialog: Any = QFileDialog
    dialog.getOpenFileName, dialog.getSaveFileName = one, save
    dialog.getOpenFileNames = lambda *_args, **_kw: ([str(plan)], "")
    nowhere = str(monkey.folder / "nowhere")
    dialog.getExistingDirectory = lambda *_args, **_kw: monkey.chance.choice(("", nowhere))


def live(seed: int, steps: int) -> dict[str, Any]:
    """One monkey's life, as data: what it did how often, and its faults with the last acts before them."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        time.time, time.time_ns = lambda: START_MS / 1000, lambda: START_MS * 1_000_000
        monkey = Monkey(seed, Path(folder))
        time.time, time.time_ns = monkey.now, lambda: int(monkey.now() * 1000) * 1_000_000
        no_dialogs(monkey)
        with watched(monkey):
            in_the_loop(partial(_live, monkey, steps))
            monkey.close()
        if not monkey.faults:
            monkey.faults += monkey.examine()
        return {"seed": seed, "counts": monkey.counts, "faults": monkey.faults, "acts": list(monkey.acts)}


def _live(monkey: Monkey, steps: int) -> None:
    try:
        monkey.run(steps)
    except Fault:
        pass
    except Exception:  # noqa: BLE001 - an act that cannot be done is told like any other fault
        monkey.faults.append(traceback.format_exc())


def in_the_loop(act: Callable[[], None]) -> None:
    """As for a person, whose keys arrive in the loop of the application.

    Outside of it a loop within the act, of a dialog, deletes what the act itself still stands on.
    """
    ended: list[bool] = []

    def acted() -> None:
        act()
        ended.append(True)
        QApplication.quit()

    QApplication.setQuitOnLastWindowClosed(False)  # the monkey goes on
    QTimer.singleShot(0, acted)
    while not ended:
        QApplication.exec()


def sent(seed: int, steps: int = STEPS) -> dict[str, Any]:
    """The same in a process of its own, which may crash or hang."""
    words = [sys.executable, "-m", "tests.ui.desktop.monkey", str(seed), "--steps", str(steps)]
    return outcome(words, seed, steps)


def outcome(words: list[str], seed: int, steps: int) -> dict[str, Any]:
    environment = {**os.environ, "PYTHONHASHSEED": "0", "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        words, cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    try:
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        died = f"the process ended with {done.returncode}\n{done.stderr[-6000:]}"
        found = {"seed": seed, "counts": {}, "faults": [died], "acts": []}
    found["repeat"] = f"python -m tests.ui.desktop.monkey {seed} --steps {steps}"
    return found


def told(found: dict[str, Any]) -> str:
    return "\n".join([found["repeat"], *found["acts"], *found["faults"]])


def release(seeds: range) -> Counter[str]:
    """For the long proofs: many monkeys, one after the other."""
    counts: Counter[str] = Counter()
    for seed in seeds:
        found = sent(seed, 4 * STEPS)
        assert not found["faults"], told(found)
        counts += Counter(found["counts"])
        counts["monkeys"] += 1
    return counts


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.ui.desktop.monkey", description=__doc__)
    parser.add_argument("seed", type=int)
    parser.add_argument("--steps", type=int, default=STEPS)
    options = parser.parse_args(arguments)
    faulthandler.enable()
    faulthandler.dump_traceback_later(_GIVE_UP_S, exit=True)
    os.environ.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    need_no_screen()
    found = live(options.seed, options.steps)
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()
    os._exit(1 if found["faults"] else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
