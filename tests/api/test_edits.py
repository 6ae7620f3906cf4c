"""What is done to a run by hand: recorded, acting from the next step on, undone; and what would have been."""

import numpy as np
import pytest

SET = {"name": "set", "tensor": "W", "layer": 1, "row": 0, "col": 0, "value": 0.5}
ABLATE = {"name": "ablate", "layer": 1, "unit": 1}


@pytest.fixture
def run(client, make_session):
    """A session at step 3, with what one does to it."""

    class Run:
        made = make_session(optimizer={"name": "adam"})

        def edit(self, action, status=201, **more):
            answer = client.post(f"{self.made.url}/edits", json={"action": action, **more}, headers=self.made.headers)
            assert answer.status_code == status, answer.text
            return answer.json()

        def step(self):
            return client.post(f"{self.made.url}/steps", headers=self.made.headers).json()

        def get(self, path=""):
            return client.get(f"{self.made.url}{path}").json()

        def what_if(self, n, *edits, status=200):
            answer = client.post(f"{self.made.url}/steps/{n}/what_if", json={"edits": list(edits)})
            assert answer.status_code == status, answer.text
            return answer.json()

        def fork(self, status=201, **asked):
            answer = client.post(f"{self.made.url}/forks", json=asked)
            assert answer.status_code == status, answer.text
            return answer.json()

    run = Run()
    for _ in range(3):
        run.step()
    return run


def tensor(trace, name, layer):
    return np.array(trace["layers"][layer][name]["values"], dtype=float)


