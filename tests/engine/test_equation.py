"""Equations are true: each is read as mathematics and computed from a trace; and each is well set, by the real KaTeX."""

import json
import math
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.engine import (
    Equation,
    Phase,
    explain,
    initializers,
    optimizers,
    phases,
    schedules,
    take_step,
)
from app.engine.equation import renamed, set_indices, set_layer, template
from app.engine.terms import Cell, Reader
from tests.ingredients import settings
from tests.latex import NAME, NotUnderstood, Place, evaluate, letters_of_settings, plain, sides, written
from tests.registers import REGISTERS
from tests.strategies import CHOICES, Step, build_step, equations_of, own_phases

ROOT = Path(__file__).parent.parent.parent
# every size is another, and m is none of them: a missing transposition or a swapped index can't fit by chance
SIZES, M = [3, 5, 4, 2], 6
# rounding of a few dozen operations in another order than the engine's
RTOL, ATOL = 1e-11, 1e-13


def step_with(**choice: Any) -> Step:
    return build_step(SIZES, M, seed=11, **choice)


# one step for each ingredient: together they have every equation of the registers but the initializers' and the schedules'
STEPS = [pytest.param(choice, id=name) for name, choice in CHOICES.items()]


def place_of(phase: Phase, step: Step, moved: dict[tuple[str, int], np.ndarray] | None = None, **letters: int) -> Place:
    # W moves by the state as it has become
    new = [name.removesuffix("_next") for name, _ in phase.reads if name.endswith("_next")]
    symbols = letters_of_settings(phase.operation, step.trace.step) | {"n": float(step.trace.step)}
    return Place(step.trace, step.network, phase.l, symbols, new=new, moved=moved, **letters)


def letters_of(cell: str) -> list[str]:
    """The free indices of an index form, as its left side has them."""
    left = sides(cell)[0]
    if found := re.search(r"_\{([a-z](?:,[a-z])*)\}", left):
        return found[1].split(",")
    return re.findall(r"\(([a-z])\)", left)


def counted(cell: str, row: int, col: int) -> dict[str, int]:
    """What the free indices of an index form are for one cell, counted from 1; what has one number an example has its column alone."""
    letters = letters_of(cell)
    return {letter: index + 1 for letter, index in zip(letters, (col,) if letters == ["i"] else (row, col), strict=False)}


def check_whole(equation: Equation, phase: Phase, step: Step) -> None:
    """Every side of the matrix form is the tensor that the phase writes."""
    tensor = Reader(step.trace).tensor(phase.tensor, phase.layer)
    is_of_one = "(i)" in sides(equation.whole)[0]
    for i in range(1, step.trace.m + 1) if is_of_one else [1]:
        place = place_of(phase, step, **({"i": i} if is_of_one else {}))
        expected = tensor[:, i - 1 : i] if is_of_one else tensor
        name, layer, left = written(equation.whole, place)
        assert (name, layer) == (phase.tensor, phase.layer)
        np.testing.assert_allclose(np.reshape(left, expected.shape), expected, rtol=0, atol=0)
        for side in sides(equation.whole)[1:]:
            value = np.asarray(evaluate(side, place))
            assert value.shape in (expected.shape, ()), f"{side} is {value.shape}, not {expected.shape}"
            assert value.shape == expected.shape or expected.size == 1
            np.testing.assert_allclose(value.reshape(expected.shape), expected, rtol=RTOL, atol=ATOL, err_msg=side)


def check_cell(equation: Equation, phase: Phase, step: Step) -> None:
    """Every side of the index form is the cell, with its letters and with its numbers."""
    tensor, last = Reader(step.trace).tensor(phase.tensor, phase.layer), len(step.trace.layers) - 1
    for row, col in np.ndindex(tensor.shape):
        lettered = place_of(phase, step, **counted(equation.cell, row, col))
        numbered = place_of(phase, step)
        set_ = set_indices(equation.cell, layer=phase.l, last=last, row=row, col=col)
        assert "[l" not in set_
        assert "[L" not in set_
        for text, place in ((equation.cell, lettered), (set_, numbered)):
            assert written(text, place)[:2] == (phase.tensor, phase.layer)
            assert written(text, place)[2] == tensor[row, col]
            for side in sides(text)[1:]:
                value = evaluate(side, place)
                assert np.ndim(value) == 0
                np.testing.assert_allclose(value, tensor[row, col], rtol=RTOL, atol=ATOL, err_msg=side)


