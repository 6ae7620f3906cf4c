"""The past comes back to the last bit, whatever ingredient and whatever edit it was made with, from any checkpoint or none."""

from itertools import count
from types import SimpleNamespace

import pytest

from app.engine import activations, clippings, edits, initializers, normalisations, optimizers, schedules
from app.sessions import Sessions, Store, UnknownSession
from app.sessions.acting import CHANGEABLE
from app.sessions.run import Run
from tests.ingredients import choices

from .made import assert_same, recipe

STEPS = 5


def written(register):
    return {str(one): one for one in choices(register)}


CONFIGS = {
    **{f"optimizer {name}": {"optimizer": one if isinstance(one, dict) else {"name": one}} for name, one in written(optimizers).items()},
    **{
        f"schedule {name}": {"schedule": one, "optimizer": {"name": "adam", "learning_rate": 1.0}}
        for name, one in written(schedules).items()
    },
    **{f"clipping {name}": {"clipping": one} for name, one in written(clippings).items()},
    **{f"normalisation {name}": {"normalisation": one, "optimizer": {"name": "adam"}} for name, one in written(normalisations).items()},
    **{f"activation {name}": {"hidden_activations": name} for name in activations},
    **{f"initializer {name}": {"initializer": {"name": name}} for name in initializers},
    "dropout": {"dropout": 0.4},
    "dropout, normalised, float32": {"dropout": 0.4, "normalisation": "batch_norm", "dtype": "float32", "optimizer": {"name": "adam"}},
}

# one of each kind; what stands is ended again before the last step
ACTIONS = {
    "set": [{"name": "set", "tensor": "gamma", "layer": 1, "row": 1, "col": 0, "value": -0.75}],
    "set_all": [{"name": "set_all", "tensor": "b", "layer": 2, "values": [[0.5], [-0.25], [0.125]]}],
    "set_input": [{"name": "set_input", "row": 1, "col": 2, "value": 3.5}],
    "ablate": [{"name": "ablate", "layer": 1, "unit": 1}, {"name": "ablate", "layer": 1, "unit": 1, "on": False}],
    "freeze": [{"name": "freeze", "layer": 1}, {"name": "freeze", "layer": 1, "on": False}],
    "scale_gradient": [{"name": "scale_gradient", "tensor": "dA", "layer": 1, "factor": factor} for factor in (-1.0, 1.0)],
    "clip_gradient": [{"name": "clip_gradient", "tensor": "dW", "layer": 2, "max_abs": most} for most in (0.001, None)],
    "optimizer": [{"name": "optimizer", "changes": {"learning_rate": rate}} for rate in (0.5, 0.01)],
}


@pytest.fixture
def open_sessions(database_url):
    """Sessions with nothing in memory, as in `conftest`; over one store, as a connection for each took longer than the steps."""
    store = Store(database_url)
    yield lambda **options: Sessions(store, **options)
    store.close()


def assert_comes_back(open_sessions, id, taken):
    """Each step of a run, in an order that fits no cache, from sessions that have nothing of it in memory."""
    for n in sorted(taken, key=lambda n: n * 7 % 11):
        assert_same(open_sessions().look(id, n), taken[n])


@pytest.mark.parametrize("work", [0.0, 1000.0], ids=["checkpoint after every step", "no checkpoint"])
@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_every_ingredient(open_sessions, config, work):
    first = open_sessions(checkpoint_work=work)
    made = first.create(recipe(layer_sizes=[2, 4, 3], **config))
    taken = {n: first.take_steps(made.id, made.edit_key) for n in range(1, STEPS + 1)}
    later = open_sessions()
    for n in (STEPS, 1, 3):
        assert_same(later.look(made.id, n), taken[n])
    # and goes on from there as it would have
    assert_same(later.take_steps(made.id, made.edit_key), first.look(made.id, STEPS + 1))


@pytest.mark.parametrize("work", [0.0, 1000.0], ids=["checkpoint after every step", "no checkpoint"])
@pytest.mark.parametrize("name", edits)
def test_every_edit_undone_and_done_again(open_sessions, name, work):
    first = open_sessions(checkpoint_work=work)
    made = first.create(recipe(layer_sizes=[2, 4, 3], normalisation="batch_norm", dropout=0.2, optimizer={"name": "adam"}))
    id, key = made.id, made.edit_key
    taken = {1: first.take_steps(id, key)}
    begin, *end = ACTIONS[name]
    for action in (begin, {"name": "undo"}, {"name": "redo"}):
        first.act(id, key, action)
    taken |= {n: first.take_steps(id, key) for n in (2, 3)}
    for action in end:
        first.act(id, key, action)
    first.act(id, key, begin)
    first.act(id, key, {"name": "undo"})
    taken |= {n: first.take_steps(id, key) for n in (4, 5)}
    assert_comes_back(open_sessions, id, taken)


