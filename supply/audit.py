"""`python -m supply.audit`: known vulnerabilities of the installed packages, by pip-audit.

The advisories are a service on the internet. A machine that does not reach it (pip-audit then
passes every package over, and calls that no known vulnerability) is told so, and is not failed:
whoever has the network audits before a release.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

SECONDS = 120


def verdict(packages: Sequence[Mapping[str, Any]]) -> tuple[int, str]:
    """The exit status, and what to say of what pip-audit found."""
    known = [each for each in packages if "skip_reason" not in each]
    bad = [
        f"  {each['name']} {each['version']}: {one['id']}"
        f" (mended in {', '.join(one.get('fix_versions', ())) or 'no version yet'})"
        for each in known
        for one in each.get("vulns", ())
    ]
    if bad:
        return 1, "\n".join([f"{len(bad)} known vulnerabilities:", *bad])
    if not known:
        return 0, NOT_REACHED
    passed_over = len(packages) - len(known)
    more = f" {passed_over} were not known to it." if passed_over else ""
    return 0, f"{len(known)} packages have no known vulnerability.{more}"


NOT_REACHED = (
    "The service of advisories was not reached: nothing was audited. "
    "Run `python -m supply.audit` with a network before a release."
)


def main() -> int:
    """Audits this environment."""
    command = Path(sys.executable).with_name("pip-audit")
    try:
        done = subprocess.run(
            [command, "--local", "--format", "json", "--progress-spinner", "off", "--timeout", "5"],
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        packages = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        packages = []
    status, words = verdict(packages)
    print(words)
    return status


if __name__ == "__main__":
    sys.exit(main())
