"""§4.9, the day of those who lead: what is late this morning, what waits for their word, whose work is whose, where deals are stuck, which complaint is theirs to decide."""
import re

import pytest
from chrome import PHONE, WIDTHS, fill_in, no_sideways_scroll, number, offers, ready, save, step, today
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def office(company):
    return company


@pytest.fixture
def people(office):
    return office.people


def lead(clerk, **fields) -> dict:
    mark = next(number)
    return clerk.api.make("leads", **({"name": f"意向客户{mark}", "mobile": f"1381{mark:07d}", "source": "walk_in", "buy_within": "month"} | fields))


@WIDTHS
def test_the_morning_board(office, people, open_page, size):
    """No. 1: what is overdue in the team and what is owed to it, each number opening its records; whoever leads sees the team's, not only their own."""
    late = lead(people.gu, next_follow_at="2026-01-02T01:00:00Z")
    people.gu.api.patch(f"/leads/{late['id']}", {"next_follow_at": "2026-01-02T01:00:00Z"})
    who = people.gu.api.make("customers", name=f"晨会客户{next(number)}", type="company", source="other")
    owed = office.boss.post("/receivables", {
        "name": f"尾款{next(number)}", "customer_id": who["id"], "amount_cents": 500_00, "due_on": str(today(-3)), "owner_id": people.gu.id}).json
    page = open_page("/", size, cookies=people.mei.cookies)
    expect(page.get_by_role("link", name="我下属的")).to_have_attribute("aria-current", "true")
    no_sideways_scroll(page)
    for queue, found in [("逾期未联系线索", late["name"]), ("逾期未回款", owed["name"])]:
        page.goto(office.url + "/")
        page.locator(".queue", has_text=queue).click()
        expect(page.locator("main")).to_contain_text(found)
    # The salesperson's own page does not show a colleague's.
    page = open_page("/", size, cookies=people.yu.cookies)
    expect(page.locator(".queue", has_text="逾期未联系线索")).to_have_count(0)


def test_what_waits_for_a_word_on_a_telephone(office, people, open_page):
    """No. 2: a discount is granted, a lost lead is not given up yet; whoever asked hears both."""
    product = office.boss.make("products", name=f"远航{next(number)}", price_cents=20_000_000, cost_cents=14_000_000, floor_cents=15_000_000)
    who = people.gu.api.make("customers", name=f"折扣客户{next(number)}", type="company", source="other")
    quote = people.gu.api.make("quotes", customer_id=who["id"], discount_reason="竞品更低", lines=[{"product_id": product["id"], "quantity": 1, "price_cents": 17_600_000}])
    given_up = lead(people.gu, buy_within="week")
    seller = open_page(f"/quotes/{quote['id']}", cookies=people.gu.cookies)
    step(seller, "确认", "已提交审批")
    seller.goto(f"{office.url}/leads/{given_up['id']}")
    step(seller, "战败", "已提交审批", loss_reason="price")
    page = open_page("/", PHONE, cookies=people.mei.cookies)
    page.locator(".queue", has_text="待我审批").click()
    no_sideways_scroll(page)
    page.get_by_role("link", name=re.compile(quote["no"])).first.click()
    expect(page.locator("main")).to_contain_text("12%")
    no_sideways_scroll(page)
    step(page, "批准")
    assert office.boss.read("quotes", quote["id"])["status"] == "approved"
    page.goto(office.url + "/")
    page.locator(".queue", has_text="待我审批").click()
    page.get_by_role("link", name=re.compile(f"战败.*{given_up['name']}")).first.click()
    fill_in(page.locator(".decide"), reason="再约一次到店")
    step(page, "驳回")
    assert office.boss.read("leads", given_up["id"])["status"] in ("assigned", "contacted")
    told = open_page("/notifications", cookies=people.gu.cookies)
    expect(told.locator("main")).to_contain_text(quote["no"])
    expect(told.locator("main")).to_contain_text(given_up["name"])


def test_leads_go_to_somebody_else_and_come_back(office, people, open_page):
    """No. 3: several at once to a colleague, one back into the pool, from where another takes it; a customer goes over with what is known."""
    mark = f"转派{next(number)}"
    leads = [lead(people.gu, name=f"{mark}{letter}") for letter in "ab"]
    page = open_page(f"/leads?q={mark}&sort=name", cookies=people.mei.cookies)
    ready(page)
    for row in leads:
        page.get_by_label(f"选择 {row['name']}").check()
    page.get_by_role("toolbar", name="批量操作").get_by_role("button", name="转移").click()
    fill_in(page, owner_id="于航")
    page.get_by_role("button", name="转移负责人").click()
    expect(page.locator(".job")).to_contain_text("已完成")
    assert [office.boss.read("leads", row["id"])["owner_id"] for row in leads] == [people.yu.id] * 2
    page.goto(f"{office.url}/leads/{leads[0]['id']}")
    step(page, "放入公海", reason="三天没有联系")
    back = office.boss.read("leads", leads[0]["id"])
    assert (back["owner_id"], back["status"]) == (None, "new"), back
    other = open_page(f"/leads/{leads[0]['id']}", cookies=people.gu.cookies)
    step(other, "领取")
    assert office.boss.read("leads", leads[0]["id"])["owner_id"] == people.gu.id
    who = people.gu.api.make("customers", name=f"移交客户{next(number)}", type="company", source="other")
    page.goto(f"{office.url}/customers/{who['id']}")
    step(page, "转移负责人", owner_id="于航", reason="区域调整")
    assert office.boss.read("customers", who["id"])["owner_id"] == people.yu.id
    expect(open_page("/notifications", cookies=people.yu.cookies).locator("main")).to_contain_text(who["name"])


