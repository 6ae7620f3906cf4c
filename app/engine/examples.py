"""The batch gradient is a mean over examples, and the examples can disagree: how much, and what one of them says alone."""

from dataclasses import dataclass, replace

import numpy as np

from .activations import slope
from .errors import OutOfBounds, between
from .network import Network
from .step import masks_of, take_step
from .terms import Numbers, Reader
from .trace import PARAMETERS, Array, LayerTrace, Trace

PER_EXAMPLE = (
    "M",
    "V",
    "Zhat",
    "N",
    "D",
    "G",
    "dG",
    "dN",
    "dZhat",
    "dV",
    "dM",
)  # of what ingredients add to a layer, that which has a column for each example


@dataclass(frozen=True, slots=True)
class Cancellation:
    """|sum over examples| / sum over examples of magnitudes, for dW and db of one layer: 1 where all agree, 0 where they cancel.

    NaN where every example adds 0. For a unit and for the layer, numerator and denominator are summed over their weights (or biases).
    """

    dW: Numbers  # (n_l, n_prev)
    db: Numbers  # (n_l, 1)
    dW_units: Numbers  # (n_l,)
    db_units: Numbers  # (n_l,)
    dW_layer: float
    db_layer: float


def cancellation(trace: Trace, layer: int) -> Cancellation:
    """Of one layer 1..L, in float64; nothing m times larger than dW is made, for a product of magnitudes is a magnitude of products.

    Raises:
        OutOfBounds: no layer of weights has that number.
    """
    if not 1 <= layer < len(trace.layers):
        raise OutOfBounds("layer", layer, between(1, len(trace.layers) - 1))
    t = Reader(trace)
    dZ, A_prev = (t.tensor(name, l).astype(np.float64) for name, l in (("dZ", layer), ("A", layer - 1)))
    with np.errstate(all="ignore"):
        dW, all_dW = np.abs(dZ @ A_prev.T), np.abs(dZ) @ np.abs(A_prev).T
        db, all_db = np.abs(dZ.sum(axis=1, keepdims=True)), np.abs(dZ).sum(axis=1, keepdims=True)
        return Cancellation(
            _share(dW, all_dW),
            _share(db, all_db),
            _share(dW.sum(axis=1), all_dW.sum(axis=1)),
            _share(db.sum(axis=1), all_db.sum(axis=1)),
            float(_share(dW.sum(), all_dW.sum())),
            float(_share(db.sum(), all_db.sum())),
        )


def _share(part: Numbers, whole: Numbers) -> Numbers:
    # two sums in two orders: where all agree, rounding can put one a hair above the other
    return np.minimum(part / whole, 1.0)


def slope_of(trace: Trace, network: Network, layer: int) -> Array:
    """g'(Z) of a hidden layer, (n_l, m); g'(N) where it is normalised."""
    t = Reader(trace)
    with np.errstate(all="ignore"):
        return _frozen(slope(network.activations[layer - 1], t.tensor(t.entered(layer), layer), t.activated(layer)))


def example_alone(trace: Trace, network: Network, example: int) -> Trace:
    """The pass of one example of the batch as a trace of its own, with m = 1 and without an update.

    Its columns are the batch's own, to the last bit; its dW and db are what this example alone says, and the batch's are their mean.

    Raises:
        OutOfBounds: the batch has no such example, or under batch normalisation, which leaves none a pass of its own.
    """
    if network.mixes:
        bound = "left out: under batch normalisation an example's numbers depend on its whole batch, which is looked at instead"
        raise OutOfBounds("example", example, bound)
    if not 0 <= example < trace.m:
        raise OutOfBounds("example", example, f"{between(0, trace.m - 1)}, the examples of this batch")

    def column(tensor: Array | None) -> Array | None:
        return None if tensor is None else _frozen(tensor[:, example : example + 1])

    layers: list[LayerTrace] = []
    with np.errstate(all="ignore"):
        for layer in trace.layers:
            alone = layer._replace(
                A=_frozen(layer.A[:, example : example + 1]),
                dA=column(layer.dA),
                Z=column(layer.Z),
                dZ=column(layer.dZ),
                W_next=None,
                b_next=None,
                more={
                    **{name: layer.more[name] for name in PARAMETERS[2:] if name in layer.more},
                    **{name: column(layer.more[name]) for name in PER_EXAMPLE if name in layer.more},  # type: ignore[misc]
                },
            )
            if (norm := network.normalisation(layer.index)) is not None:
                of = alone.more
                dgamma, dbeta, *_ = norm.backward(of["dN"], alone.Z, of["M"], of["V"], of["Zhat"], of["gamma"])  # type: ignore[arg-type]
                alone = alone._replace(more={**of, "dgamma": _frozen(dgamma), "dbeta": _frozen(dbeta)})
            if alone.W is not None and alone.dZ is not None:
                dW, db, _ = network.dense.backward(alone.dZ, layers[-1].A, alone.W)
                alone = alone._replace(dW=_frozen(dW), db=_frozen(db))
            layers.append(alone)
    Y, losses = _frozen(trace.Y[:, example : example + 1]), _frozen(trace.losses[example : example + 1])
    return Trace(trace.step, float(losses[0]), losses, network.output.accuracy(layers[-1].A, Y), Y, tuple(layers))


