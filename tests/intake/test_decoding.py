import pytest

from changeover.intake.decoding import MAX_BYTES, UnreadableDocumentError, decode


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_reads_unicode_and_drops_the_byte_order_mark(encoding):
    assert decode("Décision du Trésor".encode(encoding), "a.txt") == "Décision du Trésor"


def test_says_where_bytes_are_no_utf8():
    with pytest.raises(UnreadableDocumentError, match=r"a\.txt is not text.* offset 1 ") as caught:
        decode("Décret".encode("latin-1"), "a.txt")
    assert caught.value.name == "a.txt"
    assert "UTF-8" in caught.value.do


@pytest.mark.parametrize("content", [b"\x00\x01\x02", b"%PDF-1.7\n\x00\x00", b"\xff\xfe\x00\xd8"])
def test_refuses_binary(content):
    with pytest.raises(UnreadableDocumentError):
        decode(content, "a.bin")


def test_refuses_what_is_too_large():
    with pytest.raises(UnreadableDocumentError, match="at most"):
        decode(b"a" * (MAX_BYTES + 1), "a.txt")
