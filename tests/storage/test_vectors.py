"""The signed formats never change: golden bytes, recomputed by the product and read by a decoder that knows none of it."""

import ast
import contextlib
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.codec import pack, unpack
from app.errors import VerifyError
from app.storage import keys
from app.storage.delivery import Held
from app.storage.log import decode_body
from app.storage.ops import encode
from app.storage.statements import decode_certificate, decode_statement
from app.workspace import Workspace
from tests.simulation.world import WorldClock, begun, database, open_workspace
from tests.vectors import decoder, make

NAMES = ("commit", "statement", "certificate", "checkpoint", "content", "salted")


@pytest.mark.parametrize("name", NAMES)
def test_the_product_computes_the_same_bytes_as_ever(name: str) -> None:
    """A vector that changes is a signature that no longer verifies."""
    assert make.load(name) == make.unplain(make.plain(make.vectors()[name]))


def test_the_decoder_imports_nothing_of_ours() -> None:
    tree = ast.parse(Path(decoder.__file__).read_text(encoding="utf-8"))
    modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert not [name for name in modules if name.split(".")[0] in ("app", "sync", "ui", "tests", "msgpack")]


# -- what the decoder reads ----------------------------------------------------------------------------------------


def test_the_decoder_reads_a_commit() -> None:
    vector = make.load("commit")
    found = decoder.read_commit(vector["body"], vector["signature"], vector["device_public"])
    ours = decode_body(vector["body"])

    assert found["hash"] == vector["hash"]
    assert (found["hlc"], found["offset"], found["args"]) == (ours.hlc, ours.offset, list(ours.args))
    assert found["ops"] == [encode(op, make.DEVICE) for op in ours.ops if op is not None]


def test_the_decoder_reads_a_statement_and_a_certificate() -> None:
    stated, certified = make.load("statement"), make.load("certificate")
    statement = decoder.read_statement(stated["body"], stated["signature"], stated["public"])
    certificate = decoder.read_certificate(
        certified["body"], certified["signature"], certified["issuer_public"]
    )

    assert (statement["role"], statement["files_here"]) == ("质量", [3, 5])
    assert decoder.sha256(b"launchbook/statement/1\n" + stated["body"]) == stated["hash"]
    assert list(certificate.values()) == certified["says"]
    assert decoder.key_id(certificate["public"]) == statement["key"]


def test_the_decoder_computes_digests_trees_and_salted_hashes() -> None:
    content, tree, salted = make.load("content"), make.load("checkpoint"), make.load("salted")
    hashes = [decoder.leaf_hash(*leaf) for leaf in tree["leaves"]]

    assert decoder.content_digest(content["step"]) == content["step_digest"]
    assert decoder.content_digest(content["gate"]) == content["gate_digest"]
    assert hashes == tree["hashes"]
    assert decoder.tree_root(hashes) == tree["root"]
    assert decoder.read_checkpoint(tree["checkpoint"], tree["public"])[1:] == (3, tree["root"])
    assert decoder.salted_hash(salted["salt"], decoder.pack(salted["value"])) == salted["hash"]


@pytest.mark.parametrize("number", [0, 127, 128, 255, 256, 65_535, 65_536, 1 << 32, (1 << 63) - 1])
def test_both_write_numbers_texts_and_arrays_alike(number: int) -> None:
    value = [
        number,
        -number - 1,
        "é" * (number % 300),
        b"\0" * (number % 70_000),
        [[]] * (number % 20),
        None,
        True,
    ]

    assert decoder.unpack(pack(value)) == value
    assert decoder.pack(value) == pack(value)


# -- what nobody may read ------------------------------------------------------------------------------------------

NOT_CANONICAL = {
    "a float": b"\xcb" + bytes(8),
    "a map": b"\x80",
    "an extension": b"\xd4\x01\x00",
    "a long zero": b"\xcc\x00",
    "a signed positive": b"\xd0\x01",
    "a long text header": b"\xd9\x01a",
    "a long array header": b"\xdc\x00\x01\x00",
    "a text that is not NFC": b"\xa3e\xcc\x81",
    "a text that is not UTF-8": b"\xa1\xff",
    "bytes left over": b"\x00\x00",
    "bytes missing": b"\xa5ab",
    "nothing": b"",
}


