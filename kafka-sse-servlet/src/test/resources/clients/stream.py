import time
import httpx


def events(url):
    """The name and the data of each event, for ever. It comes back after each end with the id of the last event."""
    last_id, retry = "", 2.0
    with httpx.Client(timeout=30) as client:  # above keep-alive-millis
        while True:
            headers = {"Accept": "text/event-stream"}
            if last_id:
                headers["Last-Event-ID"] = last_id
            try:
                with client.stream("GET", url, headers=headers) as response:
                    response.raise_for_status()
                    rest, name, data, event_id = b"", "", [], last_id
                    for part in response.iter_bytes():
                        # Not iter_lines: it also ends a line where text has other line breaks than LF.
                        *lines, rest = (rest + part).split(b"\n")
                        for line in lines:
                            field, _, value = line.decode().partition(":")
                            value = value[1:] if value.startswith(" ") else value
                            if not line:
                                last_id = event_id
                                if data:
                                    yield name or "message", "\n".join(data)
                                name, data = "", []
                            elif field == "data":
                                data.append(value)
                            elif field == "event":
                                name = value
                            elif field == "id":
                                event_id = value
                            elif field == "retry":
                                retry = int(value) / 1000
            except httpx.RequestError:
                pass  # cut off
            time.sleep(retry)
