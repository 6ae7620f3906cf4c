"""How much data of their own people may bring."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """Held before anything of the data's size is computed, as far as counting goes. Names as in the server's limits."""

    max_csv_bytes: int = 2 * 1024 * 1024
    max_csv_columns: int = 1024
    max_data_examples: int = 10_000
    max_data_cells: int = 500_000
    max_classes: int = 100
    max_csv_categories: int = 50  # of a column that is learned from


DEFAULT_BOUNDS = Bounds()