class TestEdits:
    def test_acts_on_the_next_step_and_no_other(self, run):
        before = run.get("/steps/3")
        log = run.edit(SET, expected_step=3, expected_edits=0)
        assert [entry["action"] for entry in log["edits"]] == [SET]
        assert log["edits"][0]["step"] == 3
        assert run.get("/steps/3") == before
        after = run.step()
        assert after["edits"] == 1
        assert tensor(after, "W", 1)[0, 0] == 0.5
        others = np.ones_like(tensor(after, "W", 1), bool)
        others[0, 0] = False
        assert (tensor(after, "W", 1)[others] == tensor(before, "W_next", 1)[others]).all()
        assert run.get("/steps/4") == after

    def test_what_stands_acts_until_it_is_ended_and_its_phases_with_it(self, run):
        run.edit(ABLATE)
        assert run.get()["standing"] == [{**ABLATE, "on": True}]
        first, second = run.step(), run.step()
        assert not tensor(first, "A", 1)[1].any()
        assert not tensor(second, "A", 1)[1].any()
        run.edit({**ABLATE, "on": False})
        third = run.step()
        assert tensor(third, "A", 1)[1].any()
        assert "D" not in third["layers"][1]
        keys = {n: [phase["key"] for phase in run.get(f"/phases?step={n}")["phases"]] for n in (3, 4, 6)}
        assert "G1" in keys[4]
        assert keys[3] == keys[6]
        assert "G1" not in keys[3]

    @pytest.mark.parametrize("name", ["ablate", "freeze", "scale_gradient", "clip_gradient"])
    def test_the_catalogue_says_what_ends_it(self, run, client, name):
        entry = next(one for one in client.get("/api/v1/catalog").json()["edits"] if one["name"] == name)
        action = {"name": name} | {one["name"]: one["start"] for one in entry["parameters"] if one["required"]} | {"layer": 1}
        assert len(run.edit(action)["standing"]) == 1
        assert run.edit(action | entry["ends"])["standing"] == []

    def test_undone_is_as_if_it_had_never_been(self, run, client, make_session):
        run.edit(SET)
        run.edit({"name": "optimizer", "changes": {"learning_rate": 0.5}})
        assert run.get()["changes"]["optimizer"]["learning_rate"] == 0.5
        run.edit({"name": "undo"})
        log = run.edit({"name": "undo"})
        assert log["can_undo"] is None
        assert log["can_redo"]["action"] == SET
        assert log["standing"] == []
        taken = run.step()
        twin = make_session(optimizer={"name": "adam"})
        for _ in range(4):
            straight = client.post(f"{twin.url}/steps", headers=twin.headers).json()
        assert taken["layers"] == straight["layers"]
        refusal = run.edit({"name": "redo"}, status=409)
        assert refusal["field"] == "action.name"

    def test_an_optimizer_goes_on_with_what_it_remembers(self, run):
        before = run.get("/steps/3")
        run.edit({"name": "optimizer", "changes": {"learning_rate": 0.25}})
        after = run.step()
        assert after["learning_rate"] == 0.25
        assert (tensor(after, "mW", 1) == tensor(before, "mW_next", 1)).all()

    @pytest.mark.parametrize(
        ("action", "field"),
        [
            ({**SET, "row": 99}, "action.row"),
            ({**SET, "layer": 7}, "action.layer"),
            ({**SET, "tensor": "gamma"}, "action.tensor"),
            ({"name": "set_all", "tensor": "b", "layer": 1, "values": [[1.0]]}, "action.values"),
            ({"name": "set_input", "row": 0, "col": 8, "value": 1.0}, "action.col"),
            ({"name": "scale_gradient", "tensor": "dA", "layer": 3, "factor": 0.0}, "action.layer"),
            ({"name": "clip_gradient", "tensor": "dW", "layer": 1, "max_abs": 0.0}, "action.max_abs"),
            ({"name": "optimizer", "changes": {"momentum": 0.5}}, "action.changes.momentum"),
            ({"name": "configure", "changes": {"batch_size": 4}}, "action.name"),
            ({"name": "ablate", "layer": 1}, "action.unit"),
            ({**SET, "colour": "red"}, "action.colour"),
        ],
    )
    def test_what_does_not_fit_is_refused_and_nothing_is_done(self, run, action, field):
        assert run.edit(action, status=422)["field"] == field
        assert run.get()["edits"] == 0

    def test_what_the_catalogue_calls_required_has_to_be_given_and_nothing_else(self, run, client):
        for entry in client.get("/api/v1/catalog").json()["edits"]:
            whole = {one["name"]: one["start"] for one in entry["parameters"] if one["required"]}
            assert all(("default" in one) != one["required"] for one in entry["parameters"])
            if entry["name"] != "optimizer":  # which begins with no changes, and has to be given some
                assert run.edit({"name": entry["name"], **whole} | ({"values": [[0]] * 8, "tensor": "b"} if "values" in whole else {}))
            for name in whole:
                lacking = {key: value for key, value in whole.items() if key != name}
                assert run.edit({"name": entry["name"], **lacking}, status=422)["field"] == f"action.{name}"

    def test_a_row_of_another_length_is_told_in_words(self, run):
        refused = run.edit({"name": "set_all", "tensor": "W", "layer": 1, "values": [[1, 2], [3]]}, status=422)
        assert refused["detail"] == "action.values[1] has 1 number; it must be a row of 2 numbers, as the first is."

    def test_one_may_look_at_what_the_step_has_and_at_nothing_else(self, run, client, make_session):
        def look(of, **at):
            return client.put(f"{of.url}/look", json=at, headers=of.headers)

        run.edit(ABLATE)
        run.step()
        mask = {"tensor": "D", "layer": 1, "row": 1, "col": 7}
        assert [look(run.made, step=step, cell=mask).status_code for step in (3, 4)] == [422, 204]
        assert look(run.made, cell=mask).status_code == 204  # of the newest step
        trace = run.get("/steps/4")
        for layer in trace["layers"]:
            for name, one in layer.items():
                if isinstance(one, dict):
                    rows, cols = one["shape"]
                    cell = {"tensor": name, "layer": layer["index"], "row": rows - 1, "col": cols - 1}
                    assert look(run.made, step=4, cell=cell).status_code == 204
        new = make_session()
        refused = look(new, cell=mask)
        assert (refused.status_code, refused.json()["field"], refused.json()["value"]) == (422, "cell", mask)
        client.post(f"{new.url}/steps", headers=new.headers)
        assert look(new, step=2).json()["detail"] == "step is 2; it must be 1, the one step taken so far."

    def test_a_run_that_has_moved_on_is_told(self, run):
        stale = run.edit(SET, status=409, expected_step=2)
        assert (stale["field"], stale["current_step"]) == ("expected_step", 3)
        run.edit(SET)
        stale = run.edit(SET, status=409, expected_edits=0)
        assert (stale["field"], stale["current_edits"]) == ("expected_edits", 1)

    def test_is_marked_in_the_history_where_it_was_made(self, run):
        run.edit(SET)
        run.edit(ABLATE)
        run.edit({"name": "undo"})
        run.step()
        assert run.get("/history")["marks"] == [{"step": 3, "number": 1, "title": "Set a parameter"}]
        assert run.get("/history?since=4")["marks"][0]["number"] == 1

    def test_takes_the_key(self, run, client):
        url = f"{run.made.url}/edits"
        assert client.post(url, json={"action": SET}).status_code == 401
        assert client.post(url, json={"action": SET}, headers={"Authorization": "Bearer wrong"}).status_code == 403
        assert client.put(f"{run.made.url}/look", json={"step": 1}).status_code == 401

    def test_a_key_is_tried_without_doing_anything(self, run, client):
        before = run.get()
        for headers, status in ((run.made.headers, 204), ({"Authorization": "Bearer wrong"}, 403), ({}, 401)):
            assert client.get(f"{run.made.url}/key", headers=headers).status_code == status
        assert client.get("/api/v1/sessions/nobody/key", headers=run.made.headers).status_code == 404
        assert run.get() == before


