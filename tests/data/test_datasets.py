"""Every dataset of the register that brings its own examples, without naming one; then those that come from files, against their sources."""

import dataclasses
import hashlib

import numpy as np
import pytest

from app.data import brings, datasets, load_dataset
from app.data.dataset import Examples, assemble, one_hot, standardise, stratified_split
from app.data.digits import FILE
from app.engine import NotFinite, OutOfBounds, UnknownName, UnknownParameter

HERE = FILE.parent
READY = [name for name, entry in zip(datasets, datasets.values(), strict=True) if not brings(entry)]


@pytest.mark.parametrize("name", READY)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_shapes_types_and_names_fit_together(name: str, dtype: str) -> None:
    kind, data = datasets.make(name, field="dataset"), load_dataset({"name": name}, seed=0, dtype=dtype)
    for X, Y in ((data.X_train, data.Y_train), (data.X_test, data.Y_test)):
        assert X.shape == (kind.features, Y.shape[1])
        assert Y.shape[0] == len(kind.target_names)
        assert X.dtype == Y.dtype == dtype
        assert np.isfinite(X).all()
        assert np.isfinite(Y).all()
        if kind.targets == "classes":
            assert (Y.sum(axis=0) == 1).all()
            assert ((Y == 0) | (Y == 1)).all()
            assert Y.any(axis=1).all()
        assert not X.flags.writeable
        assert not Y.flags.writeable
    assert data.held_out
    assert len(data.class_names) == kind.classes
    assert data.targets == kind.targets
    assert data.target_names == (data.class_names or kind.target_names)
    assert (data.target_scale is not None) == (kind.targets == "numbers" and kind.standardised)
    assert len(data.feature_names) == kind.features
    assert data.image is None or data.image[0] * data.image[1] == kind.features
    assert kind.title
    assert kind.description
    assert kind.source
    assert kind.licence
    assert kind.hidden
    with pytest.raises(dataclasses.FrozenInstanceError):
        data.name = "other"


@pytest.mark.parametrize("name", READY)
def test_the_seed_decides(name: str) -> None:
    first, again, other = (load_dataset({"name": name}, seed=seed, dtype="float64") for seed in (1, 1, 2))
    assert (first.X_train == again.X_train).all()
    assert (first.X_test == again.X_test).all()
    is_from_a_file = (HERE / f"{name}.npz").exists()
    assert (first.X_train == other.X_train).all() == is_from_a_file


@pytest.mark.parametrize("name", READY)
def test_every_bound_of_every_parameter_works_and_nothing_beyond_it(name: str) -> None:
    for parameter in datasets[name].parameters:
        for value in (parameter.low, parameter.high):
            data = load_dataset({"name": name, parameter.name: value}, seed=0, dtype="float64")
            assert data.Y_train.any(axis=1).all()
            assert data.Y_test.any(axis=1).all()
        with pytest.raises(OutOfBounds) as refusal:
            load_dataset({"name": name, parameter.name: parameter.high + 1}, seed=0, dtype="float64")
        assert refusal.value.field == f"dataset.{parameter.name}"


