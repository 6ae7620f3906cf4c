"""Normalisation: between Z and the activation, numbers are brought to mean 0 and variance 1, then scaled and shifted as learned.

Z gives its mean M and its variance V, these give Zhat, and N = gamma * Zhat + beta is what the activation reads. The backward pass goes
through all of them: Z reaches the loss directly, by the variance and by the mean.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np

from .equation import Equation, Line, number
from .errors import ShapeMismatch, counted, for_each_hidden
from .register import Choice, Parameter, Register
from .terms import Cells, Factor, Numbers, Products, Reader, Scale, Sum, constant, one_term
from .trace import Array

normalisations: Register["Normalisation"] = Register("normalisation")

HELD = ("gamma", "beta", "rM", "rV")  # what a layer keeps from step to step, in the order in which a checkpoint has it


def _eps() -> Parameter:
    return Parameter("eps", float, default=1e-5, low=1e-12, high=1, help="keeps the divisor above 0", symbol=r"\epsilon")


class Normalisation:
    """What both share. `axis` is that of Z, (n_l, m), over which mean and variance are taken.

    Where columns `mixes`, each number of a batch depends on all its examples, and running statistics rM and rV stand in for
    those of a batch when the network predicts. M, V and their gradients are (n_l, 1) then, else (1, m).
    """

    axis: ClassVar[int]
    mixes: ClassVar[bool]
    name: ClassVar[str]
    title: ClassVar[str]
    source: ClassVar[str]
    parameters: ClassVar[tuple[Parameter, ...]]
    equations: ClassVar[Mapping[str, Equation]]
    eps: float

    def start(self, n: int, dtype: object) -> dict[str, Array]:
        """gamma 1 and beta 0, (n, 1); and where columns mix, the running mean 0 and variance 1."""
        ones, zeros = np.ones((n, 1), dtype), np.zeros((n, 1), dtype)  # type: ignore[call-overload]
        ones.flags.writeable = zeros.flags.writeable = False
        return dict(zip(HELD, (ones, zeros, zeros, ones) if self.mixes else (ones, zeros), strict=False))

    def forward(self, Z: Array, gamma: Array, beta: Array) -> tuple[Array, Array, Array, Array]:
        """M, V, Zhat and N."""
        M = Z.mean(axis=self.axis, keepdims=True)
        V = np.square(Z - M).mean(axis=self.axis, keepdims=True)
        Zhat = (Z - M) / np.sqrt(V + self.eps)
        return M, V, Zhat, gamma * Zhat + beta

    def backward(
        self, dN: Array, Z: Array, M: Array, V: Array, Zhat: Array, gamma: Array
    ) -> tuple[Array, Array, Array, Array, Array, Array]:
        """dgamma and dbeta (gradients of the mean loss), dZhat, dV, dM and dZ (of the sum)."""
        m, n = dN.shape[1], dN.shape[self.axis]
        dgamma = np.add.reduce(dN * Zhat, axis=1, keepdims=True) / m
        dbeta = np.add.reduce(dN, axis=1, keepdims=True) / m
        dZhat = gamma * dN
        root = np.sqrt(V + self.eps)
        deviation = Z - M
        dV = -0.5 * np.add.reduce(dZhat * deviation, axis=self.axis, keepdims=True) / (root * root * root)
        dM = -np.add.reduce(dZhat, axis=self.axis, keepdims=True) / root
        dZ = dZhat / root + deviation * (dV * (2 / n)) + dM / n
        return dgamma, dbeta, dZhat, dV, dM, dZ

    def derivative(self, gamma: Numbers, V: Numbers, Zhat: Numbers, units: slice) -> Numbers:
        """dN_v / dZ_u of each example, (n_l, units, m), where columns do not mix: v runs over all units, u over those of `units`.

        The three ways of the backward pass in one number: directly, where v is u, less by the mean and by the variance.
        """
        n = Zhat.shape[0]
        of = np.arange(n)[units]
        moved = Zhat[:, np.newaxis, :] * (Zhat[np.newaxis, units, :] / -n) - 1 / n
        moved[of, np.arange(of.size)] += 1
        scaled: Numbers = gamma[:, :, np.newaxis] * moved / np.sqrt(V + self.eps)
        return scaled

    def running(self, of: Mapping[str, Array], Z: Array) -> dict[str, Array]:
        """The running statistics after this batch; of a layer's tensors by name."""
        return {}

    def predict(self, Z: Array, held: Mapping[str, Array]) -> Array:
        """N where nothing is trained."""
        return self.forward(Z, held["gamma"], held["beta"])[3]

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        """The terms of one cell of what this layer adds to the trace, or of dZ."""
        match equation:
            case "M":
                return Sum((Products((self._line(t, "Z", l, row, col),), self._letter()),), self._one_over_n(t, l))
            case "V":
                Z, M = self._along(t, "Z", l, row, col), self._statistic(t, "M", l, row, col, along=True)
                squared = Factor((Z.values - M.values) ** 2, (Z, M), r"\left(#1 - #2\right)^2")
                return Sum((Products((squared,), self._letter()),), self._one_over_n(t, l))
            case "Zhat":
                return Sum((one_term(self._deviation(t, l, row, col), self._inverse_root(t, l, row, col)),))
            case "N":
                scaled = one_term(t.cell("gamma", l, row, 0), t.cell("Zhat", l, row, col))
                return Sum((scaled, one_term(t.cell("beta", l, row, 0))))
            case "dgamma":
                return Sum((Products((t.row("dN", l, row), t.row("Zhat", l, row)), "i"),), t.mean())
            case "dbeta":
                return Sum((Products((t.row("dN", l, row),), "i"),), t.mean())
            case "dZhat":
                return Sum((one_term(t.cell("gamma", l, row, 0), t.cell("dN", l, row, col)),))
            case "dV":
                Z, M = self._along(t, "Z", l, row, col), self._statistic(t, "M", l, row, col, along=True)
                deviation = Factor(Z.values - M.values, (Z, M), r"\left(#1 - #2\right)")
                V = self._statistic(t, "V", l, row, col, along=True)
                slope = Factor(
                    -0.5 * (V.values + self.eps) ** -1.5, (V,), rf"-\frac{{1}}{{2}} \left(#1 + {number(self.eps)}\right)^{{-3/2}}"
                )
                return Sum((Products((self._line(t, "dZhat", l, row, col), deviation, slope), self._letter()),))
            case "dM":
                slope = self._inverse_root(t, l, row, col, sign="-", along=True)
                return Sum((Products((self._line(t, "dZhat", l, row, col), slope), self._letter()),))
            case _:
                n, letter = self._count(t, l)
                dV, dM = (self._statistic(t, name, l, row, col) for name in ("dV", "dM"))
                direct = one_term(t.cell("dZhat", l, row, col), self._inverse_root(t, l, row, col))
                by_variance = one_term(
                    constant(2 / n, rf"\frac{{2}}{{{letter}}}"), Factor(dV.values, (dV,)), self._deviation(t, l, row, col)
                )
                by_mean = one_term(constant(1 / n, rf"\frac{{1}}{{{letter}}}"), Factor(dM.values, (dM,)))
                return Sum((direct, by_variance, by_mean))

    def _letter(self) -> str:
        """Of the index that mean and variance run over."""
        return "i" if self.mixes else "j"

    def _count(self, t: Reader, l: int) -> tuple[int, str]:
        return (t.m, "m") if self.mixes else (t.tensor("Z", l).shape[0], f"n_{{{l}}}")

    def _one_over_n(self, t: Reader, l: int) -> Scale:
        n, letter = self._count(t, l)
        return Scale(1 / n, rf"\frac{{1}}{{{letter}}}")

    def _along(self, t: Reader, name: str, l: int, row: int, col: int) -> Cells:
        """The cells that share their mean with this one."""
        return t.cells(name, l, row, None) if self.mixes else t.cells(name, l, None, col)

    def _line(self, t: Reader, name: str, l: int, row: int, col: int) -> Factor:
        cells = self._along(t, name, l, row, col)
        return Factor(cells.values, (cells,))

    def _statistic(self, t: Reader, name: str, l: int, row: int, col: int, *, along: bool = False) -> Cells:
        """M, V or a gradient of these for one cell; with `along`, again for each of those that share it."""
        row, col = (row, 0) if self.mixes else (0, col)
        return t.cells(name, l, np.full(self._count(t, l)[0] if along else 1, row), col)

    def _deviation(self, t: Reader, l: int, row: int, col: int) -> Factor:
        Z, M = t.cells("Z", l, row, col), self._statistic(t, "M", l, row, col)
        return Factor(Z.values - M.values, (Z, M), r"\left(#1 - #2\right)")

    def _inverse_root(self, t: Reader, l: int, row: int, col: int, sign: str = "", *, along: bool = False) -> Factor:
        V = self._statistic(t, "V", l, row, col, along=along)
        values = float(f"{sign}1") / np.sqrt(V.values + self.eps)
        return Factor(values, (V,), rf"{sign}\frac{{1}}{{\sqrt{{#1 + {number(self.eps)}}}}}")


