"""Change the code at random, one small change at a time, and see whether a test notices.

All groups of modules, or some:

    python mutation/run.py
    python mutation/run.py --only model life

Only the changes that no test noticed in the last run, after tests were added:

    python mutation/run.py --survivors

mutmut makes the changes and runs the tests; here is chosen which changes are tried (a sample of
each module with a fixed seed) and with which tests. It works on a copy under build/mutation, so
the checkout stays as it is. Results go to mutation/results.json, the table to docs/mutation.md.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from copying import CHECKOUT, copy_checkout
from statsmodels.stats.proportion import proportion_confint

PACKAGE = CHECKOUT / "src" / "ties"
SCRATCH = CHECKOUT / "build" / "mutation"
RESULTS = CHECKOUT / "mutation" / "results.json"
PAGE = CHECKOUT / "docs" / "mutation.md"

SEED = 20261128
# What a record needs to be found and what tests read, beside src and tests.
COPIED = ("src", "tests", "data", "docs", "validation", "pyproject.toml")
# mutmut allows twice PATIENCE times as long as the tests took, and these seconds beside.
PATIENCE = 3
PATIENCE_AT_LEAST = 20
# What runs when a module is loaded cannot be switched for a trial.
_AT_IMPORT = ("__init__.py", "tables.py")
# How a trial ends whose tests could not be started.
_NOT_RUN = 255
_UNNOTICED = ("survived", "no tests")
# Each time pytest collects tests in one process it escapes their names once more, and then does not
# find those with a letter beyond ASCII. mutmut counts such a trial as one that took too long.
_PLAIN_IDS = "disable_test_id_escaping_and_forfeit_all_rights_to_community_support=true"
# That a test failed is enough: to look for the smallest example takes minutes, and is not read.
CONFTEST = """\
from hypothesis import Phase, settings

