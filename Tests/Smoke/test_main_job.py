"""The main job in a real chromium on a fresh installation: log in, create, find by pinyin, follow up, edit, undo, log out.

Stands by itself: it starts its own server on a free port and stops it."""
import json
import os
import re
import signal
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
ZHIKE = os.environ.get("ZHIKE_BIN") or str(ROOT / ".build/debug/zhike")
PASSWORD = "春风十里不如一杯清茶"


def until(condition, what, seconds=120):
    """What `condition()` gives as soon as it gives something. The bound is for what never comes, not for what is slow."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"waited {seconds} s in vain: {what}"
        time.sleep(0.05)
    return found


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    data = tmp_path_factory.mktemp("zhike")
    subprocess.run([ZHIKE, "user", "add", "boss", "--name", "沈佳怡", "--role", "admin", "--password-stdin", "--data", data],
                   input=PASSWORD + "\n", text=True, check=True, cwd=ROOT, timeout=600)
    log = data.parent / f"{data.name}.log"
    with open(log, "wb") as output:
        process = subprocess.Popen([ZHIKE, "serve", "--data", data, "--port", "0"], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    found = until(lambda: re.search(r"http://127\.0\.0\.1:\d+(?=\n)", log.read_text()) or process.poll() is not None, "the server's address")
    assert process.poll() is None, log.read_text()
    url = found.group()
    assert json.load(urllib.request.urlopen(url + "/healthz", timeout=60)) == {"status": "ok"}
    yield url
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=120) == 0


def call(url, method, path, body=None, token=None):
    request = urllib.request.Request(url + path, method=method, data=None if body is None else json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", "Bearer " + token)
    with urllib.request.urlopen(request, timeout=120) as answer:
        text = answer.read()
        return json.loads(text) if text else None


@pytest.fixture(scope="module")
def token(server):
    return call(server, "POST", "/api/v1/login", {"username": "boss", "password": PASSWORD})["token"]


@pytest.fixture(scope="module")
def browser():
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield chromium
        chromium.close()


def log_in(browser, url, width):
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(url + "/login")
    page.fill("[name=username]", "boss")
    page.fill("[name=password]", PASSWORD)
    page.click("form button.btn-p")
    expect(page.locator("h1").first).to_contain_text("沈佳怡")
    return context, page


def test_the_api_answers_as_its_contract_says(server, token):
    made = call(server, "POST", "/api/v1/customers", {"name": "林知远", "mobile": "+86 199-0000-1001", "source": "walk_in"}, token)
    assert made["mobile"] == "19900001001" and made["version"] >= 1
    found = call(server, "GET", "/api/v1/customers?filter%5Bmobile%5D=19900001001&fields=id,name", token=token)
    assert [item["name"] for item in found["items"]] == ["林知远"] and found["count"] == 1 and found["count_capped"] is False
    for words in ("lzy", "linzhiyuan", "1001", "知远"):
        groups = call(server, "GET", "/api/v1/search?q=" + urllib.request.quote(words), token=token)["groups"]
        assert any(row["name"] == "林知远" for group in groups for row in group["items"]), words
    with pytest.raises(urllib.error.HTTPError) as refused:
        call(server, "POST", "/api/v1/customers", {"name": "", "mobile": "12345678901", "colour": "red"}, token)
    assert refused.value.code == 422
    assert {"mobile", "colour"} <= {error["field"] for error in json.load(refused.value)["errors"]}


@pytest.mark.parametrize("width", [1440, 390])
def test_a_salesperson_finds_opens_and_follows_up(server, token, browser, width):
    context, page = log_in(browser, server, width)
    faults = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(server + "/customers?q=lzy")
    page.click("a.name")
    expect(page.locator("h1").first).to_have_text("林知远")
    page.fill("#composer textarea[name=content]", f"电话沟通了交车时间（{width}）")
    page.locator("#composer form button.btn-p").first.click()
    expect(page.locator("#timeline")).to_contain_text(f"电话沟通了交车时间（{width}）")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert faults == []
    context.close()


def test_an_edit_with_a_mistake_keeps_what_was_typed_and_a_good_one_can_be_undone(server, token, browser):
    customer = call(server, "POST", "/api/v1/customers", {"name": "沈佳禾", "mobile": "19900001002", "source": "walk_in"}, token)
    context, page = log_in(browser, server, 1440)
    page.goto(f"{server}/customers/{customer['id']}/edit")
    page.fill("[name=mobile]", "123")
    page.fill("[name=remark]", "常来保养")
    page.click(".actionbar button.btn-p")
    expect(page.locator("#f-mobile-e")).to_be_visible()
    expect(page.locator("[name=remark]")).to_have_value("常来保养")
    page.fill("[name=mobile]", "19900001003")
    page.click(".actionbar button.btn-p")
    expect(page).to_have_url(re.compile(rf"/customers/{customer['id']}$"))
    assert call(server, "GET", f"/api/v1/customers/{customer['id']}", token=token)["mobile"] == "19900001003"
    page.locator("#toasts button", has_text="撤销").first.click()
    until(lambda: call(server, "GET", f"/api/v1/customers/{customer['id']}", token=token)["mobile"] == "19900001002", "the old number back")
    context.close()


def test_a_list_works_without_scripts(server, token, browser):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(server + "/login")
    page.fill("[name=username]", "boss")
    page.fill("[name=password]", PASSWORD)
    page.click("form button.btn-p")
    page.goto(server + "/customers?filter%5Bname%5D%5Bcontains%5D=" + urllib.request.quote("知远"))
    assert page.locator("a.name").all_inner_texts() == ["林知远"]
    context.close()


def test_nothing_is_shown_to_who_is_not_logged_in(server):
    for path in ("/api/v1/customers", "/api/v1/me", "/api/v1/search?q=a", "/api/v1/customers/export"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            call(server, "GET", path)
        assert refused.value.code == 401, path
