"""What a database that fails says of it: in words for whoever asks the server, and in its driver's own for whoever runs it."""

import sqlite3

# by SQLSTATE, https://www.postgresql.org/docs/current/errcodes-appendix.html
_plain = {
    "25006": "the database takes no changes",
    "40P01": "somebody else has what is to be changed locked",
    "53100": "the disk of the database is full",
    "53300": "the database has no connection free",
    "55P03": "somebody else has what is to be changed locked",
    "57P01": "the database is being stopped",
    "57P02": "the database is being stopped",
    "57P03": "the database is not started yet",
}
_UNREACHED = "the database can't be reached"


def reason(error: Exception) -> str:
    """Without where the database is and who asks it, which a server's driver tells, and which is nobody's business but its owner's."""
    cause = getattr(error, "orig", None)
    if cause is None:  # the pool's, of which all are in use
        return "no connection to the database is free"
    if isinstance(cause, sqlite3.Error):
        return driver_words(error)  # a library without a server: "database is locked", "database or disk is full"
    state = getattr(cause, "sqlstate", None)
    if state is None:
        return _UNREACHED
    return _plain.get(state) or (_UNREACHED if state.startswith("08") else f"the database failed (SQLSTATE {state})")


def driver_words(error: Exception) -> str:
    # a server's answer may go over several lines, of which the first says what
    return str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