def _equations(n: str, index: str, of_one: str, whys: Mapping[str, str], *, of: str) -> dict[str, Equation]:
    """The equations of both; `?` is what a mean is taken over, `@` the index of what has one number for each mean.

    OTHERS sums over all that share their mean with a cell, whose indices are OTHER.
    """

    def written(text: str, *, whole: bool) -> str:
        # in matrix form a sum adds up columns or rows: `*` marks those of this mean, `+` the examples'
        text = text.replace("?", n).replace("SUM", rf"\sum_{{{index}=1}}^{{{n}}}")
        text = text.replace("OTHERS", rf"\sum_{{r=1}}^{{{n}}}").replace("OTHER", "j,r" if index == "i" else "r,i")
        if whole:
            text = text.replace("^{[l]}_{j,i}*", of_one).replace("^{[l]}_{j,i}+", "^{[l](i)}")
            return text.replace("_{j,i}", "").replace("@", "").replace("_{j}", "")
        return text.replace("}*", "}").replace("}+", "}").replace("@", of).replace(r" \odot ", r"\, ")

    def made(text: str, why: str, *lines: tuple[str, ...]) -> Equation:
        derivation = tuple(Line(words, *(written(form, whole=False) for form in latex)) for words, *latex in lines)
        return Equation(written(text, whole=True), written(text, whole=False), why, derivation)

    root = r"\sqrt{V^{[l]}@ + \epsilon}"
    return {
        "M": made(r"M^{[l]}@ = \frac{1}{?} SUM Z^{[l]}_{j,i}*", whys["M"]),
        "V": made(
            r"V^{[l]}@ = \frac{1}{?} SUM \left(Z^{[l]}_{j,i}* - M^{[l]}@\right)^{2}",
            "The mean square of the distances from the mean, divided by their number: what the backward pass differentiates.",
        ),
        "Zhat": made(
            rf"\hat{{Z}}^{{[l]}}_{{j,i}} = \frac{{Z^{{[l]}}_{{j,i}} - M^{{[l]}}@}}{{{root}}}",
            "Less its mean, and in units of its spread: mean 0 and variance 1. What does not vary stays at 0, by epsilon.",
        ),
        "N": made(
            r"N^{[l]}_{j,i} = \gamma^{[l]}_{j} \odot \hat{Z}^{[l]}_{j,i} + \beta^{[l]}_{j}",
            "Each unit learns the spread gamma and the mean beta that suit it, instead of what its weights happen to make.",
        ),
        "dgamma": made(
            r"d\gamma^{[l]}_{j} = \frac{1}{m} \sum_{i=1}^{m} dN^{[l]}_{j,i}+ \odot \hat{Z}^{[l]}_{j,i}+",
            "All examples use the same gamma, and so it is a mean over them, like dW.",
            (
                "In every example, gamma is multiplied by Zhat.",
                r"\frac{\partial N^{[l]}_{j,i}}{\partial \gamma^{[l]}_{j}} = \hat{Z}^{[l]}_{j,i}",
            ),
            (
                "It reaches the losses through this N of each example, and dN says how the sum of the losses follows N: a sum over i.",
                r"\frac{\partial (m \mathcal{L})}{\partial \gamma^{[l]}_{j}} "
                r"= \sum_{i=1}^{m} dN^{[l]}_{j,i}\, \frac{\partial N^{[l]}_{j,i}}{\partial \gamma^{[l]}_{j}} "
                r"= \sum_{i=1}^{m} dN^{[l]}_{j,i}\, \hat{Z}^{[l]}_{j,i}",
            ),
            (
                "As a parameter, gamma has the gradient of the mean of the losses, as W has: here the factor 1/m appears.",
                r"d\gamma^{[l]}_{j} = \frac{\partial \mathcal{L}}{\partial \gamma^{[l]}_{j}} "
                r"= \frac{1}{m} \frac{\partial (m \mathcal{L})}{\partial \gamma^{[l]}_{j}}",
            ),
        ),
        "dbeta": made(
            r"d\beta^{[l]}_{j} = \frac{1}{m} \sum_{i=1}^{m} dN^{[l]}_{j,i}+",
            "Behind the normalisation, beta is a bias, and has a bias's gradient.",
            (
                "N grows by exactly as much as beta does, in every example.",
                r"\frac{\partial N^{[l]}_{j,i}}{\partial \beta^{[l]}_{j}} = 1",
            ),
            (
                "So each example has its dN in the sum, and the mean of the losses brings the factor 1/m.",
                r"d\beta^{[l]}_{j} = \frac{\partial \mathcal{L}}{\partial \beta^{[l]}_{j}} "
                r"= \frac{1}{m} \sum_{i=1}^{m} dN^{[l]}_{j,i}\, \frac{\partial N^{[l]}_{j,i}}{\partial \beta^{[l]}_{j}}",
            ),
        ),
        "dZhat": made(
            r"d\hat{Z}^{[l]}_{j,i} = \gamma^{[l]}_{j} \odot dN^{[l]}_{j,i}",
            "What was scaled on the way forward is scaled by the same number on the way back.",
            (
                "Zhat is multiplied by gamma.",
                r"\frac{\partial N^{[l]}_{j,i}}{\partial \hat{Z}^{[l]}_{j,i}} = \gamma^{[l]}_{j}",
            ),
            (
                "It reaches the losses through its own N alone: the chain rule has one term.",
                r"d\hat{Z}^{[l]}_{j,i} = \frac{\partial (m \mathcal{L})}{\partial \hat{Z}^{[l]}_{j,i}} "
                r"= dN^{[l]}_{j,i}\, \frac{\partial N^{[l]}_{j,i}}{\partial \hat{Z}^{[l]}_{j,i}}",
            ),
        ),
        "dV": made(
            r"dV^{[l]}@ = -\frac{1}{2} \left(V^{[l]}@ + \epsilon\right)^{-3/2} \odot SUM d\hat{Z}^{[l]}_{j,i}* \odot \left(Z^{[l]}_{j,i}* - M^{[l]}@\right)",
            "One variance divides all these numbers, and answers for what it did to each: hence the sum.",
            (
                "Zhat has the variance to the power of minus a half, whose slope is minus a half times the power of minus three halves: a larger "
                "variance brings Zhat nearer to 0.",
                r"\frac{\partial \hat{Z}^{[l]}_{j,i}}{\partial V^{[l]}@} "
                r"= -\frac{1}{2} \left(Z^{[l]}_{j,i} - M^{[l]}@\right) \left(V^{[l]}@ + \epsilon\right)^{-3/2}",
            ),
            (
                whys["all"] + " The variance reaches the losses through each of them, and the chain rule adds them up.",
                r"dV^{[l]}@ = \frac{\partial (m \mathcal{L})}{\partial V^{[l]}@} "
                r"= SUM d\hat{Z}^{[l]}_{j,i}\, \frac{\partial \hat{Z}^{[l]}_{j,i}}{\partial V^{[l]}@}",
            ),
            ("Put the slope in. What has no index of the sum comes before it.",),
        ),
        "dM": made(
            rf"dM^{{[l]}}@ = -\frac{{1}}{{{root}}} \odot SUM d\hat{{Z}}^{{[l]}}_{{j,i}}*",
            "One mean is taken from all these numbers. That it is in the variance too adds nothing: the distances from a mean add up to 0.",
            (
                "The mean has two ways to the losses. The one goes through every Zhat: a larger mean makes each smaller alike.",
                rf"\frac{{\partial \hat{{Z}}^{{[l]}}_{{j,i}}}}{{\partial M^{{[l]}}@}} = -\frac{{1}}{{{root}}}",
            ),
            (
                "The other goes through the variance, in which each distance from the mean is squared. As the distances from a mean add up to 0, "
                "nothing comes this way.",
                r"\frac{\partial V^{[l]}@}{\partial M^{[l]}@} = -\frac{2}{?} SUM \left(Z^{[l]}_{j,i} - M^{[l]}@\right) = 0",
            ),
            (
                "The chain rule adds up both ways, and the second falls away.",
                r"dM^{[l]}@ = \frac{\partial (m \mathcal{L})}{\partial M^{[l]}@} "
                r"= SUM d\hat{Z}^{[l]}_{j,i}\, \frac{\partial \hat{Z}^{[l]}_{j,i}}{\partial M^{[l]}@} "
                r"+ dV^{[l]}@\, \frac{\partial V^{[l]}@}{\partial M^{[l]}@}",
            ),
        ),
        "dZ": made(
            rf"dZ^{{[l]}}_{{j,i}} = \frac{{d\hat{{Z}}^{{[l]}}_{{j,i}}}}{{{root}}} "
            r"+ \frac{2}{?}\, dV^{[l]}@ \odot \left(Z^{[l]}_{j,i} - M^{[l]}@\right) + \frac{1}{?}\, dM^{[l]}@",
            whys["dZ"],
            (
                "Z acts in three ways. Directly, where it is divided by the root, mean and variance kept as they are: the slope of Zhat is one over "
                "the root. By the mean, of which it is one part:",
                r"\frac{\partial M^{[l]}@}{\partial Z^{[l]}_{j,i}} = \frac{1}{?}",
            ),
            (
                "And by the variance, where its distance from the mean is squared. That the mean moves along adds nothing here either:",
                r"\frac{\partial V^{[l]}@}{\partial Z^{[l]}_{j,i}} = \frac{2}{?} \left(Z^{[l]}_{j,i} - M^{[l]}@\right)",
            ),
            (
                "The chain rule adds the three up.",
                rf"dZ^{{[l]}}_{{j,i}} = \frac{{\partial (m \mathcal{{L}})}}{{\partial Z^{{[l]}}_{{j,i}}}} = \frac{{d\hat{{Z}}^{{[l]}}_{{j,i}}}}{{{root}}} "
                r"+ dV^{[l]}@ \frac{\partial V^{[l]}@}{\partial Z^{[l]}_{j,i}} + dM^{[l]}@ \frac{\partial M^{[l]}@}{\partial Z^{[l]}_{j,i}}",
            ),
            (
                "With dV and dM put in, and a distance from the mean written as Zhat times the root, all three have the root below them. This is the "
                "form in which one often meets it: dZhat, less its mean, less the part of it that runs along Zhat.",
                rf"dZ^{{[l]}}_{{j,i}} = \frac{{1}}{{{root}}} \left(d\hat{{Z}}^{{[l]}}_{{j,i}} - \frac{{1}}{{?}} OTHERS d\hat{{Z}}^{{[l]}}_{{OTHER}} "
                r"- \hat{Z}^{[l]}_{j,i}\, \frac{1}{?} OTHERS d\hat{Z}^{[l]}_{OTHER}\, \hat{Z}^{[l]}_{OTHER}\right)",
            ),
            (
                "The numbers of Zhat add up to 0, and so do those of what is left in the brackets: to move all Z alike changes nothing that comes after.",
                r"OTHERS dZ^{[l]}_{OTHER} = 0",
            ),
        ),
    }


