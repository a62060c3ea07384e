"""Notebooks, run from top to bottom in kernels of their own.

The kernel is the Python that runs this code: no kernel need be installed, and one that is
installed under the same name is not used. It starts in an empty folder, without the
user's IPython or matplotlib settings and in a fixed time zone, so that what a notebook shows
depends on the notebook and its parameters only.
"""

from __future__ import annotations

import ast
import asyncio
import os
import tempfile
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ties.report.errors import ReportError

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager
    from nbformat import NotebookNode

PARAMETERS_TAG: Final = "parameters"
INJECTED_TAG: Final = "injected-parameters"


def run_notebooks(
    paths: Sequence[Path],
    parameters: Mapping[str, object],
    *,
    timeout: int = 600,
    progress: Callable[[str], None] | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> list[NotebookNode]:
    """Run notebooks with these parameters, side by side, and give them with their outputs.

    Parameters
    ----------
    paths
        Notebook files. Each has one code cell with the tag ``parameters``.
    parameters
        Values that replace those of that cell: text, numbers, true, false or nothing. They
        are handed over as literals, never as code.
    timeout
        Seconds that one cell may take.
    progress
        Called with the name of each notebook that is done.
    meanwhile
        What to do while they run.

    Returns
    -------
    list of NotebookNode
        In the order of `paths`. The cell that set the parameters has the tag
        ``injected-parameters``.

    Raises
    ------
    ReportError
        If a notebook cannot be read, has no such cell, or if one of its cells fails; the
        message names the notebook and the cell.
    """
    notebooks = [inject(_read(path), parameters, path.name) for path in paths]
    with tempfile.TemporaryDirectory(prefix="ties-kernel-") as folder:

        async def run_all() -> None:
            # Kernels take longer to start than most cells to run: they start together.
            runs = (
                _run(path.name, notebook, Path(folder), timeout, progress)
                for path, notebook in zip(paths, notebooks, strict=True)
            )
            failures = await asyncio.gather(*runs, return_exceptions=True)
            for failure in failures:
                if failure is not None:
                    raise failure

        _run_aside(run_all(), meanwhile)
    return notebooks


def _run_aside(work: Coroutine[Any, Any, None], meanwhile: Callable[[], None] | None) -> None:
    """Run something in a thread of its own, and end it in order if this one is stopped.

    In the main thread nbclient would take the signals for itself, and end one kernel of several;
    and in a notebook that thread has a loop already.
    """
    begun: Future[tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]]] = Future()

    async def watched() -> None:
        task = asyncio.current_task()
        assert task is not None
        begun.set_result((asyncio.get_running_loop(), task))
        await work

    with ThreadPoolExecutor(max_workers=1) as thread:
        done = thread.submit(asyncio.run, watched())
        try:
            if meanwhile is not None:
                meanwhile()
            done.result()
        except BaseException:
            if not done.done():  # this thread was stopped, and not the other
                loop, task = begun.result()
                loop.call_soon_threadsafe(task.cancel)
            raise


def inject(
    notebook: NotebookNode, parameters: Mapping[str, object], name: str = "notebook"
) -> NotebookNode:
    """Add a cell after the tagged one that sets the parameters anew.

    Raises
    ------
    ReportError
        If no cell has the tag ``parameters``, or a value cannot be written as a literal.
    """
    from nbformat.v4 import new_code_cell

    tags = [cell.metadata.get("tags", []) for cell in notebook.cells]
    place = next((i for i, tagged in enumerate(tags) if PARAMETERS_TAG in tagged), None)
    if place is None:
        raise ReportError(
            f"{name} has no cell with the tag 'parameters'; add the tag to the cell that sets them"
        )
    source = "\n".join(_assignment(key, value) for key, value in parameters.items())
    cell = new_code_cell(source, id=INJECTED_TAG, metadata={"tags": [INJECTED_TAG]})
    notebook.cells.insert(place + 1, cell)
    return notebook


