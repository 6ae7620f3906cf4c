"""Makes digits.npz out of scikit-learn's wheel, which carries the digits as text: 64 pixels (0 to 16) and a label a line.

    pip download scikit-learn --no-deps --dest wheels
    python app/data/make_digits.py wheels/scikit_learn-*.whl

Needed only to see where digits.npz comes from: the file is committed, and scikit-learn is no dependency.
"""

import gzip
import io
import sys
import zipfile
from pathlib import Path

import numpy as np

MEMBER = "sklearn/datasets/data/digits.csv.gz"


def main(wheel: str) -> None:
    with zipfile.ZipFile(wheel) as archive:
        text = gzip.decompress(archive.read(MEMBER)).decode()
    rows = np.loadtxt(io.StringIO(text), delimiter=",")
    pixels, labels = rows[:, :-1].astype(np.uint8), rows[:, -1].astype(np.uint8)
    if pixels.shape != (1797, 64) or pixels.max() != 16 or set(labels) != set(range(10)):
        raise SystemExit(f"{wheel} holds other digits than expected: {pixels.shape}")
    np.savez_compressed(Path(__file__).with_name("digits.npz"), pixels=pixels, labels=labels)


if __name__ == "__main__":
    main(sys.argv[1])
