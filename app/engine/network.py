"""What a step is taken on: layer sizes, activations and parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from .activations import Activation, activations
from .dense import Dense
from .dropout import Dropout, dropouts
from .errors import EngineError, NotFinite, OutOfBounds, ShapeMismatch, UnknownName, counted, for_each_hidden
from .initializers import Initializer
from .interventions import Interventions
from .normalisation import Normalisation, check_normalisation
from .outputs import Output, find_output
from .register import Choice
from .trace import Array

DTYPES = ("float64", "float32")


@dataclass(frozen=True, slots=True)
class Network:
    """Dense layers 1..L; `W[0]` and `b[0]` here belong to layer 1.

    `activations`, `dropouts`, `normalisations` and `held` have one entry for each hidden layer; `output` is the last activation with its
    loss. `held` is what a normalisation keeps from step to step: gamma and beta, and rM and rV where it runs. `interventions` are what
    edits do in each of its steps and predictions; without any, None.
    """

    W: tuple[Array, ...]
    b: tuple[Array, ...]
    activations: tuple[Activation, ...]
    output: Output
    dense: Dense = Dense()
    dropouts: tuple[Dropout | None, ...] = ()
    normalisations: tuple[Normalisation | None, ...] = ()
    held: tuple[Mapping[str, Array], ...] = ()
    interventions: Interventions | None = None

    def normalisation(self, l: int) -> Normalisation | None:
        """Of layer l, None where Z goes to the activation as it is."""
        return self.normalisations[l - 1] if 0 < l <= len(self.normalisations) else None

    @property
    def mixes(self) -> bool:
        """Whether each example's numbers depend on the others of its batch."""
        return any(one is not None and one.mixes for one in self.normalisations)

    def dropout(self, l: int) -> Dropout | None:
        """Of layer l, None where nothing is dropped."""
        return self.dropouts[l - 1] if l <= len(self.dropouts) else None

    def mask(self, l: int) -> Dropout | None:
        """What masks hidden layer l when it is trained: dropout, ablated units or both; None where nothing does."""
        dropout = self.dropouts[l - 1] if l <= len(self.dropouts) else None
        return dropout if self.interventions is None else self.interventions.mask(l, dropout)

    @property
    def layer_sizes(self) -> tuple[int, ...]:
        return (self.W[0].shape[1], *(W.shape[0] for W in self.W))

    @property
    def dtype(self) -> np.dtype[np.floating]:
        return self.W[0].dtype

    def with_parameters(self, W: Sequence[Array], b: Sequence[Array], held: Sequence[Mapping[str, Array]] | None = None) -> "Network":
        """The same network with other numbers in it; what its normalisations hold stays where none is given."""
        kept = (self.activations, self.output, self.dense, self.dropouts, self.normalisations)
        # not `replace`, which looks every field up: this is once a step, and a step of a small network is 50 us
        return Network(tuple(W), tuple(b), *kept, self.held if held is None else tuple(held), self.interventions)

    def under(self, interventions: Interventions | None) -> "Network":
        """The same network with other interventions, or none."""
        return self if interventions == self.interventions else replace(self, interventions=interventions)


def parameter_count(layer_sizes: Sequence[int], normalisation: Sequence[Choice | None] | Choice | None = None) -> int:
    """Weights, biases, gammas and betas; so that a network too large can be refused before it is made."""
    hidden = layer_sizes[1:-1]
    is_one = normalisation is None or isinstance(normalisation, str | Mapping)
    of_each = (normalisation,) * len(hidden) if is_one else normalisation
    normalised = sum(2 * n for n, one in zip(hidden, of_each, strict=False) if one is not None)  # type: ignore[arg-type,misc]
    return normalised + sum(n * n_prev + n for n_prev, n in zip(layer_sizes[:-1], layer_sizes[1:], strict=True))


