"""What the fuzzer kept, and what it began from, still ends in a result or in an error of ours."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

FUZZ = Path(__file__).parents[2] / "fuzz"
KEPT = sorted(path for path in (FUZZ / "corpus").glob("*/*"))


@pytest.fixture(scope="module")
def targets():
    spec = importlib.util.spec_from_file_location("fuzz_targets", FUZZ / "targets.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["fuzz_targets"] = module
    spec.loader.exec_module(module)
    return module


def test_what_the_fuzzer_begins_from_is_read(targets):
    assert set(targets.SEEDS) == set(targets.TARGETS)
    for name, seeds in targets.SEEDS.items():
        for seed in seeds:
            targets.TARGETS[name](seed.encode() if isinstance(seed, str) else seed)


@pytest.mark.parametrize("name", sorted({path.parent.name for path in KEPT}))
def test_what_the_fuzzer_kept_is_read(targets, name):
    kept = [path for path in KEPT if path.parent.name == name]
    assert kept
    for path in kept:
        targets.TARGETS[name](path.read_bytes())