@pytest.mark.parametrize("ingredients", STEPS)
def test_every_equation_gives_the_traces_numbers(ingredients: dict[str, str]) -> None:
    step = step_with(**ingredients)
    for phase in own_phases(step):
        check_whole(phase.equation, phase, step)
        check_cell(phase.equation, phase, step)
    seen = {(phase.operation.name, phase.equation_name) for phase in phases(step.network, step.optimizer)}
    assert equations_of(step) <= seen, "an equation that no phase shows"


def test_an_optimizers_switches_are_in_its_equation() -> None:
    for decay_biases in (False, True):
        step = build_step(SIZES, M, seed=3)
        made = optimizers.make("sgd", {"weight_decay": 0.3, "decay_biases": decay_biases}, field="optimizer")
        step = retaken(step, made)
        for phase in phases(step.network, made)[-2:]:
            check_whole(phase.equation, phase, step)
            check_cell(phase.equation, phase, step)


def retaken(step: Step, optimizer: Any) -> Step:
    return Step(take_step(step.network, step.trace.X, step.trace.Y, optimizer=optimizer), step.network, optimizer)


def drawn(name: str, given: dict[str, Any], count: int) -> tuple[Any, np.ndarray]:
    initializer = initializers.make(name, given, field="it")
    return initializer, np.stack([initializer.weights((SIZES[1], SIZES[0]), np.random.default_rng(seed)) for seed in range(count)])


def check_distribution(right: str, draws: np.ndarray, place: Place) -> None:
    right = right.replace(r"\left", "").replace(r"\right", "").strip()
    if normal := re.fullmatch(r"\\mathcal\{N\}\(([^,]+),(.+)\)", right):
        mean, variance = (evaluate(part, place) for part in normal.groups())
    elif uniform := re.fullmatch(r"\\mathcal\{U\}\(([^,]+),(.+)\)", right):
        low, high = (evaluate(part, place) for part in uniform.groups())
        assert low <= draws.min()
        assert draws.max() <= high
        mean, variance = (low + high) / 2, (high - low) ** 2 / 12
    else:
        mean, variance = evaluate(right, place), 0.0
    # of n draws the mean is off by a standard error, the variance by sqrt(2/n) of itself: five of these, and rounding
    assert abs(draws.mean() - mean) <= 5 * math.sqrt(variance / draws.size) + 1e-14 * abs(mean)
    assert abs(draws.var() - variance) <= 5 * variance * math.sqrt(2 / draws.size) + 1e-14 * abs(mean)


def check_property(text: str, W: np.ndarray, step: Step, symbols: dict[str, Any], l: int) -> None:
    """Of what `or` stands between, one is true."""
    held = []
    for one in text.split(r"\quad \text{or} \quad"):
        left, right = sides(one)
        free = (
            sorted(set(re.findall(r"_\{([a-z]),([a-z])\}", left)[0]) | set(re.findall(r"\[([a-z]) = ([a-z])\]", right)[0]))
            if "_" in left
            else []
        )
        bound = re.findall(r"\\sum_\{([a-z])=", left)
        free = [letter for letter in free if letter not in bound]
        equal = []
        for at in np.ndindex(*([min(W.shape)] * len(free))):
            place = Place(step.trace, step.network, l, symbols, moved={("W", l): W}, **{x: i + 1 for x, i in zip(free, at, strict=True)})
            value = evaluate(left, place)
            if np.ndim(value):
                place.symbols["I"] = np.eye(len(value))
            equal.append(np.allclose(value, evaluate(right, place), rtol=0, atol=1e-12))
        held.append(all(equal))
    assert any(held), text


