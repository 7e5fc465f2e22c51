"""Read the configuration: `LOYALTY_*` from the environment and `.env`, checked before anything starts."""

import re
import socket
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from loyalty_stream.errors import UsageError
from loyalty_stream.model.zones import zone_named

ENV_PREFIX: Final = "LOYALTY_"
_NAME: Final = re.compile(r"[a-zA-Z0-9._-]{1,100}")
_HEADER_TEXT: Final = re.compile(r"[!-~]+")
_PROGRAM: Final = re.compile(r"[a-z_]+(:[^:,\s]+){1,2}")
_KEY_FIELDS: Final = {"vendor", "org_id", "customer_id"}
EVERYWHERE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 - to listen on; nobody can be called there


class SettingsError(UsageError):
    """Say which settings are wrong: name, value and what is allowed, never a secret."""


def is_kafka_name(value: str) -> bool:
    """Tell whether a text can be an app id, or what topics' names begin with."""
    return _NAME.fullmatch(value) is not None


def _kafka_name(value: str) -> str:
    if not is_kafka_name(value):
        raise ValueError
    return value


def _optional_kafka_name(value: str | None) -> str | None:
    return None if value is None else _kafka_name(value)


def _servers(value: str) -> str:
    for server in value.split(","):
        _, _, port = server.strip().rpartition(":")
        if not port.isdigit():
            raise ValueError
    return value


def _key_template(value: str) -> str:
    fields = {name for _, name, _, _ in Formatter().parse(value) if name is not None}
    if "customer_id" not in fields or not fields <= _KEY_FIELDS:
        raise ValueError
    return value


def _web_addresses(value: str | None) -> str | None:
    for url in value.split(",") if value else ():
        parts = urlsplit(url.strip())
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0 or "@" in parts.netloc:
            raise ValueError
    return value