class TestWhatIf:
    def test_is_the_step_with_the_edit_and_keeps_nothing(self, run):
        before = run.get()
        told = run.what_if(2, SET)
        assert tensor(told["trace"], "W", 1)[0, 0] == 0.5
        assert told["trace"]["batch"] == {**run.get("/steps/2")["batch"], "losses": told["trace"]["batch"]["losses"]}
        changed = [(one["tensor"], one["layer"]) for one in told["changed"]]
        assert changed[0] == ("W", 1)
        assert changed.index(("Z", 1)) < changed.index(("A", 2)) < changed.index(("dZ", 3)) < changed.index(("dW", 1))
        assert ("W", 2) not in changed
        assert run.get() == before

    def test_no_change_is_no_change(self, run):
        same = run.get("/steps/2")["layers"][1]["W"]["values"][0][0]
        assert run.what_if(2, {**SET, "value": same})["changed"] == []

    def test_tells_the_difference_cell_by_cell_where_it_is_asked(self, run, client):
        taken = run.get("/steps/2")
        assert run.what_if(2, SET)["changed"]
        assert "difference" not in run.what_if(2, SET)
        told = client.post(f"{run.made.url}/steps/2/what_if", json={"edits": [SET, ABLATE], "difference": True}).json()
        for name, layer in (("W", 1), ("A", 1), ("dZ", 3), ("dW", 2)):
            by = tensor({"layers": told["difference"]}, name, layer)
            np.testing.assert_array_equal(by, tensor(told["trace"], name, layer) - tensor(taken, name, layer))
        assert "D" not in told["difference"][1]  # which the step that was taken does not have
        assert "D" in told["trace"]["layers"][1]

    def test_what_all_watchers_ask_for_is_kept_without_the_edits_themselves(self, run, client, monkeypatch):
        state = client.app.state
        monkeypatch.setattr(type(state.watching), "has", lambda self, id: True)
        W = tensor(run.get("/steps/1"), "W", 1)
        kept = set(state.encoded._kept)
        edits = [{"name": "set_all", "tensor": "W", "layer": 1, "values": (W * factor).tolist()} for factor in (1, 1, 2)]
        told = [run.what_if(2, edit) for edit in edits]
        assert told[0] == told[1] != told[2]
        new = set(state.encoded._kept) - kept
        assert [len(tried) for *_, tried in new] == [64, 64]

    def test_comes_after_the_edits_that_the_step_was_taken_with(self, run):
        run.edit(ABLATE)
        run.step()
        told = run.what_if(4, SET)
        assert not tensor(told["trace"], "A", 1)[1].any()
        ended = run.what_if(4, {**ABLATE, "on": False})
        assert {"tensor": "D", "layer": 1, "only": "before"}.items() <= next(
            one for one in ended["changed"] if one["tensor"] == "D"
        ).items()

    def test_is_what_a_fork_with_the_edit_takes(self, run, client):
        told = run.what_if(3, SET, ABLATE)["trace"]
        made = run.fork(step=2, edits=[SET, ABLATE])
        headers = {"Authorization": f"Bearer {made['edit_key']}"}
        taken = client.post(f"/api/v1/sessions/{made['id']}/steps", headers=headers).json()
        assert taken == told

    @pytest.mark.parametrize(("n", "edits", "status", "field"), [(9, [SET], 404, "n"), (1, [{**SET, "row": 99}], 422, "edits[0].row")])
    def test_refuses(self, run, n, edits, status, field):
        assert run.what_if(n, *edits, status=status)["field"] == field

    def test_wants_an_edit(self, run):
        assert run.what_if(1, status=422)["field"] == "edits"


