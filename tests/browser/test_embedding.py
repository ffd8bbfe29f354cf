"""What a page embeds works behind the login: no header and no wall is in its way."""

import io
import re
import struct
import wave
import zlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import FilePayload, Response, Route

from tests.conftest import Bake, noted_at_failure
from tests.support.other_site import OtherSite
from tests.support.servers import AppServer
from tests.support.sweep import first_of
from tests.support.visitor import Browsers, Tab

PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>endobj
trailer<</Root 1 0 R>>
"""
PAGE = '''
import base64
import os
from pathlib import Path

import altair
import pandas
import pydeck
import streamlit as st

SITE = os.environ["OTHER_SITE"]
FILES = Path(__file__).parent.parent / "static"
pdf = (FILES / "a.pdf").read_bytes()
pdf_base64 = base64.b64encode(pdf).decode()
pdf_url = f"data:application/pdf;base64,{pdf_base64}"

st.title("Embeds")
st.components.v1.iframe(f"{SITE}/page?By+iframe")
st.markdown(f'<iframe src="{SITE}/page?By+markup"></iframe>', unsafe_allow_html=True)
st.components.v1.html(f"""
    <base href="{SITE}/based/" target="_blank">
    <link rel="stylesheet" href="{SITE}/style.css">
    <p style="font-family: Embedded">Text</p>
    <img src="tile.png">
    <object type="image/png" data="{SITE}/object.png"></object>
    <iframe src="{SITE}/page?By+HTML"></iframe>
    <script src="{SITE}/script.js"></script>
""")
st.markdown(
    f"""
    <iframe src="{pdf_url}"></iframe>
    <embed type="application/pdf" src="{pdf_url}">
    <object type="application/pdf" data="{pdf_url}"></object>
    <iframe src="app/static/a.pdf"></iframe>
    """,
    unsafe_allow_html=True,
)
st.html(
    f"""
    <style>@import url("{SITE}/style.css?html");</style>
    <img src="{SITE}/html.png"><div id="blob"></div>
    <script>
        const bytes = Uint8Array.from(atob("{pdf_base64}"), c => c.charCodeAt(0))
        const pdf = document.createElement("embed")
        pdf.type = "application/pdf"
        pdf.src = URL.createObjectURL(new Blob([bytes], {{type: pdf.type}}))
        const worker = new Worker(URL.createObjectURL(new Blob(["postMessage(1 + 1)"])))
        worker.onmessage = e => document.getElementById("blob").append(`A worker says ${{e.data}}`, pdf)
    </script>
    """,
    unsafe_allow_javascript=True,
)
st.image(f"{SITE}/image.png")
st.audio(f"{SITE}/audio.wav")
st.video(f"{SITE}/video.webm")
st.video("https://www.youtube.com/watch?v=dQw4w9WgXcQ")
st.image((FILES / "a.png").read_bytes())
st.audio((FILES / "a.wav").read_bytes())
st.video((FILES / "a.webm").read_bytes(), format="video/webm")
st.map(pandas.DataFrame({"lat": [52.5], "lon": [13.4]}))
layer = pydeck.Layer("BitmapLayer", image=f"{SITE}/deck.png", bounds=[0, 0, 1, 1])
st.pydeck_chart(pydeck.Deck([layer], map_style=None))
st.altair_chart(altair.Chart(pandas.DataFrame({"a": [1, 2]})).mark_bar().encode(x="a"))
file = st.file_uploader("Upload")
if file:
    st.download_button("Download", file.getvalue(), file.name)
st.write("All is drawn")
'''


def png() -> bytes:
    """Return a picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0\xff\0\0")
    chunks = [(b"IHDR", header), (b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*each) for each in chunks)


