"""What an instrument says, in lines: its acts and the readings of its clauses."""

from collections.abc import Iterable
from typing import Any


def act_line(act: dict[str, Any]) -> str:
    """What an act does, and to what."""
    on = ", ".join(act["instruments"])
    match act["act"]:
        case "decline":
            return f"declines to stay {on}"
        case "delegate":
            return f"delegates waivers of {on} to {act['to']}"
        case "find":
            return f"finds that {on} {act['result']}"
        case "waive" if act["requested"]:
            return f"requests a waiver of {on}"
        case name:
            return f"{name}s {on}"


_TOLD_BY_ACT = {"act", "instruments", "to", "requested", "becomes"}


def act_terms(act: dict[str, Any]) -> Iterable[str]:
    """What else an act says: whom it is for, from when until when, on what terms."""
    for name, value in act.items():
        if value and name not in _TOLD_BY_ACT and not (name == "result" and act["act"] == "find"):
            told = ", ".join(value) if isinstance(value, list) else value
            yield name.replace("_", " ") + ("" if told is True else f": {told}")
    if act["act"] == "amend":
        becomes = act["becomes"]
        if becomes is None:
            yield "it is struck"
            return
        yield f"it becomes: “{becomes['words']}”"
        for reading in becomes["readings"]:
            chosen = "chosen" if reading["id"] == becomes["chosen"] else "rejected"
            yield f"  {reading['id']} ({chosen}): {reading_line(reading)}"


def reading_line(reading: dict[str, Any]) -> str:
    """What a reading makes of a clause's words."""
    targets = "; ".join(
        ", ".join(f"{name} {' '.join(values)}" for name, values in target.items() if values)
        for target in reading["targets"]
    )
    scope = ", ".join(
        f"{name} {' '.join(values)}" for name, values in reading["scope"].items() if values
    )
    window = "".join(
        f", {word} {instant}"
        for word, instant in (
            ("since", reading["since"]),
            ("until", reading["until"] and reading["until"]["at"]),
        )
        if instant
    )
    required = ", ".join(reading["requirements"])
    return (
        f"{reading['modality']} use of {targets} for {scope or 'anybody'}"
        f"{f', requiring {required}' if required else ''}{window}{_grace(reading['wind_down'])}"
    )


def _grace(wind_down: dict[str, Any] | None) -> str:
    if wind_down is None:
        return ""
    parties = wind_down["parties"]
    of = f" of {', '.join(parties)}" if parties else ""
    return f", existing uses{of} until {wind_down['until']['at']}"
