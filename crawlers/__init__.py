"""The crawl: the only code that opens a connection to an outlet.

Writes captures (WARC) and a log; parses links, not stories. Start it through `crawlers.child`.
"""
