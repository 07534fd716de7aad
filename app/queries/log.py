"""The audit log: one line an action, in the reader's language, from the signed commits themselves."""

from collections.abc import Sequence
from typing import NamedTuple

from app.domain.verbs import BY_NUMBER
from app.errors import NotFound
from app.i18n import _
from app.queries.devices import device_labels
from app.queries.people import names
from app.queries.texts import pick
from app.storage.engine import Reader
from app.storage.plain import plain_text


class LogLine(NamedTuple):
    """One action. `seq` is the official number of its first commit, None while not sequenced."""

    action: bytes
    rev: int
    seq: int | None
    when_ms: int
    person: str
    device: str
    verb: int
    sentence: str
    reason: str
    on_behalf_of: str
    commits: int
    ops: int
    hash: bytes
    undoable: bool


def log_lines(
    reader: Reader,
    project_id: bytes | None = None,
    *,
    language: str = "en",
    limit: int = 200,
    before: int | None = None,
) -> list[LogLine]:
    """The newest actions first, of one project's log or of the whole workspace; `before` pages on by revision."""
    from app.storage.log import decode_body  # with the codec; the first screen shows no log

    rows = reader.rows(
        "SELECT a.id, a.rev, a.kind, count(*), min(e.rev), a.device FROM action a JOIN entry e ON e.action = a.id "
        "WHERE (? IS NULL OR e.log = ?) AND a.rev < ? "
        "GROUP BY a.id ORDER BY a.rev DESC LIMIT ?",
        (project_id, project_id, (1 << 62) if before is None else before, limit),
    )
    people, devices = names(reader), device_labels(reader)
    lines = []
    for action, rev, kind, commits, entry, device in rows:
        name, body = reader.row("SELECT hash, body FROM entry WHERE rev = ?", (entry,)) or (b"", b"")
        commit = decode_body(body)
        lines.append(
            LogLine(
                action=action,
                rev=rev,
                seq=reader.value("SELECT number FROM standing_leaf WHERE hash = ?", (name,)),
                when_ms=commit.wall,
                person=people.get(commit.person, "") if commit.person else "",
                device=devices.get(device, ""),
                verb=commit.verb,
                sentence=sentence(reader, commit.verb, commit.args, language),
                reason=plain_text(reader, commit.reason),
                on_behalf_of=people.get(commit.on_behalf_of, "") if commit.on_behalf_of else "",
                commits=commits,
                ops=len(commit.ops),
                hash=name,
                undoable=kind in (0, 3),
            )
        )
    return lines


def action_of(reader: Reader, text: str) -> bytes:
    """The action whose id begins or ends with a text; raises NotFound."""
    found = [
        one
        for (one,) in reader.rows("SELECT id FROM action")
        if one.hex().startswith(text) or one.hex().endswith(text)
    ]
    if len(found) != 1 or len(text) < 4:
        raise NotFound(_("There is no single action {id} in the log.").format(id=text))
    return bytes(found[0])


def sentence(reader: Reader, verb: int, args: Sequence[object], language: str) -> str:
    """What a verb says of what it was about."""
    known = BY_NUMBER.get(verb)
    if known is None:
        return _("An action of a newer version ({verb})").format(verb=verb)
    return _(known.says).format(*(named(reader, arg, language) for arg in args), *("?",) * 4)


def named(reader: Reader, arg: object, language: str) -> str:
    """An id as what it names; numbers and words as they are."""
    if not isinstance(arg, bytes):
        return str(arg)
    for table, column in _TEXTS:
        found = reader.value(f"SELECT {column} FROM {table} WHERE id = ?", (arg,))
        if found is not None:
            return pick(found, language)
    for table, column in _NAMES:
        found = reader.value(f"SELECT {column} FROM {table} WHERE id = ?", (arg,))
        if found is not None:
            return str(found)
    return _action_words(reader, arg, language)


_TEXTS = (
    ("task", "title"),
    ("check_item", "text"),
    ("stage", "title"),
    ("gate", "name"),
    ("criterion", "text"),
    ("project", "name"),
)
_NAMES = (
    ("person", "CASE name WHEN '' THEN handle ELSE name END"),
    ("run", "CASE name WHEN '' THEN kind ELSE name END"),
    ("incident", "title"),
    ("decision", "question"),
    ("device", "CASE name WHEN '' THEN lower(substr(hex(id), 27)) ELSE name END"),
)


def _action_words(reader: Reader, action: bytes, language: str) -> str:
    from app.storage.log import decode_body

    body = reader.value("SELECT body FROM entry WHERE action = ? ORDER BY rev LIMIT 1", (action,))
    if body is None:
        return action.hex()[:8]
    commit = decode_body(body)
    return sentence(reader, commit.verb, commit.args, language)
