"""The log of a run: undo and redo as people expect them, whatever the order of what is done."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sessions import NothingToUndo
from app.sessions.checkpoints import to_drop
from app.sessions.log import Entry, Log


def written(*done):
    """A log from ("a", "undo", 1, "b", ...): texts are actions, a number takes so many steps."""
    entries, step = [], 0
    for one in done:
        if isinstance(one, int):
            step += one
        else:
            entries.append(Entry(len(entries) + 1, step, {"name": one}, 0.0))
    return Log(entries), step


def names(entries):
    return [entry.action["name"] for entry in entries]


@pytest.mark.parametrize(
    ("done", "left"),
    [
        (("a", "b"), ["a", "b"]),
        (("a", "b", "undo"), ["a"]),
        (("a", "b", "undo", "undo"), []),
        (("a", "b", "undo", "undo", "redo"), ["a"]),
        (("a", "undo", "b"), ["b"]),
        (("a", "undo", 1, "b"), ["b"]),
        (("a", 1, "b", "undo"), ["a"]),
        (("a", 1, "b", "undo", "redo"), ["a", "b"]),
    ],
)
def test_what_is_left(done, left):
    assert names(written(*done)[0].edits) == left


@pytest.mark.parametrize(
    ("done", "undo", "redo"),
    [
        ((), None, None),
        (("a",), "a", None),
        (("a", "undo"), None, "a"),
        (("a", "b", "undo"), "a", "b"),
        (("a", 1), None, None),  # a step was taken with it
        (("a", "undo", 1), None, None),  # what was undone before a step stays so
        (("a", "undo", "b"), "b", None),  # another way was gone
        (("a", 1, "b", "undo"), None, "b"),
    ],
)
def test_what_can_be_undone_and_redone(done, undo, redo):
    log, step = written(*done)
    for name, expected, found in (("undo", undo, log.to_undo(step)), ("redo", redo, log.to_redo(step))):
        assert (found and found.action["name"]) == expected
        if expected is None:
            with pytest.raises(NothingToUndo) as refusal:
                log.check({"name": name}, step)
            assert refusal.value.field == "action.name"
        else:
            log.check({"name": name}, step)


def test_it_says_how_to_go_on_without_an_edit_that_a_step_was_taken_with():
    log, step = written(3, "a", 2)
    with pytest.raises(NothingToUndo, match="step 4 was taken with it: fork at step 3"):
        log.check({"name": "undo"}, step)


@given(st.lists(st.sampled_from(["edit", "undo", "redo", "step"]), max_size=30))
def test_is_what_two_stacks_of_an_editor_give(done):
    """An editor forgets what could be redone at each new edit, and here at each step; and a step closes what is before it."""
    undoable, redoable, kept, log, step = [], [], [], [], 0
    for number, one in enumerate(done):
        if one == "step":
            step += 1
            kept += undoable
            undoable, redoable = [], []
            continue
        if (one == "undo" and not undoable) or (one == "redo" and not redoable):
            with pytest.raises(NothingToUndo):
                Log(log).check({"name": one}, step)
            continue
        if one == "undo":
            redoable.append(undoable.pop())
        elif one == "redo":
            undoable.append(redoable.pop())
        else:
            undoable.append(f"edit {number}")
            redoable = []
        log.append(Entry(len(log) + 1, step, {"name": f"edit {number}" if one == "edit" else one}, 0.0))
    assert names(Log(log).edits) == kept + undoable


def test_acts_from_the_step_after_it():
    log, _ = written("a", 2, "b", "c", 1)
    assert [names(log.acting_on(n)) for n in (1, 2, 3, 4)] == [["a"], [], ["b", "c"], []]
    assert [names(log.before(n)) for n in (1, 2, 3)] == [["a"], ["a"], ["a", "b", "c"]]
    assert [log.count_before(n) for n in (1, 2, 3)] == [1, 1, 3]
    assert [log.touches(n) for n in (1, 2, 3, 4)] == [True, False, True, False]


class TestThinning:
    def test_nothing_goes_while_there_is_room(self):
        assert to_drop([(10, 100), (20, 100)], 200) == []
        assert to_drop([], 0) == []

    def test_the_newest_stays_however_large(self):
        assert to_drop([(10, 100), (20, 100)], 50) == [10]

    @given(st.integers(2, 60), st.integers(1, 30))
    def test_what_stays_fits_and_has_the_newest(self, count, room):
        kept = [(10 * n, 7) for n in range(1, count + 1)]
        gone = to_drop(kept, 7 * room)
        stay = [step for step, _ in kept if step not in gone]
        assert len(stay) == min(count, room)
        assert stay[-1] == 10 * count

    @given(st.lists(st.integers(10, 30), min_size=100, max_size=400), st.integers(3, 30))
    def test_what_stays_is_spread_over_the_run_at_any_time_of_it(self, ways, room):
        kept, step = [], 0
        for way in ways:
            step += way
            gone = to_drop([*kept, (step, 7)], 7 * room)
            kept = [one for one in [*kept, (step, 7)] if one[0] not in gone]
            places = [0, *(at for at, _ in kept)]
            longest = max(b - a for a, b in zip(places, places[1:], strict=False))
            assert longest <= max(2 * 30, 2 * step / room)