@pytest.mark.parametrize("data", NOT_CANONICAL.values(), ids=NOT_CANONICAL)
def test_other_encodings_of_a_value_are_refused_by_both(data: bytes) -> None:
    with pytest.raises(VerifyError):
        unpack(data)
    with pytest.raises(decoder.Broken):
        decoder.unpack(data)


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


READERS: dict[str, tuple[Callable[[bytes, bytes, bytes], Any], str]] = {
    "commit": (decoder.read_commit, "device_public"),
    "statement": (decoder.read_statement, "public"),
    "certificate": (decoder.read_certificate, "issuer_public"),
}


@pytest.mark.parametrize("name", READERS)
def test_one_changed_byte_breaks_the_signature(name: str) -> None:
    read, public = READERS[name]
    vector = make.load(name)
    body, signature, key = vector["body"], vector["signature"], vector[public]
    changed = [(flipped(body, at), signature) for at in range(0, len(body), 7)]
    changed += [(body, flipped(signature, at)) for at in range(0, len(signature), 3)]

    for broken, by in changed:
        with pytest.raises(decoder.Broken):
            read(broken, by, key)


@pytest.mark.parametrize("name", READERS)
def test_no_format_passes_as_another(name: str) -> None:
    """Each has its own prefix: a signature over one says nothing about the same bytes as another."""
    vector = make.load(name)
    key = vector[READERS[name][1]]
    for other, (read, _) in READERS.items():
        if other != name:
            with pytest.raises(decoder.Broken):
                read(vector["body"], vector["signature"], key)


def test_a_changed_checkpoint_is_refused() -> None:
    tree = make.load("checkpoint")
    note, public = tree["checkpoint"], tree["public"]
    for broken in (
        note.replace("\n3\n", "\n4\n"),
        note.replace("/1\n", "/2\n", 1),
        note[:-6] + "AAAA=\n",
        "",
        "\n\n",
    ):
        with pytest.raises(decoder.Broken):
            decoder.read_checkpoint(broken, public)


@pytest.mark.parametrize("name", ["commit", "statement", "certificate"])
def test_records_of_another_shape_are_refused_by_the_product(name: str) -> None:
    decode: dict[str, Callable[[bytes], Any]] = {
        "commit": decode_body,
        "statement": decode_statement,
        "certificate": decode_certificate,
    }
    array = decoder.unpack(make.load(name)["body"])
    for broken in (
        array[:-1],
        [*array, None],
        [2, *array[1:]],
        [1, 1.5, *array[2:]],
        ["x", *array[1:]],
        7,
        [],
    ):
        with pytest.raises(VerifyError):
            decode[name](pack(broken))


# -- a real workspace ----------------------------------------------------------------------------------------------


def test_the_decoder_verifies_a_workspace_that_was_worked_in() -> None:
    path = Path(begun().name) / "a" / "launchbook.db"
    commits = decoder.read_database(path)

    assert len(commits) > 10
    assert {commit["verb"] for commit in commits} >= {1, 10, 20, 30, 50}


def test_a_workspace_with_one_changed_byte_is_refused(tmp_path: Path) -> None:
    with contextlib.closing(_joined(tmp_path)) as workspace:
        raw = workspace.database.reader().raw
        raw.execute("PRAGMA query_only=off")
        raw.execute(
            "UPDATE entry SET body = CAST(substr(body, 1, 40) || x'07' || substr(body, 42) AS BLOB) WHERE rev = 4"
        )
    with pytest.raises(decoder.Broken):
        decoder.read_database(Path(workspace.database.path))


def _joined(folder: Path) -> Workspace:
    clock = WorldClock().seen_by(0, random.Random(1))
    with contextlib.closing(open_workspace(Path(begun().name) / "a", clock)) as first:
        delivery = first.give(Held({}, {}))
    (folder / "new").mkdir()
    store = database(folder / "new")
    return Workspace.join(folder / "new", delivery, clock=clock, cost=keys.CHEAP, database=store)