def make_network(
    layer_sizes: Sequence[int],
    hidden_activations: Sequence[Choice] | Choice,
    output_activation: Choice,
    loss: Choice,
    W: Sequence[Array],
    b: Sequence[Array],
    dtype: str = "float64",
    dropout: Sequence[float] | float = 0.0,
    normalisation: Sequence[Choice | None] | Choice | None = None,
    gamma: Sequence[Array | None] | None = None,
    beta: Sequence[Array | None] | None = None,
) -> Network:
    """A network with the given parameters.

    W[l-1] is (n_l, n_{l-1}); b[l-1] is (n_l, 1) or (n_l,), and so are gamma[l-1] and beta[l-1] of the hidden layers, which are None
    where a layer is not normalised. Where they are None for one that is, or left out, gamma is 1 and beta 0.

    Raises:
        EngineError: a size below 1, an unknown name, a shape that does not fit, NaN or an infinity.
    """
    sizes = check_layer_sizes(layer_sizes)
    _check_dtype(dtype)
    hidden = check_hidden(hidden_activations, len(sizes) - 2)
    output = find_output(output_activation, loss)
    _check_count("W", W, len(sizes) - 1)
    _check_count("b", b, len(sizes) - 1)
    Ws, bs = [], []
    for layer, (n_prev, n) in enumerate(zip(sizes[:-1], sizes[1:], strict=True), start=1):
        so = f"as layer_sizes says of layer {layer}"
        Ws.append(given_parameter(f"W[{layer - 1}]", W[layer - 1], (n, n_prev), dtype, so))
        bs.append(given_parameter(f"b[{layer - 1}]", b[layer - 1], (n, 1), dtype, so))
    norms = check_normalisation(normalisation, len(hidden))
    dropouts = check_dropout(dropout, len(hidden))
    held = _held(norms, sizes, dtype, {"gamma": gamma, "beta": beta})
    return Network(tuple(Ws), tuple(bs), hidden, output, dropouts=dropouts, normalisations=norms, held=held)


def initial_network(
    layer_sizes: Sequence[int],
    hidden_activations: Sequence[Choice] | Choice,
    output_activation: Choice,
    loss: Choice,
    initializer: Initializer,
    rng: np.random.Generator,
    dtype: str = "float64",
    dropout: Sequence[float] | float = 0.0,
    normalisation: Sequence[Choice | None] | Choice | None = None,
) -> Network:
    """A network as the initializer makes it, layer 1 first; drawn in float64 and then rounded to `dtype`.

    Raises:
        EngineError: a size below 1 or an unknown name.
    """
    sizes = check_layer_sizes(layer_sizes)
    _check_dtype(dtype)
    hidden = check_hidden(hidden_activations, len(sizes) - 2)
    output = find_output(output_activation, loss)
    pairs = list(zip(sizes[:-1], sizes[1:], strict=True))
    norms = check_normalisation(normalisation, len(hidden))
    return Network(
        tuple(_frozen(initializer.weights((n, n_prev), rng).astype(dtype)) for n_prev, n in pairs),
        tuple(_frozen(np.zeros((n, 1), dtype)) for _, n in pairs),
        hidden,
        output,
        dropouts=check_dropout(dropout, len(hidden)),
        normalisations=norms,
        held=_held(norms, sizes, dtype),
    )


def bare_network(
    layer_sizes: Sequence[int],
    hidden_activations: Sequence[Choice] | Choice,
    output_activation: Choice,
    loss: Choice,
    dropout: Sequence[float] | float = 0.0,
    normalisation: Sequence[Choice | None] | Choice | None = None,
) -> Network:
    """The operations of a network around parameters that are all 0 and take no memory: for what depends on its shape alone.

    Raises:
        EngineError: a size below 1 or an unknown name.
    """
    sizes = check_layer_sizes(layer_sizes)
    pairs = list(zip(sizes[:-1], sizes[1:], strict=True))
    return Network(
        tuple(np.broadcast_to(np.float64(0), (n, n_prev)) for n_prev, n in pairs),
        tuple(np.broadcast_to(np.float64(0), (n, 1)) for _, n in pairs),
        check_hidden(hidden_activations, len(sizes) - 2),
        find_output(output_activation, loss),
        dropouts=check_dropout(dropout, len(sizes) - 2),
        normalisations=check_normalisation(normalisation, len(sizes) - 2),
    )


def check_layer_sizes(layer_sizes: Sequence[int]) -> tuple[int, ...]:
    """At least an input and an output, each of one unit or more."""
    if len(layer_sizes) < 2:
        raise EngineError("layer_sizes", list(layer_sizes), "a list of at least two sizes: the input's and the output's")
    for position, size in enumerate(layer_sizes):
        if isinstance(size, bool) or not isinstance(size, int) or size < 1:
            raise EngineError(f"layer_sizes[{position}]", size, "a whole number, at least 1")
    return tuple(layer_sizes)


def _check_dtype(dtype: str) -> None:
    if dtype not in DTYPES:
        raise UnknownName("dtype", dtype, DTYPES)


