import pytest

from changeover.wire.statuses import client_status


@pytest.mark.parametrize(
    ("vendor", "openai", "anthropic", "google"),
    [
        (400, 400, 400, 400),
        (307, 502, 502, 502),
        (422, 422, 400, 400),
        (424, 502, 502, 502),
        (429, 429, 429, 429),
        (451, 403, 403, 403),
        (500, 500, 500, 500),
        (503, 503, 503, 503),
        (524, 502, 502, 502),
        (529, 503, 529, 503),
    ],
)
def test_a_vendors_status_is_one_that_the_clients_sdk_knows(vendor, openai, anthropic, google):
    assert client_status(vendor, "openai-chat") == openai
    assert client_status(vendor, "openai-responses") == openai
    assert client_status(vendor, "anthropic-messages") == anthropic
    assert client_status(vendor, "gemini-generate") == google
