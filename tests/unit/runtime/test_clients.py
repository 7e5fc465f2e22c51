"""Both Kafka clients get the same security settings."""

from pydantic import SecretStr

from loyalty_stream.runtime.clients import client_config, producer_config
from loyalty_stream.runtime.credentials import faust_credentials
from loyalty_stream.runtime.settings import Settings


def test_a_plain_connection_needs_no_credentials() -> None:
    settings = Settings()
    assert faust_credentials(settings) is None
    assert client_config(settings)["security.protocol"] == "PLAINTEXT"


def test_sasl_goes_to_both_clients() -> None:
    settings = Settings(
        kafka_security_protocol="SASL_SSL",
        kafka_sasl_mechanism="SCRAM-SHA-512",
        kafka_sasl_username="worker",
        kafka_sasl_password=SecretStr("secret"),
    )
    config = client_config(settings)
    assert (config["sasl.mechanism"], config["sasl.username"], config["sasl.password"]) == (
        "SCRAM-SHA-512",
        "worker",
        "secret",
    )
    credentials = faust_credentials(settings)
    assert credentials is not None
    assert credentials.protocol.value == "SASL_SSL"
    assert "secret" not in repr(credentials)


def test_a_producer_partitions_as_kafka_s_own_does_and_takes_large_messages() -> None:
    config = producer_config(Settings(), "loyalty-3")
    assert config["transactional.id"] == "loyalty-3"
    assert config["partitioner"] == "murmur2_random"
    assert config["message.max.bytes"] >= 16 * 1024 * 1024
