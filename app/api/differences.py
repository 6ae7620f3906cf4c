"""Two traces of networks alike, one minus the other."""

from typing import Any

import numpy as np

from app.engine import Array, Trace

from .encoding import Look, layer_name, names_of, tensor_json, tensor_of


def differences(here: Trace, there: Trace, look: Look) -> list[dict[str, Any]]:
    """Of every layer, each tensor that both have: there minus here, subtracted at full precision before anything is pooled."""
    layers = []
    for layer, against in zip(here.layers, there.layers, strict=True):
        if look.layers is not None and layer.index not in look.layers:
            continue
        told: dict[str, Any] = {"index": layer.index, "name": layer_name(layer.index, len(here.layers) - 1)}
        theirs = names_of(against)
        for name in names_of(layer):
            if name not in theirs or (look.include is not None and name not in look.include):
                continue
            one, two = tensor_of(layer, name), tensor_of(against, name)
            if one is not None and two is not None and one.shape == two.shape:
                told[name] = tensor_json(minus(two, one), look.max_cells)
        layers.append(told)
    return layers


def minus(two: Array, one: Array) -> Array:
    """`two - one`, but that equal infinities differ by nothing."""
    return np.where(one == two, np.zeros((), one.dtype), two - one)


def farthest(one: Array, others: list[Array]) -> Array:
    """How far each cell of `one` is from where it is farthest from in `others`; with none of them, its magnitude. A NaN is as far as can be."""
    if not others:
        return _as_far_as_can_be(np.abs(one))
    apart: Array = np.maximum.reduce([_as_far_as_can_be(np.abs(minus(two, one))) for two in others])
    return apart


def _as_far_as_can_be(sizes: Array) -> Array:
    return np.where(np.isnan(sizes), np.inf, sizes)