def http_address(host: str, port: int) -> str:
    """Return the URL of a host, which may be an IPv6 address, and a port."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def is_worker_address(value: str) -> bool:
    """Tell whether a text can be where a worker answers, as other workers reach it."""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.hostname in EVERYWHERE or port == 0:
        return False
    return "@" not in parts.netloc and parts.path in {"", "/"} and not parts.query and not parts.fragment


def _worker_address(value: str | None) -> str | None:
    if value is not None and not is_worker_address(value):
        raise ValueError
    return value


def _redis_address(value: SecretStr) -> SecretStr:
    parts = urlsplit(value.get_secret_value())
    database = parts.path.removeprefix("/")
    if parts.scheme not in {"redis", "rediss"} or not parts.hostname or parts.port == 0 or parts.query:
        raise ValueError
    if database and not database.isdigit():
        raise ValueError
    return value


def _token(value: SecretStr | None) -> SecretStr | None:
    if value is not None and not _HEADER_TEXT.fullmatch(value.get_secret_value()):
        raise ValueError
    return value


def _due_dates(value: str) -> str:
    if value not in {"off", "all"} and not all(_PROGRAM.fullmatch(name.strip()) for name in value.split(",")):
        raise ValueError
    return value


def _time_zone(value: str) -> str:
    zone_named(value)
    return value


def _setting(allowed: str, **options: Any) -> Any:
    """Declare a setting; `allowed` ends the sentence "allowed: ..." of its error."""
    return Field(json_schema_extra={"allowed": allowed}, **options)


KAFKA_NAME: Final = "1 to 100 letters, digits, '.', '_' or '-'"
_PATH: Final = "the path of a file"


class Settings(BaseSettings):
    """The configuration of a worker; each name is prefixed with `LOYALTY_` in the environment."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True
    )

    bootstrap_servers: Annotated[str, AfterValidator(_servers)] = _setting(
        "host:port, several separated by commas", default="localhost:9092"
    )
    app_id: Annotated[str, AfterValidator(_kafka_name)] = _setting(KAFKA_NAME, default="loyalty")
    topic_prefix: Annotated[str, AfterValidator(_kafka_name)] = _setting(KAFKA_NAME, default="loyalty.")
    raw_topic_prefix: Annotated[str | None, AfterValidator(_optional_kafka_name)] = _setting(KAFKA_NAME, default=None)
    data_dir: Path = _setting("the path of a folder of this worker alone", default=Path("data"))
    partitions: int = _setting("a whole number from 1 to 1024", default=4, ge=1, le=1024)
    partition_by: Annotated[str, AfterValidator(_key_template)] = _setting(
        "text with {customer_id} and, if wanted, {vendor} and {org_id}", default="{vendor}:{org_id}:{customer_id}"
    )
    output_format: Literal["avro", "json"] = _setting("avro or json", default="avro")
    schema_registry_url: Annotated[str | None, AfterValidator(_web_addresses)] = _setting(
        "http(s)://host:port/path without user and password, several separated by commas", default=None
    )
    schema_registry_username: str | None = _setting("a user name", default=None)
    schema_registry_password: SecretStr | None = _setting("a password", default=None)
    schema_registry_ssl_ca_location: Path | None = _setting(_PATH, default=None)
    schema_registry_ssl_certificate_location: Path | None = _setting(_PATH, default=None)
    schema_registry_ssl_key_location: Path | None = _setting(_PATH, default=None)
    schema_registry_ssl_key_password: SecretStr | None = _setting("a password", default=None)
    http_host: str = _setting("the address to listen on; 0.0.0.0 listens on every network", default="127.0.0.1")
    http_port: int = _setting("a port from 1 to 65535", default=6066, ge=1, le=65535)
    http_advertised_url: Annotated[str | None, AfterValidator(_worker_address)] = _setting(
        "http(s)://host:port, as the other workers reach this one", default=None
    )
    http_token: Annotated[SecretStr | None, AfterValidator(_token)] = _setting(
        "printable ASCII without spaces", default=None
    )
    redis_url: Annotated[SecretStr, AfterValidator(_redis_address)] = _setting(
        "redis(s)://user:password@host:port/database; user, password, port and database may be left out",
        default=SecretStr("redis://localhost:6379/0"),
    )
    view_prefix: Annotated[str, AfterValidator(_kafka_name)] = _setting(KAFKA_NAME, default="loyalty")
    view_journal_entries: int = _setting("a whole number from 0 to 10000", default=500, ge=0, le=10_000)
    view_in_worker: bool = _setting("true or false", default=False)
    dedup_window: int = _setting("a whole number from 1 to 1000", default=64, ge=1, le=1000)
    commit_linger_ms: int = _setting("milliseconds from 0 to 10000", default=50, ge=0, le=10_000)
    transaction_records_max: int = _setting("a whole number from 1 to 1000000", default=20_000, ge=1, le=1_000_000)
    transaction_lanes: Literal["partition"] = _setting(
        "partition (worker comes with a later version)", default="partition"
    )
    standby_replicas: int = _setting("a whole number from 0 to 8", default=0, ge=0, le=8)
    dead_letter_limit: float = _setting("a share from 0 to 1; 1 never stops", default=0.5, ge=0, le=1)
    due_dates: Annotated[str, AfterValidator(_due_dates)] = _setting(
        "off, all, or names separated by commas: vendor:org_id:program_id, or vendor:org_id", default="off"
    )
    due_time_zone: Annotated[str, AfterValidator(_time_zone)] = _setting(
        "the IANA name of a time zone, as Europe/Warsaw", default="UTC"
    )
    state_cache_rows: int = _setting("a whole number from 1000 to 100000000", default=100_000, ge=1000, le=100_000_000)
    metrics_programs_max: int = _setting("a whole number from 0 to 10000", default=100, ge=0, le=10_000)
    tracing: Literal["none", "otlp"] = _setting("none or otlp", default="none")
    session_timeout_seconds: float = _setting("seconds from 3 to 300", default=15, ge=3, le=300)
    heartbeat_interval_seconds: float = _setting("seconds from 0.5 to 60", default=3, ge=0.5, le=60)
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = _setting(
        "PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL", default="PLAINTEXT"
    )
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = _setting(
        "PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512", default="PLAIN"
    )
    kafka_sasl_username: str | None = _setting("a user name", default=None)
    kafka_sasl_password: SecretStr | None = _setting("a password", default=None)
    kafka_ssl_ca_location: Path | None = _setting(_PATH, default=None)
    kafka_ssl_certificate_location: Path | None = _setting(_PATH, default=None)
    kafka_ssl_key_location: Path | None = _setting(_PATH, default=None)
    kafka_ssl_key_password: SecretStr | None = _setting("a password", default=None)

    @property
    def canonical_topic(self) -> str:
        """The internal topic of re-keyed canonical events."""
        return f"{self.topic_prefix}canonical"

    @property
    def changelog_topic(self) -> str:
        """The changelog of the one table, `state`."""
        return f"{self.app_id}-state-changelog"

    @property
    def worker_url(self) -> str:
        """Where other workers reach this one."""
        if self.http_advertised_url is not None:
            return self.http_advertised_url.rstrip("/")
        host = socket.gethostname() if self.http_host in EVERYWHERE else self.http_host
        return http_address(host, self.http_port)

    @property
    def uses_registry(self) -> bool:
        """Whether derived events are framed with ids of a Schema Registry."""
        return self.schema_registry_url is not None and self.output_format == "avro"

    def raw_topic(self, dialect: str) -> str:
        """Return the topic of a dialect's raw events."""
        return f"{self.raw_topic_prefix or self.topic_prefix}raw.{dialect}"

    def derived_topic(self, name: str) -> str:
        """Return the topic of derived events of a name, which is that of a domain."""
        return f"{self.topic_prefix}derived.{name}"


