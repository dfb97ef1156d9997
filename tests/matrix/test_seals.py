"""The judge of seals finds what was sent where it does not belong, and what did not come back."""

from tests.matrix.seals import Call, minted, misplaced, wrapped_only
from tests.matrix.upstreams import UPSTREAMS
from tests.matrix.vendors import Sent

MESSAGES, GEMINI, RESPONSES = (UPSTREAMS[name] for name in ("messages", "gemini", "responses"))
SIGNED = b'{"type":"thinking","thinking":"so","signature":"EqQBCkYIBRgCKkA"}'


def call(upstream, body: bytes = b"{}", answer: bytes = b"{}") -> Call:
    sent = Sent(host=upstream.host, path="/", body=body, status=200, answer=answer)
    return Call(upstream, sent)


def test_seals_are_found_in_every_protocols_answers():
    assert minted(SIGNED) == (b"EqQBCkYIBRgCKkA",)
    assert minted(b'data: {"type":"redacted_thinking","data":"Zm9v"}') == (b"Zm9v",)
    assert minted(b'{"encrypted_content": "gAAAAB"}') == (b"gAAAAB",)
    assert minted(b'{"thoughtSignature":"Q3NB"}, {"thoughtSignature":"Q3NB"}') == (b"Q3NB",)
    assert minted(b'{"thoughtSignature":"skip_thought_signature_validator"}') == ()


def test_a_seal_that_comes_back_to_its_minter_and_goes_nowhere_else_is_in_place():
    calls = [call(MESSAGES, answer=SIGNED), call(GEMINI), call(MESSAGES, body=SIGNED)]
    assert misplaced(calls) == []


def test_a_seal_sent_elsewhere_or_altered_is_told():
    elsewhere = [call(MESSAGES, answer=SIGNED), call(GEMINI, body=SIGNED)]
    altered = [call(MESSAGES, answer=SIGNED), call(MESSAGES, body=SIGNED.replace(b"Eq", b"eq"))]
    assert len(misplaced(elsewhere)) == len(misplaced(altered)) == 1


def test_a_program_is_shown_no_vendors_own_seal():
    calls = [call(MESSAGES, answer=SIGNED)]
    assert wrapped_only(["co1.abc"], calls) == {}
    assert wrapped_only(["EqQBCkYIBRgCKkA"], calls) == {"EqQBCkYIBRgCKkA": "messages"}
