"""The model that intake may ask, over an installation and its way to models."""

from collections.abc import Mapping

from changeover.gateway.conversing import Conversing
from changeover.gateway.serving import Serving
from changeover.web import suggestions
from changeover.web.api import Operation, Stream
from changeover.wiring.installation import Installation

SERVICE = "CHANGEOVER_INTAKE_SERVICE"


def service(environment: Mapping[str, str]) -> str | None:
    """The service whose model is asked; None where none is bound."""
    return environment.get(SERVICE) or None


def suggestion_operations(installation: Installation, serving: Serving) -> list[Operation | Stream]:
    """Asking it about a document."""
    return suggestions.operations(
        suggestions.SuggestionParts(
            intake=installation.intake,
            models=Conversing(serving),
            service=service(installation.environment),
        )
    )
