"""Reads the LaTeX of an equation as mathematics and computes it from the numbers of a trace.

So that an equation on the page is true, and not only well set. It understands what the registers write: tensors with a layer, indices and
a transposition, sums, fractions, functions, powers, products (of matrices where two stand side by side), indicators and settings by
their symbols. Anything else is an error, never a guess; two shapes that don't fit are one too.

In a subscript a letter counts from 1, as the sums of the mathematics do, and a number from 0, as `set_indices` writes it.
"""

import math
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np

from app.engine import Network, Trace
from app.engine.terms import Reader

TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|\d+\.\d+(?:e[+-]?\d+)?|\d+e[+-]?\d+|\d+|[a-zA-Z]|\S")
# room and the size of brackets, which mean nothing
BLANK = {r"\,", r"\;", r"\:", r"\!", r"\ ", r"\quad", r"\left", r"\right", r"\big", r"\Big", r"\bigl", r"\bigr", r"\Bigl", r"\Bigr"}
RELATIONS: dict[str, Callable[[Any, Any], Any]] = {
    ">": np.greater,
    "<": np.less,
    r"\ge": np.greater_equal,
    r"\geq": np.greater_equal,
    r"\le": np.less_equal,
    r"\leq": np.less_equal,
    "=": np.equal,
}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    r"\log": np.log,
    r"\ln": np.log,
    r"\exp": np.exp,
    r"\tanh": np.tanh,
    r"\cosh": np.cosh,
    r"\cos": np.cos,
    r"\sigma": lambda x: 1 / (1 + np.exp(-x)),
    "softmax": lambda Z: np.exp(Z - Z.max(axis=0)) / np.exp(Z - Z.max(axis=0)).sum(axis=0),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "erf": np.vectorize(math.erf, otypes=[float]),
    "sign": np.sign,
}
MANY: dict[str, Callable[..., Any]] = {r"\max": np.maximum, r"\min": np.minimum}
# a parameter with a letter before it is its gradient, or something that an optimizer keeps of it
NAME = r"d?(?:[ZAGNMV]|\\hat\{Z\})|r[MV]|[a-z]?(?:[Wb]|\\gamma|\\beta)"
ONE_INDEX = re.compile(r".?b|.?gamma|.?beta|.?[MV]")  # one number a unit, or one an example
TENSORS = re.compile(rf"{NAME}|[DXY]")
ENDS = {")", "]", "}", ",", "|", "=", r"\leftarrow", "+", "-", "", "&", r"\\", r"\end", r"\rfloor", *RELATIONS}


class NotUnderstood(Exception):
    """LaTeX that this reader has no meaning for, or shapes and indices that don't fit."""


class Place:
    """Where an equation is read: the trace, which layer is l, what each letter stands for."""

    def __init__(
        self,
        trace: Trace,
        network: Network,
        l: int,
        symbols: Mapping[str, Any] | None = None,
        *,
        new: Collection[str] = (),
        moved: Mapping[tuple[str, int], np.ndarray] | None = None,
        **letters: int,
    ) -> None:
        self.reader, self.trace, self.l, self.L = Reader(trace), trace, l, len(network.W)
        self.sizes = network.layer_sizes
        self.frozen = network.interventions.frozen if network.interventions else frozenset()
        self.symbols = dict(symbols or {})
        self.new = set(new)  # what the equation means as the step leaves it: W moves by the new velocity
        self.moved = dict(moved or {})  # tensors with other numbers than the trace's
        self.letters: dict[str, int] = letters

    def layer(self, text: str) -> int:
        named = {"l": self.l, "l-1": self.l - 1, "l+1": self.l + 1, "L": self.L, "L-1": self.L - 1}
        if text not in named and not text.isdigit():
            raise NotUnderstood(f"no layer [{text}]")
        layer = named[text] if text in named else int(text)
        if not 0 <= layer <= self.L:
            raise NotUnderstood(f"there is no layer {layer}")
        return layer

    def index(self, text: str) -> int:
        if text.isdigit():
            return int(text)
        if text not in self.letters:
            raise NotUnderstood(f"nothing says what the index {text} is")
        return self.letters[text] - 1

    def tensor(self, name: str, layer: int | None) -> np.ndarray:
        if name in ("Y", "losses", "loss"):
            layer = self.L
        elif name == "X":
            name, layer = "A", 0
        elif layer is None:
            raise NotUnderstood(f"{name} of which layer?")
        name = f"{name}_next" if name in self.new else name
        if (name, layer) in self.moved:
            return self.moved[name, layer]
        try:
            return self.reader.tensor(name, layer).astype(np.float64)
        except KeyError:
            raise NotUnderstood(f"this trace has no {name}[{layer}]") from None


