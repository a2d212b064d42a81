"""§4.8, the day of whoever counts the money: who owes how long, what has come in and what it pays, whom the credit lets wait, who is asked for it."""
import re

import pytest
from chrome import PHONE, fill_in, no_sideways_scroll, number, offers, ready, save, step, today
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def office(company):
    return company


@pytest.fixture
def people(office):
    return office.people


def dealer(people, **fields) -> dict:
    """A customer of the consultant's."""
    return people.gu.api.make("customers", **({"name": f"永晟商行{next(number)}", "type": "company", "source": "other", "phone": "0571-88990000"} | fields))


def debt(office, people, customer: dict, cents: int, late: int, name: str = "货款") -> dict:
    """Owed by the consultant's customer, due so many days ago."""
    made = office.boss.post("/receivables", {
        "name": f"{name}{next(number)}", "customer_id": customer["id"], "amount_cents": cents, "due_on": str(today(-late)), "issued_on": str(today(-late - 30)), "owner_id": people.gu.id})
    assert made.status == 201, made
    return made.json


def test_the_ageing_leads_to_the_debts(office, people, open_page):
    """No. 1 and 10: how much is owed by age and by customer, each number opening its debts; DSO, collection rate and allowance; taken along as a spreadsheet."""
    who = dealer(people)
    for cents, late in [(8_000_00, 100), (2_000_00, 45), (1_000_00, -5)]:
        debt(office, people, who, cents, late)
    page = open_page("/reports", cookies=people.cai.cookies)
    page.get_by_role("link", name=re.compile("^应收账龄与周转天数")).first.click()
    ready(page)
    for figure in ["应收周转天数 DSO", "到期款收回率", "逾期率"]:
        expect(page.locator("main")).to_contain_text(figure)
    by_customer = page.locator(".card", has=page.get_by_role("heading", name="欠款最多的客户", exact=True))
    row = by_customer.locator("table.answer tr", has_text=who["name"])
    expect(row).to_contain_text("11,000")
    row.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/receivables\?"))
    expect(page.locator(".pagehead .count")).to_contain_text("3")
    expect(page.locator("main")).to_contain_text("91–180天")
    page.go_back()
    # §3.10: 20 % of what is 91 to 180 days late, 5 % of 31 to 60.
    kept = page.locator(".card", has=page.get_by_role("heading", name="账龄与坏账准备", exact=True)).locator("table.answer")
    expect(kept.locator("tr", has_text="91–180天")).to_contain_text("1,600")
    expect(kept.locator("tr", has_text="31–60天")).to_contain_text("100")
    page.get_by_label("更多操作").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("XLSX|Excel")).first.click()
    assert waiting.value.path().read_bytes()[:2] == b"PK"
    page.goto(f"{office.url}/receivables?filter[customer_id]={who['id']}")
    page.get_by_role("button", name=re.compile("更多|导出")).first.click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("CSV")).first.click()
    assert who["name"] in waiting.value.path().read_text("utf-8-sig")


def test_what_comes_in_pays_the_oldest(office, people, open_page):
    """No. 2: planned by the seller, confirmed by finance, the oldest debt first; what is over waits among what is not allotted until there is something to pay."""
    who = dealer(people)
    young, old = debt(office, people, who, 3_000_00, 10), debt(office, people, who, 2_000_00, 70)
    seller = open_page("/collections/new", cookies=people.gu.cookies)
    fill_in(seller, customer_id=who["name"], amount_cents="6000", method="transfer")
    save(seller)
    expect(seller.get_by_role("heading", level=1)).to_contain_text("CO-")
    id = int(seller.url.split("?")[0].rsplit("/", 1)[1])
    assert not offers(seller, "确认到账")
    page = open_page("/collections", PHONE, cookies=people.cai.cookies)
    page.get_by_role("link", name=re.compile("待确认到账")).first.click()
    no_sideways_scroll(page)
    page.goto(f"{office.url}/collections/{id}")
    step(page, "确认到账")
    found = office.boss.read("collections", id)
    assert (found["status"], found["allocated_cents"], found["prepaid_cents"], found["confirmed_by"]) == ("collected", 5_000_00, 1_000_00, people.cai.id), found
    assert [office.boss.read("receivables", row["id"])["status"] for row in (old, young)] == ["paid", "paid"]
    desk = open_page("/collections", cookies=people.cai.cookies)
    desk.get_by_role("link", name=re.compile("未核销完")).first.click()
    expect(desk.locator("main")).to_contain_text(found["no"])
    later = debt(office, people, who, 1_500_00, 1)
    desk.get_by_role("link", name=found["no"]).first.click()
    step(desk, "用预收核销")
    paid = office.boss.read("receivables", later["id"])
    assert (paid["paid_cents"], paid["balance_cents"], paid["status"]) == (1_000_00, 500_00, "overdue"), paid
    # Two debts, half of the money: the older one is whole, the younger not touched.
    poor = dealer(people)
    newer, older = debt(office, people, poor, 900_00, 5), debt(office, people, poor, 700_00, 90)
    half = office.boss.make("collections", customer_id=poor["id"], amount_cents=800_00, method="cash", owner_id=people.gu.id)
    desk.goto(f"{office.url}/collections/{half['id']}")
    step(desk, "确认到账")
    assert [office.boss.read("receivables", row["id"])["balance_cents"] for row in (older, newer)] == [0, 800_00]


