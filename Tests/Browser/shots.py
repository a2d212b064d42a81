#!/usr/bin/env python3
"""Takes the screenshots in docs/screenshots from the demo company: `python Tests/Browser/shots.py [FOLDER]`."""
import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

import zhike
from chrome import LAUNCH, session

PAGES = {
    "home": "/",
    "list": "/customers",
    "record": "/customers/1",
    "form": "/customers/new?full=1",
    "import": "/customers/import",
    "settings": "/settings",
    "search": "/search?q=zy",
    "login": "/login",
}


def main(folder: Path):
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as play:
        server = zhike.Server(Path(data) / "demo")
        said = server.zhike("demo", "--as-of", "2026-11-23", check=True).stdout
        password = re.search(r"密码：(\S+?)（", said).group(1)
        server.start()
        try:
            browser = play.chromium.launch(**LAUNCH)
            cookies = session(server, "sysop", password)
            for width, height in ((1440, 900), (390, 844)):
                for scheme in ("light", "dark"):
                    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce")
                    page = context.new_page()
                    for name, path in PAGES.items():
                        if name == "login":
                            context.clear_cookies()
                        elif not context.cookies():
                            context.add_cookies(cookies)
                        page.goto(server.url + path)
                        page.wait_for_load_state("networkidle" if name == "login" else "load")
                        page.wait_for_timeout(200)
                        page.screenshot(path=folder / f"{name}-{scheme}-{width}.png", animations="disabled")
                    context.close()
            browser.close()
        finally:
            server.stop()
    sizes = {path.name: path.stat().st_size for path in sorted(folder.glob("*.png"))}
    for name, size in sizes.items():
        print(f"{size // 1024:5} KB  {name}" + ("   too large" if size > 150_000 else ""))
    print(f"{sum(sizes.values()) // 1024:5} KB  in all")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else zhike.ROOT / "docs" / "screenshots")
