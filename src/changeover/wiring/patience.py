"""How long a vendor is waited for, as one setting says it."""

from changeover.upstream.http import Timeouts


def timeouts(patience: float) -> Timeouts:
    """The waits for a vendor that may be silent for `patience` seconds within a stream."""
    usual = Timeouts()
    factor = patience / usual.first_byte
    return Timeouts(
        connect=min(usual.connect, patience),
        first_byte=patience,
        between_chunks=patience,
        whole_answer=usual.whole_answer * factor,
        total=usual.total * max(factor, 1),
    )