@pytest.mark.parametrize("name", list(initializers))
def test_an_initializers_equation_is_the_distribution_of_its_weights(name: str) -> None:
    equation = initializers[name].equations["W"]
    step = step_with()
    for given in settings(initializers[name]):
        initializer, draws = drawn(name, given, 1000)
        symbols = letters_of_settings(initializer)
        for text in (equation.whole, equation.cell):
            if re.match(r"W\^\{\[l\]\}(_\{j,k\})? (=|\\sim)", text):
                (right,) = sides(text)[1:]
                check_distribution(right, draws, Place(step.trace, step.network, 1, symbols, j=1, k=1))
            else:
                check_property(text, draws[0], step, symbols, 1)
                check_property(text, initializer.weights((SIZES[2], SIZES[1]), np.random.default_rng(0)), step, symbols, 2)
        for line in (one for one in equation.derivation if one.latex):
            left, right = (evaluate(side, Place(step.trace, step.network, 2, symbols)) for side in sides(line.latex))
            assert left == pytest.approx(right, rel=1e-12)


@pytest.mark.parametrize("name", list(schedules))
def test_a_schedules_equation_is_its_rate(name: str) -> None:
    step = step_with()
    for given in settings(schedules[name]):
        schedule = schedules.make(name, given, field="it")
        for text in (form for equation in schedule.equations.values() for form in (equation.whole, equation.cell)):
            (right,) = sides(text)[1:]
            for number in (1, 2, 3, 7, 100, 101, 1500):
                symbols = letters_of_settings(schedule) | {r"\eta": 0.7, "n": float(number), r"\pi": math.pi}
                assert evaluate(right, Place(step.trace, step.network, 1, symbols)) == pytest.approx(schedule.rate(0.7, number), rel=1e-12)
        for line in (one for equation in schedule.equations.values() for one in equation.derivation if one.latex):
            left, right = sides(line.latex)
            symbols = letters_of_settings(schedule) | {r"\pi": math.pi}
            place = Place(step.trace, step.network, 1, symbols)
            assert evaluate(left, place) == pytest.approx(evaluate(right, place), abs=1e-12)


# The tester is tested: equations with one thing wrong in them, and what they were made from.
WRONG = [
    ("Z", "whole", r" + b^{[l]}", ""),
    ("Z", "whole", r" + b", r" - b"),
    ("Z", "whole", r"W^{[l]} A^{[l-1]}", r"A^{[l-1]} W^{[l]}"),
    ("Z", "cell", r"W^{[l]}_{j,k}", r"W^{[l]}_{k,j}"),
    ("Z", "cell", r"A^{[l-1]}_{k,i}", r"A^{[l-1]}_{i,k}"),
    ("Z", "cell", r"A^{[l-1]}_{k,i}", r"A^{[l]}_{k,i}"),
    ("Z", "cell", r"n_{l-1}", r"n_l"),
    ("dW", "whole", r"\frac{1}{m}\,", ""),
    ("dW", "whole", r"\top", ""),
    ("dW", "whole", r"= ", r"= -"),
    ("dW", "whole", r"dZ^{[l]} A^{[l-1]\top}", r"A^{[l-1]} dZ^{[l]\top}"),
    ("dW", "cell", r"\frac{1}{m}", ""),
    ("dW", "cell", r"A^{[l-1]}_{k,i}", r"A^{[l-1]}_{i,k}"),
    ("dW", "cell", r"dZ", r"Z"),
    ("db", "whole", r"\frac{1}{m}", ""),
    ("db", "cell", r"\frac{1}{m}", ""),
    ("dA_prev", "whole", r"\top", ""),
    ("dA_prev", "cell", r"W^{[l]}_{j,k}", r"W^{[l]}_{k,j}"),
    ("dA_prev", "cell", r"n_l", r"n_{l-1}"),
    ("relu A", "whole", r"\max(0", r"\min(0"),
    ("relu dZ", "whole", r"\odot", ""),
    ("relu dZ", "whole", r">", r"<"),
    ("relu dZ", "cell", r"\cdot \mathbb{1}[Z^{[l]}_{j,i} > 0]", ""),
    ("losses", "cell", r"= -", r"= "),
    ("losses", "cell", r"\log", ""),
    ("loss", "whole", r"-\frac{1}{m}", r"\frac{1}{m}"),
    ("loss", "whole", r"\frac{1}{m}", ""),
    ("loss", "cell", r"\frac{1}{m}", ""),
    ("softmax A", "cell", r"_{k,i}", r"_{j,i}"),
    ("softmax A", "whole", r"\operatorname{softmax}(Z^{[L]})", r"Z^{[L]}"),
    ("softmax dZ", "whole", r"A^{[L]} - Y", r"Y - A^{[L]}"),
    ("softmax dZ", "cell", r"- Y", r"+ Y"),
    ("W_next", "whole", r"- \eta", r"+ \eta"),
    ("W_next", "whole", r"\eta", ""),
    ("W_next", "cell", r"+ \lambda W^{[l]}_{j,k}", ""),
    ("W_next", "cell", r"dW^{[l]}_{j,k}", r"dW^{[l]}_{k,j}"),
    ("b_next", "cell", r"db", r"b"),
    ("b_next", "whole", r"\leftarrow", "="),
]


