"""The tests with the oldest and the newest libraries that are admitted, on every Python.

    make compat                         every session; a Python that is not here is skipped
    make compat ONLY="oldest"           one of them

The locks are not asked. Left out is what tries the project rather than the package, marked `slow`.
"""

import os
import re
import tempfile
from pathlib import Path

import nox

nox.options.default_venv_backend = "uv"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = False
# Those of pyenv first: what it puts on the path stands in for versions that may not be there.
PYENV = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
os.environ["PATH"] = os.pathsep.join([*map(str, PYENV.glob("versions/*/bin")), os.environ["PATH"]])

# The interpreters that the classifiers name; of the tools, those that tests of the package import.
PROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(PROJECT)
EXTRAS = ("report", "import", "gazetteer", "export", "widgets", "dask")
TOOLS = re.compile("(pytest|hypothesis|msoffcrypto-tool|duckdb|frictionless|csvw)[>=]")
# A warning is an error when our own code causes it; old libraries are warned by new ones that they
# will stop to work, and that is between them.
WARNINGS = """
error
ignore::DeprecationWarning
ignore::PendingDeprecationWarning
ignore::FutureWarning
error::DeprecationWarning:ties\\.
error::PendingDeprecationWarning:ties\\.
error::FutureWarning:ties\\.
"""


def try_out(session: nox.Session, resolution: str) -> None:
    """Install the package with the libraries so resolved, and run the tests that are not slow."""
    tools = [line for line in PROJECT["dependency-groups"]["dev"] if TOOLS.match(line)]
    extras = [word for extra in EXTRAS for word in ("--extra", extra)]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as pins:
        session.run_install(
            *("uv", "pip", "compile", "pyproject.toml", "--quiet", *extras),
            *("--resolution", resolution, "--output-file", pins.name),
            silent=True,
        )
        # One library has an extension in C that it can do without, and no wheel for every Python.
        session.install("-r", pins.name, *tools, env={"WITH_EXTENSION": "0"})
    session.install("--no-deps", "--editable", ".")
    default = ["-q", "-p", "no:cacheprovider", "-m", "not slow", "-o", f"filterwarnings={WARNINGS}"]
    session.run("python", "-m", "pytest", *default, *session.posargs)


@nox.session(python=PYTHONS[0])
def oldest(session: nox.Session) -> None:
    """The lowest version of every library that pyproject.toml admits."""
    try_out(session, "lowest-direct")


@nox.session(python=PYTHONS)
def newest(session: nox.Session) -> None:
    """The highest version of every library that there is."""
    try_out(session, "highest")
