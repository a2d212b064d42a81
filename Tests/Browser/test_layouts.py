"""The lists' other layouts in a real chromium: boards, calendars and statistics, by mouse and by keyboard."""
import re
import time
import urllib.error
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe
from chrome import PATIENCE, WIDTHS, check_page, number, ready
from playwright.sync_api import Page, expect
from zhike import until


def column(page: Page, name: str):
    return page.locator(f"section.kcol[aria-label='{name}']")


def card(page: Page, title: str):
    return page.locator(".kcard", has_text=title)


def order(office, **fields) -> dict:
    who = office.boss.make("customers", name=f"看板客户{next(number)}", type="company", source="other")
    return office.boss.make("orders", **({"customer_id": who["id"], "amount_cents": 1234500} | fields))


def drag(page: Page, what, to):
    """By small steps, as a hand does."""
    a, b = what.bounding_box(), to.bounding_box()
    page.mouse.move(a["x"] + 40, a["y"] + a["height"] - 12)
    page.mouse.down()
    page.mouse.move(a["x"] + 60, a["y"] + a["height"] - 6, steps=4)
    page.mouse.move(b["x"] + b["width"] / 2, b["y"] + min(b["height"] / 2, 160), steps=12)
    home = to.element_handle()

    def is_there():
        # The list looks where the hand is now and then, and not while its cards still move.
        page.mouse.move(b["x"] + b["width"] / 2 + next(number) % 2, b["y"] + min(b["height"] / 2, 160))
        page.wait_for_timeout(60)
        return home.evaluate("list => list.querySelector('.ghost') !== null")

    until(is_there, "what is dragged over its new place", PATIENCE / 1000)
    page.mouse.up()


class TestBoard:
    def test_a_card_is_dragged_and_taken_back(self, office, open_page):
        made = order(office)
        page = open_page("/orders?layout=board")
        ready(page)
        drag(page, card(page, made["no"]), column(page, "已批准").locator(".klist"))
        expect(page.locator("#toasts")).to_contain_text("已移动")
        expect(column(page, "已批准").locator(".kcard", has_text=made["no"])).to_be_visible()
        expect(column(page, "已批准").locator(".c")).to_have_text("1")
        assert office.boss.read("orders", made["id"])["status"] == "approved"
        page.get_by_role("button", name="撤销").click()
        expect(column(page, "草稿").locator(".kcard", has_text=made["no"])).to_be_visible()
        assert office.boss.read("orders", made["id"])["status"] == "draft"

    def test_a_refused_card_goes_back_and_says_why(self, office, open_page):
        made = order(office)
        page = open_page("/orders?layout=board")
        ready(page)
        drag(page, card(page, made["no"]), column(page, "已结算").locator(".klist"))
        expect(page.locator("#toasts")).to_contain_text("不能从「草稿」移到「已结算」")
        expect(column(page, "草稿").locator(".kcard", has_text=made["no"])).to_be_visible()
        # The browser itself notes the 409 in its console.
        page.watched[:] = [fault for fault in page.watched if "409" not in fault]

    def test_a_step_asks_what_it_must_know(self, office, open_page):
        made = order(office)
        page = open_page("/orders?layout=board&fold=")
        ready(page)
        drag(page, card(page, made["no"]), column(page, "已取消").locator(".klist"))
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("原因")
        dialog.get_by_role("button", name="取消").first.click()
        expect(column(page, "草稿").locator(".kcard", has_text=made["no"])).to_be_visible()
        drag(page, card(page, made["no"]), column(page, "已取消").locator(".klist"))
        page.get_by_label("原因").fill("客户改主意了")
        page.keyboard.press("Enter")
        expect(column(page, "已取消").locator(".kcard", has_text=made["no"])).to_be_visible()
        expect(page.get_by_role("dialog")).to_be_hidden()
        assert office.boss.read("orders", made["id"])["status"] == "cancelled"

    def test_by_keyboard_and_by_menu(self, office, open_page):
        made = order(office)
        page = open_page("/orders?layout=board")
        ready(page)
        card(page, made["no"]).focus()
        page.keyboard.press("Alt+ArrowRight")
        expect(page.locator("#live")).to_have_text("已移动到 已批准")
        expect(column(page, "已批准").locator(".kcard", has_text=made["no"])).to_be_focused()
        card(page, made["no"]).get_by_role("link", name=re.compile("移动")).click()
        page.get_by_role("dialog").get_by_role("button", name="已发货").click()
        expect(page.locator("#live")).to_have_text("已移动到 已发货")
        assert office.boss.read("orders", made["id"])["status"] == "shipped"

    def test_without_scripts(self, office, open_page):
        made = order(office)
        page = open_page("/orders?layout=board", scripts=False)
        card(page, made["no"]).get_by_role("link", name=re.compile("移动")).click()
        page.get_by_role("button", name="已批准").click()
        expect(page).to_have_url(re.compile("layout=board"))
        expect(column(page, "已批准").locator(".kcard", has_text=made["no"])).to_be_visible()

    def test_a_new_card_in_its_column_and_folding(self, office, open_page):
        page = open_page("/tasks?layout=board&by=priority&all=1")
        if page.locator(".kan").count() == 0:
            office.boss.make("tasks", title="第一件事")
            page.reload()
        ready(page)
        page.get_by_role("link", name="在「高」中新建").click()
        page.get_by_label("任务", exact=False).first.fill("看板里新建的")
        page.locator(".kform").get_by_role("button", name="保存").click()
        expect(column(page, "高").locator(".kcard", has_text="看板里新建的")).to_be_visible()
        column(page, "高").get_by_role("button", name=re.compile("折叠")).click()
        expect(card(page, "看板里新建的")).to_be_hidden()
        page.goto(office.url + "/tasks?layout=board&by=priority")
        ready(page)
        expect(card(page, "看板里新建的")).to_be_hidden()

    @WIDTHS
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_is_accessible(self, office, open_page, size, scheme):
        order(office)
        page = open_page("/orders?layout=board", size, scheme=scheme)
        ready(page)
        assert not (found := check_page(page, Axe())), "\n".join(found)


