"""compose.yaml, as far as it can be held to without a Docker engine."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from app.settings import Settings

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    return read


def test_everything_that_a_service_names_is_there(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for other, wanted in service.get("depends_on", {}).items():
            assert wanted == {"condition": "service_healthy"}
            # the image of our own brings its health check
            assert "healthcheck" in compose["services"][other] or "HEALTHCHECK" in (ROOT / "Dockerfile").read_text("utf-8")
        assert {config["source"] for config in service.get("configs", [])} <= compose["configs"].keys()
        assert {volume.split(":")[0] for volume in service.get("volumes", [])} <= compose["volumes"].keys()


def test_no_service_has_more_rights_than_it_needs(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]


def test_settings_are_those_that_the_server_has(compose: dict[str, Any]) -> None:
    given = compose["services"]["backscope"]["environment"].keys()
    known = {f"BACKSCOPE_{name}".upper() for name in Settings.model_fields}
    assert {name for name in given if name.startswith("BACKSCOPE_")} <= known


def test_the_password_is_asked_for_and_not_made_up(compose: dict[str, Any]) -> None:
    password = compose["services"]["backscope"]["environment"]["PGPASSWORD"]
    assert password == compose["services"]["database"]["environment"]["POSTGRES_PASSWORD"]
    assert password.startswith("${POSTGRES_PASSWORD:?")
