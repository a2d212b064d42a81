"""§4.3, the day of the call desk: what is to be called is planned, called, written down, and what a customer complains of is seen through to the end."""
import re

import pytest
from chrome import PHONE, WIDTHS, fill_in, no_sideways_scroll, number, offers, save, step, today
from playwright.sync_api import expect
from zhike import until


@pytest.fixture(scope="module")
def office(company):
    return company


@pytest.fixture
def people(office):
    return office.people


def questionnaire(office, code: str) -> int:
    return next(row["id"] for row in office.boss.list("questionnaires", {"code": code, "status": "published"})["items"])


def buyer(office, **fields) -> dict:
    mark = next(number)
    return office.boss.make("customers", **({"name": f"回访客户{mark}", "type": "person", "source": "walk_in", "mobile": f"1371{mark:07d}"} | fields))


def plan(office, clerk, customer: dict, **fields) -> dict:
    return office.boss.make("follow_plans", **({
        "title": f"售后3日回访：{customer['name']}", "customer_id": customer["id"], "owner_id": clerk.id, "scene": "service_3d", "due_at": "2026-01-01T01:00:00Z"} | fields))


def answer(page, **answers: str):
    """Questions by their codes: the words of the answer, or what is typed."""
    for code, given in answers.items():
        box = page.locator(f"#f-{code} textarea, #f-{code} input[type=text]")
        if box.count():
            box.first.fill(given)
        else:
            page.locator(f"#f-{code} label", has_text=re.compile(f"^{given}$")).click()


def test_todays_plans_are_made_once_and_shared(office, people, open_page):
    """No. 1: made by the rule, each customer once however often it is asked, and given to whoever has less to do."""
    mine = [buyer(office) for _ in range(4)]
    for who in mine:
        office.boss.make("orders", customer_id=who["id"], amount_cents=100_00, ordered_on=str(today(-3)))
    rule = people.qin.api.post("/follow_rules", {
        "name": "交车3日回访", "scene": "sale_3d", "entity": "orders", "field": "ordered_on", "offsets": "3", "is_enabled": True, "user_ids": [people.ke.id, people.hu.id]}).json

    def plans():
        """Those of this walk's customers: another's order may have its third day soon."""
        return [row for row in office.boss.list("follow_plans", {"rule_id": rule["id"]})["items"] if row["customer_id"] >= mine[0]["id"]]

    page = open_page(f"/follow_rules/{rule['id']}", cookies=people.ke.cookies)
    step(page, "生成今日计划")
    until(lambda: len(plans()) == 4, "four plans")
    # Once more, together with somebody new who came while the rule was off: only they are added.
    people.qin.api.patch(f"/follow_rules/{rule['id']}", {"is_enabled": False})
    page.reload()
    expect(page.get_by_role("button", name="生成今日计划", exact=True)).to_have_count(0)
    late = buyer(office)
    office.boss.make("orders", customer_id=late["id"], amount_cents=100_00, ordered_on=str(today(-3)))
    people.qin.api.patch(f"/follow_rules/{rule['id']}", {"is_enabled": True})
    page.reload()
    step(page, "生成今日计划")
    until(lambda: any(row["customer_id"] == late["id"] for row in plans()), "the plan of whoever came late")
    made = plans()
    assert sorted(row["customer_id"] for row in made) == sorted(who["id"] for who in mine + [late]), made
    every = office.boss.list("follow_plans", {"rule_id": rule["id"]})["items"]
    shares = [sum(row["owner_id"] == clerk.id for row in every) for clerk in (people.ke, people.hu)]
    assert sum(shares) == len(every) and abs(shares[0] - shares[1]) <= 1, shares
    # Her morning leads to the desk.
    page.goto(office.url + "/")
    page.locator(".queue", has_text="今日跟踪计划").click()
    expect(page.locator("main")).to_contain_text("交车3日回访")
    page.get_by_role("link", name="呼叫台").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("交车3日回访")


