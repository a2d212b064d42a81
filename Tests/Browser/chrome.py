"""A real chromium: how it is started, how it logs in, what must not happen on a page."""
import os
import shutil

import zhike

CHROMIUM = os.environ.get("ZHIKE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
LAUNCH = {"args": ["--no-sandbox", "--disable-dev-shm-usage", "--font-render-hinting=none"]} | ({"executable_path": CHROMIUM} if CHROMIUM else {})


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
