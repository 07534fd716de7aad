"""Hands at a real display: a virtual screen, the desktop on it, and keys and clicks that come the way a person's do."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.workspace import Workspace
from tests.conftest import ROOT

_WAIT_S = 20
_KEEP_CLIPBOARD = (
    "import sys; from PySide6.QtGui import QGuiApplication; app = QGuiApplication([]); "
    "app.clipboard().setText(sys.argv[1]); print('kept', flush=True); sys.exit(app.exec())"
)


class Hands:
    """Presses, types and clicks on one display, and asks the window only where something stands."""

    def __init__(self, display: str, home: Path, secrets: dict[str, str]) -> None:
        own = {key: value for key, value in os.environ.items() if key != "QT_QPA_PLATFORM"}
        self.environment = {**own, **secrets, "DISPLAY": display, "LAUNCHBOOK_HOME": str(home)}
        self.home = home
        self._helpers: list[subprocess.Popen[str]] = []
        self._window: subprocess.Popen[str] | None = None

    # -- processes ---------------------------------------------------------------------------------------------------

    def open(self) -> None:
        self._window = subprocess.Popen(
            [sys.executable, "-m", "tests.flows.seen_window", "--home", str(self.home), "--lang", "en"],
            cwd=ROOT, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.settle()
        found = self.xdotool("search", "--onlyvisible", "--name", "Launchbook").split()
        self.xdotool("windowfocus", "--sync", found[-1])
        self.settle()

    def close(self) -> None:
        for process in (self._window, *self._helpers):
            if process is not None:
                process.terminate()
                process.wait(_WAIT_S)
                for pipe in (process.stdin, process.stdout):
                    if pipe is not None:
                        pipe.close()

    def copy(self, text: str) -> None:
        """Puts it on the clipboard, as a spreadsheet would: another program owns it."""
        helper = subprocess.Popen(
            [sys.executable, "-c", _KEEP_CLIPBOARD, text],
            env=self.environment, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert helper.stdout is not None
        assert helper.stdout.readline() == "kept\n"
        self._helpers.append(helper)
        time.sleep(0.2)

    def launchbook(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "ui", *words],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    # -- hands -------------------------------------------------------------------------------------------------------

    def xdotool(self, *words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=_WAIT_S,
        )
        assert done.returncode == 0, (words, done.stderr)
        return done.stdout

    def press(self, *keys: str) -> None:
        for key in keys:
            self.xdotool("key", key)
            self.settle()

    def type(self, text: str, *keys: str) -> None:
        self.xdotool("type", "--delay", "12", text)
        self.settle()
        self.press(*keys)

    def click(self, text: str, *, twice: bool = False) -> None:
        deadline = time.monotonic() + _WAIT_S
        while not (spot := self.ask(f"where {text}")):
            assert time.monotonic() < deadline, f"{text} is nowhere; the keyboard is with {self.ask('focus')}"
            time.sleep(0.1)
        self.xdotool("mousemove", str(spot[0]), str(spot[1]))
        self.xdotool("click", *(("--repeat", "2", "--delay", "60") if twice else ()), "1")
        self.settle()

    def reach(self, text: str, key: str = "Tab") -> None:
        """Goes on with one key until one is there: what a person without a mouse does."""
        seen = []
        for _press in range(60):
            seen.append(self.ask("focus"))
            if seen[-1] == text:
                return
            self.press(key)
        raise AssertionError(f"{text} is not reached with {key}: {seen}")

    def choose(self, text: str) -> None:
        """A line of the menu that is open."""
        self.reach(text, "Down")
        self.press("Return")

    # -- asking ------------------------------------------------------------------------------------------------------

    def ask(self, question: str) -> Any:
        assert self._window is not None
        assert self._window.stdin is not None
        assert self._window.stdout is not None
        self._window.stdin.write(f"{question}\n")
        self._window.stdin.flush()
        return json.loads(self._window.stdout.readline())

    def settle(self) -> None:
        time.sleep(0.05)  # a key is on its way through the display
        assert self.ask("settle") == "quiet"

    def picture(self, to: Path) -> None:
        subprocess.run(["import", "-window", "root", str(to)], env=self.environment, check=False)

    @contextmanager
    def workspace(self) -> Iterator[Workspace]:
        """What stands in the file, read beside the open window."""
        passphrase = self.environment["LAUNCHBOOK_PASSPHRASE"]
        opened = Workspace.open(self.home / "workspaces" / "main", passphrase=lambda: passphrase)
        try:
            yield opened
        finally:
            opened.close()


@contextmanager
def display() -> Iterator[str]:
    """A screen nobody sees, on a number that is free."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1440x900x24", "-nolisten", "tcp"],
        pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    try:
        with os.fdopen(reading) as said:
            number = said.readline().strip()
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(_WAIT_S)
