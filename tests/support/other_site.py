"""A site that is not the app's, and remembers who asked for what."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from tests.support.servers import free_port


class OtherSite:
    """What a site has, and what browsers have asked it for.

    Attributes:
        url: Its address: to a browser another site than localhost, where the apps are.
        referrers: For each path that was asked for, the Referer headers, "" if there was none.
    """

    def __init__(self, files: Mapping[str, tuple[str, bytes]]) -> None:
        self._files = files
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self.referrers: dict[str, set[str]] = {}

    @contextmanager
    def running(self) -> Iterator["OtherSite"]:
        """Serve it for the time of a with block."""
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                referer = self.headers.get("Referer", "")
                site.referrers.setdefault(self.path, set()).add(referer)
                kind, content = site._files.get(self.path.partition("?")[0], ("", b""))
                self.send_response(200 if kind else 404)
                self.send_header("Content-Type", kind or "text/plain")
                self.send_header("Content-Length", str(len(content)))
                self.send_header("Access-Control-Allow-Origin", "*")
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *arguments: object) -> None:
                """Say nothing."""

        with ThreadingHTTPServer(("127.0.0.1", self._port), Handler) as server:
            thread = Thread(target=server.serve_forever)
            thread.start()
            try:
                yield self
            finally:
                server.shutdown()
                thread.join()
