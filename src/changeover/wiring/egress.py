"""How vendors are reached: what is declared inside the network, the proxy, trusted roots."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from changeover.upstream.http import Ways
from changeover.upstream.inside import Inside
from changeover.upstream.roots import trusting
from changeover.wiring.known_settings import BY_NAME
from changeover.wiring.other_variables import VENDORS
from changeover.wiring.setting_checks import read_witness

_OWN = ("local_model_url", "stand_in_url", "proxy")


def declared(environment: Mapping[str, str]) -> Inside:
    """What the operator declared: in the setting, and by each address that the settings hold."""
    inside = Inside.parse(environment.get(BY_NAME["inside"].variable, ""))
    addresses = [environment.get(BY_NAME[name].variable, "") for name in _OWN]
    addresses += [environment.get(n, "") for n in VENDORS if n.endswith(("_URL", "_ENDPOINT"))]
    addresses += environment.get(BY_NAME["time_authorities"].variable, "").split()
    witnesses = environment.get(BY_NAME["witnesses"].variable, "").split()
    addresses += [read_witness(each)[1] for each in witnesses]
    names = {_host(address.strip()) for address in addresses}
    return Inside(inside.names | {*filter(None, names)}, inside.networks)


def _host(address: str) -> str | None:
    """The host that an address names; one that cannot be read declares nothing."""
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def ways(environment: Mapping[str, str]) -> Ways:
    """The way to vendors, as the settings open it; `InvalidInputError` for roots that are none."""
    proxy, roots = (environment.get(BY_NAME[n].variable, "").strip() for n in ("proxy", "roots"))
    return Ways(
        inside=declared(environment),
        proxy=proxy or None,
        trusted=trusting(roots) if roots else None,
    )
