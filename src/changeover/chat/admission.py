"""Who may use the chat's service."""

from changeover.basics.errors import NotAuthorisedError, NotFoundError
from changeover.directory.model import Directory
from changeover.directory.rules import ancestors
from changeover.identity.people import Account


def check_admitted(directory: Directory, service: str, account: Account) -> None:
    """`NotAuthorisedError` outside the service's party, `NotFoundError` without the service."""
    found = directory.services.get(service)
    if found is None:
        raise NotFoundError(f"The service {service} is not in the directory.")
    if found.party not in ancestors(directory, account.party):
        party = directory.parties[found.party].name.en
        raise NotAuthorisedError(
            f"{found.name.en} is for the staff of {party}.",
            means="Your department's orders are not those that it keeps.",
            do="Ask your own department for its assistant.",
        )
