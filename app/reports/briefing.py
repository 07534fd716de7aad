"""The situation of a run in words: the same facts and lists for the chat window and for paper."""

from collections.abc import Sequence

from app.domain.words import DecisionKind, GateState, RunKind, Status, VerdictWord, known
from app.i18n import N_, in_language
from app.queries.content import first_language
from app.queries.night import Line
from app.queries.situation import Situation, situation
from app.reports.accounts import AccountFact, AccountItem, AccountSection
from app.reports.papers import Texts
from app.reports.speech import MEANING, RUN, STATUS
from app.reports.telling import MINUTE_MS, Teller, Told, in_each, tellers
from app.storage.engine import Reader

_TEXT_LINES = 12  # of one list in a chat; paper has all of them
_LAST_DECISIONS = 5
STATES = {
    GateState.CLOSED: N_("Closed"),
    GateState.OPEN_HERE: N_("Open here"),
    GateState.FINAL: N_("Open, final"),
}
DECISIONS = {
    DecisionKind.GENERAL: N_("Decision"),
    DecisionKind.GO_NO_GO: N_("Go or no-go, noted"),
    DecisionKind.ROLLBACK: N_("Rollback"),
    DecisionKind.WORKAROUND: N_("Workaround"),
}


class Briefing:
    """Facts and sections of one situation, in one or two languages."""

    def __init__(self, found: Situation, them: Sequence[Teller]) -> None:
        self.found, self.them = found, them
        self.times = found.night.timeline

    def _fact(self, label: str, told: Told, *, is_grave: bool = False) -> AccountFact:
        return AccountFact(label=label, texts=in_each(self.them, told), is_grave=is_grave)

    # -- facts -------------------------------------------------------------------------------------------------------

    def facts(self) -> tuple[AccountFact, ...]:
        late = self.found.night.late_now()
        facts = [
            self._fact(N_("Clock"), self._clock),
            self._fact(N_("Steps"), self._counts),
            self._fact(N_("Against the plan"), lambda teller: teller.deviation(late), is_grave=late > 0),
            self._fact(N_("Expected end"), self._end, is_grave=self.found.night.late_at_end() > 0),
        ]
        if self.times.window_end_ms is not None:
            over = self.times.end_ms > self.times.window_end_ms
            facts.append(self._fact(N_("Window"), self._spare, is_grave=over))
        facts.append(self._fact(N_("Point of no return"), self._no_return))
        if self.found.night.decision is not None:
            facts.append(self._fact(N_("Next decision"), self._decision))
        return tuple(facts)

    def _clock(self, teller: Teller) -> str:
        said = teller.full(self.found.now_ms)
        if self.times.t0_ms is None:
            return said
        minutes = (self.found.now_ms - self.times.t0_ms) // MINUTE_MS
        sign = "T+" if minutes >= 0 else "T−"
        ended = self.found.night.run.finished_at is not None
        return teller.listed(
            (said, f"{sign}{teller.length(minutes)}", teller.say(N_("the run has ended")) if ended else "")
        )

    def _counts(self, teller: Teller) -> str:
        counts, total = self.found.counts, len(self.found.night.lines)
        over = self.found.night.counted()
        share = 100 * over // total if total else 0
        head = teller.say(N_("{done} of {total} through ({share} %)"), done=over, total=total, share=share)
        order = (Status.RUNNING, Status.WAITING, Status.BLOCKED, Status.FAILED, Status.CLAIMED, Status.READY)
        parts = [f"{teller.say(STATUS[one])} {counts[one]}" for one in order if counts[one]]
        return teller.listed((head, *parts))

    def _end(self, teller: Teller) -> str:
        planned = teller.say(N_("planned {moment}"), moment=teller.clock(self.times.planned_end_ms))
        late = self.found.night.late_at_end()
        return teller.listed((teller.clock(self.times.end_ms), planned, teller.deviation(late)))

    def _spare(self, teller: Teller) -> str:
        end = self.times.window_end_ms or 0
        minutes = (end - self.times.end_ms) // MINUTE_MS
        closes = teller.say(N_("closes {moment}"), moment=teller.clock(end))
        spare = N_("{length} to spare") if minutes >= 0 else N_("{length} too long")
        return teller.listed((closes, teller.say(spare, length=teller.length(minutes))))

    def _no_return(self, teller: Teller) -> str:
        at = self.times.no_return_ms
        if at is None:
            return teller.say(N_("not set"))
        left = (at - self.found.now_ms) // MINUTE_MS
        told = N_("in {length}") if left >= 0 else N_("passed {length} ago")
        who = self.found.decider
        decides = teller.say(N_("{person} decides"), person=who) if who else ""
        return teller.listed((teller.clock(at), teller.say(told, length=teller.length(left)), decides))

    def _decision(self, teller: Teller) -> str:
        gate = self.found.night.decision
        if gate is None:
            return ""
        when = teller.say(N_("expected {moment}"), moment=teller.clock(gate.when_ms))
        criteria = teller.say(
            N_("{holding} of {total} criteria hold"), holding=gate.holding, total=gate.criteria
        )
        return teller.listed((teller.title(gate.gate), when, criteria if gate.criteria else ""))

    # -- lists -------------------------------------------------------------------------------------------------------

    def sections(self) -> tuple[AccountSection, ...]:
        night = self.found.night
        lists = (
            (N_("Failed"), [self._stopped(one) for one in night.of(Status.FAILED)]),
            (
                N_("Blocked or waiting"),
                [self._stopped(one) for one in night.of(Status.BLOCKED, Status.WAITING)],
            ),
            (N_("Running"), [self._running(one) for one in night.of(Status.RUNNING)]),
            (N_("Said done, something is missing"), [self._claimed(one) for one in night.of(Status.CLAIMED)]),
            (N_("Late to start"), [self._coming(one) for one in self.found.late_to_start()]),
            (N_("Next two hours"), [self._coming(one) for one in self._soon()]),
            (N_("Open incidents"), self._incidents()),
            (N_("Last decisions"), self._decisions()),
            (N_("Handed over, not taken yet"), self._hand_overs()),
            (N_("Gates"), self._gates()),
        )
        return tuple(
            AccountSection(title=title, items=tuple(items), count=len(items))
            for title, items in lists
            if items
        )

    def _soon(self) -> list[Line]:
        late = set(self.found.late_to_start())
        return [one for one in self.found.next_ones() if one not in late]

    def _item(self, line: Line, details: Told, remark: str = "") -> AccountItem:
        return AccountItem(
            titles=in_each(self.them, lambda teller: teller.title(line.task.id)),
            number=line.task.number,
            details=in_each(self.them, details),
            remarks=remarks((N_("Reason"), remark)),
            sign=line.task.status.value,
        )

    def _who(self, line: Line) -> str:
        return line.task.holder or line.task.role

    def _stopped(self, line: Line) -> AccountItem:
        task = line.task
        since = task.finished_ms if task.status is Status.FAILED else task.paused_ms or task.started_ms

        def details(teller: Teller) -> str:
            at = teller.say(N_("since {moment}"), moment=teller.clock(since)) if since else ""
            return teller.listed((self._who(line), teller.say(STATUS[task.status]), at))

        return self._item(line, details, task.reason)

    def _running(self, line: Line) -> AccountItem:
        def details(teller: Teller) -> str:
            since = teller.say(N_("since {moment}"), moment=teller.clock(line.task.started_ms))
            ends = teller.say(N_("ends {moment}"), moment=teller.clock(line.bar.finish_ms))
            late = teller.deviation(line.late) if line.late > 0 else ""
            return teller.listed((self._who(line), since, ends, late))

        return self._item(line, details, line.task.reason if line.late > 0 else "")

    def _claimed(self, line: Line) -> AccountItem:
        return self._item(line, lambda _teller: self._who(line))

    def _coming(self, line: Line) -> AccountItem:
        def details(teller: Teller) -> str:
            begins = teller.say(N_("starts {moment}"), moment=teller.clock(line.bar.start_ms))
            after = teller.say(N_("after {number}"), number=line.after) if line.after else ""
            late = max(line.late, line.task.late_minutes if line.task.status is Status.READY else 0)
            return teller.listed((self._who(line), begins, after, teller.deviation(late) if late > 0 else ""))

        return self._item(line, details)

    def _incidents(self) -> list[AccountItem]:
        def details(teller: Teller, place: int) -> str:
            one = self.found.open_incidents()[place]
            since = teller.say(N_("since {moment}"), moment=teller.clock(one.happened_at))
            return teller.listed((one.severity, one.task_number, one.owner or one.raised_by, since))

        return [
            AccountItem(
                titles=(one.title,),
                details=in_each(self.them, lambda teller, place=place: details(teller, place)),  # type: ignore[misc]  # bound early
                remarks=remarks(("", one.description)),
                sign="remark",
            )
            for place, one in enumerate(self.found.open_incidents())
        ]

    def _decisions(self) -> list[AccountItem]:
        found = []
        for one in self.found.decisions[-_LAST_DECISIONS:]:
            kind, at, who = DECISIONS[known(DecisionKind, one.kind)], one.decided_at, one.decider
            texts = [teller.listed((teller.say(kind), who, teller.clock(at))) for teller in self.them]
            said = remarks((N_("Decided"), one.decided), (N_("Reason"), one.reason))
            found.append(AccountItem(titles=(one.question,), details=tuple(texts), remarks=said, sign="flag"))
        return found

    def _hand_overs(self) -> list[AccountItem]:
        found = []
        for one in self.found.open_hand_overs():
            texts = [
                teller.listed((f"{one.giver} → {one.receiver}", teller.clock(one.given_at)))
                for teller in self.them
            ]
            titles = in_each(self.them, lambda teller, task=one.task: teller.title(task))  # type: ignore[misc]  # bound early
            item = AccountItem(
                titles=titles, number=one.task_number, details=tuple(texts), remarks=remarks(("", one.note))
            )
            found.append(item)
        return found

    def _gates(self) -> list[AccountItem]:
        found = []
        for gate in self.found.gates:
            word = MEANING[gate.verdict] if gate.verdict in tuple(VerdictWord) else ""
            texts = [
                teller.listed((teller.say(STATES[gate.state]), teller.say(word) if word else ""))
                for teller in self.them
            ]
            titles = in_each(self.them, lambda teller, thing=gate.id: teller.title(thing))  # type: ignore[misc]  # bound early
            sign = "gate-closed" if gate.state is GateState.CLOSED else "gate-open"
            found.append(AccountItem(titles=titles, details=tuple(texts), sign=sign))
        return found


