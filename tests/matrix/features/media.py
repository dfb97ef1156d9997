"""Images and files."""

from changeover.conversation.model import File, Image
from tests.matrix.features.feature import (
    FACT,
    PDF,
    PDF_URL,
    PICTURE,
    PICTURE_URL,
    QUESTION,
    Feature,
    asking,
    said,
)
from tests.matrix.features.hearing import answers

MEDIA = [
    Feature(
        name="image",
        title="Images as bytes",
        group="Images and files",
        request=asking(said(Image(media_type="image/png", data=PICTURE), QUESTION)),
        hears=answers,
    ),
    Feature(
        name="image-url",
        title="Images by address",
        group="Images and files",
        request=asking(said(Image(url=PICTURE_URL), QUESTION)),
        hears=answers,
    ),
    Feature(
        name="image-detail",
        title="How closely to look at an image",
        group="Images and files",
        request=asking(said(Image(media_type="image/png", data=PICTURE, detail="low"), QUESTION)),
        hears=answers,
    ),
    Feature(
        name="pdf",
        title="PDF as bytes",
        group="Images and files",
        request=asking(
            said(File(media_type="application/pdf", data=PDF, name="log.pdf"), QUESTION)
        ),
        hears=answers,
    ),
    Feature(
        name="pdf-url",
        title="PDF by address",
        group="Images and files",
        request=asking(said(File(media_type="application/pdf", url=PDF_URL), QUESTION)),
        hears=answers,
    ),
    Feature(
        name="text-file",
        title="Text files",
        group="Images and files",
        request=asking(
            said(File(media_type="text/plain", text=FACT, name="log.txt"), "Who counts the boats?")
        ),
        hears=answers,
    ),
]
