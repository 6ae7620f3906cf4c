"""What a schema refuses, in the words of whoever sends JSON: pydantic speaks of classes, unions and Python's types."""

from collections.abc import Collection, Mapping
from typing import Any

NAME_OR_OBJECT = "a name, or an object with name and parameters"

# what a value has to be, where it is of another kind altogether
_kinds = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a whole number of fewer digits",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "an array",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
}
# of an object's own class, what is in it
_objects = {
    "Named": NAME_OR_OBJECT,
    "DatasetConfig": NAME_OR_OBJECT,
    "CellSchema": "an object with tensor, layer, row and col",
    "CellOfLook": "an object with tensor, layer, row and col",
}


def told(errors: list[dict[str, Any]], parameters: Collection[str] = ()) -> list[dict[str, Any]]:
    """Field, value and bound of each mistake; `parameters` are what the operation takes in the query and not in the body.

    Of the branches of a union every one complains: those that a value of its kind was not meant for say nothing where another one
    found something inside it, and are one bound where none did.
    """
    fields = [field_name(one["loc"]) for one in errors]
    listed: dict[str, dict[str, Any]] = {}
    bounds: dict[str, list[str]] = {}
    for one, field in zip(errors, fields, strict=True):
        if one["type"] in _kinds and any(other.startswith((f"{field}.", f"{field}[")) for other in fields):
            continue
        value = None if one["type"] == "missing" else one.get("input")
        listed.setdefault(field, {"field": field, "value": value})
        bound = _bound(one, field, parameters)
        if bound not in bounds.setdefault(field, []):
            bounds[field].append(bound)
    return [{**one, "bound": _either(bounds[field])} for field, one in listed.items()]


def field_name(location: tuple[int | str, ...]) -> str:
    """`("layer_sizes", 1)` as people write it: `layer_sizes[1]`."""
    name = ""
    for part in location:
        if isinstance(part, int):
            name += f"[{part}]"
        elif not name or not _is_branch(part):
            name += f".{part}" if name else part
    return name or "body"


def _is_branch(part: str) -> bool:
    """pydantic names the branch of a union that it tried, and whether it was a key; nobody wrote that in a request."""
    return part in _union_branches or part.startswith(("list[", "constrained-", "function-"))


_union_branches = frozenset({"str", "int", "float", "bool", "Named", "[key]"})


def _either(bounds: list[str]) -> str:
    if NAME_OR_OBJECT in bounds:  # which says it of a text too
        bounds = [bound for bound in bounds if bound != "a text"]
    return ", or ".join(bounds)


def _bound(error: Mapping[str, Any], field: str, parameters: Collection[str]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    match kind:
        case "missing":
            return "given"
        case "extra_forbidden" if field in parameters:
            return f"left out of the body: it is a parameter of the query (?{field}=)"
        case "extra_forbidden":
            return "left out: there is no such field"
        case "model_type" if context.get("class_name") in _objects:
            return _objects[context["class_name"]]
        case "literal_error":
            return f"one of: {context['expected'].replace(' or ', ', ')}"
        case "too_short":
            return f"an array of at least {_counted(context['min_length'], 'entry', 'entries')}"
        case "too_long":
            return f"an array of at most {_counted(context['max_length'], 'entry', 'entries')}"
        case "string_too_short":
            return f"a text of at least {_counted(context['min_length'], 'character', 'characters')}"
        case "string_too_long":
            return f"a text of at most {_counted(context['max_length'], 'character', 'characters')}"
        case "greater_than_equal":
            return f"at least {_number(context['ge'])}"
        case "greater_than":
            return f"above {_number(context['gt'])}"
        case "less_than_equal":
            return f"at most {_number(context['le'])}"
        case "less_than":
            return f"below {_number(context['lt'])}"
        case "finite_number":
            return "a finite number"
    if kind in _kinds:
        return _kinds[kind]
    text = str(error["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    return text[:1].lower() + text[1:]


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _number(number: float) -> str:
    return f"{number:g}" if isinstance(number, float) else str(number)
