"""The container file by hadolint, and Compose by its specification and by what the product asks."""

import re
import stat
import tomllib
from pathlib import Path
from typing import Any

import compose_spec
import pytest
import yaml

from changeover.wiring.settings import read_settings
from tests.deploy.tools import DEPLOY, run

CONTAINERFILE = DEPLOY / "Containerfile"
COMPOSE = DEPLOY / "compose.yaml"


@pytest.fixture(scope="module")
def compose() -> Any:
    return yaml.safe_load(COMPOSE.read_text())


def test_hadolint_finds_nothing_in_the_container_file():
    assert run("hadolint", CONTAINERFILE) == ""


def test_hadolint_would_find_a_fault(tmp_path: Path):
    bad = tmp_path / "Containerfile"
    bad.write_text(CONTAINERFILE.read_text().replace("# hadolint ignore=DL3013\n", ""))
    with pytest.raises(AssertionError, match="DL3013"):
        run("hadolint", bad)


def test_the_image_runs_as_nobody_and_is_asked_for_its_health():
    text = CONTAINERFILE.read_text()
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)
    assert "/healthz" in text
    ignored = (DEPLOY.parent / ".dockerignore").read_text().split()
    assert {"deploy/secrets", ".git", "var"} <= {*ignored}


def test_yamllint_finds_nothing():
    assert run("yamllint", "--strict", "--config-file", DEPLOY / ".yamllint", COMPOSE) == ""


def test_compose_keeps_to_its_specification(compose: Any):
    read = compose_spec.PyCompose.from_yaml(COMPOSE.read_text())
    read.validate()
    read.validate_networks()
    read.validate_volumes()
    read.validate_secrets()
    read.validate_configs()
    assert sorted(read.service_names()) == sorted(compose["services"])


def test_the_database_reaches_nothing_and_is_reached_by_changeover_alone(compose: Any):
    services = compose["services"]
    assert compose["networks"]["database"] == {"internal": True}
    assert services["postgres"]["networks"] == ["database"]
    assert "ports" not in services["postgres"]
    assert all(port.startswith("127.0.0.1:") for port in services["changeover"]["ports"])
    assert services["changeover"]["read_only"]
    assert services["changeover"]["cap_drop"] == ["ALL"]


def test_the_settings_of_compose_can_be_used(compose: Any, tmp_path: Path):
    text = (DEPLOY / "changeover.toml").read_text()
    named = {Path(given["file"]).name for given in tomllib.loads(text).values() if "file" in given}
    assert named == {*compose["services"]["changeover"]["secrets"]}
    (tmp_path / "database_url").write_text("postgresql://changeover:x@postgres/changeover\n")
    (tmp_path / "changeover_secret").write_text("s" * 64)
    file = tmp_path / "changeover.toml"
    file.write_text(text.replace("/run/secrets", str(tmp_path)))
    file.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
    read = read_settings(file, compose["services"]["changeover"]["environment"]).checked()
    assert read.environment["CHANGEOVER_DATABASE_URL"].endswith("@postgres/changeover")


def test_stopping_waits_for_the_grace_of_the_settings(compose: Any):
    grace = int(compose["services"]["changeover"]["stop_grace_period"].removesuffix("s"))
    assert grace >= 60 + 1 + 10
