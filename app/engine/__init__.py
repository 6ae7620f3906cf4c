"""One step of a small network, with every tensor of it on record. NumPy and the standard library; usable alone in a notebook.

>>> network = initial_network((2, 3, 2), "relu", "softmax", "cross_entropy", HeNormal(), np.random.default_rng(0))
>>> trace = take_step(network, X, Y, optimizer=SGD(learning_rate=0.1))
>>> trace.layers[1].dW
"""

# Importing a family's file fills its register: once, here, in sight.
from .activations import ReLU, activations
from .dense import Dense, layer_kinds
from .equation import CONVENTION, Equation, Line
from .errors import (
    EngineError,
    NotADistribution,
    NotFinite,
    OutOfBounds,
    ShapeMismatch,
    UnfitPair,
    UnknownName,
    UnknownParameter,
    WrongType,
)
from .examples import Cancellation, UpdateEffect, cancellation, example_alone, slope_of, update_effect
from .explain import Explanation, explain
from .gradcheck import TensorCheck, gradcheck
from .initializers import HeNormal, Zeros, initializers
from .network import DTYPES, Network, initial_network, make_network, parameter_count
from .optimizers import SGD, optimizers
from .outputs import SoftmaxCrossEntropy, outputs
from .paths import Path, Paths, paths
from .phases import Phase, phases
from .register import Parameter, Register
from .script import numpy_script
from .stats import Stats, stats
from .step import check_batch, evaluate, next_network, predict, take_step
from .terms import Cell
from .trace import Array, LayerTrace, Trace

__all__ = [
    "CONVENTION",
    "DTYPES",
    "SGD",
    "Array",
    "Cancellation",
    "Cell",
    "Dense",
    "EngineError",
    "Equation",
    "Explanation",
    "HeNormal",
    "LayerTrace",
    "Line",
    "Network",
    "NotADistribution",
    "NotFinite",
    "OutOfBounds",
    "Parameter",
    "Path",
    "Paths",
    "Phase",
    "ReLU",
    "Register",
    "ShapeMismatch",
    "SoftmaxCrossEntropy",
    "Stats",
    "TensorCheck",
    "Trace",
    "UnfitPair",
    "UnknownName",
    "UnknownParameter",
    "UpdateEffect",
    "WrongType",
    "Zeros",
    "activations",
    "cancellation",
    "check_batch",
    "evaluate",
    "example_alone",
    "explain",
    "gradcheck",
    "initial_network",
    "initializers",
    "layer_kinds",
    "make_network",
    "next_network",
    "numpy_script",
    "optimizers",
    "outputs",
    "parameter_count",
    "paths",
    "phases",
    "predict",
    "slope_of",
    "stats",
    "take_step",
    "update_effect",
]
