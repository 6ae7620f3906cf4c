"""Lists with an entry for each layer, held against the limit while they are still plain JSON: a body has room for a million entries."""

from typing import Any

from app.engine import OutOfBounds

FIELDS = ("hidden_activations", "dropout", "normalisation", "W", "b", "gamma", "beta")


def check_lengths(given: object, max_layers: int, *, under: str = "") -> None:
    """Refuses a network of more layers than the limit, before an object is made of each of them, and an error where they are wrong.

    Args:
        given: a configuration as it came; what is no object is left to the schema.
        under: what stands before its fields, such as `changes.`

    Raises:
        OutOfBounds: a list that is longer.
    """
    if not isinstance(given, dict):
        return
    if (sizes := _length(given, "layer_sizes") - 1) > max_layers:
        raise OutOfBounds(
            f"{under}layer_sizes", given["layer_sizes"], f"at most {max_layers} layers", found=f"has {sizes} layers of weights"
        )
    for name in FIELDS:
        if (entries := _length(given, name)) > max_layers:
            raise OutOfBounds(
                f"{under}{name}", given[name], f"of at most {max_layers} entries, one for each layer", found=f"has {entries} entries"
            )


def _length(given: dict[str, Any], name: str) -> int:
    value = given.get(name)
    return len(value) if isinstance(value, list) else 0
