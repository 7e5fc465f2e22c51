"""The registry is asked with the settings' credentials, and what it refuses is said with what helps."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from pydantic import SecretStr

from loyalty_stream.runtime.registry import Registry, RegistryError, client_config, subjects
from loyalty_stream.runtime.settings import Settings

PASSWORD = SecretStr("hunter2")


@contextmanager
def answering(status: int, code: int) -> Iterator[tuple[str, list[str | None]]]:
    """A web server that refuses everything in the registries' way; yield its address and what it is given."""
    given: list[str | None] = []

    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            given.append(self.headers.get("Authorization"))
            body = json.dumps({"error_code": code, "message": "refused"}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Refusing)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", given
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_derived_topics_have_subjects_and_no_other() -> None:
    found = subjects(Settings(topic_prefix="acme."))
    assert "acme.derived.points-value" in found
    assert all(subject.startswith("acme.derived.") and subject.endswith("-value") for subject in found)


def test_certificates_and_keys_go_to_the_client() -> None:
    settings = Settings(
        schema_registry_url="https://registry",
        schema_registry_ssl_ca_location=Path("ca.pem"),
        schema_registry_ssl_certificate_location=Path("me.pem"),
        schema_registry_ssl_key_location=Path("me.key"),
        schema_registry_ssl_key_password=PASSWORD,
    )
    config = client_config(settings)
    assert config["ssl.ca.location"] == "ca.pem"
    assert (config["ssl.certificate.location"], config["ssl.key.location"]) == ("me.pem", "me.key")
    assert config["ssl.key.password"] == "hunter2"


def test_a_certificate_that_is_not_there_is_said() -> None:
    settings = Settings(schema_registry_url="https://registry", schema_registry_ssl_ca_location=Path("/none/ca.pem"))
    with pytest.raises(RegistryError, match="LOYALTY_SCHEMA_REGISTRY_SSL_"):
        Registry(settings)


def test_user_and_password_are_sent_and_a_refusal_names_their_settings() -> None:
    with answering(401, 40101) as (url, given):
        settings = Settings(
            schema_registry_url=url, schema_registry_username="worker", schema_registry_password=PASSWORD
        )
        with pytest.raises(RegistryError, match=r"answers 401.*LOYALTY_SCHEMA_REGISTRY_PASSWORD") as refused:
            Registry(settings).schema(1)
    assert given == [f"Basic {base64.b64encode(b'worker:hunter2').decode()}"]
    assert "hunter2" not in str(refused.value)


def test_what_the_registry_does_not_know_is_none() -> None:
    with answering(404, 40403) as (url, _):
        assert Registry(Settings(schema_registry_url=url)).schema(1) is None


def test_an_address_without_a_registry_is_said() -> None:
    with answering(404, 404) as (url, _), pytest.raises(RegistryError, match="where its Confluent API is"):
        Registry(Settings(schema_registry_url=url)).schema(1)
