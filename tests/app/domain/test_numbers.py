"""Numbers that stand in signed bytes are never changed and never given twice: a frozen list says which mean what."""

import json
from pathlib import Path

from app.domain import verbs
from app.domain.registry import RESERVED_ENTITIES, SPECS
from app.domain.verbs import BY_NUMBER
from app.domain.words import Claim
from app.storage.statements import Kind

FROZEN = json.loads(Path(__file__).with_name("numbers.json").read_text(encoding="utf-8"))


def numbers() -> dict[str, dict[str, object]]:
    """Everything numbered, by number."""
    entities = {
        str(spec.number): {
            "table": spec.table,
            "fields": {str(one.mark.number): name for name, one in spec.fields.items()},
            "signed": sorted(name for name, one in spec.fields.items() if one.mark.signed),
            "erasable": sorted(name for name, one in spec.fields.items() if one.mark.erasable),
            "per language": sorted(name for name, one in spec.fields.items() if one.mark.per_language),
        }
        for spec in SPECS.values()
    }
    return {
        "entities": dict(entities),
        "verbs": {str(verb.number): verb.says for verb in BY_NUMBER.values()},
        "statements": {str(kind.value): kind.name for kind in Kind},
        "claims": {str(claim.value): claim.name for claim in Claim},
    }


def test_no_number_has_changed_its_meaning() -> None:
    """Additive only. A new number is added to the list together with the release that brings it."""
    now = numbers()
    for kind in ("statements", "claims"):
        assert FROZEN[kind].items() <= now[kind].items()
    assert FROZEN["verbs"].keys() <= now["verbs"].keys()
    for number, entity in FROZEN["entities"].items():
        present = now["entities"][number]
        assert isinstance(present, dict)
        assert entity["table"] == present["table"]
        assert entity["fields"].items() <= present["fields"].items()
        for mark in ("erasable", "per language"):
            assert set(entity[mark]) <= set(present[mark])


def test_signed_fields_change_only_with_a_new_digest_revision() -> None:
    signed = {number: one["signed"] for number, one in FROZEN["entities"].items()}

    assert signed == {n: one["signed"] for n, one in numbers()["entities"].items() if n in signed}  # type: ignore[index]


def test_no_number_is_given_twice() -> None:
    for spec in SPECS.values():
        assert len(spec.by_number) == len(spec.fields)
        assert 0 not in spec.by_number  # the register of life and death
    assert not SPECS.keys() & RESERVED_ENTITIES.keys()
    assert len([one for one in vars(verbs).values() if isinstance(one, verbs.Verb)]) == len(BY_NUMBER)
