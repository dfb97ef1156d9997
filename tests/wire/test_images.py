import pytest
from hypothesis import given

from changeover.conversation.model import Image
from changeover.wire.errors import ProtocolError
from changeover.wire.images import read_url, write_url
from tests.strategies import images


@given(images)
def test_an_image_is_read_as_it_was_written(image):
    assert read_url(write_url(image), image.detail, "at") == image


def test_parameters_of_the_media_type_are_passed_over():
    url = "data:image/svg+xml;charset=utf-8;base64,AA=="
    assert read_url(url, None, "at") == Image(media_type="image/svg+xml", data="AA==")


@pytest.mark.parametrize("url", ["", "cat.png", "file:///etc/passwd", "data:image/png,raw"])
def test_what_names_no_image_is_refused_at_its_place(url):
    with pytest.raises(ProtocolError) as caught:
        read_url(url, None, "messages[0]")
    assert caught.value.field == "messages[0]"
