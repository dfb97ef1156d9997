"""Amazon's signature, with Amazon's own library at a clock of its own as the oracle."""

import logging
from datetime import UTC, datetime
from unittest import mock

import pytest
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from changeover.basics.errors import InvalidInputError
from changeover.identity.secret import Secret
from changeover.upstream.aws import Unsigned, authorised, check_access_key, region_of

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
URL = "https://bedrock-runtime.eu-west-1.amazonaws.com/model/a.b-v1%3A0/converse"


def unsigned(body: bytes = b"{}", url: str = URL) -> Unsigned:
    return Unsigned(url=url, body=body, content_type="application/json")


@given(
    body=st.binary(max_size=30),
    model=st.text(alphabet="ab%:/.-~ é", min_size=1, max_size=9),
    token=st.none() | st.text(alphabet="ab+/=", min_size=1, max_size=9),
)
def test_the_signature_is_the_one_that_amazons_sdk_makes(body, model, token):
    # As an SDK writes it: percent-encoded once, in one segment.
    from urllib.parse import quote

    url = f"https://bedrock-runtime.eu-west-1.amazonaws.com/model/{quote(model, safe='')}/converse"
    request = AWSRequest("POST", url, headers={"Content-Type": "application/json"}, data=body)
    with mock.patch.object(auth, "get_current_datetime", return_value=NOW):
        signer = auth.SigV4Auth(Credentials("AKID", "hidden", token), "bedrock", "eu-west-1")
        signer.add_auth(request)
    credential = Secret(":".join(filter(None, ("AKID", "hidden", token))))
    headers = authorised(credential, unsigned(body, url), NOW)
    assert headers["Authorization"] == request.headers["Authorization"]
    assert headers["X-Amz-Date"] == "20261126T090000Z"
    assert headers.get("X-Amz-Security-Token") == token


def test_an_api_key_is_shown_as_it_is():
    assert authorised(Secret("ABSKhidden"), unsigned(), NOW) == {
        "Authorization": "Bearer ABSKhidden"
    }


def test_nothing_of_a_credential_is_logged(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.DEBUG):
        authorised(Secret("AKID:hidden:session-token"), unsigned(), NOW)
    assert "hidden" not in caplog.text
    assert "session-token" not in caplog.text


@pytest.mark.parametrize(
    ("url", "region"),
    [
        (URL, "eu-west-1"),
        ("https://bedrock-runtime-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
        ("https://vpce-0a-1b.bedrock-runtime.ap-south-1.vpce.amazonaws.com/x", "ap-south-1"),
        ("https://bedrock-runtime.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        ("http://127.0.0.1:9/us-east-2", "us-east-1"),
    ],
)
def test_the_region_is_that_of_the_hosts_name(url: str, region: str):
    assert region_of(url) == region


@pytest.mark.parametrize("text", ["AKID:", ":hidden", "AKID::token"])
def test_half_an_access_key_is_refused_unrepeated(text: str):
    with pytest.raises(InvalidInputError, match="not a whole access key") as caught:
        check_access_key(text)
    assert "hidden" not in str(caught.value)


def test_whole_ones_and_api_keys_are_taken():
    for text in ("AKID:hidden", "AKID:hidden:token:with:colons", "ABSKhidden"):
        check_access_key(text)
