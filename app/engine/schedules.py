"""How the learning rate changes from step to step. A schedule is a function of the step's number alone, so any step can be taken again."""

import math
from typing import Protocol

from .equation import Equation, Line
from .register import Ingredient, Parameter, Register


class Schedule(Ingredient, Protocol):
    """`lowest` is the rate that it never goes below, which the learning rate has to reach: else the rate would rise to it."""

    lowest: float

    def rate(self, learning_rate: float, step: int) -> float:
        """The learning rate of a step, 1 being the first; `learning_rate` is the optimizer's own."""


schedules: Register[Schedule] = Register("schedule")


def _equation(right: str, why: str, *lines: Line) -> dict[str, Equation]:
    return {"learning_rate": Equation(whole=rf"\eta_n = {right}", cell=rf"\eta_n = {right}", why=why, derivation=lines)}


@schedules.add
class Constant:
    """The same learning rate at every step."""

    name = "constant"
    title = "Constant"
    source = 'Robbins and Monro (1951), "A stochastic approximation method"'
    lowest = 0.0
    parameters = ()
    equations = _equation(
        r"\eta",
        "Step n goes as far as any other.",
        Line(
            "Gradients of batches differ, also where the mean loss is lowest, and steps of one length never come to rest there: they wander about "
            "at a distance that grows with the rate. What is right for the beginning is too much for the end; hence the other schedules."
        ),
    )

    def rate(self, learning_rate: float, step: int) -> float:
        return learning_rate


@schedules.add
class StepDecay:
    """The learning rate falls by a factor every so many steps (PyTorch's StepLR)."""

    name = "step"
    title = "Step"
    source = "Goodfellow, Bengio and Courville (2016), Deep Learning, section 8.3.1, on decaying learning rates"
    lowest = 0.0
    parameters = (
        Parameter("every", int, default=100, low=1, high=10**9, help="steps between two falls", symbol="s"),
        Parameter("gamma", float, default=0.1, low=0, high=1, help="the factor of one fall", symbol=r"\gamma"),
    )
    equations = _equation(
        r"\eta\, \gamma^{\lfloor (n - 1) / s \rfloor}",
        "Large steps as long as there is far to go, then smaller ones: down a staircase.",
        Line(
            "Before step n there were n - 1 steps, and in them a fall for every s that are complete: the brackets round down. Each fall multiplies "
            "by gamma, and so all together by gamma to their number."
        ),
    )

    def __init__(self, every: int = 100, gamma: float = 0.1) -> None:
        self.every, self.gamma = every, gamma

    def rate(self, learning_rate: float, step: int) -> float:
        return float(learning_rate * self.gamma ** ((step - 1) // self.every))


@schedules.add
class Cosine:
    """The learning rate falls along half a cosine and stays at its lowest (PyTorch's CosineAnnealingLR, without its way back up)."""

    name = "cosine"
    title = "Cosine"
    source = 'Loshchilov and Hutter (2017), "SGDR: stochastic gradient descent with warm restarts", equation 5'
    parameters = (
        Parameter("steps", int, default=1000, low=1, high=10**9, help="steps until the lowest rate", symbol="T"),
        Parameter("lowest", float, default=0.0, low=0, high=10, help="the lowest rate", symbol=r"\eta_0"),
    )
    equations = _equation(
        r"\eta_0 + \frac{1}{2} (\eta - \eta_0) \left(1 + \cos\left(\pi \min\left(1, \frac{n - 1}{T}\right)\right)\right)",
        "Slowly at first, then faster, then slowly again: no jump anywhere.",
        Line("Half a cosine, moved and scaled, is a share that begins at 1,", r"\frac{1}{2} \left(1 + \cos(0)\right) = 1"),
        Line("and ends at 0, flat at both ends.", r"\frac{1}{2} \left(1 + \cos(\pi)\right) = 0"),
        Line(
            "The angle grows evenly from 0 at step 1 to pi at step T + 1, where the minimum holds it. What lies between the lowest rate and the "
            "full one is multiplied by that share."
        ),
    )

    def __init__(self, steps: int = 1000, lowest: float = 0.0) -> None:
        self.steps, self.lowest = steps, lowest

    def rate(self, learning_rate: float, step: int) -> float:
        gone = min(1.0, (step - 1) / self.steps)
        return self.lowest + (learning_rate - self.lowest) * (1 + math.cos(math.pi * gone)) / 2


@schedules.add
class WarmUp:
    """The learning rate grows along a line to its full size and stays there (PyTorch's LinearLR)."""

    name = "warm_up"
    title = "Warm-up"
    source = 'Goyal and others (2017), "Accurate, large minibatch SGD: training ImageNet in 1 hour", section 2.2'
    lowest = 0.0
    parameters = (
        Parameter("steps", int, default=5, low=1, high=10**9, help="steps until the full rate", symbol="T"),
        Parameter("start", float, default=1 / 3, low=0, high=1, help="the share of it at the first step", symbol="r"),
    )
    equations = _equation(
        r"\eta \left(r + (1 - r) \min\left(1, \frac{n - 1}{T}\right)\right)",
        "Small steps first: where weights are still random, or moments still empty, large ones do harm.",
        Line(
            "The share r of the full rate is there from the start. The rest of it comes in T equal parts, one with each step, until the minimum "
            "holds it at the whole:",
            r"r + (1 - r) \cdot 1 = 1",
        ),
    )

    def __init__(self, steps: int = 5, start: float = 1 / 3) -> None:
        self.steps, self.start = steps, start

    def rate(self, learning_rate: float, step: int) -> float:
        return learning_rate * (self.start + (1 - self.start) * min(1.0, (step - 1) / self.steps))
