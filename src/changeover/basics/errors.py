"""The base of every error: what happened, what it means, and what to do."""


class ChangeoverError(Exception):
    """An error that a person can act on.

    `what` says what happened, `means` what follows from it and `do` what to do
    now. Subclasses carry what the user gave, so that nothing typed is lost.
    """

    code = "error"

    def __init__(self, what: str, *, means: str = "", do: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.means = means
        self.do = do

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.means, self.do) if part)


class InvalidInputError(ChangeoverError):
    """Something that was given cannot be read or refers to nothing."""

    code = "invalid_input"


class NotFoundError(ChangeoverError):
    """Something that was named does not exist."""

    code = "not_found"


class ConflictError(ChangeoverError):
    """What was asked contradicts what stands already."""

    code = "conflict"


class NotAuthorisedError(ChangeoverError):
    """Whoever acts lacks the authority for this act."""

    code = "not_authorised"