@normalisations.add
class BatchNorm(Normalisation):
    """Each unit's numbers to mean 0 and variance 1 over the batch (PyTorch's BatchNorm1d).

    Predictions use running means of both, in which the variance is divided by m - 1. A batch of one has no variance.
    """

    name = "batch_norm"
    title = "Batch normalisation"
    source = 'Ioffe and Szegedy (2015), "Batch normalization: accelerating deep network training by reducing internal covariate shift", algorithm 1'
    axis, mixes = -1, True
    parameters = (
        _eps(),
        Parameter("momentum", float, default=0.1, low=0, high=1, help="the share of a batch in the running statistics", symbol=r"\rho"),
    )
    equations = {
        **_equations(
            "m",
            "i",
            "^{[l](i)}",
            {
                "M": "Each unit's mean over the examples of the batch: a mean of each row.",
                "all": "One variance a unit divides its Z in every example of the batch.",
                "dZ": (
                    "Every example moves the mean and the variance of its unit, and by these all others: dZ of an example depends on the "
                    "whole batch, and each row of dZ adds up to 0. From here on back to the input, what belongs to an example is the "
                    "gradient of all losses of the batch together."
                ),
            },
            of="_{j}",
        ),
        "rM_next": Equation(
            whole=r"rM^{[l]} \leftarrow (1 - \rho)\, rM^{[l]} + \rho\, M^{[l]}",
            cell=r"rM^{[l]}_{j} \leftarrow (1 - \rho)\, rM^{[l]}_{j} + \rho\, M^{[l]}_{j}",
            why="A running mean of the batches' means: what predictions use, as one example alone has no batch.",
        ),
        "rV_next": Equation(
            whole=r"rV^{[l]} \leftarrow (1 - \rho)\, rV^{[l]} + \rho\, \frac{m}{m - 1}\, V^{[l]}",
            cell=r"rV^{[l]}_{j} \leftarrow (1 - \rho)\, rV^{[l]}_{j} + \rho\, \frac{m}{m - 1}\, V^{[l]}_{j}",
            why="The same of the variances, each divided by m - 1 and not by m, as a batch underestimates the spread of all examples.",
        ),
    }

    def __init__(self, eps: float = 1e-5, momentum: float = 0.1) -> None:
        self.eps, self.momentum = eps, momentum

    def run(self, rM: Array, rV: Array, M: Array, V: Array, Z: Array) -> tuple[Array, Array]:
        """The running statistics after one more batch."""
        m = Z.shape[1]
        return (1 - self.momentum) * rM + self.momentum * M, (1 - self.momentum) * rV + self.momentum * (m / (m - 1)) * V

    def running(self, of: Mapping[str, Array], Z: Array) -> dict[str, Array]:
        return dict(zip(("rM_next", "rV_next"), self.run(of["rM"], of["rV"], of["M"], of["V"], Z), strict=True))

    def predict(self, Z: Array, held: Mapping[str, Array]) -> Array:
        Zhat: Array = (Z - held["rM"]) / np.sqrt(held["rV"] + self.eps)
        return held["gamma"] * Zhat + held["beta"]

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        if equation not in ("rM_next", "rV_next"):
            return super().explain(equation, t, l, row, col)
        name = equation[1]
        kept = one_term(constant(1 - self.momentum, r"(1 - \rho)"), t.cell(f"r{name}", l, row, col))
        share = [constant(self.momentum, r"\rho")]
        if name == "V":
            share.append(constant(t.m / (t.m - 1), r"\frac{m}{m - 1}"))
        return Sum((kept, one_term(*share, t.cell(name, l, row, col))))


