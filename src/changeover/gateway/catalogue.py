"""One model, as a client asks for it by any of its names.

A name of a pinned version, an alias and a slot give the model that a call would be sent to.
One that may not be used is refused as a call to it would be.
"""

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import NotFoundError
from changeover.basics.ids import new_id
from changeover.directory.model import Model
from changeover.gateway.answer import Answer, Spoken, refused, spoken_codec
from changeover.gateway.door import Door
from changeover.gateway.refusal import Refusal, barred, no_route
from changeover.gateway.serving import Serving
from changeover.orders.candidates import find_candidates
from changeover.orders.decide import decide
from changeover.orders.ruleset import call_of
from changeover.wire.codec import Codecs


class Catalogue:
    """Tells applications of single models."""

    def __init__(self, serving: Serving, door: Door, codec: Codecs, clock: Clock) -> None:
        self._serving = serving
        self._door = door
        self._codec = codec
        self._clock = clock

    def model(self, spoken: Spoken, presented: str | None, name: str) -> Answer:
        """The model that the key's service may use now under this name, in the client's shape."""
        client = spoken_codec(self._codec, spoken)
        try:
            model = self._find(presented, name)
        except Refusal as refusal:
            return refused(client, refusal, new_id("call"))
        listed = msgspec.json.decode(client.encode_models([model]))
        (one,) = listed["models" if client.protocol == "gemini-generate" else "data"]
        return Answer(status=200, headers={}, body=msgspec.json.encode(one))

    def _find(self, presented: str | None, name: str) -> Model:
        key = self._door.authorise(presented, "models")
        ruleset, now = self._serving.ruleset(), self._clock.now()
        service = ruleset.directory.services.get(key.service)
        if service is None:
            raise unknown_service(key.service)
        try:
            routes = find_candidates(ruleset, key.service, key.slot, name, now).asked
        except NotFoundError as error:
            listed = "GET /v1/models lists the models that your key may use."
            raise Refusal(404, "model_not_found", f"{error} {listed}") from error
        if not routes:
            raise no_route(name)
        call = call_of(service, key.slot)
        decisions = [decide(ruleset, call, route, now) for route in routes]
        if all(decision.outcome == "refuse" for decision in decisions):
            raise barred(ruleset, decisions, instead=(), operator=self._serving.operator)
        return ruleset.directory.models[ruleset.directory.routes[routes[0]].model]


def unknown_service(service: str) -> Refusal:
    """The refusal for a key whose service the directory knows no more."""
    return Refusal(
        403, "unknown_service", f"The key's service {service} is no longer in the directory."
    )
