"""What speaks against whoever gives the order, or against a server: two histories, rules that were bent, what is kept back.

Nothing here changes anything: what does not hold was never taken in. People are told, because only they can ask who lied.
"""

from collections.abc import Iterator

from app.domain.words import Access
from app.i18n import _, counted
from app.queries.devices import device_words
from app.queries.people import names
from app.queries.texts import pick
from app.storage.admission import least_access
from app.storage.delivery import Held, held_by
from app.storage.engine import Reader
from app.storage.judging import Refusal
from app.storage.log import Commit, decode_body
from app.storage.seen import Claim, ahead, contradictions, is_opened_twice
from app.storage.snapshots import doubts_of_snapshot
from app.storage.statements import Kind, decode_statement

Looked = dict[tuple[bytes, int], int]  # (log, epoch) -> how many of its leaves were looked through


def doubts(reader: Reader, language: str) -> list[str]:
    """Two histories and bent rules, a sentence each, as far as they show in what is here. Asked when nothing is missing."""
    running: dict[bytes, int] = dict(reader.rows("SELECT id, epoch FROM log"))
    first: dict[tuple[bytes, str], Claim] = {}
    for claim in contradictions(reader):
        counts = running.get(claim.log) == claim.epoch or _is_of_hand_over(claim)
        if counts and not is_opened_twice(reader, claim.log, claim.epoch):
            first.setdefault((claim.log, "" if claim.note else _author(reader, claim.commit)), claim)
    shown = list(_of_snapshot(reader))
    return shown + [told(reader, claim, language) for claim in first.values()] + list(_bent(reader, language))


def _of_snapshot(reader: Reader) -> Iterator[str]:
    found = doubts_of_snapshot(reader)
    if found:
        yield _(
            "What the server gave as the present state does not follow from the history. Close the workspace and open it "
            "again: it goes on with what holds, and with what was done here. {first}"
        ).format(first=found[0])


def _is_of_hand_over(claim: Claim) -> bool:
    return not claim.commit and not claim.note


def told(reader: Reader, claim: Claim, language: str) -> str:
    """What a claim that contradicts says, for people."""
    where = log_name(reader, claim.log, language)
    if _is_of_hand_over(claim):
        return _(
            "The owner who handed the order of {log} over had seen another history of it than this device, from place {size} "
            "on at the latest. Both are kept. Bring the two together by a file (launchbook sync --to FILE) and ask."
        ).format(log=where, size=claim.size)
    if claim.note:
        return _(
            "Whoever gives {log} its order signed two different histories of it, from place {size} on at the latest. Both "
            "are kept. Ask an owner to hand the order over to somebody else."
        ).format(log=where, size=claim.size)
    return _(
        "{device} was shown another history of {log} than this device was, from place {size} on at the latest, or "
        "claims so. What was typed is kept. Bring the two together by a file (launchbook sync --to FILE) and ask an owner."
    ).format(device=_author(reader, claim.commit), log=where, size=claim.size)


def log_name(reader: Reader, log: bytes, language: str) -> str:
    """How people call a log: by its project's name, or as the workspace's."""
    row = reader.row("SELECT name, language FROM project WHERE id = ?", (log,))
    name = pick(row[0], language, row[1]) if row is not None else ""
    return f"“{name}”" if name else _("the workspace")


def _author(reader: Reader, commit: bytes) -> str:
    device = reader.value("SELECT device FROM entry WHERE hash = ?", (commit,))
    return device_words(reader).get(device) or _("Another device")


# -- rules that were bent ------------------------------------------------------------------------------------------


def _bent(reader: Reader, language: str) -> Iterator[str]:
    """Commits that the sequencer judged as no honest one does by the access that is known here."""
    people = names(reader)
    let_in: dict[tuple[bytes, str], int] = {}
    refused: dict[tuple[bytes, str], int] = {}
    for body, accepted, received, reason in reader.rows(
        # by the index of those that were refused: asked at each rest, of logs with a hundred thousand others
        "SELECT e.body, l.accepted, l.received, l.reason FROM entry e INDEXED BY entry_refused JOIN standing_leaf l "
        "ON l.hash = e.hash WHERE e.accepted = 0"
    ):
        commit = decode_body(body)
        key = (commit.log, people.get(commit.person or b"") or _("somebody unknown"))
        if accepted:
            let_in[key] = let_in.get(key, 0) + 1
        elif reason == Refusal.NO_ACCESS and _held_all_along(reader, commit, received):
            refused[key] = refused.get(key, 0) + 1
    for (log, person), count in let_in.items():
        yield counted(
            "The sequencer let {n} commit of {person} into {log} that the access of this person does not cover. Here it "
            "counts for nothing.",
            "The sequencer let {n} commits of {person} into {log} that the access of this person does not cover. Here "
            "they count for nothing.",
            count,
            person=person,
            log=log_name(reader, log, language),
        )
    for (log, person), count in refused.items():
        yield counted(
            "The sequencer refused {n} commit of {person} in {log}, who held the access for it all along.",
            "The sequencer refused {n} commits of {person} in {log}, who held the access for them all along.",
            count,
            person=person,
            log=log_name(reader, log, language),
        )


