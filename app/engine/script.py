"""A step, or one phase of it, as a short script of NumPy alone that computes the same numbers again.

The functions in the script are the engine's own, cut out of its source: what is printed is what ran. They lose what only the engine
needs (annotations, docstrings, `self`); parameters of an ingredient become numbers.
"""

import ast
import inspect
import linecache
import math
import sys
import textwrap
from collections.abc import Callable, Iterator
from types import FunctionType, ModuleType
from typing import Any, TypeAlias, cast

import numpy as np

from .errors import OutOfBounds, UnknownName
from .interventions import Frozen, ScaledGradient, UsedGradient, clipped, scaled
from .network import Network
from .optimizers import Optimizer
from .phases import BACKWARD, FORWARD, Phase, TensorAt, phases
from .terms import Reader
from .trace import PARAMETERS, Array, Trace

# how a phase calls its operation: the method, its arguments, and which of its results the phase writes
CALLS: dict[tuple[str, str], tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    ("layer kind", "Z"): ("forward", ("A_prev", "W", "b"), ("Z",)),
    ("layer kind", "dW"): ("backward", ("dZ", "A_prev", "W"), ("dW", "db", "dA_prev")),
    ("layer kind", "db"): ("backward", ("dZ", "A_prev", "W"), ("dW", "db", "dA_prev")),
    ("layer kind", "dA_prev"): ("backward", ("dZ", "A_prev", "W"), ("dW", "db", "dA_prev")),
    ("activation", "A"): ("forward", ("Z",), ("A",)),
    ("activation", "dZ"): ("backward", ("dA", "Z", "A"), ("dZ",)),
    **{("normalisation", name): ("forward", ("Z", "gamma", "beta"), FORWARD) for name in FORWARD},
    **{("normalisation", name): ("backward", ("dN", "Z", "M", "V", "Zhat", "gamma"), BACKWARD) for name in BACKWARD},
    **{("normalisation", name): ("run", ("rM", "rV", "M", "V", "Z"), ("rM_next", "rV_next")) for name in ("rM_next", "rV_next")},
    ("dropout", "A"): ("forward", ("G", "D"), ("A",)),
    ("dropout", "dG"): ("backward", ("dA", "D"), ("dG",)),
    ("edit", "A"): ("forward", ("G", "D"), ("A",)),
    ("edit", "dG"): ("backward", ("dA", "D"), ("dG",)),
    ("output", "A"): ("forward", ("Z", "Y"), ("A", "losses")),
    ("output", "losses"): ("forward", ("Z", "Y"), ("A", "losses")),
    ("output", "dZ"): ("backward", ("A", "Y"), ("dZ",)),
    ("output activation", "A"): ("forward", ("Z",), ("A",)),
    ("output activation", "dZ"): ("backward", ("dA", "Z", "A"), ("dZ",)),
    ("loss", "losses"): ("forward", ("A", "Y"), ("losses",)),
    ("loss", "dA"): ("backward", ("A", "Y"), ("dA",)),
}

# a line of code, what it reads, what it writes
Call: TypeAlias = tuple[str, list[TensorAt], list[TensorAt]]


def numpy_script(
    trace: Trace, network: Network, optimizer: Optimizer | None, key: str | None = None, *, title: str = "", max_cells: int = 500_000
) -> str:
    """The script of one phase ("dW2"), of all of "loss" or "update", or, with `key` None, of the whole step. It prints what it computes.

    Raises:
        UnknownName: the step has no such phase.
        OutOfBounds: more than `max_cells` numbers would have to stand in it.
    """
    all_phases = phases(network, optimizer if trace.optimizer_state is not None else None)
    known = {phase.key for phase in all_phases} | {phase.lane for phase in all_phases if phase.lane in ("loss", "update")}
    if key is not None and key not in known:
        raise UnknownName("phase", key, known)
    chosen = [phase for phase in all_phases if key in (None, phase.key, phase.lane)]
    return _Script(trace, network, chosen, key, title, max_cells).text()


