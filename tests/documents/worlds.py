"""The rules under which documents are tested: the small world of the orders' tests."""

import msgspec

from changeover.orders.in_force import Rules
from changeover.orders.model import Instrument
from tests.orders.worlds import bind, rules, service

SERVICE = "desk"


def rules_of(*instruments: Instrument) -> Rules:
    """The bureau's service, of the data class `internal`, with these instruments in force."""
    found = Rules()
    desk = msgspec.structs.replace(service(SERVICE, "bureau"), data_class="internal")
    bound = (bind(SERVICE, "alpha/one"),)
    found.replace(rules(*instruments, bindings=bound, services=(desk,)))
    return found
