"""Every register of ingredients: what is added to one of them is tested by all that walks over these."""

from app.engine import (
    activations,
    clippings,
    dropouts,
    initializers,
    layer_kinds,
    losses,
    normalisations,
    optimizers,
    output_activations,
    outputs,
    schedules,
)

REGISTERS = (
    activations,
    clippings,
    dropouts,
    initializers,
    layer_kinds,
    losses,
    normalisations,
    optimizers,
    output_activations,
    outputs,
    schedules,
)
