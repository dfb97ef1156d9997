"""Lines of the journal, those of older versions among them."""

import zlib

import msgspec

from changeover.gateway.segments import Intended, line, record_in
from tests.gateway.calls import intent


def test_an_intent_that_does_not_say_what_was_asked_of_the_model_is_of_a_chat():
    written = msgspec.json.decode(line(Intended(intent(1))).partition(b" ")[2])
    assert written["intent"].pop("operation") == "chat"
    older = msgspec.json.encode(written)
    assert record_in(b"%08x %b" % (zlib.crc32(older), older)) == Intended(intent(1))


def test_an_intent_says_what_was_asked_of_the_model():
    counted = Intended(msgspec.structs.replace(intent(1), operation="count-tokens"))
    assert record_in(line(counted).rstrip(b"\n")) == counted
