"""§4.9 step 2, the approvals inbox: what waits, the thing itself in plain words, the next one after a decision, several at once, by thumb."""
import re

import pytest
import zhike
from axe_playwright_python.sync_playwright import Axe
from chrome import PHONE, WIDTHS, check_page, no_sideways_scroll, number, ready
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def office(company):
    return company


@pytest.fixture
def people(office):
    """What other walks have asked for is not in the way."""
    for clerk in (office.people.mei, office.people.ying):
        for row in clerk.api.list("approvals", {"approver_ids": clerk.id, "status": "pending"}, limit=100)["items"]:
            clerk.api.post(f"/approvals/{row['id']}/actions/reject", {"reason": "让位"})
    return office.people


def quote(office, clerk, reason="竞品报价更低", price=17_600_000) -> dict:
    """One that takes the sales manager's word: 12 % off."""
    product = office.boss.make("products", name=f"远航{next(number)}", price_cents=20_000_000, cost_cents=14_000_000, floor_cents=15_000_000)
    who = clerk.api.make("customers", name=f"折扣客户{next(number)}", type="company", source="other")
    found = clerk.api.make("quotes", customer_id=who["id"], discount_reason=reason, lines=[{"product_id": product["id"], "quantity": 1, "price_cents": price}])
    assert clerk.api.post(f"/quotes/{found['id']}/actions/confirm", {}).status == 202
    return found


def test_three_taps_from_home(office, people, open_page):
    """On a telephone the word is three taps away, never behind a menu, and nothing on the way offers to edit or delete a slip."""
    found = quote(office, people.gu)
    page = open_page("/", PHONE, cookies=people.mei.cookies)
    taps = 0
    for target in [
        lambda: page.locator(".queue", has_text="待我审批"), lambda: page.locator("tr", has_text=found["no"]),
        lambda: page.locator(".slip > .actionbar").get_by_role("button", name="批准", exact=True),
    ]:
        expect(target()).to_be_visible()
        no_sideways_scroll(page)
        expect(page.get_by_role("button", name=re.compile("编辑|删除"))).to_have_count(0)
        box = target().bounding_box()
        assert box["y"] + box["height"] <= PHONE[1] and box["height"] >= 44, box
        target().tap()
        taps += 1
    expect(page.locator("#toasts")).to_contain_text(f"已批准：确认报价单「{found['no']}」，没有待审批的了")
    assert taps <= 3 and office.boss.read("quotes", found["id"])["status"] == "approved"
    expect(page.locator("main")).to_contain_text("没有等您审批的")


@WIDTHS
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_slip_shows_the_thing_itself(office, people, open_page, size, scheme):
    """Who asks for what and why in one sentence; the record with its lines and margin; whose turn it is."""
    found = quote(office, people.gu)
    page = open_page("/approvals", size, cookies=people.mei.cookies, scheme=scheme)
    assert check_page(page, Axe()) == []
    page.get_by_role("link", name=re.compile(found["no"])).first.click()
    ready(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"顾晓 申请：确认报价单「{found['no']}」")
    main = page.locator("main")
    for words in ["原因：竞品报价更低", "毛利率", "12%", "远航", "审批过程", "等待 梅经理"]:
        expect(main).to_contain_text(words)
    assert check_page(page, Axe()) == []
    for name in ["批准", "驳回", "退回", "转交"]:
        expect(page.locator(".slip > .actionbar").get_by_role("button", name=name, exact=True)).to_be_in_viewport()
    expect(page.get_by_role("button", name=re.compile("^(编辑|删除)$"))).to_have_count(0)
    expect(page.get_by_role("link", name="编辑", exact=True)).to_have_count(0)


