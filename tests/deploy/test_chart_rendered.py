"""What Helm makes of the chart is what Kubernetes takes, and right."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from loyalty_stream.runtime.clients import TRANSACTION_TIMEOUT_MS
from tests.helpers.setting_names import SETTINGS

ROOT: Final = Path(__file__).parents[2]
ALERTS: Final = ROOT / "deploy/prometheus/alerts.yml"
CHART: Final = ROOT / "deploy/helm/loyalty-stream"
HELM: Final = str(Path(sys.executable).with_name("helm"))  # of the package helm-binary
KUBERNETES: Final = ("1.27", "1.31", "1.37")
SERVERS: Final = ("--set", "settings.BOOTSTRAP_SERVERS=kafka:9092")
FULL: Final = ("--values", str(CHART / "ci/full-values.yaml"))
NAME: Final = "loyalty-loyalty-stream"
OPERATORS: Final = {"PodMonitor", "ScaledObject", "ServiceMonitor", "TriggerAuthentication"}
"""Kinds that Kubernetes itself does not have, and has no schema for."""

Manifest = dict[str, Any]


def render(*arguments: str, version: str = "1.31") -> subprocess.CompletedProcess[str]:
    command = [HELM, "template", "loyalty", str(CHART), "--kube-version", f"{version}.0", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def manifests(*arguments: str) -> dict[tuple[str, str], Manifest]:
    done = render(*arguments)
    assert done.returncode == 0, done.stderr
    return {(each["kind"], each["metadata"]["name"]): each for each in yaml.safe_load_all(done.stdout) if each}


def pod_of(workload: Manifest) -> Manifest:
    pod: Manifest = workload["spec"]["template"]["spec"]
    return pod


def given_to_all(worker: Manifest) -> list[Manifest]:
    """Return a worker's environment without its address, which is its own."""
    return [each for each in worker["env"] if each["name"] not in {"POD_NAME", "LOYALTY_HTTP_ADVERTISED_URL"}]


