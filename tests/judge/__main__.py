"""`python -m tests.judge`: asks judge and engine until they disagree, or so many cases agree.

Every record has a seed of its own, one more than that of the record before, so
that `--seed` with a failing record's seed asks about that record first.
"""

import argparse
import secrets
import sys
import time

from tests.judge.agreement import disagreement, in_words
from tests.judge.worlds import draw_case

QUESTIONS = 8
EVERY = 5.0


def main() -> int:
    """Asks until the number is reached; 1 when an answer differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.judge", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000, help="how many questions to ask")
    parser.add_argument("--seed", type=int, help="the first record's seed (of chance, if none)")
    given = parser.parse_args()
    seed = secrets.randbelow(10**9) if given.seed is None else given.seed
    print(f"Seed {seed}.", flush=True)
    begun = said = time.monotonic()
    asked, record = 0, seed
    while asked < given.cases:
        case = draw_case(record, min(QUESTIONS, given.cases - asked))
        found = disagreement(case)
        if found is not None:
            print(f"They disagree on the record with the seed {record}.")
            print(in_words(found))
            print(f"To ask again: python -m tests.judge --cases {QUESTIONS} --seed {record}")
            return 1
        asked, record = asked + len(case.asked), record + 1
        if time.monotonic() - said > EVERY:
            said = time.monotonic()
            print(f"{asked:,} cases agree so far ({said - begun:.0f} s).", file=sys.stderr)
    print(f"{asked:,} cases agree (seed {seed}, {time.monotonic() - begun:.0f} s).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