@normalisations.add
class LayerNorm(Normalisation):
    """Each example's numbers to mean 0 and variance 1 over the units of the layer (PyTorch's LayerNorm).

    Examples do not mix, and predictions are made as in training.
    """

    name = "layer_norm"
    title = "Layer normalisation"
    source = 'Ba, Kiros and Hinton (2016), "Layer normalization", section 3'
    axis, mixes = 0, False
    parameters = (_eps(),)
    equations = _equations(
        "n_l",
        "j",
        "^{[l]}_{j,:}",
        {
            "M": "Each example's mean over the units of the layer: a mean of each column.",
            "all": "One variance an example divides its Z of every unit in the layer.",
            "dZ": (
                "Every unit moves the mean and the variance of its example, and by these all other units: each column of dZ adds up to 0."
            ),
        },
        of="_{i}",
    )

    def __init__(self, eps: float = 1e-5) -> None:
        self.eps = eps


def check_normalisation(
    given: Sequence[Choice | None] | Choice | None, count: int, field: str = "normalisation"
) -> tuple[Normalisation | None, ...]:
    """One choice serves all hidden layers; a list has one for each. None is none.

    Raises:
        UnknownName, UnknownParameter, WrongType, OutOfBounds, ShapeMismatch: with the field.
    """
    if given is None or isinstance(given, str | Mapping):
        return (None if given is None else normalisations.choose(given, field=field),) * count
    if len(given) != count:
        bound = f"one {for_each_hidden(count)}, or a single one for all"
        raise ShapeMismatch(field, given, bound, found=f"has {counted(len(given))}")
    return tuple(None if one is None else normalisations.choose(one, field=f"{field}[{position}]") for position, one in enumerate(given))
