"""A wrong setting stops the start with its name, its value and what is allowed."""

import socket

import pytest

from loyalty_stream.runtime.settings import SettingsError, load_settings

WEB_ADDRESSES = "http(s)://host:port/path without user and password, several separated by commas"

WORKER_ADDRESS = "http(s)://host:port, as the other workers reach this one"
DUE_DATES = "off, all, or names separated by commas: vendor:org_id:program_id, or vendor:org_id"


def refused(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as error:
        load_settings()
    return str(error.value)


def test_the_defaults_start() -> None:
    settings = load_settings()
    assert settings.app_id == "loyalty"
    assert settings.raw_topic("capillary") == "loyalty.raw.capillary"
    assert settings.canonical_topic == "loyalty.canonical"
    assert settings.changelog_topic == "loyalty-state-changelog"


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("LOYALTY_PARTITIONS", "0", "a whole number from 1 to 1024"),
        ("LOYALTY_PARTITIONS", "four", "a whole number from 1 to 1024"),
        ("LOYALTY_BOOTSTRAP_SERVERS", "localhost", "host:port, several separated by commas"),
        ("LOYALTY_APP_ID", "two words", "1 to 100 letters, digits, '.', '_' or '-'"),
        ("LOYALTY_OUTPUT_FORMAT", "xml", "avro or json"),
        ("LOYALTY_DEDUP_WINDOW", "1001", "a whole number from 1 to 1000"),
        ("LOYALTY_DEAD_LETTER_LIMIT", "1.5", "a share from 0 to 1; 1 never stops"),
        ("LOYALTY_PARTITION_BY", "{customer}", "text with {customer_id} and, if wanted, {vendor} and {org_id}"),
        ("LOYALTY_PARTITION_BY", "{vendor}", "text with {customer_id} and, if wanted, {vendor} and {org_id}"),
        ("LOYALTY_PARTITION_BY", "{customer_id", "text with {customer_id} and, if wanted, {vendor} and {org_id}"),
        ("LOYALTY_DUE_DATES", "on", DUE_DATES),
        ("LOYALTY_DUE_DATES", "capillary:9300:41,all", DUE_DATES),
        ("LOYALTY_DUE_TIME_ZONE", "Middle/Earth", "the IANA name of a time zone, as Europe/Warsaw"),
        ("LOYALTY_TRANSACTION_LANES", "worker", "partition (worker comes with a later version)"),
        ("LOYALTY_SCHEMA_REGISTRY_URL", "localhost:8081", WEB_ADDRESSES),
        ("LOYALTY_SCHEMA_REGISTRY_URL", "http://localhost:http", WEB_ADDRESSES),
        ("LOYALTY_SCHEMA_REGISTRY_URL", "http://one:8081,two", WEB_ADDRESSES),
        ("LOYALTY_HTTP_ADVERTISED_URL", "worker-1:6066", WORKER_ADDRESS),
        ("LOYALTY_HTTP_ADVERTISED_URL", "http://0.0.0.0:6066", WORKER_ADDRESS),
        ("LOYALTY_HTTP_ADVERTISED_URL", "http://fd00::1:6066", WORKER_ADDRESS),
        ("LOYALTY_HTTP_ADVERTISED_URL", "http://proxy:80/worker-1", WORKER_ADDRESS),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, allowed: str
) -> None:
    assert refused(monkeypatch, **{name: value}) == f"{name} is {value!r}; allowed: {allowed}"