@dataclass(frozen=True, slots=True)
class UpdateEffect:
    """What an update did to the loss of its own batch, and what the gradient had predicted to first order.

    Both are changes of the mean loss, in nats; `by_layer` are the parts of the prediction of layers 1..L. Where edits scaled gradients on
    their way back (`is_edited`), the update took those, and the prediction takes the loss's own: a slope that was scaled predicts nothing.
    """

    before: float
    after: float
    predicted: float
    by_layer: tuple[float, ...]
    is_edited: bool = False

    @property
    def actual(self) -> float:
        return self.after - self.before


def update_effect(trace: Trace, network: Network) -> UpdateEffect:
    """Of a trace that has an update. Source: Taylor's theorem; the difference of the two is of second order in the step.

    Raises:
        ValueError: the step was taken without an optimizer.
    """
    if trace.optimizer_state is None:
        raise ValueError("this trace has no update: its step was taken without an optimizer")
    by_layer = []
    t, own = Reader(trace), _unscaled(trace, network)
    of_loss = t if own is None else Reader(own)
    with np.errstate(all="ignore"):
        for layer in trace.layers[1:]:
            moved = 0.0
            for name in (one for one in PARAMETERS if one in ("W", "b") or one in layer.more):
                gradient = of_loss.tensor(f"d{name}", layer.index)
                new, old = (t.tensor(one, layer.index) for one in (f"{name}_next", name))
                moved += float(np.vdot(gradient.astype(np.float64), new.astype(np.float64) - old.astype(np.float64)))
            by_layer.append(moved)
        after = losses_of(network, trace, [layer.W_next for layer in trace.layers[1:]], [layer.b_next for layer in trace.layers[1:]])
        return UpdateEffect(trace.loss, float(np.add.reduce(after)) / after.size, sum(by_layer), tuple(by_layer), own is not None)


def _unscaled(trace: Trace, network: Network) -> Trace | None:
    """The same pass with the loss's own gradients: taken again, since a factor of 0 can't be divided out. None where nothing scales them."""
    edits = network.interventions
    if edits is None or not edits.scaled:
        return None
    plain = network.under(replace(edits, scaled={}))
    return take_step(plain, trace.X, trace.Y, step=trace.step, masks=masks_of(trace, trace.dtype))


def losses_of(network: Network, trace: Trace, W: list[Array | None], b: list[Array | None]) -> Array:
    """Each example's loss, (m,), with other parameters."""
    A = trace.X
    for l, (W_l, b_l) in enumerate(zip(W, b, strict=True), start=1):
        Z = network.dense.forward(A, W_l, b_l)  # type: ignore[arg-type]
        if l < len(W):
            if (norm := network.normalisation(l)) is not None:
                of = trace.layers[l].more  # of its own batch, as the gradient was
                Z = norm.forward(Z, of["gamma_next"], of["beta_next"])[3]
            A = network.activations[l - 1].forward(Z)
            if (mask := network.mask(l)) is not None:
                A = mask.forward(A, trace.layers[l].more["D"])
    return network.output.forward(Z, trace.Y)[1]


def _frozen(tensor: Array) -> Array:
    tensor = np.ascontiguousarray(tensor)
    tensor.flags.writeable = False
    return tensor
