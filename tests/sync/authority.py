"""The command language of the access table: a line is a story, and what every replica must answer in the end.

Devices: a is Ada's (owner; QA, Lead), b Ben's (editor; Ops), c Cleo's (manager; Lead, QA, Ops), d Dan's (reader; QA); all
share a workspace with the projects p and q through a server, s. x and y are laptops that somebody brings along.

    b.edit            Ben changes a task of p (q: `b.edit q`), and exchanges with the server; `;` goes on
    b!edit            the same by a program that leaves its own checks out
    b.offline         from now on Ben's laptop reaches nobody; b.online: it does again, and exchanges
    +71h              time goes by; b.clock +20y: Ben's clock is wrong by so much
    b.stick c         Ben gives Cleo all he holds by a stick
    a.access b none   Ada sets Ben's access (in p alone: `a.access b editor p`)
    a.role b QA       Ada gives Ben a role (`until 24h`, `in p`); a.unrole b QA takes it
    b.sign QA         Ben signs the gate of p; b.verdict, b.withdraw (his last statement), a.accept (the last late one)
    a.lose b          Ada takes Ben's laptop out (`since 5h`: what came in the last five hours is in doubt)
    a.invite x editor Ada invites somebody (`p`: to p alone); x.join: they come by the invitation (`y.join x`: by x's)
    x.take b          a new laptop is given what Ben holds by a stick; x.follow: it follows its invitation without asking
    x.belongs b       a second laptop of Ben's, for whose key Ada vouches
    b.window b.found b.contact b.handover   change the project, begin one, add a person, take the order over
    b.claim b.note b.tick b.judge b.rehearse   what is done in a run
    b!through q p     q is changed by a commit in the log of p; b!beside q p: evidence of q stands there
    b.claims c        Ben's laptop brings a key and says that it is Cleo's

After `->`, separated by commas, what holds at the end, once all who may have exchanged. About the last work that was done
(where there is none, or its own checks are left out, about what was given or taken last; or about what is marked: `*b.edit`):
accepted (it counts), late, void (kept, and does not count: key, role or access), rejected REASON (by the sequencer, and
everybody follows; `others reject REASON`: everybody but its author), refused (the device's own program did not do it), away (the server does not let the device in: nobody
else knows of it), known by c, not known by c. About people: b is editor, b is reader of p, b reads p, b does not read q.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from app.commands import accepting, devices, founding, gates, people, projects, runs, signing, tasks
from app.commands.registry import verb_of
from app.domain import verbs
from app.domain.words import Access, CheckOutcome, RunKind, VerdictWord
from app.errors import Refused
from app.queries.rejected import rejected
from app.storage.authority import Counts, Reach
from app.storage.engine import Reader
from app.storage.judging import Refusal
from app.workspace import Workspace
from tests.simulation.world import HOUR_MS, signer
from tests.sync import unasked
from tests.sync.laptops import Away, Team, team_of

TABLE = Path(__file__).with_name("authority.txt")
_UNITS = {"m": 60_000, "h": HOUR_MS, "d": 24 * HOUR_MS, "y": 365 * 24 * HOUR_MS}


class Line(NamedTuple):
    """One story of the table."""

    number: int
    text: str

    @property
    def commands(self) -> list[str]:
        return [one.strip().removeprefix("*") for one in self.text.partition("->")[0].split(";")]

    @property
    def marked(self) -> str:
        """What the end of the line is about, where that is said; `*b.edit`."""
        return next(
            (one.strip()[1:] for one in self.text.split("->")[0].split(";") if one.strip()[0] == "*"), ""
        )

    @property
    def expected(self) -> list[str]:
        return [one.strip() for one in self.text.partition("->")[2].split(",")]


def lines() -> list[Line]:
    """The stories of the table; `#` begins a remark."""
    found = [
        Line(number, text.partition("#")[0].strip())
        for number, text in enumerate(TABLE.read_text(encoding="utf-8").splitlines(), 1)
    ]
    return [one for one in found if one.text]


def wrong(line: Line) -> list[str]:
    """What does not hold at the end of a story."""
    names = {one[0] for one in line.commands if one[0] in "bcd"} | set("a")
    names |= {word for one in line.commands + line.expected for word in one.split() if word in "bcd"}
    with team_of("".join(sorted(names))) as team:
        story = Story(
            team,
            line.marked,
            about_work=not WORK.isdisjoint(one[2:].split()[0] for one in line.commands if one[0] != "+"),
        )
        for command in line.commands:
            story.do(command)
        story.settle()
        return [one for one in line.expected if not story.holds(one)]


@dataclass
class Story:
    """A line on its way. `last` is the commit that the end of the line is about."""

    team: Team
    marked: str
    last: bytes | None = None
    by: str = ""
    outcome: str = ""  # refused or away, where nothing came of it
    about_work: bool = True
    is_asked: bool = True

    def do(self, command: str) -> None:
        self.is_asked = not self.marked or self.marked == command
        if command.startswith("+"):
            self.team.clock.now_ms += span(command)
            return
        name, forced = command[0], command[1] == "!"
        verb, *words = command[2:].split()
        for one in (name, *words):
            if one in {replica.name for replica in self.team.replicas}:
                self.team.exchange(one)
        try:
            getattr(self, f"_{verb}")(name, words, forced=forced)
        except Away:
            self.outcome = "away"
            return
        self.team.exchange(name)

    def settle(self) -> None:
        """Whoever may exchanges until nobody has anything new."""
        for _ in range(3):
            for replica in self.team.replicas:
                self.team.exchange(replica.name)

    # -- what can be done ----------------------------------------------------------------------------------------

    def _run(
        self, name: str, command: Callable[..., Any], *args: Any, forced: bool = False, **more: Any
    ) -> None:
        replica = self.team.replica(name)
        workspace = replica.workspace
        giving = self.about_work and not forced and command in _GIVING
        if not self.is_asked or (giving and not self.marked):
            workspace.run(command, *args, **more)
            return
        before = workspace.rev
        self.outcome, self.by = "", name
        try:
            if forced:
                verb = unasked.VERBS.get(command) or verb_of(command)
                self.team.force(replica, partial(command, **more), *args, verb=verb.number)
            else:
                workspace.run(command, *args, **more)
        except Refused:
            self.outcome = "refused"
            return
        self.last = workspace.read(_made_after, before)

    def _aside(self, name: str, command: Callable[..., Any], *args: Any, **more: Any) -> None:
        """Something that the line is not about; it must be possible."""
        self.team.replica(name).workspace.run(command, *args, **more)

    def _project(self, name: str) -> bytes:
        found = self.team.replica("a").workspace.read(_ids, "SELECT id FROM project WHERE alive ORDER BY id")
        return found["pq".index(name)]

    def _here(self, name: str, sql: str) -> bytes:
        return self.team.replica(name).workspace.read(_ids, sql)[0]

    def _offline(self, name: str, words: list[str], *, forced: bool) -> None:
        self.team.offline.add(name)

    def _online(self, name: str, words: list[str], *, forced: bool) -> None:
        self.team.offline.discard(name)

    def _clock(self, name: str, words: list[str], *, forced: bool) -> None:
        self.team.skews[name] = span(words[0])

    def _stick(self, name: str, words: list[str], *, forced: bool) -> None:
        giver, taker = (self.team.replica(one) for one in (name, words[0]))
        self.team.take(taker, giver.workspace.give(taker.workspace.held()))
        self.team.exchange(taker.name)

    def _edit(self, name: str, words: list[str], *, forced: bool) -> None:
        project = self._project(words[0] if words else "p")
        self._run(name, tasks.add_task, project, "Call the plant", forced=forced)

    def _through(self, name: str, words: list[str], *, forced: bool) -> None:
        """A project is changed by a commit in the log of another one."""
        self._run(name, unasked.write_through, *(self._project(one) for one in words), forced=forced)

    def _beside(self, name: str, words: list[str], *, forced: bool) -> None:
        """Evidence of one project stands in the log of another one."""
        self._run(name, unasked.create_beside, *(self._project(one) for one in words), forced=forced)

    def _claim(self, name: str, words: list[str], *, forced: bool) -> None:
        run, task = self._run_of(name), self._here(name, "SELECT min(id) FROM task WHERE alive")
        self._run(name, runs.finish_step, run, task, forced=forced)

    def _note(self, name: str, words: list[str], *, forced: bool) -> None:
        run, task = self._run_of(name), self._here(name, "SELECT max(id) FROM task WHERE alive")
        self._run(name, runs.add_note, run, task, "Seen", forced=forced)

    def _tick(self, name: str, words: list[str], *, forced: bool) -> None:
        run, check = self._run_of(name), self._here(name, "SELECT min(id) FROM check_item WHERE alive")
        self._run(name, runs.tick, run, check, CheckOutcome.PASS, forced=forced)

    def _judge(self, name: str, words: list[str], *, forced: bool) -> None:
        run, criterion = self._run_of(name), self._here(name, "SELECT min(id) FROM criterion WHERE alive")
        self._run(name, gates.judge_criterion, run, criterion, holds=True, note="None is open", forced=forced)

    def _rehearse(self, name: str, words: list[str], *, forced: bool) -> None:
        self._run(
            name,
            runs.start_run,
            self._project("p"),
            RunKind.REHEARSAL,
            "First",
            reason="to try",
            forced=forced,
        )

    def _run_of(self, name: str) -> bytes:
        return self._gate(name)[0]

    def _change(self, name: str, words: list[str], *, forced: bool) -> None:
        values = {"minutes": 100 + self.team.replica(name).workspace.rev}
        task = self._here(name, "SELECT min(id) FROM task WHERE alive")
        self._run(name, tasks.set_task, task, values, forced=forced)

    def _window(self, name: str, words: list[str], *, forced: bool) -> None:
        project = self._project(words[0] if words else "p")
        day = 10 + self.team.replica(name).workspace.rev % 19
        self._run(name, projects.set_project, project, {"window_end": f"2026-04-{day}T06:00"}, forced=forced)

    def _found(self, name: str, words: list[str], *, forced: bool) -> None:
        self._run(name, projects.create_project, "One more", forced=forced)

    def _contact(self, name: str, words: list[str], *, forced: bool) -> None:
        key = self.team.keys[name]
        self.about_work = False
        self._run(name, people.add_person, "Nobody Yet", "nobody", signer=key, forced=forced)

    def _access(self, name: str, words: list[str], *, forced: bool) -> None:
        person, level, key = self.team.persons[words[0]], Access[words[1].upper()], self.team.keys[name]
        if len(words) > 2:
            project = self._project(words[2])
            self._run(name, people.set_project_access, person, project, level, signer=key, forced=forced)
        else:
            self._run(name, people.set_access, person, level, signer=key, forced=forced)

    def _role(self, name: str, words: list[str], *, forced: bool) -> None:
        until, project = _after(words, "until"), _after(words, "in")
        more: dict[str, Any] = (
            {"until_ms": self.team.replica(name).clock.now_ms() + span(until)} if until else {}
        )
        more |= {"project": self._project(project)} if project else {}
        person, key = self.team.persons[words[0]], self.team.keys[name]
        self._run(name, people.give_role, person, words[1], signer=key, forced=forced, **more)

    def _unrole(self, name: str, words: list[str], *, forced: bool) -> None:
        project = _after(words, "in")
        more: dict[str, Any] = {"project": self._project(project)} if project else {}
        person, key = self.team.persons[words[0]], self.team.keys[name]
        self._run(name, people.take_role, person, words[1], signer=key, forced=forced, **more)

    def _gate(self, name: str) -> tuple[bytes, bytes]:
        gate = self._here(name, "SELECT min(id) FROM gate WHERE alive")
        return self._here(
            name, f"SELECT min(id) FROM run WHERE log = (SELECT log FROM gate WHERE id = x'{gate.hex()}')"
        ), gate

    def _sign(self, name: str, words: list[str], *, forced: bool) -> None:
        key = self.team.keys[name]
        if forced:
            self._run(name, unasked.sign, key, *self._gate(name), words[0], forced=True)
        else:
            self._run(name, signing.sign, key, *self._gate(name), role=words[0])

    def _verdict(self, name: str, words: list[str], *, forced: bool) -> None:
        gate, key = self._gate(name), self.team.keys[name]
        self._run(name, signing.give_verdict, key, *gate, VerdictWord.NO_GO, reason="late", forced=forced)

    def _withdraw(self, name: str, words: list[str], *, forced: bool) -> None:
        whose = f"person = x'{self.team.persons[name].hex()}' AND kind IN (1, 4, 5)"
        mine = self._here(name, f"SELECT hash FROM statement WHERE {whose} ORDER BY rev DESC LIMIT 1")
        self._aside(name, signing.withdraw, self.team.keys[name], mine, reason="too early")

    def _accept(self, name: str, words: list[str], *, forced: bool) -> None:
        late = self._here(name, "SELECT hash FROM statement WHERE counts = 5 ORDER BY rev DESC LIMIT 1")
        key = self.team.keys[name]
        if forced:
            self.team.force(self.team.replica(name), unasked.accept, key, late, verb=verbs.ACCEPT.number)
            return
        try:
            self._aside(name, accepting.accept_late, key, late, reason="it was in time")
        except Refused:
            self.outcome = "refused"

    def _lose(self, name: str, words: list[str], *, forced: bool) -> None:
        lost, since = self.team.replica(words[0]).workspace.device.id, _after(words, "since")
        since_ms = self.team.clock.now_ms - span(since) if since else None
        more: dict[str, Any] = {"signer": self.team.keys[name], "since_ms": since_ms}
        if forced:
            self._run(name, unasked.take_out, self.team.keys[name], lost, forced=True)
        else:
            self._run(name, devices.take_out_device, lost, **more)

    def _handover(self, name: str, words: list[str], *, forced: bool) -> None:
        device, key = self.team.replica(name).workspace.device, self.team.keys[name]
        self._run(name, founding.hand_over_order, key, device.id, "mine", device.public, forced=forced)

    def _invite(self, name: str, words: list[str], *, forced: bool) -> None:
        guest, level, key = words[0], Access[words[1].upper()], self.team.keys[name]
        person, invitation = self.team.persons[guest], signer(self.team.persons[guest], number=250)
        project = self._project(words[2]) if len(words) > 2 else None
        more: dict[str, Any] = {"signer": key, "access": level, "project": project, "id": person}
        self._run(name, people.add_person, guest, f"guest_{guest}", forced=forced, **more)
        if not self.outcome:
            self.team.invitations[guest] = invitation
            self._run(name, people.invite, person, invitation, signer=key, forced=forced)

    def _join(self, name: str, words: list[str], *, forced: bool) -> None:
        invitation = words[0] if words else name
        self.by = name
        self.team.knock(name, invitation)
        self._follow(name, [invitation], forced=forced)

    def _follow(self, name: str, words: list[str], *, forced: bool) -> None:
        invitation = self.team.invitations[words[0] if words else name]
        self.team.keys[name] = own = signer(invitation.person, number=ord(name))
        self._run(name, people.follow_invitation, invitation.person, invitation, own=own)

    def _take(self, name: str, words: list[str], *, forced: bool) -> None:
        self.team.by_stick(name, words[0])

    def _belongs(self, name: str, words: list[str], *, forced: bool) -> None:
        self.team.bring_along(name, words[0])
        self.team.exchange("a")

    def _claims(self, name: str, words: list[str], *, forced: bool) -> None:
        """From now on the laptop acts for somebody who never was there."""
        self.team.persons[name] = person = self.team.persons[words[0]]
        self.team.keys[name] = signer(person, number=77)
        self._run(name, people.add_key, person, self.team.keys[name])
        self.team.replica(name).workspace.act_as(person)

    # -- what must hold ------------------------------------------------------------------------------------------

    def holds(self, expected: str) -> bool:
        words = expected.split()
        if words[0] in ("refused", "away"):
            return self._nothing_came_of_it(words[0])
        if words[0] in ("accepted", "late", "void", "rejected", "waiting"):
            return not self.outcome and self._is_so(words[0], " ".join(words[1:]))
        if words[:2] == ["others", "reject"]:
            return self._is_so("rejected", " ".join(words[2:]), also_author=False)
        if words[:2] == ["known", "by"]:
            return self._knows(self.team.replica(words[2]).workspace)
        if words[:3] == ["not", "known", "by"]:
            return not self._knows(self.team.replica(words[3]).workspace)
        if words[1] == "is":
            return self._is_held(words[0], words[2], _after(words, "of"))
        if words[1] == "reads":
            return self._reads(words[0], words[2])
        if words[1:4] == ["does", "not", "read"]:
            return not self._reads(words[0], words[4])
        raise ValueError(f"{expected} says nothing")

    def _nothing_came_of_it(self, word: str) -> bool:
        if self.outcome:
            return self.outcome == word
        others = [one.workspace for one in self.team.replicas if one.name != self.by] + [self.team.at_server]
        denied = self.team.sight(self.by) is None
        return word == "away" and denied and not any(self._knows(one) for one in others)

    def _knows(self, workspace: Workspace) -> bool:
        return (
            workspace.read(lambda reader: reader.row("SELECT 1 FROM entry WHERE hash = ?", (self.last,)))
            is not None
        )

    def _is_so(self, word: str, why: str, *, also_author: bool = True) -> bool:
        """The server, the author and whoever else holds it say the same, and the author is told of a refusal."""
        if word == "waiting":
            return not self._knows(self.team.at_server)
        decided = self.team.at_server.read(_state_of, self.last)
        told = [(one.name, one.workspace.read(_state_of, self.last)) for one in self.team.replicas]
        if decided is None or any(
            state not in (None, decided)
            for name, state in told
            if self._hears(name) and (also_author or name != self.by)
        ):
            return False
        accepted, reason, counts = decided
        if word == "rejected":
            return (accepted, reason) == (0, Refusal[why.upper().replace(" ", "_")]) and (
                not also_author or self._is_in_tray()
            )
        wanted = {"late": Counts.LATE, "void": Counts[_VOID[why]] if why else None}.get(word, Counts.YES)
        return accepted == 1 and (counts == wanted or (counts is None and word == "accepted"))

    def _hears(self, name: str) -> bool:
        """Whether a laptop is told of everything there is about the commit."""
        sight = self.team.sight(name)
        return name not in self.team.offline and sight is not None and sight.logs is None

    def _is_in_tray(self) -> bool:
        """Whether the author is told, as far as the server still speaks to the laptop."""
        author = self.team.replica(self.by).workspace
        spoken = self.by not in self.team.offline and self.team.sight(self.by) is not None
        return not spoken or bool(author.read(rejected, author.device.id))

    def _is_held(self, name: str, level: str, project: str | None) -> bool:
        """The server and the owner, who hold everything, see the access alike."""
        person = self.team.persons[name]
        reaches = [
            one.read(Reach.of, person) for one in (self.team.at_server, self.team.replica("a").workspace)
        ]
        found = {one.to(self._project(project)) if project else one.everywhere for one in reaches}
        return found == {Access[level.upper()]}

    def _reads(self, name: str, project: str) -> bool:
        """Whether the server tells the laptop of the project, and what it holds is what it was told."""
        sight, log = self.team.sight(name), self._project(project)
        return sight is not None and (sight.logs is None or log in sight.logs)


_VOID = {
    "key": "KEY_UNKNOWN",
    "role": "ROLE_NOT_HELD",
    "access": "NOT_ALLOWED",
    "signature": "SIGNATURE_FAILS",
}


WORK = frozenset(
    {
        "through",
        "beside",
        "claim",
        "note",
        "tick",
        "judge",
        "rehearse",
        "edit",
        "change",
        "window",
        "found",
        "sign",
        "verdict",
        "handover",
        "join",
        "follow",
    }
)
_GIVING = (
    *(people.set_access, people.set_project_access, people.give_role, people.take_role),
    *(people.add_person, people.invite, people.add_key, devices.take_out_device),
)


def _ids(reader: Reader, sql: str) -> list[bytes]:
    return [one for (one,) in reader.rows(sql)]


def _made_after(reader: Reader, rev: int) -> bytes | None:
    """The last commit that was made since: an invitation's statements come before it."""
    return reader.value(  # type: ignore[no-any-return]  # a column of hashes
        "SELECT hash FROM entry WHERE rev > ? ORDER BY rev LIMIT 1", (rev,)
    )


def _state_of(reader: Reader, name: bytes | None) -> tuple[int, int, int | None] | None:
    """Accepted, the sequencer's reason, and whether what it states counts; None where it is not known."""
    row = reader.row(
        "SELECT e.accepted, l.reason, (SELECT min(s.counts) FROM statement s WHERE s.rev = e.rev AND s.log = e.log) "
        "FROM entry e JOIN standing_leaf l ON l.hash = e.hash WHERE e.hash = ?",
        (name,),
    )
    return (row[0], row[1], row[2]) if row is not None else None


def _after(words: list[str], word: str) -> str | None:
    return words[words.index(word) + 1] if word in words else None


def span(text: str) -> int:
    """Milliseconds of `+71h`, `-20y`, `30m`."""
    return int(text[:-1]) * _UNITS[text[-1]]
