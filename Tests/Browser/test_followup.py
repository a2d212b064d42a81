"""§4.3 at the call desk, and a questionnaire answered by the customer: on a telephone, without scripts."""
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from chrome import DESK, PHONE, check_page, forget_refusal, number, ready
from playwright.sync_api import expect


def published(office, code: str) -> int:
    return next(row["id"] for row in office.boss.list("questionnaires", {"code": code, "status": "published"})["items"])


def plan(office, name: str, **fields) -> dict:
    who = office.boss.make("customers", name=name, type="company", source="other", phone="0571-88990000")
    return office.boss.make("follow_plans", **({"title": f"售后3日回访：{name}", "customer_id": who["id"], "scene": "service_3d", "max_attempts": 2, "retry_days": 0} | fields)) | {"who": who["id"]}


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["1440", "390"])
def test_the_desk_leads_from_one_customer_to_the_next(office, open_page, size):
    mark = next(number)
    service = published(office, "service")
    low = plan(office, f"低分客户{mark}", questionnaire_id=service, due_at="2026-01-01T01:00:00Z")
    away = plan(office, f"无人客户{mark}", due_at="2026-01-01T02:00:00Z", max_attempts=1)
    refuses = plan(office, f"拒访客户{mark}", due_at="2026-01-01T03:00:00Z")
    page = open_page("/follow_plans/desk", size=size)
    ready(page)
    # Who it is about, what to say, what to ask.
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"低分客户{mark}")
    expect(page.locator(".desk")).to_contain_text("回访开场")
    assert check_page(page, Axe()) == []
    followed = page.locator("#f-q2")
    expect(followed).to_be_hidden()
    page.locator("#f-q1 label", has_text=re.compile("^否$")).click()
    expect(followed).to_be_visible()
    followed.locator("textarea").fill("异响还在")
    page.locator("#f-q3 label", has_text=re.compile("^2$")).click()
    page.locator("#f-q4 label", has_text="等候时间").click()
    page.locator("select[name=result]").select_option("success")
    page.get_by_role("button", name="保存，下一个").click()
    # One answer is missing: nothing is lost.
    expect(page.locator("main")).to_contain_text("请回答「您有多大可能把我们推荐给亲友？」")
    expect(page.locator("#f-q2 textarea")).to_have_value("异响还在")
    forget_refusal(page)
    page.locator("#f-q5 label", has_text=re.compile("^5$")).click()
    page.get_by_role("button", name="保存，下一个").click()
    # The next one comes by itself; the low score has opened a complaint with the customer's words.
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"无人客户{mark}")
    complaints = office.boss.list("complaints", {"customer_id": low["who"]})["items"]
    assert len(complaints) == 1 and "异响还在" in complaints[0]["content"]
    assert office.boss.read("follow_plans", low["id"])["status"] == "done"
    # Nobody answers on the only day there is: another way is tried.
    page.goto(f"{office.url}/follow_plans/desk/{away['id']}")
    page.locator("select[name=result]").select_option("no_answer")
    page.get_by_role("button", name="保存，下一个").click()
    expect(page.locator("#toasts")).to_contain_text("已记录结果")
    assert office.boss.read("follow_plans", away["id"])["status"] == "failed"
    assert office.boss.count("tasks", {"customer_id": away["who"]}) == 1
    # Refused: no more calls.
    page.goto(f"{office.url}/follow_plans/desk/{refuses['id']}")
    page.locator("select[name=result]").select_option("refused")
    page.get_by_role("button", name="保存，下一个").click()
    expect(page.locator("#toasts")).to_contain_text("已记录结果")
    assert office.boss.read("customers", refuses["who"])["do_not_contact"] is True


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_poster_leads_to_a_questionnaire_page_by_page(office, open_page, scripts):
    mark = next(number)
    survey = office.boss.make("surveys", name=f"展厅扫码{mark}", questionnaire_id=published(office, "csi"), code=f"hall-{mark}", channel="counter")
    assert office.boss.post(f"/surveys/{survey['id']}/actions/start").status == 200
    page = open_page(f"/ask/hall-{mark}", size=PHONE, cookies=False, scripts=scripts)
    page.get_by_role("button", name="开始作答").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("到店")
    # Nothing chosen: said at once.
    page.get_by_role("button", name="下一页").click()
    expect(page.locator("main")).to_contain_text("请回答「预约和接车是否顺畅？」")
    forget_refusal(page)

    def give(code: str, answer: str):
        page.locator(f"#f-{code} input[value='{answer}']").check(force=True)

    for code in ["q1", "q2", "q3"]:
        give(code, "8")
    page.get_by_role("button", name="下一页").click()
    for code in ["q4", "q5"]:
        give(code, "6")
    page.get_by_role("button", name="下一页").click()
    give("q6", "4")
    give("q7", "5")
    give("q8", "7")
    page.get_by_role("button", name=re.compile("下一页|提交")).click()
    # 7 of 10: what should be better follows from it.
    page.locator("#in-q9").fill("接车太慢")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("谢谢")
    response = office.boss.list("survey_responses", {"survey_id": survey["id"]})["items"][0]
    assert (response["nps"], response["csat"], response["status"], response["comment"]) == (7, 4, "submitted", "接车太慢")
    # Ten points of eleven: the factors' places on their scales, by their weights.
    assert response["csi"] == round(1000 * (56 * .8 + 45 * .6) / 101)
