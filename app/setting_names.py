"""Settings by the names of their variables: which there are, what is misspelt, and what is wrong with a value."""

import re
from collections.abc import Mapping
from difflib import get_close_matches

from annotated_types import Ge, Gt, Le
from pydantic.fields import FieldInfo

from app.settings import NESTED, PREFIX, Limits, Settings

# names with our prefix that others read: the launcher and the tests
ELSEWHERE = frozenset({"BACKSCOPE_CHROMIUM", "BACKSCOPE_PYTHON"})


def unknown_settings(environment: Mapping[str, str]) -> list[str]:
    """A sentence for each variable that looks like a setting and is none: misspelt, it would pass for one that was left out."""
    # without the prefix, so that what is misspelt counts alone
    known = {name.removeprefix(PREFIX): name for name in setting_names()}
    sentences = []
    for given, value in sorted(environment.items()):
        name = given.upper()
        if not name.startswith(PREFIX) or name in known.values() or name in ELSEWHERE or _is_of_a_cluster(name, value):
            continue
        alike = get_close_matches(name.removeprefix(PREFIX), known, 1)
        hint = f"perhaps {known[alike[0]]} was meant" if alike else f"settings are {', '.join(_main_names())} and BACKSCOPE_LIMITS__…"
        sentences.append(f"{given} is no setting; {hint}.")
    return sentences


def setting_names() -> list[str]:
    """Every variable that is read."""
    return ["BACKSCOPE_LIMITS", *_main_names(), *(_variable(("limits", name)) for name in Limits.model_fields)]


def _main_names() -> list[str]:
    return [_variable((name,)) for name in Settings.model_fields if name != "limits"]


def complaint(location: tuple[int | str, ...], value: object, message: str) -> str:
    """What pydantic says of a setting, with the variable that was set, its value and its bound."""
    names = tuple(map(str, location))
    fields: Mapping[str, FieldInfo] = Limits.model_fields if names[0] == "limits" and len(names) > 1 else Settings.model_fields
    field = fields.get(names[-1].lower())
    bound = message.removeprefix("Value error, ")
    if field is None:
        return f"{_variable(names)} is no setting."
    if field.annotation in _kinds and bound == message:  # else it is of our own, and says all
        bound = _kinds[field.annotation] + _range(field)
    return f"{_variable(names)} is {value!r}; it must be {bound}."


_kinds: Mapping[object, str] = {int: "a whole number", float: "a number"}


def _variable(names: tuple[str, ...]) -> str:
    alias = Settings.model_fields[names[0]].validation_alias if names[0] in Settings.model_fields else names[0]
    return alias if isinstance(alias, str) else PREFIX + NESTED.join(names).upper()


def _range(field: FieldInfo) -> str:
    words = []
    for one in field.metadata:
        match one:
            case Ge(ge=low):
                words.append(f"at least {low}")
            case Gt(gt=low):
                words.append(f"more than {low}")
            case Le(le=high):
                words.append(f"at most {high}")
    return f", {' and '.join(words)}" if words else ""


def _is_of_a_cluster(name: str, value: str) -> bool:
    """Kubernetes tells every container of a service that is called backscope in variables of its own."""
    return bool(re.fullmatch(r"BACKSCOPE_(SERVICE_(HOST|PORT)|PORT_\d+_(TCP|UDP)).*", name)) or (
        name == "BACKSCOPE_PORT" and "://" in value
    )