def test_a_cheque_that_comes_back(office, people, open_page):
    """No. 7: the debt is owed again, and the seller is to ask for it."""
    who = dealer(people)
    owed = debt(office, people, who, 500_00, 20)
    cheque = office.boss.make("collections", customer_id=who["id"], amount_cents=500_00, method="cheque", cheque_no="8812", cheque_due_on=str(today(10)), owner_id=people.gu.id)
    page = open_page(f"/collections/{cheque['id']}", cookies=people.cai.cookies)
    step(page, "确认到账")
    assert office.boss.read("receivables", owed["id"])["status"] == "paid"
    step(page, "退票", reason="存款不足")
    back = office.boss.read("receivables", owed["id"])
    assert (back["status"], back["balance_cents"]) == ("overdue", 500_00), back
    page.goto(office.url + "/collections")
    page.get_by_role("link", name=re.compile("^退票")).first.click()
    expect(page.locator("main")).to_contain_text(cheque["no"])
    home = open_page("/tasks", cookies=people.gu.cookies)
    expect(home.locator("main")).to_contain_text(f"退票催收：{cheque['no']}")


def test_dunning(office, people, open_page):
    """No. 7: by hand as in the morning's run, at the level of the debt's age: a task for who looks after the customer; and a letter."""
    who = dealer(people)
    owed = debt(office, people, who, 1_200_00, 16)
    made = office.boss.post("/message_templates", {"name": "催款短信", "kind": "sms", "purpose": "service", "entity": "receivables", "text": "您的款项已到期"})
    assert made.status == 201, made
    page = open_page("/receivables", cookies=people.cai.cookies)
    page.get_by_role("link", name=re.compile("^逾期")).first.click()
    page.get_by_role("link", name=owed["name"]).first.click()
    step(page, "催收")
    assert office.boss.read("receivables", owed["id"])["dunning_level"] == 4
    seller = open_page("/tasks", cookies=people.gu.cookies)
    expect(seller.locator("main")).to_contain_text(f"催款（第 4 级）：{owed['name']}，逾期 16 天")
    page.goto(f"{office.url}/receivables/{owed['id']}/message")
    expect(page.locator("main")).to_contain_text("您的款项已到期")


def test_an_order_beyond_the_credit_is_released(office, people, open_page):
    """No. 3: asked for with a reason, by the manager and by finance; without either it does not go out."""
    who = dealer(people, name=f"海川经销{next(number)}", type="dealer")
    order = people.gu.api.make("orders", customer_id=who["id"], amount_cents=9_000_00)
    assert office.boss.read("orders", order["id"])["credit_hold"] is True
    seller = open_page(f"/orders/{order['id']}", cookies=people.gu.cookies)
    expect(seller.locator("main")).to_contain_text("客户还没有信用账户，发货前须放行")
    step(seller, "信用放行", "已提交审批", reason="老客户，下周结清")
    for boss in (people.mei, people.cai):
        assert office.boss.read("orders", order["id"])["credit_hold"] is True
        desk = open_page("/", cookies=boss.cookies)
        desk.locator(".queue", has_text="待我审批").click()
        desk.get_by_role("link", name=re.compile(f"信用放行.*{order['no']}")).first.click()
        expect(desk.locator("main")).to_contain_text("老客户，下周结清")
        step(desk, "批准")
    released = office.boss.read("orders", order["id"])
    assert released["credit_hold"] is False and released["credit_release_reason"] == "老客户，下周结清", released


def test_a_debt_is_written_off_by_two(office, people, open_page):
    """§2.9: the manager and finance; whoever asks is not the one who agrees, and where nobody else has the place, whoever stands above does."""
    who = dealer(people)

    def write_off(by, why: str, words: list):
        owed = debt(office, people, who, 600_00, 400)
        step(open_page(f"/receivables/{owed['id']}", cookies=by.cookies), "核销坏账", "已提交审批", reason=why)
        for boss in words:
            assert office.boss.read("receivables", owed["id"])["status"] == "overdue"
            desk = open_page("/", cookies=boss.cookies)
            desk.locator(".queue", has_text="待我审批").click()
            desk.get_by_role("link", name=re.compile(f"核销坏账.*{owed['name']}")).first.click()
            expect(desk.locator("main")).to_contain_text(why)
            step(desk, "批准")
        written = office.boss.read("receivables", owed["id"])
        assert (written["status"], written["status_reason"]) == ("bad", why), written

    write_off(people.cai, "客户已注销", [people.mei, people.zong])
    write_off(people.mei, "无财产可执行", [people.ying, people.cai])