def load_settings(**overrides: object) -> Settings:
    """Return the settings of the environment and `.env`, with `overrides` (by field name) before both.

    Raises:
        SettingsError: Values are wrong; its text names each with the value and what is allowed.

    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        settings = Settings(**given)  # type: ignore[arg-type]  # checked by pydantic, that is the point
    except ValidationError as failure:
        raise SettingsError("\n".join(_explain(error["loc"], error["input"]) for error in failure.errors())) from None
    _check_together(settings)
    return settings


def _explain(location: tuple[int | str, ...], value: object) -> str:
    name = str(location[0])
    field = Settings.model_fields[name]
    extra = field.json_schema_extra
    allowed = extra["allowed"] if isinstance(extra, dict) else "another value"
    secret = (
        "password" in name
        or "token" in name
        or (name.endswith("_url") and ("@" in str(value) or "password" in str(value)))
    )
    shown = "(hidden)" if secret else repr(value)
    return f"{ENV_PREFIX}{name.upper()} is {shown}; allowed: {allowed}"


def _check_together(settings: Settings) -> None:
    if settings.heartbeat_interval_seconds * 2 > settings.session_timeout_seconds:
        raise SettingsError(
            f"LOYALTY_HEARTBEAT_INTERVAL_SECONDS is {settings.heartbeat_interval_seconds:g}; allowed: at most half of "
            f"LOYALTY_SESSION_TIMEOUT_SECONDS ({settings.session_timeout_seconds:g})"
        )
    if settings.view_in_worker and "redis_url" not in settings.model_fields_set:
        raise SettingsError(
            "LOYALTY_REDIS_URL is not set; LOYALTY_VIEW_IN_WORKER=true needs the address of the view's Redis"
        )
    if (settings.schema_registry_username is None) != (settings.schema_registry_password is None):
        raise SettingsError(
            "of LOYALTY_SCHEMA_REGISTRY_USERNAME and LOYALTY_SCHEMA_REGISTRY_PASSWORD one is set; allowed: both or none"
        )
    if settings.kafka_security_protocol.startswith("SASL"):
        for name in ("kafka_sasl_username", "kafka_sasl_password"):
            if getattr(settings, name) is None:
                raise SettingsError(
                    f"{ENV_PREFIX}{name.upper()} is not set; LOYALTY_KAFKA_SECURITY_PROTOCOL="
                    f"{settings.kafka_security_protocol} needs it"
                )
