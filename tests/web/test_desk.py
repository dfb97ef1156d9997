"""The desk: bad input is told in words and changes nothing."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from changeover.wiring.desk import desk as desk_of
from changeover.wiring.installation import Installation, open_installation

CLAUDE = "anthropic/claude-sonnet-4-5@anthropic"
TEXT = """
kind: order
issuer: treasury-secretary
title: {en: a, fr: b}
recorded: 2020-01-01T00:00
entered_by: somebody
published: 2026-02-26T08:00
clauses:
  one:
    words: w
    chosen_by: z
    modality: prohibit
    targets: [{makers: [openai]}]
    scope: {parties: [treasury]}
"""


class Client:
    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.http = TestClient(desk_of(installation), raise_server_exceptions=False)

    def raw(self, path: str, body: bytes) -> tuple[int, Any]:
        answered = self.http.post(path, content=body)
        return answered.status_code, answered.json()

    def post(self, path: str, **body: Any) -> tuple[int, Any]:
        return self.raw(path, json.dumps(body).encode())

    def issue(self, text: str | bytes) -> tuple[int, Any]:
        return self.post("/orders/files", file=file(text), by="an officer")


def file(text: str | bytes, name: str = "a.yaml") -> dict[str, str]:
    content = text.encode() if isinstance(text, str) else text
    return {"name": name, "content": base64.b64encode(content).decode()}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    data: Path = tmp_path_factory.mktemp("desk") / "data"
    with open_installation(data, demo=True) as installation:
        yield Client(installation)


@pytest.fixture(autouse=True)
def _nothing_breaks(client: Client) -> Iterator[None]:
    before = client.installation.ledger_head()
    yield
    assert client.installation.ledger_head()[0] >= before[0]


def test_files_that_are_no_text(client: Client):
    status, told = client.issue(b"\xff\xfe")
    assert (status, told["error"]["what"]) == (
        400,
        "a.yaml is not UTF-8 text: byte 0 cannot be read.",
    )
    status, told = client.post("/directory", files=[file(b"zone: \xff")], by="a")
    assert (status, "byte 6" in told["error"]["what"]) == (400, True)


@pytest.mark.parametrize(
    "body", [b'{"service":"\xff"}', b'{"service":' + b"[" * 100_000, b"{", b"[]", b"\xff"]
)
def test_bodies_that_are_no_json(client: Client, body: bytes):
    status, told = client.raw("/decide", body)
    assert (status, told["error"]["code"]) == (400, "invalid_input")
    assert "cannot be read" in told["error"]["what"]


@pytest.mark.parametrize(("text", "count"), [("instruments: []", 0), (None, 2)])
def test_a_file_of_none_or_several_instruments(client: Client, text: str | None, count: int):
    if text is None:
        both = ("id: one" + TEXT, "id: two" + TEXT)
        text = "instruments:\n" + "".join(
            "  - " + each.rstrip("\n").replace("\n", "\n    ") + "\n" for each in both
        )
    status, told = client.issue(text)
    assert (status, told["error"]["what"]) == (400, f"a.yaml holds {count} instruments.")


@pytest.mark.parametrize(
    "at", ["0001-01-01", "9999-12-31", "9999-12-31T23:59:59.999999", "0001-01-01T00:00:00+14:00"]
)
@pytest.mark.parametrize("field", ["at", "known_at"])
def test_instants_at_the_edges_of_time(client: Client, field: str, at: str):
    status, told = client.post(
        "/decide", service="treasury-code", model="claude-sonnet-4-5", **{field: at}
    )
    assert (status, "1900 to 2199" in told["error"]["what"]) == (400, True)


@pytest.mark.parametrize("id_", ['"a/b"', '"é→"', '"x\\r\\ny"', '""', '" sp "'])
def test_ids_that_no_instrument_may_bear(client: Client, id_: str):
    status, told = client.issue(f"id: {id_}{TEXT}")
    assert status == 400
    assert told["error"]["problems"][0]["path"] == "$.id"


def test_a_file_may_refer_to_what_is_on_record(client: Client):
    (known, *_) = client.installation.office.instruments()
    status, told = client.issue(f"id: follows{TEXT}implements: [{known}]\n")
    assert (status, told["instrument"]["acts"]) == (
        200,
        [{"act": "implement", "instruments": [known]}],
    )
    assert told["entered_by"] == "an officer"
    status, told = client.issue(f"id: astray{TEXT}implements: [nothing]\n")
    assert (status, told["error"]["problems"][0]["what"]) == (
        400,
        "There is no instrument 'nothing'.",
    )


def test_a_refused_rescission_leaves_nothing_of_its_source(client: Client):
    client.issue(f"id: to-rescind{TEXT}")
    before = client.installation.ledger_head()[0]
    source = file("The end.", "end.txt")
    for name, body, expected in (
        ("nothing", {"by": "a", "confirmed_by": "b"}, 404),
        ("to-rescind", {"by": "a", "confirmed_by": "A "}, 403),
    ):
        status, _ = client.post(f"/orders/{name}/rescission", source=source, **body)
        assert status == expected
    assert client.installation.ledger_head()[0] == before
    status, told = client.post(
        "/orders/to-rescind/rescission", by="a", confirmed_by="b", source=source
    )
    assert (status, told["instrument"]["sources"][0]["address"]) == (200, "end.txt")
    # The text and the rescission, in one.
    assert client.installation.ledger_head()[0] == before + 2
    digest = told["instrument"]["sources"][0]["sha256"]
    with client.installation.works.reading() as work:
        assert work.drafts.document(digest).content == b"The end."


@pytest.mark.parametrize(("by", "status"), [("an officer", 409), ("", 403), ("\u200b", 403)])
def test_a_route_that_is_not_held_is_not_released(client: Client, by: str, status: int):
    answered, _ = client.post("/releases", service="treasury-code", route=CLAUDE, by=by)
    assert answered == status


def test_an_operation_that_there_is_not(client: Client):
    answered = client.http.get("/orders/a/b")
    assert (answered.status_code, answered.json()["error"]["code"]) == (404, "not_found")


def test_a_clause_that_matches_nothing_is_issued_with_a_warning(client: Client):
    nowhere = TEXT.replace("{parties: [treasury]}", "{parties: [treasury], purposes: [none]}")
    status, told = client.issue("id: nowhere" + nowhere)
    assert status == 200
    assert told["instrument"]["id"] == "nowhere"
    [warning] = told["warnings"]
    assert warning["en"].startswith("Clause one of “a” matches nothing: ")
    assert "The nearest are " in warning["en"]
    assert "but for the purposes named." in warning["en"]
    assert warning["fr"].startswith("La clause one de « b » ne vise rien")
    status, told = client.issue("id: somewhere" + TEXT)
    assert (status, told["warnings"]) == (200, [])


def test_what_nothing_on_record_answers_to_is_told_at_its_line(client: Client):
    text = "id: amending" + TEXT.partition("clauses:")[0]
    assert client.issue("id: amended" + TEXT)[0] == 200
    status, told = client.issue(text + "amends: [{instruments: [amended], clause: on}]\n")
    assert status == 400
    [problem] = told["error"]["problems"]
    assert (problem["line"], problem["what"]) == (8, "There is no clause 'on' in amended.")
    assert problem["do"] == "Did you mean one?"
