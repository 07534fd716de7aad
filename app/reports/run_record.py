"""The protocol of a run, filled from what the workspace holds."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from app.domain.words import Claim, DecisionKind, Status, known
from app.i18n import N_
from app.process.digests import checklist_digest
from app.queries.checklist import TaskRow
from app.queries.content import step_content
from app.queries.decisions import DecisionRow, decisions
from app.queries.handovers import HandOverRow, hand_overs
from app.queries.happenings import Happening, happenings
from app.queries.incidents import IncidentRow, incidents
from app.queries.readiness import sentence
from app.queries.saying import clock, typed, what
from app.queries.timeline import Bar, Timeline, timeline
from app.reports import moments
from app.reports.accounts import (
    AccountFact,
    AccountItem,
    AccountSection,
    ProtocolDay,
    ProtocolLine,
    ProtocolPaper,
    ProtocolStep,
)
from app.reports.briefing import DECISIONS, remarks
from app.reports.material import Material, material
from app.reports.papers import Texts
from app.reports.telling import MINUTE_MS, Teller, Told, in_each, tellers
from app.storage.engine import Reader

_SIGNS: Mapping[str, str] = {
    "start": "running",
    "finish": "done",
    "fail": "failed",
    "skip": "skipped",
    "wait": "waiting",
    "block": "blocked",
    "reset": "todo",
    "sign": "seal",
    "withdraw": "seal-gone",
    "verdict": "flag",
    "incident": "remark",
    "solved": "tick",
    "decision": "flag",
}
_CHECKS = {"pass": "box-pass", "fail": "box-fail", "na": "box-na"}
# what stands under the number of its task and is not called as the task is
_OWN_NAME = ("check", "criterion", "file", "incident", "solved", "reopened", "decision")


def protocol_paper(
    reader: Reader, project: bytes, run: bytes, languages: Sequence[str], printed_by: str, now_ms: int
) -> ProtocolPaper:
    """Everything that happened in a run; bound to the content of all its steps. Raises NotFound."""
    found = material(reader, project, run, languages, printed_by, now_ms)
    steps = (step_content(reader, run, task.id, found.first) for task in found.rows.tasks)
    made = _Record(found)
    return ProtocolPaper(
        **found.heading(checklist_digest(run, steps)),
        facts=tuple(made.facts()),
        totals=tuple(made.totals()),
        registers=tuple(section for section in made.registers() if section.items),
        steps=tuple(made.steps()),
        days=tuple(made.days()),
    )


class _Record:
    def __init__(self, found: Material) -> None:
        self.found = found
        reader, project, run = found.reader, found.rows.project, found.rows.run
        self.times: Timeline = timeline(reader, project.id, run.id, found.now_ms)
        self.them: tuple[Teller, ...] = tellers(
            reader, project.id, found.languages, found.first, project.zone, found.now_ms
        )
        main = found.languages[0]
        self.happened = happenings(reader, project.id, run.id, main)
        self.incidents: tuple[IncidentRow, ...] = incidents(reader, run.id, main)
        self.decisions: tuple[DecisionRow, ...] = decisions(reader, run.id, main)
        self.hand_overs: tuple[HandOverRow, ...] = hand_overs(reader, run.id, main)
        self.numbers = {task.id: task.number for task in found.rows.tasks}

    def _fact(self, label: str, told: Told, *, is_grave: bool = False) -> AccountFact:
        return AccountFact(label=label, texts=in_each(self.them, told), is_grave=is_grave)

    # -- how it began, how it ended, what it came to -----------------------------------------------------------------

    def facts(self) -> Iterator[AccountFact]:
        for kind, label, found in (
            ("begin", N_("Begun"), N_("Not ready at the start")),
            ("end", N_("Ended"), N_("Unfinished at the end")),
        ):
            one = next((one for one in self.happened if one.kind == kind), None)
            if one is None:
                continue
            yield self._fact(label, lambda teller, one=one: self._moment(teller, one))  # type: ignore[misc]  # bound early
            if one.text:
                yield AccountFact(label=N_("Reason given"), texts=(one.text,))
            codes = one.word.split()
            if codes:
                yield self._fact(
                    found,
                    lambda teller, codes=codes: " ".join(sentence(code, teller.language) for code in codes),  # type: ignore[misc]  # bound early
                )

    def _moment(self, teller: Teller, one: Happening) -> str:
        return teller.listed(
            (teller.full(one.at_ms), one.performer, typed(one, teller.language, teller.zone))
        )

    def totals(self) -> Iterator[AccountFact]:
        counts = Counter(task.status for task in self.found.rows.tasks)
        done, skipped = counts[Status.DONE], counts[Status.SKIPPED]
        rest = len(self.found.rows.tasks) - done - skipped
        yield self._fact(
            N_("Steps"),
            lambda teller: teller.say(
                N_("{done} done, {skipped} skipped, {rest} neither"), done=done, skipped=skipped, rest=rest
            ),
        )
        yield from self._durations()
        failed = sum(one.kind == "fail" for one in self.happened)
        again = sum(one.kind == "start" and (one.number or 1) > 1 for one in self.happened)
        yield self._fact(
            N_("Attempts"),
            lambda teller: teller.say(N_("{failed} failed, {again} begun again"), failed=failed, again=again),
            is_grave=failed > 0,
        )
        yield self._fact(
            N_("Incidents"), self._incident_count, is_grave=any(one.is_open for one in self.incidents)
        )

    def _durations(self) -> Iterator[AccountFact]:
        references = [bar.reference for bar in self.times.bars.values()]
        run, now = self.found.rows.run, self.found.now_ms
        if not references:
            return
        planned = (self.times.planned_end_ms - min(start for start, _finish in references)) // MINUTE_MS
        begun = run.started_at or min((one.at_ms for one in self.happened), default=now)
        actual = ((run.finished_at or now) - begun) // MINUTE_MS
        late = self._late_at_end()
        yield self._fact(
            N_("Duration"),
            lambda teller: teller.say(
                N_("{actual}, planned {planned}"),
                actual=teller.length(actual),
                planned=teller.length(planned),
            ),
        )
        yield self._fact(N_("Last step"), lambda teller: teller.deviation(late), is_grave=late > 0)

    def _late_at_end(self) -> int:
        """By how much the last step that was finished ended after what was planned for it."""
        over = [bar for bar in self.times.bars.values() if bar.actual_finish_ms is not None]
        last = max(over, key=lambda bar: bar.finish_ms, default=None)
        return 0 if last is None else (last.finish_ms - last.reference[1]) // MINUTE_MS

    def _incident_count(self, teller: Teller) -> str:
        still = sum(one.is_open for one in self.incidents)
        lost = sum(one.minutes_lost or 0 for one in self.incidents)
        said = teller.say(N_("{count}, of which {still} open"), count=len(self.incidents), still=still)
        cost = teller.say(N_("{length} lost"), length=teller.length(lost)) if lost else ""
        return teller.listed((said, cost))

    # -- registers ---------------------------------------------------------------------------------------------------

    def registers(self) -> Iterator[AccountSection]:
        for title, items in (
            (N_("Incidents"), map(self._incident, self.incidents)),
            (N_("Decisions"), map(self._decision, self.decisions)),
            (N_("Hand-overs"), map(self._hand_over, self.hand_overs)),
            (N_("Sign-offs and verdicts"), self._statements()),
        ):
            listed = tuple(items)
            yield AccountSection(title=title, items=listed, count=len(listed))

    def _incident(self, one: IncidentRow) -> AccountItem:
        def details(teller: Teller) -> str:
            begun = teller.day_clock(one.happened_at)
            ended = N_("solved {moment}") if one.solved_at else N_("still open")
            solved = teller.say(ended, moment=teller.day_clock(one.solved_at))
            lost = (
                teller.say(N_("{length} lost"), length=teller.length(one.minutes_lost))
                if one.minutes_lost
                else ""
            )
            return teller.listed((one.severity, one.task_number, one.raised_by, begun, solved, lost))

        files = ", ".join(piece.name for piece in one.evidence)
        said = remarks(("", one.description), (N_("Solved by"), one.solution), (N_("Evidence"), files))
        sign = "remark" if one.is_open else "tick"
        return AccountItem(
            titles=(one.title,),
            details=in_each(self.them, details),
            remarks=said,
            sign=sign,
        )

    def _decision(self, one: DecisionRow) -> AccountItem:
        def details(teller: Teller) -> str:
            kind = teller.say(DECISIONS[known(DecisionKind, one.kind)])
            about = teller.title(one.gate) if one.gate else one.task_number
            return teller.listed((kind, about, one.decider, teller.day_clock(one.decided_at)))

        said = remarks(
            (N_("Decided"), one.decided),
            (N_("Reason"), one.reason),
            (N_("Considered"), one.options),
            (N_("Incident"), one.incident_title),
        )
        return AccountItem(
            titles=(one.question,), details=in_each(self.them, details), remarks=said, sign="flag"
        )

    def _hand_over(self, one: HandOverRow) -> AccountItem:
        def details(teller: Teller) -> str:
            given = teller.day_clock(one.given_at)
            if one.taken_at is not None:
                ended = teller.say(N_("taken {moment}"), moment=teller.day_clock(one.taken_at))
            else:
                ended = teller.say(N_("taken back") if one.withdrawn_at else N_("not taken"))
            return teller.listed((f"{one.giver} → {one.receiver}", given, ended))

        titles = in_each(self.them, lambda teller: teller.title(one.task))
        return AccountItem(
            titles=titles,
            number=one.task_number,
            details=in_each(self.them, details),
            remarks=remarks(("", one.note)),
        )

    def _statements(self) -> Iterator[AccountItem]:
        for one in self.happened:
            if one.kind not in ("sign", "withdraw", "verdict"):
                continue
            thing = one.task or one.subject
            said = [
                teller.listed(
                    (what(one, teller.language), one.performer, one.role, teller.day_clock(one.at_ms))
                )
                for teller in self.them
            ]
            yield AccountItem(
                titles=tuple(teller.title(thing) for teller in self.them),
                number=self.numbers.get(one.task or b"", ""),
                details=tuple(said),
                remarks=remarks((N_("Reason"), one.text)),
                sign=_SIGNS[one.kind],
            )

    # -- steps and story ---------------------------------------------------------------------------------------------

    def steps(self) -> Iterator[ProtocolStep]:
        people, attempts = self.found.people, self.found.facts.attempts
        for task in self.found.rows.tasks:
            attempt = attempts.get(task.id)
            performer = people.get(attempt.performer or b"", "") if attempt is not None else ""
            bar = self.times.bars.get(task.id)
            yield ProtocolStep(
                number=task.number,
                titles=in_each(self.them, lambda teller, task=task: teller.title(task.id)),  # type: ignore[misc]  # bound early
                planned="" if bar is None else self._span(*bar.reference),
                actual=self._actual(task),
                difference=self._difference(task, bar),
                person=performer,
                attempts=task.attempt,
                status=(Status.TODO if task.status is Status.READY else task.status).value,
            )

    def _span(self, start: int | None, finish: int | None) -> str:
        first, last = self.found.moment(start), self.found.moment(finish)
        language = self.found.languages[0]
        if first is not None and last is not None:
            return moments.span(first, last, self.found.zone, language)
        known = first or last
        if known is None:
            return ""
        shown = moments.short(known, self.found.zone, language)
        return f"{shown} →" if first is not None else f"→ {shown}"

    def _actual(self, task: TaskRow) -> str:
        return self._span(task.started_ms, task.finished_ms) if task.claim is not Claim.TODO else ""

    def _difference(self, task: TaskRow, bar: Bar | None) -> Texts:
        if bar is None or task.finished_ms is None or task.claim is not Claim.DONE:
            return ()
        minutes = (task.finished_ms - bar.reference[1]) // MINUTE_MS
        return in_each(self.them, lambda teller: teller.deviation(minutes))

    def days(self) -> Iterator[ProtocolDay]:
        zone = self.found.zone

        def day_of(one: Happening) -> str:
            moment = moments.instant(one.at_ms)
            return "" if moment is None else str(moments.local(moment, zone).date())

        for _day, told in groupby(self.happened, key=day_of):
            listed = list(told)
            title = in_each(self.them, lambda teller, one=listed[0]: teller.full(one.at_ms)[:-6])  # type: ignore[misc]  # bound early
            yield ProtocolDay(day=title, lines=tuple(self._lines(listed)))

    def _lines(self, told: Iterable[Happening]) -> Iterator[ProtocolLine]:
        for one in told:
            names = self._names(one)
            yield ProtocolLine(
                clock=clock(one.at_ms, self.found.zone),
                person=one.performer,
                number=self.numbers.get(one.task or b"", ""),
                titles=names,
                what=tuple(what(one, teller.language) for teller in self.them),
                text=one.text,
                typed=tuple(typed(one, teller.language, teller.zone) for teller in self.them),
                sign=_CHECKS.get(one.word, "") if one.kind == "check" else _SIGNS.get(one.kind, ""),
            )

    def _names(self, one: Happening) -> Texts:
        if one.kind in ("begin", "end"):
            return ()
        if one.kind in _OWN_NAME:
            told = tuple(teller.title(one.subject) for teller in self.them)
            return _with(told if any(told) else (one.name,), ": ", one.value)
        thing = one.task or one.subject
        return _with(tuple(teller.title(thing) for teller in self.them), ", ", one.role)


def _with(texts: Texts, mark: str, more: str) -> Texts:
    """The texts, each with what belongs behind it."""
    return tuple(f"{text}{mark}{more}" if more else text for text in texts)