class TestForks:
    def test_shares_the_past_and_goes_its_own_way(self, run, client):
        made = run.fork(step=2, changes={"optimizer": {"name": "sgd", "learning_rate": 1.0}})
        url, headers = f"/api/v1/sessions/{made['id']}", {"Authorization": f"Bearer {made['edit_key']}"}
        assert (made["step"], made["parent"]["step"]) == (2, 2)
        assert client.get(f"{url}/steps/2").json() == run.get("/steps/2")
        assert client.get(f"{url}/history").json()["loss"] == run.get("/history")["loss"][:2]
        taken = client.post(f"{url}/steps", headers=headers).json()
        straight = run.get("/steps/3")
        assert tensor(taken, "dW", 1).tolist() == tensor(straight, "dW", 1).tolist()
        np.testing.assert_array_equal(tensor(taken, "W_next", 1), tensor(taken, "W", 1) - tensor(taken, "dW", 1))
        difference = client.get(f"{run.made.url}/steps/3/difference", params={"other": made["id"]}).json()
        assert difference["same_batch"] is True
        assert difference["layers"][1]["dW"]["stats"]["l2"] == 0
        assert tensor(difference, "W_next", 1).tolist() == (tensor(taken, "W_next", 1) - tensor(straight, "W_next", 1)).tolist()

    def test_outlives_its_parent(self, run, client):
        made = run.fork(step=3)
        was = run.get("/steps/2")
        assert client.delete(run.made.url, headers=run.made.headers).status_code == 204
        assert client.get(f"/api/v1/sessions/{made['id']}/steps/2").json() == was

    def test_at_the_start_anything_may_change(self, run):
        made = run.fork(step=0, changes={"hidden_activations": "tanh"})
        assert made["config"]["hidden_activations"] == ["tanh", "tanh"]
        assert made["parent"] == {"id": run.get()["id"], "step": 0}

    def test_with_another_dataset_has_its_ends(self, run):
        hidden = run.get()["config"]["layer_sizes"][1:-1]
        made = run.fork(step=0, changes={"dataset": {"name": "wine"}})
        assert made["config"]["layer_sizes"] == [13, *hidden, 3]
        refused = run.fork(step=0, changes={"dataset": {"name": "wine"}, "layer_sizes": [2, 3]}, status=422)
        assert refused["field"] == "changes.layer_sizes[0]"
        # what was not sent, and has to be as well
        refused = run.fork(step=0, changes={"dataset": {"name": "penguins"}}, status=422)
        assert refused["field"] == "changes.loss"
        assert refused["detail"].startswith(
            'changes.loss is left out, and the run\'s own, "cross_entropy", does not fit the changes; it must be '
        )
        assert "mse" in refused["bound"]
        ends = {"output_activation": "identity", "loss": "mse"}
        assert run.fork(step=0, changes={"dataset": {"name": "penguins"}, **ends})["config"]["layer_sizes"] == [3, *hidden, 1]

    def test_with_other_batches_goes_on_in_the_epoch(self, client, make_session):
        whole = make_session(dataset={"name": "iris"}, layer_sizes=[4, 5, 3], batch_size=40)
        client.post(f"{whole.url}/steps", json={"count": 4}, headers=whole.headers)

        def batches(url, steps):
            return [client.get(f"{url}/steps/{n}?include=A&layers=0").json()["batch"]["indices"] for n in steps]

        def fork(url, step, size, count):
            made = client.post(f"{url}/forks", json={"step": step, "changes": {"batch_size": size}}).json()
            there = f"/api/v1/sessions/{made['id']}"
            client.post(f"{there}/steps", json={"count": count}, headers={"Authorization": f"Bearer {made['edit_key']}"})
            return there

        seen = sum(batches(whole.url, [1, 2]), [])
        forked = fork(whole.url, 2, 8, 5)
        assert batches(forked, [1, 2]) == batches(whole.url, [1, 2])
        assert not set(sum(batches(forked, [3, 4, 5, 6, 7]), [])) & set(seen)
        # the same examples in smaller batches, and so from there on
        assert sum(batches(forked, [3, 4, 5, 6, 7]), []) == sum(batches(whole.url, [3]), [])
        again = fork(forked, 5, 16, 1)
        assert batches(again, [6]) == [sum(batches(whole.url, [3]), [])[24:40]]
        assert batches(fork(whole.url, 0, 8, 5), [1, 2, 3, 4, 5]) == [seen[i : i + 8] for i in range(0, 40, 8)]

    def test_takes_along_what_was_done_after_the_step_where_it_is_asked(self, run):
        run.edit(ABLATE)
        assert run.fork(step=3)["edits"] == 0
        assert run.fork(step=3, log=1)["standing"] == [{**ABLATE, "on": True}]
        assert run.fork(step=3, log=2, status=422)["field"] == "log"
        refused = run.fork(step=2, log=1, status=422)
        assert refused["detail"] == "log is 1; it must be 0, the entries made up to that step."

    @pytest.mark.parametrize(
        ("asked", "status", "field"),
        [
            ({"step": 4}, 404, "step"),
            ({"step": 2, "changes": {"hidden_activations": "tanh"}}, 422, "changes.hidden_activations"),
            ({"step": 2, "changes": {"batch_size": 0}}, 422, "changes.batch_size"),
            ({"step": 0, "changes": {"loss": "nonsense"}}, 422, "changes.loss"),
            ({"step": 0, "changes": {"colour": "red"}}, 422, "changes.colour"),
            ({"step": 0, "changes": {"layer_sizes": [2, 8, 3]}}, 422, "changes.hidden_activations"),
            ({"step": 0, "changes": {"batch_size": "many"}}, 422, "changes.batch_size"),
            ({"step": 1, "changes": {"optimizer": {"name": "sgd", "learning_rate": -1}}}, 422, "changes.optimizer.learning_rate"),
            ({"step": 1, "edits": [{**SET, "col": 99}]}, 422, "edits[0].col"),
        ],
    )
    def test_refuses(self, run, asked, status, field):
        assert run.fork(status=status, **asked)["field"] == field


