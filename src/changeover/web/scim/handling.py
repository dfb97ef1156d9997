"""One request of a provisioning client, by the library; imported when the first is let in."""

import json
from collections.abc import Mapping
from urllib.parse import parse_qsl

from scim2_models import SCIMException
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.service import ScimService
from starlette.responses import Response

from changeover.identity.provisioning.office import ProvisioningOffice
from changeover.web.scim.resources import described
from changeover.web.scim.store import KeptPeople


class Handling:
    """Answers requests whose client was let in. `base` is where the service stands."""

    def __init__(self, office: ProvisioningOffice, base: str) -> None:
        self._service = ScimService(described())
        self._handler = ScimHandler(self._service, KeptPeople(office))
        self._base = base

    def answer(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> Response:
        """The answer; a client's mistakes are told in SCIM's form."""
        request = ScimRequest(
            method=method,
            base_url=self._base,
            path=path,
            query=dict(parse_qsl(query, keep_blank_values=True)),
            headers=headers,
            body=body,
        )
        try:
            answered = self._handler.handle(request)
        except SCIMException as error:
            answered = self._service.error_response(error)
        content = b"" if answered.body is None else json.dumps(answered.body).encode()
        return Response(content, int(answered.status), headers=answered.headers)