@WIDTHS
def test_a_call_with_its_words_and_its_questions(office, people, open_page, size):
    """No. 2 and 4: what to say, whom to, what to ask; the next one comes by itself; five points of ten open a complaint whose clock runs."""
    low, after = buyer(office), buyer(office)
    first = plan(office, people.ke, low, questionnaire_id=questionnaire(office, "service"))
    plan(office, people.ke, after, due_at="2026-01-01T02:00:00Z")
    page = open_page("/follow_plans/desk", size, cookies=people.ke.cookies)
    expect(page.get_by_role("heading", level=1)).to_contain_text(low["name"])
    # The number is there to be dialled, not masked; the words are there to be said.
    expect(page.locator(".desk-h a[href^='tel:']")).to_have_text(low["mobile"])
    expect(page.locator(".desk")).to_contain_text("回访开场")
    no_sideways_scroll(page)
    answer(page, q1="否", q2="异响还在，没人理我", q3="2", q4="等候时间", q5="5")
    fill_in(page, result="success")
    page.get_by_role("button", name="保存，下一个").click()
    expect(page.locator("#toasts")).to_contain_text("已记录结果")
    expect(page.get_by_role("heading", level=1)).to_contain_text(after["name"])
    assert people.ke.api.read("follow_plans", first["id"])["status"] == "done"
    complaint, = people.ke.api.list("complaints", {"customer_id": low["id"]})["items"]
    assert "异响还在，没人理我" in complaint["content"] and complaint["ack_due_at"] and complaint["due_at"] > complaint["received_at"], complaint
    # Her head hears of it and sees the clock.
    head = open_page("/notifications", size, cookies=people.qin.cookies)
    head.get_by_role("link", name=re.compile("低分警示")).first.click()
    expect(head.locator("main")).to_contain_text("异响还在，没人理我")
    expect(head.locator("main")).to_contain_text("受理告知期限")
    fill_in(page, result="success")
    page.get_by_role("button", name="保存，下一个").click()
    expect(page.locator("#toasts")).to_contain_text("已记录结果")


def test_nobody_answers(office, people, open_page):
    """No. 3: called again on another day; after the last of them the plan has failed, and another way is her task."""
    who = buyer(office)
    tried = plan(office, people.ke, who, max_attempts=1)
    again = plan(office, people.ke, who, max_attempts=3)
    page = open_page(f"/follow_plans/desk/{again['id']}", cookies=people.ke.cookies)
    fill_in(page, result="no_answer")
    page.get_by_role("button", name="保存，下一个").click()
    expect(page.locator("#toasts")).to_contain_text("已记录结果")
    later = people.ke.api.read("follow_plans", again["id"])
    assert (later["status"], later["attempts"]) == ("assigned", 1) and later["due_at"][:10] > later["updated_at"][:10], later
    page.goto(f"{office.url}/follow_plans/desk/{tried['id']}")
    fill_in(page, result="no_answer")
    page.get_by_role("button", name="保存，下一个").click()
    expect(page.locator("#toasts")).to_contain_text("已记录结果")
    assert people.ke.api.read("follow_plans", tried["id"])["status"] == "failed"
    task, = people.ke.api.list("tasks", {"customer_id": who["id"], "status": "open"})["items"]
    assert task["owner_id"] == people.ke.id and task["title"].startswith("改发短信或信函"), task
    page.goto(office.url + "/follow_plans?filter[status]=failed")
    expect(page.locator("main")).to_contain_text(who["name"])


def test_a_customer_refuses(office, people, open_page):
    """No. 5: the wish is kept, every plan to come is skipped, and the history says who did it."""
    who = buyer(office)
    call = plan(office, people.ke, who)
    others = [plan(office, people.hu, who, due_at="2030-01-01T01:00:00Z", title=f"定保提醒{i}：{who['name']}") for i in range(2)]
    page = open_page(f"/follow_plans/desk/{call['id']}", cookies=people.ke.cookies)
    fill_in(page, result="refused", note="不要再打电话")
    page.get_by_role("button", name="保存，下一个").click()
    expect(page.locator("#toasts")).to_contain_text("已记录结果")
    assert people.ke.api.read("customers", who["id"])["do_not_contact"] is True
    assert [office.boss.read("follow_plans", row["id"])["status"] for row in others] == ["skipped", "skipped"]
    head = open_page(f"/customers/{who['id']}?tab=history", cookies=people.qin.cookies)
    expect(head.locator("main")).to_contain_text("免打扰")
    expect(head.locator("main")).to_contain_text("柯小敏")
    # A plan made afterwards is skipped at once.
    assert plan(office, people.hu, who)["status"] == "skipped"