own = settings(settings.get_profile("ci"), phases=[Phase.explicit, Phase.generate])
settings.register_profile("mutation", own)
settings.load_profile("mutation")
"""


@dataclass(frozen=True)
class Group:
    """Modules that are tested by the same tests.

    Parameters
    ----------
    modules
        Patterns of files below `src/ties`.
    tests
        What pytest runs; of these mutmut takes the ones that reach the changed function.
    sample
        Changes tried in a module, at most.
    more
        Patterns of modules of which `sample_more` changes are tried, since all else rests on them.
    """

    modules: tuple[str, ...]
    tests: tuple[str, ...]
    sample: int = 30
    more: tuple[str, ...] = ()
    sample_more: int = 40

    def files(self) -> list[Path]:
        """Give the modules, by path."""
        found = {path for pattern in self.modules for path in PACKAGE.glob(pattern)}
        return sorted(path for path in found if path.name not in _AT_IMPORT)

    def size(self, path: Path) -> int:
        """Give how many changes of a module are tried at most."""
        is_more = any(path.relative_to(PACKAGE).match(pattern) for pattern in self.more)
        return self.sample_more if is_more else self.sample


GROUPS = {
    "model": Group(
        modules=("schema/*.py", "validate/*.py", "dataset.py", "dates.py", "errors.py"),
        tests=(
            "tests/validate",
            "tests/io/test_rejected.py",
            "src/ties/schema",
            "src/ties/validate",
        ),
        more=("dates.py", "validate/*.py"),
    ),
    "analysis": Group(
        modules=("stats/*.py",),
        tests=("tests/stats", "src/ties/stats"),
        sample=25,
    ),
    "life": Group(
        modules=("lifecycle/*.py", "parallel.py"),
        tests=(
            "tests/test_lifecycle.py",
            "tests/test_states.py",
            "tests/test_record.py",
            "src/ties/lifecycle",
        ),
        sample=40,
        more=("lifecycle/e*.py",),
        sample_more=60,
    ),
}


def main() -> None:
    """Try the sampled changes, and write down what came of them."""
    options = _options()
    found = json.loads(RESULTS.read_text("utf-8"))["modules"] if RESULTS.exists() else {}
    for name in options.only or GROUPS:
        group = GROUPS[name]
        own = {module_name(path): found.get(module_name(path), {}) for path in group.files()}
        alive = [mutant for told in own.values() for mutant in told.get("survivors", ())]
        if options.survivors and not alive:
            continue
        verdicts = run(SCRATCH / name, group, options, alive if options.survivors else [])
        found |= told_by_module(SCRATCH / name, group, verdicts, own if options.survivors else {})
        write(found, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", nargs="+", choices=GROUPS, help="groups of modules")
    parser.add_argument("--survivors", action="store_true", help="only what survived last time")
    parser.add_argument("--seed", type=int, default=SEED, help="seed of the sample")
    parser.add_argument("--share", type=float, default=1.0, help="share of the sample to try")
    parser.add_argument(
        "--minutes", type=float, help="time for each group; what is left is untried"
    )
    parser.add_argument("--without", nargs="+", default=[], help="tests to leave out, by path")
    parser.add_argument("--measured-on", default="unknown", help="day to name in the results")
    return parser.parse_args()


def module_name(path: Path) -> str:
    """Give the name by which a module is imported."""
    return ".".join(("ties", *path.relative_to(PACKAGE).with_suffix("").parts))


def run(
    home: Path, group: Group, options: argparse.Namespace, only: list[str]
) -> dict[str, dict[str, str]]:
    """Let mutmut try changes, all of the sample or some, and give the verdict on each."""
    _copy(home, group, options)
    # With CI set, hypothesis draws the same examples every time and remembers none.
    environment = os.environ | {"CI": "true", "OMP_NUM_THREADS": "1", "TIES_EXAMPLES": "5"}
    mutmut = [sys.executable, str(Path(__file__).with_name("sampled.py"))]
    n_cores = str(len(os.sched_getaffinity(0)))
    command = [*mutmut, "run", "--max-children", n_cores, *only]
    with subprocess.Popen(command, cwd=home, env=environment) as mutmut_run:
        try:
            code = mutmut_run.wait(60 * options.minutes if options.minutes else None)
        except subprocess.TimeoutExpired:
            mutmut_run.send_signal(signal.SIGINT)  # it ends in order, and keeps its verdicts
            code = mutmut_run.wait()
    if code:
        sys.exit(code)
    return {
        mutant: {"verdict": verdict, "change": _shown(mutmut, home, mutant, verdict)}
        for mutant, verdict in _verdicts(home)
        if verdict != "not checked"
    }


def _copy(home: Path, group: Group, options: argparse.Namespace) -> None:
    copy_checkout(home, COPIED)
    (home / "conftest.py").write_text(CONFTEST, "utf-8")
    mutated = [str(path.relative_to(CHECKOUT)) for path in group.files()]
    settings = {
        "source_paths": ["src"],
        "only_mutate": mutated,
        "also_copy": ["data", "docs", "validation", "conftest.py"],
        "pytest_add_cli_args_test_selection": group.tests,
        # A changed copy of a function brings the example in its docstring with it.
        "pytest_add_cli_args": ["-p", "no:cacheprovider", "-k", "not __mutmut", "-o", _PLAIN_IDS]
        + [f"--ignore={path}" for path in options.without],
        "process_isolation": "forkserver",
        "timeout_multiplier": PATIENCE,
        "timeout_constant": PATIENCE_AT_LEAST,
    }
    (home / "setup.cfg").write_text("\n".join(["[mutmut]", *_as_lines(settings)]), "utf-8")
    sizes = {
        str(path.relative_to(CHECKOUT)): {
            "size": max(1, round(group.size(path) * options.share)),
            "seed": f"{options.seed} {module_name(path)}",
        }
        for path in group.files()
    }
    (home / "sizes.json").write_text(json.dumps(sizes), "utf-8")


def _as_lines(settings: dict[str, Any]) -> Iterator[str]:
    for key, value in settings.items():
        is_list = isinstance(value, list | tuple)
        yield f"{key} =" + "".join(f"\n    {v}" for v in value) if is_list else f"{key} = {value}"


def _verdicts(home: Path) -> Iterator[tuple[str, str]]:
    from mutmut.stats import status_by_exit_code

    for path in sorted((home / "mutants").rglob("*.meta")):
        codes = json.loads(path.read_text("utf-8"))["exit_code_by_key"]
        if _NOT_RUN in codes.values():
            sys.exit(f"{path.stem}: the tests of a change did not run; mutmut calls that a timeout")
        yield from ((mutant, status_by_exit_code[code]) for mutant, code in codes.items())


def _shown(mutmut: list[str], home: Path, mutant: str, verdict: str) -> str:
    """Give the lines that a change takes away and puts in; nothing if a test noticed it."""
    if verdict == "killed":
        return ""
    shown = subprocess.run([*mutmut, "show", mutant], cwd=home, capture_output=True, text=True)
    lines = [line for line in shown.stdout.splitlines() if re.match(r"[-+](?![-+])", line)]
    return "\n".join(lines)


def told_by_module(
    home: Path, group: Group, verdicts: dict[str, dict[str, str]], before: dict[str, Any]
) -> dict[str, Any]:
    """Count the verdicts of each module; what was not tried again is as it was before."""
    told = {}
    for path in group.files():
        module = module_name(path)
        own = {m: v for m, v in verdicts.items() if m.rpartition(".")[0] == module}
        alive = {m: v["change"] for m, v in own.items() if v["verdict"] in _UNNOTICED}
        known = before.get(module, {"n_tried": len(own), "n_too_slow": 0})
        n_too_slow = known["n_too_slow"] + sum(v["verdict"] == "timeout" for v in own.values())
        counted = home / "counts" / str(path.relative_to(CHECKOUT)).replace("/", ".")
        told[module] = {
            "n_changes": int(counted.read_text("utf-8")),
            "n_tried": known["n_tried"],
            # On a busy machine a test may be slow for another reason than the change.
            "n_noticed": known["n_tried"] - n_too_slow - len(alive),
            "n_too_slow": n_too_slow,
            "n_unreached": sum(v["verdict"] == "no tests" for v in own.values()),
            "survivors": alive,
        }
    return told


def write(found: dict[str, Any], options: argparse.Namespace) -> None:
    """Write the results, and the table of the page if there is one."""
    about = {"seed": options.seed, "mutmut": version("mutmut"), "measured_on": options.measured_on}
    content = about | {"modules": dict(sorted(found.items()))}
    RESULTS.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")
    if PAGE.exists():
        text = PAGE.read_text("utf-8")
        table = "\n".join(_table(content["modules"]))
        text = re.sub(r"(?s)(?<=<!-- table -->\n).*?(?=\n<!-- end -->)", lambda _: table, text)
        PAGE.write_text(text, "utf-8")


def _table(modules: dict[str, Any]) -> Iterable[str]:
    yield "| Module | Changes | Tried | Noticed | Too slow | Share | 95 % interval |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for module, told in modules.items():
        if told["n_tried"]:
            yield _row(f"`{module}`", told)
    summed = ("n_changes", "n_tried", "n_noticed", "n_too_slow")
    yield _row("**all**", {key: sum(m[key] for m in modules.values()) for key in summed})


def _row(name: str, told: dict[str, int]) -> str:
    n_tried, n_noticed = told["n_tried"], told["n_noticed"]
    low, high = proportion_confint(n_noticed, n_tried, method="wilson")
    share = f"{n_noticed / n_tried:.0%} | {low:.0%} to {high:.0%}"
    counts = f"{told['n_changes']} | {n_tried} | {n_noticed} | {told['n_too_slow']}"
    return f"| {name} | {counts} | {share} |"


if __name__ == "__main__":
    main()
