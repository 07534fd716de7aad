"""Proofs of statements: real exports hold, by a program that knows nothing of us, and no changed byte does."""

import ast
import base64
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.codec import pack, trusted
from app.commands import founding, signing, tasks
from app.commands.stating import Subject, make_statement
from app.domain.project import Gate
from app.domain.verbs import SIGN
from app.integrations.tlog_proofs import NotPlaced, proof_of, write_proofs
from app.storage.crypto import public_bytes
from app.storage.proofs import checkpoint
from app.storage.statements import Kind
from app.storage.transaction import Transaction
from resources.verifier import VERIFIER, verify_proof
from resources.verifier.verify_proof import File, Refused
from tests.simulation.world import ADA, BEN, World, signer, world_of


@dataclass
class Exported:
    """Ada signed a gate on her laptop, Ben a step once a server gave the order; `texts` by the first word of each file."""

    folder: Path
    fingerprint: str
    texts: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exported]:
    folder = tmp_path_factory.mktemp("proofs")
    with world_of(3, "ab") as world:
        project = signed(world)
        ben = world.replica("b").workspace
        written = ben.read(write_proofs, project, folder)
        name = ben.read(lambda reader: reader.value("SELECT hash FROM entry ORDER BY rev LIMIT 1"))
        yield Exported(folder, name.hex(), [file.read_text("utf-8") for file in written.files])


def signed(world: World) -> bytes:
    ada, ben = world.replica("a").workspace, world.replica("b").workspace
    project, gate = ada.read(lambda reader: reader.row("SELECT log, id FROM gate")) or (b"", b"")
    run = ada.read(lambda reader: reader.value("SELECT id FROM run WHERE log = ?", (project,)))
    task = ada.read(lambda reader: reader.value("SELECT min(id) FROM task"))
    ada.run(signing.sign, signer(ADA), run, gate, role="QA", reason="All totals agree")
    server = world.serve(world.folder / "s").workspace.device
    ada.run(founding.hand_over_order, signer(ADA), server.id, "server", server.public)
    world.heal()
    ben.run(signing.sign, signer(BEN), run, task, role="Ops")
    world.heal()
    return bytes(project)


def said(text: str) -> str:
    return "\n".join(verify_proof.lines_of(File(text)))


def refused(text: str) -> bool:
    try:
        File(text)
    except (Refused, ValueError, TypeError, AttributeError, LookupError, RecursionError):
        return True
    return False


def opened(text: str) -> list[Any]:
    extra = text.split("\n")[1].removeprefix("extra ")
    return list(trusted(base64.b64decode(extra)))


def sealed(text: str, extra: bytes) -> str:
    name, _extra, *rest = text.split("\n")
    return "\n".join([name, f"extra {base64.b64encode(extra).decode()}", *rest])


# -- what holds ----------------------------------------------------------------------------------------------------


def test_the_verifier_is_short_and_imports_nothing_of_ours() -> None:
    source = VERIFIER.read_text("utf-8")
    nodes = list(ast.walk(ast.parse(source)))
    modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}

    assert len(source.splitlines()) < 300
    assert {name.split(".")[0] for name in modules} <= {*sys.stdlib_module_names, "cryptography"}


@pytest.mark.slow
def test_a_proof_holds_elsewhere(exported: Exported) -> None:
    """With the program that was written beside it, in a folder without Launchbook."""
    (file, *_rest) = sorted(exported.folder.glob("*.tlog-proof"))

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "verify_proof.py", file.name, *words]
        return subprocess.run(
            command, cwd=exported.folder, capture_output=True, text=True, encoding="utf-8", check=False
        )

    assert run("--workspace", exported.fingerprint).stdout.startswith(
        "It holds.\nAda: sign-off approved QA\n"
    )
    other = run("--workspace", "00" * 32)
    assert (other.returncode, other.stdout) == (1, "It does not hold: it is of another workspace.\n")
    assert run("--workspace").returncode == 2


def test_it_says_who_stated_what_when_and_by_whose_order(exported: Exported) -> None:
    ada, handed, ben = map(said, exported.texts)

    assert ada.startswith("Ada: sign-off approved QA\n  because: All totals agree\n")
    assert "identity: self-declared" in ada
    assert "signed: gate, Go" in ada
    assert "signed: step, Load the balances, comment" in ada
    assert handed.startswith("Ada: sequencer sequencer")
    assert ben.startswith("ben: sign-off approved Ops\n")
    assert "identity: vouched for by an owner" in ben
    assert ada.count("role: given by an owner") == ben.count("role: given by an owner") == 1
    assert f"fingerprint {exported.fingerprint}" in ben


def test_a_proof_of_one_statement_is_small(exported: Exported) -> None:
    """The path in the tree is what grows with the log: 32 bytes each time it doubles."""
    for text in exported.texts:
        head, _, note = text.partition("\n\n")
        path = head.split("\n")[3:]

        assert len("\n".join(path)) + len(note) < 1024


def test_content_that_changed_since_is_left_out_and_that_is_said() -> None:
    with world_of(3, "ab") as world:
        signed(world)
        ada = world.replica("a").workspace
        (first,) = ada.read(
            lambda reader: reader.rows("SELECT hash FROM statement WHERE kind = 1 ORDER BY rev LIMIT 1")
        )
        task = ada.read(lambda reader: reader.value("SELECT min(id) FROM task"))
        ada.run(tasks.set_task, task, {"title": "Do something else"})

        assert "it has changed since" in said(ada.read(proof_of, first[0]))