def letters_of_settings(operation: Any, step: int = 1) -> dict[str, float]:
    """The letters of an ingredient's settings and of its fixed numbers; a penalty on b is 0 where biases don't decay."""
    if hasattr(operation, "schedule"):
        operation = operation.at(step)
    letters = {p.symbol: float(getattr(operation, p.name)) for p in operation.parameters if p.symbol}
    if hasattr(operation, "decay_biases"):
        letters[r"\lambda_b"] = letters[r"\lambda"] if operation.decay_biases else 0.0
    return letters | dict(getattr(operation, "constants", {}))


def sides(latex: str) -> list[str]:
    """What stands between the signs of equality, outside of braces; an update's arrow is one of these signs."""
    found, depth, start = [], 0, 0
    for match in re.finditer(r"[{}\[\]]|=|\\leftarrow|\\sim", latex):
        sign = match[0]
        if sign in "{[":
            depth += 1
        elif sign in "}]":
            depth -= 1
        elif depth == 0:
            found.append(latex[start : match.start()].strip())
            start = match.end()
    return [*found, latex[start:].strip()]


def evaluate(latex: str, place: Place) -> Any:
    """The value of one side of an equation: a number in index form, a matrix in matrix form."""
    return _Parser(latex, place).whole()


def written(latex: str, place: Place) -> tuple[str, int, Any]:
    """(tensor, layer, its value in the trace) of the left side: an equation must say what it is about."""
    left = sides(latex)[0]
    name, layer = target(left, place)
    if r"\leftarrow" in latex:
        left, name = left.replace(name, f"{name}_next", 1), f"{name}_next"
        parser = _Parser(left.replace("_next", "", 1), place)
        parser.suffix = "_next"
        return name, layer, parser.whole()
    return name, layer, evaluate(left, place)


def target(left: str, place: Place) -> tuple[str, int]:
    if left.startswith(r"\mathcal{L}"):
        return ("losses" if "^" in left else "loss"), place.L
    match = re.match(rf"({NAME})\^\{{\[([^\]]+)\](?:\(i\))?\}}", left)
    if not match:
        raise NotUnderstood(f"no tensor on the left: {left}")
    return plain(match[1]), place.layer(match[2])


def plain(name: str) -> str:
    """A tensor's name in the trace: Zhat for \\hat{Z}."""
    return re.sub(r"\\hat\{(.)\}", r"\1hat", name).replace("\\", "")