def task(office, **fields) -> dict:
    return office.boss.make("tasks", **({"title": f"日历任务{next(number)}"} | fields))


class TestCalendar:
    def test_an_entry_is_dragged_to_another_day_and_taken_back(self, office, open_page):
        made = task(office, due_at="2027-03-10T01:30:00Z")
        page = open_page("/tasks?layout=calendar&at=2027-03")
        ready(page)
        drag(page, page.locator(".cev", has_text=made["title"]), page.locator("td[data-day='2027-03-12'] .cal-l"))
        expect(page.locator("#toasts")).to_contain_text("已改到 2027-03-12")
        expect(page.locator("td[data-day='2027-03-12'] .cev", has_text=made["title"])).to_be_visible()
        expect(page).to_have_url(re.compile("layout=calendar"))
        assert office.boss.read("tasks", made["id"])["due_at"] == "2027-03-12T01:30:00Z"
        page.get_by_role("button", name="撤销").click()
        expect(page.locator("td[data-day='2027-03-10'] .cev", has_text=made["title"])).to_be_visible()
        assert office.boss.read("tasks", made["id"])["due_at"] == "2027-03-10T01:30:00Z"

    def test_by_keyboard_and_by_form(self, office, open_page):
        made = task(office, due_at="2027-03-17T01:30:00Z")
        page = open_page("/tasks?layout=calendar&at=2027-03")
        ready(page)
        page.locator(".cev", has_text=made["title"]).focus()
        page.keyboard.press("Alt+ArrowRight")
        expect(page.locator("#live")).to_have_text("已改到 2027-03-18")
        page.keyboard.press("Alt+ArrowDown")
        expect(page.locator("#live")).to_have_text("已改到 2027-03-25")
        assert office.boss.read("tasks", made["id"])["due_at"] == "2027-03-25T01:30:00Z"
        page = open_page("/tasks?layout=calendar&range=agenda&at=2027-03-20", scripts=False)
        page.locator("li", has_text=made["title"]).get_by_role("link", name=re.compile("改期")).click()
        page.locator("input[type=date]").fill("2027-03-22")
        page.get_by_role("button", name="保存").click()
        expect(page.locator("section.cal-a", has_text="3 月 22 日")).to_contain_text(made["title"])

    def test_a_new_record_on_a_day(self, office, open_page):
        page = open_page("/calendar?at=2027-04")
        ready(page)
        cell = page.locator("td[data-day='2027-04-14']")
        cell.hover()
        cell.get_by_role("link", name=re.compile("新建")).click()
        page.get_by_role("dialog").get_by_label("任务").first.fill("从日历新建")
        page.get_by_role("dialog").get_by_role("button", name="保存").click()
        expect(cell.locator(".cev", has_text="从日历新建")).to_be_visible()

    def test_a_phone_subscribes_until_the_address_is_revoked(self, office, open_page):
        made = task(office, due_at=time.strftime("%Y-%m-%dT%H:00:00Z", time.gmtime(time.time() + 5 * 86_400)))
        page = open_page("/me/calendar")
        ready(page)
        page.get_by_role("button", name="生成订阅地址").click()
        address = page.get_by_label("订阅地址").last.input_value()
        said = urllib.request.urlopen(address).read().decode()
        assert said.startswith("BEGIN:VCALENDAR\r\n") and f"SUMMARY:{made['title']}" in said
        assert not (found := check_page(page, Axe())), "\n".join(found)
        page.get_by_role("button", name="作废").click()
        page.get_by_role("button", name="确定").click()
        expect(page.locator("main")).to_contain_text("还没有订阅地址")
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(address)

    @WIDTHS
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("path", ["/calendar?at=2027-05", "/calendar?at=2027-05-12&range=week", "/tasks?layout=calendar&range=agenda&at=2027-05-10", "/tasks?layout=calendar&range=agenda&at=2031-05-10"])
    def test_is_accessible(self, office, open_page, size, scheme, path):
        for day in (11, 12, 12, 12, 12, 12):
            task(office, due_at=f"2027-05-{day}T02:00:00Z")
        page = open_page(path, size, scheme=scheme)
        ready(page)
        assert not (found := check_page(page, Axe())), "\n".join(found)
