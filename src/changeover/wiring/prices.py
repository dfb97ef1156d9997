"""The prices of an installation: those that its operator states, and the public list's."""

from collections.abc import Callable, Mapping
from pathlib import Path

from changeover.basics.errors import InvalidInputError
from changeover.directory.model import Directory
from changeover.metering.price_file import read_prices
from changeover.metering.price_list import public_list
from changeover.metering.prices import Override, Prices

PRICES_VARIABLE = "CHANGEOVER_PRICES"


def open_prices(
    environment: Mapping[str, str],
    directory: Directory | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Prices:
    """The prices in force; `InvalidInputError` where the file that is named cannot be read.

    What is stated for a name that the directory has not is said: it prices nothing yet.
    """
    own = _own(environment.get(PRICES_VARIABLE))
    if directory is not None:
        for name in dict.fromkeys(each.name for each in own):
            if name not in directory.routes and name not in directory.models:
                say(f"{PRICES_VARIABLE} prices {name}, and the directory has no such route.")
    return Prices(own, public_list())


def _own(named: str | None) -> list[Override]:
    if not named:
        return []
    path = Path(named)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no UTF-8"
        raise InvalidInputError(
            f"The prices in {path} cannot be read ({why}).",
            means="Without them calls would be priced by the public list alone, or not at all.",
            do=f"Mend the file, or unset {PRICES_VARIABLE}.",
        ) from error
    return read_prices(path.name, text)