def test_the_funnel_and_what_is_stuck(office, people, open_page):
    """No. 4: how much is in each stage, who has it, when it should come; each number opens its deals."""
    who = people.gu.api.make("customers", name=f"漏斗客户{next(number)}", type="company", source="other")
    deal = people.gu.api.post("/opportunities", {"name": f"漏斗商机{next(number)}", "customer_id": who["id"], "amount_cents": 300_000_00, "expected_close_on": str(today(20))})
    assert deal.status == 201, deal
    page = open_page("/reports", cookies=people.mei.cookies)
    page.get_by_role("link", name=re.compile("^销售漏斗")).first.click()
    ready(page)
    card = page.locator(".card", has=page.get_by_role("heading", name="在谈商机", exact=True))
    card.locator("table.answer tr", has_text="初步接触").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/opportunities\?"))
    expect(page.locator("main")).to_contain_text(deal.json["name"])
    page.get_by_role("link", name=re.compile("^停滞")).first.click()
    expect(page.locator("main")).not_to_contain_text(deal.json["name"])
    page.goto(office.url + "/reports/stage_time")
    expect(page.get_by_role("heading", name="停滞的商机（按负责人）")).to_be_visible()
    page.goto(office.url + "/reports/forecast")
    card = page.locator(".card", has=page.get_by_role("heading", name="按负责人", exact=True))
    expect(card.locator("table.answer tr", has_text="顾晓")).to_be_visible()
    page.goto(office.url + "/reports/targets")
    expect(page.get_by_role("heading", name="按人", exact=True)).to_be_visible()


def test_a_complaint_is_decided_above(office, people, open_page):
    """No. 5: whoever met the customer takes it up; the money is the general manager's to grant; it is not closed by those it is about."""
    who = people.gu.api.make("customers", name=f"投诉客户{next(number)}", type="company", source="other")
    front = open_page("/complaints/new", PHONE, cookies=people.gu.cookies)
    fill_in(front, subject=f"多收费：{who['name']}", customer_id=who["name"], content="合同外又收了六千", channel="counter")
    save(front)
    id = int(front.url.split("?")[0].rsplit("/", 1)[1])
    step(front, "登记")
    step(front, "升级", note="客户要找媒体")
    no_sideways_scroll(front)
    care = open_page("/notifications", cookies=people.qin.cookies)
    care.get_by_role("link", name=re.compile(f"投诉升级：多收费：{who['name']}")).first.click()
    step(care, "恢复处理", note="已联系客户")
    step(care, "告知受理", channel="phone", note="三日内答复")
    step(care, "定级分派", level="serious", handler_department_id="销售一部", owner_id="梅经理")
    sales = open_page(f"/complaints/{id}", cookies=people.mei.cookies)
    step(sales, "开始调查")
    cause = next(row for row in office.boss.list("complaint_causes", limit=50)["items"] if row["parent_id"])
    people.mei.api.patch(f"/complaints/{id}", {
        "evidence": "收据", "liability": "self", "cause_id": cause["id"], "root_cause": "加装费未说明", "proposal": "全额退还", "compensation_type": "money", "compensation_cents": 600_000})
    sales.reload()
    step(sales, "提出方案")
    step(sales, "批准方案", "已提交审批")
    # Beyond ¥5,000 neither the care manager nor the director is asked.
    for other in (people.qin, people.ying):
        assert people.zong.api.count("approvals", {"approver_ids": other.id, "status": "pending", "entity": "complaints"}) == 0
    chief = open_page("/", PHONE, cookies=people.zong.cookies)
    chief.locator(".queue", has_text="待我审批").click()
    chief.get_by_role("link", name=re.compile("多收费")).first.click()
    expect(chief.locator("main")).to_contain_text("6,000")
    step(chief, "批准")
    found = office.boss.read("complaints", id)
    assert (found["status"], found["decided_by"]) == ("approved", people.zong.id), found
    sales.reload()
    step(sales, "告知客户方案", note="接受")
    step(sales, "执行方案")
    assert not offers(sales, "回访确认")
    step(open_page(f"/complaints/{id}", cookies=people.ke.cookies), "回访确认", customer_result="accept", note="收到退款")
    care.goto(f"{office.url}/complaints/{id}")
    step(care, "结案")
    assert office.boss.read("complaints", id)["status"] == "closed"


def test_how_the_team_does(office, people, open_page):
    """No. 6: the month's targets with who is ahead, and the figures of the team."""
    made = people.mei.api.post("/sales_targets", {"month": str(today()), "scope": "person", "user_id": people.gu.id, "metric": "orders", "target_cents": 100_000_00})
    assert made.status == 201, made
    page = open_page("/sales_targets", cookies=people.mei.cookies)
    page.get_by_role("link", name=re.compile("^个人排行")).first.click()
    expect(page.locator("main")).to_contain_text("顾晓")
    page.goto(office.url + "/dashboard")
    expect(page.get_by_role("heading", level=1)).to_contain_text("销售")
    # A salesperson does not set their own target.
    assert people.gu.api.post("/sales_targets", {"month": str(today()), "scope": "person", "user_id": people.gu.id, "metric": "orders", "target_cents": 1}).status == 403
