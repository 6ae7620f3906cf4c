"""A balanced part of MNIST (licence in LICENSE-mnist, made by make_mnist.py)."""

from pathlib import Path

import numpy as np

from .dataset import Classified, Examples, datasets

FILE = Path(__file__).with_name("mnist.npz")


@datasets.add
class Mnist(Classified):
    """28 by 28 pictures in 256 shades of grey, scaled to [0, 1]. The split does not depend on the seed."""

    name = "mnist"
    title = "MNIST, a part"
    description = "1,000 pictures of handwritten digits, 28 by 28 pixels, 100 of each digit."
    source = 'LeCun, Bottou, Bengio and Haffner (1998), "Gradient-based learning applied to document recognition"'
    licence = "CC BY-SA 3.0"
    parameters = ()
    standardised = False
    features = 784
    feature_names = tuple(f"row {row}, column {column}" for row in range(28) for column in range(28))
    image = (28, 28)
    hidden = (64,)
    class_names = tuple("0123456789")

    def load(self, rng: np.random.Generator) -> Examples:
        with np.load(FILE) as stored:
            return Examples(stored["pixels"].T / 255, stored["labels"].astype(np.intp))