class TestDifference:
    def test_of_networks_that_can_not_be_compared(self, run, client, make_session):
        other = make_session(layer_sizes=[2, 5, 3])
        client.post(f"{other.url}/steps", headers=other.headers)
        answer = client.get(f"{run.made.url}/steps/1/difference", params={"other": other.answer["id"]})
        assert answer.status_code == 422
        assert "[2, 8, 8, 3]" in answer.json()["bound"]

    def test_says_when_the_batches_are_not_the_same(self, run, client):
        told = client.get(f"{run.made.url}/steps/1/difference", params={"other": run.get()["id"], "other_step": 2}).json()
        assert told["same_batch"] is False

    def test_of_unlike_batches_has_what_is_not_of_examples(self, run, client):
        made = run.fork(step=0, changes={"batch_size": 4})
        headers = {"Authorization": f"Bearer {made['edit_key']}"}
        theirs = client.post(f"/api/v1/sessions/{made['id']}/steps", headers=headers).json()
        told = client.get(f"{run.made.url}/steps/1/difference", params={"other": made["id"]}).json()
        assert told["same_batch"] is False
        assert {"W", "dW", "db"} <= set(told["layers"][1])
        assert not {"Z", "A", "dZ"} & set(told["layers"][1])
        assert tensor(told, "dW", 1).tolist() == (tensor(theirs, "dW", 1) - tensor(run.get("/steps/1"), "dW", 1)).tolist()


