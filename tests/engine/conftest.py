"""Strict numerics: a floating-point accident that the engine doesn't expect fails the test."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("engine", max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
settings.load_profile("engine")


@pytest.fixture(autouse=True)
def strict_numerics() -> Iterator[None]:
    with np.errstate(divide="raise", over="raise", invalid="raise"):
        yield
