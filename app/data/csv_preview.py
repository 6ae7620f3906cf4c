"""A CSV file looked at before it is used: what it holds, how it would be read, and what is wrong with it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from app.engine import EngineError

from .bounds import Bounds
from .choice import check_learnable, choose, labels
from .columns import read_columns
from .dataset import assemble
from .errors import BadTable
from .misread import Likeness, check_table, likeness
from .one_hot import categories, check_features
from .own_csv import OwnCsv, dialect_json
from .table import read_table

MOST_ROWS, MOST_PROBLEMS, MOST_VALUES = 10, 50, 20


def preview(text: str, given: Mapping[str, Any], bounds: Bounds) -> dict[str, Any]:
    """What a file holds and how it would be used, for a person to look at before using it.

    Raises:
        EngineError: no table at all, or a target that is not in it. What is wrong with its cells, or with learning from it, is
            told in `problems` and `refusal`.
    """
    table = read_table(text, bounds, given)
    columns = read_columns(table)
    told: dict[str, Any] = {
        "dialect": dialect_json(table),
        "row_count": len(table.rows),
        "columns": [
            {
                "name": column.name,
                "position": column.position,
                "kind": column.kind,
                "missing": int(np.count_nonzero(column.missing)),
                "wrong": int(np.count_nonzero(column.wrong)),
                "distinct": len(column.distinct),
                "values": list(column.distinct[:MOST_VALUES]) if column.kind == "category" else [],
                "low": float(np.nanmin(column.numbers)) if column.kind == "number" and not column.bad.all() else None,
                "high": float(np.nanmax(column.numbers)) if column.kind == "number" and not column.bad.all() else None,
                "looks_like": _likeness_json(likeness(table, column)),
            }
            for column in columns
        ],
        "first_rows": table.rows[:MOST_ROWS],
        "target": None,
        "features": [],
        "feature_count": 0,
        "encodings": [],
        "targets": None,
        "class_names": [],
        "usable_count": 0,
        "training_count": 0,
        "problem_count": 0,
        "problems": [],
        "refusal": None,
    }
    try:
        check_table(text, table)
        choice = choose(table, columns, given)
    except BadTable as error:  # no rows: still a table to look at
        return {**told, "refusal": _refusal(error)}
    encoded = {column.name: categories(choice, column) if column.kind == "category" else () for column in choice.features}
    told |= {
        "target": choice.target.name,
        "features": [column.name for column in choice.features],
        "feature_count": sum(max(1, len(values)) for values in encoded.values()),
        "encodings": [
            {"column": name, "count": len(values), "features": [f"{name}={value[:200]}" for value in values[:MOST_VALUES]]}
            for name, values in encoded.items()
            if values
        ],
        "targets": choice.targets,
        "class_names": list(labels(choice)[1][: bounds.max_classes]) if choice.targets == "classes" else [],
        "usable_count": int(choice.usable.size),
        "problem_count": len(choice.problems),
        "problems": [
            {
                "row": one.row,
                "column": one.column,
                "name": one.name,
                "value": one.value[:200],
                "bound": one.bound,
                "missing": one.is_missing,
            }
            for one in choice.problems[:MOST_PROBLEMS]
        ],
    }
    try:
        check_learnable(choice, columns, bounds)
        check_features(choice, bounds)
        kind: Any = OwnCsv(given.get("standardise", True), choice)
        # no chance is involved in a file
        told["training_count"] = assemble(kind, kind.load(np.random.default_rng(0)), "float64").X_train.shape[1]
    except EngineError as error:
        told["refusal"] = _refusal(error)
    return told


def _likeness_json(found: Likeness | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"kind": found.kind, "count": found.count, "row": found.row, "value": found.value[:200], "mark": found.mark}


def _refusal(error: EngineError) -> dict[str, Any]:
    return {"field": error.field.removeprefix("dataset."), "value": error.value, "bound": error.bound, "found": error.found or None}
