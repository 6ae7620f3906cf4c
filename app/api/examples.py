"""Bodies to begin with, which /docs fills in: each is accepted as it stands, by a session as `POST /sessions` makes it of the first one."""

from collections.abc import Mapping
from typing import Any

# by schema: what the example is, and the body
EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "SessionConfig": {
        "a small network on handwritten digits": {"layer_sizes": [64, 32, 10], "seed": 7},
        "two spirals, with tanh, batch normalisation and Adam": {
            "dataset": {"name": "spirals"},
            "layer_sizes": [2, 16, 16, 3],
            "hidden_activations": "tanh",
            "normalisation": "batch_norm",
            "optimizer": {"name": "adam", "learning_rate": 0.01},
        },
        "arrays of your own": {"dataset": {"name": "inline", "X": [[0, 0, 1, 1], [0, 1, 0, 1]], "Y": [[1, 0, 0, 1], [0, 1, 1, 0]]}},
    },
    "StepRequest": {"one batch": {"count": 1}, "ten batches": {"count": 10}},
    "EditRequest": {
        "without a unit from the next step on": {"action": {"name": "ablate", "layer": 1, "unit": 8}},
        "take that back": {"action": {"name": "undo"}},
    },
    "WhatIfRequest": {"without a unit": {"edits": [{"name": "ablate", "layer": 1, "unit": 8}]}},
    "ForkRequest": {
        "the same start with another activation": {"step": 0, "changes": {"hidden_activations": "tanh"}},
        "from step 1 on at another rate": {"step": 1, "changes": {"optimizer": {"name": "sgd", "learning_rate": 0.01}}},
    },
    "LookRequest": {"a weight's gradient": {"step": 1, "phase": "dW2", "cell": {"tensor": "dW", "layer": 2, "row": 3, "col": 8}}},
    "GradcheckRequest": {
        "every parameter and the input": {},
        "ten cells of each tensor": {"cells_per_tensor": 10},
        "one cell": {"cell": {"tensor": "dW", "layer": 2, "row": 3, "col": 8}},
    },
    "CsvRequest": {"four rows": {"text": "size;weight;kind\n1,5;3;red\n2,5;1;blue\n0,5;4;red\n3,5;2;blue\n", "target": "kind"}},
    "TraceRequest": {
        "two examples, and the update": {
            "layer_sizes": [2, 2, 2],
            "X": [[1, -1], [0.5, 2]],
            "Y": [[1, 0], [0, 1]],
            "W": [[[0.5, -0.5], [1, 0.25]], [[1, -1], [0.5, 0.5]]],
            "b": [[0, 0], [0, 0]],
            "optimizer": {"name": "sgd", "learning_rate": 0.1},
        },
        "the same with layer normalisation": {
            "layer_sizes": [2, 2, 2],
            "normalisation": "layer_norm",
            "X": [[1, -1], [0.5, 2]],
            "Y": [[1, 0], [0, 1]],
            "W": [[[0.5, -0.5], [1, 0.25]], [[1, -1], [0.5, 0.5]]],
            "b": [[0, 0], [0, 0]],
        },
    },
}