def check_hidden(given: Sequence[Choice] | Choice, count: int) -> tuple[Activation, ...]:
    """The activations of `count` hidden layers: one choice serves all, a list has one for each. Raises ShapeMismatch for another number, and what `choose` raises."""
    if isinstance(given, str | Mapping):
        activation = activations.choose(given, field="hidden_activations")
        return (activation,) * count
    if len(given) != count:
        bound = f"a name {for_each_hidden(count)}, or a single name for all"
        raise ShapeMismatch("hidden_activations", given, bound, found=f"has {counted(len(given))}")
    return tuple(activations.choose(one, field=f"hidden_activations[{position}]") for position, one in enumerate(given))


def check_dropout(rates: Sequence[float] | float, count: int) -> tuple[Dropout | None, ...]:
    """One rate serves all hidden layers; a list has one for each. Where it is 0, there is no dropout."""
    if not isinstance(rates, Sequence):
        return (_dropout("dropout", rates),) * count
    if len(rates) != count:
        bound = f"a rate {for_each_hidden(count)}, or a single one for all"
        raise ShapeMismatch("dropout", rates, bound, found=f"has {counted(len(rates))}")
    return tuple(_dropout(f"dropout[{position}]", rate) for position, rate in enumerate(rates))


def _dropout(field: str, rate: float) -> Dropout | None:
    """A rate is written as a bare number, so the field is its own and has no `rate` in it."""
    checked = Dropout.parameters[0].check(rate, field)
    return dropouts.make("dropout", {"rate": checked}, field=field) if checked else None


def _held(
    norms: Sequence[Normalisation | None],
    sizes: Sequence[int],
    dtype: str,
    given: Mapping[str, Sequence[Array | None] | None] = MappingProxyType({}),
) -> tuple[Mapping[str, Array], ...]:
    """What each hidden layer's normalisation begins with; `given` has gammas or betas in the place of 1 and 0."""
    held = [{} if norm is None else norm.start(n, dtype) for norm, n in zip(norms, sizes[1:-1], strict=True)]
    for name, of_each in given.items():
        if of_each is None:
            continue
        if len(of_each) != len(norms):
            bound = f"a list with an entry {for_each_hidden(len(norms))}, null where it is not normalised"
            raise ShapeMismatch(name, len(of_each), bound, found=f"has {counted(len(of_each))}")
        for layer, (norm, one) in enumerate(zip(norms, of_each, strict=True), start=1):
            if one is None:
                continue
            if norm is None:
                raise OutOfBounds(f"{name}[{layer - 1}]", one, f"null: layer {layer} is not normalised")
            so = f"as layer_sizes says of layer {layer}"
            held[layer - 1][name] = given_parameter(f"{name}[{layer - 1}]", one, (sizes[layer], 1), dtype, so)
    return tuple(held)


def _check_count(field: str, parameters: Sequence[Array], count: int) -> None:
    if len(parameters) != count:
        raise ShapeMismatch(
            field, len(parameters), f"a list of {counted(count)}, one for each layer 1..{count}", found=f"has {counted(len(parameters))}"
        )


def given_parameter(field: str, given: Array, shape: tuple[int, int], dtype: str, so: str) -> Array:
    """A read-only copy in the network's dtype. Raises ShapeMismatch, with the words `so` of why the shape is to be this, or NotFinite."""
    # float32 of a float64 beyond its range becomes an infinity, which the check below names
    with np.errstate(over="ignore"):
        try:
            parameter = np.array(given, dtype=dtype)
        except (TypeError, ValueError) as error:  # NumPy's words say nothing of the field
            raise ShapeMismatch(field, given, f"of shape {shape}, {so}", found="is no matrix of numbers") from error
    check_finite(field, parameter)  # while a flat list is still flat: its cells have one index
    if parameter.ndim == 1 and shape[1] == 1:
        if len(parameter) != shape[0]:
            found = f"has {counted(len(parameter), 'number', 'numbers')}"
            raise ShapeMismatch(field, parameter.shape, f"a list of {shape[0]}, {so}", found=found)
        parameter = parameter.reshape(-1, 1)
    if parameter.shape != shape:
        raise ShapeMismatch(field, parameter.shape, f"of shape {shape}, {so}", found=f"is of shape {parameter.shape}")
    return _frozen(parameter)


def check_finite(field: str, tensor: Array) -> None:
    """Raises NotFinite with the first cell at fault."""
    bad = np.argwhere(~np.isfinite(tensor))
    if len(bad):
        cell = tuple(int(index) for index in bad[0])
        raise NotFinite(f"{field}{''.join(f'[{index}]' for index in cell)}", float(tensor[cell]), f"a finite {tensor.dtype} number")


def _frozen(array: Array) -> Array:
    array.flags.writeable = False
    return array
