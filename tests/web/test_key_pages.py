"""Administrators' keys: shown once, rotated, revoked, and for nobody else."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from changeover.identity.keys import RevokedKeyError
from tests.web.administration import Administration, administered

NEW = {"service": "statechat", "slot": "chat", "label": " reports ", "expires": "90d"}


@pytest.fixture
def office(tmp_path: Path):
    with administered(tmp_path) as opened:
        yield opened


async def test_a_new_key_is_in_its_own_answer_and_in_no_other(office: Administration):
    async with await office.site.signed_in("adi", "administrator") as browser:
        made = await browser.post("/api/keys", json=NEW)
        assert made.status_code == 200, made.text
        assert made.headers["cache-control"] == "no-store"
        key, line = made.json()["key"], made.json()["line"]
        assert (line["label"], line["created_by"], line["state"]) == ("reports", "Adi", "valid")
        clock = office.installation.clock
        assert datetime.fromisoformat(line["expires"]) == clock.now() + timedelta(days=90)
        assert office.installation.ring.authenticate(key, clock.now()).prefix == line["prefix"]

        listed = await browser.get("/api/keys")
        assert [one["prefix"] for one in listed.json()["keys"]] == [line["prefix"]]
        assert key.rpartition("_")[2] not in listed.text
        slots = {one["id"]: one["slots"] for one in listed.json()["services"]}
        assert slots["statechat"] == ["chat", "title", "summary", "embedding"]
        assert "treasury-new" not in slots  # it does not exist before March


async def test_a_rotated_key_overlaps_with_the_new_one_and_a_revoked_one_opens_nothing(
    office: Administration,
):
    ring, clock = office.installation.ring, office.installation.clock
    async with await office.site.signed_in("adi", "administrator") as browser:
        first = (await browser.post("/api/keys", json=NEW)).json()
        one = f"/api/keys/{first['line']['prefix']}"
        rotated = (await browser.post(f"{one}/rotation", json={"overlap": "7d"})).json()
        assert rotated["line"]["replaces"] == first["line"]["prefix"]
        assert rotated["old"]["state"] == "replaced"
        assert rotated["key"] != first["key"]
        for key in (first["key"], rotated["key"]):
            ring.authenticate(key, clock.now())

        revoked = await browser.post(f"{one}/revocation", json={})
        assert revoked.json()["line"]["state"] == "revoked"
        with pytest.raises(RevokedKeyError):
            ring.authenticate(first["key"], clock.now())
        twice = await browser.post(f"{one}/rotation", json={"overlap": "7d"})
        assert twice.status_code == 409


async def test_what_cannot_be_a_key_is_refused_and_none_is_made(office: Administration):
    async with await office.site.signed_in("adi", "administrator") as browser:
        for wrong, status in (
            ({**NEW, "slot": "nothing"}, 404),
            ({**NEW, "service": "nobody"}, 404),
            ({**NEW, "scopes": []}, 400),
            ({**NEW, "scopes": ["everything"]}, 400),
            ({**NEW, "expires": "2020-01-01"}, 400),
            ({**NEW, "expires": "soon"}, 400),
            ({**NEW, "label": "x" * 201}, 400),
        ):
            assert (await browser.post("/api/keys", json=wrong)).status_code == status, wrong
        assert (await browser.get("/api/keys")).json()["keys"] == []
        rotation = await browser.post("/api/keys/00000000/rotation", json={"overlap": "7d"})
        assert rotation.status_code == 404


@pytest.mark.parametrize("roles", [("officer",), ("staff",), ("operator", "auditor")])
async def test_keys_are_for_administrators(office: Administration, roles):
    async with await office.site.signed_in("ada", *roles) as browser:
        assert (await browser.get("/api/keys")).status_code == 403
        assert (await browser.post("/api/keys", json=NEW)).status_code == 403
        for act in ("rotation", "revocation"):
            refused = await browser.post(f"/api/keys/00000000/{act}", json={"overlap": "7d"})
            assert refused.status_code == 403
    assert office.installation.keys.all() == []
