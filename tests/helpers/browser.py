"""A headless Chromium, driven by the W3C WebDriver protocol that its own driver speaks: no package is needed for it.

Where Chromium cannot be had the tests are skipped.
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import pytest

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--window-size=1100,800",
)
KEYS = {"Tab": "\ue004", "Enter": "\ue007"}
CONTRAST = """
const light = colour => {
  const parts = colour.match(/[\\d.]+/g).slice(0, 3).map(each => each / 255)
    .map(each => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4);
  return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
};
const behind = each => {
  for (; each; each = each.parentElement) {
    const colour = getComputedStyle(each).backgroundColor;
    if (colour !== 'rgba(0, 0, 0, 0)') return colour;
  }
};
const worst = {};
for (const each of document.querySelectorAll('body *:not(title)')) {
  if (![...each.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue;
  const ink = each instanceof SVGElement ? getComputedStyle(each).fill : getComputedStyle(each).color;
  const [one, other] = [light(ink), light(behind(each))].sort((a, b) => b - a);
  const name = each.tagName + '.' + each.getAttribute('class');
  worst[name] = Math.min(worst[name] ?? 21, (one + 0.05) / (other + 0.05));
}
return worst
"""
"""The worst contrast of text to what is behind it, by element and class."""


class Browser:
    """One window. Whatever the driver refuses raises."""

    def __init__(self, port: int, folder: Path) -> None:
        self._root = f"http://127.0.0.1:{port}/session"
        self._opener = build_opener(ProxyHandler({}))  # never by way of a proxy
        options = {
            "binary": shutil.which("chromium"),
            "args": [*_FLAGS, f"--user-data-dir={folder}"],
        }
        wanted = {
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL"},
        }
        made = self._send("POST", "", {"capabilities": {"alwaysMatch": wanted}})
        self._root += f"/{made['sessionId']}"

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = Request(self._root + path, data, {"Content-Type": "application/json"}, method=method)
        with self._opener.open(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def open(self, page: Path, fragment: str = "") -> None:
        self._send("POST", "/url", {"url": page.as_uri() + fragment})

    def run(self, script: str) -> Any:
        """What a script returns; the page's own policy does not bind it."""
        return self._send("POST", "/execute/sync", {"script": script, "args": []})

    def press(self, *keys: str) -> None:
        actions = [
            {"type": kind, "value": KEYS.get(key, key)} for key in keys for kind in ("keyDown", "keyUp")
        ]
        self._send("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})

    def complaints(self) -> list[str]:
        """What the console has: whatever was blocked or broken."""
        return [each["message"] for each in self._send("POST", "/se/log", {"type": "browser"})]

    def media(self, media: str = "", **features: str) -> None:
        """Show the page as on another medium ("print") or to another taste."""
        listed = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        command = {"cmd": "Emulation.setEmulatedMedia", "params": {"media": media, "features": listed}}
        self._send("POST", "/goog/cdp/execute", command)

    def resize(self, width: int, height: int) -> None:
        """The size of the screen in CSS pixels."""
        params = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        command = {"cmd": "Emulation.setDeviceMetricsOverride", "params": params}
        self._send("POST", "/goog/cdp/execute", command)

    def pages(self) -> int:
        """How many sheets of paper the page takes."""
        return base64.b64decode(self._send("POST", "/print", {})).count(b"/Type /Page\n")

    def close(self) -> None:
        self._send("DELETE", "")


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """A browser with a profile of its own in `folder`."""
    driver = shutil.which("chromedriver")
    if not driver or not shutil.which("chromium"):
        pytest.skip("needs chromium and chromium-driver")
    started = subprocess.Popen(
        [driver, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert started.stdout
        port = next(
            int(line.split()[-1].rstrip(".")) for line in started.stdout if "successfully on port" in line
        )
        window = Browser(port, folder)
        yield window
        window.close()
    finally:
        started.terminate()
        started.wait(30)
        started.stdout.close()
