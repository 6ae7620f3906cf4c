"""Handwritten digits: the real data that Backscope ships with (licence in LICENSE-digits)."""

from pathlib import Path

import numpy as np

from .dataset import Classified, Examples, datasets

FILE = Path(__file__).with_name("digits.npz")  # made by make_digits.py


@datasets.add
class Digits(Classified):
    """8 by 8 pictures in 17 shades of grey, scaled to [0, 1]. The split does not depend on the seed."""

    name = "digits"
    title = "Handwritten digits"
    description = "1,797 pictures of handwritten digits, 8 by 8 pixels."
    source = 'Alpaydin and Kaynak (1998), "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository'
    licence = "CC BY 4.0"
    parameters = ()
    standardised = False
    features = 64
    feature_names = tuple(f"row {row}, column {column}" for row in range(8) for column in range(8))
    image = (8, 8)
    hidden = (32,)

    class_names = tuple("0123456789")

    def load(self, rng: np.random.Generator) -> Examples:
        with np.load(FILE) as stored:
            return Examples(stored["pixels"].T / 16, stored["labels"].astype(np.intp))
