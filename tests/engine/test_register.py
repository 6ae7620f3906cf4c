"""Parameters in and out of bounds; names that nobody has."""

import math

import pytest

from app.engine import OutOfBounds, Parameter, Register, UnknownName, UnknownParameter, WrongType, optimizers


@pytest.mark.parametrize(
    ("settings", "error", "field"),
    [
        ({"learning_rate": 0}, OutOfBounds, "optimizer.learning_rate"),
        ({"learning_rate": 11}, OutOfBounds, "optimizer.learning_rate"),
        ({"learning_rate": math.nan}, OutOfBounds, "optimizer.learning_rate"),
        ({"learning_rate": math.inf}, OutOfBounds, "optimizer.learning_rate"),
        ({"learning_rate": 10**400}, OutOfBounds, "optimizer.learning_rate"),
        ({"learning_rate": "0.1"}, WrongType, "optimizer.learning_rate"),
        ({"learning_rate": True}, WrongType, "optimizer.learning_rate"),
        ({"decay_biases": 1}, WrongType, "optimizer.decay_biases"),
        ({"weight_decay": -1e-9}, OutOfBounds, "optimizer.weight_decay"),
        ({"speed": 1}, UnknownParameter, "optimizer.speed"),
    ],
)
def test_a_setting_that_does_not_fit_is_refused(settings, error, field) -> None:
    with pytest.raises(error) as refusal:
        optimizers.make("sgd", settings, field="optimizer")
    assert refusal.value.field == field
    assert refusal.value.value is next(iter(settings.values()))
    assert refusal.value.bound in str(refusal.value)


@pytest.mark.parametrize("name", ["nothing", None, 3, ["sgd"]])
def test_an_unknown_name_is_answered_with_the_choices(name) -> None:
    with pytest.raises(UnknownName, match="one of: .*sgd"):
        optimizers.make(name, {}, field="optimizer")


def test_whole_numbers_stay_whole() -> None:
    count = Parameter("count", int, default=3, low=1, high=5)
    assert count.check(2.0, "count") == 2
    assert isinstance(count.check(2.0, "count"), int)
    for value, error in (
        (2.5, WrongType),
        (math.nan, WrongType),
        (math.inf, WrongType),
        (10**400, OutOfBounds),
        (0, OutOfBounds),
        (6, OutOfBounds),
    ):
        with pytest.raises(error, match="a whole number, at least 1 and at most 5"):
            count.check(value, "count")


def test_one_name_serves_one_class() -> None:
    register: Register = Register("thing")
    entry = register.add(type("Thing", (), {"name": "thing"}))
    assert register["thing"] is entry
    assert list(register) == ["thing"]
    assert len(register) == 1
    assert register.values() == (entry,)
    with pytest.raises(ValueError, match="registered twice"):
        register.add(type("Other", (), {"name": "thing"}))
