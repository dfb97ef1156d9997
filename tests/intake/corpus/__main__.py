"""`python -m tests.intake.corpus [tuned|kept] [--mistakes]`: the reader's scores on the corpus."""

import sys

from tests.intake.corpus.documents import Half, directory, documents
from tests.intake.corpus.scoring import FIELDS, Score, score


def main() -> None:
    half: Half = "kept" if "kept" in sys.argv[1:] else "tuned"
    known = directory()
    found = list(documents(half))
    for register in ("formal", "press"):
        of = [(name, one) for name, one in found if one.register == register]
        _print(f"{half}, {register}", score(of, known), mistakes="--mistakes" in sys.argv)


def _print(title: str, scored: Score, *, mistakes: bool) -> None:
    out = sys.stdout.write
    out(f"{title}: {scored.documents} documents\n")
    for field in FIELDS:
        tally = scored.fields[field]
        out(
            f"  {field:8} precision {tally.precision:.2f}  recall {tally.recall:.2f}"
            f"  F1 {tally.f1:.2f}  ({tally.right} right, {tally.made_up} made up,"
            f" {tally.missed} missed)\n"
        )
    marked = scored.bearing - len(scored.unmarked)
    out(f"  sentences marked: {marked} of {scored.bearing}\n")
    out(f"  false drafts in {len(scored.false)} of {scored.empty} with nothing to find\n")
    out(f"  inverted: {len(scored.inverted)}, offsets wrong: {len(scored.inexact)}\n\n")
    if mistakes:
        lines = (*scored.mistakes, *scored.unmarked, *scored.inverted, *scored.false)
        out("".join(f"  - {line}\n" for line in lines) + "\n")


if __name__ == "__main__":
    main()