class TestLargest:
    def other(self, run, client, **changes):
        made = run.fork(step=0, changes=changes)
        client.post(f"/api/v1/sessions/{made['id']}/steps", json={"count": 3}, headers={"Authorization": f"Bearer {made['edit_key']}"})
        return made["id"], client.get(f"/api/v1/sessions/{made['id']}/steps/3").json()

    def test_has_the_cells_that_differ_most_a_page_at_a_time(self, run, client):
        asked = [self.other(run, client, hidden_activations=name) for name in ("tanh", "sigmoid")]
        one = tensor(run.get("/steps/3"), "dW", 2)
        apart = [tensor(trace, "dW", 2) - one for _, trace in asked]
        order = np.argsort(-np.max(np.abs(apart), axis=0).ravel(), kind="stable")
        query = {"tensor": "dW", "layer": 2, "other": [id for id, _ in asked]}
        told = client.get(f"{run.made.url}/steps/3/largest", params=query | {"first": 2, "count": 3}).json()
        places = (np.array(told["rows"]), np.array(told["cols"]))
        assert np.ravel_multi_index(places, one.shape).tolist() == order[2:5].tolist()
        assert told["sessions"][0]["values"] == one[places].tolist()
        assert told["sessions"][0]["differences"] is None
        for of, (id, trace), difference in zip(told["sessions"][1:], asked, apart, strict=True):
            assert (of["id"], of["step"]) == (id, 3)
            assert of["values"] == tensor(trace, "dW", 2)[places].tolist()
            assert of["differences"] == difference[places].tolist()
        # by one of the others alone
        told = client.get(f"{run.made.url}/steps/3/largest", params=query | {"by": 2, "count": 1}).json()
        assert np.ravel_multi_index((told["rows"], told["cols"]), one.shape).tolist() == [int(np.abs(apart[1]).argmax())]

    def test_has_the_largest_of_a_run_alone(self, run, client):
        one = tensor(run.get("/steps/3"), "W", 1)
        told = client.get(f"{run.made.url}/steps/3/largest", params={"tensor": "W", "layer": 1, "count": 1000}).json()
        assert np.abs(told["sessions"][0]["values"]).tolist() == sorted(np.abs(one).ravel().tolist(), reverse=True)
        assert told["shape"] == list(one.shape)

    def test_of_another_shape_does_not_count(self, run, client):
        asked = {"tensor": "A", "layer": 1, "other": [self.other(run, client, batch_size=4)[0], self.other(run, client, seed=5)[0]]}
        told = client.get(f"{run.made.url}/steps/3/largest", params=asked).json()
        unlike, alike = told["sessions"][1:]
        assert unlike["differences"] is None
        assert {col for col, value in zip(told["cols"], unlike["values"], strict=True) if value is not None} == {0, 1, 2, 3}
        assert len(alike["differences"]) == len(told["rows"])
        answer = client.get(f"{run.made.url}/steps/3/largest", params=asked | {"by": 1})
        told = answer.json()
        assert (answer.status_code, told["field"], told["value"]) == (422, "by", 1)
        assert "one at least of 2: " in told["bound"]
        answer = client.get(f"{run.made.url}/steps/3/largest", params=asked | {"other": asked["other"][:1], "by": 1})
        assert (answer.status_code, answer.json()["field"]) == (422, "other")

    @pytest.mark.parametrize(
        ("asked", "status", "field"),
        [
            ({"tensor": "gamma"}, 422, "tensor"),
            ({"first": 10**6}, 422, "first"),
            ({"count": 1001}, 422, "count"),
            ({"by": 1}, 422, "by"),
            ({"other": ["a", "b", "c", "d"]}, 422, "other"),
            ({"other": ["a"]}, 404, "other"),
        ],
    )
    def test_refuses(self, run, client, asked, status, field):
        answer = client.get(f"{run.made.url}/steps/3/largest", params={"tensor": "dW", "layer": 1} | asked)
        assert (answer.status_code, answer.json()["field"]) == (status, field)


