"""Ids that must meet offline: the same on every device, so that two who do one thing apart make one row."""

import hashlib


def _hashed(kind: bytes, *parts: bytes) -> bytes:
    digest = hashlib.sha256(b"launchbook/id/1\n" + kind)
    for part in parts:
        digest.update(len(part).to_bytes(4, "big") + part)
    return digest.digest()[:16]


def step_id(run: bytes, task: bytes, occurrence: str = "") -> bytes:
    return _hashed(b"step", run, task, occurrence.encode())


def attempt_id(step: bytes, number: int) -> bytes:
    return _hashed(b"attempt", step, number.to_bytes(4, "big"))


def check_result_id(step: bytes, check: bytes) -> bytes:
    return _hashed(b"check", step, check)


def criterion_result_id(run: bytes, criterion: bytes) -> bytes:
    return _hashed(b"criterion", run, criterion)