@pytest.mark.parametrize("values", [SERVERS, FULL], ids=["least", "full"])
def test_helm_s_own_checks_find_nothing(values: tuple[str, ...]) -> None:
    done = subprocess.run([HELM, "lint", "--strict", str(CHART), *values], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("version", KUBERNETES)
@pytest.mark.parametrize("values", [SERVERS, FULL], ids=["least", "full"])
def test_kubernetes_takes_all_of_it(values: tuple[str, ...], version: str, tmp_path: Path) -> None:
    file = tmp_path / "rendered.yaml"
    file.write_text(render(*values, version=version).stdout)
    command = [sys.executable, "-m", "kubernetes_validate", "--strict", "-k", version, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    unknown = set(re.findall(r"find schema for kind (\w+)", done.stdout + done.stderr))
    assert unknown == (OPERATORS if values is FULL else set())


def test_without_brokers_it_says_what_to_set() -> None:
    done = render()
    assert done.returncode == 1
    assert "Set settings.BOOTSTRAP_SERVERS" in done.stderr


@pytest.mark.parametrize("wrong", ["settings.PARTITONS=8", "settings.KAFKA_SASL_PASSWORD=secret", "replica=3"])
def test_what_is_no_value_or_no_setting_is_refused(wrong: str) -> None:
    done = render(*SERVERS, "--set", wrong)
    assert done.returncode == 1
    assert "not allowed" in done.stderr


def test_workers_and_the_job_of_the_topics_have_the_same_settings() -> None:
    found = manifests(*FULL)
    config: dict[str, str] = found["ConfigMap", NAME]["data"]
    [worker] = pod_of(found["StatefulSet", NAME])["containers"]
    [job] = pod_of(found["Job", f"{NAME}-topics"])["containers"]
    plain = {each["name"]: each["value"] for each in job["env"] if each["name"] in config}
    assert plain == config
    assert [each for each in job["env"] if each["name"] not in config] == given_to_all(worker)
    given = config.keys() | {each["name"] for each in given_to_all(worker)}
    assert {name for name in given if not name.startswith("OTEL_")} <= SETTINGS
    assert {name: value for name, value in config.items() if name.startswith("OTEL_")} == {
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector.observability:4318",
        "OTEL_TRACES_SAMPLER": "traceidratio",
        "OTEL_TRACES_SAMPLER_ARG": "0.1",
    }
    assert config["LOYALTY_STATE_CACHE_ROWS"] == "1000000"


def test_the_view_has_the_settings_and_secrets_of_the_workers() -> None:
    found = manifests(*FULL)
    [worker] = pod_of(found["StatefulSet", NAME])["containers"]
    [view] = pod_of(found["Deployment", f"{NAME}-view"])["containers"]
    assert view["args"] == ["view"]
    given = (worker["envFrom"], given_to_all(worker), worker["image"])
    assert (view["envFrom"], view["env"], view["image"]) == given
    assert "LOYALTY_REDIS_URL" in {each["name"] for each in view["env"]}
    assert ("Deployment", f"{NAME}-view") not in manifests(*SERVERS)


@pytest.mark.parametrize("wanted", ["view.enabled=true", "settings.VIEW_IN_WORKER=true"])
def test_a_view_without_redis_says_what_to_set(wanted: str) -> None:
    done = render(*SERVERS, "--set", wanted)
    assert done.returncode == 1
    assert "Set secretSettings.REDIS_URL" in done.stderr


def test_what_is_scraped_has_the_names_that_alerts_ask_for() -> None:
    found = manifests(*FULL)
    asked = {
        "loyalty-stream": found["PodMonitor", NAME]["spec"]["podMetricsEndpoints"],
        "loyalty-view": found["PodMonitor", f"{NAME}-view"]["spec"]["podMetricsEndpoints"],
    }
    assert set(asked) == set(re.findall(r'job="([^"]*)"', ALERTS.read_text()))
    for job, [endpoint] in (*asked.items(), ("loyalty-stream", found["ServiceMonitor", NAME]["spec"]["endpoints"])):
        assert endpoint["relabelings"] == [{"targetLabel": "job", "replacement": job}]


def test_each_file_of_a_secret_is_mounted_where_its_setting_points() -> None:
    pod = pod_of(manifests(*FULL)["StatefulSet", NAME])
    [worker] = pod["containers"]
    [mount] = [each for each in worker["volumeMounts"] if each["name"] == "secret-files"]
    [volume] = [each["projected"] for each in pod["volumes"] if each["name"] == "secret-files"]
    paths = {f"{mount['mountPath']}/{source['secret']['items'][0]['path']}" for source in volume["sources"]}
    assert paths == {each["value"] for each in worker["env"] if each["name"].endswith("_LOCATION")}


@pytest.mark.parametrize("workload", [("StatefulSet", NAME), ("Deployment", f"{NAME}-view"), ("Job", f"{NAME}-topics")])
def test_a_pod_has_no_privileges_and_no_token(workload: tuple[str, str]) -> None:
    pod = pod_of(manifests(*FULL)[workload])
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in pod["containers"]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }


def test_a_worker_is_asked_where_it_listens_and_may_write_where_its_tables_are() -> None:
    found = manifests(*SERVERS)
    stateful = found["StatefulSet", NAME]
    [worker] = pod_of(stateful)["containers"]
    config = found["ConfigMap", NAME]["data"]
    assert [str(port["containerPort"]) for port in worker["ports"]] == [config["LOYALTY_HTTP_PORT"]]
    probes = {probe: worker[f"{probe}Probe"]["httpGet"]["path"] for probe in ("startup", "readiness", "liveness")}
    assert probes == {"startup": "/healthz", "readiness": "/readyz", "liveness": "/healthz"}
    [claim] = stateful["spec"]["volumeClaimTemplates"]
    mounts = {each["name"]: each["mountPath"] for each in worker["volumeMounts"]}
    assert mounts[claim["metadata"]["name"]] == config["LOYALTY_DATA_DIR"]


def test_workers_tell_each_other_their_name_in_the_headless_service_and_may_call_it() -> None:
    found = manifests(*FULL)
    stateful, service = found["StatefulSet", NAME], found["Service", f"{NAME}-headless"]
    [worker] = pod_of(stateful)["containers"]
    pod, url = [each for each in worker["env"] if each not in given_to_all(worker)]
    assert (pod["name"], pod["valueFrom"]) == ("POD_NAME", {"fieldRef": {"fieldPath": "metadata.name"}})
    assert url["value"] == f"http://$(POD_NAME).{service['metadata']['name']}:6066"
    assert (service["spec"]["clusterIP"], service["spec"]["publishNotReadyAddresses"]) == ("None", True)
    assert worker["ports"] == [{"name": "http", "containerPort": 6066}]
    labels = stateful["spec"]["template"]["metadata"]["labels"].items()
    policy = found["NetworkPolicy", NAME]["spec"]
    [ingress] = policy["ingress"]
    [egress] = [rule for rule in policy["egress"] if {"port": 6066, "protocol": "TCP"} in rule["ports"]]
    for peers in (ingress["from"], egress["to"]):
        [workers] = [peer["podSelector"]["matchLabels"] for peer in peers if "podSelector" in peer]
        assert workers.items() <= labels


def test_a_worker_may_end_its_transactions_before_it_is_killed() -> None:
    pod = pod_of(manifests(*SERVERS)["StatefulSet", NAME])
    assert pod["terminationGracePeriodSeconds"] * 1000 > TRANSACTION_TIMEOUT_MS


def test_each_service_budget_and_policy_selects_the_workers() -> None:
    found = manifests(*FULL)
    labels = found["StatefulSet", NAME]["spec"]["template"]["metadata"]["labels"].items()
    selectors = [
        found["Service", f"{NAME}-headless"]["spec"]["selector"],
        found["Service", f"{NAME}-metrics"]["spec"]["selector"],
        found["StatefulSet", NAME]["spec"]["selector"]["matchLabels"],
        found["PodDisruptionBudget", NAME]["spec"]["selector"]["matchLabels"],
        found["PodMonitor", NAME]["spec"]["selector"]["matchLabels"],
    ]
    assert all(selector.items() <= labels for selector in selectors)
    monitored = found["ServiceMonitor", NAME]["spec"]["selector"]["matchLabels"].items()
    services = [name for (kind, name), each in found.items() if kind == "Service" and _has(each, monitored)]
    assert services == [f"{NAME}-metrics"]
    assert found["StatefulSet", NAME]["spec"]["serviceName"] == f"{NAME}-headless"


def test_the_network_policy_is_for_workers_and_views_and_no_job() -> None:
    found = manifests(*FULL)
    selector = found["NetworkPolicy", NAME]["spec"]["podSelector"]
    [components] = selector["matchExpressions"]
    assert (components["key"], components["operator"]) == ("app.kubernetes.io/component", "In")
    guarded = {("StatefulSet", NAME): True, ("Deployment", f"{NAME}-view"): True, ("Job", f"{NAME}-topics"): False}
    for workload, is_guarded in guarded.items():
        labels = found[workload]["spec"]["template"]["metadata"]["labels"]
        assert selector["matchLabels"].items() <= labels.items()
        assert (labels[components["key"]] in components["values"]) is is_guarded


def _has(manifest: Manifest, labels: Any) -> bool:  # noqa: ANN401 - items of a dict from YAML
    return bool(labels <= manifest["metadata"]["labels"].items())


def test_there_are_never_more_workers_than_partitions() -> None:
    scaled = manifests(*FULL)["ScaledObject", NAME]["spec"]
    assert (scaled["minReplicaCount"], scaled["maxReplicaCount"]) == (2, 6)
    one = manifests(*FULL, "--set", "settings.PARTITIONS=1")["ScaledObject", NAME]["spec"]
    assert (one["minReplicaCount"], one["maxReplicaCount"]) == (1, 1)


def test_autoscaling_leaves_the_number_of_workers_to_keda_and_measures_our_group() -> None:
    found = manifests(*FULL)
    assert "replicas" not in found["StatefulSet", NAME]["spec"]
    [trigger] = found["ScaledObject", NAME]["spec"]["triggers"]
    assert trigger["metadata"]["consumerGroup"] == found["ConfigMap", NAME]["data"]["LOYALTY_APP_ID"]
    assert (trigger["metadata"]["tls"], trigger["metadata"]["sasl"]) == ("enable", "scram_sha512")
    given = found["TriggerAuthentication", NAME]["spec"]["secretTargetRef"]
    assert {each["parameter"] for each in given} == {"password", "ca", "cert", "key", "keyPassword"}


def test_topics_are_made_before_an_install_and_before_an_upgrade() -> None:
    job = manifests(*SERVERS)["Job", f"{NAME}-topics"]
    assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    assert pod_of(job)["containers"][0]["args"] == ["topics", "apply"]
    assert ("Job", f"{NAME}-topics") not in manifests(*SERVERS, "--set", "topics.apply=false")
