"""Ask a Schema Registry: for the ids of our schemas, and for the schemas of ids."""

import json
import logging
from collections.abc import Callable
from typing import Any, Final, TypeVar

import httpx2
from confluent_kafka.schema_registry import Schema as RegistrySchema
from confluent_kafka.schema_registry import SchemaRegistryClient, SchemaRegistryError

from loyalty_stream.errors import ExplainedError
from loyalty_stream.pipeline.avro import Schema
from loyalty_stream.pipeline.schemas import DERIVED_TYPES
from loyalty_stream.runtime.settings import Settings

T = TypeVar("T")

_TIMEOUT_SECONDS: Final = 5
_RETRIES_MAX: Final = 5
_WAIT_MS: Final = 500
_WAIT_MS_MAX: Final = 2_000
_UNKNOWN: Final = {40401, 40402, 40403, 40408}
"""The registry's codes for: no such subject, version, schema; no compatibility of the subject's own."""
_CONFLICT: Final = 409
_REFUSED: Final = {401, 403}


class RegistryError(ExplainedError):
    """The registry does not answer, or refuses; the message says why and what helps."""


def client_config(settings: Settings) -> dict[str, Any]:
    """Return what the registry's client needs; it tries again for some seconds, and then fails."""
    config: dict[str, Any] = {
        "url": settings.schema_registry_url,
        "timeout": _TIMEOUT_SECONDS,
        "max.retries": _RETRIES_MAX,
        "retries.wait.ms": _WAIT_MS,
        "retries.max.wait.ms": _WAIT_MS_MAX,
    }
    if settings.schema_registry_username is not None and settings.schema_registry_password is not None:
        password = settings.schema_registry_password.get_secret_value()
        config["basic.auth.user.info"] = f"{settings.schema_registry_username}:{password}"
    locations = {
        "ssl.ca.location": settings.schema_registry_ssl_ca_location,
        "ssl.certificate.location": settings.schema_registry_ssl_certificate_location,
        "ssl.key.location": settings.schema_registry_ssl_key_location,
    }
    config.update({name: str(path) for name, path in locations.items() if path is not None})
    if settings.schema_registry_ssl_key_password is not None:
        config["ssl.key.password"] = settings.schema_registry_ssl_key_password.get_secret_value()
    return config


def subject_of(topic: str) -> str:
    """Return the subject of a topic's values, as Confluent's TopicNameStrategy has it."""
    return f"{topic}-value"


def subjects(settings: Settings) -> dict[str, Schema]:
    """Return the schemas to register, by subject: those of the derived topics.

    Re-keyed events are the application's own business, dead letters hold the vendors' bytes, and keys are plain text.
    """
    return {subject_of(settings.derived_topic(topic)): typed.schema for topic, typed in DERIVED_TYPES.items()}


def schema_ids(settings: Settings) -> dict[str, int]:
    """Return the ids of the derived topics' schemas, by the topics' short names.

    Raises:
        RegistryError: The registry does not answer, or lacks a schema; a worker registers none by itself.

    """
    registry = Registry(settings)
    found = {
        topic: registry.id_of(subject_of(settings.derived_topic(topic)), typed.schema)
        for topic, typed in DERIVED_TYPES.items()
    }
    missing = [subject_of(settings.derived_topic(topic)) for topic, schema_id in found.items() if schema_id is None]
    if missing:
        raise RegistryError(
            f"the Schema Registry at {registry.url} lacks this version's schemas of {', '.join(missing)}. "
            "Run: loyalty-stream topics apply"
        )
    return {topic: schema_id for topic, schema_id in found.items() if schema_id is not None}


class Registry:
    """The Schema Registry that the settings name."""

    def __init__(self, settings: Settings) -> None:
        """Take its address and what it asks for; nothing is connected yet.

        Raises:
            RegistryError: A certificate or key cannot be used.

        """
        self.url = settings.schema_registry_url or ""
        logging.getLogger("httpx2").setLevel(logging.WARNING)  # it would log each request
        try:
            self._client = SchemaRegistryClient(client_config(settings))
        except (OSError, ValueError) as failure:
            raise RegistryError(f"the settings LOYALTY_SCHEMA_REGISTRY_SSL_... cannot be used: {failure}") from failure

    def id_of(self, subject: str, schema: Schema) -> int | None:
        """Return the id of exactly this schema under a subject, or None."""
        registered = self._ask(lambda: self._client.lookup_schema(subject, _as_text(schema), normalize_schemas=True))
        return None if registered is None else registered.schema_id

    def schema(self, schema_id: int) -> Schema | None:
        """Return the schema of an id, or None."""
        registered = self._ask(lambda: self._client.get_schema(schema_id))
        found: Schema | None = None if registered is None else json.loads(registered.schema_str or "null")
        return found

    def register(self, subject: str, schema: Schema) -> None:
        """Register a schema as the newest version of a subject."""
        self._ask(lambda: self._client.register_schema(subject, _as_text(schema), normalize_schemas=True))

    def compatibility(self, subject: str) -> str | None:
        """Return the compatibility that a subject has of its own, or None."""
        return self._ask(lambda: self._client.get_compatibility(subject))

    def set_compatibility(self, subject: str, level: str) -> None:
        """Set the compatibility of a subject."""
        self._ask(lambda: self._client.set_compatibility(subject, level))

    def accepts(self, subject: str, schema: Schema) -> bool | None:
        """Return whether a schema could be the newest version of a subject; None where there is no such subject."""
        return self._ask(lambda: self._client.test_compatibility_all_versions(subject, _as_text(schema)))

    def _ask(self, question: Callable[[], T]) -> T | None:
        """Return the answer, or None where the registry knows no such thing."""
        try:
            return question()
        except SchemaRegistryError as failure:
            if failure.error_code in _UNKNOWN:
                return None
            raise RegistryError(self._explain(failure)) from failure
        except (httpx2.HTTPError, ValueError) as failure:
            reason = str(failure) or type(failure).__name__
            raise RegistryError(
                f"no Schema Registry answers at {self.url} ({reason}). Start it, or set LOYALTY_SCHEMA_REGISTRY_URL to "
                "where its Confluent API is; without that setting no registry is needed"
            ) from failure

    def _explain(self, failure: SchemaRegistryError) -> str:
        status = failure.http_status_code
        said = f"the Schema Registry at {self.url} answers {status}: {failure.error_message}"
        if status in _REFUSED:
            return f"{said}. Set LOYALTY_SCHEMA_REGISTRY_USERNAME and LOYALTY_SCHEMA_REGISTRY_PASSWORD"
        if status == _CONFLICT:
            return f"{said}. What is not compatible: loyalty-stream schema check --registry"
        return f"{said}. Is LOYALTY_SCHEMA_REGISTRY_URL where its Confluent API is?"


def _as_text(schema: Schema) -> RegistrySchema:
    return RegistrySchema(json.dumps(schema), "AVRO")
