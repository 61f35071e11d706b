"""Follows the stream of the first argument and posts its events to the page of the second, one by one."""
import json
import sys
import urllib.request

from stream import events

stream, page = sys.argv[1:]
posted = 0
for name, data in events(stream):
    if name == "stream-position":
        continue
    body = json.dumps([[name, data]]).encode()
    urllib.request.urlopen(urllib.request.Request(f"{page}/got?from={posted}", body)).close()
    posted += 1
