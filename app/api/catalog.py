"""What there is: the registers, read out."""

from dataclasses import asdict
from sys import maxsize
from typing import Any

from fastapi import APIRouter, Request, Response

from app import __version__
from app.data import brings, datasets
from app.engine import (
    CONVENTION,
    Equation,
    activations,
    clippings,
    dropouts,
    edits,
    initializers,
    layer_kinds,
    losses,
    normalisations,
    optimizers,
    output_activations,
    outputs,
    schedules,
)
from app.engine.edit_parameters import OneOf, OrNone
from app.engine.edits import is_required
from app.engine.register import Parameter
from app.sessions.log import REDO, UNDO
from app.sessions.presets import PRESETS
from app.sessions.recipe import DEFAULT_ENDS, normalise, targets_for
from app.settings import Limits as LimitsOfApp

from .catalog_schemas import CatalogSchema
from .deps import Limits
from .encoding import JsonBytes, to_bytes
from .problems import responses
from .routes import StrictRoute
from .tagged import tagged

router = APIRouter(tags=["catalog"], route_class=StrictRoute)


@router.get(
    "/catalog",
    summary="Ingredients, defaults and limits",
    response_class=JsonBytes,
    responses={200: {"model": CatalogSchema}, 304: {"description": "the ETag that was sent is still its own"}, **responses(422)},
)
def read_catalog(request: Request, limits: Limits) -> Response:
    """Datasets, activations, losses, initializers and optimizers, each with its equations, parameters and bounds."""
    return tagged(request, to_bytes(catalog_json(limits)))


def catalog_json(limits: LimitsOfApp) -> dict[str, Any]:
    # without limits: a server whose limits are below the defaults still has a catalogue
    defaults = normalise({}, max_layers=maxsize, max_parameters=maxsize, max_batch_size=maxsize, max_activation_cells=maxsize)
    return {
        "version": __version__,
        "convention": CONVENTION,
        "datasets": [{**entry_json(kind), "brings": brings_json(kind), **dataset_facts(kind())} for kind in datasets.values()],
        "activations": [entry_json(kind) for kind in activations.values()],
        "outputs": [{**entry_json(kind), "activation": kind.activation, "loss": kind.loss} for kind in outputs.values()],
        "output_activations": [entry_json(kind) for kind in (*output_activations.values(), *activations.values())],
        "losses": [
            {**entry_json(kind), "name": kind.loss, "output_activations": [kind.activation], "targets": targets_for(kind.loss)}
            for kind in outputs.values()
        ]
        + [
            {**entry_json(kind), "output_activations": [*output_activations, *activations], "targets": targets_for(kind.name)}
            for kind in losses.values()
        ],
        "default_ends": DEFAULT_ENDS,
        "initializers": [entry_json(kind) for kind in initializers.values()],
        "optimizers": [entry_json(kind) for kind in optimizers.values()],
        "schedules": [entry_json(kind) for kind in schedules.values()],
        "clippings": [entry_json(kind) for kind in clippings.values()],
        "dropouts": [entry_json(kind) for kind in dropouts.values()],
        "normalisations": [entry_json(kind) for kind in normalisations.values()],
        "layers": [entry_json(kind) for kind in layer_kinds.values()],
        "edits": [
            {
                **entry_json(kind),
                "parameters": [parameter_json(one, required=is_required(one)) for one in kind.parameters],
                "help": kind.help,
                "stands": kind.stands,
                "ends": kind.ends,
            }
            for kind in edits.values()
        ],
        # what an edit's place may be taken by; they have no parameters, and are no edits of a step
        "log_actions": [{"name": UNDO, "title": "Undo"}, {"name": REDO, "title": "Redo"}],
        "presets": [asdict(preset) for preset in PRESETS],
        "limits": limits.model_dump(),
        "defaults": defaults.config,
    }


def entry_json(kind: Any) -> dict[str, Any]:
    """One register entry as anyone may know it."""
    return {
        "name": kind.name,
        "title": kind.title,
        # a docstring's backticks are for those who read the code
        "description": getattr(kind, "description", None) or (kind.__doc__ or "").strip().partition("\n")[0].replace("`", ""),
        "source": kind.source,
        "equations": {name: equation_json(equation) for name, equation in getattr(kind, "equations", {}).items()},
        "parameters": [parameter_json(parameter) for parameter in kind.parameters],
    }


def equation_json(equation: Equation) -> dict[str, Any]:
    return {
        "whole": equation.whole,
        "cell": equation.cell,
        "why": equation.why,
        "derivation": [{"words": line.words, "latex": line.latex} for line in equation.derivation],
    }


def parameter_json(parameter: Parameter, *, required: bool = False) -> dict[str, Any]:
    """What a required one has for a form to begin with is no default: a request that leaves it out is refused."""
    return {
        "name": parameter.name,
        "type": {float: "number", int: "integer", bool: "boolean", str: "string", list: "array", dict: "object"}[parameter.type],
        **({"choices": parameter.choices} if isinstance(parameter, OneOf) else {}),
        "nullable": isinstance(parameter, OrNone),
        "required": required,
        "start" if required else "default": parameter.default,
        "low": parameter.low,
        "high": parameter.high,
        "low_open": parameter.low_open,
        "help": parameter.help,
        "symbol": parameter.symbol,
    }


def brings_json(kind: Any) -> list[dict[str, Any]]:
    """What whoever takes a dataset has to bring along: text, matrices, names of columns. None for most."""
    return [{"name": one.name, "type": one.type, "required": one.required, "help": one.help} for one in brings(kind)]


def dataset_facts(kind: Any) -> dict[str, Any]:
    """What a person needs to know of a dataset before taking it; for a kind with its parameters set."""
    return {
        "licence": kind.licence,
        "targets": kind.targets,
        "target_names": kind.target_names,
        "features": kind.features,
        "classes": kind.classes,
        "class_names": kind.class_names,
        "feature_names": kind.feature_names,
        "image": None if kind.image is None else {"rows": kind.image[0], "cols": kind.image[1]},
        "standardised": kind.standardised,
        "hidden": kind.hidden,
    }