class _Script:
    def __init__(self, trace: Trace, network: Network, chosen: list[Phase], key: str | None, title: str, max_cells: int) -> None:
        self._t, self._network, self._chosen, self._key, self._title = Reader(trace), network, chosen, key, title
        self._functions: dict[str, str] = {}  # by name, each behind those that it calls
        self._names: dict[tuple[str, ...], str] = {}
        self._max_cells = max_cells

    def text(self) -> str:
        calls = list(self._calls())
        made: set[str] = set()
        given: dict[str, TensorAt] = {}
        for _, reads, writes in calls:
            given |= {variable(*at): at for at in reads if variable(*at) not in made}
            made |= {variable(*at) for at in writes}
        if (cells := sum(self._t.tensor(*at).size for at in given.values())) > self._max_cells:
            bound = f"a step whose script holds at most {self._max_cells:,} numbers; this one would hold {cells:,}"
            raise OutOfBounds("phase", self._key, bound, found="" if self._key else "is left out, which is the whole step")
        data = [f"{name} = {literal(self._t.trace.losses if name == 'losses' else self._t.tensor(*at))}" for name, at in given.items()]
        results = [variable(phase.tensor, phase.layer) for phase in self._chosen]
        imports = ["import numpy as np"] + (["import math"] if any("math." in text for text in self._functions.values()) else [])
        written = "\n\n\n".join(self._functions.values())
        shown = [f'print("{name} =", {name}, sep="\\n")' for name in results]
        title = "".join(letter if letter.isprintable() else " " for letter in self._title)  # a comment is one line, and stays one
        head = f"# {title}\n" if title else ""
        lines = [
            head + "\n".join(sorted(imports, reverse=True)),
            # every number, and every digit that it takes to read the same one back
            'np.set_printoptions(floatmode="unique", linewidth=120, threshold=10**9)',
            written,
            "# What the step was given" if len(self._chosen) > 1 else "# What this phase reads",
            "\n".join(data),
            "\n".join(line for line, _, _ in calls),
            "\n".join(shown),
        ]
        return "\n\n".join(part for part in lines if part) + "\n"

    def _calls(self) -> Iterator[Call]:
        """A call that makes several of the chosen tensors stands once."""
        seen: set[tuple[str, int]] = set()
        wanted = {(phase.tensor, phase.layer) for phase in self._chosen}
        for phase in self._chosen:
            if phase.equation_name == "loss":
                losses = variable("losses", phase.layer)
                yield (
                    f"{variable('loss', phase.layer)} = float(np.add.reduce({losses})) / {losses}.size",
                    [("losses", phase.layer)],
                    [("loss", phase.layer)],
                )
                continue
            if phase.family == "clipping":
                yield from self._clipped(phase, seen)
                continue
            if phase.family == "optimizer":
                name = next(one for one in PARAMETERS if phase.equation_name.removesuffix("_next").endswith(one))
                if (f"update {name}", phase.l) not in seen:
                    seen.add((f"update {name}", phase.l))
                    yield self._update(phase, name, wanted)
                continue
            if isinstance(phase.operation, Frozen | ScaledGradient | UsedGradient):
                yield from self._edited(phase, phase.operation, seen, wanted)
                continue
            yield from self._call(phase, phase.operation, phase.family, seen, wanted)

    def _call(self, phase: Phase, operation: Any, family: str, seen: set[tuple[str, int]], wanted: set[TensorAt]) -> Iterator[Call]:
        """The method that makes what the phase writes, where no phase before has called it."""
        method, arguments, results = CALLS[family, phase.equation_name]
        call = (f"{family} {method}", phase.l)
        if call in seen:
            return
        seen.add(call)
        reads = [self._place(name, phase) for name in arguments]
        writes = [self._place(name, phase) for name in results]
        function = self._function(operation, method)
        targets = ", ".join(variable(*at) if at in wanted else "_" for at in writes)
        yield f"{targets} = {function}({', '.join(variable(*at) for at in reads)})", reads, [at for at in writes if at in wanted]

    def _edited(
        self, phase: Phase, edit: Frozen | ScaledGradient | UsedGradient, seen: set[tuple[str, int]], wanted: set[TensorAt]
    ) -> Iterator[Call]:
        """What an edit makes of a tensor; of dA, once the layer has made it."""
        made, source = (phase.tensor, phase.layer), phase.reads[0]
        if isinstance(edit, ScaledGradient):
            yield from self._call(phase, edit.layer_kind, "layer kind", seen, wanted)
            source = made
        value = variable(*source)
        if not isinstance(edit, Frozen):
            if edit.factor != 1:
                value = f"{self._write('scaled', cast(FunctionType, scaled), edit)}({value}, {edit.factor!r})"
            if isinstance(edit, UsedGradient) and edit.max_abs is not None:
                value = f"{self._write('clipped', cast(FunctionType, clipped), edit)}({value}, {edit.max_abs!r})"
        yield f"{variable(*made)} = {value}", [] if source == made else [source], [made]

    def _place(self, name: str, phase: Phase) -> TensorAt:
        """Where an argument of a call stands in the trace."""
        layer = phase.l - 1 if name.endswith("_prev") else phase.l
        name = name.removesuffix("_prev")
        return phase.names.get(name, name), layer

    def _clipped(self, phase: Phase, seen: set[tuple[str, int]]) -> Iterator[Call]:
        """The factor, once, from all gradients; then this one."""
        if ("factor", 0) not in seen:
            seen.add(("factor", 0))
            gradients: list[TensorAt] = self._t.gradients()
            factor = self._function(phase.operation, "factor")
            yield f"clip = {factor}([{', '.join(variable(*at) for at in gradients)}])", gradients, []
        gradient, made = phase.reads[0], (phase.tensor, phase.layer)
        yield f"{variable(*made)} = {self._function(phase.operation, 'clip')}({variable(*gradient)}, clip)", [gradient], [made]

    def _update(self, phase: Phase, name: str, wanted: set[TensorAt]) -> Call:
        """One call makes a parameter and its states anew."""
        optimizer, l = phase.operation.at(self._t.trace.step), phase.l  # type: ignore[attr-defined]
        states = {state: (f"{state}{name}", l) for state in optimizer.states}
        reads: list[TensorAt] = [(name, l), (self._t.gradient(name, l), l), *states.values()]
        given = ", ".join(f'"{state}": {variable(*at)}' for state, at in states.items())
        parameter, gradient = variable(*reads[0]), variable(*reads[1])
        writes = [at for at in ((f"{name}_next", l), *((f"{tensor}_next", l) for tensor, _ in states.values())) if at in wanted]
        new = {state: (f"{tensor}_next", l) for state, (tensor, _) in states.items() if (f"{tensor}_next", l) in wanted}
        target = variable(f"{name}_next", l) if (f"{name}_next", l) in wanted else "_"
        state = f"{parameter}_state" if new else "_"
        call = f"{target}, {state} = {self._function(optimizer, 'update')}({parameter}, {gradient}, {{{given}}}, is_bias={name != 'W'})"
        return "\n".join([call, *(f'{variable(*at)} = {state}["{key}"]' for key, at in new.items())]), reads, writes

    def _function(self, operation: Any, method: str) -> str:
        """The name that a method of an ingredient has as a function of its own; writes the function where it isn't there yet."""
        settings = (repr(getattr(operation, parameter.name)) for parameter in operation.parameters)
        return self._write(f"{operation.name}_{method.strip('_')}", getattr(type(operation), method), operation, *settings)

    def _write(self, name: str, function: FunctionType, operation: Any, *settings: str) -> str:
        known = (name, *settings)  # one ingredient with other parameters is another function
        if known not in self._names:
            taken = sum(one[0] == name for one in self._names)
            self._names[known] = f"{name}_{taken + 1}" if taken else name
            tree = ast.parse(source(function)).body[0]
            assert isinstance(tree, ast.FunctionDef)
            plain = _Plain(operation, function.__globals__, self._function, self._write)
            text = ast.unparse(ast.fix_missing_locations(plain.rewrite(tree, self._names[known])))
            self._functions[self._names[known]] = text
        return self._names[known]


