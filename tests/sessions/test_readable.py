"""What another version of the service has recorded is told as that, and left as it is."""

import orjson
import pytest
import sqlalchemy as sa

from app.sessions import OtherVersion
from app.sessions.store.tables import actions, sessions

from .made import recipe

EDIT = {"name": "freeze", "layer": 1}
NEWER = {
    "config.hidden_activations[0]": {"hidden_activations": ["newer"]},
    "config.hidden_activations[0].newer": {"hidden_activations": [{"name": "relu", "newer": 1}]},
    "config.output_activation": {"output_activation": "newer"},
    "config.initializer.name": {"initializer": {"name": "newer"}},
    "config.optimizer.name": {"optimizer": {"name": "newer"}},
    "config.schedule": {"schedule": "newer"},
    "config.dataset.name": {"dataset": {"name": "newer"}},
    "config.dataset.rules": {"dataset": {"name": "csv", "rules": 99, "content": {}}},
    "config.newer": {"newer": True},
    "log[0].name": {"name": "newer"},
    "log[0].newer": {**EDIT, "newer": 1},
    "log[0].colour": {"name": "configure", "changes": {"batch_size": 4}, "colour": 1},
    "log[0].changes.colour": {"name": "configure", "changes": {"colour": "red"}},
}


@pytest.fixture
def made(open_sessions):
    ours = open_sessions()
    made = ours.create(recipe(layer_sizes=[2, 4, 3]))
    ours.take_steps(made.id, made.edit_key)
    ours.act(made.id, made.edit_key, EDIT)
    return made


@pytest.fixture
def record(engine, made):
    """Records what a newer version would have, in the place of what `field` says."""

    def record(field):
        config, action = made.recipe.config, EDIT
        if field.startswith("config"):
            config = {**config, **NEWER[field]}
        else:
            action = NEWER[field]
        with engine.begin() as connection:
            connection.execute(sessions.update().values(config=orjson.dumps(config)))
            connection.execute(actions.update().values(action=orjson.dumps(action)))

    return record


def uses(of, made):
    """All that reads or changes a session."""
    id, key = made.id, made.edit_key
    return (
        lambda: of.read(id),
        lambda: of.look(id, 1),
        lambda: of.history(id),
        lambda: of.phases(id, 1),
        lambda: of.take_steps(id, key),
        lambda: of.act(id, key, {"name": "undo"}),
        lambda: of.look_at(id, key, {"step": 1}),
        lambda: of.fork(id, 1, changes={}, normalise=None),
    )


def test_what_this_version_does_not_know_is_another_versions(made, record, open_sessions, engine):
    for field in NEWER:
        record(field)
        here = open_sessions()
        for use in uses(here, made):
            with pytest.raises(OtherVersion) as failed:
                use()
            assert failed.value.field == field
    with engine.connect() as connection:
        kept = connection.execute(sa.select(sessions.c.step, sessions.c.actions, sessions.c.looks)).one()
    assert tuple(kept) == (1, 1, 0)
    here.delete(made.id, made.edit_key)  # its owner's, in any version


def test_what_another_process_adds_to_a_run_that_is_live_here_is_noticed(made, open_sessions, engine):
    here, elsewhere = open_sessions(), open_sessions()
    here.take_steps(made.id, made.edit_key)
    elsewhere.act(made.id, made.edit_key, EDIT)
    with engine.begin() as connection:
        connection.execute(actions.update().values(action=orjson.dumps({"name": "newer"})).where(actions.c.number == 2))
    with pytest.raises(OtherVersion):
        here.take_steps(made.id, made.edit_key)


def test_it_is_no_fault_of_who_asks(made, record, client):
    record("config.optimizer.name")
    answer = client.get(f"/api/v1/sessions/{made.id}")
    assert answer.status_code == 501
    problem = answer.json()
    assert (problem["field"], problem["value"]) == ("config.optimizer.name", "newer")
    assert "another version" in problem["detail"]
    assert "501" in client.get("/openapi.json").json()["paths"]["/api/v1/sessions/{id}"]["get"]["responses"]