@pytest.mark.parametrize(("which", "form", "right", "wrong"), WRONG)
def test_a_mistake_in_an_equation_is_found(which: str, form: str, right: str, wrong: str) -> None:
    step = build_step(SIZES, M, seed=11, hidden="relu", output="softmax_cross_entropy")
    *operation, name = which.split()
    found = [p for p in phases(step.network, step.optimizer) if p.equation_name == name and p.operation.name.startswith("".join(operation))]
    phase = found[-1] if name == "Z" else found[0]
    text = getattr(phase.equation, form)
    assert right in text, "the mistake can't be made any more: the equation has changed"
    head, sign, tail = re.split(r"(=|\\leftarrow)", text, maxsplit=1)
    changed = head + (sign + tail).replace(right, wrong, 1)
    planted = Equation(**{"whole": phase.equation.whole, "cell": phase.equation.cell, form: changed})
    with pytest.raises((AssertionError, NotUnderstood)):
        (check_whole if form == "whole" else check_cell)(planted, phase, step)


def place() -> Place:
    step = build_step(SIZES, M, seed=1)
    return Place(step.trace, step.network, 2, {r"\alpha": 0.5}, j=2, i=3)


@pytest.mark.parametrize(
    ("latex", "python"),
    [
        (r"2 + 3 \cdot 4 - 1", lambda Z, A: 13),
        (r"-Z^{[l]}_{j,i} \exp(2)", lambda Z, A: -Z[1, 2] * np.exp(2)),
        (r"A^{[l]}_{j,i} (1 - A^{[l]}_{j,i})", lambda Z, A: A[1, 2] * (1 - A[1, 2])),
        (r"A^{[l]} \odot (1 - A^{[l]})", lambda Z, A: A * (1 - A)),
        (r"\tfrac{1}{2} \big(Z^{[l]}_{j,i} - \alpha\big)^2", lambda Z, A: 0.5 * (Z[1, 2] - 0.5) ** 2),
        (r"\sum_{k=1}^{n_l} Z^{[l]}_{k,i} + 1", lambda Z, A: Z[:, 2].sum() + 1),
        (r"\log \sum_{k=1}^{n_l} e^{Z^{[l]}_{k,i}}", lambda Z, A: np.log(np.exp(Z[:, 2]).sum())),
        (r"\max(\alpha Z^{[l]}, Z^{[l]})", lambda Z, A: np.maximum(0.5 * Z, Z)),
        (r"\begin{cases} Z^{[l]} & Z^{[l]} > 0 \\ \alpha Z^{[l]} & \text{otherwise} \end{cases}", lambda Z, A: np.maximum(0.5 * Z, Z)),
        (r"|Z^{[l]}_{3,0}| / \sqrt{4}", lambda Z, A: abs(Z[3, 0]) / 2),
        (r"\frac{1}{1 + e^{-Z^{[l]}_{j,i}}}", lambda Z, A: 1 / (1 + np.exp(-Z[1, 2]))),
    ],
)
def test_the_reader_reads(latex: str, python: Any) -> None:
    layer = place().trace.layers[2]
    np.testing.assert_allclose(evaluate(latex, place()), python(layer.Z, layer.A), rtol=1e-14)


@pytest.mark.parametrize(
    "latex",
    [
        r"W^{[l]}_{9,0}",
        r"W^{[l]}_{j}",
        r"W^{[l]}_{p,i}",
        r"W^{[l+5]}",
        r"W",
        r"\beta",
        r"\frac{1}",
        r"(1 + 2",
        r"1 ) 2",
        r"W^{[l]} + Z^{[l]}",
        r"\gamma(Z^{[l]})",
        r"\operatorname{magic}(Z^{[l]})",
        r"\begin{cases} 1 & Z^{[l]}_{j,i} > 0 \\ 2 & Z^{[l]}_{j,i} > -99 \end{cases}",
    ],
)
def test_the_reader_guesses_nothing(latex: str) -> None:
    with pytest.raises(NotUnderstood):
        evaluate(latex, place())


