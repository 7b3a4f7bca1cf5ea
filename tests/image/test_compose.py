"""The compose files: every name in them exists, and nothing in them is as open as it could be."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # comes with the checks; its stubs do not

from bot.workers.scheduler import FINISH_S
from tests.image.names import roles, seconds, settings_names, told_by
from tests.image.test_image import environment

ROOT = Path(__file__).parents[2]
FILES = ("compose.yaml", "compose.scale.yaml")
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in FILES}
SERVICES: dict[str, dict[str, Any]] = {
    name: service
    for text in TEXTS.values()
    for name, service in yaml.safe_load(text)["services"].items()
}
OURS = [name for name, service in SERVICES.items() if "build" in service]
PARTS = ["gateway", "sender", "worker"]


def test_alone_there_is_one_service_and_scaled_there_are_the_parts_on_their_database() -> None:
    assert list(yaml.safe_load(TEXTS["compose.yaml"])["services"]) == ["drillmate"]
    scaled = yaml.safe_load(TEXTS["compose.scale.yaml"])["services"]
    assert set(scaled) == {"postgres", "migrate", *PARTS}


@pytest.mark.parametrize("file", FILES)
def test_every_setting_that_is_named_is_a_setting(file: str) -> None:
    named = set(re.findall(r"DRILLMATE_\w+", TEXTS[file]))
    assert named
    assert named <= settings_names()


def test_every_role_is_one_and_between_them_the_parts_do_everything() -> None:
    named = {SERVICES[name]["environment"]["DRILLMATE_ROLE"] for name in PARTS}
    assert named == roles() - {"all"}


@pytest.mark.parametrize("name", OURS)
def test_every_command_is_known_to_the_command_line(name: str) -> None:
    command = SERVICES[name].get("command", ["run"])
    assert told_by(command) == ("migrate" if name == "migrate" else "run")


@pytest.mark.parametrize("name", OURS)
def test_our_processes_may_write_nothing_but_what_they_keep(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    [temporary] = service["tmpfs"]
    heartbeat = Path(environment()["DRILLMATE_HEALTH__FILE"])
    assert str(heartbeat.parent) == temporary.split(":")[0]


@pytest.mark.parametrize("name", OURS)
def test_what_is_under_way_is_finished_before_the_engine_kills(name: str) -> None:
    assert seconds(SERVICES[name]["stop_grace_period"]) > FINISH_S


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_has_limits_and_opens_no_port(name: str) -> None:
    limits = SERVICES[name]["deploy"]["resources"]["limits"]
    assert set(limits) == {"cpus", "memory", "pids"}
    assert "ports" not in SERVICES[name]


def test_one_gateway_connects_and_a_second_sender_waits() -> None:
    assert {name: SERVICES[name]["deploy"].get("replicas", 1) for name in PARTS} == {
        "gateway": 1,
        "sender": 2,
        "worker": 1,
    }


@pytest.mark.parametrize("name", PARTS)
def test_the_parts_wait_for_the_schema_and_the_database(name: str) -> None:
    assert SERVICES[name]["depends_on"] == {
        "postgres": {"condition": "service_healthy"},
        "migrate": {"condition": "service_completed_successfully"},
    }


def test_the_schema_waits_for_the_database_and_is_brought_up_once() -> None:
    migrate = SERVICES["migrate"]
    assert migrate["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert migrate["restart"] == "no"  # "completed" would never come
    assert migrate["healthcheck"] == {"disable": True}


def test_the_database_is_pinned_keeps_its_files_and_says_when_it_is_ready() -> None:
    postgres = SERVICES["postgres"]
    assert re.fullmatch(r"postgres:\d+\.\d+-[a-z]+", postgres["image"])
    assert postgres["volumes"] == ["postgres:/var/lib/postgresql/data"]
    test = postgres["healthcheck"]["test"]
    assert test[:2] == ["CMD", "pg_isready"]
    assert "127.0.0.1" in test


def test_every_volume_that_is_used_is_declared() -> None:
    for text in TEXTS.values():
        whole = yaml.safe_load(text)
        used = {
            volume.split(":")[0]
            for service in whole["services"].values()
            for volume in service.get("volumes", ())
        }
        assert used == set(whole["volumes"])


def test_no_secret_has_a_value_here_and_the_password_must_be_given() -> None:
    for name in OURS:
        for variable, value in SERVICES[name]["environment"].items():
            if re.search(r"TOKEN|SECRET", variable):
                assert value is None, f"{variable} of {name}"
    given = [SERVICES["postgres"]["environment"]["POSTGRES_PASSWORD"]]
    given += [SERVICES[name]["environment"]["PGPASSWORD"] for name in ["migrate", *PARTS]]
    for value in given:
        assert re.fullmatch(r"\$\{POSTGRES_PASSWORD:\?[^}]*set it[^}]*\}", value)
    # Compose fills in a whole file, whichever services are started: alone nobody needs a password.
    assert ":?" not in TEXTS["compose.yaml"]
