"""Every dataset of the register, without naming one; then the digits."""

import dataclasses
import hashlib

import numpy as np
import pytest

from app.data import datasets, load_dataset
from app.data.dataset import one_hot, standardise, stratified_split
from app.data.digits import FILE
from app.engine import OutOfBounds, UnknownName, UnknownParameter


@pytest.mark.parametrize("name", list(datasets))
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_shapes_types_and_names_fit_together(name: str, dtype: str) -> None:
    kind, data = datasets.make(name, field="dataset"), load_dataset({"name": name}, seed=0, dtype=dtype)
    for X, Y in ((data.X_train, data.Y_train), (data.X_test, data.Y_test)):
        assert X.shape == (kind.features, Y.shape[1])
        assert Y.shape[0] == kind.classes
        assert X.dtype == Y.dtype == dtype
        assert np.isfinite(X).all()
        assert (Y.sum(axis=0) == 1).all()
        assert ((Y == 0) | (Y == 1)).all()
        assert Y.any(axis=1).all()
        assert not X.flags.writeable
        assert not Y.flags.writeable
    assert len(data.class_names) == kind.classes
    assert len(data.feature_names) == kind.features
    assert data.image is None or data.image[0] * data.image[1] == kind.features
    assert kind.title
    assert kind.description
    assert kind.source
    assert kind.licence
    assert kind.hidden
    with pytest.raises(dataclasses.FrozenInstanceError):
        data.name = "other"


@pytest.mark.parametrize("name", list(datasets))
def test_the_seed_decides(name: str) -> None:
    first, again, other = (load_dataset({"name": name}, seed=seed, dtype="float64") for seed in (1, 1, 2))
    assert (first.X_train == again.X_train).all()
    assert (first.X_test == again.X_test).all()
    assert name == "digits" or (first.X_train != other.X_train).any()


@pytest.mark.parametrize("name", list(datasets))
def test_every_bound_of_every_parameter_works_and_nothing_beyond_it(name: str) -> None:
    for parameter in datasets[name].parameters:
        for value in (parameter.low, parameter.high):
            data = load_dataset({"name": name, parameter.name: value}, seed=0, dtype="float64")
            assert data.Y_train.any(axis=1).all()
            assert data.Y_test.any(axis=1).all()
        with pytest.raises(OutOfBounds) as refusal:
            load_dataset({"name": name, parameter.name: parameter.high + 1}, seed=0, dtype="float64")
        assert refusal.value.field == f"dataset.{parameter.name}"


@pytest.mark.parametrize("name", [name for name in datasets if datasets[name].standardised])
def test_standardised_by_the_training_set(name: str) -> None:
    data = load_dataset({"name": name}, seed=0, dtype="float64")
    np.testing.assert_allclose(data.X_train.mean(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(data.X_train.std(axis=1), 1)


def test_a_feature_that_never_changes_becomes_zero() -> None:
    train, test = standardise(np.full((1, 4), 7.0), np.array([[7.0, 8.0]]))
    assert not train.any()
    assert test.tolist() == [[0.0, 1.0]]


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


def test_the_licence_of_the_digits_stands_beside_them() -> None:
    text = FILE.with_name("LICENSE-digits").read_text()
    for word in ("UCI", "Alpaydin", "Kaynak", "scikit-learn", datasets["digits"].licence):
        assert word in text


def test_a_fifth_of_each_class_is_for_the_test() -> None:
    data = load_dataset({"name": "digits"}, seed=0, dtype="float64")
    train, test = data.Y_train.sum(axis=1), data.Y_test.sum(axis=1)
    assert (test == (train + test) // 5).all()


def test_one_hot() -> None:
    assert one_hot(np.array([2, 0]), 3).tolist() == [[0, 1], [0, 0], [1, 0]]
