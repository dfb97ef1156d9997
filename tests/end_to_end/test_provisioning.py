"""An organisation's directory keeps accounts here: SCIM, to a running server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

from tests.end_to_end.running import Server, ledger
from tests.identity_provider import GROUPS

SCIM = "urn:ietf:params:scim:"
USER, GROUP = f"{SCIM}schemas:core:2.0:User", f"{SCIM}schemas:core:2.0:Group"
PATCH = f"{SCIM}api:messages:2.0:PatchOp"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("site")
    groups = folder / "groups.yaml"
    groups.write_text(GROUPS)
    with Server(folder, CHANGEOVER_GROUPS=str(groups)) as running:
        yield running


@pytest.fixture(scope="module")
def token(site: Server) -> str:
    return site.run("provisioning", "create", "--label", "the directory").split()[-1]


@pytest.fixture
def client(site: Server, token: str) -> Iterator[httpx2.Client]:
    headers = {"authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=f"{site.url}scim/v2", headers=headers, timeout=30) as one:
        yield one


def person(client: httpx2.Client, login: str, **more: Any) -> dict[str, Any]:
    made = client.post("/Users", json={"schemas": [USER], "userName": login, **more})
    assert made.status_code == 201, made.text
    told: dict[str, Any] = made.json()
    return told


def group(client: httpx2.Client, name: str, *members: str) -> dict[str, Any]:
    body = {"schemas": [GROUP], "displayName": name, "members": [{"value": m} for m in members]}
    made = client.post("/Groups", json=body)
    assert made.status_code == 201, made.text
    told: dict[str, Any] = made.json()
    return told


def patched(client: httpx2.Client, path: str, *operations: dict[str, Any]) -> None:
    answered = client.patch(path, json={"schemas": [PATCH], "Operations": operations})
    assert answered.status_code in {200, 204}, answered.text


def listed(site: Server, login: str) -> Any:
    [found] = [each for each in site.ask("accounts", "list") if each["login"] == login]
    return found


def test_an_independent_client_finds_the_service_as_the_rfcs_have_it(client: httpx2.Client):
    results = check_server(SyncSCIMClient(client))
    wrong = [f"{r.title}: {r.reason}" for r in results if r.status is not Status.SUCCESS]
    assert wrong == []
    assert len(results) > 60


def test_a_directory_creates_groups_deactivates_and_deletes_a_person(
    site: Server, client: httpx2.Client
):
    # As Microsoft Entra and Keycloak's extensions do it: asked by name, created, patched.
    asked = {"filter": 'userName eq "Jo@Example.gov"'}
    assert client.get("/Users", params=asked).json()["totalResults"] == 0
    jo = person(
        client, "Jo@Example.gov", externalId="oid-1", displayName="Jo Roe", active=True,
        preferredLanguage="fr-CA", emails=[{"value": "jo@example.gov"}], password="x" * 20,
    )  # fmt: skip
    assert "emails" not in jo
    assert "password" not in jo
    assert jo["meta"]["location"] == f"{site.url}scim/v2/Users/{jo['id']}"
    found = client.get("/Users", params=asked).json()
    assert [each["id"] for each in found["Resources"]] == [jo["id"]]
    users = group(client, "statechat-users")
    assert listed(site, "jo@example.gov")["roles"] == []
    add = {"op": "Add", "path": "members", "value": [{"value": jo["id"]}]}
    patched(client, f"/Groups/{users['id']}", add)
    line = listed(site, "jo@example.gov")
    assert (line["source"], line["party"], line["roles"]) == ("provisioned", "state", ["staff"])
    assert line["language"] == "fr"
    assert client.get(f"/Users/{jo['id']}").json()["groups"][0]["display"] == "statechat-users"
    refused = site.run("accounts", "disable", "jo@example.gov", status=1)
    assert "ruled by provisioning" in refused
    # Entra writes what is no boolean in JSON.
    patched(client, f"/Users/{jo['id']}", {"op": "Replace", "path": "active", "value": "False"})
    assert listed(site, "jo@example.gov")["disabled"] is not None
    patched(client, f"/Users/{jo['id']}", {"op": "replace", "value": {"active": True}})
    assert listed(site, "jo@example.gov")["disabled"] is None
    remove = {"op": "Remove", "path": "members", "value": [{"value": jo["id"]}]}
    patched(client, f"/Groups/{users['id']}", remove)
    assert listed(site, "jo@example.gov")["roles"] == []
    assert client.delete(f"/Users/{jo['id']}").status_code == 204
    assert client.get(f"/Users/{jo['id']}").status_code == 404
    assert listed(site, jo["id"])["name"] == "Removed account"
    kinds = [entry["kind"] for entry in ledger(site.data) if entry.get("id") == jo["id"]]
    assert kinds == [
        "account-created", "account-changed", "account-disabled", "account-enabled",
        "account-changed", "account-removed",
    ]  # fmt: skip


def test_lists_come_in_pages_and_changes_name_the_version_they_were_made_from(
    client: httpx2.Client,
):
    for number in range(5):
        person(client, f"page-{number}")
    asked: dict[str, str | int] = {
        "filter": 'userName sw "page-"',
        "startIndex": 2,
        "count": 2,
        "sortBy": "userName",
    }
    page = client.get("/Users", params=asked).json()
    assert (page["totalResults"], page["startIndex"], page["itemsPerPage"]) == (5, 2, 2)
    assert [each["userName"] for each in page["Resources"]] == ["page-1", "page-2"]
    whole = client.get("/Users", params={"startIndex": 2, "count": 1}).json()
    assert len(whole["Resources"]) == 1
    assert whole["totalResults"] >= 5
    one = page["Resources"][0]
    body = {"schemas": [USER], "userName": "page-1", "displayName": "One"}
    where, tag = f"/Users/{one['id']}", {"if-match": one["meta"]["version"]}
    changed = client.put(where, json=body, headers=tag)
    assert changed.status_code == 200
    assert changed.headers["etag"] != one["meta"]["version"]
    assert client.put(where, json=body, headers=tag).status_code == 412
    same = {"if-none-match": changed.headers["etag"]}
    assert client.get(where, headers=same).status_code == 304


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "kind"),
    [
        ("POST", "/Users", {"schemas": [USER], "userName": "ana.silva"}, 409, "uniqueness"),
        ("POST", "/Users", {"schemas": [USER]}, 400, "invalidValue"),
        ("POST", "/Users", "not json", 400, "invalidSyntax"),
        ("GET", "/Users?filter=userName%20xx", None, 400, "invalidFilter"),
        ("GET", "/Users/person_nobody", None, 404, None),
        ("POST", "/Groups",
         {"schemas": [GROUP], "displayName": "g", "members": [{"value": "person_nobody"}]},
         400, "invalidValue"),
        ("GET", "/Nothing", None, 404, None),
        ("POST", "/Bulk", {"schemas": [f"{SCIM}api:messages:2.0:BulkRequest"]}, 501, None),
    ],
)  # fmt: skip
def test_mistakes_are_told_in_scims_form(
    client: httpx2.Client, method: str, path: str, body: Any, status: int, kind: str | None
):
    content = {"content": body} if isinstance(body, str) else {} if body is None else {"json": body}
    headers = {"content-type": "application/scim+json"}
    answered = client.request(method, path, headers=headers, **content)
    told = answered.json()
    assert (answered.status_code, told["status"]) == (status, str(status)), answered.text
    assert told.get("scimType") == kind
    assert told["schemas"] == [f"{SCIM}api:messages:2.0:Error"]


def test_only_a_token_that_stands_lets_in(site: Server, client: httpx2.Client, token: str):
    url = f"{site.url}scim/v2/Users"
    wrong = ("", "Bearer", f"Bearer {token[:-1]}", f"Basic {token}", "Bearer cop_00000000_x")
    for header in wrong:
        answered = httpx2.get(url, headers={"authorization": header} if header else {})
        assert answered.status_code == 401
        assert answered.headers["www-authenticate"] == 'Bearer realm="SCIM"'
        assert answered.json()["status"] == "401"
    large = client.post("/Users", content=b"x" * (1024 * 1024 + 1))
    assert large.status_code == 413
    other = site.run("provisioning", "create").split()[-1]
    headers = {"authorization": f"bearer {other}"}
    assert httpx2.get(url, headers=headers).status_code == 200
    site.run("provisioning", "revoke", other)
    assert httpx2.get(url, headers=headers).status_code == 401
    assert token not in site.log + site.run("provisioning", "list")
    assert token.encode() not in b"".join(
        path.read_bytes() for path in Path(site.data).rglob("*") if path.is_file()
    )
