"""Makes iris.npz, wine.npz, breast_cancer.npz and penguins.npz out of the wheels that carry them as CSV.

    pip download scikit-learn palmerpenguins --no-deps --dest wheels
    python app/data/make_tables.py wheels/scikit_learn-*.whl wheels/palmerpenguins-*.whl

Needed only to see where the files come from: they are committed, and neither package is a dependency.
"""

import csv
import io
import sys
import zipfile
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent

# member of scikit-learn's wheel -> (file here, examples, features); the first line of each says the same, then the classes' names
CLASSIFIED = {
    "sklearn/datasets/data/iris.csv": ("iris.npz", 150, 4),
    "sklearn/datasets/data/wine_data.csv": ("wine.npz", 178, 13),
    "sklearn/datasets/data/breast_cancer.csv": ("breast_cancer.npz", 569, 30),
}
PENGUINS = "palmerpenguins/data/penguins.csv"
MEASURED = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")


def main(scikit_learn: str, palmerpenguins: str) -> None:
    with zipfile.ZipFile(scikit_learn) as archive:
        for member, (name, examples, features) in CLASSIFIED.items():
            head, _, text = archive.read(member).decode().partition("\n")
            rows = np.loadtxt(io.StringIO(text), delimiter=",")
            if head.split(",")[:2] != [str(examples), str(features)] or rows.shape != (examples, features + 1):
                raise SystemExit(f"{member} holds other data than expected: {head!r}, {rows.shape}")
            np.savez_compressed(HERE / name, X=rows[:, :-1].T, labels=rows[:, -1].astype(np.uint8))
    with zipfile.ZipFile(palmerpenguins) as archive:
        penguins = list(csv.DictReader(io.StringIO(archive.read(PENGUINS).decode())))
    # two of the 344 were not measured at all; no other of these four cells is missing
    rows = np.array([[float(row[name]) for name in MEASURED] for row in penguins if row["body_mass_g"] != "NA"])
    if len(penguins) != 344 or rows.shape != (342, 4):
        raise SystemExit(f"{PENGUINS} holds other data than expected: {len(penguins)} penguins, {len(rows)} of them measured")
    np.savez_compressed(HERE / "penguins.npz", X=rows[:, :3].T, Y=rows[:, 3:].T)


if __name__ == "__main__":
    main(*sys.argv[1:])
