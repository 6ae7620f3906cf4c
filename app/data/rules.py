"""Rules by which what is brought becomes a dataset, by number: a session is restored by those that it was settled by.

1 is of sessions without a number. Since 2, classes are told apart by all digits that stand in a CSV file, under the names that they have there,
and what hardly varies, so that its squares lose digits, is not standardised. Since 3, a CSV file's numbers may have a mark between thousands,
and its first line may name its delimiter (`sep=;`); and targets of classes typed with six digits are divided by their sum.
"""

from collections.abc import Mapping
from typing import Any

from app.engine import OutOfBounds

FIRST, LATEST = 1, 3
THOUSANDS_SINCE = SEP_SINCE = DIVIDED_SINCE = 3


def rules_of(settled: Mapping[str, Any]) -> int:
    """Those that a settled configuration was settled by."""
    return int(settled.get("rules", FIRST))


def check_rules(given: object, field: str) -> int:
    """What a configuration that is given again repeats; the latest where nothing does.

    Raises:
        OutOfBounds: rules that there are none of.
    """
    if given is None:
        return LATEST
    if isinstance(given, bool) or not isinstance(given, int) or not FIRST <= given <= LATEST:
        raise OutOfBounds(field, given, f"a whole number from {FIRST} to {LATEST}, or left out for the latest")
    return given
