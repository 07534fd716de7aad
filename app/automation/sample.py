"""The sample workspace: its story is replayed through commands, with a clock that makes it run right now."""

import hashlib
import json
import shutil
from collections.abc import Callable, Generator, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from app import platform
from app.clock import Clock
from app.commands import decisions, gates, handovers, incidents, people, runs, signing
from app.commands.sample import Node, Placed, Reading, lay_out_sample
from app.commands.stating import Signer
from app.domain.words import (
    Access,
    CheckOutcome,
    DecisionKind,
    Meaning,
    RunKind,
    Severity,
    VerdictWord,
)
from app.errors import Refused
from app.i18n import LANGUAGES, _
from app.queries.people import people as people_of
from app.storage.engine import Database, Reader
from app.storage.keys import CHEAP
from app.workspace import DATABASE, Workspace

RESOURCES = Path(__file__).parents[2] / "resources" / "sample"
PIN = "0000"  # shown on the screen: nothing in the sample is worth protecting
MINUTE = 60_000
_ROUND = 5 * MINUTE  # planned times read better when they do not end in :37
_FOUNDED = -40 * 24 * 60  # minutes before now: people and plan are there before the first rehearsal
_TOLD = "told.json"  # beside the database: how far the replay came and when that was now
_FRESH = 12 * 60 * MINUTE
_SECONDS_BETWEEN = 4  # events of one minute follow each other, so that their order shows in every list


class Progress(NamedTuple):
    done: int
    total: int


class _Time:
    """The replay's clock: it stands where the story stands, and never goes back."""

    def __init__(self) -> None:
        self.ms = 0

    def move(self, ms: int) -> None:
        self.ms = max(self.ms + _SECONDS_BETWEEN * 1000, ms)


def load_sample(
    folder: Path, clock: Clock | None = None, *, language: str = "en", replace: bool = False
) -> Path:
    """Makes the sample workspace in a folder; see `replay_sample`."""
    for _progress in replay_sample(folder, clock, language=language, replace=replace):
        pass
    return folder


def open_sample(folder: Path, clock: Clock | None = None) -> Workspace:
    """The sample, entered as the person who leads its cutover."""
    workspace = Workspace.open(folder, clock=clock, cost=CHEAP, sample=True)
    workspace.act_as(workspace.read(_owner))
    return workspace


def _owner(reader: Reader) -> bytes:
    return next(person.id for person in people_of(reader) if person.access == Access.OWNER.name.lower())


def is_over(workspace: Workspace) -> bool:
    """Whether the story runs no longer and nobody has added to it: then it may be told anew, from now."""
    try:
        told = json.loads((workspace.folder / _TOLD).read_text(encoding="utf-8"))
        untouched, age = told["rev"] == workspace.rev, workspace.clock.now_ms() - told["now"]
    except (OSError, ValueError, LookupError):
        return False  # somebody's own, whatever it is
    return untouched and not 0 <= age < _FRESH


