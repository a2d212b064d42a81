"""The demo company shows every side of the trade: each state of each flow, and a first page with work on it for everybody."""
import re

import pytest
import zhike

# States in which nothing of a demo stands: nobody's file is erased, nothing is merged away, nothing is withdrawn for good.
ELSEWHERE = {
    "customers": {"draft", "merged", "erased", "frozen", "archived"}, "contacts": {"left", "erased"}, "articles": {"retired", "draft"}, "products": {"stopped", "draft"}, "questionnaires": {"draft", "retired"},
    "survey_responses": {"void"}, "approvals": {"withdrawn"}, "credit_accounts": {"draft"},
}


def test_every_state_of_every_flow_is_there(demo):
    api = demo.log_in("gm", demo.password)
    document, missing, looked = api.raw("GET", "/api/openapi.json").json, [], 0
    for path, item in document["paths"].items():
        entity = path.removeprefix("/api/v1/")
        if "/" in entity or f"/api/v1/{entity}/{{id}}/actions" not in " ".join(document["paths"]) or "get" not in item:
            continue
        answer = api.raw("GET", f"/api/v1/{entity}/stats?by=status")
        if answer.status != 200:
            continue
        counts = {key["value"]: key["values"][0] for key in answer.json["keys"]}
        if not sum(counts.values()) or entity == "messages":
            continue
        looked += 1
        missing += [f"{entity}: {state}" for state, count in counts.items() if not count and state not in ELSEWHERE.get(entity, set())]
    assert not missing, missing
    assert looked > 15, looked


# Who finds which step of others' records waiting: whoever takes it, and nobody above them.
STEPS = {
    "warehouse1": {"待配货发货的订单"}, "finance1": {"待确认到账", "全公司逾期应收", "有争议的应收"}, "supervisor1": {"待批准的订单", "待分配的线索"},
    "followup1": {"待回访确认的投诉"}, "csmgr1": {"待结案的投诉", "升级的投诉"},
    "gm": set(), "sales01": set(),
}
ALL = set().union(*STEPS.values())


@pytest.mark.parametrize("login", ["gm", "director1", "salesmgr1", "supervisor1", "sales01", "tour01", "advisor01", "csmgr1", "followup1", "insurance1", "loan1", "clerk1", "rep01", "marketing1", "finance1", "warehouse1"])
def test_nobody_begins_the_day_with_an_empty_page(demo, login):
    page = zhike.Web(demo.port).log_in(login, demo.password).get("/").text
    shown = set(re.findall(r'class="queue[^>]*>.*?<b class="num">[1-9][0-9+]*</b><span>([^<]+)', page, re.S))
    assert shown, f"{login} finds nothing to do"
    if login in STEPS:
        assert STEPS[login] <= shown if STEPS[login] else not ALL & shown, shown
