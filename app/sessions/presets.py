"""Experiments to begin with: each a configuration, the steps to take first, where to look then, and what to look for.

Every sentence here is held against the trace by a test (tests/sessions/test_presets.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Preset:
    """A run that shows something, and how the page shows it.

    `look` names a phase ("dZ2"), a tab ("flow") and a cell ({"tensor", "layer", "row", "col"}) of the page, and how its tensors are drawn:
    "scale" ("own", or "shared" by all of a kind) and "colors" ("linear" or "logarithmic"); or fewer of them. `beside` is the run that it is
    seen best beside: the "changes" that a fork at the start makes it by, and the "words" for it.
    """

    name: str
    title: str
    look_for: str
    config: Mapping[str, Any]
    steps: int = 1
    look: Mapping[str, Any] = field(default_factory=dict)
    beside: Mapping[str, Any] | None = None


def _cell(tensor: str, layer: int, row: int = 0, col: int = 0) -> dict[str, Any]:
    return {"tensor": tensor, "layer": layer, "row": row, "col": col}


DEEP = [2, *[16] * 8, 2]  # eight hidden layers, so that what a layer does to a gradient is done often

# all layers on one scale, or each would look as strong as the others; in powers of ten, for the sizes that are to be compared are powers
# apart. No cell is chosen: then the page has the size of every layer's gradient beside the lanes, also of those that the window cuts off
BY_LAYER: Mapping[str, Any] = {"tab": "flow", "scale": "shared", "colors": "logarithmic"}

# weights of a tenth where ReLU would have them of a third: each layer makes the signal smaller, forward and backward
TOO_SMALL: Mapping[str, Any] = {
    "dataset": {"name": "moons"},
    "layer_sizes": DEEP,
    "hidden_activations": "relu",
    "initializer": {"name": "normal", "std": 0.1},
}

# two features at right angles, the second ten times smaller: the loss curves a hundred times less along its weight
RAVINE: Mapping[str, Any] = {
    "dataset": {"name": "inline", "X": [[1, -1, 1, -1], [0.1, 0.1, -0.1, -0.1]], "Y": [[1.1, -0.9, 0.9, -1.1]]},
    "layer_sizes": [2, 1],
    "output_activation": "identity",
    "loss": "mse",
    "W": [[[0, 0]]],
    "b": [[0]],
    "batch_size": 4,
}
SGD = {"name": "sgd", "learning_rate": 1.9}
ADAM = {"name": "adam", "learning_rate": 0.1}

PRESETS: tuple[Preset, ...] = (
    Preset(
        "derivation",
        "The derivation's own network",
        "Go through the phases: dZ[2] is A[2] minus Y, and from it every other gradient follows in the order of the derivation.",
        {"dataset": {"name": "blobs"}, "layer_sizes": [2, 4, 3], "batch_size": 6},
        look={"phase": "dZ2"},
    ),
    Preset(
        "textbook",
        "The 2-2-2 textbook example",
        "The loss is 0.298371, and W[2] 0,0 goes from 0.4 to 0.358916, as in the example that many texts work through "
        "(Mazur, 2015); where they leave the biases alone, they are learned here too.",
        {
            "dataset": {"name": "inline", "X": [[0.05], [0.1]], "Y": [[0.01], [0.99]]},
            "layer_sizes": [2, 2, 2],
            "hidden_activations": "sigmoid",
            "output_activation": "sigmoid",
            "loss": "mse",
            "W": [[[0.15, 0.2], [0.25, 0.3]], [[0.4, 0.45], [0.5, 0.55]]],
            "b": [[0.35, 0.35], [0.6, 0.6]],
            "optimizer": {"name": "sgd", "learning_rate": 0.5},
            "batch_size": 1,
        },
        look={"cell": _cell("W_next", 2)},
    ),
    Preset(
        "xor",
        "XOR in two units",
        "Two hidden units are enough: after 100 steps all four outputs are within 0.1 of XOR. From seed 0 the same network gets stuck.",
        {
            "dataset": {"name": "inline", "X": [[0, 0, 1, 1], [0, 1, 0, 1]], "Y": [[0, 1, 1, 0]]},
            "layer_sizes": [2, 2, 1],
            "hidden_activations": "tanh",
            "initializer": {"name": "xavier_normal"},
            "optimizer": {"name": "sgd", "learning_rate": 2.0},
            "batch_size": 4,
            "seed": 3,
        },
        steps=100,
        look={"cell": _cell("A", 2, 0, 1), "tab": "curves"},
    ),
    Preset(
        "vanishing",
        "Vanishing gradients: eight sigmoid layers",
        "A sigmoid's slope is at most 1/4, and eight of them multiply: dW[1] is about ten thousand times smaller than dW[9].",
        {"dataset": {"name": "moons"}, "layer_sizes": DEEP, "hidden_activations": "sigmoid", "initializer": {"name": "xavier_normal"}},
        look=BY_LAYER,
        beside={"words": "batch normalisation", "changes": {"normalisation": "batch_norm"}},
    ),
    Preset(
        "normalised",
        "The same eight sigmoid layers with batch normalisation",
        "The same weights and slopes: but dividing by the small spread of Z makes up for what each layer takes, so that all dW of "
        "the nine layers are of one size, within a factor of five.",
        {
            "dataset": {"name": "moons"},
            "layer_sizes": DEEP,
            "hidden_activations": "sigmoid",
            "normalisation": "batch_norm",
            "initializer": {"name": "xavier_normal"},
        },
        look=BY_LAYER,
        beside={"words": "no normalisation", "changes": {"normalisation": None}},
    ),
    Preset(
        "healthy",
        "The same eight layers with ReLU and He",
        "Slopes of 0 or 1 and weights of variance 2 / n_prev: all dW of the nine layers are of one size, within a factor of ten.",
        {"dataset": {"name": "moons"}, "layer_sizes": DEEP, "hidden_activations": "relu", "initializer": {"name": "he_normal"}},
        look=BY_LAYER,
        beside={"words": "sigmoid and Xavier", "changes": {"hidden_activations": "sigmoid", "initializer": {"name": "xavier_normal"}}},
    ),
    Preset(
        "too_small",
        "A bad initialisation: weights that are too small",
        "After 100 steps nothing is learned: the loss is still about that of a coin, 0.693, and all of the plane has one colour. Every layer "
        "makes what passes through it smaller: in the first step no dW was larger than 0.0001, and by now, as all units of layer 8 have "
        "died too, all are 0. The next preset has the same weights, and learns.",
        TOO_SMALL,
        steps=100,
        look={"tab": "boundary"},
        beside={"words": "batch normalisation", "changes": {"normalisation": "batch_norm"}},
    ),
    Preset(
        "rescued",
        "Batch normalisation rescues the bad initialisation",
        "The same weights, too small by far; but each layer's Z is divided by its own spread, so that nothing shrinks: after 100 steps the "
        "loss is below a tenth of that of a coin, and more than 95 % of the test examples are right.",
        {**TOO_SMALL, "normalisation": "batch_norm"},
        steps=100,
        look={"tab": "boundary"},
        beside={"words": "no normalisation", "changes": {"normalisation": None}},
    ),
    Preset(
        "dead",
        "Dead ReLUs from a large learning rate",
        "A few steps of 30 times the usual length push most hidden units below 0: their rows of A[1] and dZ[1] are 0. A unit that is so for "
        "every picture there is to learn from, and most are, can't come back: its row of dW[1] is 0 in every batch, so that its weights "
        "stay, and the pictures are the same each time.",
        {
            "dataset": {"name": "digits"},
            "layer_sizes": [64, 32, 10],  # a single hidden layer: what it reads is the data, which no step moves
            "hidden_activations": "relu",
            "optimizer": {"name": "sgd", "learning_rate": 3.0},
        },
        steps=10,
        look={"phase": "dZ1", "tab": "flow"},
    ),
    Preset(
        "exploding",
        "Exploding gradients",
        "Weights of standard deviation 1.1 are too large for 16 units: dA grows on its way back, by more than 2,000 times from layer 8 "
        "to layer 1, and within five steps numbers stop being finite.",
        {
            "dataset": {"name": "moons"},
            "layer_sizes": DEEP,
            "hidden_activations": "relu",
            "initializer": {"name": "normal", "std": 1.1},
        },
        look=BY_LAYER,
    ),
    Preset(
        "zeros",
        "All-zero initialisation",
        "Every unit is the twin of its neighbours, and no weight gets any gradient: dW[1] and dW[2] stay exactly 0, only b[2] learns.",
        {"dataset": {"name": "digits"}, "hidden_activations": "relu", "initializer": {"name": "zeros"}},
        steps=5,
        look={"cell": _cell("dW", 2)},
    ),
    Preset(
        "ravine_sgd",
        "A ravine, with SGD",
        "Take a few batches: dW[1] 0,0, the gradient of the steep weight, changes its sign, and so its colour, at every step, while "
        "W[1] 0,1 creeps: after 60 steps it has not come three quarters of its way to 1.",
        {**RAVINE, "optimizer": SGD},
        steps=60,
        look={"cell": _cell("dW", 1)},
        beside={"words": "Adam", "changes": {"optimizer": ADAM}},
    ),
    Preset(
        "ravine_adam",
        "The same ravine, with Adam",
        "Adam divides each gradient by its own size, so both weights make the same way at first, and after 60 steps both are "
        "within 0.1 of 1.",
        {**RAVINE, "optimizer": ADAM},
        steps=60,
        look={"cell": _cell("dW", 1, 0, 1), "tab": "curves"},
        beside={"words": "SGD", "changes": {"optimizer": SGD}},
    ),
    Preset(
        "spiral",
        "Spiral",
        "Three arms that wind around each other: after 100 steps of Adam the ground has each arm's colour along it, and the test accuracy "
        "is more than 95 %.",
        {
            "dataset": {"name": "spirals"},
            "layer_sizes": [2, 16, 16, 3],
            "hidden_activations": "tanh",
            "optimizer": {"name": "adam", "learning_rate": 0.01},
            "batch_size": 64,
        },
        steps=100,
        look={"tab": "boundary"},
    ),
    Preset(
        "digits",
        "Handwritten digits",
        "Columns of dW[1] that are exactly 0 belong to pixels that are empty in every picture of the batch: no ink, no gradient.",
        {"dataset": {"name": "digits"}, "layer_sizes": [64, 32, 10]},
        look={"phase": "dW1", "tab": "batch"},
    ),
)
