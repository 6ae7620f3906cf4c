"""Everything that whoever runs the server may set, from the environment; read once, when the app is made."""

import ipaddress
import re
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.data import DEFAULT_BOUNDS, Bounds

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"

PREFIX = "BACKSCOPE_"
NESTED = "__"

SHORTEST_RETENTION = 0.001  # days: what is read and watched is looked after four times in it


class Limits(BaseModel):
    """What one request or one session may cost. They stand in the catalogue, so that a client knows them beforehand."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_body_bytes: int = Field(32 * 1024 * 1024, gt=0, description="bytes of a request's body")
    max_layers: int = Field(32, gt=0, description="layers of a network")
    max_parameters: int = Field(4_000_000, gt=0, description="weights and biases of a network, with what normalisation adds")
    max_batch_size: int = Field(1024, gt=0, description="examples of a batch")
    max_activation_cells: int = Field(4_000_000, gt=0, description="cells of all activations of a batch")
    max_steps_per_request: int = Field(100, gt=0, description="steps that one request may take")
    max_gradcheck_work: int = Field(50_000_000_000, gt=0, description="multiplications of one gradient check")  # about ten seconds
    max_script_cells: int = Field(500_000, gt=0, description="numbers that a NumPy script may hold")
    # of data that people bring
    max_csv_bytes: int = Field(DEFAULT_BOUNDS.max_csv_bytes, gt=0, description="bytes of a CSV file")
    max_csv_columns: int = Field(DEFAULT_BOUNDS.max_csv_columns, gt=0, description="columns of a CSV file")
    max_data_examples: int = Field(DEFAULT_BOUNDS.max_data_examples, gt=0, description="examples of data that are brought")
    max_data_cells: int = Field(DEFAULT_BOUNDS.max_data_cells, gt=0, description="numbers of data that are brought")
    max_classes: int = Field(DEFAULT_BOUNDS.max_classes, gt=0, description="classes of data that are brought")
    max_csv_categories: int = Field(DEFAULT_BOUNDS.max_csv_categories, gt=0, description="values of a category that becomes features")

    @property
    def data_bounds(self) -> Bounds:
        return Bounds(
            max_csv_bytes=self.max_csv_bytes,
            max_csv_columns=self.max_csv_columns,
            max_data_examples=self.max_data_examples,
            max_data_cells=self.max_data_cells,
            max_classes=self.max_classes,
            max_csv_categories=self.max_csv_categories,
        )


class Settings(BaseSettings):
    """`BACKSCOPE_DATABASE_URL`, `BACKSCOPE_ALLOWED_HOSTS` (comma-separated names), `BACKSCOPE_LIMITS__MAX_PARAMETERS`, ...; `HOST` and `PORT` as everywhere."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter=NESTED, frozen=True)

    host: str = Field("127.0.0.1", validation_alias="HOST")
    port: int = Field(8000, validation_alias="PORT", ge=0, le=65535)
    database_url: str = f"sqlite:///{DATA / 'backscope.db'}"
    # seconds for whoever else changes the same session or, in SQLite, anything
    database_wait: float = Field(5.0, gt=0, le=300)
    allowed_hosts: str = ""
    limits: Limits = Limits()

    # A session that nobody has read for so many days goes; 0 keeps all
    retention_days: float = Field(30.0, ge=0, le=36500)
    # of one session; beyond it, its checkpoints are thinned and a look back computes longer
    max_checkpoint_bytes: int = Field(64 * 1024 * 1024, ge=0)

    # What stays in memory; the database is the truth
    max_live_sessions: int = Field(64, gt=0)
    max_live_bytes: int = Field(256 * 1024 * 1024, ge=0)
    max_trace_cache_bytes: int = Field(256 * 1024 * 1024, ge=0)

    # Who watches a session holds a connection open; so does who teaches, for a browser can't send the edit key along with it
    max_watchers: int = Field(2000, ge=0)
    max_watchers_per_session: int = Field(500, ge=0)
    # seconds for a request's body to come whole, and a second more for each 64 KiB of it that came
    body_timeout: float = Field(30.0, gt=0, le=3600)

    # of answers to look at a step, which all who watch ask for at the same moment
    max_encoded_bytes: int = Field(64 * 1024 * 1024, ge=0)

    @field_validator("retention_days")
    @classmethod
    def _time_to_be_read(cls, given: float) -> float:
        if 0 < given < SHORTEST_RETENTION:
            raise ValueError(f"0, which keeps all, or a number from {SHORTEST_RETENTION} (86 seconds) to 36500")
        return given

    @field_validator("allowed_hosts")
    @classmethod
    def _names_alone(cls, given: str) -> str:
        for name in filter(None, map(str.strip, given.split(","))):
            if not _is_host_name(name):
                raise ValueError(f"names with commas, without scheme, port or path{_such_as(name)}")
        return given

    @property
    def host_names(self) -> frozenset[str]:
        """Host names that a request may be for: loopback, and what the setting adds."""
        added = (name.strip().lower() for name in self.allowed_hosts.split(","))
        return frozenset({"localhost", "127.0.0.1", "::1", *filter(None, added)})

    def make_data_folder(self) -> None:
        """Makes `data` in the checkout, where the default database lives. A folder that somebody names has to be there."""
        if self.database_url == type(self).model_fields["database_url"].default:
            DATA.mkdir(exist_ok=True)


def _is_host_name(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return re.fullmatch(r"[a-zA-Z0-9_]([a-zA-Z0-9_.-]*[a-zA-Z0-9_])?", name) is not None
    return True


def _such_as(name: str) -> str:
    """The name in an address, where there is one."""
    try:
        host = urlsplit(name if "//" in name else f"//{name}").hostname or ""
    except ValueError:
        host = ""
    return f", such as {host if _is_host_name(host) else 'lab.example.org'}"
