"""What lies ready to be installed agrees with the program: compose, secrets, the systemd unit."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml
from judges.dockerfile import stages

from service.cli import COMMANDS
from service.cli.serve import GRACE as SERVE
from service.settings import BucketSettings, Settings, load
from service.web.serving.server import GRACE as WEB

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if one.get("build") == "."}
ONCE = {"prepare", "volumes"}  # they end when they are done
PINNED = re.compile(r"[a-z0-9/.-]+:\d+\.\d+(\.\d+)?(-[a-z]+)?|\S+@sha256:[0-9a-f]{64}")
(DOCKER,) = [{step.word: step.rest for step in stages(ROOT / "Dockerfile")[-1].steps}]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`deploy/` as it is once its script has made the secrets."""
    folder = tmp_path_factory.mktemp("installed") / "deploy"
    shutil.copytree(DEPLOY, folder, ignore=shutil.ignore_patterns("secret", "trust"))
    make_secrets(folder)
    return folder


def make_secrets(folder: Path) -> None:
    subprocess.run([folder / "secrets", "journal.example"], check=True, capture_output=True)


def environment(name: str, folder: Path) -> dict[str, str]:
    """Return what a service of ours finds in its environment, secrets where they lie here."""
    return {
        key: value.replace("/run/secrets", str(folder / "secret"))
        for key, value in SERVICES[name]["environment"].items()
    }


def settings(name: str, folder: Path) -> Settings:
    return load(folder / "vedomost.toml", environment(name, folder))


def test_images_are_pinned_and_run_as_nobody_special() -> None:
    for name, one in SERVICES.items():
        assert PINNED.fullmatch(one["image"]), name
        assert one["cap_drop"] == ["ALL"], name
        assert one["security_opt"] == ["no-new-privileges:true"], name
        assert one["read_only"] is True, name
    unprivileged = {name for name, one in SERVICES.items() if "unprivileged" in one["image"]}
    as_user = {
        name for name, one in SERVICES.items() if re.match(r"[1-9]\d+:", one.get("user", ""))
    }
    assert DOCKER["USER"] not in {"root", "0"}
    assert unprivileged | as_user | OURS.keys() == SERVICES.keys() - {"volumes"}


def test_everything_that_stays_up_is_asked_how_it_is() -> None:
    for name in SERVICES.keys() - ONCE - {"web"}:  # the image asks the web itself
        assert SERVICES[name]["healthcheck"]["test"][0] == "CMD", name
    assert "/livez" in DOCKER["HEALTHCHECK"]
    waited = {after for one in SERVICES.values() for after in one.get("depends_on", {})}
    assert waited <= SERVICES.keys()


def test_commands_exist() -> None:
    assert {name: one["command"][0] in COMMANDS for name, one in OURS.items()} == dict.fromkeys(
        OURS, True
    )
    help_ = subprocess.run(
        [Path(sys.executable).with_name("weed"), "help", "mini"],
        capture_output=True,
        text=True,
        check=False,
    )
    known = set(re.findall(r"^  -([\w.]+)", help_.stdout + help_.stderr, re.M))
    program, *flags = SERVICES["store-a"]["command"]
    assert program == "mini"
    assert {flag[1:].partition("=")[0] for flag in flags} <= known


def test_settings_are_accepted_with_the_secrets_that_are_made(made: Path) -> None:
    for name in OURS:
        told = settings(name, made)
        assert told.logging.format == "json"
        assert [len(key) for key in told.webhooks.sealing] == [32]
        assert re.fullmatch(r"postgresql://vedomost:\w{48}@database/vedomost", told.ledger)
        for store in (told.stores.primary, told.stores.replica, told.stores.working):
            assert isinstance(store, BucketSettings)
            host, _, port = store.endpoint.partition(":")
            assert f"-s3.port={port}" in SERVICES[host]["command"]
            known = json.loads((made / "secret" / f"identities-{host[-1]}").read_text())
            keys = {
                each["accessKey"]: each["secretKey"]
                for identity in known["identities"]
                for each in identity["credentials"]
            }
            assert keys[store.access_key] == store.secret_key.get_secret_value()
    names = {settings(name, made).worker.name for name in ("worker-1", "worker-2")}
    assert names == {"worker-1", "worker-2"}