def source(function: FunctionType) -> str:
    """The text of a function as it ran: of this package's files as they were when they were imported, whatever has become of them since."""
    file = function.__code__.co_filename
    lines = _read_at_import.get(file) or linecache.getlines(file)
    return textwrap.dedent("".join(inspect.getblock(lines[function.__code__.co_firstlineno - 1 :])))


def _files_of_this_package() -> Iterator[str]:
    package = __name__.rpartition(".")[0]
    for name, module in list(sys.modules.items()):
        if name.startswith(f"{package}.") and getattr(module, "__file__", None):
            yield str(module.__file__)


_read_at_import = {file: linecache.getlines(file) for file in _files_of_this_package()}


class _Plain(ast.NodeTransformer):
    """A method as a plain function: without annotations, docstring and self; parameters of the ingredient as numbers."""

    def __init__(
        self, operation: Any, known: dict[str, Any], method: Callable[[Any, str], str], function: Callable[[str, FunctionType, Any], str]
    ) -> None:
        self._operation, self._known, self._method, self._function = operation, known, method, function

    def rewrite(self, tree: ast.FunctionDef, name: str) -> ast.FunctionDef:
        arguments = tree.args
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            argument.annotation = None
        arguments.args = [argument for argument in arguments.args if argument.arg != "self"]
        tree.name, tree.returns, tree.decorator_list = name, None, []
        if ast.get_docstring(tree) is not None:
            tree.body = tree.body[1:]
        tree.body = [self.visit(statement) for statement in tree.body]
        return tree

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        assert node.value is not None
        return ast.Assign([node.target], self.visit(node.value))

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if not (isinstance(node.value, ast.Name) and node.value.id == "self"):
            return self.generic_visit(node)
        value = getattr(self._operation, node.attr)
        return ast.Name(self._method(self._operation, node.attr)) if callable(value) else ast.Constant(value)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        value = self._known.get(node.id)
        if isinstance(value, FunctionType):  # a helper of the ingredient's file
            return ast.Name(self._function(node.id.strip("_"), value, self._operation))
        if isinstance(value, int | float):
            return ast.Constant(value)
        assert not (value is not None and not isinstance(value, ModuleType)), f"{node.id} can't be written into a script"
        return node


def variable(tensor: str, layer: int) -> str:
    """`dW2`, `W2_next`, `Y`, `losses`, `loss`: names that Python allows."""
    if tensor in ("Y", "losses", "loss"):
        return tensor
    stem, next_, _ = tensor.partition("_next")
    return f"{stem}{layer}{next_}"


def literal(tensor: Array) -> str:
    """An array as Python text that reads back to the same numbers, a row a line."""
    dtype = ", dtype=np.float32" if tensor.dtype == np.float32 else ""
    if tensor.ndim == 1:
        return f"np.array({_row(tensor)}{dtype})"
    rows = ",\n    ".join(_row(row) for row in tensor)
    return f"np.array([\n    {rows},\n]{dtype})"


def _row(row: Array) -> str:
    return f"[{', '.join(_number(cell) for cell in row)}]"


def _number(cell: np.floating[Any]) -> str:
    value = float(str(cell))  # of a float32, the shortest text, which is the same number again
    if math.isfinite(value):
        return repr(value)
    return "np.nan" if math.isnan(value) else "np.inf" if value > 0 else "-np.inf"
