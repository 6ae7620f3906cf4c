"""Whether this version can go on with what another one has recorded: while servers are exchanged, two versions share a database."""

import threading
from collections import OrderedDict

from app.data import check_known
from app.engine import EngineError, initializers, read_edit
from app.engine.trace import PARAMETERS

from .acting import CHANGEABLE, CONFIGURE, OPTIMIZER, configured
from .errors import OtherVersion
from .log import REDO, UNDO, Action
from .recipe import DEFAULT_ENDS, DEFAULTS, Recipe
from .store import Row

FIELDS = frozenset({*DEFAULTS, *DEFAULT_ENDS["classes"], *PARAMETERS, "layer_sizes"})
MOST = 4096  # sessions


class Readable:
    """Looks each session through once; a configuration stays as it is, and a log only grows. Any thread may ask."""

    def __init__(self) -> None:
        self._looked: OrderedDict[str, int] = OrderedDict()  # how many entries of a session's log
        self._guard = threading.Lock()

    def check(self, row: Row) -> None:
        """Raises OtherVersion for a session that names what is not known here: without it, its numbers would be others."""
        with self._guard:
            looked = self._looked.get(row.id, -1)
        if looked >= row.actions:
            return
        try:
            if looked < 0:
                _check_config(row)
            _check_log(row, max(0, looked))
        except EngineError as error:
            raise OtherVersion(row.id, error.field, error.value, error.bound) from error
        with self._guard:
            self._looked[row.id] = row.actions
            while len(self._looked) > MOST:
                self._looked.popitem(last=False)


def _check_config(row: Row) -> None:
    config = row.config
    try:
        for name in config:
            if name not in FIELDS:
                raise EngineError(name, config[name], f"one of the fields {', '.join(sorted(FIELDS))}")
        check_known(config["dataset"])
        initializers.choose(config["initializer"], field="initializer")
        recipe = Recipe(config)
        recipe.bare_network()
        recipe.optimizer()
    except EngineError as error:
        error.field = f"config.{error.field}"
        raise


def _check_names(action: Action) -> None:
    """What beside an edit of the engine, which is read by its own, stands in a log. Raises EngineError for a name that is not known here."""
    known = {CONFIGURE: ("name", "changes", "examples_before"), UNDO: ("name",), REDO: ("name",)}.get(action["name"], tuple(action))
    for name in action:
        if name not in known:
            raise EngineError(name, action[name], f"one of {', '.join(known)}")
    if action["name"] == CONFIGURE:
        for name in action["changes"]:
            if name not in CHANGEABLE:
                raise EngineError(f"changes.{name}", action["changes"][name], f"one of {', '.join(CHANGEABLE)}")


def _check_log(row: Row, since: int) -> None:
    """Of the entries from number `since` on, counted from 0; those before it have been looked at."""
    config = configured(row.config, [entry.action for entry in row.log.entries[:since]])
    for i, entry in enumerate(row.log.entries[since:], start=since):
        name = entry.action["name"]
        try:
            _check_names(entry.action)
            if name in (CONFIGURE, OPTIMIZER):
                config = configured(config, [entry.action])
                Recipe(config).optimizer()
            if name not in (CONFIGURE, UNDO, REDO):
                read_edit(entry.action)
        except EngineError as error:
            error.field = f"log[{i}].{error.field}"
            raise
