"""Order among siblings: a six-digit counter in base 62, and a fraction where something was put in between."""

from collections.abc import Iterator

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE = len(_DIGITS)
_WIDTH = 6
FIRST = "V" + "0" * (_WIDTH - 1)


def _number(digits: str) -> int:
    value = 0
    for digit in digits:
        value = value * _BASE + _DIGITS.index(digit)
    return value


def _digits(number: int) -> str:
    text = ""
    for _ in range(_WIDTH):
        number, rest = divmod(number, _BASE)
        text = _DIGITS[rest] + text
    return text


def _fraction_between(low: str, high: str | None) -> str:
    """A digit string strictly between two fractions, never ending in 0; `high` None means 1."""
    result = ""
    place = 0
    while True:
        under = _DIGITS.index(low[place]) if place < len(low) else 0
        over = _DIGITS.index(high[place]) if high is not None and place < len(high) else _BASE
        if over - under > 1:
            return result + _DIGITS[(under + over) // 2]
        result += _DIGITS[under]
        if over > under:
            high = None
        place += 1


def rank_between(low: str | None, high: str | None) -> str:
    """A rank after `low` and before `high`; None stands for the ends of the list."""
    if not low and not high:
        return FIRST
    if not high:
        return _digits(_number((low or FIRST)[:_WIDTH]) + 1)
    if not low:
        return _digits(max(0, _number(high[:_WIDTH]) - 1)) if _number(high[:_WIDTH]) > 0 else _below(high)
    first, second = _number(low[:_WIDTH]), _number(high[:_WIDTH])
    if second - first > 1:
        return _digits((first + second) // 2)
    if second == first:
        return low[:_WIDTH] + _fraction_between(low[_WIDTH:], high[_WIDTH:] or None)
    return low[:_WIDTH] + _fraction_between(low[_WIDTH:], None)


def _below(high: str) -> str:
    return high[:_WIDTH] + _fraction_between("", high[_WIDTH:] or None)


def ranks_after(low: str | None, count: int) -> Iterator[str]:
    """`count` ranks in order, all after `low`."""
    start = _number(low[:_WIDTH]) + 1 if low else _number(FIRST)
    return (_digits(start + step) for step in range(count))


def ranks_between(low: str | None, high: str | None, count: int) -> list[str]:
    """`count` ranks in order, all between the two: halving keeps them short however many there are."""
    if not high:
        return list(ranks_after(low, count))
    if count <= 0:
        return []
    middle = rank_between(low, high)
    before = count // 2
    return [
        *ranks_between(low, middle, before),
        middle,
        *ranks_between(middle, high, count - before - 1),
    ]