class TestSpreads:
    def test_counts_all_sessions_in_the_same_bins(self, run, client):
        made = run.fork(step=2, changes={"optimizer": {"name": "sgd", "learning_rate": 9.0}})
        client.post(f"/api/v1/sessions/{made['id']}/steps", headers={"Authorization": f"Bearer {made['edit_key']}"})
        asked = {"tensor": "W_next", "layer": 2, "bins": 12, "other": made["id"]}
        told = client.get(f"{run.made.url}/steps/3/spreads", params=asked).json()
        cells = [
            tensor(trace, "W_next", 2).ravel()
            for trace in (run.get("/steps/3"), client.get(f"/api/v1/sessions/{made['id']}/steps/3").json())
        ]
        assert told["edges"][0] == min(one.min() for one in cells)
        assert told["edges"][-1] == max(one.max() for one in cells)
        for spread, values in zip(told["sessions"], cells, strict=True):
            assert spread["bins"] == np.histogram(values[values != 0], told["edges"])[0].tolist()
            assert spread["cells"] == values.size == sum(spread["bins"]) + spread["zeros"]

    def test_is_null_where_a_session_has_no_such_tensor(self, run, client):
        made = run.fork(step=0, changes={"normalisation": "batch_norm"})
        client.post(f"/api/v1/sessions/{made['id']}/steps", headers={"Authorization": f"Bearer {made['edit_key']}"})
        asked = {"tensor": "gamma", "layer": 1, "other": made["id"], "other_step": 1}
        one, other = client.get(f"{run.made.url}/steps/3/spreads", params=asked).json()["sessions"]
        assert one is None
        assert (other["id"], other["step"]) == (made["id"], 1)

    @pytest.mark.parametrize(
        ("asked", "status", "field"),
        [
            ({"tensor": "gamma", "layer": 1}, 422, "tensor"),
            ({"tensor": "dW", "layer": 9}, 422, "layer"),
            ({"tensor": "dW", "layer": 1, "other": ["a", "b", "c", "d"]}, 422, "other"),
            ({"tensor": "dW", "layer": 1, "other": ["a"], "other_step": [1, 2]}, 422, "other_step"),
            ({"tensor": "dW", "layer": 1, "other": ["a"]}, 404, "other"),
        ],
    )
    def test_refuses(self, run, client, asked, status, field):
        answer = client.get(f"{run.made.url}/steps/3/spreads", params=asked)
        assert (answer.status_code, answer.json()["field"]) == (status, field)
