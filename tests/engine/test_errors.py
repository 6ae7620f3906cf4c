"""Every refusal says what was wrong, the value, and what would be right."""

import pytest

from app.engine import EngineError, OutOfBounds, UnknownName, UnknownParameter


def test_a_message_has_three_parts() -> None:
    error = OutOfBounds("learning_rate", 12, "above 0 and at most 10")
    assert str(error) == "learning_rate is 12; it must be above 0 and at most 10."
    assert (error.field, error.value, error.bound) == ("learning_rate", 12, "above 0 and at most 10")


@pytest.mark.parametrize("kind", EngineError.__subclasses__())
def test_every_refusal_is_an_engine_error_and_a_value_error(kind: type[EngineError]) -> None:
    assert issubclass(kind, ValueError)
    assert kind.__doc__


def test_choices_are_listed() -> None:
    assert str(UnknownName("activation", "rleu", ["tanh", "relu"])) == "activation is 'rleu'; it must be one of: relu, tanh."
    assert UnknownParameter("x.y", 1, ["a", "b"]).bound == "left out; the parameters are: a, b"
    assert UnknownParameter("x.y", 1, []).bound == "left out; there are no parameters"
