"""How long a vendor is waited for, and when its routes rest, as settings say it."""

from collections.abc import Mapping

from changeover.gateway.health import HealthTerms
from changeover.upstream.waits import Timeouts
from changeover.wiring.known_settings import BY_NAME

_BREAKER, _RETRIES = BY_NAME["breaker"], BY_NAME["retries"]
HEALTH_VARIABLES = (_BREAKER.variable, _RETRIES.variable)


def timeouts(patience: float) -> Timeouts:
    """The waits for a vendor that may be silent for `patience` seconds within a stream."""
    usual = Timeouts()
    factor = patience / usual.first_token
    return Timeouts(
        connect=min(usual.connect, patience),
        first_token=patience,
        between_tokens=patience,
        whole_answer=usual.whole_answer * factor,
        total=usual.total * max(factor, 1),
    )


def health_terms(environment: Mapping[str, str]) -> HealthTerms:
    """When routes rest, and how many calls may be tried again."""
    said = {
        each.name: environment.get(each.variable) or each.default for each in (_BREAKER, _RETRIES)
    }
    return HealthTerms(
        failures=int(said["breaker"] or 0), retries=float(said["retries"] or 0) / 100
    )
