"""docker-compose.yml fits its schema and the project; that its images start is not shown here: it takes Docker."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.helpers.setting_names import SETTINGS

ROOT: Final = Path(__file__).parents[2]
FILE: Final = ROOT / "docker-compose.yml"
COMPOSE: Final = yaml.safe_load(FILE.read_text())
SERVICES: Final[dict[str, dict[str, Any]]] = COMPOSE["services"]
ONE_SHOT: Final = {"topics", "simulate"}
OURS: Final = ONE_SHOT | {"worker-1", "worker-2", "view"}
HTTP_PORT: Final = "6066"

each_service = pytest.mark.parametrize("name", SERVICES)


def test_it_fits_the_compose_specification() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(FILE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@each_service
def test_a_service_has_a_health_check_or_ends_by_itself(name: str) -> None:
    service = SERVICES[name]
    ends = service["healthcheck"] == {"disable": True} and service["restart"] == "no"
    assert ends if name in ONE_SHOT else service["healthcheck"]["test"][0] == "CMD"


@each_service
def test_an_image_is_pinned_to_a_full_version(name: str) -> None:
    assert re.search(r":v?\d+\.\d+\.\d+[\w.-]*$", SERVICES[name]["image"])


@each_service
def test_a_service_has_limits_and_no_privileges(name: str) -> None:
    service = SERVICES[name]
    assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory"}
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service.get("user") not in {"root", "0", "0:0"}


def test_all_but_those_that_write_their_own_configuration_have_a_read_only_filesystem() -> None:
    assert {name for name, service in SERVICES.items() if not service.get("read_only")} == {"kafka", "registry"}


@pytest.mark.parametrize("name", sorted(OURS))
def test_each_loyalty_variable_is_a_setting(name: str) -> None:
    assert {key for key in SERVICES[name]["environment"] if key.startswith("LOYALTY_")} <= SETTINGS


def test_our_image_has_the_version_of_the_project() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert {SERVICES[name]["image"] for name in OURS} == {f"loyalty-stream:{version}"}


def test_whom_a_service_waits_for_can_be_waited_for() -> None:
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            wanted = "service_completed_successfully" if other in ONE_SHOT else "service_healthy"
            assert how["condition"] == wanted, name


def test_ports_are_open_to_this_machine_alone_and_each_is_used_once() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert all(port.startswith("127.0.0.1:") for port in ports)
    published = [port.split(":")[1] for port in ports]
    assert len(published) == len(set(published))


def test_clients_and_kafka_agree_on_its_address() -> None:
    advertised = SERVICES["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"]
    for name in OURS:
        assert f"INTERNAL://{SERVICES[name]['environment']['LOYALTY_BOOTSTRAP_SERVERS']}," in advertised
    assert "HOST://localhost:9092" in advertised
    assert SERVICES["kafka"]["ports"] == ["127.0.0.1:9092:9092"]


@pytest.mark.parametrize("name", ["worker-1", "worker-2"])
def test_a_worker_is_asked_where_it_listens_and_keeps_its_tables_on_a_volume_of_its_own(name: str) -> None:
    worker = SERVICES[name]
    assert worker["environment"]["LOYALTY_HTTP_PORT"] == HTTP_PORT
    assert f":{HTTP_PORT}/readyz" in worker["healthcheck"]["test"][-1]
    assert worker["ports"][0].endswith(f":{HTTP_PORT}")
    assert worker["volumes"] == [f"{name}:{worker['environment']['LOYALTY_DATA_DIR']}"]


def test_each_volume_is_declared_and_used() -> None:
    mounts = [mount for service in SERVICES.values() for mount in service.get("volumes", ())]
    named = {mount.split(":")[0] for mount in mounts if not mount.startswith(".")}
    assert named == COMPOSE["volumes"].keys()


def test_prometheus_asks_both_workers_and_the_view() -> None:
    assert "--config.file=/etc/prometheus/compose.yml" in SERVICES["prometheus"]["command"]
    ours, general = (yaml.safe_load(provided(f"prometheus/{name}.yml")) for name in ("compose", "prometheus"))
    asked = [job.pop("static_configs")[0]["targets"] for job in ours["scrape_configs"]]
    for job in general["scrape_configs"]:
        del job["static_configs"]
    assert ours == general, "only the targets are others"
    assert asked == [[f"worker-1:{HTTP_PORT}", f"worker-2:{HTTP_PORT}"], [f"view:{HTTP_PORT}"]]


def test_grafana_finds_prometheus_and_the_dashboards_where_its_provisioning_says() -> None:
    grafana = SERVICES["grafana"]
    data_sources = provided("grafana/provisioning/datasources/prometheus.yaml")
    assert "PROMETHEUS_URL" in data_sources
    assert grafana["environment"]["PROMETHEUS_URL"] == "http://prometheus:9090"
    [provider] = yaml.safe_load(provided("grafana/provisioning/dashboards/loyalty-stream.yaml"))["providers"]
    assert f"./deploy/grafana/dashboards:{provider['options']['path']}:ro" in grafana["volumes"]


def provided(name: str) -> str:
    return (ROOT / "deploy" / name).read_text()
