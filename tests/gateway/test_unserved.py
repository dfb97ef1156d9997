"""Every path of the vendors' SDKs is served, or refused by its name."""

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import botocore.loaders
import pytest
from starlette.routing import Match, Route

from changeover.gateway.unserved import METHODS, UNSERVED, unserved
from changeover.web.gateway import gateway_routes
from tests.gateway.worlds import World, applications
from tests.orders.worlds import rules

# What Google's SDK has for Vertex AI alone, or for its own tests.
_ELSEWHERE = {
    "files:register",
    "test/path",
    "{parent}/tuningJobs:validateReinforcementTuningReward",
}
_NAMES = {
    "model": "models/m",
    "models_url": "models",
    "api_version": "v1beta",
    "file_search_store_name": "fileSearchStores/some_1",
    "resourceName": "models/m/operations/some_1",
}
_NAMED = re.compile(r"\{+\w+\}+")


def paths(package: str, pattern: str) -> Iterator[str]:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    for source in Path(spec.origin).parent.rglob("*.py"):
        for found in re.finditer(pattern, source.read_text()):
            yield found[1].partition("?")[0]


def routes() -> list[Route]:
    return gateway_routes(applications(World(rules())), greatest_body=1)


ROUTES = routes()


def is_served(path: str) -> bool:
    return any(
        route.matches({"type": "http", "path": path, "method": method})[0] == Match.FULL
        for route in ROUTES
        for method in ("GET", "POST")
    )


def known(path: str) -> bool:
    return is_served(path) or unserved(path) is not None


def test_each_path_of_openais_and_anthropics_sdks():
    found = {
        *(
            f"/v1{path}"
            for path in paths("openai.resources", r'"(/[a-z][^" ]*)"')
            if "v1" not in path
        ),
        *paths("anthropic.resources", r'"(/v1/[a-z][^" ]*)"'),
    }
    concrete = {_NAMED.sub("some_1", path) for path in found}
    assert len(concrete) > 300
    assert {path for path in concrete if not known(path)} == set()


def test_each_path_of_googles_sdk():
    found = set(paths("google.genai", r"path = '([a-z{][^']+)'")) - _ELSEWHERE
    assert {"cachedContents", "files/{file}", "auth_tokens"} <= found
    elsewhere = ("batchPredictionJobs", "v1beta/")
    below = {path for path in found if not path.startswith(elsewhere)}
    concrete = {"/" + path if path.startswith("upload") else f"/v1beta/{path}" for path in below}
    for name, value in _NAMES.items():
        concrete = {re.sub(rf"\{{+{name}\}}+", value, path) for path in concrete}
    concrete = {_NAMED.sub("files/some_1", path) for path in concrete}
    assert {path for path in concrete if not known(path)} == set()


def test_each_path_of_amazons_sdk():
    model = botocore.loaders.Loader().load_service_model("bedrock-runtime", "service-2")
    found = {each["http"]["requestUri"] for each in model["operations"].values()}
    assert {"/model/{modelId}/converse", "/async-invoke"} <= found
    concrete = {re.sub(r"\{\w+\}", "some_1", path) for path in found}
    assert {path for path in concrete if not known(path)} == set()


@pytest.mark.parametrize("method", METHODS)
def test_googles_methods_of_a_model(method: str):
    assert unserved(f"/v1beta/models/gemini:{method}") is METHODS[method]
    assert unserved("/v1beta/models/gemini:generateContent") is None


def test_each_says_what_why_and_what_to_do():
    for each in (*UNSERVED.values(), *METHODS.values()):
        assert each.why.endswith(".")
        assert each.do.endswith(".")
        assert each.status in {404, 501}
    for nothing in ("/v1/", "/v1/nothing", "/files", "/v2/files", "/v1/models/files"):
        assert unserved(nothing) is None
