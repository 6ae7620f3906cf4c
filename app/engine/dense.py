"""The fully connected layer: three of the four equations that every layer shares."""

import numpy as np

from .equation import Equation, Line
from .register import Register
from .terms import Products, Reader, Sum
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
            why="Unit j weighs every number of example i in the layer before, adds them up, and adds its bias: a row of W times a column of A.",
        ),
        "dW": Equation(
            whole=r"dW^{[l]} = \frac{1}{m}\, dZ^{[l]} A^{[l-1]\top}",
            cell=r"dW^{[l]}_{j,k} = \frac{1}{m} \sum_{i=1}^{m} dZ^{[l]}_{j,i}\, A^{[l-1]}_{k,i}",
            why=(
                "The sum is over the examples, because every example uses the same weight. Rows of dZ meet rows of A, and a matrix product takes "
                "columns of its second factor: hence the transposition."
            ),
            derivation=(
                Line(
                    "The weight from unit k to unit j is used once in each example, so its effects on the m losses add up. The factor 1/m "
                    "makes it the gradient of their mean.",
                    r"dW^{[l]}_{j,k} = \frac{1}{m} \sum_{i=1}^{m} dZ^{[l]}_{j,i}\, \frac{\partial Z^{[l]}_{j,i}}{\partial W^{[l]}_{j,k}}",
                ),
                Line(
                    "Z is linear in the weight, and the weight's slope is the number that it is multiplied by.",
                    r"\frac{\partial Z^{[l]}_{j,i}}{\partial W^{[l]}_{j,k}} = A^{[l-1]}_{k,i}",
                ),
                Line(
                    "The example's index i comes last in both factors. In a matrix product the inner index comes last in the first factor and "
                    "first in the second, so the second is transposed.",
                ),
            ),
        ),
        "db": Equation(
            whole=r"db^{[l]} = \frac{1}{m} \sum_{i=1}^{m} dZ^{[l](i)}",
            cell=r"db^{[l]}_{j} = \frac{1}{m} \sum_{i=1}^{m} dZ^{[l]}_{j,i}",
            why="The bias is a weight on a unit that is always 1: the same sum over the examples, without the factor A.",
            derivation=(
                Line(
                    "One bias serves all m examples, so again their effects add up.",
                    r"db^{[l]}_{j} = \frac{1}{m} \sum_{i=1}^{m} dZ^{[l]}_{j,i}\, \frac{\partial Z^{[l]}_{j,i}}{\partial b^{[l]}_{j}}",
                ),
                Line("Z grows by exactly as much as the bias does.", r"\frac{\partial Z^{[l]}_{j,i}}{\partial b^{[l]}_{j}} = 1"),
                Line("What is left is the mean of a row of dZ; all rows at once make a column."),
            ),
        ),
        "dA_prev": Equation(
            whole=r"dA^{[l-1]} = W^{[l]\top} dZ^{[l]}",
            cell=r"dA^{[l-1]}_{k,i} = \sum_{j=1}^{n_l} W^{[l]}_{j,k}\, dZ^{[l]}_{j,i}",
            why=(
                "The sum is over the units that unit k feeds: it answers for what each of them did to the loss, in proportion to the weight "
                "between them. The weights are used against their direction, and so W is transposed."
            ),
            derivation=(
                Line(
                    "What unit k passes on reaches the loss through every unit j of the next layer, so the chain rule has one term for each.",
                    r"dA^{[l-1]}_{k,i} = \sum_{j=1}^{n_l} dZ^{[l]}_{j,i}\, \frac{\partial Z^{[l]}_{j,i}}{\partial A^{[l-1]}_{k,i}}",
                ),
                Line(
                    "Z is linear in A, and the slope is the weight between the two units.",
                    r"\frac{\partial Z^{[l]}_{j,i}}{\partial A^{[l-1]}_{k,i}} = W^{[l]}_{j,k}",
                ),
                Line(
                    "The sum runs over j, the first index of W. In a matrix product it would be the last, so W is transposed. Examples do not "
                    "mix, and there is no 1/m: dA stays the gradient of the sum of the losses.",
                ),
            ),
        ),
    }

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        """The terms of one cell of Z, dW, db or dA_prev."""
        match equation:
            case "Z":
                products = Products((t.row("W", l, row), t.col("A", l - 1, col)), "k")
                return Sum((products, Products((t.cell("b", l, row, 0),))))
            case "dW":
                return Sum((Products((t.row("dZ", l, row), t.row("A", l - 1, col)), "i"),), t.mean())
            case "db":
                return Sum((Products((t.row("dZ", l, row),), "i"),), t.mean())
            case _:
                return Sum((Products((t.col("W", l, row), t.col("dZ", l, col)), "j"),))

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
