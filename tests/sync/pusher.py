"""A server process that takes the messages in a folder and says the name of each once it is stored: made to be killed."""

import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.storage.keys import Device
from app.workspace import Workspace
from sync.core import frames, wire
from sync.server.ledger import Ledger
from sync.server.shared import SharedReplica


def main(url: str, folder: str, files: str, device: str, private: str, workspace: str) -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(private))
    identity = Device(bytes.fromhex(device), "server", key)
    mirror = Workspace.mirror(Path(folder), bytes.fromhex(workspace), identity)
    shared = SharedReplica(mirror, Ledger(url))
    for path in sorted(Path(files).iterdir()):
        _head, delivery = wire.read(frames.from_bytes(path.read_bytes()))
        shared.take(delivery)
        sys.stdout.write(f"{path.name}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