def _held_all_along(reader: Reader, commit: Commit, received: int) -> bool:
    """Whether the person was given this access before, for everything and for ever, and never less."""
    rows = reader.rows(
        "SELECT s.body, l.received FROM statement s JOIN entry e ON e.rev = s.rev LEFT JOIN standing_leaf l "
        "ON l.hash = e.hash WHERE s.kind = ? AND s.subject = ? AND s.counts = 1",
        (Kind.ACCESS, commit.person),
    )
    least = least_access(reader, commit)
    given = [(decode_statement(body), since) for body, since in rows]
    return any(since is not None and since < received for _one, since in given) and all(
        one.expires is None
        and one.request is None
        and one.meaning.upper() in Access.__members__
        and Access[one.meaning.upper()] >= least
        for one, _since in given
    )


# -- what is kept back ---------------------------------------------------------------------------------------------


def kept_back(
    reader: Reader, theirs: Held, own: bytes, server: bytes, looked: Looked, language: str
) -> list[str]:
    """What a server holds or must hold and does not give, once neither side has anything more to say.

    own: this device's id. server: the other side's key; a relay gives no places and owes none. `looked` is carried from one time to the next, so that only what is new is looked through.
    """
    ours = held_by(reader)
    found = [*_unordered(reader, theirs, language), *_not_given(reader, ours, theirs, language)]
    found += [*_lost(reader, ours, theirs, language), *_ahead(reader, language)]
    found += _unplaced(reader, theirs, own, server, language)
    missing = _without_commit(reader, looked)
    if missing:
        found.append(
            counted(
                "{n} commit has a place in the order and is kept back.",
                "{n} commits have a place in the order and are kept back.",
                missing,
            )
        )
    return found


def _unordered(reader: Reader, theirs: Held, language: str) -> Iterator[str]:
    epochs: dict[bytes, int] = dict(reader.rows("SELECT id, epoch FROM log"))
    for log in sorted({log for log, epoch in theirs.leaves if log in epochs and epoch > epochs[log]}):
        yield _(
            "The server gives {log} an order that no owner handed to it. Nothing of it was taken."
        ).format(log=log_name(reader, log, language))


def _not_given(reader: Reader, ours: Held, theirs: Held, language: str) -> Iterator[str]:
    lacking: dict[bytes, int] = {}
    for (log, device), upto in theirs.commits.items():
        lacking[log] = lacking.get(log, 0) + max(0, upto - ours.commits.get((log, device), 0))
    for log, count in lacking.items():
        if count:
            yield counted(
                "The server says that it holds {n} more commit of {log}, and what it gave of it does not hold.",
                "The server says that it holds {n} more commits of {log}, and what it gave of them does not hold.",
                count,
                log=log_name(reader, log, language),
            )


def _lost(reader: Reader, ours: Held, theirs: Held, language: str) -> Iterator[str]:
    """A server that is honest takes receipts back when it was restored, and an owner opens a new epoch then.

    Of a log that this device may not read any more it says nothing at all.
    """
    shown = {log for log, _which in (*theirs.commits, *theirs.leaves)}
    for (log, epoch), size in ours.leaves.items():
        lost = size - theirs.leaves.get((log, epoch), 0)
        if lost > 0 and log in shown:
            yield counted(
                "The server denies {n} place it gave in {log}. The receipt is here and stays good.",
                "The server denies {n} places it gave in {log}. The receipts are here and stay good.",
                lost,
                log=log_name(reader, log, language),
            )


def _unplaced(reader: Reader, theirs: Held, own: bytes, server: bytes, language: str) -> Iterator[str]:
    """Where the one who gives a log its order has taken commits of this device, it has decided about them."""
    ordered = {log for (log,) in reader.rows("SELECT id FROM log WHERE sequencer = ?", (server,))}
    for (log, device), upto in theirs.commits.items():
        if device != own or log not in ordered:
            continue
        waiting = 0
        for (placed,) in reader.raw.execute(
            "SELECT EXISTS (SELECT 1 FROM standing_leaf l WHERE l.hash = e.hash) FROM entry e "
            "WHERE log = ? AND device = ? AND dev_seq <= ? ORDER BY dev_seq DESC",
            (log, own, upto),
        ):
            if placed:
                break
            waiting += 1
        if waiting:
            yield counted(
                "The server says that it holds {n} commit of this device in {log} and gives it no place.",
                "The server says that it holds {n} commits of this device in {log} and gives them no place.",
                waiting,
                log=log_name(reader, log, language),
            )


def _ahead(reader: Reader, language: str) -> Iterator[str]:
    for claim in ahead(reader):
        yield _(
            "{device} names the order of {log} up to place {size}, and the server does not give this device all of that."
        ).format(
            device=_author(reader, claim.commit), log=log_name(reader, claim.log, language), size=claim.size
        )


def _without_commit(reader: Reader, looked: Looked) -> int:
    """How many standing leaves name a commit that is not here; what was whole once is not looked through again."""
    missing = 0
    for log, epoch, size in reader.rows("SELECT log, epoch, size FROM tree"):
        start = looked.get((log, epoch), 0)
        (count, first) = reader.row(
            "SELECT count(*), min(l.number) FROM leaf l LEFT JOIN epoch n ON n.log = l.log AND n.epoch = l.epoch + 1 "
            "WHERE l.log = ? AND l.epoch = ? AND l.number >= ? AND (n.size IS NULL OR l.number < n.size) "
            "AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.hash = l.hash)",
            (log, epoch, start),
        ) or (0, None)
        missing += count
        looked[log, epoch] = size if first is None else first
    return missing
