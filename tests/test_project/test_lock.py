"""The locks pin and hash everything, agree with each other, and name no place."""

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest

LOCKS = ["requirements.lock", "requirements-core.lock"]
NAME = re.compile(r"^(?P<name>[a-z0-9-]+)(?:\[[a-z,-]+\])?==(?P<version>[^ ;\\]+)", re.MULTILINE)


def pinned(lock: Path) -> set[tuple[str, str]]:
    return {(pin["name"], pin["version"]) for pin in NAME.finditer(lock.read_text("utf-8"))}


def required(requirements: list[str]) -> set[str]:
    names = {re.split(r"[\[<>=!~; ]", line, maxsplit=1)[0] for line in requirements}
    return {name.lower().replace("_", "-") for name in names if name != "twin-ties"}


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_names_no_registry_and_no_folder(checkout: Path, name: str):
    text = (checkout / name).read_text("utf-8")
    assert not re.findall(r"\w+://|file:|--(?:extra-)?index-url|--find-links|@ ", text)
    assert not re.findall(r"(?m)(?:^|\s)/\S+", text)


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_a_hash(checkout: Path, name: str):
    pins = re.split(r"(?m)^(?=[a-z0-9])", (checkout / name).read_text("utf-8"))[1:]
    assert pins
    assert [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin] == []


def test_every_requirement_is_pinned(checkout: Path):
    project = tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))
    core = required(project["project"]["dependencies"])
    extras = required(list(chain(*project["project"]["optional-dependencies"].values())))
    tools = required(project["dependency-groups"]["dev"])
    in_core = {name for name, _ in pinned(checkout / "requirements-core.lock")}
    in_all = {name for name, _ in pinned(checkout / "requirements.lock")}
    assert core - in_core == set()
    assert (core | extras | tools) - in_all == set()


def test_the_core_lock_pins_what_the_whole_lock_pins(checkout: Path):
    core = pinned(checkout / "requirements-core.lock")
    assert core - pinned(checkout / "requirements.lock") == set()
