from tests.contracts.conftest import Ports


def test_a_setting_is_none_until_set_and_then_the_last_text(ports: Ports):
    assert ports.settings.get("scenario.until") is None
    ports.settings.set("scenario.until", "2026-02-26")
    ports.settings.set("scenario.until", "2026-03-03")
    ports.settings.set("other", "")
    assert ports.settings.get("scenario.until") == "2026-03-03"
    assert ports.settings.get("other") == ""
