"""Who may call: the key that a program presents, and what its scopes let it do."""

from changeover.basics.clock import Clock
from changeover.gateway.refusal import Refusal, out_of_scope
from changeover.identity.keys import KeyRefusedError, KeyRing
from changeover.identity.model import Key, KeyScope


class Door:
    """Lets calls in by their keys."""

    def __init__(self, keys: KeyRing, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock

    def authorise(self, presented: str | None, scope: KeyScope) -> Key:
        """The key presented; `Refusal` (401) if it opens nothing, (403) if it is for other things.

        The scope `chat` is for whatever is asked of a model: an answer, a count of what
        would be asked, embeddings, speech or pictures.
        """
        if presented is None:
            raise Refusal(
                401,
                "missing_key",
                "No key was sent. Send your service's Changeover key where your SDK "
                "sends the vendor's.",
            )
        try:
            key = self._keys.authenticate(presented, self._clock.now())
        except KeyRefusedError as error:
            raise Refusal(401, error.code, str(error)) from error
        if scope not in key.scopes:
            raise out_of_scope(key, scope)
        return key
