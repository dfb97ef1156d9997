"""Keys of service accounts, as Google Cloud writes them."""

import json
from functools import cache

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


@cache
def private_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_pem() -> str:
    """The half of the key that whoever gives tokens knows."""
    kind = serialization.PublicFormat.SubjectPublicKeyInfo
    return private_key().public_key().public_bytes(serialization.Encoding.PEM, kind).decode()


def service_account(token_uri: str, **more: str) -> str:
    """The JSON file of a key whose tokens come from `token_uri`."""
    pem = private_key().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return json.dumps(
        {
            "type": "service_account",
            "project_id": "ministry",
            "private_key_id": "1",
            "private_key": pem.decode(),
            "client_email": "gateway@ministry.iam.gserviceaccount.com",
            "client_id": "1",
            "token_uri": token_uri,
            **more,
        },
        indent=2,
    )
