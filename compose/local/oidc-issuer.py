"""A small OpenID Connect issuer for trying and testing: client_credentials only, RS256, one signing key.

Not for production: it keeps its clients in a JSON file and knows no users.
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote_plus

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

DEFAULT_LIFETIME = 3600
DEFAULT_SCOPE = "openid profile"
MAXIMUM_BODY = 65536


class TokenError(Exception):
    """An error response of RFC 6749, section 5.2."""

    def __init__(self, status: int, code: str, description: str):
        super().__init__(description)
        self.status, self.code, self.description = status, code, description


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def base64url_integer(number: int) -> str:
    return base64url(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def write_atomically(path: Path, data: bytes, mode: int) -> None:
    temporary = path.with_name(path.name + ".new")
    temporary.unlink(missing_ok=True)
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)
    temporary.chmod(mode)
    temporary.replace(path)


class Issuer:
    def __init__(self, url: str, key_file: Path, clients_file: Path):
        self.url = url
        self.clients_file = clients_file
        self.key = self._load_or_make_key(key_file)
        numbers = self.key.public_key().public_numbers()
        required = {"e": base64url_integer(numbers.e), "kty": "RSA", "n": base64url_integer(numbers.n)}
        # The key's id is its thumbprint (RFC 7638): the required members in alphabetical order, no spaces.
        canonical = json.dumps(required, separators=(",", ":"), sort_keys=True).encode()
        self.key_id = base64url(hashlib.sha256(canonical).digest())
        self.jwks = {"keys": [{**required, "use": "sig", "alg": "RS256", "kid": self.key_id}]}

    @staticmethod
    def _load_or_make_key(path: Path) -> rsa.RSAPrivateKey:
        if not path.exists():
            key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            pem = key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            write_atomically(path, pem, 0o600)
        return serialization.load_pem_private_key(path.read_bytes(), password=None)

    @property
    def discovery_document(self) -> dict:
        return {
            "issuer": self.url,
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "grant_types_supported": ["client_credentials"],
            "response_types_supported": ["none"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        }

    def token_response(self, parameters: dict[str, str], authorization: str | None) -> dict:
        if parameters.get("grant_type") != "client_credentials":
            raise TokenError(400, "unsupported_grant_type", "only client_credentials is supported")
        client_id, client = self._authenticate(parameters, authorization)
        # `expires_in` as a request parameter is this issuer's own: tests want tokens that end soon, or have ended.
        lifetime = parameters.get("expires_in", client.get("lifetime", DEFAULT_LIFETIME))
        try:
            lifetime = int(lifetime)
        except ValueError:
            raise TokenError(400, "invalid_request", "expires_in must be a number of seconds") from None
        scope = parameters.get("scope", client.get("scope", DEFAULT_SCOPE))
        now = int(time.time())
        username = client["username"]
        claims = {
            "iss": self.url,
            "sub": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.url}/clients/{client_id}")),
            "aud": parameters.get("audience", client.get("audience", "goldcrest")),
            "azp": client_id,
            "client_id": client_id,
            "jti": str(uuid.uuid4()),
            "iat": now,
            "nbf": min(now, now + lifetime),
            "exp": now + lifetime,
            "scope": scope,
            "preferred_username": username,
            "sun": username,  # what Slurm's auth/jwt takes for the user name
        }
        token = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": self.key_id})
        return {"access_token": token, "token_type": "Bearer", "expires_in": lifetime, "scope": scope}

    def _authenticate(self, parameters: dict[str, str], authorization: str | None) -> tuple[str, dict]:
        if authorization is None:
            client_id, secret = parameters.get("client_id", ""), parameters.get("client_secret", "")
        else:
            client_id, secret = self._basic_credentials(authorization)
        # Read anew each time, so that a test can add a client while the issuer runs.
        client = json.loads(self.clients_file.read_text()).get(client_id)
        if client is None or not hmac.compare_digest(client["secret"].encode(), secret.encode()):
            raise TokenError(401, "invalid_client", "unknown client or wrong secret")
        return client_id, client

    @staticmethod
    def _basic_credentials(authorization: str) -> tuple[str, str]:
        scheme, _, encoded = authorization.partition(" ")
        try:
            if scheme.lower() != "basic":
                raise ValueError
            client_id, separator, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
            if not separator:
                raise ValueError
        except ValueError:
            raise TokenError(401, "invalid_client", "the Authorization header holds no Basic credentials") from None
        return unquote_plus(client_id), unquote_plus(secret)


class RequestHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    issuer: Issuer

    def do_GET(self) -> None:
        match self.path.partition("?")[0]:
            case "/.well-known/openid-configuration":
                self._answer(200, self.issuer.discovery_document)
            case "/jwks":
                self._answer(200, self.issuer.jwks)
            case _:
                self._answer(404, {"error": "not_found"})

    def do_POST(self) -> None:
        try:
            length = int(self.headers.get("Content-Length", ""))
        except ValueError:
            length = -1
        if not 0 <= length <= MAXIMUM_BODY:
            self.close_connection = True
            self._answer(413 if length > MAXIMUM_BODY else 411, {"error": "invalid_request"})
            return
        body = self.rfile.read(length)
        if self.path.partition("?")[0] != "/token":
            self._answer(404, {"error": "not_found"})
            return
        try:
            parameters = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            self._answer(200, self.issuer.token_response(parameters, self.headers.get("Authorization")))
        except UnicodeDecodeError:
            self._answer(400, {"error": "invalid_request", "error_description": "the body is not UTF-8"})
        except TokenError as error:
            self._answer(error.status, {"error": error.code, "error_description": error.description})

    def _answer(self, status: int, document: dict) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        if status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="goldcrest"')
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    request_queue_size = 128


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--listen", required=True, metavar="HOST:PORT")
    parser.add_argument("--signing-key", required=True, type=Path, help="PEM file; made if it does not exist")
    parser.add_argument("--clients", required=True, type=Path, help='JSON: {"id": {"secret", "username", "lifetime"?, "scope"?, "audience"?}}')
    parser.add_argument("--write-jwks", type=Path, help="also write the public keys into this file")
    arguments = parser.parse_args()

    host, _, port = arguments.listen.rpartition(":")
    issuer = Issuer(f"http://{arguments.listen}", arguments.signing_key, arguments.clients)
    if arguments.write_jwks:
        write_atomically(arguments.write_jwks, json.dumps(issuer.jwks).encode(), 0o644)
    RequestHandler.issuer = issuer
    Server((host, int(port)), RequestHandler).serve_forever()


if __name__ == "__main__":
    main()
