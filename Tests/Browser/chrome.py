"""A real chromium: how it is started, how it logs in, what must not happen on a page."""
import os
import shutil
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import zhike
from playwright.sync_api import expect

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


# MARK: A day's work, as a person does it: a step at the head of a record, the questions of its dialog, a word said at the end.


def forget_refusal(page):
    """What was left out is said with 422, which the browser tells the console."""
    page.watched[:] = [fault for fault in page.watched if "422" not in fault]


def hire(office, departments: list, staff: list) -> SimpleNamespace:
    """People who have logged in: `(username, name, role, department, whom they answer to)`, each with `id`, `name`, `api` and `cookies`; and `departments`."""
    found = SimpleNamespace(departments={name: office.boss.make("departments", name=name, kind="department")["id"] for name in departments})

    def take_on(one):
        username, name, role, department, manager = one
        more = {"manager_id": getattr(found, manager).id} if manager else {}
        made = office.boss.make("users", username=username, name=name, password=zhike.PASSWORD + username, roles=[role], department_id=found.departments[department], **more)
        api = office.log_in(username, zhike.PASSWORD + username)
        cookie = {"name": "zhike_session", "value": api.token, "url": office.url, "httpOnly": True, "sameSite": "Lax"}
        setattr(found, username, SimpleNamespace(id=made["id"], name=name, api=api, cookies=[cookie]))

    # Hashing a password takes its time; whoever answers to nobody yet unknown is taken on with the others.
    while staff:
        known = [one for one in staff if one[4] is None or hasattr(found, one[4])]
        zhike.at_once(take_on, known)
        staff = [one for one in staff if one not in known]
    return found


def press(page, name: str):
    """A record's step: its button at the head, in the strip below it on a telephone, at the foot of a slip, or in the menu."""
    button = page.locator(".rec-acts, .rec-head, .rec-strip, .pagehead, .slip > .actionbar").get_by_role("button", name=name, exact=True).first
    if not button.is_visible():
        page.get_by_role("button", name="更多操作").first.click()
        button = page.locator("#recmenu").get_by_role("button", name=name, exact=True)
    button.click()


def offers(page, name: str) -> bool:
    """Whether a record's page offers a step at all."""
    return page.locator(".rec-acts, .rec-head, .pagehead, #recmenu, .slip > .actionbar").get_by_role("button", name=name, exact=True, include_hidden=True).count() > 0


def fill_in(scope, **fields: str):
    """Types into the fields of a form by their names; a reference is looked for by its words, an option is chosen by its value or its words."""
    for name, value in fields.items():
        words = scope.locator(f"[name='{name}_text']")
        if words.count():
            words.press_sequentially(value)
            getattr(scope, "page", scope).get_by_role("option", name=value).first.click()
            continue
        box = scope.locator(f"[name='{name}']:not([type=hidden])").first
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)


def today(more: int = 0) -> date:
    """The company's day, or so many days later."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date() + timedelta(days=more)


def step(page, name: str, said: str | None = None, **fields: str):
    """Does a step, with the answers to what it asks if it asks anything, and waits for the word that it is done (or `said` instead)."""
    told = page.locator("#toasts").get_by_text(said or "已" + name)
    button = page.get_by_role("dialog").get_by_role("button", name=name, exact=True)
    press(page, name)
    expect(told.or_(button).first).to_be_visible()
    if button.is_visible():
        fill_in(page.get_by_role("dialog"), **fields)
        button.click()
    expect(told.first).to_be_visible()


def save(page):
    page.get_by_role("button", name="保存", exact=True).first.click()