def replay_sample(
    folder: Path, clock: Clock | None = None, *, language: str = "en", replace: bool = False
) -> Generator[Progress, None, None]:
    """The sample in small steps: drive it from a worker; closing the generator early leaves nothing behind.

    The workspace grows in a folder beside and takes its place when it is whole, so that nobody ever opens half a story.
    """
    if folder.exists() and not replace:
        raise Refused(
            _("There is something in {folder} already. Nothing was changed.").format(folder=folder.name)
        )
    clock = clock or Clock()
    beside = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(beside, ignore_errors=True)  # what an interrupted replay left
    try:
        yield from _Replay(beside, clock, language if language in LANGUAGES else "en").steps()
        platform.sync_file(beside / DATABASE)
        _put_in_place(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _put_in_place(whole: Path, folder: Path) -> None:
    """The earlier one goes only when the new one is whole; nobody may have it open (Windows would refuse)."""
    old = folder.with_name(f"{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    whole.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


class _Replay:
    """One telling of the story. `_now` is the moment at which the live run has got as far as the file tells."""

    def __init__(self, folder: Path, clock: Clock, language: str) -> None:
        self._folder = folder
        self._language = language
        self._time = _Time()
        self._clock = Clock(now_ms=lambda: self._time.ms, random_bytes=clock.random_bytes)
        self._now = clock.now_ms() // _ROUND * _ROUND
        self._sample: dict[str, Any] = json.loads((RESOURCES / "cutover.json").read_text(encoding="utf-8"))
        self._signers: dict[str, Signer] = {}
        self._run = b""
        self._run_start = 0
        self._named: dict[str, bytes] = {}  # incidents and hand-overs by their keys
        self._placed = Placed(b"")

    def steps(self) -> Iterator[Progress]:
        """Each step is one command, a few milliseconds long."""
        told: list[Node] = self._sample["runs"]
        total = len(self._sample["people"]) + 1 + sum(len(run["events"]) + 1 for run in told)
        done = 0
        self._time.move(self._at(_FOUNDED))
        # Waiting for the disk after each command would take longer than the story, and a power cut loses only the sample.
        database = Database(self._folder / DATABASE, pragmas=("synchronous=off",))
        self._workspace = Workspace.open(
            self._folder, clock=self._clock, cost=CHEAP, sample=True, database=database
        )
        try:
            for _step in self._all(told):
                done += 1
                yield Progress(done, total)
            told_until = {"rev": self._workspace.rev, "now": self._now}
            (self._folder / _TOLD).write_text(json.dumps(told_until), encoding="utf-8")
        finally:
            self._workspace.close()

    def _all(self, told: list[Node]) -> Iterator[None]:
        for person in self._sample["people"]:
            self._admit(person)
            yield
        self._placed = self._workspace.run(lay_out_sample, self._sample, self._reading).result
        yield
        for run in told:
            yield from self._tell(run)

    # -- people, words and times -------------------------------------------------------------------------------------

    def _admit(self, person: Node) -> None:
        made = self._clock.new_id()
        own = Signer(made, self._workspace.keys.create(made, PIN))
        owner = next(iter(self._signers.values()), None)  # the first person of the file founds and vouches
        self._signers[person["id"]] = own
        self._workspace.run(
            people.add_person,
            *(person["name"], person["id"], person["email"]),
            signer=owner,
            own=own,
            access=Access[person["access"].upper()],
            roles=tuple(self._roles[role] for role in person["roles"]),
            id=made,
        )
        if owner is None:
            self._workspace.act_as(made)

    @cached_property
    def _roles(self) -> dict[str, str]:
        return {role["key"]: role["name"][self._language] for role in self._sample["roles"]}

    @property
    def _reading(self) -> Reading:
        streams = {
            stream["key"]: stream["name"][self._language] for stream in self._sample["project"]["streams"]
        }
        handles = {handle: signer.person for handle, signer in self._signers.items()}
        return Reading(self._language, handles, self._roles, streams, self._wall)

    def _at(self, minutes: int) -> int:
        """UTC milliseconds of a moment given in minutes from now."""
        return self._now + minutes * MINUTE

    def _wall(self, from_t0: int) -> str:
        """The wall time of a moment given in minutes from T-0: the live run began where the window does."""
        begun = next(run["start"] for run in self._sample["runs"] if run["kind"] == RunKind.LIVE)
        t0 = datetime.fromtimestamp(self._at(begun) / 1000, UTC) - timedelta(
            minutes=self._sample["project"]["window_start"]
        )
        zone = ZoneInfo(self._sample["project"]["zone"])
        return (t0 + timedelta(minutes=from_t0)).astimezone(zone).strftime("%Y-%m-%dT%H:%M")

    def _said(self, text: Mapping[str, str] | None) -> str:
        return text[self._language] if text else ""

    # -- events ------------------------------------------------------------------------------------------------------

    def _tell(self, run: Node) -> Iterator[None]:
        owner = next(iter(self._signers.values())).person
        self._time.move(self._at(run["start"]))
        self._workspace.act_as(owner)
        self._run_start = run["start"]
        self._run = self._workspace.run(
            runs.start_run, self._placed.project, RunKind(run["kind"]), self._said(run["name"])
        ).result
        for event in run["events"]:
            self._time.move(self._at(run["start"] + event["at"]))
            self._workspace.act_as(self._signers[event["by"]].person)
            self._happen(event)
            yield
        if run["finished"]:
            self._workspace.act_as(owner)
            self._workspace.run(runs.finish_run, self._run)
        yield

    def _happen(self, event: Node) -> None:
        if event["do"] in _CLAIMS:
            self._claim(event)
        elif event["do"] in {"second", "sign", "verdict"}:
            self._state(event)
        elif event["do"] == "criterion":
            self._judge(event)
        elif event["do"] in {"incident", "solve", "decide"}:
            self._register(event)
        elif event["do"] in {"hand_over", "take_over"}:
            self._hand_over(event)
        else:
            self._support(event)

    def _claim(self, event: Node) -> None:
        more = {"minutes": event["minutes"]} if event["do"] == "remaining" else {}
        self._workspace.run(
            _CLAIMS[event["do"]],
            *(self._run, self._placed.tasks[event["task"]]),
            reason=self._said(event.get("reason")),
            on_behalf_of=self._behalf(event),
            **more,
        )

    def _behalf(self, event: Node) -> bytes | None:
        return self._signers[event["on_behalf_of"]].person if "on_behalf_of" in event else None

    def _support(self, event: Node) -> None:
        """Ticks, notes and files."""
        task, behalf = self._placed.tasks[event["task"]], self._behalf(event)
        if event["do"] == "tick":
            value = event.get("value")
            pair = value if isinstance(value, dict) else {"source": value, "target": None}
            check = self._placed.checks[event["task"], event["check"]]
            self._workspace.run(
                *(runs.tick, self._run, check, CheckOutcome(event["outcome"])),
                value=pair["source"],
                other_value=pair["target"],
                on_behalf_of=behalf,
            )
        elif event["do"] == "note":
            self._workspace.run(
                runs.add_note, self._run, task, self._said(event["text"]), on_behalf_of=behalf
            )
        else:
            sha256, size, name = self._keep(RESOURCES / event["file"])
            self._workspace.run(runs.attach_file, self._run, task, sha256, size, name, on_behalf_of=behalf)

    def _keep(self, path: Path) -> tuple[bytes, int, str]:
        """Puts a file where the store looks for it, without the store's waiting for the disk."""
        content = path.read_bytes()
        sha256 = hashlib.sha256(content).digest()
        stored = self._workspace.files.path_of(sha256)
        platform.private_folder(stored.parent)
        platform.create_private(stored)
        stored.write_bytes(content)
        return sha256, len(content), path.name

    def _judge(self, event: Node) -> None:
        value = event.get("value")
        said = f"{value['source']} = {value['target']}" if isinstance(value, dict) else value
        self._workspace.run(
            *(gates.judge_criterion, self._run, self._placed.criteria[event["gate"], event["criterion"]]),
            holds=event["holds"],
            value=said,
            note=self._said(event.get("text")),
        )

    def _register(self, event: Node) -> None:
        """Incidents and decisions; `happened` is when, where that was typed later."""
        at = self._at(self._run_start + event["happened"]) if "happened" in event else None
        incident = self._named.get(event.get("incident", ""))
        task = self._placed.tasks[event["task"]] if "task" in event else None
        if event["do"] == "incident":
            self._named[event["key"]] = self._workspace.run(
                *(incidents.raise_incident, self._run, self._said(event["title"])),
                severity=Severity(event["severity"]),
                task=task,
                description=self._said(event["text"]),
                owner=self._signers[event["owner"]].person,
                at=at,
                on_behalf_of=self._behalf(event),
            ).result
        elif event["do"] == "solve":
            self._workspace.run(
                *(incidents.solve_incident, incident, self._said(event["text"])),
                minutes_lost=event["minutes"],
            )
        else:
            self._workspace.run(
                *(decisions.record_decision, self._run),
                *(self._said(event["question"]), self._said(event["text"])),
                kind=DecisionKind(event["kind"]),
                options=self._said(event["options"]),
                why=self._said(event["why"]),
                incident=incident,
                task=task,
                decider=self._signers[event.get("decider", event["by"])].person,
                at=at,
            )

    def _hand_over(self, event: Node) -> None:
        if event["do"] == "take_over":
            self._workspace.run(handovers.take_over, self._named[event["hand_over"]])
            return
        receiver, task = self._signers[event["to"]].person, self._placed.tasks[event["task"]]
        self._named[event["key"]] = self._workspace.run(
            handovers.hand_over, self._run, task, receiver, self._said(event["text"])
        ).result

    def _state(self, event: Node) -> None:
        """What is signed: the second person's word on a step, sign-offs and verdicts at a gate."""
        signer, reason = self._signers[event["by"]], self._said(event.get("reason") or event.get("text"))
        if event["do"] == "second":
            own = next(person["roles"][0] for person in self._sample["people"] if person["id"] == event["by"])
            self._workspace.run(
                *(signing.sign, signer, self._run, self._placed.tasks[event["task"]]),
                role=self._roles[own],
                meaning=Meaning.REVIEWED,
            )
            return
        gate = self._placed.gates[event["gate"]]
        if event["do"] == "sign":
            meaning, role = Meaning(event["meaning"]), self._roles[event["role"]]
            self._workspace.run(
                signing.sign, signer, self._run, gate, role=role, meaning=meaning, reason=reason
            )
        else:
            verdict = VerdictWord(event["outcome"])
            self._workspace.run(signing.give_verdict, signer, self._run, gate, verdict, reason=reason)


_CLAIMS: Mapping[str, Callable[..., None]] = {
    "start": runs.start_step,
    "finish": runs.finish_step,
    "fail": runs.fail_step,
    "skip": runs.skip_step,
    "wait": runs.wait_step,
    "block": runs.block_step,
    "remaining": runs.set_remaining,
}