# ---- derivations


def lines(step: Step) -> Iterator[tuple[Phase, str]]:
    for phase in own_phases(step):
        for line in phase.equation.derivation:
            if line.latex:
                yield phase, line.latex


def slope_between(above: str, below: str, phase: Phase, step: Step, letters: dict[str, int]) -> float:
    """A derivative of a derivation, by central differences through the forward equations of the register."""
    place = place_of(phase, step, **letters)
    made_by = {(p.tensor, p.layer): p for p in phases(step.network) if p.lane in ("forward", "loss")}
    (moved, moved_layer), moved_at = of_cell(below, place)
    (asked, asked_layer), asked_at = of_cell(above, place)
    L = len(step.network.W)

    def run(change: float) -> float:
        reader = Reader(step.trace)
        values: dict[tuple[str, int], np.ndarray] = {}

        def get(tensor: str, layer: int) -> np.ndarray:
            return values.get((tensor, layer), reader.tensor(tensor, layer))

        at = (moved, moved_layer)
        values[at] = get(*at).astype(np.float64).copy()
        values[at][moved_at] += change
        order = list(made_by)
        for tensor, layer in order[order.index(at) + 1 if at in order else 0 :]:
            maker = made_by[tensor, layer]
            if tensor == "Z":
                values["Z", layer] = maker.operation.forward(get("A", layer - 1), get("W", layer), get("b", layer))
            elif maker.family == "dropout":
                values["A", layer] = maker.operation.forward(get("G", layer), get("D", layer))
            elif maker.family == "normalisation":
                values[tensor, layer] = evaluate(sides(maker.equation.whole)[1], place_of(maker, step, moved=values))
            elif layer < L:
                values[tensor, layer] = maker.operation.forward(get(maker.names.get("Z", "Z"), layer))
            elif tensor == "A":
                values["A", L] = step.network.output.activate(get("Z", L))
            elif tensor == "losses":
                # from A, by the equation: an output differentiated as one would take its losses from the logits
                (_, right) = sides(maker.equation.whole)
                of_each = [evaluate(right, place_of(maker, step, moved=values, i=i)) for i in range(1, step.trace.m + 1)]
                values["losses", L] = np.reshape(of_each, (1, -1))
            else:
                values["loss", L] = values["losses", L].mean(keepdims=True)
        return float(values[asked, asked_layer][asked_at])

    slope = (run(1e-6) - run(-1e-6)) / 2e-6
    return slope * step.trace.m if above.startswith("(m") else slope


def of_cell(text: str, place: Place) -> tuple[tuple[str, int], tuple[int, int]]:
    """(tensor, layer), (row, col) of a cell in letters."""
    if example := re.fullmatch(r"\\mathcal\{L\}\^\{\(([a-z])\)\}", text):
        return ("losses", place.L), (0, place.index(example[1]))
    if text in (r"\mathcal{L}", r"(m \mathcal{L})"):
        return ("loss", place.L), (0, 0)
    match = re.fullmatch(rf"({NAME})\^\{{\[([^\]]+)\]\}}_\{{([a-z])(?:,([a-z]))?\}}", text)
    if not match:
        raise NotUnderstood(f"no cell: {text}")
    if match[3] == "i" and not match[4]:
        return (plain(match[1]), place.layer(match[2])), (0, place.index("i"))
    return (plain(match[1]), place.layer(match[2])), (place.index(match[3]), place.index(match[4]) if match[4] else 0)


PARTIAL = re.compile(r"\\frac\{\\partial (?P<above>(?:[^{}]|\{[^{}]*\})+)\}\{\\partial (?P<below>(?:[^{}]|\{[^{}]*\})+)\}")


