"""Tell Faust's consumer of security what `clients` tells librdkafka; only a worker needs Faust, which loads slowly."""

import ssl

import faust
from faust.types.auth import CredentialsT

from loyalty_stream.runtime.clients import secret
from loyalty_stream.runtime.settings import Settings


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
        password=secret(settings.kafka_sasl_password),
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
            secret(settings.kafka_ssl_key_password),
        )
    return context
