"""Scrapy's settings for one crawl."""

from __future__ import annotations

from crawlers.job import Job
from kb.settings import settings

AGENT = "vietnamese-press-kb"
VERSION = "0.1"
SOFTWARE = f"{AGENT}/{VERSION}"
_SHORTEST = 0.01
"""Seconds between two requests; without any Scrapy sends more at once than it may."""


def scrapy_settings(job: Job) -> dict[str, object]:
    """Return the settings; every outlet has its own queue (downloader slot), named by its id."""
    slots = {
        outlet.id: {"delay": max(outlet.delay, _SHORTEST), "concurrency": outlet.concurrency}
        for outlet in job.outlets.values()
    }
    together = sum(outlet.concurrency for outlet in job.outlets.values())
    return {
        "BOT_NAME": AGENT,
        "USER_AGENT": f"{SOFTWARE} (+{settings().contact})",
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": AGENT,
        "DOWNLOAD_SLOTS": slots,
        "DOWNLOAD_DELAY_JITTER": 0,  # a delay is a promise: jitter would go below it
        # no more than can be sent: what waits here is past the guard and cannot be called back
        "CONCURRENT_REQUESTS": together,
        # each answer starts so many tasks for what is scraped from it, and we scrape nothing
        "CONCURRENT_ITEMS": 1,
        "DOWNLOAD_MAXSIZE": settings().max_page_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "RETRY_TIMES": 2,
        "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",  # the crawl log has it
        "REDIRECT_MAX_TIMES": 5,
        "HTTPERROR_ALLOW_ALL": True,  # 304, 404 and 410 are news
        "DOWNLOADER_MIDDLEWARES": {
            "crawlers.guard.Guard": 20,
            "crawlers.robots.RobotsRecord": 30,
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "crawlers.robots.ObeyRobots": 100,
            "crawlers.pace.Pace": 860,
        },
        "DOWNLOAD_HANDLERS": dict.fromkeys(("http", "https"), "crawlers.download.Download"),
        "DNSCACHE_ENABLED": True,  # what the guard has judged is what is connected to
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",  # the spider compares stories
        "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",  # newest first, as listed
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "vi",
        },
        "COOKIES_ENABLED": False,
        "REFERRER_POLICY": "no-referrer",
        "METAREFRESH_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "LOG_FILE": str(job.out / "scrapy.log"),
        "LOG_LEVEL": "WARNING",
    }
