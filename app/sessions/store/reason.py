"""What a database that fails says of it."""


def reason(error: Exception) -> str:
    # a server's answer may go over several lines, of which the first says what
    return str(getattr(error, "orig", None) or "no connection").strip().partition("\n")[0]