def briefing(
    reader: Reader, project: bytes, run: bytes | None, languages: Sequence[str], now_ms: int
) -> Briefing:
    found = situation(reader, project, run, languages[0], now_ms)
    first = first_language(reader, project)
    now_ms = found.now_ms
    return Briefing(found, tellers(reader, project, languages, first, found.night.timeline.zone, now_ms))


def situation_text(
    reader: Reader, project_id: bytes, run_id: bytes | None, language: str, now_ms: int
) -> str:
    """The situation of a run as plain text, ready to be pasted into a chat. Raises NotFound."""
    made = briefing(reader, project_id, run_id, (language,), now_ms)
    text = "\n".join((*_head(made.found, language), *_lines(made, language)))
    return text.replace("\u00a0", " ")  # which keeps words together on paper and is in the way in a chat


def _head(found: Situation, language: str) -> list[str]:
    """What it is of; a rehearsal and the sample say so before anything else."""
    marks = []
    if found.is_sample:
        marks.append("[{}]".format(in_language(N_("SAMPLE"), language)))
    kind = known(RunKind, found.night.run.kind)
    if kind is RunKind.REHEARSAL:
        marks.append("[{}]".format(in_language(N_("REHEARSAL"), language)))
    name = found.night.run.name or in_language(RUN[kind], language)
    title = in_language(TITLE, language)
    return [" ".join((*marks, f"{title} · {found.night.project.name} · {name}")), ""]


def _lines(made: Briefing, language: str) -> list[str]:
    colon = "：" if language == "zh" else ": "
    lines = [f"{in_language(fact.label, language)}{colon}{_one(fact.texts)}" for fact in made.facts()]
    for section in made.sections():
        lines += ["", f"{in_language(section.title, language)} ({section.count})"]
        shown = section.items[:_TEXT_LINES]
        for item in shown:
            head = " ".join(part for part in (item.number, _one(item.titles)) if part)
            parts = [part for part in (head, _one(item.details)) if part]
            lines.append("- " + " – ".join(parts))
            for label, text in item.remarks:
                said = f"{in_language(label, language)}{colon}{text}" if label else text
                lines += [f"  {line}" for line in said.splitlines() if line]
        if section.count > len(shown):
            more = in_language(N_("and {count} more"), language).format(count=section.count - len(shown))
            lines.append(f"- {more}")
    return lines


def remarks(*labelled: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """Those of the labelled texts that say something."""
    return tuple((label, text) for label, text in labelled if text)


def _one(texts: Texts) -> str:
    return next((text for text in texts if text), "")


TITLE = N_("Situation report")
