"""The secret that wraps what vendors seal: made once, and kept in the database.

Every replica has it there, whatever else its machine holds, and a backup keeps it. It
makes nobody richer: with it, a client could have a seal sent to a vendor that the vendor
never made, and the vendor refuses that by itself. So it is not the installation's secret,
which guards credentials, and does not change when that does: conversations that
applications hold outlive both.
"""

from changeover.basics.ids import new_secret
from changeover.storage.database import Database
from changeover.wire.sealing import Wrapping

SETTING = "conversations.wrapping"
_CHARACTERS = 52


def open_wrapping(database: Database) -> Wrapping:
    """What wraps and unwraps in this installation; a secret is made where there is none."""
    with database.begin() as work:
        secret = work.settings.get(SETTING)
        if secret is None:
            secret = new_secret(_CHARACTERS)
            work.settings.set(SETTING, secret)
    return Wrapping(secret.encode())
