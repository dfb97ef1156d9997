"""A key does what its scopes say, and is refused the rest in its client's own protocol."""

import msgspec
import pytest

from changeover.directory.model import Protocol
from changeover.gateway.answer import Answer
from changeover.gateway.call import Came, Gateway
from changeover.identity.keys import create_key
from changeover.identity.model import KeyRequest, KeyScope
from tests.gateway.worlds import World, applications
from tests.orders.worlds import bind, day, rules

BODY = msgspec.json.encode(
    {"model": "one", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}
)


@pytest.fixture
def world() -> World:
    return World(rules(bindings=(bind("desk", "alpha/one"),)), at=day(1))


def _gateway(world: World, *scopes: KeyScope) -> tuple[Gateway, str]:
    request = KeyRequest(service="desk", slot="chat", scopes=scopes)
    secret, key = create_key(request, now=day(1), by="ana")
    gateway = applications(world, key)
    return gateway, secret.reveal()


def _error(answer: Answer) -> tuple[int, str, str]:
    error = msgspec.json.decode(answer.body)["error"]
    code = error["code"] if "code" in error else error["details"]["error_code"]
    return answer.status, code, error["message"]


async def test_a_key_that_only_lists_calls_nothing(world: World):
    gateway, key = _gateway(world, "models")
    protocols: tuple[Protocol, ...] = ("openai-chat", "anthropic-messages")
    for protocol in protocols:
        status, code, message = _error(await gateway.chat(protocol, key, Came(body=BODY)))
        assert (status, code) == (403, "key_scope")
        assert "may list models, and not call models" in message
        assert gateway.models(protocol, key).status == 200
    assert world.vendor.sent == []
    assert world.journal.results == []


async def test_a_key_that_only_calls_lists_nothing(world: World):
    gateway, key = _gateway(world, "chat")
    status, code, message = _error(gateway.models("anthropic-messages", key))
    assert (status, code) == (403, "key_scope")
    assert "a key with the scope models" in message
    assert (await gateway.chat("openai-chat", key, Came(body=BODY))).status == 200
