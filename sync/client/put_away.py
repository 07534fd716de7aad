"""Which refused actions somebody has put away on this device: its own bookkeeping; the log keeps them all."""

import json
from pathlib import Path

from app import platform

PUT_AWAY = "put-away.json"


def put_away(folder: Path) -> frozenset[bytes]:
    """Ids of actions; a file that cannot be read puts nothing away."""
    try:
        return frozenset(
            bytes.fromhex(one) for one in json.loads((folder / PUT_AWAY).read_text(encoding="utf-8"))
        )
    except (OSError, ValueError, TypeError):
        return frozenset()


def add_put_away(folder: Path, action: bytes) -> None:
    """Not shown in the tray any more."""
    kept = sorted(one.hex() for one in {*put_away(folder), action})
    platform.write_private(folder / PUT_AWAY, json.dumps(kept).encode())
