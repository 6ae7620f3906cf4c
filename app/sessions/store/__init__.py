"""Where recipes, scalars and checkpoints are kept. The only folder that knows that a database exists, with its tables and migrations."""

from .database import CHANNEL, Database
from .expiry import fresh_for
from .file_version import FileVersion
from .rows import Row
from .store import Store

__all__ = ["CHANNEL", "Database", "FileVersion", "Row", "Store", "fresh_for"]
