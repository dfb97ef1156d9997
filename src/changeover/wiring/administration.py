"""The operations on routes, bindings, replicas, keys and accounts, over an installation."""

from changeover import __version__
from changeover.chat.choices import Endpoints
from changeover.web import accounts, bindings, replicas, routes, service_keys
from changeover.web.api import Operation, Stream
from changeover.wiring.installation import Installation


def administration(installation: Installation, endpoints: Endpoints) -> list[Operation | Stream]:
    """What officers and administrators look after, beside orders."""
    office, clock = installation.office, installation.clock
    demonstration = installation.demonstration
    return [
        *routes.operations(
            routes.RouteParts(
                office=office,
                clock=clock,
                endpoints=endpoints,
                enforced=installation.enforcer.of,
                demonstration=demonstration,
            )
        ),
        *bindings.operations(
            bindings.BindingParts(office=office, clock=clock, demonstration=demonstration)
        ),
        *replicas.operations(
            replicas.ReplicaParts(
                replicas=installation.replicas,
                enforcer=installation.enforcer,
                office=office,
                clock=clock,
                version=__version__,
                demonstration=demonstration,
            )
        ),
        *accounts.operations(
            accounts.AccountParts(
                accounts=installation.accounts,
                keys=installation.keys,
                office=office,
                clock=clock,
                enforced=installation.enforcer.of,
                demonstration=demonstration,
            )
        ),
        *service_keys.operations(
            service_keys.KeyParts(
                keys=installation.keys,
                office=office,
                clock=clock,
                enforced=installation.enforcer.of,
                demonstration=demonstration,
            )
        ),
    ]
