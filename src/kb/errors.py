"""The one exception tree of the project.

KbError
├── ConfigError         settings, outlet YAML, registry YAML, command-line values (exit code 2)
│   ├── QueryError      a search query that cannot be understood
│   └── Refused         a decision on the review desk that does not fit what it is about
├── BadInput            one item that cannot be used: it goes to the quarantine, the rest goes on
│   ├── UnreadableFile  a file that is empty, truncated, or not what its name says
│   └── NoArticle       a page that holds no story (listing, error page, picture)
├── ArchiveError        the database cannot be opened, is locked, or has an unknown schema
│   └── NotAnArchive    what is set as the archive is none; a ConfigError, too (exit code 2)
├── CrawlError          the crawl child did not finish
├── ClusterError        the workers of other machines cannot be reached, or cannot do the work
├── SendError           a message was not taken by its mail server, webhook or service
└── BusyError           another run of the same kind is at work
"""

from __future__ import annotations


class KbError(Exception):
    """Base of every error that this project raises on purpose."""


class ConfigError(KbError):
    """Settings or a data file are wrong; the message says which key and what to do."""


class QueryError(ConfigError):
    """A query or filter that cannot be understood; the message names the place."""


class Refused(ConfigError):
    """A decision that does not fit; pages say why in their language by `reason` and `values`."""

    def __init__(self, message: str, reason: str, **values: str) -> None:
        super().__init__(message)
        self.reason, self.values = reason, values


class BadInput(KbError):
    """One item cannot be used; the message is the one-line reason kept in the quarantine."""


class UnreadableFile(BadInput):
    """A file is empty, truncated, or not what its name says."""


class NoArticle(BadInput):
    """A readable page that holds no story."""


class ArchiveError(KbError):
    """The archive cannot be opened or written."""


class NotAnArchive(ArchiveError, ConfigError):
    """No archive is where the settings say: a folder, nothing yet, another program's database."""


class CrawlError(KbError):
    """A crawl child process ended without finishing."""


class ClusterError(KbError):
    """No scheduler answers, or workers of other machines cannot do what they are given."""


class SendError(KbError):
    """A message was not taken; the reason holds no password and no address that is a secret."""


class BusyError(KbError):
    """Another run of the same kind is at work on this archive; nothing was done."""