@pytest.mark.parametrize("work", [0.0, 1000.0], ids=["checkpoint after every step", "no checkpoint"])
@pytest.mark.parametrize("optimizer", optimizers)
def test_a_fork_with_another_optimizer(open_sessions, optimizer, work):
    first = open_sessions(checkpoint_work=work)
    other = {"optimizer": {"name": optimizer}, "batch_size": 4, "schedule": "constant", "clipping": None}
    assert other.keys() == set(CHANGEABLE)
    begun = {"name": "adam"} if optimizer != "adam" else {"name": "sgd"}
    made = first.create(recipe(layer_sizes=[2, 4, 3], normalisation="layer_norm", optimizer=begun))
    taken = {n: first.take_steps(made.id, made.edit_key) for n in (1, 2, 3)}
    first.act(made.id, made.edit_key, ACTIONS["ablate"][0])
    edited = first.take_steps(made.id, made.edit_key)
    fork = first.fork(made.id, 3, changes=other, edits=ACTIONS["set"], normalise=lambda config: recipe(**config))
    ahead = {n: first.take_steps(fork.id, fork.edit_key) for n in (4, 5)}
    assert ahead[4].trace.m == 4
    assert_comes_back(open_sessions, fork.id, taken | ahead)
    # either goes on without the other
    first.delete(fork.id, fork.edit_key)
    assert_comes_back(open_sessions, made.id, taken | {4: edited})


def test_whoever_looks_around_far_back_waits_once(open_sessions, monkeypatch):
    first = open_sessions(checkpoint_work=1000.0)
    made = first.create(recipe(layer_sizes=[2, 4, 3], dropout=0.2, optimizer={"name": "adam"}))
    taken = {n: first.take_steps(made.id, made.edit_key) for n in range(1, 21)}
    computed = []
    advance = Run.advance
    monkeypatch.setattr(Run, "advance", lambda run: (computed.append(run.step + 1), advance(run))[1])
    later = open_sessions(checkpoint_work=0.0)  # all of the way comes into memory
    for n, steps in {15: list(range(1, 16)), 16: [15, 16], 9: [], 20: [16, 17, 18, 19, 20]}.items():
        computed.clear()
        assert_same(later.look(made.id, n), taken[n])
        assert computed == steps
    computed.clear()
    again = open_sessions(checkpoint_work=1000.0)  # nothing but what was asked for
    assert_same(again.look(made.id, 15), taken[15])
    assert_same(again.look(made.id, 9), taken[9])
    assert len(computed) == 15 + 9
    fork = later.fork(made.id, 12, changes={}, edits=ACTIONS["ablate"][:1], normalise=lambda config: recipe(**config))
    later.take_steps(fork.id, fork.edit_key)
    assert_same(again.look(fork.id, 13), later.look(fork.id, 13))


def test_many_steps_at_once_leave_checkpoints_on_their_way(open_sessions, database_url):
    sessions = open_sessions(checkpoint_work=0.0)
    made = sessions.create(recipe(layer_sizes=[2, 4, 3]))
    sessions.take_steps(made.id, made.edit_key, count=4)
    store = Store(database_url)
    assert [step for step, _ in store.checkpoint_sizes(made.id)] == [1, 2, 3, 4]
    few = open_sessions(checkpoint_work=0.0, max_checkpoint_bytes=0)
    few.take_steps(made.id, made.edit_key, count=4)
    assert [step for step, _ in store.checkpoint_sizes(made.id)] == [8]
    store.close()


def test_sessions_that_drive_each_other_out_of_memory_leave_checkpoints(open_sessions, database_url, monkeypatch):
    monkeypatch.setattr("app.sessions.run.time", SimpleNamespace(perf_counter=count().__next__))  # every step takes one second
    sessions = open_sessions(checkpoint_work=5.0, max_live=1)
    made = [sessions.create(recipe(layer_sizes=[2, 4, 3])) for _ in range(2)]
    for _ in range(22):
        for one in made:
            sessions.take_steps(one.id, one.edit_key)
    store = Store(database_url)
    for one in made:
        assert [step for step, _ in store.checkpoint_sizes(one.id)] == [5, 10, 15, 20]
    store.close()


def test_where_it_broke_is_not_looked_for_in_a_session_that_is_gone(open_sessions, monkeypatch):
    sessions = open_sessions()
    made = sessions.create(recipe(layer_sizes=[2, 4, 3]))
    sessions.take_steps(made.id, made.edit_key, count=3)
    sessions.delete(made.id, made.edit_key)
    asked, history = count(), Store.history

    def once(*args):
        assert next(asked) == 0, "it would never end"
        return history(*args)

    monkeypatch.setattr(Store, "history", once)
    with pytest.raises(UnknownSession):
        sessions.broken_since(made.id, 3)


def test_every_kind_of_edit_has_an_example_here():
    assert list(ACTIONS) == list(edits)
