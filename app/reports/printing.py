"""Printing for the record: a paper rendered and sealed with its issuer's key."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from app.errors import Refused
from app.i18n import _, in_language
from app.reports import REPORTS
from app.reports.contract import Report, Warnings
from app.reports.papers import Heading
from app.reports.seal import certificate, seal
from app.storage.crypto import key_id, public_bytes
from app.storage.engine import Reader


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who prints: the key that seals, and the name that stands in its certificate."""

    private: ec.EllipticCurvePrivateKey
    name: str


def print_record(
    reader: Reader, paper: Heading, issuer: Issuer | None, now: datetime
) -> tuple[bytes, Warnings]:
    """The finished PDF, and what has to be said about it; without an issuer it is not sealed, and that is said.

    Raises Refused for a key that this workspace does not know: nobody could verify such a paper.
    """
    pdf, warnings = render(paper)
    if issuer is None:
        return pdf, (
            *warnings,
            _("The paper is not sealed: nobody is known here yet. It cannot be verified later."),
        )
    public = public_bytes(issuer.private)
    issued = reader.value(
        "SELECT min(issued) FROM certificate WHERE key = ? AND level >= 0", (key_id(public),)
    )
    if issued is None:
        raise Refused(_("This key is not known in the workspace. Nothing was printed."))
    since = datetime.fromtimestamp(issued / 1000, UTC)  # one certificate a key, whatever it seals
    bound = certificate(issuer.private, issuer.name, int.from_bytes(key_id(public)[:8], "big") or 1, since)
    reason = f"{in_language(_report(paper).title, paper.languages[0])}, {paper.project}"
    return seal(pdf, issuer.private, bound, reason=reason, when=now), warnings


def render(paper: Heading) -> tuple[bytes, Warnings]:
    out = io.BytesIO()
    warnings = _report(paper).render(paper, out)
    return out.getvalue(), warnings


def _report(paper: Heading) -> Report[Any]:
    """The report that prints this kind of paper."""
    return next(one for one in REPORTS if one.paper is type(paper))
