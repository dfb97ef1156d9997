import pytest

from changeover.basics.errors import NotFoundError
from changeover.identity.provisioning.tokens import TokenOffice
from changeover.identity.secret import Secret
from tests.people import People


def test_a_token_lets_in_until_it_is_revoked_and_is_kept_nowhere():
    people = People()
    office = TokenOffice(people.works, people.clock)
    made = office.create("the directory", by="ada")
    text = made.secret.reveal()
    assert text.startswith(f"cop_{made.kept.prefix}_")
    assert office.admits(made.secret)
    assert text not in repr(people.works.provisioning_tokens.kept)
    for wrong in ("", "co_x", text[:-1], text[:-1] + ("0" if text[-1] != "0" else "1"), text + "0"):
        assert not office.admits(Secret(wrong))
    office.revoke(text, by="bob")
    office.revoke(made.kept.prefix, by="bob")
    assert not office.admits(made.secret)
    assert people.works.told == [
        ("provisioning-token-created", {"prefix": made.kept.prefix, "by": "ada"}),
        ("provisioning-token-revoked", {"prefix": made.kept.prefix, "by": "bob"}),
    ]
    with pytest.raises(NotFoundError):
        office.revoke("nothing0", by="bob")
