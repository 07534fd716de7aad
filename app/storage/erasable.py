"""Which salted hashes an op holds: what stands in signed bytes for erasable values."""

from app.domain.registry import SPECS
from app.storage.ops import Create, Op, Put, State
from app.storage.statements import decode_statement


def hashes_in(op: Op | None) -> list[bytes]:
    """The salted hashes an op holds: values of erasable fields, and the reason of a statement."""
    match op:
        case Create() if op.entity in SPECS:
            fields = SPECS[op.entity].by_number
            return [
                v for n, _, v in op.values if isinstance(v, bytes) and n in fields and fields[n].mark.erasable
            ]
        case Put() if op.entity in SPECS:
            known = SPECS[op.entity].by_number.get(op.field)
            return [op.value] if known and known.mark.erasable and isinstance(op.value, bytes) else []
        case State():
            reason = decode_statement(op.body).reason
            return [reason] if reason else []
    return []
