"""Collections over HTTP: kept, filled, asked and closed, with the words that pages show."""

import base64

from changeover.web.collections import operations
from changeover.web.files import operations as file_operations
from tests.documents.test_collecting import Place
from tests.web.serving import Site

PATH = "/api/collections"
WORDING = {"name": "Handbook <b>", "description": "Rules.", "data_class": "internal"}
TEXT = b"The garage closes at ten."


async def test_a_collection_is_kept_filled_asked_and_closed():
    place = Place()
    site = Site(*operations(place.collecting), *file_operations(place.library))
    async with place.readings.running(frozenset), await site.signed_in("ana", "staff") as ana:
        account = site.people.works.accounts.named("ana")
        assert account is not None
        place.store.accounts = site.people.works.accounts
        place.store.files.owners["c"] = account.id
        made = (await ana.post(PATH, json=WORDING)).json()
        assert (made["name"], made["may_edit"]) == ("Handbook <b>", True)
        one = f"{PATH}/{made['id']}"
        begun = await ana.post(f"{one}/files", json={"name": "a<i>.md", "size": len(TEXT)})
        file = f"/api/files/{begun.json()['file']['id']}"
        piece = {"offset": 0, "content": base64.b64encode(TEXT).decode()}
        assert (await ana.put(file, json=piece)).status_code == 200
        await place.readings.settled()
        (line,) = (await ana.get(f"{one}/files")).json()
        assert (line["file"]["name"], line["file"]["state"]) == ("a<i>.md", "ready")
        asks = "/api/conversations/c/collections"
        (asked,) = (await ana.put(asks, json={"collections": [made["id"]]})).json()
        assert (asked["standing"], asked["counts"]["passages"]) == ("open", 1)
        assert (await ana.request("DELETE", file, json={})).status_code == 200
        assert (await ana.get(f"{one}/files")).json() == []
        assert (await ana.post(f"{file}/return", json={})).json()["file"]["state"] == "ready"
        unknown = await ana.put(one, json=WORDING | {"owners": ["nobody"]})
        assert unknown.status_code == 400
        assert "nobody is not in the collection's party" in unknown.text
        assert (await ana.request("DELETE", one, json={})).status_code == 200
        closed = await ana.get(f"{file}/text")
        assert (closed.status_code, closed.json()["error"]["code"]) == (403, "collection-closed")
        assert (await ana.get(asks)).json()[0]["standing"] == "removed"
        assert (await ana.post(f"{one}/return", json={})).json()["id"] == made["id"]
        shelf = (await ana.get(PATH)).json()
        assert [each["id"] for each in shelf["collections"]] == [made["id"]]
        assert (shelf["meaning"], shelf["data_class"]) == (None, "internal")
