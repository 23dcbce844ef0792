"""The process that registers the schedules with Prefect and runs what falls due."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kb.errors import ConfigError, KbError
from kb.settings import Settings, settings

if TYPE_CHECKING:
    from prefect.client.schemas.schedules import CronSchedule
    from prefect.deployments.runner import RunnerDeployment

NAME = "kb"
"""Deployments are called `nightly/kb`, `maintenance/kb` and `digest/kb`."""
LOOK_SECONDS = 60.0
"""How often it is looked whether somebody is due outside of the morning."""
log = logging.getLogger("kb.schedule")


def cron(text: str, zone: str, setting: str) -> CronSchedule | None:
    """Return a schedule as Prefect takes it; None where none is wanted.

    Raises:
        ConfigError: not as cron writes it, or an unknown time zone; names the setting.
    """
    from prefect.client.schemas.schedules import CronSchedule

    if not text.strip():
        return None
    try:
        # Prefect also takes six, the last of them seconds.
        if len(text.split()) != (1 if text.lstrip().startswith("@") else 5):
            raise ValueError("not five fields")
        return CronSchedule(cron=text, timezone=zone)
    except ValueError as error:
        raise ConfigError(
            f"{setting} {text!r} in {zone!r}: five fields as in `0 2 * * *`, and a zone such as "
            "Asia/Ho_Chi_Minh (KB_TIMEZONE)"
        ) from error


def schedules(chosen: Settings) -> dict[str, CronSchedule | None]:
    """Return the schedule of each flow.

    Raises:
        ConfigError: one of them is wrong.
    """
    return {
        "nightly": cron(chosen.nightly_cron, chosen.timezone, "KB_NIGHTLY_CRON"),
        "maintenance": cron(chosen.maintenance_cron, chosen.timezone, "KB_MAINTENANCE_CRON"),
        "digest": cron(chosen.digest_cron, chosen.timezone, "KB_DIGEST_CRON"),
    }


def deployments(chosen: Settings) -> list[RunnerDeployment]:
    """Return what is registered; a flow without a schedule is registered as paused, so that an
    earlier schedule does not go on.

    One at a time is not left to Prefect: a run that is killed keeps its place there, and the
    nights after it would be lost. `flows/lock.py` sees to it.
    """
    from prefect.types.entrypoint import EntrypointType

    from flows import scheduled

    found = []
    for name, schedule in schedules(chosen).items():
        flow = getattr(scheduled, name)
        found.append(
            flow.to_deployment(
                NAME,
                schedules=[schedule] if schedule is not None else [],
                paused=schedule is None,
                entrypoint_type=EntrypointType.MODULE_PATH,
            )
        )
    return found


def somebody_is_due(chosen: Settings) -> bool:
    """Whether a digest has to go out now: an hour of its own, a message that was not taken, or
    what had to wait for the next hour."""
    from flows.following import is_due
    from kb.archive import Archive

    try:
        with Archive.open(chosen.url, create=False) as archive:
            return is_due(archive, chosen, datetime.now(UTC))
    except KbError as error:  # the next look may find it well again
        log.warning("it is not known who is due: %s", error)
        return False


async def _look(chosen: Settings) -> None:
    """Start a run of `digest` whenever somebody is due; ends with the process."""
    from prefect.deployments import arun_deployment

    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            if await asyncio.to_thread(somebody_is_due, chosen):
                await arun_deployment(
                    f"digest/{NAME}", parameters={"morning": False}, timeout=0, as_subflow=False
                )
                # It gets the time to do its work before it is looked again.
                await asyncio.sleep(LOOK_SECONDS)
        except Exception as error:  # a server that starts again must not end the schedules
            log.warning("who is due could not be told: %s", error)


async def _serve(registered: list[RunnerDeployment], chosen: Settings) -> None:
    from prefect.runner import Runner

    class Stoppable(Runner):
        """Prefect's own handler calls from the loop what waits for the loop, and dies of it."""

        def handle_sigterm(self, *_: object) -> None:
            loop.call_soon_threadsafe(lambda: stops.append(loop.create_task(self.astop())))

    loop, stops = asyncio.get_running_loop(), list[asyncio.Task[None]]()
    # With pause_on_shutdown a stop over night would leave the schedules switched off.
    runner = Stoppable(name=NAME, pause_on_shutdown=False, limit=3)
    for one in registered:
        await runner.aadd_deployment(one)
    looking = loop.create_task(_look(chosen)) if chosen.digest_cron.strip() else None
    await runner.start()
    if looking is not None:
        looking.cancel()


def main() -> None:
    """Register and run until SIGTERM."""
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    chosen = settings()
    registered = deployments(chosen)  # outside of the loop: inside Prefect would wait for it
    asyncio.run(_serve(registered, chosen))


if __name__ == "__main__":
    main()
