"""Answering on the command line: exceptions, what may stand as it is, and fields with several values."""

from typing import Annotated

import typer

from app.clock import to_iso
from app.errors import NotFound
from app.i18n import N_, _
from app.queries import find
from app.queries.exceptions import ACCEPTABLE, ExceptionRow, exceptions
from app.queries.people import names
from ui.cli.parameters import AnyProject, Gate, Project, Reason
from ui.cli.session import Session


def add_to(application: typer.Typer) -> None:
    application.command(
        "exceptions",
        help=N_(
            "List what must be answered: changed after go, missing evidence, stale signatures, conflicts."
        ),
    )(list_exceptions)
    application.command(
        "accept", help=N_("Answer the exceptions at a gate: they may stand, and why; asks for the PIN.")
    )(accept)
    application.command(
        "late", help=N_("List what was signed in time and came too late; an owner lets it count (--accept).")
    )(list_late)
    application.command(
        "conflicts", help=N_("List fields with several values; setting the field chooses one.")
    )(list_conflicts)


def _rows(session: Session, project: bytes, run: bytes) -> list[ExceptionRow]:
    found: list[ExceptionRow] = session.read(exceptions, project, run, session.workspace.clock.now_ms())
    return found


def list_exceptions(context: typer.Context, project: Project) -> None:
    session: Session = context.obj
    found = session.project(project)
    rows = _rows(session, found, session.run_of(found))
    people = session.read(names)
    session.show(
        {"exceptions": [_data(one, people) for one in rows]},
        [_line(one, people) for one in rows] or [_("Nothing to answer.")],
    )


def _data(one: ExceptionRow, people: dict[bytes, str]) -> dict[str, object]:
    data: dict[str, object] = {
        "kind": one.kind,
        "subject": one.subject,
        "title": one.title,
        "text": one.text,
        "can_be_accepted": one.can_be_accepted,
        "answer": None,
    }
    if (answer := one.answer) is not None:
        data["answer"] = {
            "statement": answer.id,
            "name": people.get(answer.person, ""),
            "at": to_iso(answer.when_ms),
            "reason": answer.reason,
        }
    return data


def _line(one: ExceptionRow, people: dict[bytes, str]) -> str:
    line = f"{one.title}: {one.text}"
    if (answer := one.answer) is None:
        return line
    told = _("Accepted by {person}, {when}: {reason}").format(
        person=people.get(answer.person, "?"), when=to_iso(answer.when_ms), reason=answer.reason
    )
    return f"{line} {told}"


def accept(
    context: typer.Context,
    gate: Gate,
    kind: Annotated[
        str | None, typer.Option(metavar="K", help=N_("Only this kind, as exceptions --json names it."))
    ] = None,
    reason: Reason = "",
) -> None:
    from app.commands.accepting import accept as command

    session: Session = context.obj
    if kind not in (None, *ACCEPTABLE):
        told = _("It is one of: {kinds}.").format(kinds=", ".join(ACCEPTABLE))
        raise typer.BadParameter(told, param_hint="--kind")
    found, project = session.read(find.find_gate, gate)
    run = session.run_of(project)
    open_here = [
        one
        for one in _rows(session, project, run)
        if one.subject == found and one.can_be_accepted and kind in (None, one.kind)
    ]
    if not open_here:
        raise NotFound(_("Nothing at this gate waits to be accepted."))
    signer = session.signer()
    made = [session.do(command, signer, run, found, one.ground, reason=reason).result for one in open_here]
    session.show({"statements": made}, [one.hex() for one in made])


def list_late(
    context: typer.Context,
    accept: Annotated[
        str, typer.Option("--accept", metavar="ID", help=N_("Let this one count; the beginning is enough."))
    ] = "",
    reason: Reason = "",
) -> None:
    from app.commands.accepting import accept_late
    from app.queries.late import late

    session: Session = context.obj
    rows = session.read(late, session.language)
    if accept:
        meant = [one.statement for one in rows if one.statement.hex().startswith(accept.casefold())]
        if len(meant) != 1:
            raise NotFound(_("No late signature, or several, begin with {id}.").format(id=accept))
        session.do(accept_late, session.signer(), meant[0], reason=reason)
        session.show({"accepted": meant[0]}, [_("It counts now.")])
        return
    known = session.read(names)
    data = [
        {"id": one.statement, "person": known.get(one.person, ""), "sentence": one.sentence}
        | {"at": to_iso(one.when_ms), "received": to_iso(one.received_ms)}
        for one in rows
    ]
    told = _("{id} {person}: {sentence}. Made {when}, received {received}.")
    lines = [told.format(**(one | {"id": str(one["id"].hex())[:8], "when": one["at"]})) for one in data]
    session.show({"late": data}, lines or [_("Nothing came late.")])


def list_conflicts(context: typer.Context, project: AnyProject = None) -> None:
    from app.queries.conflicts import conflicts

    session: Session = context.obj
    rows = session.read(conflicts, session.project(project) if project else None, session.language)
    data = [
        {
            "object": one.object,
            "kind": one.table,
            "field": one.field,
            "title": one.title,
            "signed": one.signed,
        }
        | {
            "values": [
                {"value": v.value, "person": v.person, "at": to_iso(v.when_ms), "counts": v.counts}
                for v in one.values
            ]
        }
        for one in rows
    ]
    lines = [
        f"{one.title} · {one.field}: " + " | ".join(f"{v.value} ({v.person})" for v in one.values)
        for one in rows
    ]
    session.show({"conflicts": data}, lines or [_("No conflicts.")])