def wav() -> bytes:
    """Return a tenth of a second of silence."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(b"\x80" * 800)
    return file.getvalue()


SHOW_QUERY = b"<script>document.write(location.search.slice(1).replaceAll('+', ' '))</script>"
STYLE = b"@font-face { font-family: Embedded; src: url(font.woff2) } p { background: url(css.png) }"
PICTURES = ("based/tile", "object", "html", "image", "deck", "css")
SITE = {f"/{name}.png": ("image/png", png()) for name in PICTURES} | {
    "/page": ("text/html", SHOW_QUERY),
    "/style.css": ("text/css", STYLE),
    "/font.woff2": ("font/woff2", b"no font"),
    "/script.js": ("text/javascript", b"document.body.append('A script of others')"),
    "/audio.wav": ("audio/wav", wav()),
    "/video.webm": ("video/webm", b"no video"),
}
OWN = {"a.pdf": PDF, "a.png": png(), "a.wav": wav(), "a.webm": b"no video"}


class Visit:
    """Somebody who looks at the page.

    Attributes:
        tab: Their tab.
        said: What the browser said in its console.
        responses: What the app and other sites sent.
        youtube: The Referer of each request to YouTube.
    """

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self.said: list[str] = []
        self.responses: list[Response] = []
        self.youtube: list[str | None] = []
        tab.page.on("console", lambda message: self.said.append(message.text))
        tab.page.on("response", lambda response: self.responses.append(response))
        tab.page.route("https://www.youtube.com/embed/**", self._play)
        tab.page.add_init_script(
            "addEventListener('securitypolicyviolation', e => console.log('Refused', e.blockedURI))"
        )

    def _play(self, route: Route) -> None:
        self.youtube.append(route.request.headers.get("referer"))
        route.fulfill(content_type="text/html", body="YouTube")

    @property
    def frames(self) -> list[str]:
        """The texts in the frames of the page, without those of PDF files."""
        frames = [frame for frame in self.tab.page.frames[1:] if self._is_web(frame.url)]
        return [frame.locator("body").inner_text() for frame in frames]

    @property
    def pdf_viewers(self) -> int:
        """How many PDF files the page shows."""
        return sum(frame.url.startswith("chrome-extension:") for frame in self.tab.page.frames)

    @staticmethod
    def _is_web(url: str) -> bool:
        return url == "about:srcdoc" or (url.startswith("http") and not url.endswith(".pdf"))


@pytest.fixture(scope="module")
def site() -> Iterator[OtherSite]:
    """The site that the page embeds."""
    with OtherSite(SITE).running() as site:
        yield site


@pytest.fixture(scope="module", params=first_of(["http_only", "component"]))
def app(
    site: OtherSite,
    bake: Bake,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[AppServer]:
    """A project with a page that embeds what pages usually embed."""
    project = bake(cookie_transport=request.param).copy(tmp_path_factory.mktemp("embeds"))
    project.write("views/about.py", PAGE)
    for name, content in OWN.items():
        (project / "static" / name).write_bytes(content)
    environment = {"OTHER_SITE": site.url, "STREAMLIT_SERVER_ENABLE_STATIC_SERVING": "true"}
    with project.server(environment) as server:
        yield server


@pytest.fixture(scope="module")
def browsers(browsers: Browsers) -> Iterator[Browsers]:
    """The browsers of these tests, which show PDF files."""
    with browsers.with_windows() as others:
        yield from noted_at_failure(others)


@pytest.fixture(scope="module")
def visit(app: AppServer, site: OtherSite, browsers: Browsers) -> Iterator[Visit]:
    """Somebody who has logged in, sees all of the page, uploads a file and gets it back."""
    site.referrers.clear()
    with browsers.one() as open_tab:
        visit = Visit(open_tab())
        visit.tab.open(f"{app.url}/about").log_in("test1")
        visit.tab.sees("All is drawn")
        visit.tab.waits_until(
            lambda: {path.partition("?")[0] for path in site.referrers} >= {*SITE}
        )
        yield visit


def test_frames_and_scripts_of_others_run(visit: Visit) -> None:
    texts = {"By iframe", "By markup", "By HTML", "A script of others", "YouTube"}
    visit.tab.waits_until(
        lambda: texts == {text for text in texts if any(text in frame for frame in visit.frames)}
    )
    visit.tab.sees("A worker says 2")


def test_pdf_files_show_however_they_are_embedded(visit: Visit) -> None:
    visit.tab.waits_until(lambda: visit.pdf_viewers == 5)


def test_other_sites_learn_the_app_and_not_the_page(
    visit: Visit, site: OtherSite, app: AppServer
) -> None:
    visit.tab.waits_until(lambda: bool(visit.youtube))
    assert visit.youtube == [f"{app.url}/"]
    of_a_style = {"/font.woff2", "/css.png"}  # The style has embedded these.
    for path, referrers in site.referrers.items():
        if path not in of_a_style:
            assert referrers == {f"{app.url}/"}, path


def test_files_go_up_and_down(visit: Visit) -> None:
    file = FilePayload(name="a.txt", mimeType="text/plain", buffer=b"a file")
    visit.tab.page.locator("input[type=file]").set_input_files(file)
    with visit.tab.page.expect_download() as download:
        visit.tab.click("Download")
    assert download.value.path().read_bytes() == b"a file"


def test_no_cache_keeps_what_belongs_to_one_person(visit: Visit, app: AppServer) -> None:
    said = {
        response.url.removeprefix(app.url): response.headers.get("cache-control", "")
        for response in visit.responses
        if response.url.startswith(app.url) and response.status != 304
    }
    assert "no-store" in said["/about"]
    media = [path for path in said if path.startswith("/media/")]
    assert {path.rpartition(".")[2] for path in media} >= {"jpg", "wav", "webm"}
    assert {said[path] for path in media} == {"private, no-store"}
    everybodys = [path for path in said if path.startswith("/static/")]
    assert {said[path] for path in everybodys} == {"public, immutable, max-age=31536000"}


def test_nothing_was_refused(visit: Visit) -> None:
    refused = [response.url for response in visit.responses if response.status >= 400]
    by_streamlit = "/about/_stcore/"  # where a page asks first whether the app lives there
    assert [url for url in refused if by_streamlit not in url] == []
    refusal = re.compile(r"Refused|Content.Security.Policy|violates|Cross-Origin|blocked")
    assert [line for line in visit.said if refusal.search(line)] == []
