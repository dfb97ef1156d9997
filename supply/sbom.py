"""`python -m supply.sbom INTERPRETER FILE`: the release's bill of materials, in CycloneDX's JSON.

1. The packages of Python are those installed for `INTERPRETER`, which is an environment with the
   release and nothing else; cyclonedx-py lists them with their licences and what needs what.
2. The pages' packages are those of the lock file that are not for development alone: they are
   in the pages that the wheel carries. Their digests are the lock file's.
3. The whole keeps to CycloneDX's schema, or nothing is written.
"""

import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "frontend" / "package-lock.json"


def page_components(lock: Any) -> list[dict[str, Any]]:
    """The packages that the pages are built of."""
    found = []
    for path, package in sorted(lock["packages"].items()):
        name = path.rpartition("node_modules/")[2]
        if not name or package.get("dev") or package.get("link"):
            continue
        purl = f"pkg:npm/{quote(name, safe='/')}@{package['version']}"
        component = {
            "type": "library",
            "bom-ref": f"{purl}#{path}",
            "name": name,
            "version": package["version"],
            "purl": purl,
        }
        algorithm, _, digest = package.get("integrity", "").partition("-")
        if algorithm == "sha512":
            content = base64.b64decode(digest).hex()
            component["hashes"] = [{"alg": "SHA-512", "content": content}]
        if license_ := package.get("license"):
            component["licenses"] = [{"expression": license_}]
        found.append(component)
    return found


def python_part(interpreter: Path) -> Any:
    """What cyclonedx-py tells of an environment."""
    command = Path(sys.executable).with_name("cyclonedx-py")
    arguments = ["environment", str(interpreter), "--pyproject", str(ROOT / "pyproject.toml")]
    # The whole is validated once the pages' part is in it.
    form = ["--output-format", "JSON", "--output-reproducible", "--spec-version", "1.6"]
    form += ["--no-validate"]
    done = subprocess.run([command, *arguments, *form], check=True, capture_output=True)
    return json.loads(done.stdout)


def bill(interpreter: Path) -> str:
    """The whole, as text; `ValueError` where it does not keep to the schema."""
    whole = python_part(interpreter)
    whole["components"] += page_components(json.loads(LOCK.read_text()))
    text = json.dumps(whole, indent=2, sort_keys=True) + "\n"
    if wrong := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise ValueError(f"the bill of materials is none: {wrong}")
    return text


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(bill(Path(sys.argv[1])))
    print(f"Written: {sys.argv[2]}")