def test_a_view_in_the_worker_needs_the_address_of_its_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "LOYALTY_REDIS_URL is not set; LOYALTY_VIEW_IN_WORKER=true needs the address of the view's Redis"
    assert refused(monkeypatch, LOYALTY_VIEW_IN_WORKER="true") == said
    monkeypatch.setenv("LOYALTY_REDIS_URL", "redis://localhost:6379/0")
    assert load_settings().view_in_worker


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({}, "http://127.0.0.1:6066"),
        ({"LOYALTY_HTTP_HOST": "::1", "LOYALTY_HTTP_PORT": "6067"}, "http://[::1]:6067"),
        ({"LOYALTY_HTTP_HOST": "0.0.0.0"}, f"http://{socket.gethostname()}:6066"),  # noqa: S104
        ({"LOYALTY_HTTP_ADVERTISED_URL": "https://worker-1.internal/"}, "https://worker-1.internal"),
    ],
)
def test_a_worker_tells_others_an_address_that_can_be_called(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], told: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert load_settings().worker_url == told


@pytest.mark.parametrize("value", ["off", "all", "capillary:9300:41", "capillary:9300, talon_one:7:camp_1"])
def test_due_dates_are_switched_off_or_on_for_all_or_by_name(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("LOYALTY_DUE_DATES", value)
    assert load_settings().due_dates == value


@pytest.mark.parametrize(
    "value",
    ["localhost:6379", "http://localhost", "redis://", "redis://localhost:0", "redis://localhost/first"],
)
def test_a_wrong_address_of_redis_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    assert refused(monkeypatch, LOYALTY_REDIS_URL=value).startswith(
        f"LOYALTY_REDIS_URL is {value!r}; allowed: redis(s)://"
    )


@pytest.mark.parametrize("value", ["rediss//:hunter2@localhost", "redis://localhost?password=hunter2"])
def test_no_password_of_redis_is_shown(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    assert "hunter2" not in refused(monkeypatch, LOYALTY_REDIS_URL=value)
    monkeypatch.setenv("LOYALTY_REDIS_URL", "rediss://user:hunter2@localhost:6380/1")
    assert "hunter2" not in repr(load_settings())


def test_all_wrong_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    text = refused(monkeypatch, LOYALTY_PARTITIONS="x", LOYALTY_HTTP_PORT="y")
    assert len(text.splitlines()) == 2


def test_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOYALTY_KAFKA_SASL_PASSWORD", "hunter2")
    assert "hunter2" not in repr(load_settings())
    assert "hunter2" not in refused(monkeypatch, LOYALTY_KAFKA_SECURITY_PROTOCOL="SASL_SSL")


def test_a_token_that_no_header_can_carry_is_refused_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    text = refused(monkeypatch, LOYALTY_HTTP_TOKEN="hunter two")  # noqa: S106
    assert text == "LOYALTY_HTTP_TOKEN is (hidden); allowed: printable ASCII without spaces"
    monkeypatch.setenv("LOYALTY_HTTP_TOKEN", "hunter2")
    assert "hunter2" not in repr(load_settings())


def test_no_secret_of_an_address_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "hunter2" not in refused(monkeypatch, LOYALTY_SCHEMA_REGISTRY_URL="https://me:hunter2@registry")


@pytest.mark.parametrize("name", ["LOYALTY_SCHEMA_REGISTRY_USERNAME", "LOYALTY_SCHEMA_REGISTRY_PASSWORD"])
def test_the_registrys_user_and_password_are_set_together(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    text = refused(monkeypatch, **{name: "hunter2"})
    assert text.endswith("one is set; allowed: both or none")
    assert "hunter2" not in text


def test_sasl_needs_a_user_and_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    text = refused(monkeypatch, LOYALTY_KAFKA_SECURITY_PROTOCOL="SASL_PLAINTEXT")
    assert text.startswith("LOYALTY_KAFKA_SASL_USERNAME is not set")


def test_heartbeats_must_fit_into_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    text = refused(monkeypatch, LOYALTY_SESSION_TIMEOUT_SECONDS="4", LOYALTY_HEARTBEAT_INTERVAL_SECONDS="3")
    assert text.startswith("LOYALTY_HEARTBEAT_INTERVAL_SECONDS is 3; allowed: at most half")


def test_an_option_of_the_command_line_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOYALTY_APP_ID", "environment")
    assert load_settings(app_id="option").app_id == "option"
    assert load_settings(app_id=None).app_id == "environment"
