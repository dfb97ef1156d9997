"""Taking conversations away: `/conversations/{id}/export` and its like."""

from changeover.basics.errors import InvalidInputError
from changeover.basics.text import Language
from changeover.chat.exports.transcript import Transcript
from changeover.chat.exports.usecases import ExportedFile, Exports, Form
from changeover.web.api import Caller, FileAnswer, Operation, Params, Stream
from changeover.web.chat import STAFF

ARCHIVE = "changeover-conversations.zip"


def operations(exports: Exports) -> list[Operation | Stream]:
    """What is exported of one conversation, and of all."""
    desk = _ExportDesk(exports)
    one = "/conversations/{id}"
    of_one = {"lang": str, "through": str}
    return [
        Operation(
            "GET",
            one + "/export",
            None,
            ExportedFile,
            STAFF,
            desk.file,
            "A conversation as a file: `form` is markdown, word or json, `lang` en or fr.",
            {"form": str, **of_one},
        ),
        Operation(
            "GET",
            one + "/transcript",
            None,
            Transcript,
            STAFF,
            desk.transcript,
            "A conversation in words, to be printed.",
            of_one,
        ),
        Operation(
            "GET",
            "/conversation-exports",
            None,
            FileAnswer,
            STAFF,
            desk.archive,
            "All of one's conversations, a ZIP of JSON files.",
        ),
    ]


class _ExportDesk:
    def __init__(self, exports: Exports) -> None:
        self._exports = exports

    async def file(self, caller: Caller, _: None, params: Params) -> ExportedFile:
        form, language = _form(params.get("form")), language_of(params.get("lang"))
        return await self._exports.file(
            caller.account, params["id"], form, language, params.get("through")
        )

    async def transcript(self, caller: Caller, _: None, params: Params) -> Transcript:
        language = language_of(params.get("lang"))
        return await self._exports.transcript(
            caller.account, params["id"], language, params.get("through")
        )

    async def archive(self, caller: Caller, _: None, __: Params) -> FileAnswer:
        pieces = self._exports.archive(caller.account)
        return FileAnswer(ARCHIVE, "application/zip", pieces)


def _form(given: str | None) -> Form:
    match given:
        case "markdown" | "word" | "json":
            return given
        case _:
            raise InvalidInputError(
                f"There is no export as {given!r}.", do="Ask for form markdown, word or json."
            )


def language_of(given: str | None) -> Language:
    """The language that was asked for, English where none was."""
    match given:
        case None | "en":
            return "en"
        case "fr":
            return "fr"
        case _:
            raise InvalidInputError(
                f"Exports are not written in {given!r}.", do="Ask for lang en or fr."
            )
