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
                    "The weight from unit k to unit j meets example i in one place only, the sum that makes Z of unit j. There it stands in one "
                    "term, so the slope of Z in it is the number that it is multiplied by.",
                    r"\frac{\partial Z^{[l]}_{j,i}}{\partial W^{[l]}_{j,k}} = A^{[l-1]}_{k,i}",
                ),
                Line(
                    "All m examples use the same weight, so it reaches the losses through this Z of each of them, and dZ says how the sum of the "
                    "losses follows Z. The chain rule has a term for each example: here the sum over i appears.",
                    r"\frac{\partial (m \mathcal{L})}{\partial W^{[l]}_{j,k}} "
                    r"= \sum_{i=1}^{m} dZ^{[l]}_{j,i}\, \frac{\partial Z^{[l]}_{j,i}}{\partial W^{[l]}_{j,k}} "
                    r"= \sum_{i=1}^{m} dZ^{[l]}_{j,i}\, A^{[l-1]}_{k,i}",
                ),
                Line(
                    "That is the gradient of the sum of the losses. dW is the gradient of their mean, which is the sum divided by m: here the "
                    "factor 1/m appears.",
                    r"dW^{[l]}_{j,k} = \frac{\partial \mathcal{L}}{\partial W^{[l]}_{j,k}} "
                    r"= \frac{1}{m} \frac{\partial (m \mathcal{L})}{\partial W^{[l]}_{j,k}}",
                ),
                Line(
                    "Put the terms in. The index i that is summed over comes last in both factors; a matrix product wants it last in the first "
                    "factor and first in the second. Reading the second one transposed puts it there.",
                    r"dW^{[l]}_{j,k} = \frac{1}{m} \sum_{i=1}^{m} dZ^{[l]}_{j,i}\, A^{[l-1]}_{k,i} "
                    r"= \frac{1}{m} \sum_{i=1}^{m} dZ^{[l]}_{j,i}\, A^{[l-1]\top}_{i,k}",
                ),
            ),
        ),
        "db": Equation(
            whole=r"db^{[l]} = \frac{1}{m} \sum_{i=1}^{m} dZ^{[l](i)}",
            cell=r"db^{[l]}_{j} = \frac{1}{m} \sum_{i=1}^{m} dZ^{[l]}_{j,i}",
            why="The bias is a weight on a unit that is always 1: the same sum over the examples, without the factor A.",
            derivation=(
                Line(
                    "Z grows by exactly as much as the bias does, in every example.",
                    r"\frac{\partial Z^{[l]}_{j,i}}{\partial b^{[l]}_{j}} = 1",
                ),
                Line(
                    "One bias serves all m examples, and reaches the losses through this Z of each of them: a sum over the examples again.",
                    r"\frac{\partial (m \mathcal{L})}{\partial b^{[l]}_{j}} "
                    r"= \sum_{i=1}^{m} dZ^{[l]}_{j,i}\, \frac{\partial Z^{[l]}_{j,i}}{\partial b^{[l]}_{j}} = \sum_{i=1}^{m} dZ^{[l]}_{j,i}",
                ),
                Line(
                    "db is the gradient of the mean of the losses: the factor 1/m again.",
                    r"db^{[l]}_{j} = \frac{\partial \mathcal{L}}{\partial b^{[l]}_{j}} "
                    r"= \frac{1}{m} \frac{\partial (m \mathcal{L})}{\partial b^{[l]}_{j}} = \frac{1}{m} \sum_{i=1}^{m} dZ^{[l]}_{j,i}",
                ),
                Line(
                    "That is the mean of row j of dZ. For all units at once: the columns of dZ, one an example, are added up and divided by m."
                ),
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
                    "What unit k passes on for example i enters the sum of every unit j that it feeds; in each, the slope of Z in it is "
                    "the weight between the two.",
                    r"\frac{\partial Z^{[l]}_{j,i}}{\partial A^{[l-1]}_{k,i}} = W^{[l]}_{j,k}",
                ),
                Line(
                    "So it reaches the losses by many ways, one through each unit j, and the chain rule adds them up. Each way goes through Z of "
                    "the same example, so there is no sum over i; and dA is a gradient of the sum of the losses, as dZ is, so there is no factor 1/m.",
                    r"dA^{[l-1]}_{k,i} = \frac{\partial (m \mathcal{L})}{\partial A^{[l-1]}_{k,i}} "
                    r"= \sum_{j=1}^{n_l} dZ^{[l]}_{j,i}\, \frac{\partial Z^{[l]}_{j,i}}{\partial A^{[l-1]}_{k,i}}",
                ),
                Line(
                    "Put the weights in and write them first. The index j that is summed over comes first in both factors; a matrix product wants "
                    "it last in the first factor. Reading W transposed puts it there.",
                    r"dA^{[l-1]}_{k,i} = \sum_{j=1}^{n_l} W^{[l]}_{j,k}\, dZ^{[l]}_{j,i} = \sum_{j=1}^{n_l} W^{[l]\top}_{k,j}\, dZ^{[l]}_{j,i}",
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

    # `dot` is the product of two matrices as `@` is, by the same routine of BLAS, and takes half a microsecond less to begin: of a step of a
    # small network, a tenth

    def forward(self, A_prev: Array, W: Array, b: Array) -> Array:
        Z: Array = W.dot(A_prev)
        Z += b
        return Z

    def backward(self, dZ: Array, A_prev: Array, W: Array) -> tuple[Array, Array, Array]:
        """dW, db (gradients of the mean loss) and dA_prev (of the sum)."""
        dZ_over_m = dZ / dZ.shape[1]  # 1/m on the smallest of the three tensors, once for both
        dW = dZ_over_m.dot(A_prev.T)
        db = np.add.reduce(dZ_over_m, axis=1, keepdims=True)
        dA_prev = W.T.dot(dZ)
        return dW, db, dA_prev
