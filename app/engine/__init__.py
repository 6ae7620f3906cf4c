"""One step of a small network, with every tensor of it on record. NumPy and the standard library; usable alone in a notebook.

>>> network = initial_network((2, 3, 2), "relu", "softmax", "cross_entropy", HeNormal(), np.random.default_rng(0))
>>> trace = take_step(network, X, Y, optimizer=SGD(learning_rate=0.1))
>>> trace.layers[1].dW
"""

# Importing a family's file fills its register: once, here, in sight.
from .activations import Identity, ReLU, activations
from .added import added_tensors
from .clipping import ByNorm, ByValue, clippings
from .dense import Dense, layer_kinds
from .diagnostics import diagnose
from .difference import Difference, difference
from .distribution import Axis, axis_of, counts
from .dropout import Dropout, dropouts
from .edits import Edit, edited, edits, interventions_of, read_edit, standing, written_edit
from .edits_once import SetAll, SetInput, SetNumber
from .edits_standing import Ablate, ChangeOptimizer, ClipGradient, Freeze, ScaleGradient
from .equation import CONVENTION, Equation, Line
from .errors import (
    EngineError,
    NotADistribution,
    NotAProbability,
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
from .findings import NOT_FINITE, RULES, Beginning, Finding, Rule
from .gradcheck import TensorCheck, gradcheck
from .initializers import HeNormal, Zeros, initializers
from .interventions import Interventions
from .layer_health import Earlier, LayerHealth, health, stopped_units
from .losses import Huber, MeanAbsoluteError, MeanSquaredError, losses
from .momentum import Momentum, Nesterov
from .network import DTYPES, Network, initial_network, make_network, parameter_count
from .normalisation import BatchNorm, LayerNorm, normalisations
from .not_finite import first_not_finite, is_finite, traced_back
from .optimizers import SGD, check_lowest, find_optimizer, optimizers
from .outputs import Apart, output_activations, outputs
from .paths import Path, Paths, paths
from .phases import Phase, phases
from .rectifiers import ELU, SELU, LeakyReLU
from .register import Choice, Parameter, Register
from .schedules import Constant, Cosine, StepDecay, WarmUp, schedules
from .script import numpy_script
from .sigmoids import GELU, Sigmoid, SiLU, Softplus, Tanh
from .softmax import Softmax, SoftmaxCrossEntropy, sums_to_one
from .stats import Stats, norm, stats
from .step import check_batch, evaluate, next_network, predict, take_step
from .terms import Cell
from .trace import Array, LayerTrace, Trace

# isort: split
# after their kin: the order of a register is the order in which people meet its entries
from .adaptive import Adagrad, Adam, AdamW, RMSprop
from .binary import SigmoidBinaryCrossEntropy

__all__ = [
    "LayerHealth",
    "Rule",
    "Beginning",
    "Finding",
    "NOT_FINITE",
    "RULES",
    "CONVENTION",
    "DTYPES",
    "ELU",
    "GELU",
    "SELU",
    "SGD",
    "Ablate",
    "Adagrad",
    "Adam",
    "AdamW",
    "Apart",
    "Array",
    "Axis",
    "BatchNorm",
    "ByNorm",
    "ByValue",
    "Cancellation",
    "Cell",
    "ChangeOptimizer",
    "Choice",
    "ClipGradient",
    "Constant",
    "Cosine",
    "Dense",
    "Difference",
    "Dropout",
    "Earlier",
    "Edit",
    "EngineError",
    "Equation",
    "Explanation",
    "Freeze",
    "HeNormal",
    "Huber",
    "Identity",
    "Interventions",
    "LayerNorm",
    "LayerTrace",
    "LeakyReLU",
    "Line",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "Momentum",
    "Nesterov",
    "Network",
    "NotADistribution",
    "NotAProbability",
    "NotFinite",
    "OutOfBounds",
    "Parameter",
    "Path",
    "Paths",
    "Phase",
    "RMSprop",
    "ReLU",
    "Register",
    "ScaleGradient",
    "SetAll",
    "SetInput",
    "SetNumber",
    "ShapeMismatch",
    "SiLU",
    "Sigmoid",
    "SigmoidBinaryCrossEntropy",
    "Softmax",
    "SoftmaxCrossEntropy",
    "Softplus",
    "Stats",
    "StepDecay",
    "Tanh",
    "TensorCheck",
    "Trace",
    "UnfitPair",
    "UnknownName",
    "UnknownParameter",
    "UpdateEffect",
    "WarmUp",
    "WrongType",
    "Zeros",
    "activations",
    "added_tensors",
    "axis_of",
    "cancellation",
    "check_batch",
    "check_lowest",
    "clippings",
    "counts",
    "diagnose",
    "difference",
    "dropouts",
    "edited",
    "edits",
    "evaluate",
    "example_alone",
    "explain",
    "find_optimizer",
    "first_not_finite",
    "gradcheck",
    "health",
    "initial_network",
    "initializers",
    "interventions_of",
    "is_finite",
    "layer_kinds",
    "losses",
    "make_network",
    "next_network",
    "norm",
    "normalisations",
    "numpy_script",
    "optimizers",
    "output_activations",
    "outputs",
    "parameter_count",
    "paths",
    "phases",
    "predict",
    "read_edit",
    "slope_of",
    "schedules",
    "standing",
    "stats",
    "stopped_units",
    "sums_to_one",
    "take_step",
    "traced_back",
    "update_effect",
    "written_edit",
]
