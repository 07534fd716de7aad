"""Ties each command to its verb, and leaves the function as it is, so that tests and other commands call it plainly."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from app.domain.verbs import Verb

P = ParamSpec("P")
R = TypeVar("R")

_VERBS: dict[str, Verb] = {}


def command(verb: Verb) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Registers a command: one function, one undo step, one line of the audit log."""

    def register(function: Callable[P, R]) -> Callable[P, R]:
        _VERBS[_name(function)] = verb
        return function

    return register


def verb_of(function: Callable[..., Any]) -> Verb:
    """The verb of a registered command."""
    return _VERBS[_name(function)]


def _name(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__qualname__}"
