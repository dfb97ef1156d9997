"""The witness as a program: a folder, a key, the ledgers that it watches, a port."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from changeover.basics.clock import SystemClock
from changeover.ledger.checkpoint import VerifierKey
from changeover.ledger.witness_folder import WitnessFolder, witness_key
from changeover.ledger.witnessing import Witness
from changeover.web.server import Listening, address_of, listen_on
from changeover.web.witness import witness_application


def run_witness(
    folder: Path,
    watched: Sequence[str],
    *,
    name: str | None,
    place: tuple[str, int],
    say: Callable[[str], None],
) -> None:
    """Serves until it is told to stop. `watched` are ledgers' public keys."""
    keys = [VerifierKey.parse(each) for each in watched]
    memory = WitnessFolder(folder)
    try:
        signer = witness_key(folder, name)
        bound = listen_on(*place)
        witness = Witness(signer, keys, memory, SystemClock())
        say(f"Witness {signer.key}")
        say(f"watches {', '.join(key.name for key in keys)}")
        say(f"Ready: {address_of(place[0], bound)}")
        asyncio.run(Listening([(witness_application(witness), bound)]).run())
    finally:
        memory.close()
