"""An equation in the forms in which people meet it, and the one sentence about the convention behind all of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

CONVENTION = (
    "dA and dZ are gradients of the sum of the per-example losses (no 1/m), which is m times the mean; dW and db are gradients of the mean loss, "
    "so the factor 1/m appears once, in dW and db, and the equations of the derivation agree with each other."
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a derivation: what is done, in words, and what stands there after it. Either may be empty."""

    words: str
    latex: str = ""


@dataclass(frozen=True, slots=True)
class Equation:
    """LaTeX of a whole tensor, and of one of its numbers in index form; and how one comes to it.

    Layers are l (L is the last), units j and k, examples i of m. `why` says in words what the form shows: why the sum, the
    transposition, the product element by element. `derivation` leads there from what stood before.
    """

    whole: str
    cell: str
    why: str = ""
    derivation: tuple[Line, ...] = field(default=())


def set_indices(cell: str, *, layer: int, last: int, row: int, col: int) -> str:
    """The index form for one number: `dW^{[l]}_{j,k}` becomes `dW^{[2]}_{3,1}` throughout; what a sum runs over stays a letter."""
    left = re.split(r"\\leftarrow|=", cell, maxsplit=1)[0]
    free: dict[str, int] = {}
    if subscript := re.search(r"_\{([a-z])(?:,([a-z]))?\}", left):
        if subscript[2]:
            free[subscript[2]] = col
            free[subscript[1]] = row
        else:  # one number a unit, or one an example
            free[subscript[1]] = col if subscript[1] == "i" else row
    elif superscript := re.search(r"\^\{\(([a-z])\)\}", left):
        free[superscript[1]] = col

    def numbered(match: re.Match[str]) -> str:
        return match[1] + ",".join(str(free.get(letter, letter)) for letter in match[2].split(",")) + match[3]

    text = re.sub(r"(_\{)([a-z](?:,[a-z])?)(\})", numbered, cell)
    text = re.sub(r"(\^\{\()([a-z])(\)\})", numbered, text)
    return set_layer(text, layer=layer, last=last)


def set_layer(latex: str, *, layer: int, last: int) -> str:
    """`l`, `l-1` and `L` as numbers, in superscripts and in the sizes n_l."""
    for letter, number in (("l-1", layer - 1), ("l", layer), ("L", last)):
        latex = latex.replace(f"[{letter}]", f"[{number}]").replace(f"n_{{{letter}}}", f"n_{{{number}}}")
    return latex.replace("n_l", f"n_{{{layer}}}").replace("n_L", f"n_{{{last}}}")


def template(cell: str, symbols: Mapping[str, str]) -> str:
    """The right side of an index form with `#1`, `#2`, ... in the places of the cells that it is a function of.

    `symbols` has the LaTeX of a cell or of a parameter, and what stands in its place.
    """
    right = re.split(r"\\leftarrow|=", cell, maxsplit=1)[1].strip()
    for symbol, place in symbols.items():
        right = right.replace(symbol, place)
    return right


def renamed(equation: Equation, names: Mapping[str, str]) -> Equation:
    """The equation about other tensors of layer l: with A for G, `A^{[l]}` becomes `G^{[l]}` throughout; and so does what a norm is of."""
    if not names:
        return equation

    def in_text(latex: str) -> str:
        return re.sub(r"(?<![A-Za-z\\])([a-z]\\(?:gamma|beta)|[A-Za-z]+)(?=\^\{\[l\]\}|[^{}^]*\\rVert)", other, latex)

    def other(match: re.Match[str]) -> str:
        letter, slash, rest = match[1].partition("\\")
        new = names.get(letter + rest, letter + rest)
        return f"{new[0]}{slash}{new[1:]}" if slash else new

    lines = tuple(Line(line.words, in_text(line.latex)) for line in equation.derivation)
    return Equation(in_text(equation.whole), in_text(equation.cell), equation.why, lines)


def number(value: float) -> str:
    """A number as LaTeX that reads back to the same number."""
    digits, _, exponent = repr(value).partition("e")
    digits = digits.removesuffix(".0")
    if not exponent:
        return digits
    power = rf"10^{{{int(exponent)}}}"
    return power if digits == "1" else rf"{digits} \cdot {power}"
