"""Toys on the plane, drawn from the seed: each shows one thing that a network has to bend for."""

import numpy as np
from numpy.typing import NDArray

from app.engine import Parameter

from .dataset import Classified, Examples, Labels, datasets

COUNT = Parameter("count", int, default=400, low=50, high=10_000, help="examples, a fifth of them for the test")


def noise(default: float) -> Parameter:
    return Parameter("noise", float, default=default, low=0, high=1, help="standard deviation of what is added to each point")


class Toy(Classified):
    """What all toys share: two features, no picture, and a fresh draw for each seed."""

    source = "generated here, from the seed"
    licence = "as Backscope"
    standardised = True
    features = 2
    feature_names = ("x1", "x2")
    image = None
    hidden = (8, 8)


@datasets.add
class Xor(Toy):
    """The four quadrants of a square, opposite ones alike."""

    name = "xor"
    title = "XOR"
    description = "A square's four quadrants, opposite ones alike: no single line can tell the classes apart."
    source = "Minsky and Papert (1969), Perceptrons; generated here, from the seed"
    parameters = (COUNT, noise(0.05))
    class_names = ("same sign", "opposite signs")

    def __init__(self, count: int = 400, noise: float = 0.05) -> None:
        self.count, self.noise = count, noise

    def load(self, rng: np.random.Generator) -> Examples:
        X = rng.uniform(-1, 1, (2, self.count))
        # the quadrants in turn, not by chance: every one is as full as its neighbours, and no class can be empty
        quadrant = np.arange(self.count) % 4
        X = np.abs(X) * np.array([[1, -1, -1, 1], [1, 1, -1, -1]])[:, quadrant]
        return Examples(_blurred(X, self.noise, rng), (quadrant % 2).astype(np.intp))


@datasets.add
class Spirals(Toy):
    """Arms that wind around one another."""

    name = "spirals"
    title = "Spirals"
    description = "Arms that wind around one another: the more turns, the more the boundary has to bend."
    source = "Lang and Witbrock (1988), after A. Wieland; generated here, from the seed"
    parameters = (
        COUNT,
        noise(0.03),
        Parameter("classes", int, default=3, low=2, high=6, help="arms, a class each"),
        Parameter("turns", float, default=0.75, low=0.25, high=3, help="how often an arm winds around the centre"),
    )

    def __init__(self, count: int = 400, noise: float = 0.03, classes: int = 3, turns: float = 0.75) -> None:
        self.count, self.noise, self.turns = count, noise, turns
        self.class_names = tuple(f"arm {number}" for number in range(1, classes + 1))

    def load(self, rng: np.random.Generator) -> Examples:
        labels = _in_turn(self.count, self.classes)
        radius = rng.uniform(0.1, 1, self.count)  # the arms meet in the centre: a tenth is left free
        angle = 2 * np.pi * (self.turns * radius + labels / self.classes)
        return Examples(_blurred(_polar(radius, angle), self.noise, rng), labels)


@datasets.add
class Moons(Toy):
    """Two half circles that reach into each other."""

    name = "moons"
    title = "Moons"
    description = "Two half circles that reach into each other: nearly, but not quite, a matter of one line."
    parameters = (COUNT, noise(0.1))
    class_names = ("upper", "lower")

    def __init__(self, count: int = 400, noise: float = 0.1) -> None:
        self.count, self.noise = count, noise

    def load(self, rng: np.random.Generator) -> Examples:
        labels = _in_turn(self.count, 2)
        upper = _polar(np.ones(self.count), rng.uniform(0, np.pi, self.count))
        lower = np.array([[1], [0.5]]) - upper
        return Examples(_blurred(np.where(labels == 0, upper, lower), self.noise, rng), labels)


@datasets.add
class Circles(Toy):
    """A ring around a ring."""

    name = "circles"
    title = "Circles"
    description = "A ring around a ring: the boundary has to close."
    parameters = (
        COUNT,
        noise(0.08),
        Parameter("factor", float, default=0.5, low=0.1, high=0.9, help="the inner ring's radius, the outer one's being 1"),
    )
    class_names = ("outer", "inner")

    def __init__(self, count: int = 400, noise: float = 0.08, factor: float = 0.5) -> None:
        self.count, self.noise, self.factor = count, noise, factor

    def load(self, rng: np.random.Generator) -> Examples:
        labels = _in_turn(self.count, 2)
        radius = np.where(labels == 0, 1.0, self.factor)
        angle = rng.uniform(0, 2 * np.pi, self.count)
        return Examples(_blurred(_polar(radius, angle), self.noise, rng), labels)


@datasets.add
class Blobs(Toy):
    """Round clouds whose centres stand on a circle."""

    name = "blobs"
    title = "Blobs"
    description = "Round clouds, their centres on a circle: straight lines are enough, until the noise makes them overlap."
    parameters = (COUNT, noise(0.2), Parameter("classes", int, default=3, low=2, high=6, help="clouds, a class each"))

    def __init__(self, count: int = 400, noise: float = 0.2, classes: int = 3) -> None:
        self.count, self.noise = count, noise
        self.class_names = tuple(f"blob {number}" for number in range(1, classes + 1))

    def load(self, rng: np.random.Generator) -> Examples:
        labels = _in_turn(self.count, self.classes)
        turned = rng.uniform(0, 2 * np.pi)  # so that another seed is another picture
        centres = _polar(np.ones(self.count), turned + 2 * np.pi * labels / self.classes)
        return Examples(_blurred(centres, self.noise, rng), labels)


def _in_turn(count: int, classes: int) -> Labels:
    """0, 1, ..., 0, 1, ...: classes as equal in number as can be."""
    return np.arange(count) % classes


def _polar(radius: NDArray[np.float64], angle: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)])


def _blurred(X: NDArray[np.float64], noise: float, rng: np.random.Generator) -> NDArray[np.float64]:
    return X + noise * rng.standard_normal(X.shape)
