"""Folders and what is in them, on the fake and on each database."""

from datetime import timedelta

from changeover.chat.finding import terms_of
from changeover.chat.folders import Folder
from changeover.chat.model import Place, StoredConversation
from changeover.chat.ports import ChatWork
from tests.chat.world import ANA, MARC
from tests.orders.worlds import T0

CONVERSATION = StoredConversation(
    id="conv_1", account=ANA.id, service="desk", title="Treaty", created=T0, changed=T0
)
TREATIES = Folder(id="folder_1", name="Treaties")


def place(work: ChatWork) -> str | None:
    [line] = work.conversations.lines(ANA.id)
    [hit] = work.search.hits(ANA.id, terms_of("treaty"), 0, 9)
    names = {folder.id: folder.name for folder in work.folders.of(ANA.id)}
    assert hit.folder == (None if line.folder is None else names[line.folder])
    return line.folder


def test_folders_are_an_accounts_own_in_the_order_they_were_made(work: ChatWork):
    work.folders.add(ANA.id, TREATIES, T0)
    work.folders.add(MARC.id, Folder(id="folder_2", name="Notes"), T0)
    work.folders.add(ANA.id, Folder(id="folder_0", name="Visas"), T0 + timedelta(minutes=1))
    work.folders.rename("folder_0", "Visits")
    assert [folder.name for folder in work.folders.of(ANA.id)] == ["Treaties", "Visits"]
    assert [folder.name for folder in work.folders.of(MARC.id)] == ["Notes"]


def test_a_conversation_is_put_in_a_folder_and_out_of_it_and_found_with_its_name(work: ChatWork):
    work.conversations.add(CONVERSATION)
    work.folders.add(ANA.id, TREATIES, T0)
    assert place(work) is None
    work.conversations.shelve("conv_1", T0, Place(folder="folder_1"))
    assert place(work) == "folder_1"
    work.conversations.shelve("conv_1", T0, Place(pinned=True))
    assert place(work) == "folder_1"
    work.conversations.shelve("conv_1", T0, Place(folder=""))
    assert place(work) is None


def test_a_removed_folder_holds_nothing_until_it_is_brought_back(work: ChatWork):
    work.conversations.add(CONVERSATION)
    work.folders.add(ANA.id, TREATIES, T0)
    work.conversations.shelve("conv_1", T0, Place(folder="folder_1"))
    assert work.folders.removed(ANA.id, "folder_1") is None
    work.folders.remove("folder_1", T0)
    assert work.folders.of(ANA.id) == []
    assert place(work) is None
    assert work.folders.removed(ANA.id, "folder_1") == TREATIES
    assert work.folders.removed(MARC.id, "folder_1") is None
    work.folders.remove("folder_1", None)
    assert place(work) == "folder_1"