class _Parser:
    """Recursive descent, computing as it reads; a sum reads its body again for each value of its letter."""

    def __init__(self, latex: str, place: Place) -> None:
        self.tokens = [token for token in TOKEN.findall(latex) if token not in BLANK]
        self.at, self.place, self.latex = 0, place, latex
        self.suffix = ""  # of an update's left side

    def whole(self) -> Any:
        value = self.expression()
        if self.peek():
            raise NotUnderstood(f"{self.peek()!r} is left over in {self.latex}")
        return value

    def peek(self, ahead: int = 0) -> str:
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else ""

    def take(self, expected: str | None = None) -> str:
        token = self.peek()
        if not token or (expected is not None and token != expected):
            raise NotUnderstood(f"{expected or 'something'} expected, not {token!r}, in {self.latex}")
        self.at += 1
        return token

    def group(self) -> str:
        """The text between braces."""
        self.take("{")
        depth, parts = 1, []
        while True:
            token = self.take()
            depth += (token == "{") - (token == "}")
            if depth == 0:
                return "".join(parts)
            parts.append(token)

    def braced(self) -> Any:
        self.take("{")
        value = self.expression()
        self.take("}")
        return value

    def expression(self) -> Any:
        sign = -1 if self.peek() == "-" else 1
        if self.peek() in ("-", "+"):
            self.take()
        value = self.term() * sign
        while self.peek() in ("+", "-"):
            plus = self.take() == "+"
            other = self.term()
            value = _added(value, other if plus else -other)
        return value

    def term(self) -> Any:
        value = self.factor()
        while self.peek() not in ENDS:
            if self.peek() == r"\odot":
                self.take()
                value = _element_by_element(value, self.factor())
            elif self.peek() == "/":
                self.take()
                value = value / self.factor()
            else:
                if self.peek() in (r"\cdot", r"\times"):
                    self.take()
                value = _multiplied(value, self.factor())
        return value

    def factor(self) -> Any:
        value = self.primary()
        while self.peek() == "^":
            self.take()
            value = value ** (self.braced() if self.peek() == "{" else float(self.take()))
        return value

    def primary(self) -> Any:
        token = self.peek()
        if token in ("(", "["):
            self.take()
            value = self.expression()
            self.take(")" if token == "(" else "]")
            return value
        if token == "{":
            return self.braced()
        if token == r"\lfloor":
            self.take()
            value = np.floor(self.expression())
            self.take(r"\rfloor")
            return value
        if token == "|":
            self.take()
            value = abs(self.expression())
            self.take("|")
            return value
        if token in (r"\frac", r"\tfrac", r"\dfrac"):
            self.take()
            return _divided(self.braced(), self.braced())
        if token == r"\sqrt":
            self.take()
            return np.sqrt(self.braced())
        if token == r"\sum":
            return self.sum()
        if token == r"\mathbb":
            return self.indicator()
        if token == r"\begin":
            return self.cases()
        if token == r"\mathcal":
            return self.loss()
        if token == r"\lVert":
            return self.norm()
        if token in MANY:
            return self.of_many(MANY[self.take()])
        if token in FUNCTIONS and token not in self.place.symbols:
            return self.applied(FUNCTIONS[self.take()])
        if token == r"\operatorname":
            self.take()
            name = self.group()
            if name not in FUNCTIONS:
                raise NotUnderstood(f"no function {name}")
            return self.applied(FUNCTIONS[name])
        if re.fullmatch(r"[\d.]+(?:e[+-]?\d+)?", token):
            return float(self.take())
        return self.symbol()

    def applied(self, function: Callable[..., Any]) -> Any:
        if self.peek() == "(":
            return function(self.primary())
        return function(self.factor())  # \log A_j: of the next factor alone

    def of_many(self, function: Callable[..., Any]) -> Any:
        self.take("(")
        value = self.expression()
        while self.peek() == ",":
            self.take()
            value = function(value, self.expression())
        self.take(")")
        return value

    def indicator(self) -> Any:
        self.take(r"\mathbb")
        if self.group() != "1":
            raise NotUnderstood("only the indicator is written in blackboard bold")
        close = {"[": "]", "(": ")"}[self.take()]
        value = self.relation()
        self.take(close)
        return np.asarray(value, dtype=np.float64)[()]

    def relation(self) -> Any:
        left = self.expression()
        if self.peek() not in RELATIONS:
            raise NotUnderstood(f"no relation: {self.peek()!r}")
        return RELATIONS[self.take()](left, self.expression())

    def norm(self) -> float:
        """Of tensors that are named without a layer: of all layers together, but for those that edits have frozen."""
        self.take(r"\lVert")
        names = "".join(iter(self.take, r"\rVert")).split(",")
        layers = [layer for layer in range(1, self.place.L + 1) if layer not in self.place.frozen]
        there = [(plain(name), layer) for name in names for layer in layers]
        there = [(name, layer) for name, layer in there if name in ("dW", "db") or name in self.place.trace.layers[layer].more]
        return math.sqrt(sum(float((self.place.tensor(*at) ** 2).sum()) for at in there))

    def cases(self) -> Any:
        """One value a line, each with where it holds; the last may be `\\text{otherwise}`."""
        self.take(r"\begin")
        if self.group() != "cases":
            raise NotUnderstood("only cases are begun")
        values, conditions = [], []
        while self.peek() != r"\end":
            values.append(self.expression())
            self.take("&")
            words = ""
            while self.peek() == r"\text":
                self.take()
                words += self.group()
            conditions.append(True if words == "otherwise" else self.relation())
            if self.peek() != r"\end":
                self.take(r"\\")
        self.take(r"\end")
        self.group()
        # exactly one line holds for a number: neither a gap nor two answers
        held = np.sum([np.asarray(c, dtype=int) for c in conditions if c is not True], axis=0)
        if np.any(held > 1) or (conditions[-1] is not True and np.any(held < 1)):
            raise NotUnderstood("cases that leave a gap or meet")
        value: Any = values[-1]
        for one, condition in zip(values[-2::-1], conditions[-2::-1], strict=True):
            value = np.where(condition, one, value)
        return np.asarray(value)[()]

    def sum(self) -> Any:
        self.take(r"\sum")
        self.take("_")
        bound = self.group()
        match = re.fullmatch(r"([a-z])=1", bound)
        if not match:
            raise NotUnderstood(f"a sum over {bound}")
        letter = match[1]
        self.take("^")
        upper = self.braced() if self.peek() == "{" else self.symbol()
        if letter in self.place.letters:
            raise NotUnderstood(f"{letter} is something else already")
        total, body = 0.0, self.at
        for value in range(1, round(float(upper)) + 1):
            self.at, self.place.letters[letter] = body, value
            total = _added(total, self.term()) if value > 1 else self.term()
        del self.place.letters[letter]
        return total

    def loss(self) -> Any:
        self.take(r"\mathcal")
        if self.group() != "L":
            raise NotUnderstood("only the loss is written in script")
        if self.peek() != "^":
            return self.place.trace.loss
        self.take()
        match = re.fullmatch(r"\(([a-z]|\d+)\)", self.group())
        if not match:
            raise NotUnderstood("the loss of which example?")
        return _cell(self.place.tensor("losses", None), 0, self.place.index(match[1]))

    def symbol(self) -> Any:
        place = self.place
        name = self.take()
        if self.peek() == r"\hat" and name == "d":
            name += self.take()
        if name.endswith(r"\hat"):
            name += "{" + self.group() + "}"
        elif self.peek() and TENSORS.fullmatch(name + self.peek()):
            name += self.take()
        # gamma and beta are settings too, which have no layer
        of_layer = name not in (r"\gamma", r"\beta") or self.peek() + self.peek(1) + self.peek(2) == "^{["
        if of_layer and TENSORS.fullmatch(name):
            return self.tensor(plain(name))
        if name == "m":
            return float(place.trace.m)
        if name == "e":
            self.take("^")
            return np.exp(self.braced())
        if name == "n" and self.peek() == "_":
            self.take("_")
            layer = self.group() if self.peek() == "{" else self.take()
            return float(place.sizes[place.layer(layer)])
        if self.peek() == "_" and self.peek(1) != "{":
            name += self.take() + self.take()
        if name in place.letters:
            return float(place.letters[name])
        if name not in place.symbols:
            raise NotUnderstood(f"what is {name}? in {self.latex}")
        return place.symbols[name]

    def tensor(self, name: str) -> Any:
        layer, example, transposed, indices = None, None, False, None
        while self.peek() in ("^", "_"):
            if self.take() == "_":
                indices = self.group().split(",") if self.peek() == "{" else [self.take()]
                continue
            over = self.group() if self.peek() == "{" else self.take()
            match = re.fullmatch(r"(?:\[([^\]]+)\])?(?:\(([a-z]|\d+)\))?(\\top)?", over)
            if not match:
                raise NotUnderstood(f"{name} with {over} above")
            layer = layer if match[1] is None else self.place.layer(match[1])
            example, transposed = match[2], match[3] is not None
        values = self.place.tensor(name + self.suffix, layer)
        if indices is None:
            if example is not None:
                i = self.place.index(example)
                _cell(values, 0, i)
                values = values[:, i : i + 1]
            if values.shape == (1, 1):
                return float(values[0, 0])  # a count beside a matrix
            return values.T if transposed else values
        values = values.T if transposed else values
        row = self.place.index(indices[0])
        if ONE_INDEX.fullmatch(name):
            if len(indices) != 1:
                raise NotUnderstood(f"{name} has one index")
            return _cell(values, 0, row) if values.shape[0] == 1 else _cell(values, row, 0)
        if indices[1:] == [":"]:
            _cell(values, row, 0)
            return values[row : row + 1]
        if len(indices) != 2:
            raise NotUnderstood(f"{name} has two indices")
        return _cell(values, row, self.place.index(indices[1]))


