"""Scripts of NumPy alone: each is run by a Python of its own, and its numbers are the trace's, to the last bit."""

import ast
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from app.engine import (
    OutOfBounds,
    UnknownName,
    check_batch,
    layer_kinds,
    make_network,
    numpy_script,
    optimizers,
    outputs,
    phases,
    take_step,
)
from app.engine.explain import tensors_of
from app.engine.script import literal, variable
from app.engine.terms import Reader
from tests.strategies import CHOICES, Step, build_step, own_phases

# Runs many scripts in one Python, each as a program of its own, and hands back what each has printed and computed. It imports NumPy to
# be fast; whether a script needs anything else is asked of its text, below.
RUNNER = """
import contextlib, io, pickle, sys, warnings
warnings.simplefilter("ignore")  # a step that diverges says so; the numbers are what is compared
answers = []
for text in pickle.load(sys.stdin.buffer):
    names, printed = {"__name__": "__main__"}, io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(text, "script.py", "exec"), names)
    arrays = {name: value for name, value in names.items() if type(value).__module__ == "numpy" or type(value) is float}
    answers.append((printed.getvalue(), arrays))
sys.stdout.buffer.write(pickle.dumps(answers))
"""


def run_all(texts: list[str], tmp_path: Path) -> list[tuple[str, dict[str, np.ndarray]]]:
    """(what it printed, its arrays by name) of each script; outside the checkout, so that none can import it."""
    command = [sys.executable, "-I", "-c", RUNNER]
    done = subprocess.run(command, input=pickle.dumps(texts), capture_output=True, cwd=tmp_path, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return pickle.loads(done.stdout)


def same_bits(one: object, other: object) -> bool:
    """Equal in dtype, shape and every bit, but for the payload of a NaN, which no text holds; the sign of a zero counts."""
    one, other = np.asarray(one), np.asarray(other)
    if one.dtype != other.dtype or one.shape != other.shape:
        return False
    return bool((((one == other) & (np.signbit(one) == np.signbit(other))) | (np.isnan(one) & np.isnan(other))).all())


def recorded(step: Step, tensor: str, layer: int) -> object:
    if tensor == "loss":
        return step.trace.loss
    return step.trace.losses if tensor == "losses" else Reader(step.trace).tensor(tensor, layer)


def check_scripts(steps: list[Step], tmp_path: Path) -> None:
    """The whole step's script and that of each phase of its own, of all steps."""
    wanted, texts = [], []
    for step in steps:
        all_phases = phases(step.network, step.optimizer)
        for key, written in [(None, all_phases), *((phase.key, (phase,)) for phase in own_phases(step))]:
            texts.append(numpy_script(step.trace, step.network, step.optimizer, key))
            wanted.append((step, key, written))
    for (step, key, written), (printed, arrays) in zip(wanted, run_all(texts, tmp_path), strict=True):
        for phase in written:
            name = variable(phase.tensor, phase.layer)
            assert same_bits(arrays[name], recorded(step, phase.tensor, phase.layer)), f"{name} in the script of {key}"
            assert f"{name} =" in printed


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_every_script_computes_the_traces_own_bits(dtype: str, tmp_path: Path) -> None:
    # in float32 the ingredients are tried by test_ingredients
    taken = [build_step([3, 5, 4, 2], 6, seed=7, dtype=dtype, **choice) for choice in CHOICES.values() if dtype == "float64"]
    taken += [build_step(sizes, m, seed=7, dtype=dtype) for sizes, m in [([2, 2], 1), ([1, 1, 1], 1), ([33, 20, 17, 10], 19)]]
    taken.append(build_step([3, 4, 2], 5, seed=7, dtype=dtype, optimizer=None))
    check_scripts(taken, tmp_path)
    assert {step.network.dense.name for step in taken} == set(layer_kinds)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_what_is_not_finite_is_written_and_computed_too(dtype: str, tmp_path: Path) -> None:
    large = 1e200 if dtype == "float64" else 1e30
    output = outputs[next(iter(outputs))]
    network = make_network(
        [2, 2, 2],
        "relu",
        output.activation,
        output.loss,
        [[[large, 1.0], [-large, 1.0]], [[large, 1.0], [-large, 2.0]]],
        [[0.0, -0.0], [0.0, 0.0]],
        dtype,
    )
    optimizer = optimizers.make("sgd", {"weight_decay": 0.1}, field="optimizer")
    X, Y = check_batch(network, [[1.0, -large, 0.0], [1.0, 1.0, 2.0]], [[1.0, 0.0, 0.5], [0.0, 1.0, 0.5]])
    step = Step(take_step(network, X, Y, optimizer=optimizer), network, optimizer)
    t = Reader(step.trace)
    numbers = np.concatenate([t.tensor(name, layer).ravel() for layer in range(3) for name in tensors_of(step.trace, layer)])
    assert np.isnan(numbers).any()
    assert np.isposinf(numbers).any()
    assert np.isneginf(numbers).any()
    assert (np.signbit(numbers) & (numbers == 0)).any()
    check_scripts([step], tmp_path)


@pytest.mark.parametrize("order", ["C", "F"])
def test_however_the_batch_lies_in_memory(order: str, tmp_path: Path) -> None:
    """The engine takes arrays of either order; products and sums must add alike in the script, which has rows."""
    plain = build_step([17, 20, 9], 19, seed=3)
    X, Y = check_batch(plain.network, np.asarray(plain.trace.X, order=order), np.asarray(plain.trace.Y, order=order))
    step = plain._replace(trace=take_step(plain.network, X, Y, optimizer=plain.optimizer))
    check_scripts([step], tmp_path)


def test_an_optimizers_settings_are_in_its_script(tmp_path: Path) -> None:
    plain = build_step([3, 4, 2], 5, seed=1)
    taken = []
    for settings in ({"learning_rate": 0.3}, {"weight_decay": 0.2}, {"weight_decay": 0.2, "decay_biases": True}):
        optimizer = optimizers.make("sgd", settings, field="optimizer")
        taken.append(Step(take_step(plain.network, plain.trace.X, plain.trace.Y, optimizer=optimizer), plain.network, optimizer))
    check_scripts(taken, tmp_path)


def test_a_script_runs_as_a_file_and_prints_numbers_that_read_back(tmp_path: Path) -> None:
    step = build_step([3, 5, 4, 2], 6, seed=7)
    file = tmp_path / "step.py"
    file.write_text(numpy_script(step.trace, step.network, step.optimizer))
    done = subprocess.run([sys.executable, "-I", "-W", "error", str(file)], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    shown = read_back(done.stdout)
    assert set(shown) == {variable(phase.tensor, phase.layer) for phase in phases(step.network, step.optimizer)}
    for phase in phases(step.network, step.optimizer):
        numbers = np.ravel(recorded(step, phase.tensor, phase.layer))
        assert shown[variable(phase.tensor, phase.layer)] == numbers.tolist()


def test_a_script_prints_every_number_of_a_large_tensor(tmp_path: Path) -> None:
    step = build_step([40, 30, 2], 6, seed=7)  # NumPy writes dots for what is in the middle of more than a thousand
    file = tmp_path / "phase.py"
    file.write_text(numpy_script(step.trace, step.network, step.optimizer, key="dW1"))
    done = subprocess.run([sys.executable, "-I", "-W", "error", str(file)], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert read_back(done.stdout)["dW1"] == np.ravel(step.trace.layers[1].dW).tolist()


def read_back(printed: str) -> dict[str, list[float]]:
    """The numbers behind every `name =`."""
    shown: dict[str, list[float]] = {}
    for line in printed.splitlines():
        if line.endswith(" ="):
            name = line.removesuffix(" =")
            shown[name] = []
        else:
            shown[name] += [float(word) for word in line.replace("[", " ").replace("]", " ").split()]
    return shown


@pytest.mark.parametrize("choice", CHOICES.values(), ids=list(CHOICES))
def test_a_script_imports_numpy_and_at_most_math(choice: dict[str, str]) -> None:
    step = build_step([3, 5, 4, 2], 6, seed=7, **choice)
    for key in [None, phases(step.network, step.optimizer)[0].key]:
        tree = ast.parse(numpy_script(step.trace, step.network, step.optimizer, key))
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        assert {"numpy"} <= imported <= {"numpy", "math"}
        assert not any(isinstance(node, ast.ImportFrom) for node in ast.walk(tree))
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert "self" not in names
        assert not names & {"open", "exec", "eval", "__import__"}


def test_a_phases_script_is_about_that_phase_alone() -> None:
    step = build_step([3, 5, 4, 2], 6, seed=7)
    text = numpy_script(step.trace, step.network, step.optimizer, "dZ1")
    assert "# What this phase reads" in text
    assert text.count("print(") == 1
    assert {line.split(" = ")[0] for line in text.splitlines() if " = np.array(" in line} <= {"dA1", "Z1", "A1"}
    whole = numpy_script(step.trace, step.network, step.optimizer)
    given = [line.split(" = ")[0] for line in whole.splitlines() if " = np.array(" in line]
    assert sorted(given) == sorted(["A0", "Y", "W1", "b1", "W2", "b2", "W3", "b3"])


def test_a_function_stands_in_a_script_once() -> None:
    step = build_step([3, 5, 4, 2], 6, seed=7)
    tree = ast.parse(numpy_script(step.trace, step.network, step.optimizer))
    defined = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert len(defined) == len(set(defined))
    texts = [ast.unparse(ast.Module(node.body, [])) for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert len(texts) == len(set(texts))


def test_a_call_stands_in_a_script_once() -> None:
    step = build_step([3, 5, 4, 2], 6, seed=7)
    tree = ast.parse(numpy_script(step.trace, step.network, step.optimizer))
    calls = [ast.unparse(node.value) for node in tree.body if isinstance(node, ast.Assign) and "np." not in ast.unparse(node.value)]
    assert len(calls) == len(set(calls))
    # Z, A and the loss forward; the output, each layer and each activation back; W and b of each layer
    assert len(calls) == (3 + 2 + 1) + (1 + 3 + 2) + 6


@pytest.mark.parametrize(
    "title",
    ["step 3 of a session", "two\nlines", "two\r\nlines; import os", "a\rb", "nel\x85x", "ls\u2028x", "ff\x0cx", "vt\x0bx", ""],
)
def test_a_title_is_a_comment_and_never_code(title: str, tmp_path: Path) -> None:
    step = build_step([2, 2], 1, seed=7)
    plain = ast.dump(ast.parse(numpy_script(step.trace, step.network, step.optimizer, "Z1")))
    text = numpy_script(step.trace, step.network, step.optimizer, "Z1", title=title)
    assert ast.dump(ast.parse(text)) == plain
    assert text.startswith("# ") == bool(title)


@pytest.mark.parametrize("title", ['"""', "é ü 数", "\\", "# #", "a\x00b"])
def test_a_title_of_any_text_leaves_a_program(title: str) -> None:
    step = build_step([2, 2], 1, seed=7)
    compile(numpy_script(step.trace, step.network, step.optimizer, "Z1", title=title), "script.py", "exec")


def test_too_many_numbers_are_refused_with_how_many() -> None:
    step = build_step([3, 5, 4, 2], 6, seed=7)
    given = sum(np.size(a) for a in (step.trace.X, step.trace.Y, *step.network.W, *step.network.b))
    assert numpy_script(step.trace, step.network, step.optimizer, max_cells=given)
    with pytest.raises(OutOfBounds, match=f"at most {given - 1} numbers; this one would hold {given}") as refusal:
        numpy_script(step.trace, step.network, step.optimizer, max_cells=given - 1)
    assert (refusal.value.field, refusal.value.value) == ("phase", None)
    with pytest.raises(OutOfBounds, match="would hold 74") as refusal:
        numpy_script(step.trace, step.network, step.optimizer, "dW2", max_cells=50)  # dZ2 (4, 6), A1 (5, 6), W2 (4, 5)
    assert (refusal.value.field, refusal.value.value) == ("phase", "dW2")


@pytest.mark.parametrize("key", ["dW9", "dA3", "", "W_next1 ", "nothing"])
def test_a_phase_that_the_step_lacks_is_answered_with_those_it_has(key: str) -> None:
    step = build_step([3, 5, 4, 2], 6, seed=7)
    with pytest.raises(UnknownName, match="dW3") as refusal:
        numpy_script(step.trace, step.network, step.optimizer, key)
    assert (refusal.value.field, refusal.value.value) == ("phase", key)


def test_a_step_without_an_update_has_no_script_of_one() -> None:
    step = build_step([3, 5, 4, 2], 6, seed=7)
    bare = take_step(step.network, step.trace.X, step.trace.Y)
    assert "_next" not in numpy_script(bare, step.network, step.optimizer)
    with pytest.raises(UnknownName):
        numpy_script(bare, step.network, step.optimizer, "W_next1")


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_literal_reads_back_to_the_same_bits(dtype: str) -> None:
    rng = np.random.default_rng(0)
    bits = rng.integers(0, 2**63, 4000, dtype=np.int64).astype(np.int64 if dtype == "float64" else np.int32)
    numbers = np.concatenate([bits.view(dtype), np.array([0.0, -0.0, np.inf, -np.inf, np.nan, np.finfo(dtype).tiny / 2], dtype)])
    for tensor in (numbers, numbers.reshape(2, -1), numbers.reshape(-1, 1)):
        back = eval(literal(tensor), {"np": np})
        assert same_bits(back, tensor)


@pytest.mark.parametrize(
    ("tensor", "layer", "name"),
    [("dW", 2, "dW2"), ("W_next", 1, "W1_next"), ("A", 0, "A0"), ("Y", 3, "Y"), ("losses", 3, "losses"), ("loss", 3, "loss")],
)
def test_names_are_ones_that_python_allows(tensor: str, layer: int, name: str) -> None:
    assert variable(tensor, layer) == name
    assert name.isidentifier()
