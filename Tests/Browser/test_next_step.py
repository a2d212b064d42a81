"""The way forward is always visible: the state's step at the head and under the thumb, or what it waits for."""
import pytest
from chrome import DESK, PHONE, WIDTHS, customer, number, ready, session
from playwright.sync_api import expect
from zhike import PASSWORD


@pytest.fixture(scope="module")
def seller(office):
    name = f"gu{next(number)}"
    made = office.boss.make("users", username=name, name="顾步", password=PASSWORD + "gu", roles=["sales_consultant"])
    return office.log_in(name, PASSWORD + "gu"), session(office, name, PASSWORD + "gu"), made["id"]


def main_step(page, size, name: str):
    where = page.locator(".rec-acts .btn-p") if size == DESK else page.locator(".rec-strip .go-p")
    expect(where).to_have_text(name)
    expect(where).to_be_in_viewport()
    return where


@WIDTHS
def test_a_fresh_lead_says_what_comes_next_and_why_not_yet(office, open_page, seller, size):
    api, cookies, _ = seller
    lead = api.make("leads", name=f"安新{next(number)}", mobile=f"1361{next(number):07d}", source="website")
    page = open_page(f"/leads/{lead['id']}", cookies=cookies, size=size)
    expect(page.locator(".next")).to_contain_text("下一步：标记已联系")
    expect(page.locator(".next")).to_contain_text("请先联系客户并写一条跟进")
    page.locator("form.composer textarea").first.fill("电话里约好周六看车")
    page.locator("form.composer").first.get_by_role("button", name="保存").click()
    ready(page)
    # What is missing is asked for by the step itself.
    main_step(page, size, "确认有效").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("[name=budget_cents]").fill("200000")
    if dialog.locator("[name=buy_within]").count():
        dialog.locator("[name=buy_within]").select_option(index=1)
    dialog.get_by_role("button", name="确认有效").click()
    main_step(page, size, "转为客户")
    expect(page.locator(".next")).to_have_count(0)


@WIDTHS
def test_a_discount_beyond_ones_own_is_asked_for_its_reason(office, open_page, seller, size):
    api, cookies, owner = seller
    buyer = customer(office, owner_id=owner, type="person")
    product = office.boss.make("products", name=f"轿车{next(number)}", price_cents=100_000, cost_cents=50_000)
    empty = api.make("quotes", customer_id=buyer["id"])
    page = open_page(f"/quotes/{empty['id']}", cookies=cookies, size=size)
    expect(page.locator(".next")).to_contain_text("请先添加「明细」")
    deep = api.make("quotes", customer_id=buyer["id"], lines=[{"product_id": product["id"], "price_cents": 85_000}])
    page.goto(f"{office.url}/quotes/{deep['id']}")
    main_step(page, size, "确认").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("[name=discount_reason]").fill("竞品报价更低")
    dialog.get_by_role("button", name="确认").click()
    expect(page.locator(".toast")).to_contain_text("已提交审批")
    assert api.read("quotes", deep["id"])["status"] == "pending"


def test_who_may_not_is_told_that_somebody_else_does_it(office, open_page, seller):
    api, cookies, owner = seller
    buyer = customer(office, owner_id=owner)
    order = api.make("orders", customer_id=buyer["id"], amount_cents=10_000)
    page = open_page(f"/orders/{order['id']}", cookies=cookies, size=PHONE)
    expect(page.locator(".next")).to_contain_text("下一步：批准。由有此权限的同事办理")
