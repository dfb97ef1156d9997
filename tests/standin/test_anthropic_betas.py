import msgspec
import pytest

from changeover.standin.anthropic_betas import without_betas
from changeover.standin.asked import RefusalError

HEADER = "claude-code-20250219, context-management-2025-06-27"


def body(**more) -> bytes:
    return msgspec.json.encode({"model": "m", **more})


def test_a_field_is_known_beside_its_header_alone():
    asked = body(context_management={"edits": [{"type": "clear_tool_uses_20250919"}]})
    assert without_betas(asked, HEADER) == body()
    assert without_betas(asked, "claude-code-20250219") == asked
    assert without_betas(body(), HEADER) == body()


@pytest.mark.parametrize("value", [[], {"edits": {}}, {"edits": [{"type": "clear_all"}]}])
def test_what_it_holds_is_checked(value):
    with pytest.raises(RefusalError, match="context_management"):
        without_betas(body(context_management=value), HEADER)


@pytest.mark.parametrize("payload", [b'{"context_management"', b'["context_management"]'])
def test_what_is_no_request_is_left_to_whoever_reads_it(payload: bytes):
    assert without_betas(payload, HEADER) == payload
