"""Measurements that Backscope ships with: three sets of classes and one of numbers (licences in LICENSE-*, made by make_tables.py)."""

from pathlib import Path
from typing import ClassVar

import numpy as np

from .dataset import Classified, Examples, Targets, datasets

HERE = Path(__file__).parent


class Measured:
    """What all of them share: a file of the same name, features in units of their own and so standardised, no picture.

    The split does not depend on the seed.
    """

    name: ClassVar[str]
    parameters = ()
    standardised = True
    image = None

    def load(self, rng: np.random.Generator) -> Examples:
        with np.load(HERE / f"{self.name}.npz") as stored:
            if "Y" in stored:
                return Examples(stored["X"], Y=stored["Y"])
            return Examples(stored["X"], stored["labels"].astype(np.intp))


@datasets.add
class Iris(Measured, Classified):
    """Small enough to be looked at whole: one species stands apart, the other two touch."""

    name = "iris"
    title = "Iris"
    description = "150 flowers of three species: one stands apart, the other two touch."
    source = 'Fisher (1936), "The use of multiple measurements in taxonomic problems", Annals of Eugenics 7'
    licence = "CC BY 4.0"
    features = 4
    feature_names = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")
    class_names = ("setosa", "versicolor", "virginica")
    hidden = (8,)


@datasets.add
class Wine(Measured, Classified):
    """Thirteen features in units from a tenth to a thousand: what standardising is for."""

    name = "wine"
    title = "Wine"
    description = "178 wines from three cultivators, by 13 chemical measurements."
    source = "Forina et al., PARVUS; given to the UCI Machine Learning Repository by Aeberhard (1991)"
    licence = "CC BY 4.0"
    features = 13
    feature_names = (
        "alcohol",
        "malic acid",
        "ash",
        "alcalinity of ash",
        "magnesium",
        "total phenols",
        "flavanoids",
        "nonflavanoid phenols",
        "proanthocyanins",
        "color intensity",
        "hue",
        "OD280/OD315 of diluted wines",
        "proline",
    )
    class_names = ("class 0", "class 1", "class 2")
    hidden = (16,)


NUCLEUS = (
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave points",
    "symmetry",
    "fractal dimension",
)


@datasets.add
class BreastCancer(Measured, Classified):
    """Two classes and many features that say nearly the same."""

    name = "breast_cancer"
    title = "Breast cancer"
    description = "569 breast masses, malignant or benign, by 30 measurements of their cell nuclei."
    source = "Wolberg, Street and Mangasarian (1995), Breast Cancer Wisconsin (Diagnostic), UCI Machine Learning Repository"
    licence = "CC BY 4.0"
    features = 30
    feature_names = (
        *(f"mean {of}" for of in NUCLEUS),
        *(f"standard error of {of}" for of in NUCLEUS),
        *(f"worst {of}" for of in NUCLEUS),
    )
    class_names = ("malignant", "benign")
    hidden = (16,)


@datasets.add
class Penguins(Measured):
    """Regression: one number to be told from three. The mass is standardised as the features are."""

    name = "penguins"
    title = "Penguins"
    description = "342 penguins: the body mass, a number, from the measures of bill and flippers."
    source = 'Gorman, Williams and Fraser (2014), "Ecological sexual dimorphism and environmental variability", PLoS ONE 9(3)'
    licence = "CC0 1.0"
    targets: Targets = "numbers"
    features = 3
    feature_names = ("bill length (mm)", "bill depth (mm)", "flipper length (mm)")
    classes = 0
    class_names: tuple[str, ...] = ()
    target_names = ("body mass (g)",)
    hidden = (16,)
