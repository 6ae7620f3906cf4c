"""An equation in the two forms in which people meet it, and the one sentence about the convention behind all of them."""

from dataclasses import dataclass

CONVENTION = (
    "dA and dZ are gradients of the sum of the per-example losses (no 1/m); dW and db are gradients of the mean loss, "
    "so the factor 1/m appears once, in dW and db."
)


@dataclass(frozen=True, slots=True)
class Equation:
    """LaTeX of a whole tensor, and of one of its numbers in index form.

    Layers are l (L is the last), units j and k, examples i of m.
    """

    whole: str
    cell: str
