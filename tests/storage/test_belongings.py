from datetime import timedelta

from changeover.chat.model import StoredConversation
from changeover.chat.prompts import StoredPrompt
from changeover.chat.shares import StoredShare
from changeover.identity.people import REMOVED_NAME, Account
from changeover.storage.database import Database
from changeover.translation.model import Job, Wish
from tests.people import NOW


def test_what_a_person_has_goes_and_what_is_the_partys_or_anothers_stays(database_url: str):
    with Database(database_url) as database, database.begin() as work:
        for name in ("ana", "bob"):
            account = Account(
                id=name, login=name, name=name.title(), party="state", roles=("staff",),
                language="en", created=NOW,
            )  # fmt: skip
            work.accounts.add(account, None)
            work.conversations.add(
                StoredConversation(
                    id=f"c-{name}", account=name, service="s", title="T", created=NOW, changed=NOW
                )
            )
            share = StoredShare(
                id=f"s-{name}", conversation=f"c-{name}", account=name, by=name.title(),
                party="state", up_to="t", until=NOW + timedelta(7), ended=None,
            )  # fmt: skip
            work.shares.add(share, NOW)
            work.instructions.put(name, "Be brief.", NOW)
            for party in (None, "state"):
                prompt = StoredPrompt(
                    id=f"p-{name}-{party}", account=name, party=party, name="P", text="T"
                )
                work.prompts.put(prompt, NOW)
            wish = Wish(source="en", target="fr")
            job = Job(
                id=f"t-{name}", account=name, name="T", form="text", wish=wish,
                state="running", start="start_1", created=NOW, changed=NOW,
            )  # fmt: skip
            work.translations.add(job, b"T", [])
        work.belongings.end("ana", NOW)
        work.belongings.end("ana", NOW + timedelta(1))
        [share] = work.shares.of("ana")
        assert (share.ended, share.by) == (NOW, REMOVED_NAME)
        [other] = work.shares.of("bob")
        assert (other.ended, other.by) == (None, "Bob")
        assert work.instructions.of("ana") == ""
        assert work.instructions.of("bob") == "Be brief."
        assert work.prompts.get("p-ana-None", removed=False) is None
        assert work.prompts.get("p-ana-state", removed=False) is not None
        assert work.prompts.get("p-bob-None", removed=False) is not None
        stopped = work.translations.get("t-ana")
        assert (stopped.account, stopped.state, stopped.start) == ("ana", "stopped", None)
        assert work.translations.get("t-bob").state == "running"
        assert work.conversations.get("c-ana").account == "ana"
