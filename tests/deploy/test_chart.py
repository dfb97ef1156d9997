"""The chart, by Helm's own linter, and what it renders, by the schemas of Kubernetes."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest

from changeover.wiring.settings import read_settings
from tests.deploy.helm import Helm
from tests.deploy.tools import DEPLOY, run

CHART = DEPLOY / "helm" / "changeover"
USUAL: dict[str, Any] = {}
EVERYTHING: dict[str, Any] = {
    "replicas": 5,
    "ingress": {
        "enabled": True,
        "className": "nginx",
        "tlsSecret": "tls",
        "annotations": {"a": "b"},
    },
    "metrics": {"enabled": True},
    "secret": {"vendors": {"OPENAI_API_KEY": "openai"}},
    "image": {"tag": "1", "pullSecrets": [{"name": "registry"}]},
    "storage": {"className": "fast"},
    "nodeSelector": {"pool": "gateways"},
    "tolerations": [{"operator": "Exists"}],
    "podAnnotations": {"c": "d"},
    "network": {
        "callers": [{"matchLabels": {"kubernetes.io/metadata.name": "applications"}}],
        "more": [{"to": [{"ipBlock": {"cidr": "10.1.2.3/32"}}], "ports": [{"port": 587}]}],
        "onlyWayOut": {"namespaces": ["applications", "notebooks"], "more": []},
    },
}
BOTH = pytest.mark.parametrize("values", [USUAL, EVERYTHING], ids=["usual", "everything"])


@pytest.fixture(scope="module")
def helm() -> Iterator[Helm]:
    with Helm() as running:
        yield running


def _of(objects: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [each for each in objects if each["kind"] == kind]


def _container(objects: list[dict[str, Any]]) -> dict[str, Any]:
    [replicas] = _of(objects, "StatefulSet")
    [container] = replicas["spec"]["template"]["spec"]["containers"]
    return dict(container)


@BOTH
def test_helm_finds_nothing_in_the_chart(helm: Helm, values: dict[str, Any]):
    sound, said = helm.lint(CHART, values)
    assert sound, said
    assert "WARNING" not in said


def test_helm_would_find_a_fault(helm: Helm, tmp_path: Path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: bad\n")
    (tmp_path / "templates" / "bad.yaml").write_text("a: {{ .Values.a.b.c }}\n")
    _, said = helm.lint(tmp_path, {})
    assert "ERROR" in said


def test_yamllint_finds_nothing():
    config = DEPLOY / ".yamllint"
    files = (CHART / "Chart.yaml", CHART / "values.yaml")
    assert run("yamllint", "--strict", "--config-file", config, *files) == ""


@BOTH
@pytest.mark.parametrize("version", ["1.28", "1.32", "1.37"])
def test_every_object_keeps_to_the_schema_of_kubernetes(
    helm: Helm, values: dict[str, Any], version: str
):
    objects = helm.render(CHART, values)
    kinds = {each["kind"] for each in objects}
    assert kinds >= {"StatefulSet", "Service", "PodDisruptionBudget", "NetworkPolicy", "ConfigMap"}
    for each in objects:
        kubernetes_validate.validate(each, version, strict=True)


def test_the_schema_would_find_a_fault(helm: Helm):
    [budget] = _of(helm.render(CHART, USUAL), "PodDisruptionBudget")
    budget["spec"]["maxUnavailible"] = 1
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(budget, "1.32", strict=True)


def test_probes_budget_and_stopping(helm: Helm):
    objects = helm.render(CHART, USUAL)
    [replicas] = _of(objects, "StatefulSet")
    container = _container(objects)
    asked = {name: container[name]["httpGet"]["path"] for name in container if "Probe" in name}
    assert asked == {
        "startupProbe": "/healthz",
        "livenessProbe": "/healthz",
        "readinessProbe": "/readyz",
    }
    [budget] = _of(objects, "PodDisruptionBudget")
    assert budget["spec"]["selector"] == replicas["spec"]["selector"]
    pod = replicas["spec"]["template"]["spec"]
    assert pod["terminationGracePeriodSeconds"] >= 60 + 5 + 10
    # Else a Service named changeover sets CHANGEOVER_PORT to an address.
    assert pod["enableServiceLinks"] is False
    assert pod["automountServiceAccountToken"] is False
    assert container["securityContext"]["readOnlyRootFilesystem"] is True


def test_the_gateway_is_the_only_way_out_of_the_namespaces_that_are_named(helm: Helm):
    objects = helm.render(CHART, EVERYTHING)
    [replicas] = _of(objects, "StatefulSet")
    labels = replicas["spec"]["template"]["metadata"]["labels"]
    policies = {
        each["metadata"].get("namespace", "assistants"): each["spec"]
        for each in _of(objects, "NetworkPolicy")
    }
    assert {*policies} == {"assistants", "applications", "notebooks"}
    for namespace in ("applications", "notebooks"):
        policy = policies[namespace]
        assert policy["podSelector"] == {}
        assert policy["policyTypes"] == ["Egress"]
        names, gateway = policy["egress"]
        assert {port["port"] for port in names["ports"]} == {53}
        [to] = gateway["to"]
        assert to["podSelector"]["matchLabels"].items() <= labels.items()
        assert to["namespaceSelector"]["matchLabels"] == {
            "kubernetes.io/metadata.name": "assistants"
        }
        assert gateway["ports"] == [{"port": 8080}]
    blocks = [
        to["ipBlock"]
        for rule in policies["assistants"]["egress"]
        for to in rule["to"]
        if "ipBlock" in to
    ]
    vendors = next(block for block in blocks if block["cidr"] == "0.0.0.0/0")
    assert {"10.0.0.0/8", "169.254.0.0/16", "192.168.0.0/16"} <= {*vendors["except"]}
    assert blocks[-1] == {"cidr": "10.1.2.3/32"}


def test_the_settings_that_it_writes_can_be_used(helm: Helm, tmp_path: Path):
    objects = helm.render(CHART, EVERYTHING)
    [written] = _of(objects, "ConfigMap")
    text = written["data"]["changeover.toml"]
    assert tomllib.loads(text)["vendors"]["OPENAI_API_KEY"]["file"].endswith("/changeover/openai")
    for name, secret in (
        ("database-url", "postgresql://c:x@db/c"),
        ("secret", "s" * 64),
        ("openai", "sk-1"),
    ):
        (tmp_path / name).write_text(secret)
    file = tmp_path / "changeover.toml"
    file.write_text(text.replace("/run/secrets/changeover", str(tmp_path)))
    read = read_settings(file, {}).checked()
    assert read.environment["CHANGEOVER_METRICS"] == "0.0.0.0:9464"
    [env] = _container(objects)["env"]
    assert env["name"] == "CHANGEOVER_SETTINGS"


@pytest.mark.parametrize(
    "values", [{"replicas": 0}, {"settings": {"secret": "x"}}, {"network": {"onlyWayout": {}}}]
)
def test_values_that_make_no_sense_are_refused(helm: Helm, values: dict[str, Any]):
    assert "schema" in helm.refuses(CHART, values)
