"""The fully connected layer: three of the four equations that every layer shares."""

import numpy as np

from .equation import Equation
from .register import Register
from .trace import Array

layer_kinds: Register["Dense"] = Register("layer kind")


@layer_kinds.add
class Dense:
    """Z = W A_prev + b for a whole batch, one example a column.

    Shapes: W (n_l, n_prev), b (n_l, 1), A_prev (n_prev, m), Z (n_l, m).
    Source: Rumelhart, Hinton and Williams (1986), "Learning representations by back-propagating errors".
    """

    name = "dense"
    title = "Dense"
    source = 'Rumelhart, Hinton and Williams (1986), "Learning representations by back-propagating errors"'
    parameters = ()
    equations = {
        "Z": Equation(
            whole=r"Z^{[l]} = W^{[l]} A^{[l-1]} + b^{[l]}",
            cell=r"Z^{[l]}_{j,i} = \sum_{k=1}^{n_{l-1}} W^{[l]}_{j,k}\, A^{[l-1]}_{k,i} + b^{[l]}_{j}",
        ),
        "dW": Equation(
            whole=r"dW^{[l]} = \frac{1}{m}\, dZ^{[l]} A^{[l-1]\top}",
            cell=r"dW^{[l]}_{j,k} = \frac{1}{m} \sum_{i=1}^{m} dZ^{[l]}_{j,i}\, A^{[l-1]}_{k,i}",
        ),
        "db": Equation(
            whole=r"db^{[l]} = \frac{1}{m} \sum_{i=1}^{m} dZ^{[l](i)}",
            cell=r"db^{[l]}_{j} = \frac{1}{m} \sum_{i=1}^{m} dZ^{[l]}_{j,i}",
        ),
        "dA_prev": Equation(
            whole=r"dA^{[l-1]} = W^{[l]\top} dZ^{[l]}",
            cell=r"dA^{[l-1]}_{k,i} = \sum_{j=1}^{n_l} W^{[l]}_{j,k}\, dZ^{[l]}_{j,i}",
        ),
    }

    def forward(self, A_prev: Array, W: Array, b: Array) -> Array:
        Z = W @ A_prev
        Z += b
        return Z

    def backward(self, dZ: Array, A_prev: Array, W: Array) -> tuple[Array, Array, Array]:
        """dW, db (gradients of the mean loss) and dA_prev (of the sum)."""
        dZ_over_m = dZ / dZ.shape[1]  # 1/m on the smallest of the three tensors, once for both
        dW = dZ_over_m @ A_prev.T
        db = np.add.reduce(dZ_over_m, axis=1, keepdims=True)
        dA_prev = W.T @ dZ
        return dW, db, dA_prev