def test_secrets_are_made_once_and_for_the_owner_alone(made: Path) -> None:
    def all_of_it() -> dict[Path, bytes]:
        return {one: one.read_bytes() for one in made.rglob("*") if one.is_file()}

    before = all_of_it()
    make_secrets(made)
    assert all_of_it() == before
    assert (made / "secret").stat().st_mode & 0o077 == 0
    files = {Path(one["file"]).relative_to("deploy") for one in COMPOSE["secrets"].values()}
    files |= {
        Path(env).relative_to("deploy") for s in SERVICES.values() for env in s.get("env_file", ())
    }
    assert [one for one in files if not (made / one).stat().st_size] == []
    passwords = [one.read_text() for one in (made / "secret").glob("*-secret")]
    assert len(set(passwords)) == len(passwords) == 4
    assert "/deploy/secret/" in (ROOT / ".gitignore").read_text()
    for text in ((ROOT / "compose.yaml").read_text(), (DEPLOY / "vedomost.toml").read_text()):
        assert not re.search(r"(?i)(password|secret_key|access_key)\s*[:=]\s*[\"']?\w", text)


def test_ports_agree(made: Path) -> None:
    proxy = (made / "nginx.conf").read_text()
    (passed,) = re.findall(r"proxy_pass http://([\w-]+):(\d+);", proxy)
    assert passed == ("web", DOCKER["EXPOSE"])
    (listened,) = re.findall(r"listen (\d+) ssl", proxy)
    (plain,) = re.findall(r"listen (\d+);", proxy)
    assert SERVICES["proxy"]["ports"] == [f"443:{listened}", f"80:{plain}"]
    (most,) = re.findall(r"client_max_body_size (\d+)m", proxy)
    assert int(most) << 20 == settings("web", made).web.body_limit
    metrics = settings("worker-1", made).metrics.listen or ""
    assert (
        f":{metrics.rpartition(':')[2]}/metrics" in SERVICES["worker-1"]["healthcheck"]["test"][-1]
    )
    published = {name for name, one in SERVICES.items() if "ports" in one}
    assert published == {"proxy"}


def test_the_proxy_is_believed_and_stands_between(made: Path) -> None:
    proxy, web = SERVICES["proxy"], SERVICES["web"]
    assert set(proxy["networks"]) & set(web["networks"]) == {"inside"}
    address = ip_address(proxy["networks"]["inside"]["ipv4_address"])
    (subnet,) = COMPOSE["networks"]["inside"]["ipam"]["config"]
    assert address in ip_network(subnet["subnet"])
    believed = settings("web", made).access.proxy
    assert believed is not None
    assert believed.addresses == (ip_network(f"{address}/32"),)
    said = (made / "nginx.conf").read_text()
    assert "proxy_request_buffering on;" in said
    for header in (
        "X-Forwarded-For $remote_addr",
        "X-Forwarded-Proto https",
        "Client-Cert $ssl_client_escaped_cert",
    ):
        assert f"proxy_set_header {header};" in said


def test_whatever_stays_up_is_restarted_drained_and_bounded() -> None:
    for name in SERVICES.keys() - ONCE:
        one = SERVICES[name]
        assert one["restart"] == "unless-stopped", name
        assert one["mem_limit"], name
        assert one["pids_limit"], name
    for name in OURS:
        assert int(SERVICES[name]["stop_grace_period"].removesuffix("s")) > max(WEB, SERVE)
    (unit,) = re.findall(r"^TimeoutStopSec=(\d+)$", (DEPLOY / "vedomost.service").read_text(), re.M)
    assert int(unit) > SERVE
    assert {SERVICES[name].get("restart") for name in ONCE} == {"no"}


def test_stores_are_reached_by_the_service_alone() -> None:
    for store in ("store-a", "store-b"):
        assert SERVICES[store]["networks"] == [store]
        assert COMPOSE["networks"][store]["internal"] is True
        users = {name for name, one in SERVICES.items() if store in one.get("networks", ())}
        assert users == {store, *OURS}


def test_unit_is_one_systemd_takes(tmp_path: Path) -> None:
    unit = (DEPLOY / "vedomost.service").read_text()
    (command,) = re.findall(r"^ExecStart=(\S+) (\w+)$", unit, re.M)
    assert command[0].endswith("/vedomost")
    assert command[1] in COMMANDS
    here = tmp_path / "vedomost.service"
    here.write_text(unit.replace(command[0], "/bin/true"))
    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", here], capture_output=True, text=True, check=False
    )
    mine = [line for line in told.stderr.splitlines() if "vedomost.service" in line]
    assert (told.returncode, mine) == (0, [])
    assert not re.search(r"^User=root", unit, re.M)
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", here],
        capture_output=True,
        text=True,
        check=True,
    )
    (exposure,) = re.findall(r"exposure level for \S+: ([\d.]+)", judged.stdout)
    assert float(exposure) <= 1.4, judged.stdout