def test_a_refusal_says_why_and_the_next_one_follows(office, people, open_page):
    first, second = quote(office, people.gu), quote(office, people.yu, reason="老客户")
    page = open_page("/approvals", cookies=people.mei.cookies)
    page.get_by_role("link", name=re.compile(first["no"])).first.click()
    page.get_by_role("button", name="驳回", exact=True).click()
    # Without a comment it is not sent.
    assert page.evaluate("document.activeElement.name") == "reason"
    page.locator(".decide").get_by_label("意见").fill("先谈赠品")
    page.get_by_role("button", name="驳回", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("还有 1 件")
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"于航 申请：确认报价单「{second['no']}」")
    assert office.boss.read("quotes", first["id"])["status"] == "rejected"
    # Sent back to who asked, with a word.
    page.locator(".decide").get_by_label("意见").fill("补上客户预算")
    page.get_by_role("button", name="退回", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("已退回")
    assert office.boss.read("quotes", second["id"])["status"] == "draft"
    page.get_by_role("link", name=re.compile("^已办")).click()
    for row in (first, second):
        expect(page.locator("main")).to_contain_text(row["no"])
    mine = open_page("/approvals?box=mine", PHONE, cookies=people.yu.cookies)
    mine.get_by_role("link", name=re.compile(second["no"])).first.click()
    expect(mine.locator("main")).to_contain_text("补上客户预算")
    expect(mine.get_by_role("button", name="批准", exact=True)).to_have_count(0)


@WIDTHS
def test_several_at_once(office, people, open_page, size):
    """Ticked and approved with one comment; what cannot be is named with its reason."""
    rows = [quote(office, people.gu) for _ in range(3)]
    page = open_page("/approvals", size, cookies=people.mei.cookies)
    ready(page)
    for row in rows:
        page.get_by_label(re.compile(f"选择.*{row['no']}")).check()
    bar = page.get_by_role("toolbar", name="批量审批")
    bar.get_by_label("意见").fill("同意")
    # Somebody else was faster with one of them.
    gone = people.mei.api.list("approvals", {"record_id": rows[0]["id"], "entity": "quotes", "status": "pending"})["items"][0]
    assert people.mei.api.post(f"/approvals/{gone['id']}/actions/reject", {"reason": "手机上先驳回了"}).status == 200
    bar.get_by_role("button", name="批准所选").click()
    told = page.get_by_role("alert")
    expect(told).to_contain_text("已批准 2 件，1 件没有批准")
    expect(told).to_contain_text(f"确认报价单「{rows[0]['no']}」：审批单已驳回，不能再处理")
    assert [office.boss.read("quotes", row["id"])["status"] for row in rows] == ["rejected", "approved", "approved"]


@WIDTHS
def test_a_change_shows_what_it_was(office, people, open_page, size):
    flow = office.boss.post("/approval_flows", {
        "name": "电话", "entity": "customers", "trigger": "change", "field": "mobile", "steps": [{"name": "上级", "approver": "superior"}]})
    assert flow.status == 201, flow
    try:
        mark = next(number)
        who = people.gu.api.make("customers", name=f"改号客户{mark}", type="company", source="other", mobile="13800001111")
        assert people.gu.api.patch(f"/customers/{who['id']}", {"mobile": "13900002222"}).status in (200, 202)
        page = open_page("/approvals", size, cookies=people.mei.cookies)
        page.get_by_role("link", name=re.compile(who["name"])).first.click()
        row = page.get_by_role("row", name=re.compile("手机"))
        expect(row).to_contain_text("138")
        expect(row.locator("del")).not_to_be_empty()
        expect(row.locator("ins")).to_contain_text("139")
        no_sideways_scroll(page)
        page.locator(".slip > .actionbar").get_by_role("button", name="批准", exact=True).click()
        expect(page.locator("#toasts")).to_contain_text("已批准")
        assert "2222" in office.boss.read("customers", who["id"])["mobile"]
    finally:
        office.boss.delete(f"/approval_flows/{flow.json['id']}")


@WIDTHS
def test_rights_are_asked_for_in_words(office, open_page, size):
    """A role's rights that their author does not have: what is added and what is taken, without a key of the program."""
    mark = next(number)
    role = office.boss.post("/roles", {"code": f"keeper{mark}", "name": f"角色管理{mark}", "system": ["roles", "users"]})
    assert role.status == 201, role
    made = office.boss.make("users", username=f"keeper{mark}", name="纪管理", password=zhike.PASSWORD + "keeper", roles=[f"keeper{mark}"])
    keeper = office.log_in(f"keeper{mark}", zhike.PASSWORD + "keeper")
    asked = keeper.post("/roles", {"code": f"r{mark}", "name": f"大客户{mark}", "permissions": {
        "customers": {"read": "department", "update": "own", "claim": "own"}, "*": {"read": "own"}}, "system": ["parameters"]})
    assert asked.status in (201, 202), asked
    page = open_page("/approvals", size)
    page.get_by_role("link", name=re.compile(f"大客户{mark}")).first.click()
    ready(page)
    main = page.locator("main")
    expect(main).to_contain_text("增加 查看（本部门）")
    text = main.inner_text()
    assert not re.search(r"[{}\[\]]|\b(read|update|claim|customers|parameters|permissions)\b", text), text
    assert check_page(page, Axe()) == []
    no_sideways_scroll(page)
    assert made["id"]
