"""What can go wrong with a session, as data; it knows no HTTP."""

from collections.abc import Iterable

from app.engine.errors import between


class SessionError(Exception):
    """`field`, `value` and `bound` as in the engine's errors."""

    def __init__(self, message: str, *, field: str, value: object, bound: str) -> None:
        self.field = field
        self.value = value
        self.bound = bound
        super().__init__(message)


class UnknownSession(SessionError):
    """`field` is what the id was given as, where it isn't the session that everything is about."""

    def __init__(self, id: str, field: str = "id") -> None:
        super().__init__(f"there is no session {id!r}.", field=field, value=id, bound="the id of a session that was made and not deleted")


class MissingKey(SessionError):
    def __init__(self) -> None:
        super().__init__(
            "changing a session takes its edit key.", field="Authorization", value=None, bound="'Bearer ' and the session's edit_key"
        )


class WrongKey(SessionError):
    def __init__(self) -> None:
        # the key itself stays out of answers and logs
        super().__init__("this is not the session's edit key.", field="Authorization", value="(not shown)", bound="the session's edit_key")


class StepConflict(SessionError):
    """Somebody else has stepped the session; nothing was stepped twice."""

    def __init__(self, expected: object, current: int) -> None:
        self.current = current
        super().__init__(
            f"expected_step is {expected}; the session is at step {current}, and nothing was done.",
            field="expected_step",
            value=expected,
            bound=f"{current}, the step that the session is at",
        )


class LogConflict(SessionError):
    """Somebody else has edited the session; nothing was edited."""

    def __init__(self, expected: object, current: int) -> None:
        self.current = current
        super().__init__(
            f"expected_edits is {expected}; the session's log has {current}, and nothing was done.",
            field="expected_edits",
            value=expected,
            bound=f"{current}, the entries of the session's log",
        )


class NothingToUndo(SessionError):
    """`last` is the step before which the last edit was made, where steps were taken since."""

    def __init__(self, what: str, last: int | None) -> None:
        bound = (
            f"there is nothing to {what}" if last is None else f"step {last + 1} was taken with it: fork at step {last} to go on without"
        )
        super().__init__(f"{what} is not possible: {bound}.", field="action.name", value=what, bound=bound)


class StepOutOfRange(SessionError):
    """`last` is the last step that was taken; with `and_next`, the one after it would do as well."""

    def __init__(self, step: int, last: int, first: int = 1, *, and_next: bool = False, field: str = "step") -> None:
        self.step, self.last, self.first, self.and_next = step, last, first, and_next
        if and_next:
            bound = f"1 to {last + 1}: a step that was taken, or the next one" if last else "1, the next step: none was taken yet"
        elif last < first:
            bound = "the number of a step that was taken; none was yet"
        elif first == 0:
            bound = f"0 to {last}: 0 is before the first step, {last} is the last one taken" if last else "0: no step was taken yet"
        else:
            bound = f"{between(first, last)}, the {'steps' if first < last else 'one step'} taken so far"
        super().__init__(f"{field} is {step}; it must be {bound}.", field=field, value=step, bound=bound)

    def given_as(self, field: str) -> "StepOutOfRange":
        """The same about a step that the request gave by another name."""
        return StepOutOfRange(self.step, self.last, self.first, and_next=self.and_next, field=field)


class LogOutOfRange(SessionError):
    def __init__(self, taken: int, least: int, most: int) -> None:
        bound = f"{between(least, most)}, the entries made up to that step"
        super().__init__(f"log is {taken}; it must be {bound}.", field="log", value=taken, bound=bound)


class NotChangeable(SessionError):
    """A field of the configuration that only a fork at the start can change."""

    def __init__(self, name: str, value: object, changeable: Iterable[str]) -> None:
        bound = f"left out, or given for a fork at step 0; later only these can change: {', '.join(changeable)}"
        super().__init__(f"changes.{name} must be {bound}.", field=f"changes.{name}", value=value, bound=bound)


class NoSuchPlace(SessionError):
    """`place` is step.edits.looks, as an event's id says it; `now` where the session is."""

    def __init__(self, place: object, now: object) -> None:
        bound = f"the id of an event of this session, which is now at {now}; leave it out to watch from now on"
        super().__init__(f"last_event_id is {place}; it must be {bound}.", field="last_event_id", value=str(place), bound=bound)


class TooManyWatchers(SessionError):
    def __init__(self, most: int, where: str) -> None:
        super().__init__(
            f"{most} watch already, which is the most {where}; try again later.",
            field="id",
            value="one more",
            bound=f"at most {most} watchers {where}",
        )


class OtherVersion(SessionError):
    """A session that names what this version does not know: the one that made it does."""

    def __init__(self, id: str, field: str, value: object, bound: str) -> None:
        super().__init__(
            f"another version of Backscope has made the session {id}, and this one can't read it: its {field} is {value!r:.100}. "
            "Nothing was changed; a server of that version goes on with it.",
            field=field,
            value=value,
            bound=bound,
        )


class StoreUnavailable(SessionError):
    """The database can't be reached, is locked for too long, or its disk is full. Nothing was acknowledged.

    `reason` is for anybody; `words` are the driver's own, which may tell where the database is: they are for whoever runs the server.
    """

    def __init__(self, reason: str, words: str = "") -> None:
        self.reason = reason
        self.words = words or reason
        super().__init__(
            f"the session store is not available: {reason}; nothing was changed.",
            field="database",
            value=reason,
            bound="reachable and writable",
        )
