"""A real chromium: how it is started, how it logs in, what must not happen on a page."""
import os
import shutil

import pytest
import zhike

CHROMIUM = os.environ.get("ZHIKE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
LAUNCH = {"args": ["--no-sandbox", "--disable-dev-shm-usage", "--font-render-hinting=none"]} | ({"executable_path": CHROMIUM} if CHROMIUM else {})

# How many milliseconds until what is awaited on a page is taken for what never comes.
PATIENCE = 30_000


def session(server: zhike.Server, username: str = zhike.ADMIN, password: str = zhike.PASSWORD) -> list:
    """The cookies of somebody who has logged in, for a browser's context."""
    web = zhike.Web(server.port).log_in(username, password)
    return [{"name": name, "value": value, "url": server.url, "httpOnly": True, "sameSite": "Lax"} for name, value in web.cookies.items()]


def watch(page) -> list:
    """Whatever goes wrong on a page from now on: console errors, exceptions, failed requests, answers of 500 and above."""
    faults = []
    page.on("console", lambda message: faults.append(f"console: {message.text} ({message.location.get('url')})") if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(f"exception: {error}"))
    page.on("response", lambda response: faults.append(f"{response.status} {response.request.method} {response.url}") if response.status >= 500 else None)
    page.on("requestfailed", lambda request: faults.append(f"failed: {request.url} {request.failure}") if "ERR_ABORTED" not in (request.failure or "") else None)
    return faults


DESK, PHONE = (1440, 900), (390, 844)
WIDTHS = pytest.mark.parametrize("size", [DESK, PHONE], ids=["1440", "390"])
number = iter(range(1, 10**9))


def customer(office, **fields) -> dict:
    return office.boss.make("customers", **({"name": f"测试客户{next(number)}", "type": "company", "source": "other"} | fields))


def no_sideways_scroll(page):
    wide = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], f"{page.url} scrolls sideways: {wide}"


def ready(page):
    """Scripts are modules: the page is ready when they have run."""
    page.wait_for_load_state("load")


def check_page(page, axe) -> list:
    """Accessible, no sideways scroll; the names of what is wrong."""
    results = axe.run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "preload": False})
    found = [f"{fault['id']} ({fault['impact']}): {fault['help']}: {[node['target'] for node in fault['nodes'][:3]]}" for fault in results.response["violations"]]
    wide = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
    if wide[0] > wide[1]:
        found.append(f"scrolls sideways: {wide}")
    return found