def test_what_has_no_place_yet_has_no_proof() -> None:
    with world_of(3, "ab") as world:
        project = signed(world)
        ben = world.replica("b").workspace
        run = ben.read(lambda reader: reader.value("SELECT id FROM run WHERE log = ?", (project,)))
        task = ben.read(lambda reader: reader.value("SELECT max(id) FROM task"))
        name = ben.run(signing.sign, signer(BEN), run, task, role="Ops").result

        with pytest.raises(NotPlaced):
            ben.read(proof_of, name)
        assert ben.read(write_proofs, project, world.folder / "out").unplaced == 1


# -- what does not -------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_no_changed_character_of_a_proof_holds(exported: Exported) -> None:
    text = exported.texts[2]
    start = text.index("\nindex ")
    for at in [*range(0, start, 97), *range(start, len(text))]:
        assert refused(text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]), f"character {at}"


@pytest.mark.slow
def test_no_flipped_byte_of_what_it_rests_on_holds(exported: Exported) -> None:
    text = exported.texts[0]
    extra = pack(opened(text))
    for at in range(0, len(extra), 11):
        assert refused(sealed(text, extra[:at] + bytes([extra[at] ^ 1 << at % 8]) + extra[at + 1 :])), (
            f"byte {at}"
        )


def test_a_proof_that_was_cut_or_grew_is_refused(exported: Exported) -> None:
    text = exported.texts[0]
    lines = text.split("\n")
    for broken in (
        "",
        "\n",
        lines[0],
        text[:-1],
        f"{text}\n",
        f"{text} ",
        f"\n{text}",
        text.replace("\n", "\r\n"),
    ):
        assert refused(broken)
    gap = lines.index("")
    assert refused("\n".join([*lines[:3], *lines[4:]]))
    assert refused("\n".join([*lines[:gap], lines[3], *lines[gap:]]))


def test_without_a_part_of_what_it_rests_on_it_is_refused_or_claims_no_more(exported: Exported) -> None:
    text = exported.texts[2]
    extra, whole = opened(text), said(text)
    without = [
        sealed(text, pack([*extra[:4], extra[4][:at] + extra[4][at + 1 :], *extra[5:]]))
        for at in range(len(extra[4]))
    ]

    assert sum(map(refused, without)) >= 5  # the others are of no use to this one
    assert {said(one) for one in without if not refused(one)} == {whole}


def test_a_role_that_nobody_gave_is_not_shown_as_held() -> None:
    """A program of his own lets Ben sign as QA; the statement is his, and the role is not."""
    with world_of(3, "ab") as world:
        project = signed(world)
        ben, ada = world.replica("b"), world.replica("a").workspace
        subject = Subject(Gate.NUMBER, ada.read(lambda reader: reader.value("SELECT id FROM gate")))

        def forge(tx: Transaction) -> None:
            make_statement(tx, ben.signer, Kind.SIGN_OFF, subject, log=project, meaning="approved", role="QA")

        world.force(ben, forge, verb=SIGN.number)
        world.heal()
        name = ada.read(lambda reader: reader.value("SELECT hash FROM statement ORDER BY rev DESC LIMIT 1"))

        assert said(ada.read(proof_of, name)).startswith("ben: sign-off approved QA\n")
        assert "role: not shown" in said(ada.read(proof_of, name))


def test_a_statement_taken_to_another_place_is_refused(exported: Exported) -> None:
    ada, ben = opened(exported.texts[0]), opened(exported.texts[2])
    for at in (1, 2, 3):
        mixed = [*ben[:at], ada[at], *ben[at + 1 :]]
        assert refused(sealed(exported.texts[2], pack(mixed)))
    assert refused(sealed(exported.texts[2], pack(ada)))


def test_another_time_of_receipt_is_refused(exported: Exported) -> None:
    extra = opened(exported.texts[0])
    name, received, accepted, reason = trusted(extra[1])
    for leaf in (
        [name, received - 1, accepted, reason],
        [name, received, 0, 1],
        [name, received, accepted, 1],
    ):
        assert refused(sealed(exported.texts[0], pack([1, pack(leaf), *extra[2:]])))


def test_a_checkpoint_by_another_key_is_refused(exported: Exported) -> None:
    text = exported.texts[0]
    head, _, note = text.partition("\n\n")
    origin, size, root = note.partition("\n\n")[0].split("\n")
    _launchbook, log, epoch = origin.split("/")
    thief = Ed25519PrivateKey.generate()
    forged = checkpoint(thief, bytes.fromhex(log), int(epoch), int(size), base64.b64decode(root))
    assert refused(f"{head}\n\n{forged}")

    kept = File(text)
    assert kept.sequencers[bytes.fromhex(log), int(epoch)] != public_bytes(thief)


def test_texts_and_contents_that_nobody_signed_are_refused(exported: Exported) -> None:
    text = exported.texts[0]
    extra = opened(text)
    more = pack([bytes(16), "salt"])
    for broken in (
        [*extra[:5], [*extra[5], more], extra[6]],
        [*extra[:5], [more], extra[6]],
        [*extra[:6], [*extra[6], [bytes(16), pack("Forged")]]],
    ):
        assert refused(sealed(text, pack(broken)))
