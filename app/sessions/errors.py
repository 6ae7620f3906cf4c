"""What can go wrong with a session, as data; it knows no HTTP."""


class SessionError(Exception):
    """`field`, `value` and `bound` as in the engine's errors."""

    def __init__(self, message: str, *, field: str, value: object, bound: str) -> None:
        self.field = field
        self.value = value
        self.bound = bound
        super().__init__(message)


class UnknownSession(SessionError):
    def __init__(self, id: str) -> None:
        super().__init__(f"there is no session {id!r}.", field="id", value=id, bound="the id of a session that was made and not deleted")


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
            f"expected_step is {expected}; the session is at step {current}, and nothing was stepped.",
            field="expected_step",
            value=expected,
            bound=f"{current}, the step that the session is at",
        )


class StepOutOfRange(SessionError):
    def __init__(self, step: int, last: int) -> None:
        bound = f"1 to {last}, the steps taken so far" if last else "the number of a step that was taken; none was yet"
        super().__init__(f"step is {step}; it must be {bound}.", field="step", value=step, bound=bound)


class StoreUnavailable(SessionError):
    """The database can't be reached, is locked for too long, or its disk is full. Nothing was acknowledged."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"the session store is not available: {reason}; nothing was changed.",
            field="database",
            value=reason,
            bound="reachable and writable",
        )