def _cell(values: np.ndarray, row: int, col: int) -> float:
    if not (0 <= row < values.shape[0] and 0 <= col < values.shape[1]):
        raise NotUnderstood(f"cell {row}, {col} of a tensor of shape {values.shape}")
    return float(values[row, col])


def _is_matrix(value: Any) -> bool:
    return np.ndim(value) == 2


def _fit(one: np.ndarray, other: np.ndarray) -> bool:
    """Alike; or one is a column for every example, or a row for every unit."""
    column = one.shape[0] == other.shape[0] and 1 in (one.shape[1], other.shape[1])
    row = one.shape[1] == other.shape[1] and 1 in (one.shape[0], other.shape[0])
    return one.shape == other.shape or column or row


def _added(one: Any, other: Any) -> Any:
    """Alike, or a column for every example, or a number to each (1 - A)."""
    if _is_matrix(one) and _is_matrix(other) and not _fit(one, other):
        raise NotUnderstood(f"{one.shape} and {other.shape} are added")
    return one + other


def _element_by_element(one: Any, other: Any) -> Any:
    if not (_is_matrix(one) and _is_matrix(other) and _fit(one, other)):
        raise NotUnderstood(f"{np.shape(one)} and {np.shape(other)} are multiplied element by element")
    return one * other


def _divided(one: Any, other: Any) -> Any:
    if _is_matrix(one) and _is_matrix(other) and not _fit(one, other):
        raise NotUnderstood(f"{one.shape} is divided by {other.shape}")
    return one / other


def _multiplied(one: Any, other: Any) -> Any:
    if not (_is_matrix(one) and _is_matrix(other)):
        return one * other
    if one.shape[1] != other.shape[0]:
        raise NotUnderstood(f"a matrix product of {one.shape} and {other.shape}")
    return one @ other
