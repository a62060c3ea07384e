"""Work on columns side by side: numpy and Arrow let other threads go on while they count."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

import pyarrow as pa

T = TypeVar("T")

# Fewer rows are done before a second thread has begun.
_FEW: Final = 100_000
# Beyond these, threads wait for one another: what lies between two columns is Python.
_MOST: Final = 4


def parallel_map(work: Iterable[Callable[[], T]], n_rows: int) -> list[T]:
    """Do several things that do not touch each other, and give what each gives, in order.

    Parameters
    ----------
    work
        Functions without arguments. The first error among them, in their order, is raised.
    n_rows
        Rows that they work on: a few are done one after another.

    Examples
    --------
    >>> parallel_map([lambda: "a", lambda: "b"], n_rows=1_000_000)
    ['a', 'b']
    """
    # As many as Arrow may use, which OMP_NUM_THREADS and `pyarrow.set_cpu_count` set.
    n_threads = min(pa.cpu_count(), _MOST)
    if n_rows < _FEW or n_threads == 1:
        return [one() for one in work]
    with ThreadPoolExecutor(n_threads) as pool:
        return [*pool.map(lambda one: one(), work)]
