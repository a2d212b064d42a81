#!/usr/bin/env python3
"""Takes the screenshots in docs/screenshots from the demo company (`bin/screenshots [FOLDER]`), and says what is wrong on the pages: console
errors, sideways scroll, what axe finds."""
import base64
import re
import struct
import sys
import tempfile
import zlib
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

import zhike
from chrome import LAUNCH, check_page, session, watch

# What is shown, and to whom; nobody sees the log-in page.
PAGES = {
    "list": ("/customers", "gm"),
    "record": ("/customers/1", "advisor01"),
    "home": ("/", "advisor01"),
    "form": ("/customers/new?full=1", "gm"),
    "import": ("/customers/import", "gm"),
    "settings": ("/settings", "sysop"),
    "search": ("/search?q=zy", "gm"),
    "login": ("/login", None),
    "approvals": ("/approvals", "salesmgr1"),
    "board": ("/opportunities?layout=board", "salesmgr1"),
    "opportunity": ("/opportunities/1", "gm"),
    "calendar": ("/calendar", "sales01"),
    "dashboard": ("/dashboard", "gm"),
    "reports": ("/reports", "gm"),
    "campaign": ("/campaigns/11?tab=findings", "marketing1"),
    "desk": ("/follow_plans/desk", "followup1"),
    "complaint": ("/complaints/1", "csmgr1"),
    "quote": ("/quotes/1/print", "gm"),
}
# These are kept in the light only.
ONCE = {"board", "opportunity", "calendar", "dashboard", "reports", "campaign", "desk", "complaint", "quote"}


# Names 255 colours of a picture, the most frequent and those unlike them; every pixel takes the nearest.
REDUCE = """async url => {
  const image = new Image(); image.src = url; await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height), pen = canvas.getContext('2d');
  pen.drawImage(image, 0, 0);
  const data = new Uint32Array(pen.getImageData(0, 0, image.width, image.height).data.buffer), counts = new Map();
  for (const colour of data) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const part = (colour, shift) => colour >>> shift & 255, apart = (a, b) => [0, 8, 16].reduce((sum, shift) => sum + (part(a, shift) - part(b, shift)) ** 2, 0);
  const colours = [...counts.entries()].sort((a, b) => b[1] - a[1]).map(entry => entry[0]), palette = colours.slice(0, 40);
  for (const least of [40, 24, 12, 0]) for (const colour of colours) if (palette.length < 255 && palette.every(other => apart(colour, other) > least * least)) palette.push(colour);
  const nearest = new Map(palette.map((colour, index) => [colour, index]));
  const find = colour => {
    let best = 0, least = Infinity;
    palette.forEach((other, index) => {
      const distance = apart(colour, other);
      if (distance < least) [best, least] = [index, distance];
    });
    nearest.set(colour, best);
    return best;
  };
  const pixels = new Uint8Array(data.length);
  data.forEach((colour, index) => { pixels[index] = nearest.get(colour) ?? find(colour); });
  let text = '';
  for (let at = 0; at < pixels.length; at += 32768) text += String.fromCharCode(...pixels.subarray(at, at + 32768));
  return { width: image.width, height: image.height, palette: palette.flatMap(colour => [part(colour, 0), part(colour, 8), part(colour, 16)]), pixels: btoa(text) };
}"""


def small_png(bench, picture: bytes) -> bytes:
    """The picture with a palette: a third of the size."""
    found = bench.evaluate(REDUCE, "data:image/png;base64," + base64.b64encode(picture).decode())
    width, height, pixels = found["width"], found["height"], base64.b64decode(found["pixels"])
    rows = b"".join(b"\0" + pixels[at:at + width] for at in range(0, width * height, width))

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)) + chunk(b"PLTE", bytes(found["palette"])) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def main(folder: Path):
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as play:
        server = zhike.Server(Path(data) / "demo")
        said = server.zhike("demo", "--as-of", "2026-11-23", check=True).stdout
        password = re.search(r"密码：(\S+?)（", said).group(1)
        server.start()
        try:
            browser = play.chromium.launch(**LAUNCH)
            bench = browser.new_page()
            cookies = {who: session(server, who, password) for who in {who for _, who in PAGES.values() if who}}
            axe, wrong = Axe(), []
            for width, height in ((1440, 900), (390, 844)):
                for scheme in ("light", "dark"):
                    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce")
                    page = context.new_page()
                    faults = watch(page)
                    for name, (path, who) in PAGES.items():
                        context.clear_cookies()
                        if who:
                            context.add_cookies(cookies[who])
                        answer = page.goto(server.url + path)
                        page.wait_for_load_state("load")
                        page.wait_for_timeout(200)
                        found = ([] if answer.ok else [f"answer {answer.status}"]) + faults + check_page(page, axe)
                        wrong += [f"{name} {scheme} {width}: {fault}" for fault in found]
                        faults.clear()
                        if name in ONCE and scheme == "dark":
                            continue
                        (folder / f"{name}-{scheme}-{width}.png").write_bytes(small_png(bench, page.screenshot(animations="disabled")))
                    context.close()
            browser.close()
        finally:
            server.stop()
    sizes = {path.name: path.stat().st_size for path in sorted(folder.glob("*.png"))}
    for name, size in sizes.items():
        print(f"{size // 1024:5} KB  {name}" + ("   too large" if size > 150_000 else ""))
    print(f"{sum(sizes.values()) // 1024:5} KB  in all")
    for fault in wrong:
        print(f"WRONG {fault}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else zhike.ROOT / "docs" / "screenshots"))
