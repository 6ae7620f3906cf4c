"""What can go wrong with gradients: each rule with its threshold and its source, and what a finding says."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from .terms import Cell

Severity = Literal["note", "warning", "broken"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What is looked for. `bound` is the threshold in words; `source` says where the phenomenon is described, and whose the threshold is."""

    name: str
    title: str
    bound: str
    source: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that a step breaks: where, by how much, and in words. `factor` is what made the signal small, large or not finite.

    `began` is for what is not finite, where the step was given it so: in an earlier step, and what was found there.
    """

    rule: Rule
    severity: Severity
    layer: int
    value: float
    words: str
    cell: Cell | None = None
    factor: str | None = None
    began: "Beginning | None" = None


class Beginning(NamedTuple):
    """The first of the broken steps that lead to a finding without a gap, and what broke in it."""

    step: int
    finding: Finding


SMALLEST_RATIO, LARGEST_RATIO = 1e-3, 1e3
FEWEST_EXAMPLES = 10
SATURATED_SLOPE, SATURATED_SHARE = 0.05, 0.5
UPDATE_BAND = (1e-5, 1e-1)
MOST_CANCELLED, OF_CHANCE = 0.1, 0.5
RISES, RISEN = 4, 10.0

NOT_FINITE = Rule(
    "not_finite",
    "Not finite",
    "a number of the step is NaN or infinite",
    "IEEE 754: what leaves the range of a float becomes infinite, and inf - inf or 0 times inf is NaN",
)
DIVERGING = Rule(
    "diverging",
    "Diverging loss",
    f"the loss rose in each of the last {RISES} steps, and is more than {RISEN:g} times what it was before them; or it is more than "
    f"{RISEN:g} times that of the run's first step, and not below all of the last {RISES}",
    'Bengio (2012), "Practical recommendations for gradient-based training of deep architectures", section 3.1.1, on learning rates; '
    "the threshold is ours",
)
VANISHING = Rule(
    "vanishing",
    "Vanishing gradient",
    "the gradient that reaches the first layer is less than a thousandth of the one that leaves the loss (root mean squares of dZ)",
    'Hochreiter (1991); Glorot and Bengio (2010), "Understanding the difficulty of training deep feedforward neural networks", section 4; '
    "the threshold is ours",
)
EXPLODING = Rule(
    "exploding",
    "Exploding gradient",
    "the gradient that reaches the first layer is more than a thousand times the one that leaves the loss (root mean squares of dZ)",
    'Pascanu, Mikolov and Bengio (2013), "On the difficulty of training recurrent neural networks", section 2; the threshold is ours',
)
DEAD = Rule(
    "dead_units",
    "Dead units",
    f"a unit whose slope g'(Z) is exactly 0 for every example of all batches looked at, or half of a layer's units for every example of "
    f"this batch; {FEWEST_EXAMPLES} examples or more",
    'Maas, Hannun and Ng (2013), "Rectifier nonlinearities improve neural network acoustic models", section 2; '
    "how many examples it takes is our choice",
)
SATURATED = Rule(
    "saturated",
    "Saturated units",
    "more than half of a layer's slopes are below a twentieth of the largest that its activation has; asked of activations that are flat "
    "at both ends, as sigmoid and tanh",
    'Glorot and Bengio (2010), "Understanding the difficulty of training deep feedforward neural networks", section 3; the thresholds are ours',
)
UPDATE = Rule(
    "update_ratio",
    "Update out of proportion",
    "the update of W is more than a tenth, or less than a hundred-thousandth, of W (root mean squares)",
    'Karpathy, CS231n course notes, "Neural Networks Part 3", on the ratio of updates to weights: about a thousandth; '
    "the band, a hundred times to each side, is ours",
)
SYMMETRIC = Rule(
    "symmetric",
    "Symmetric units",
    "two or more units of a hidden layer with the same weights in and out, the same bias and the same gradients, to half of their digits",
    "Goodfellow, Bengio and Courville (2016), Deep Learning, section 8.4, on breaking symmetry",
)
CANCELLING = Rule(
    "cancelling",
    "Examples cancel each other",
    "the cancellation index of a layer's dW, |sum| / sum of magnitudes over the examples, is below a tenth and below half of 1 / sqrt(m), "
    "about what m examples that pull at random would leave",
    "the size of a sum of m random signs is about sqrt(m); the thresholds are ours",
)
RULES = (NOT_FINITE, DIVERGING, VANISHING, EXPLODING, DEAD, SATURATED, UPDATE, SYMMETRIC, CANCELLING)