def check_line(latex: str, phase: Phase, step: Step) -> None:
    """All sides are equal, for a handful of cells; a derivative is what its line in the derivation says it is, and that by differences."""
    known = {}
    for line in phase.equation.derivation:
        parts = sides(line.latex) if line.latex else [""]
        if PARTIAL.fullmatch(parts[0]):
            known[parts[0]] = parts[-1]
    rows = Reader(step.trace).tensor(phase.tensor, phase.layer).shape
    for row, col in {(0, 0), (rows[0] - 1, rows[1] - 1), (0, rows[1] - 1), (rows[0] - 1, 0)}:
        letters = counted(phase.equation.cell, row, col)
        # letters that are bound on the line's other side stand for themselves there
        for free in set("ijk") - set(letters):
            if not re.search(rf"\\sum_\{{{free}=", latex) and re.search(rf"[_(]\{{?[a-z,]*{free}[a-z,]*", latex):
                letters[free] = 1
        values = []
        for side in sides(latex):
            if derivative := PARTIAL.fullmatch(side):
                values.append(slope_between(derivative["above"], derivative["below"], phase, step, letters))
                continue
            plain = PARTIAL.sub(lambda match: rf"\left({known[match[0]]}\right)", side)
            values.append(float(np.asarray(evaluate(plain, place_of(phase, step, **letters))).item()))
        assert len(values) > 1, "a line that says nothing"
        # differences are right to about 1e-8
        np.testing.assert_allclose(values[1:], values[0], rtol=1e-7, atol=1e-8, err_msg=latex)


@pytest.mark.parametrize("ingredients", STEPS)
def test_every_line_of_a_derivation_is_true(ingredients: dict[str, str]) -> None:
    step = step_with(**ingredients)
    assert min(abs(layer.Z).min() for layer in step.trace.layers[1:]) > 1e-4, "a kink too near for differences"
    for phase, latex in lines(step):
        # also where examples mix, and one's numbers act on the losses of all
        check_line(latex, phase, step)


@pytest.mark.parametrize(
    ("key", "right", "wrong"),
    [
        ("dZ3", "-Y", "Y"),
        ("dZ3", "= 1", "= 2"),
        ("dZ3", r"\log", ""),
        ("dW2", r"\frac{1}{m}", ""),
        ("dW2", "= A^{[l-1]}_{k,i}", "= A^{[l-1]}_{i,k}"),
        ("db2", "= 1", "= -1"),
        ("dA1", "W^{[l]}_{j,k}", "W^{[l]}_{k,j}"),
        ("dW2", r"A^{[l-1]\top}_{i,k}", r"A^{[l-1]}_{i,k}"),
        ("dW2", r"\frac{\partial \mathcal{L}}", r"\frac{\partial \mathcal{L}^{(i)}}"),
        ("dA1", r"W^{[l]\top}_{k,j}", r"W^{[l]}_{k,j}"),
        ("dA1", r"(m \mathcal{L})", r"\mathcal{L}"),
        ("dZ1", "> 0", "< 0"),
    ],
)
def test_a_mistake_in_a_derivation_is_found(key: str, right: str, wrong: str) -> None:
    step = build_step(SIZES, M, seed=11, hidden="relu", output="softmax_cross_entropy")
    phase = next(p for p in phases(step.network) if p.key == key)
    changed = [line.latex.replace(right, wrong, 1) for line in phase.equation.derivation if right in line.latex]
    assert changed, "the mistake can't be made any more: the derivation has changed"
    for latex in changed:
        with pytest.raises((AssertionError, NotUnderstood)):
            check_line(latex, phase, step)


# ---- as they are set


def every_latex() -> Iterator[tuple[str, str]]:
    """(where it stands, LaTeX) of all that a page may typeset."""
    for register in REGISTERS:
        for entry in register.values():
            for name, equation in entry.equations.items():
                where = f"{entry.name} {name}"
                yield f"{where} whole", equation.whole
                yield f"{where} cell", equation.cell
                yield f"{where} of one cell", set_indices(equation.cell, layer=2, last=3, row=1, col=12)
                yield f"{where} of one layer", set_layer(equation.whole, layer=2, last=3)
                for line in equation.derivation:
                    if line.latex:
                        yield f"{where} derivation", line.latex
                        yield f"{where} derivation of one layer", set_layer(line.latex, layer=2, last=3)
            for parameter in entry.parameters:
                if parameter.symbol:
                    yield f"{entry.name} {parameter.name}", parameter.symbol
    for ingredients in STEPS:
        step = step_with(**ingredients.values[0])
        for phase in own_phases(step):
            explained = explain(step.trace, step.network, step.optimizer, Cell(phase.tensor, phase.layer, 0, 0))
            yield f"scale of {phase.key}", explained.sum.scale.latex
            factors = [factor for part in explained.sum.parts for factor in part.factors]
            for factor in [*factors, *([explained.sum.numerator] if explained.sum.numerator else [])]:
                text = factor.latex
                for place, number in enumerate(("-0.25", r"3.1\times 10^{-7}", "12")[: len(factor.of)], start=1):
                    text = text.replace(f"#{place}", f"{{{number}}}")
                assert "#" not in text, f"{factor.latex} has a place for a cell that it does not have"
                yield f"factor of {phase.key}", text


