"""Carries out what the exchange's state machine asks for: on the caller's thread until it rests, or on for as long as it runs."""

import queue
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from app.errors import LaunchbookError, Refused, VerifyError
from app.i18n import _, language
from app.queries.doubts import Looked, doubts, kept_back
from app.storage.delivery import Delivery
from app.storage.epochs import server_of
from app.storage.replica import Taken
from app.workspace import Workspace
from sync.client.carrying import Carrier
from sync.client.connection import Connection, Unreachable
from sync.client.listening import listen
from sync.client.look import looked
from sync.client.place import Place, load_place, save_place
from sync.client.presence import Presence
from sync.core import wire
from sync.core.exchange import (
    EMPTY,
    Answered,
    Applied,
    Apply,
    Ask,
    Changed,
    Client,
    Denied,
    Effect,
    Event,
    Look,
    Phase,
    Status,
    Tell,
    Unreached,
    Wake,
    Woken,
)
from sync.core.sessions import Hello

_END_S = 1.0  # a part that is on its way is waited for so long
Take = Callable[[Delivery], Taken]


class Runner:
    """One workspace and one server. `take` stores an answer; the desktop passes its writer thread's."""

    def __init__(
        self,
        workspace: Workspace,
        connection: Connection,
        *,
        take: Take | None = None,
        told: Callable[[Status], None] = lambda _status: None,
        presence: Presence | None = None,
    ) -> None:
        self.workspace = workspace
        self.connection = connection
        self.client = Client(random.random)
        connection.follows = self._follows
        self._thread = 0
        self.forged: list[str] = []
        self.taken = 0
        self.doubts: list[str] = []  # what speaks against the server, as it stood at the last rest
        self._looked: Looked = {}
        self._take = take or workspace.take
        self._told = told
        self._presence = presence
        self._same_files = threading.Event()
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()

    @property
    def status(self) -> Status:
        return self.client.status

    def once(self) -> Status:
        """Exchanges until both sides know the same, or the other side cannot be reached."""
        self._thread = threading.get_ident()
        effects = self.client.step(Woken())
        while effects:
            effect = effects.pop(0)
            event = self._done(effect)
            effects += self.client.step(event) if event is not None else []
        return self.status

    def watch(self, stop: threading.Event) -> None:
        """Exchanges whenever something is new on either side, until it is stopped."""
        self._thread = threading.get_ident()
        wake_at = time.monotonic()
        unsubscribe = self.workspace.subscribe(lambda _changes: self.tell(Changed()))
        over = threading.Event()  # of this watch: the next one listens for itself
        carrier = Carrier(self.workspace, self.connection)
        listening = threading.Thread(
            target=listen,
            args=(self.connection, self.tell, over, self._presence),
            name="listener",
            daemon=True,
        )
        carrying = threading.Thread(
            target=carrier.watch, args=(self._same_files, over), name="carrier", daemon=True
        )
        listening.start()
        carrying.start()
        try:
            while not stop.is_set():
                event: Event | None = Woken()
                try:
                    event = self._events.get(timeout=max(0.0, wake_at - time.monotonic()))
                except queue.Empty:
                    wake_at = time.monotonic() + 3600  # until the machine says when
                effects = self.client.step(event) if event is not None else []
                while effects:
                    effect = effects.pop(0)
                    if isinstance(effect, Wake):
                        wake_at = time.monotonic() + effect.after_ms / 1000
                        if self.status.phase is Phase.SYNCED:
                            self._same_files.set()  # both sides name the same files now
                    answer = self._done(effect)
                    effects += self.client.step(answer) if answer is not None else []
        finally:
            over.set()
            self._same_files.set()
            unsubscribe()
            carrying.join(_END_S)

    def tell(self, event: Event | None) -> None:
        """Something happened, on whatever thread; None only wakes it up to see that it was stopped."""
        self._events.put(event)

    # -- effects -------------------------------------------------------------------------------------------------

    def _done(self, effect: Effect) -> Event | None:
        match effect:
            case Look():
                return looked(self.workspace, effect)
            case Ask():
                return self._asked(effect)
            case Apply(delivery):
                return self._applied(delivery)
            case Tell(status):
                self._told(status)
            case Wake():
                self._rested()
        return None

    def _rested(self) -> None:
        """Neither side has anything more to say: now everything the server holds must be here, and the other way round."""
        theirs = self.client.theirs
        if self.status.phase is Phase.SYNCED and theirs is not None:
            read, told, own = self.workspace.read, language(), self.workspace.device.id
            self.doubts = read(doubts, told) + read(
                kept_back, theirs, own, self.connection.server, self._looked, told
            )
            if said := list(dict.fromkeys(self.doubts + self.forged)):
                self._told(replace(self.status, reason=" ".join(said)))

    def _asked(self, ask: Ask) -> Event:
        head = wire.Head(self.workspace.id, self.workspace.device.id, ask.held)
        clock = self.workspace.clock
        try:
            theirs, delivery = self.connection.exchange(head, ask.delivery)
        except Unreachable as error:
            return Unreached(clock.now_ms(), error.wait_ms)
        except (Refused, VerifyError) as error:
            return Denied(str(error), clock.now_ms())
        if self.connection.offset_ms is not None:
            self.workspace.measured(self.connection.offset_ms)
            self.connection.offset_ms = None
        if theirs.workspace != self.workspace.id:
            return Denied(_("The server answered about another workspace."), clock.now_ms())
        return Answered(theirs.held, delivery, clock.now_ms())

    def _follows(self, greeting: Hello) -> bool:
        """Whether an owner made this server, with another key, the workspace's: then it is from now on.

        It is asked what it holds, and nothing is sent: a server set up anew has the hand-over in its log.
        """
        place = self.connection.place
        if threading.get_ident() != self._thread or load_place(self.workspace.folder) != place:
            return False  # whoever listens waits until the exchange has followed
        named = replace(place, server=greeting.server)
        if self._sequencer() != greeting.server:
            self._hear(named)
        if self._sequencer() != greeting.server:
            return False
        save_place(self.workspace.folder, named)
        self.connection.place = named
        return True

    def _sequencer(self) -> bytes | None:
        return self.workspace.read(server_of, self.workspace.id)

    def _hear(self, place: Place) -> None:
        stranger = Connection(place, self.workspace.id, self.workspace.device)
        try:
            with suppress(LaunchbookError):
                news = 1
                while news:
                    head = wire.Head(self.workspace.id, self.workspace.device.id, self.workspace.held())
                    news = self._applied(stranger.exchange(head, EMPTY)[1]).news
        finally:
            stranger.close()

    def _applied(self, delivery: Delivery) -> Applied:
        if not delivery.packets and not delivery.receipts:
            return Applied(0)
        taken = self._take(delivery)
        self.forged += taken.forged
        self.taken += taken.taken
        return Applied(taken.news)
