"""A run's scalars as CSV (RFC 4180): a row a step, names and numbers as in the JSON."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from app.sessions.history import COLUMNS_OF_LAYER, PER_STEP


def history_csv(told: Mapping[str, Any]) -> str:
    """What `Sessions.history` tells. The network before its first step is the row of step 0, where it was asked for.

    No cell is text that came from a person, so a spreadsheet finds no formula in it.
    """
    text = io.StringIO()
    writer = csv.writer(text)  # a float is written as the shortest text that reads back to it; None as nothing
    layers = told["layers"]
    writer.writerow(["step", *PER_STEP, *(f"{name}[{layer['index']}]" for layer in layers for name in COLUMNS_OF_LAYER)])
    columns = [told[name] for name in PER_STEP] + [layer[name] for layer in layers for name in COLUMNS_OF_LAYER]
    if told["initial"]:
        writer.writerow([0, *(told["initial"].get(name) for name in PER_STEP), *[None] * (len(columns) - len(PER_STEP))])
    writer.writerows(zip(told["steps"], *columns, strict=True))
    return text.getvalue()