def test_a_complaint_is_verified_by_the_desk(office, people, open_page):
    """No. 6: who is not content has the complaint opened again, who is content lets it be closed; never by the department it is about."""
    who = buyer(office)
    desk = open_page("/complaints/new", cookies=people.ke.cookies)
    fill_in(desk, subject=f"交车延误：{who['name']}", customer_id=who["name"], content="说好周五，周日才交车", channel="phone")
    save(desk)
    expect(desk.get_by_role("heading", level=1)).to_contain_text("交车延误")
    address = desk.url.split("?")[0]
    id = int(address.rsplit("/", 1)[1])

    def state() -> str:
        return office.boss.read("complaints", id)["status"]

    step(desk, "登记")
    step(desk, "告知受理", channel="phone", note="已致歉，两日内答复")
    assert state() == "acknowledged"
    head = open_page(f"/complaints/{id}", cookies=people.qin.cookies)
    step(head, "定级分派", level="serious", handler_department_id="销售一部", owner_id="梅经理")
    assert office.boss.read("complaints", id)["owner_id"] == people.mei.id
    # The department: what was found out, what it proposes; the word is the care manager's.
    sales = open_page("/notifications", cookies=people.mei.cookies)
    sales.get_by_role("link", name=re.compile(f"交车延误：{who['name']}")).first.click()
    step(sales, "开始调查")

    def propose(text: str):
        cause = next(row for row in office.boss.list("complaint_causes", limit=50)["items"] if row["parent_id"])
        people.mei.api.patch(f"/complaints/{id}", {
            "evidence": "物流晚到", "liability": "self", "cause_id": cause["id"], "root_cause": "未留余量", "proposal": text, "compensation_type": "money", "compensation_cents": 30_000})
        sales.reload()
        step(sales, "提出方案")
        step(sales, "批准方案", "已提交审批")
        assert state() == "proposed"
        head.goto(office.url + "/")
        head.locator(".queue", has_text="待我审批").click()
        head.get_by_role("link", name=re.compile("交车延误")).first.click()
        expect(head.locator("main")).to_contain_text("300")
        step(head, "批准")
        assert state() == "approved"
        sales.reload()
        step(sales, "告知客户方案", note="客户考虑一下")
        step(sales, "执行方案")

    propose("退还保管费")
    # Whoever did it does not ask whether it was done well.
    assert not offers(sales, "回访确认")

    def verify(verdict: str):
        desk.goto(office.url + "/complaints")
        desk.get_by_role("link", name=re.compile("待回访确认")).first.click()
        desk.get_by_role("link", name=re.compile(f"交车延误：{who['name']}")).first.click()
        step(desk, "回访确认", customer_result=verdict, note="电话回访")

    verify("dissatisfied")
    assert state() == "reopened"
    bell = open_page("/notifications", cookies=people.mei.cookies)
    expect(bell.locator("main")).to_contain_text("投诉重开")
    sales.reload()
    step(sales, "开始调查")
    propose("退还保管费并赠保养")
    verify("satisfied")
    assert state() == "verified"
    # Ready to be closed, by the head, who sees it among those.
    assert not offers(desk, "结案")
    head.goto(office.url + "/complaints")
    head.get_by_role("link", name=re.compile("待结案")).first.click()
    head.get_by_role("link", name=re.compile(f"交车延误：{who['name']}")).first.click()
    step(head, "结案")
    closed = office.boss.read("complaints", id)
    assert closed["status"] == "closed" and closed["customer_result"] == "satisfied" and closed["decided_by"] == people.qin.id, closed


def test_the_weekly_report(office, people, open_page):
    """No. 9: due, done, success and satisfaction, written down with what it means, and given to the head."""
    page = open_page("/reports", PHONE, cookies=people.ke.cookies)
    page.get_by_role("link", name=re.compile("^回访完成")).first.click()
    expect(page.get_by_role("heading", name="场景 × 状态")).to_be_visible()
    no_sideways_scroll(page)
    head = open_page("/reports/follow_up", cookies=people.qin.cookies)
    head.get_by_label("更多操作").click()
    head.get_by_role("button", name=re.compile("生成报告")).click()
    head.get_by_label("结论与建议").fill("等候时间仍是主要问题")
    save(head)
    expect(head).to_have_url(re.compile(r"/report_issues/\d+$"))
    expect(head.locator("main")).to_contain_text("等候时间仍是主要问题")
    head.goto(office.url + "/reports/satisfaction")
    expect(head.get_by_role("heading", name=re.compile("净推荐值")).first).to_be_visible()
