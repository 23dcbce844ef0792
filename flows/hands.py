"""Who does the work of a run: processes of this machine, or the workers of a Dask cluster."""

from __future__ import annotations

from flows.cluster import DaskEngine, DaskPool
from flows.pool import Pool
from flows.prefect_cluster import PrefectEngine
from flows.prefect_runner import PrefectRunner, in_flow
from flows.runner import Runner
from kb.settings import Settings


def hands(settings: Settings, runner: Runner) -> Pool | DaskPool:
    """Return the workers that the settings ask for; with Prefect what they read are its tasks.

    Raises:
        ClusterError: no scheduler answers.
    """
    if not settings.dask:
        return Pool(settings.workers)
    if isinstance(runner, PrefectRunner) and in_flow():
        return DaskPool(PrefectEngine(settings.dask))
    return DaskPool(DaskEngine(settings.dask))
