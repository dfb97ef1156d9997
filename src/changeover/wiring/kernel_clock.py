"""What the machine's own time service (NTP, chrony, a host's clock) knows of its clock.

Linux keeps it in the kernel: `adjtimex`(2) tells how far the clock is known to be off, how far at
most, and whether anything holds it to a source. Nothing is asked over a network.
"""

import ctypes
import sys

import msgspec

_UNSYNCHRONISED = 0x40
_NANOSECONDS = 0x2000


class _Timex(ctypes.Structure):
    """`struct timex` as far as it is read, and room for the rest of it."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("frequency", ctypes.c_long),
        ("most", ctypes.c_long),
        ("estimated", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_char * 512),
    )


class KernelClock(msgspec.Struct, frozen=True, kw_only=True):
    """In microseconds: how far the clock is off, and `error` how far at most.

    Where nothing holds it to a source, neither is known: 0 and None.
    """

    offset: int
    error: int | None
    synchronised: bool


def kernel_clock() -> KernelClock | None:
    """What the kernel tells; None where it is another than Linux, or does not tell."""
    if sys.platform != "linux":
        return None
    told = _Timex()
    # Modes 0 changes nothing and needs no right.
    if ctypes.CDLL(None).adjtimex(ctypes.byref(told)) < 0:
        return None
    if told.status & _UNSYNCHRONISED:
        return KernelClock(offset=0, error=None, synchronised=False)
    per = 1000 if told.status & _NANOSECONDS else 1
    # The kernel's offset is what is still to be added: the clock is behind by that much.
    return KernelClock(offset=-(told.offset // per), error=told.most, synchronised=True)
