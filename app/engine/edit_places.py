"""Where in a network an edit may act, and what it says where it may not."""

from .errors import OutOfBounds, UnknownName, between
from .network import Network
from .register import Parameter
from .trace import PARAMETERS, Array

LAYER = Parameter("layer", int, default=1, low=1, help="the number of the layer")
LAYER_OR_INPUT = Parameter("layer", int, default=1, low=0, help="the number of the layer; the input is 0")


def check_layer(layer: int, low: int, high: int, what: str) -> None:
    """`what` such layers are, in the plural."""
    if high < low:
        raise OutOfBounds("layer", layer, f"left out: this network has no {what}")
    if not low <= layer <= high:
        raise OutOfBounds("layer", layer, f"{low} to {high}: {what}" if low < high else f"{low}: there are no other {what}")


def check_index(field: str, index: int, count: int, what: str) -> None:
    if not 0 <= index < count:
        raise OutOfBounds(field, index, f"{between(0, count - 1)}: {what}")


def parameter_of(network: Network, tensor: str, layer: int) -> Array:
    """Raises OutOfBounds or UnknownName where the network has no such parameter; a gradient stands for its own."""
    check_layer(layer, 1, len(network.W), "layers of weights")
    name = tensor.removeprefix("d")
    there: dict[str, Array] = {"W": network.W[layer - 1], "b": network.b[layer - 1]}
    if network.normalisation(layer) is not None:
        there |= {name: network.held[layer - 1][name] for name in PARAMETERS[2:]}
    if name not in there:
        raise UnknownName("tensor", tensor, [tensor.replace(name, one) for one in there])
    return there[name]
