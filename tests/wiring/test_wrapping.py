from changeover.conversation.model import Sealed
from changeover.storage.database import Database
from changeover.wiring.wrapping import SETTING, open_wrapping

SEALED = Sealed(form="redacted", value="abc", of="alpha/one")


def test_all_processes_of_a_database_unwrap_what_one_wrapped(database_url: str):
    with Database(database_url) as database:
        value = open_wrapping(database).wrap(SEALED, "").value
        assert open_wrapping(database).unwrap(value, "") == SEALED
        with database.reading() as work:
            secret = work.settings.get(SETTING)
        assert secret is not None
        assert secret not in value
