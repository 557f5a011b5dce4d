"""The wheel as a stranger gets it: built, looked into, installed into an empty environment and tried from elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from running_house import OURS
from tocsin import __version__

ROOT = Path(__file__).parents[2]
PACKAGES = {
    "tocsin": ROOT / "src" / "tocsin",
    "tocsin_scheduler": ROOT / "scheduler" / "tocsin_scheduler",
    "tocsin_worker": ROOT / "worker" / "tocsin_worker",
    "tocsin_web": ROOT / "web" / "tocsin_web",
    "tocsin/templates": ROOT / "templates",
}
METADATA = f"tocsin-{__version__}.dist-info"

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    [found] = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel, and with the dependencies that are installed here, but not with our sources."""
    new = tmp_path_factory.mktemp("installed") / "venv"
    uv = [sys.executable, "-m", "uv", "--offline", "--no-config", "--quiet"]
    subprocess.run([*uv, "venv", "--python", sys.executable, new], check=True)
    install = ["pip", "install", "--python", str(new / "bin" / "python"), "--no-index", "--no-deps", str(wheel)]
    subprocess.run([*uv, *install], check=True)
    [packages] = new.glob("lib/python*/site-packages")
    # A path in a .pth file is searched, but the .pth files in it, such as our editable installation's, are not read.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return new


@pytest.fixture
def run(installed: Path, tmp_path: Path) -> Run:
    """Run a program of the new environment, in an empty folder."""
    foreign = {name: value for name, value in os.environ.items() if not name.startswith((*OURS, "PYTHON"))}

    def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(installed / "bin" / program), *arguments]
        return subprocess.run(
            command, env=foreign, cwd=tmp_path, capture_output=True, text=True, timeout=110, check=False
        )

    return run


def sources() -> set[str]:
    return {
        f"{package}/{path.relative_to(folder)}"
        for package, folder in PACKAGES.items()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_has_all_of_the_packages_and_nothing_else(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    metadata = {name for name in names if name.startswith(f"{METADATA}/")}
    assert names - metadata == sources()
    assert {f"{METADATA}/licenses/LICENSE", f"{METADATA}/licenses/NOTICE", f"{METADATA}/entry_points.txt"} <= metadata


def test_the_wheel_has_what_is_no_code(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {
        "tocsin/config/starter.yaml",
        "tocsin/demo/data/watchlist.yaml",
        "tocsin/demo/data/outlets/meridian-post.yaml",
        "tocsin/py.typed",
        "tocsin/regions/data/gazetteer.xz",
        "tocsin/store/migrations/versions/0001_first_tables.py",
        "tocsin/templates/email/digest.html",
        "tocsin/templates/email/mail.css",
        "tocsin/templates/web/layout.html",
        "tocsin_scheduler/py.typed",
        "tocsin_web/py.typed",
        "tocsin_worker/py.typed",
    } <= names


def test_what_is_installed_is_the_wheel_and_not_the_sources(run: Run, installed: Path) -> None:
    program = "import tocsin, tocsin_web, tocsin_worker; print(tocsin.__file__, tocsin_web.__file__, sep='\\n')"
    ran = run("python", "-c", program)
    assert ran.returncode == 0, ran.stderr
    for place in ran.stdout.splitlines():
        assert Path(place).is_relative_to(installed)


def test_its_commands_work_from_any_folder(run: Run, tmp_path: Path) -> None:
    assert run("tocsin", "--version").stdout == f"tocsin {__version__}\n"
    schema = run("tocsin", "schema")
    assert json.loads(schema.stdout)["type"] == "object"
    assert run("tocsin", "init").returncode == 0
    assert (tmp_path / "watchlist.yaml").exists()
    check = run("tocsin", "check")
    assert (check.returncode, check.stderr) == (0, "")
    assert check.stdout.startswith("watchlist.yaml: ")
    upgrade = run("tocsin", "db", "upgrade")
    assert (upgrade.returncode, upgrade.stderr) == (0, "")


def test_its_demo_works_from_any_folder(run: Run, tmp_path: Path) -> None:
    ran = run("tocsin", "demo", "--once")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "The digest of zoe@example.org, as text" in ran.stdout
    assert "Where to look" in ran.stdout
    assert (tmp_path / "var" / "demo" / "digest.html").exists()