def _assignment(name: str, value: object) -> str:
    literal = repr(value)
    try:
        is_literal = name.isidentifier() and ast.literal_eval(literal) == value
    except (ValueError, SyntaxError):
        is_literal = False
    if not is_literal:
        raise ReportError(f"the parameter {name!r} is not a plain value: {literal}")
    return f"{name} = {literal}"


def _read(path: Path) -> NotebookNode:
    import nbformat

    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except OSError as error:
        raise ReportError(f"{path.name} cannot be read: {error.strerror}") from error
    except Exception as error:  # nbformat raises whatever its JSON and schema readers do
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ReportError(f"{path.name} is not a notebook of format 4: {reason}") from error
    return notebook


async def _run(
    name: str,
    notebook: NotebookNode,
    folder: Path,
    timeout: int,
    progress: Callable[[str], None] | None,
) -> None:
    """Run one notebook in place, and say in the reader's terms what went wrong."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    home = Path(tempfile.mkdtemp(dir=folder))
    manager = _kernel(home)
    client = NotebookClient(
        notebook, km=manager, timeout=timeout, startup_timeout=120, record_timing=False
    )
    try:
        with (home / "kernel.log").open("wb") as log:
            await client.async_execute(
                cleanup_kc=True, env=_environment(home), cwd=str(home), stdout=log, stderr=log
            )
    except CellExecutionError as error:
        where = f"{name}, cell {_failed_cell(notebook)}"
        raise ReportError(f"{where}: {error.ename}: {error.evalue}") from error
    except CellTimeoutError as error:
        raise ReportError(f"{name}: a cell took more than {timeout} seconds") from error
    except (DeadKernelError, RuntimeError) as error:
        raise ReportError(f"{name}: the kernel died; {_last_words(home)}") from error
    finally:
        # nbclient leaves a kernel behind that it was only about to start when we were stopped.
        if manager.has_kernel:
            await manager.shutdown_kernel(now=True)
    if progress is not None:
        progress(name)


def _kernel(home: Path) -> AsyncKernelManager:
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

    # Without folders to look in, only the kernel of the running Python itself is left.
    specs = KernelSpecManager(kernel_dirs=[], ensure_native_kernel=True)
    manager = AsyncKernelManager(
        kernel_name="python3",
        kernel_spec_manager=specs,
        connection_file=str(home / "kernel.json"),
    )
    if os.name == "posix":
        # Sockets in a folder of our own: no port is opened, and nobody else can connect.
        manager.transport = "ipc"
        manager.ip = str(home / "kernel")
    return manager


def _last_words(home: Path) -> str:
    lines = (home / "kernel.log").read_text(errors="replace").strip().splitlines()
    return f"its last words: {lines[-1]}" if lines else "was there enough memory?"


def _environment(home: Path) -> dict[str, str]:
    """Give the kernel's environment: the caller's, less what could change an output."""
    fixed = {
        "IPYTHONDIR": str(home / "ipython"),
        "MPLCONFIGDIR": _matplotlib_cache(),
        "MATPLOTLIBRC": str(home / "matplotlibrc"),
        "PYTHONHASHSEED": "0",
        "TZ": "UTC",
        "NO_COLOR": "1",
    }
    (home / "matplotlibrc").write_text("", encoding="utf-8")
    return {**os.environ, **fixed}


def _matplotlib_cache() -> str:
    """Keep the caller's font cache: building one anew costs seconds for each kernel."""
    import matplotlib

    return matplotlib.get_cachedir()


def _failed_cell(notebook: NotebookNode) -> str:
    """Name the cell that failed by its number, as a reader counts, and its first line."""
    cells: list[Any] = [
        cell for cell in notebook.cells if INJECTED_TAG not in cell.metadata.get("tags", [])
    ]
    for number, cell in enumerate(cells, start=1):
        outputs = cell.get("outputs", [])
        if any(output.output_type == "error" for output in outputs):
            first = cell.source.strip().splitlines()[0] if cell.source.strip() else ""
            return f"{number} ({first})"
    return "with the parameters"
