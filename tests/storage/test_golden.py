"""The logs of earlier releases give the same digests, order and rows in this one, whatever has been added since."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.domain.verbs import BY_NUMBER
from app.storage.engine import Reader
from app.storage.keys import Device
from app.storage.rebuild import replays_equal
from app.storage.verification import Proof, verify_logs
from app.workspace import Workspace
from sync import stick
from tests.vectors.make_log import FOLDER, state_of

LOGS = sorted(FOLDER.glob("log-*.stick"))
# A restored workspace, an invitation and who followed it, a contact let in, a late signature, what was refused and sent again; what
# is erased by object or once it is due, and the period for that.
BESIDE = frozenset({6, 8, 9, 11, 85, 113, 117, 118, 119})


def _proof(reader: Reader, device: bytes) -> Proof:
    return verify_logs(
        reader, [log for (log,) in reader.rows("SELECT id FROM log ORDER BY kind, id")], device
    )


def test_there_is_one() -> None:
    assert LOGS


@pytest.mark.parametrize("file", LOGS, ids=lambda file: file.stem)
def test_a_log_of_an_earlier_release_means_the_same(file: Path, tmp_path: Path) -> None:
    expected = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    delivery = stick.read(file)
    replica = Workspace.mirror(tmp_path, stick.head_of(file).workspace, _a_device())
    taken = replica.take(delivery, gives_order=False)
    found = json.loads(json.dumps(replica.read(state_of)))
    proof = replica.read(_proof, replica.device.id)
    again = replays_equal(replica.database)
    replica.close()

    assert taken.forged == []
    assert found.pop("live rows").items() >= expected.pop("live rows").items()
    assert found == expected
    assert proof.holds
    assert again


def _a_device() -> Device:
    return Device(bytes(16), "reads", Ed25519PrivateKey.from_private_bytes(bytes(32)))


def test_the_newest_log_holds_every_verb_there_is() -> None:
    """A new verb comes with a new log, made by `python -m tests.vectors.make_log`; the old ones stay as they are."""
    verbs = {
        verb
        for file in LOGS
        for verb in json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))["verbs"]
    }
    assert BY_NUMBER.keys() - verbs == BESIDE
