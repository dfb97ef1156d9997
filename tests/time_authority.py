"""A time stamping authority on this machine, by OpenSSL's `ts`: an implementation of its own."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

_CONFIG = """
[tsa]
default_tsa = here
[here]
serial = ./serial
crypto_device = builtin
signer_cert = ./tsa.pem
signer_key = ./tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class TimeAuthority:
    """A root, an authority below it, and its answers. `root` is a file in PEM."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self.root = folder / "root.pem"
        self.asked = 0
        (folder / "ts.cnf").write_text(_CONFIG)
        (folder / "serial").write_text("01\n")
        (folder / "ext.cnf").write_text(
            "extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n"
        )
        new_key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        self._run("req", "-x509", *new_key, "-keyout", "root.key", "-out", "root.pem",
                  "-subj", "/CN=Root", "-days", "2")  # fmt: skip
        self._run("req", *new_key, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=TSA")
        self._run("x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key",
                  "-CAcreateserial", "-days", "2", "-extfile", "ext.cnf",
                  "-out", "tsa.pem")  # fmt: skip

    def answer(self, query: bytes) -> bytes:
        self.asked += 1
        (self._folder / "query.tsq").write_bytes(query)
        self._run("ts", "-reply", "-queryfile", "query.tsq", "-out", "reply.tsr",
                  "-config", "ts.cnf")  # fmt: skip
        return (self._folder / "reply.tsr").read_bytes()

    def _run(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self._folder, check=True, capture_output=True)


@contextmanager
def posted_to(answer: Callable[[bytes], tuple[int, str, bytes]]) -> Iterator[str]:
    """The address of a server that answers what is posted to it: a status, a type, a body."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status, kind, content = answer(body)
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
