"""Configure the two Kafka clients alike: librdkafka's for producing, aiokafka (through Faust) for consuming."""

import logging
import ssl
from typing import Any, Final

import faust
from faust.types.auth import CredentialsT

from loyalty_stream.runtime.settings import Settings

LIBRARY_LOG: Final = logging.getLogger("librdkafka")
"""Where a client of a worker says what its C library has to say, which would write to standard error itself."""

MESSAGE_BYTES_MAX: Final = 32 * 1024 * 1024
TRANSACTION_TIMEOUT_MS: Final = 30_000
"""How long readers wait for a transaction that its dead owner left open, where no new owner ends it before."""


def client_config(settings: Settings) -> dict[str, Any]:
    """Return what every librdkafka client needs to reach the cluster."""
    config: dict[str, Any] = {
        "bootstrap.servers": settings.bootstrap_servers,
        "client.id": settings.app_id,
        "security.protocol": settings.kafka_security_protocol,
    }
    if settings.kafka_security_protocol.startswith("SASL"):
        config["sasl.mechanism"] = settings.kafka_sasl_mechanism
        config["sasl.username"] = settings.kafka_sasl_username
        config["sasl.password"] = _secret(settings.kafka_sasl_password)
    if settings.kafka_security_protocol.endswith("SSL"):
        locations = {
            "ssl.ca.location": settings.kafka_ssl_ca_location,
            "ssl.certificate.location": settings.kafka_ssl_certificate_location,
            "ssl.key.location": settings.kafka_ssl_key_location,
        }
        config.update({name: str(path) for name, path in locations.items() if path is not None})
        if settings.kafka_ssl_key_password is not None:
            config["ssl.key.password"] = _secret(settings.kafka_ssl_key_password)
    return config


def producer_config(settings: Settings, transactional_id: str) -> dict[str, Any]:
    """Return the configuration of one lane's producer."""
    return {
        **client_config(settings),
        "transactional.id": transactional_id,
        "transaction.timeout.ms": TRANSACTION_TIMEOUT_MS,
        # By default librdkafka (2.16) forgets a cluster of which no broker answers and learns it anew; a transaction in
        # flight then waits for its forgotten coordinator for ever. With "none" it reconnects.
        "metadata.recovery.strategy": "none",
        "linger.ms": 5,
        "compression.type": "lz4",
        "batch.size": 1 << 20,
        "batch.num.messages": 10_000,
        "message.max.bytes": MESSAGE_BYTES_MAX,
        "queue.buffering.max.messages": 1_000_000,
        "queue.buffering.max.kbytes": 512 * 1024,
        "partitioner": "murmur2_random",  # Kafka's own default: the same key goes where any other client puts it
    }


def reader_config(settings: Settings) -> dict[str, Any]:
    """Return the configuration of a consumer that only reads its group's committed offsets, and only stable ones."""
    return {
        **client_config(settings),
        "group.id": settings.app_id,
        "isolation.level": "read_committed",
        "enable.auto.commit": False,
    }


def faust_credentials(settings: Settings) -> CredentialsT | None:
    """Return the same security settings for Faust's consumer, or None for a plain connection."""
    protocol = settings.kafka_security_protocol
    if protocol == "PLAINTEXT":
        return None
    context = _ssl_context(settings) if protocol.endswith("SSL") else None
    if protocol == "SSL":
        return faust.SSLCredentials(context)
    return faust.SASLCredentials(
        username=settings.kafka_sasl_username,
        password=_secret(settings.kafka_sasl_password),
        mechanism=settings.kafka_sasl_mechanism,
        ssl_context=context,
    )


def _ssl_context(settings: Settings) -> ssl.SSLContext:
    authority = settings.kafka_ssl_ca_location
    context = ssl.create_default_context(cafile=None if authority is None else str(authority))
    if settings.kafka_ssl_certificate_location is not None:
        context.load_cert_chain(
            settings.kafka_ssl_certificate_location,
            settings.kafka_ssl_key_location,
            _secret(settings.kafka_ssl_key_password),
        )
    return context


def _secret(value: Any) -> str | None:
    return None if value is None else str(value.get_secret_value())
