"""An identity provider in a process of its own: `oidc-provider-mock`, which Authlib's server is in.

Nobody here wrote it. It asks who one is with a form, and takes whoever is known to it.
"""

import json
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self
from urllib.parse import urljoin

import httpx2

GROUPS = """\
groups:
  - group: statechat-users
    party: state
    roles: [staff]
  - group: statechat-admins
    party: state
    roles: [administrator]
  - group: treasury-users
    party: treasury
    roles: [staff]
"""


class Provider:
    """The provider, from a `with` block's begin to its end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.create_server(("127.0.0.1", 0)) as bound:
            self._port = bound.getsockname()[1]
        self.issuer = f"http://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "provider.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "oidc_provider_mock", "--port", str(self._port)],
                stdout=log,
                stderr=log,
            )
        for _ in range(200):
            try:
                if httpx2.get(f"{self.issuer}/jwks", timeout=5).is_success:
                    return self
            except httpx2.HTTPError:
                time.sleep(0.05)
        raise AssertionError((self._folder / "provider.log").read_text())

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def knows(self, subject: str, **claims: Any) -> None:
        """Lets a person sign in there, of whom it then tells this."""
        body = json.dumps(claims)
        headers = {"content-type": "application/json"}
        url = f"{self.issuer}/users/{subject}"
        assert httpx2.put(url, content=body, headers=headers).status_code == 204

    def lets_in(self, browser: httpx2.Client, url: str, subject: str) -> str:
        """Where the provider sends a browser that came to `url` and says who it is."""
        form = browser.get(url)
        assert "</form>" in form.text, form.text
        action = re.search(r'<form[^>]*action="([^"]+)"', form.text)
        where = urljoin(url, action[1].replace("&amp;", "&")) if action else url
        answered = browser.post(where, data={"sub": subject})
        assert answered.status_code == 302, answered.text
        return answered.headers["location"]

    def settings(self, folder: Path) -> dict[str, str]:
        """The settings of an installation that signs in here."""
        groups = folder / "groups.yaml"
        groups.write_text(GROUPS)
        return {
            "CHANGEOVER_OIDC_ISSUER": self.issuer,
            "CHANGEOVER_OIDC_CLIENT_ID": "changeover",
            "CHANGEOVER_OIDC_CLIENT_SECRET": "what the provider knows us by",
            "CHANGEOVER_OIDC_NAME": "Example ID",
            "CHANGEOVER_GROUPS": str(groups),
        }
