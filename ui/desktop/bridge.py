"""Commands to the one writer thread, reads to the reader thread, changes and answers back as queued signals."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from importlib import import_module
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from app.errors import LaunchbookError
from ui.desktop.actions import load

log = logging.getLogger("launchbook.desktop")

Then = Callable[[Any], object]


def _still_there(then: Then) -> bool:
    """A view that asked may have been closed before its answer came."""
    while isinstance(then, partial):
        then = then.func
    owner = getattr(then, "__self__", None)
    return not isinstance(owner, QObject) or isValid(owner)


class GivenUp(Exception):
    """Nobody waits for the work any more."""


class Work:
    """Long work under way that changes nothing: how far it is, and a way to end it."""

    def __init__(self) -> None:
        self.done, self.total = 0, 0
        self._is_given_up = False

    def told(self, done: int, total: int) -> None:
        """For the work to say how far it is; raises GivenUp when it shall end."""
        self.done, self.total = done, total
        if self._is_given_up:
            raise GivenUp

    def give_up(self) -> None:
        self._is_given_up = True

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0


class Bridge(QObject):
    """The only way from the screen to the workspace."""

    changed = Signal(object)  # a ChangeSet, whoever caused it
    refused = Signal(str)  # the sentence of an error people may meet
    failed = Signal(object)  # any other exception: ours to repair
    busy = Signal(int)  # how many writes are under way
    closing = Signal()  # whoever works beside the window ends now
    _answered = Signal(object)

    def __init__(self, workspace: Any) -> None:
        super().__init__()
        self.workspace = workspace
        self._writer = ThreadPoolExecutor(1, "launchbook-writer")
        self._reader = ThreadPoolExecutor(1, "launchbook-reader")
        self._worker = ThreadPoolExecutor(1, "launchbook-worker")
        self._works: list[Work] = []
        self._writes = 0
        self._reads = 0
        self._closed = False
        self._unsubscribe = workspace.subscribe(self._on_written)
        self._answered.connect(self._on_answered, Qt.ConnectionType.QueuedConnection)

    def attach(self, workspace: Any) -> None:
        """The workspace that was awaited is open."""
        self._unsubscribe()
        self.workspace = workspace
        self._unsubscribe = workspace.subscribe(self._on_written)

    def run(
        self,
        command: str | Callable[..., Any],
        *args: Any,
        then: Then | None = None,
        failed: Then | None = None,
        **kw: Any,
    ) -> None:
        """Runs a command in the writer thread; `seen`, `reason` and other keywords go to the workspace.

        A command by name ("module:function") is also loaded there: the first write brings the data layer with it, and
        the window must not stand still for that.
        """

        def work() -> Any:
            found = load(command) if isinstance(command, str) else command
            return self.workspace.run(found, *args, **kw)

        self.write(work, then, failed)

    def write(self, work: Callable[[], Any], then: Then | None = None, failed: Then | None = None) -> None:
        """Anything that changes the workspace and is not one command: undo, enrolment, an import."""
        self._writes += 1
        self.busy.emit(self._writes)
        future = self._writer.submit(work)
        future.add_done_callback(lambda done: self._answered.emit((done, then, failed, True)))

    def take(self, delivery: Any) -> Any:
        """Takes in what a server sent, on the writer's thread; waits for it, so never on the screen's."""
        return self.wait_for(partial(self.workspace.take, delivery))

    def wait_for(self, work: Callable[[], Any]) -> Any:
        """Anything that writes, on the writer's thread, for somebody who works beside the screen and waits for it."""
        return self._writer.submit(work).result()

    def fetch(
        self, query: Callable[..., Any], *args: Any, then: Then, failed: Then | None = None, **kw: Any
    ) -> None:
        """Reads in the reader thread and hands the answer back in the UI thread; `failed` gets the error instead."""
        if self._closed:
            return  # a timer of a view that is going
        self._reads += 1
        future = self._reader.submit(self.workspace.read, query, *args, **kw)
        future.add_done_callback(lambda done: self._answered.emit((done, then, failed, False)))

    def work(self, job: Callable[[Work], Any], then: Then, failed: Then | None = None) -> Work:
        """Long work that only reads, in a thread of its own, so that no screen waits for it; it can be given up."""
        work = Work()
        if self._closed:
            return work
        self._reads += 1
        self._works = [*self._works[-8:], work]
        future = self._worker.submit(job, work)
        future.add_done_callback(lambda done: self._answered.emit((done, then, failed, False)))
        return work

    def read(self, query: Callable[..., Any], *args: Any, **kw: Any) -> Any:
        """Reads here and now: for answers known to take less than 10 ms."""
        return self.workspace.read(query, *args, **kw)

    def prepare(self, *modules: str) -> None:
        """Loads what will be wanted soon in the writer thread: the first write needs it, and no reading waits for it."""
        if not self._closed:
            self._writer.submit(lambda: [import_module(name) for name in modules])

    @property
    def is_closed(self) -> bool:
        """The window is going: nothing more can be asked."""
        return self._closed

    def is_idle(self) -> bool:
        """Nothing is under way: all that was asked is answered."""
        return self._writes == 0 and self._reads == 0

    @Slot(object)
    def _on_answered(self, answer: tuple[Future[Any], Then | None, Then | None, bool]) -> None:
        future, then, failed, was_write = answer
        if was_write:
            self._writes -= 1
            self.busy.emit(self._writes)
        else:
            self._reads -= 1
        if future.cancelled():
            return  # the window is going
        error = future.exception()
        if isinstance(error, GivenUp):
            return
        if error is None:
            if then is not None and _still_there(then):
                then(future.result())
            return
        if isinstance(error, LaunchbookError):
            self.refused.emit(str(error))
        else:
            log.error("work failed", exc_info=error)
            self.failed.emit(error)
        if failed is not None and _still_there(failed):
            failed(error)

    def _on_written(self, changes: object) -> None:
        """In the writer thread; the signal crosses to the UI thread by itself."""
        self.changed.emit(changes)

    def close(self) -> None:
        """Lets what was typed be written, then ends both threads; a second call does nothing."""
        if self._closed:
            return
        self._closed = True
        self.closing.emit()
        for work in self._works:
            work.give_up()
        self._writer.shutdown(wait=True)
        self._worker.shutdown(wait=True, cancel_futures=True)
        self._reader.shutdown(wait=True, cancel_futures=True)
        self._unsubscribe()
        self.workspace.close()