@pytest.mark.parametrize("name", [name for name in READY if datasets[name].standardised])
def test_standardised_by_the_training_set(name: str) -> None:
    data = load_dataset({"name": name}, seed=0, dtype="float64")
    np.testing.assert_allclose(data.X_train.mean(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(data.X_train.std(axis=1), 1)
    if data.targets == "numbers":
        np.testing.assert_allclose(data.Y_train.mean(axis=1), 0, atol=1e-12)
        np.testing.assert_allclose(data.Y_train.std(axis=1), 1)


def test_a_feature_that_never_changes_becomes_zero() -> None:
    train, test = standardise(np.full((1, 4), 7.0), np.array([[7.0, 8.0]]))
    assert not train.any()
    assert test.tolist() == [[0.0, 1.0]]


@pytest.mark.parametrize("value", [0.1, 1e17 / 3, -7.3])
def test_that_holds_for_constants_whose_mean_is_rounded(value: float) -> None:
    train, _ = standardise(np.full((1, 1234), value), np.full((1, 1), value))
    assert not train.any()


def test_numbers_that_the_dtype_does_not_hold_are_refused() -> None:
    kind = datasets.make("penguins", field="dataset")
    for X, row in ((np.array([[1.0, 2.0], [1e300, 3.0], [0.0, 1.0]]), 1), (np.array([[1.7e308, -1.7e308], [1.0, 2.0], [0.0, 1.0]]), 0)):
        examples = Examples(X, Y=np.ones((1, 2)))
        kind.standardised = row == 0
        with pytest.raises(NotFinite) as refusal:
            assemble(kind, examples, "float32" if row else "float64")
        assert refusal.value.field == ("dataset.X[1][0]" if row else "dataset.X[0]")


def test_without_an_example_to_spare_the_test_is_on_the_training_set() -> None:
    data = assemble(datasets.make("penguins", field="dataset"), Examples(np.eye(3), Y=np.arange(3.0)[np.newaxis]), "float64")
    assert not data.held_out
    assert (data.X_test == data.X_train).all()


def test_the_split_is_stratified_and_loses_nothing() -> None:
    labels = np.repeat([0, 1, 2], [50, 5, 20])
    train, test = stratified_split(labels)
    assert sorted([*train, *test]) == list(range(75))
    assert np.bincount(labels[test]).tolist() == [10, 1, 4]


def test_refusals_name_the_field() -> None:
    for config, error, field in (
        ({"name": "nothing"}, UnknownName, "dataset.name"),
        ({}, UnknownName, "dataset.name"),
        ({"name": "digits", "count": 3}, UnknownParameter, "dataset.count"),
    ):
        with pytest.raises(error) as refusal:
            load_dataset(config, seed=0, dtype="float64")
        assert refusal.value.field == field


def test_the_digits_are_the_digits_for_every_seed() -> None:
    first, other = (load_dataset({"name": "digits"}, seed=seed, dtype="float64") for seed in (0, 99))
    assert first.X_train.shape == (64, 1442)
    assert first.X_test.shape == (64, 355)
    assert first.image == (8, 8)
    assert (first.X_train == other.X_train).all()
    assert (first.Y_test == other.Y_test).all()
    assert first.X_train.min() == 0
    assert first.X_train.max() == 1
    assert set(np.unique(first.X_train * 16)) == set(range(17))
    assert first.X_train[:8, 0].tolist() == [0, 0, 5 / 16, 13 / 16, 9 / 16, 1 / 16, 0, 0]
    assert first.Y_train[0, 0] == 1


def test_the_file_of_digits_is_the_one_that_was_checked() -> None:
    assert hashlib.sha256(FILE.read_bytes()).hexdigest() == "089d33176bf6819a5c6ebd6746c5293713f4e81c2c8fc52b672e6e15faa78f41"
    with np.load(FILE) as stored:
        assert stored["pixels"].dtype == stored["labels"].dtype == np.uint8
        # how many of each digit, as its description says
        assert np.bincount(stored["labels"]).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


@pytest.mark.parametrize("name", [name for name in READY if (HERE / f"{name}.npz").exists()])
def test_the_licence_of_a_file_stands_beside_it(name: str) -> None:
    text = (HERE / f"LICENSE-{name}").read_text()
    assert text.startswith(f"{name}.npz: ")
    for word in ("What it is", "Made by", "Licence", "Copied from", "Changed", datasets[name].licence):
        assert word in text


# digests of the files as they were checked; shapes, counts and sums as the descriptions in the wheels and the files in them say
CHECKED = {
    "iris": ("1712f6ac5bb6daf87afebea74b64c2d09f45272fd98f98e8a75782ad04994a50", (4, 150), [50, 50, 50]),
    "wine": ("15de53041b87e26c0628c15890b4cda3eca9188515979daeead16b842fdcf831", (13, 178), [59, 71, 48]),
    "breast_cancer": ("bf2ace1861c5f4e0dfff6a02be845b93e2792b236f263d78bbe69a6fdd3586a9", (30, 569), [212, 357]),
}


@pytest.mark.parametrize("name", CHECKED)
def test_measured_classes_are_those_of_the_source(name: str) -> None:
    digest, shape, counts = CHECKED[name]
    assert hashlib.sha256((HERE / f"{name}.npz").read_bytes()).hexdigest() == digest
    with np.load(HERE / f"{name}.npz") as stored:
        assert stored["X"].shape == shape
        assert np.bincount(stored["labels"]).tolist() == counts


def test_features_stand_under_their_names() -> None:
    """Lowest and highest of features, from the tables in scikit-learn's descriptions."""
    for name, feature, low, high in (
        ("iris", "petal width (cm)", 0.1, 2.5),
        ("iris", "sepal length (cm)", 4.3, 7.9),
        ("wine", "hue", 0.48, 1.71),
        ("wine", "proline", 278, 1680),
        ("breast_cancer", "mean radius", 6.981, 28.11),
        ("breast_cancer", "standard error of area", 6.802, 542.2),
        ("breast_cancer", "worst texture", 12.02, 49.54),
    ):
        with np.load(HERE / f"{name}.npz") as stored:
            row = stored["X"][datasets[name].feature_names.index(feature)]
        assert (row.min(), row.max()) == (low, high), feature


def test_the_penguins_are_the_penguins() -> None:
    assert (
        hashlib.sha256((HERE / "penguins.npz").read_bytes()).hexdigest()
        == "b34b30c597d31f2935faafab811a10aff4a217d5717839f49ab3f3d725c30133"
    )
    with np.load(HERE / "penguins.npz") as stored:
        X, Y = stored["X"], stored["Y"]
    assert X.shape == (3, 342)
    assert Y.shape == (1, 342)
    assert [*X[:, 0], *Y[:, 0]] == [39.1, 18.7, 181, 3750]  # the first line of the source's file
    # means as the source's own documentation prints them
    np.testing.assert_allclose([*X.mean(axis=1), Y.mean()], [43.9, 17.2, 200.9, 4201.8], atol=0.06)
    data = load_dataset({"name": "penguins"}, seed=0, dtype="float64")
    assert data.target_scale is not None
    told = data.Y_train[0] * data.target_scale.std[0] + data.target_scale.mean[0]
    np.testing.assert_allclose(told[:4], Y[0, :4])  # the first for the test is the fifth
    np.testing.assert_allclose(data.Y_test[0, 0] * data.target_scale.std[0] + data.target_scale.mean[0], Y[0, 4])


def test_the_part_of_mnist_is_balanced_and_made_of_pictures() -> None:
    assert (
        hashlib.sha256((HERE / "mnist.npz").read_bytes()).hexdigest() == "b49e215c3356c720737ac57a1df2b31fe839988190db3f363143f3a80a0cfa72"
    )
    data = load_dataset({"name": "mnist"}, seed=0, dtype="float64")
    assert data.Y_train.sum(axis=1).tolist() == [80] * 10
    assert data.Y_test.sum(axis=1).tolist() == [20] * 10
    assert (data.X_train.min(), data.X_train.max()) == (0, 1)
    ink = data.X_train.mean(axis=1).reshape(28, 28)
    # MNIST's digits are 20 by 20 in a frame of 28 by 28, centred by their mass: next to nothing is on the outermost ring
    assert max(ink[[0, -1]].max(), ink[:, [0, -1]].max()) < 0.01
    assert ink[10:18, 10:18].mean() > 5 * ink[:5].mean()


def test_a_fifth_of_each_class_is_for_the_test() -> None:
    data = load_dataset({"name": "digits"}, seed=0, dtype="float64")
    train, test = data.Y_train.sum(axis=1), data.Y_test.sum(axis=1)
    assert (test == (train + test) // 5).all()


def test_one_hot() -> None:
    assert one_hot(np.array([2, 0]), 3).tolist() == [[0, 1], [0, 0], [1, 0]]
