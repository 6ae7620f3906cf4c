"""Steps on any registered ingredients, and what must hold for each of them, whatever they are."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from app.engine import (
    Cell,
    Network,
    Trace,
    explain,
    gradcheck,
    make_network,
    next_network,
    numpy_script,
    phases,
    take_step,
)
from app.engine.explain import tensors_of
from app.engine.gradcheck import plan
from app.engine.optimizers import Optimizer
from app.engine.script import variable
from app.engine.terms import Reader
from app.engine.verdict import worst

from .strategies import targets, with_any_scale


class Step(NamedTuple):
    trace: Trace
    network: Network
    optimizer: Optimizer | None


def settings(entry: Any) -> list[dict[str, Any]]:
    """The defaults of an ingredient; and, where it has parameters, others within their bounds, each different from its default."""
    changed: dict[str, Any] = {}
    for parameter in entry.parameters:
        if parameter.type is bool:
            changed[parameter.name] = not parameter.default
            continue
        low, high = parameter.low or 0.0, parameter.high if parameter.high is not None else 2 * abs(parameter.default) + 1
        other = parameter.default + 0.31 * (high - parameter.default) * (1 if parameter.default < high else 0)
        value = min(other, 0.7) if parameter.default < 0.7 else parameter.default * 0.9
        changed[parameter.name] = parameter.check(int(max(low, value, 1)) if parameter.type is int else max(low, value), parameter.name)
    return [{}, changed] if changed else [{}]


def choices(register: Any) -> list[Any]:
    """Every entry of a register as a person may choose it: by its name, and with other parameters."""
    return [{"name": name, **one} if one else name for name in register for one in settings(register[name])]


def step_on(
    hidden: Any,
    output_activation: Any = "softmax",
    loss: Any = "cross_entropy",
    optimizer: Optimizer | None = None,
    *,
    sizes: tuple[int, ...] = (2, 3, 3, 2),
    m: int = 3,
    seed: int = 0,
    dtype: str = "float64",
    scale: float = 1.0,
    steps: int = 1,
    dropout: float | list[float] = 0.0,
    normalisation: Any = None,
) -> Step:
    """The last of some steps on one batch; targets are distributions, and gammas and betas not 1 and 0."""
    rng = np.random.default_rng(seed)
    W = [scale * rng.standard_normal((n, n_prev)) for n_prev, n in zip(sizes[:-1], sizes[1:], strict=True)]
    b = [rng.standard_normal(n) for n in sizes[1:]]
    network = make_network(sizes, hidden, output_activation, loss, W, b, dtype, dropout, normalisation)
    network = with_any_scale(network, rng)
    X = rng.standard_normal((sizes[0], m)).astype(dtype)
    Y = targets(rng, sizes[-1], m, soft=True).astype(dtype)
    trace = take_step(network, X, Y, optimizer=optimizer)
    for step in range(2, steps + 1):
        network = next_network(network, trace)
        trace = take_step(network, X, Y, optimizer=optimizer, state=trace.optimizer_state, step=step)
    return Step(trace, network, optimizer)


def every_cell(step: Step) -> Iterator[Cell]:
    t = Reader(step.trace)
    for layer in range(len(step.trace.layers)):
        for tensor in tensors_of(step.trace, layer):
            rows, cols = t.tensor(tensor, layer).shape
            yield from (Cell(tensor, layer, row, col) for row in range(rows) for col in range(cols))


def assert_every_number_is_explained(step: Step, rtol: float = 1e-12) -> int:
    """Each cell's terms add up to it, and each factor is a cell of the trace or a function of such cells. How many cells there were."""
    t, count = Reader(step.trace), 0
    for cell in every_cell(step):
        with np.errstate(all="ignore"):
            made = explain(step.trace, step.network, step.optimizer, cell)
            off = abs(made.result - made.value)
        room = rtol * max(abs(made.value), abs(made.sum.scale.value) * made.magnitude if made.sum.numerator is None else abs(made.value))
        same = made.result == made.value or (np.isnan(made.result) and np.isnan(made.value))
        assert same or off <= room, f"{cell} is {made.value!r}, its terms give {made.result!r}"
        for term in made.terms(limit=3):
            for factor in term.factors:
                assert all(f"#{place}" in factor.latex for place in range(1, len(factor.cells) + 1)), factor
                assert "#" not in factor.latex.replace("#1", "").replace("#2", "").replace("#3", "") or len(factor.cells) > 3
                assert factor.latex.count("#") >= len(factor.cells)
                for at, value in factor.cells:
                    found = float(t.tensor(at.tensor, at.layer)[at.row, at.col])
                    assert found == value or np.isnan(value)
        count += 1
    return count


def assert_every_gradient_is_right(step: Step) -> int:
    """By central differences; how many cells were really compared."""
    compared = 0
    for check in gradcheck(step.trace, step.network, plan(step.trace)):
        assert not check.wrong.any(), f"{check.tensor}[{check.layer}] at {worst(check)}: {check.relative_errors.max()}"
        compared += int((check.checked & ~check.kinks & ~check.small).sum())
    return compared


def assert_scripts_give_the_same_bits(step: Step) -> None:
    """The script of the whole step, and that of one phase of each kind alone."""
    of_each_kind = {(phase.family, phase.equation_name): phase.key for phase in phases(step.network, step.optimizer)}
    for key in (None, *of_each_kind.values()):
        script = numpy_script(step.trace, step.network, step.optimizer, key)
        names: dict[str, Any] = {"print": lambda *_, **__: None}
        with np.errstate(all="ignore"), np.printoptions():
            exec(compile(script, f"<script of {key}>", "exec"), names)
        for phase in phases(step.network, step.optimizer):
            if key in (None, phase.key):
                truth = Reader(step.trace).tensor(phase.tensor, phase.layer)
                given = np.asarray(names[variable(phase.tensor, phase.layer)]).reshape(truth.shape)
                np.testing.assert_array_equal(given, truth, err_msg=f"{phase.key} in the script of {key}:\n{script}")
                if phase.tensor != "loss":
                    assert given.dtype == truth.dtype, phase.key
