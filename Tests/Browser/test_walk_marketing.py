"""§4.7, one campaign from the people it is for to what it brought: money that was agreed to, invitations that nobody refused, leads told by their channel, guests at the door."""
import re

import pytest
from chrome import PHONE, fill_in, forget_refusal, no_sideways_scroll, number, offers, ready, save, step, today
from playwright.sync_api import expect
from zhike import TakenPort, until


@pytest.fixture(scope="module")
def office(company):
    return company


@pytest.fixture
def people(office):
    return office.people


def approve(office, open_page, boss, words: str):
    desk = open_page("/", cookies=boss.cookies)
    desk.locator(".queue", has_text="待我审批").click()
    desk.get_by_role("link", name=re.compile(words)).first.click()
    step(desk, "批准")


def act(api, entity: str, id: int, name: str, **body):
    """A step whose page another walk has been through."""
    answer = api.post(f"/{entity}/{id}/actions/{name}", body)
    assert answer.status == 200, answer


def guest(office, people, mark: str, letter: str, consent: list) -> dict:
    """A contact of the consultant's customer."""
    who = people.gu.api.make("customers", name=f"{mark}{letter}公司", type="company", source="other", city="杭州市")
    return people.gu.api.make("contacts", customer_id=who["id"], name=f"{mark}{letter}", mobile=f"1391{next(number):07d}", consent=consent)


@pytest.fixture(scope="module")
def campaign(company, request):
    """What the walk has come to so far."""
    return {"mark": f"秋展{next(number)}"}