RENDER = """
import katex from "katex"
const texts = JSON.parse(await new Promise((done) => {
  let all = ""
  process.stdin.on("data", (part) => (all += part)).on("end", () => done(all))
}))
const wrong = []
for (const [where, text] of texts) {
  try {
    katex.renderToString(text, { throwOnError: true, strict: "error" })
  } catch (error) {
    wrong.push(`${where}: ${text}: ${error.message}`)
  }
}
console.log(JSON.stringify(wrong))
"""


def rendered(texts: list[tuple[str, str]]) -> list[str]:
    """What KaTeX has against each of them: one process for all."""
    command = ["node", "--input-type=module", "-e", RENDER]
    answer = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, cwd=ROOT, check=True, timeout=60)
    complaints: list[str] = json.loads(answer.stdout)
    return complaints


def test_katex_sets_every_equation() -> None:
    texts = list(dict.fromkeys(every_latex()))
    assert len(texts) > 60
    planted = [("broken", r"\frac{1}{m"), ("unknown", r"\nosuchcommand"), ("two superscripts", r"A^{[l]}^{2}")]
    assert [line.split(":")[0] for line in rendered([*texts, *planted])] == ["broken", "unknown", "two superscripts"]


# ---- the functions


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (r"dW^{[l]}_{j,k} = \frac{1}{m} \sum_{i=1}^{m} dZ^{[l]}_{j,i}\, A^{[l-1]}_{k,i}", r"dZ^{[2]}_{7,i}\, A^{[1]}_{0,i}"),
        (r"\mathcal{L}^{(i)} = -\sum_{j=1}^{n_L} Y_{j,i}", r"\mathcal{L}^{(0)} = -\sum_{j=1}^{n_{3}} Y_{j,0}"),
        (r"dA^{[l-1]}_{k,i} = \sum_{j=1}^{n_l} W^{[l]}_{j,k}", r"dA^{[1]}_{7,0} = \sum_{j=1}^{n_{2}} W^{[2]}_{j,7}"),
        (r"b^{[l]}_{j} \leftarrow b^{[l]}_{j}", r"b^{[2]}_{7} \leftarrow b^{[2]}_{7}"),
        (r"\mathcal{L} = \frac{1}{m} \sum_{i=1}^{m} \mathcal{L}^{(i)}", r"\sum_{i=1}^{m} \mathcal{L}^{(i)}"),
    ],
)
def test_what_a_sum_runs_over_stays_a_letter(cell: str, expected: str) -> None:
    assert expected in set_indices(cell, layer=2, last=3, row=7, col=0)


def test_what_a_norm_is_of_takes_its_new_names_one_by_one() -> None:
    text = r"gW^{[l]} = \min\!\left(1, \frac{c}{\lVert dW, db, d\gamma, d\beta \rVert}\right) dW^{[l]}"
    told = renamed(Equation(text, text, ""), {"dW": "hW", "db": "hb", "dgamma": "hgamma", "dbeta": "hbeta"})
    assert told.whole == text.replace("dW", "hW").replace("db", "hb").replace(r"d\gamma", r"h\gamma").replace(r"d\beta", r"h\beta")


def test_a_template_has_places_for_cells_and_numbers_for_settings() -> None:
    assert template(r"A_{j,i} = \max(\alpha Z_{j,i}, Z_{j,i})", {"Z_{j,i}": "#1", r"\alpha": "0.01"}) == r"\max(0.01 #1, #1)"