def test_whom_it_is_for(office, people, open_page, campaign):
    """No. 1: found by what is known of them and what they agreed to; counted; kept as a question, so that whoever comes later belongs to it."""
    mark = campaign["mark"]
    campaign["guests"] = [guest(office, people, mark, "甲", ["sms"]), guest(office, people, mark, "乙", ["sms"]), guest(office, people, mark, "丙", [])]
    page = open_page(f"/contacts?q={mark}", cookies=people.shi.cookies)
    expect(page.locator(".pagehead .count")).to_contain_text("3")
    # What marketing does not need whole it does not see whole.
    expect(page.locator("main")).not_to_contain_text(campaign["guests"][0]["mobile"])
    page.get_by_role("button", name="更多").first.click()
    page.get_by_role("link", name="存为联系人分组").click()
    expect(page.locator(".pagehead .count")).to_contain_text("3")
    fill_in(page, name=f"{mark}来宾")
    save(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{mark}来宾")


def test_what_it_costs_and_is_to_reach(office, people, open_page, campaign):
    """No. 2: the brief, the budget line by line, a goal with its day; above ¥10,000 the director agrees, and not a cent beyond it is spent."""
    mark = campaign["mark"]
    page = open_page("/campaigns/new", cookies=people.shi.cookies)
    page.get_by_role("link", name="更多字段").click()
    fill_in(page, **{"name": mark, "start_on": str(today()), "end_on": str(today(10)), "group_id": f"{mark}来宾", "strategy": "老客户带新客户"})
    fill_in(page, **{"goals.0.metric": "leads", "goals.0.target": "1", "goals.0.due_on": str(today(10))})
    fill_in(page, **{"costs.0.category": "venue", "costs.0.name": "场地", "costs.0.planned_cents": "20000"})
    for row, (name, code) in enumerate([("抖音", f"dy-{mark}"), ("海报", f"hb-{mark}")]):
        fill_in(page, **{f"channels.{row}.name": name, f"channels.{row}.code": code})
    save(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text(mark)
    id = campaign["id"] = int(page.url.split("?")[0].rsplit("/", 1)[1])
    assert not offers(page, "开始")
    step(page, "提交", "已提交审批")
    assert office.boss.read("campaigns", id)["status"] == "pending"
    approve(office, open_page, people.ying, mark)
    found = office.boss.read("campaigns", id)
    assert (found["status"], found["budget_cents"]) == ("approved", 20_000_00), found
    page.goto(f"{office.url}/campaigns/{id}/edit")
    fill_in(page, **{"costs.0.actual_cents": "20000.01"})
    save(page)
    expect(page.locator("main")).to_contain_text("超出批准预算")
    forget_refusal(page)
    fill_in(page, **{"costs.0.actual_cents": "20000"})
    save(page)
    expect(page.locator("#toasts")).to_contain_text("已保存")
    step(page, "开始")
    assert office.boss.read("campaigns", id)["status"] == "running"


def test_who_is_invited(office, people, open_page, campaign):
    """No. 3: by a template with the guest's name; whoever did not agree, or has asked to be left alone, is named and not written to."""
    mark, id = campaign["mark"], campaign["id"]
    page = open_page(f"/campaigns/{id}", cookies=people.shi.cookies)
    step(page, "生成邀请名单")
    until(lambda: office.boss.count("campaign_people", {"campaign_id": id}) == 3, "the list")
    with TakenPort() as port:
        office.boss.make("message_channels", name="短信网关", kind="sms", url=f"http://127.0.0.1:{port}/sms", body='{"to":"{mobile}","text":"{text}"}')
        page.goto(office.url + "/message_templates/new")
        fill_in(page, name=f"{mark}邀请", entity="campaign_people", kind="sms", purpose="marketing", text="{contact_id}，诚邀您参加{campaign_id}，回T退订")
        save(page)
        expect(page.get_by_role("heading", level=1)).to_contain_text(f"{mark}邀请")
        page.goto(office.url + "/message_opt_outs/new")
        fill_in(page, address=campaign["guests"][1]["mobile"])
        save(page)
        expect(page.locator("#toasts")).to_contain_text("已新建")
        page.goto(f"{office.url}/campaign_people?filter[campaign_id]={id}")
        ready(page)
        page.locator("thead input[type=checkbox]").check()
        bar = page.get_by_role("toolbar", name="批量操作")
        bar.get_by_role("button", name="更多").click()
        page.locator("#bulkmore").get_by_role("button", name="发消息").click()
        fill_in(page, template_id=f"{mark}邀请")
        page.get_by_role("button", name="批量发消息").click()
        expect(page.locator(".job tr.row-bad")).to_have_count(2)
        expect(page.locator(".job")).to_contain_text("已退订")
        expect(page.locator(".job")).to_contain_text("没有同意接收短信")
    sent, = [row for row in office.boss.list("messages", {"purpose": "marketing"})["items"] if mark in row["text"]]
    assert sent["to"] == campaign["guests"][0]["mobile"] and sent["text"] == f"{mark}甲，诚邀您参加{mark}，回T退订", sent


def test_leads_are_told_by_their_channel(office, people, open_page, campaign):
    """No. 4 and 5: from the public form with the channel's code, once however often somebody asks, to whose turn it is; a paused channel brings nothing more."""
    mark, id = campaign["mark"], campaign["id"]
    office.boss.make("lead_assignment_rules", name=f"{mark}轮流", user_ids=[people.gu.id])
    for place, code in enumerate(["dy", "hb"]):
        office.boss.make("lead_forms", name=f"{mark}{code}", code=f"{code}-{id}", source="website", source_code=f"{code}-{mark}")

    def ask(code: str, name: str, mobile: str):
        form = open_page(f"/forms/{code}-{id}", PHONE, cookies=False)
        fill_in(form, name=name, mobile=mobile)
        form.locator("[name=consent]").check()
        no_sideways_scroll(form)
        form.get_by_role("button", name="提交").click()
        expect(form.locator("main")).to_contain_text("已收到")

    first, second = f"1331{next(number):07d}", f"1331{next(number):07d}"
    for _ in range(2):
        ask("dy", f"{mark}来客", first)
    lead, = office.boss.list("leads", {"mobile": first})["items"]
    assert (lead["campaign_id"], lead["source_code"]) == (id, f"dy-{mark}"), lead
    campaign["lead"] = lead["id"]
    page = open_page(f"/campaigns/{id}/edit", cookies=people.shi.cookies)
    fill_in(page, **{"channels.1.is_paused": "是"})
    save(page)
    expect(page.locator("#toasts")).to_contain_text("已保存")
    ask("hb", f"{mark}晚客", second)
    late, = office.boss.list("leads", {"mobile": second})["items"]
    assert late["campaign_id"] is None, late
    # The monitor: one lead of the one channel, none of the other, what was spent of the budget.
    page.goto(f"{office.url}/campaigns/{id}?tab=findings")
    for words in ["线索 1 条", "批准 ¥20,000.00", "抖音"]:
        expect(page.locator("main")).to_contain_text(words)
    until(lambda: office.boss.read("leads", lead["id"])["owner_id"] == people.gu.id, "the lead has been given to somebody", 150)


def test_at_the_door(office, people, open_page, campaign):
    """No. 6: whoever sells signs their guest in on a telephone; it counts at once."""
    mark, id = campaign["mark"], campaign["id"]
    page = open_page(f"/campaign_people?filter[campaign_id]={id}&q={mark}甲", PHONE, cookies=people.gu.cookies)
    no_sideways_scroll(page)
    one = next(row for row in office.boss.list("campaign_people", {"campaign_id": id})["items"] if row["contact_id"] == campaign["guests"][0]["id"])
    page.goto(f"{office.url}/campaign_people/{one['id']}")
    step(page, "签到")
    assert office.boss.read("campaign_people", one["id"])["attended_at"]
    until(lambda: office.boss.read("campaigns", id)["attended_count"] == 1, "one guest")


def test_what_it_brought(office, people, open_page, campaign):
    """No. 7: ¥60,000 of gross profit for ¥20,000 are 200 %; what was learnt goes into the next one."""
    mark, id, gu = campaign["mark"], campaign["id"], people.gu.api
    product = office.boss.make("products", name=f"{mark}车", price_cents=20_000_000, cost_cents=14_000_000, floor_cents=14_000_000)
    gu.make("interactions", lead_id=campaign["lead"], channel="phone", content="约好到店")
    gu.patch(f"/leads/{campaign['lead']}", {"budget_cents": 20_000_000, "buy_within": "week", "level": "H"})
    if gu.read("leads", campaign["lead"])["status"] == "assigned":
        act(gu, "leads", campaign["lead"], "contact")
    act(gu, "leads", campaign["lead"], "qualify")
    act(gu, "leads", campaign["lead"], "convert")
    won = gu.list("opportunities", {"lead_id": campaign["lead"]})["items"][0]
    order = gu.make("orders", customer_id=won["customer_id"], opportunity_id=won["id"], lines=[{"product_id": product["id"], "quantity": 1, "price_cents": 20_000_000}])
    act(people.mei.api, "orders", order["id"], "approve")
    assert gu.read("opportunities", won["id"])["status"] == "won"
    page = open_page(f"/campaigns/{id}", cookies=people.shi.cookies)
    step(page, "结束")
    page.goto(office.url + "/")
    page.locator(".queue", has_text="待评估的活动").click()
    page.get_by_role("link", name=mark).first.click()
    step(page, "完成评估", summary="到场一位，成交一单", lessons="海报带不来人，改做短视频")
    assert office.boss.read("campaigns", id)["status"] == "evaluated"
    page.goto(f"{office.url}/campaigns/{id}?tab=findings")
    for model in ["首次触达", "末次触达", "均分"]:
        expect(page.locator("main")).to_contain_text(f"ROI（{model}）")
    expect(page.locator("main")).to_contain_text("200.0%")
    expect(page.locator("main")).to_contain_text("毛利 ¥60,000.00")
    step(page, "复制为新活动")
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{mark}（新）")
    expect(page.locator("main")).to_contain_text("海报带不来人，改做短视频")
