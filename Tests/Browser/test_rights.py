"""Who may do what: every owned entity, every role, one's own, the team's and others' records, through REST and through pages. A refusal changes nothing."""
import concurrent.futures
import io
import re
import zipfile
from types import SimpleNamespace

import pytest
from zhike import PASSWORD, Api, Web, check_problem

OWNED = ["customers", "contacts", "interactions", "tasks", "special_dates", "contact_groups", "orders"]
ROLES = ["consultant", "supervisor", "manager", "gm", "boss", "sysadmin"]
WHOSE = ["own", "team", "other"]


def made_by(api: Api, path: str, body: dict) -> dict:
    answer = api.post(path, body)
    assert answer.status == 201, (path, body, answer)
    return answer.json


@pytest.fixture(scope="module")
def company(farm, backend):
    """Two stores; people of every rank; of each entity one record of the consultant, one of a colleague, one of the other store."""
    server = farm.system(backend, "rights").add_admin().start()
    boss = server.log_in()
    head = made_by(boss, "/departments", {"name": "总部", "kind": "company"})
    here = made_by(boss, "/departments", {"name": "杭州店", "kind": "store", "parent_id": head["id"]})
    desk = made_by(boss, "/departments", {"name": "销售一组", "kind": "department", "parent_id": here["id"]})
    there = made_by(boss, "/departments", {"name": "宁波店", "kind": "store", "parent_id": head["id"]})
    above = {head["id"]: None, here["id"]: head["id"], desk["id"]: here["id"], there["id"]: head["id"]}

    hidden = {"customers.remark": "hidden", "customers.wechat": "hidden", "customers.mobile": "masked", "customers.supply_price_cents": "hidden", "interactions.content": "hidden"}
    everything = {right: "all" for right in ("read", "create", "update", "export")}
    made_by(boss, "/roles", {"code": "limited", "name": "受限", "permissions": {"customers": everything, "interactions": everything, "contacts": everything}, "fields": hidden})
    made_by(boss, "/roles", {"code": "reader", "name": "只读", "permissions": {entity: {"read": "all"} for entity in OWNED}})

    people = {}

    def hire(name, roles, department=None, manager=None):
        body = {"username": name, "name": name, "password": PASSWORD + name, "roles": roles, "department_id": department and department["id"], "manager_id": manager and people[manager].id}
        row = made_by(boss, "/users", {key: value for key, value in body.items() if value is not None})
        people[name] = SimpleNamespace(name=name, id=row["id"], department=department and department["id"])

    hire("manager", ["sales_mgr"], here)
    hire("supervisor", ["supervisor"], desk, "manager")
    hire("consultant", ["sales_consultant"], desk, "supervisor")
    hire("colleague", ["sales_consultant"], desk, "supervisor")
    hire("outsider", ["sales_consultant"], there)
    hire("gm", ["gm"], head)
    hire("sysadmin", ["sysadmin"], head)
    hire("limited", ["limited"], there)
    hire("reader", ["reader"], there)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for person, api in zip(people.values(), pool.map(lambda person: server.log_in(person.name, PASSWORD + person.name), list(people.values()))):
            person.api = api
    people["boss"] = SimpleNamespace(name="boss", id=boss.get("/me").json["id"], department=None, api=boss)
    below = {"manager": ["supervisor", "consultant", "colleague"], "supervisor": ["consultant", "colleague"]}

    schemas = {entity: boss.get(f"/schema/{entity}").json for entity in OWNED}
    rows = {}
    for whose, owner in zip(WHOSE, ("consultant", "colleague", "outsider")):
        for entity in OWNED:
            body = {"owner_id": people[owner].id}
            if entity == "customers":
                body |= {"name": f"客户{owner}", "type": "company", "source": "other", "remark": f"CANARY-REMARK-{owner}", "wechat": f"CANARYWX{owner}", "mobile": f"1380000{'123'[WHOSE.index(whose)]}777", "supply_price_cents": 98765}
            else:
                body |= {"customer_id": rows["customers", whose]["id"]} if any(field["name"] == "customer_id" for field in schemas[entity]["fields"]) else {}
                body |= {
                    "contacts": {"name": f"联系人{owner}"}, "interactions": {"subject": f"互动{owner}", "content": f"CANARY-CONTENT-{owner}"}, "tasks": {"title": f"任务{owner}"},
                    "special_dates": {"title": f"日子{owner}", "day": "2020-05-05", "calendar": "solar", "repeats": True, "remind_days": 3}, "contact_groups": {"name": f"分组{owner}", "kind": "static"}, "orders": {"no": f"ORD-{owner}", "remark": f"订单{owner}"},
                }[entity]
            rows[entity, whose] = made_by(boss, f"/{entity}", body)
            assert rows[entity, whose]["owner_id"] == people[owner].id

    def reaches(name: str, entity: str, right: str, row: dict) -> bool:
        """Whether the scope that `GET /me` tells covers a record, by the organisation as this test made it."""
        person = people[name]
        scope = person.api.get("/me").json["permissions"][entity][right]
        team = [person.id] + [people[one].id for one in below.get(name, [])]
        department, line = row["department_id"], []
        while department:
            line.append(department)
            department = above.get(department)
        return {"none": False, "own": row["owner_id"] == person.id, "own_and_subordinates": row["owner_id"] in team, "department": row["department_id"] == person.department and person.department is not None,
                "department_tree": person.department in line, "all": True}[scope]

    return SimpleNamespace(server=server, boss=boss, people=people, rows=rows, schemas=schemas, reaches=reaches, departments=SimpleNamespace(head=head, here=here, desk=desk, there=there))


TEXT = {"customers": "short_name", "contacts": "job_title", "interactions": "outcome", "tasks": "content", "special_dates": "remark", "contact_groups": "purpose", "orders": "remark"}


def state(company, entity, whose):
    """A record as the administrator sees it: what a refused write must not change."""
    answer = company.boss.get(f"/{entity}/{company.rows[entity, whose]['id']}")
    return answer.json if answer.status == 200 else None


class TestScopes:
    def test_built_in_roles_have_their_scopes(self, company):
        """interfaces.md: consultants their own, supervisors own and subordinates', managers their tree, gm everything, sysadmin no business data."""
        scope = lambda name, right="read": company.people[name].api.get("/me").json["permissions"]["customers"][right]
        assert [scope(name) for name in ROLES] == ["own", "own_and_subordinates", "department_tree", "all", "all", "none"]
        assert [scope(name, "update") for name in ROLES] == ["own", "own_and_subordinates", "department_tree", "all", "all", "none"]

    def test_departments_follow_the_owner(self, company):
        assert {company.rows[entity, "own"]["department_id"] for entity in OWNED} == {company.departments.desk["id"]}
        assert {company.rows[entity, "other"]["department_id"] for entity in OWNED} == {company.departments.there["id"]}

    @pytest.mark.parametrize("entity", OWNED)
    def test_reading(self, company, entity):
        wrong = []
        title = company.schemas[entity]["title"]
        for name in ROLES:
            person = company.people[name]
            api, web_ids = person.api, {}
            may_read = api.get("/me").json["permissions"][entity]["read"] != "none"
            listed = api.get(f"/{entity}", limit=500)
            if not may_read:
                if listed.status not in (403, 404) and (listed.status != 200 or listed.json["items"]):
                    wrong.append((name, "list", listed))
            for whose in WHOSE:
                row = company.rows[entity, whose]
                sees, id, word = company.reaches(name, entity, "read", row), row["id"], str(row[title])

                def has(answer, pick) -> bool:
                    return answer.status == 200 and pick(answer)

                in_items = lambda answer: id in [item["id"] for item in answer.json["items"]]
                found = {
                    "read": api.get(f"/{entity}/{id}").status == 200,
                    "list": has(listed, in_items),
                    "filter": has(api.get(f"/{entity}", **{"filter[id]": id}), lambda answer: in_items(answer) or answer.json["count"] > 0),
                    "filter by owner": has(api.get(f"/{entity}", **{"filter[owner_id]": row["owner_id"], "limit": 500}), in_items),
                    "sort": has(api.get(f"/{entity}", sort="-id", limit=500), in_items),
                    "q": has(api.get(f"/{entity}", q=word, limit=500), in_items),
                    "search": has(api.get("/search", q=word, limit=50), lambda answer: any(group["entity"] == entity and id in [item["id"] for item in group["items"]] for group in answer.json["groups"])),
                    "timeline": api.get(f"/{entity}/{id}/timeline").status == 200,
                    "fields": api.get(f"/{entity}/{id}", fields="id").status == 200,
                }
                if entity == "orders":
                    found.pop("search"), found.pop("q")
                exports = api.get(f"/{entity}/export", format="jsonl", **{"filter[id]": id})
                wrong += [(name, whose, way, f"{seen}, expected {sees}") for way, seen in found.items() if seen != sees]
                may_export = sees and company.reaches(name, entity, "export", row)
                if (exports.status == 200 and bool(exports.body.strip())) != may_export:
                    wrong.append((name, whose, "export", exports))
                if not sees:
                    for path in (f"/{entity}/{id}", f"/{entity}/{id}/timeline", f"/{entity}/{id}/shares", f"/{entity}/{id}/duplicates"):
                        if (answer := api.get(path)).status not in (403, 404) or word in answer.text:
                            wrong.append((name, whose, path, answer))
            if may_read:
                count = api.get(f"/{entity}", limit=1).json["count"]
                if count != len(list(api.walk(entity))):
                    wrong.append((name, "count", count))
        assert not wrong

    @pytest.mark.parametrize("entity", OWNED)
    def test_writing(self, company, entity):
        wrong, field = [], TEXT[entity]
        for name in ROLES:
            api = company.people[name].api
            for whose in WHOSE:
                row = company.rows[entity, whose]
                path = f"/{entity}/{row['id']}"
                sees = company.reaches(name, entity, "read", row)

                def attempt(what, right, send, allowed_codes=(200, 201, 204)):
                    """Sends; when it must be refused, the code says so and the record is as before."""
                    may = sees and company.reaches(name, entity, right, row)
                    before = state(company, entity, whose)
                    answer = send()
                    if may:
                        if answer.status not in allowed_codes:
                            wrong.append((name, whose, what, "should be allowed", answer))
                        return True
                    if answer.status not in ((403,) if sees else (404, 403)):
                        wrong.append((name, whose, what, "should be refused", answer))
                    if state(company, entity, whose) != before:
                        wrong.append((name, whose, what, "changed although refused"))
                    return False

                attempt("update", "update", lambda: api.patch(path, {field: f"由{name}修改"}))
                attempt("share", "update", lambda: api.post(path + "/shares", {"user_id": company.people["reader"].id}))
                for share in company.boss.get(path + "/shares").json["items"]:
                    company.boss.delete(f"{path}/shares/{share['id']}")
                attempt("delete", "delete", lambda: api.delete(path), (204, 409))
                if state(company, entity, whose) is None:
                    assert company.boss.post(path + "/restore").status == 200
        assert not wrong

    @pytest.mark.parametrize("entity", OWNED)
    def test_other_ways_to_write(self, company, entity):
        """Actions, merge, bulk, restore, reveal, ids in bodies: by those who may not even see the record."""
        wrong, field = [], TEXT[entity]
        for name in ("consultant", "supervisor", "manager", "sysadmin", "reader"):
            api = company.people[name].api
            mine = company.rows[entity, "own"]["id"]
            for whose in WHOSE:
                row = company.rows[entity, whose]
                if company.reaches(name, entity, "update", row):
                    continue
                sees, id, path = company.reaches(name, entity, "read", row), row["id"], f"/{entity}/{row['id']}"
                before = state(company, entity, whose)
                refused = (403, 404) if sees else (403, 404)
                for action in company.schemas[entity]["actions"]:
                    if action["name"] == "claim" and sees:
                        continue
                    values = {"owner_id": company.people["reader"].id, "reason": "x", "outcome": "x", "due_at": "2031-01-01T00:00:00Z"}
                    body = {parameter["name"]: values.get(parameter["name"], 1) for parameter in action["parameters"]}
                    if (answer := api.post(f"{path}/actions/{action['name']}", body)).status not in refused:
                        wrong.append((name, whose, action["name"], answer))
                for body in ({"ids": [mine]}, {"ids": [row["id"]]}):
                    target = path if body["ids"] == [mine] else f"/{entity}/{mine}"
                    if id != mine and (answer := api.post(target + "/merge", body)).status not in (403, 404, 409, 422):
                        wrong.append((name, whose, "merge", answer))
                for action, values in (("update", {field: "批量"}), ("delete", {}), ("assign", {"owner_id": company.people[name].id})):
                    for select in ({"ids": [id]}, {"filter": {"id": id}}):
                        answer = api.post(f"/{entity}/bulk", select | {"action": action, "values": values})
                        if answer.status == 202:
                            job = api.wait(answer.json)
                            if (job["result"] or {}).get("done"):
                                wrong.append((name, whose, "bulk", action, job))
                        elif answer.status not in (403, 404, 409, 422):
                            wrong.append((name, whose, "bulk", action, answer))
                if not sees and (answer := api.post(path + "/reveal", {"field": "mobile", "reason": "看看"})).status not in (403, 404):
                    wrong.append((name, whose, "reveal", answer))
                if state(company, entity, whose) != before:
                    wrong.append((name, whose, "changed although refused", before, state(company, entity, whose)))
                # The bin is no way around either.
                if company.boss.delete(path).status == 204:
                    if (answer := api.post(path + "/restore")).status not in (403, 404, 409):
                        wrong.append((name, whose, "restore", answer))
                    listed = api.get(f"/{entity}", deleted="true", limit=500)
                    if not sees and listed.status == 200 and id in [item["id"] for item in listed.json["items"]]:
                        wrong.append((name, whose, "sees the bin", listed))
                    if state(company, entity, whose) is None:
                        assert company.boss.post(path + "/restore").status == 200
        assert not wrong

    def test_ids_in_bodies_are_checked_like_ids_in_paths(self, company):
        api, foreign, wrong = company.people["consultant"].api, company.rows["customers", "other"]["id"], []
        own = company.rows["customers", "own"]["id"]
        for entity, body in {
            "interactions": {"content": "x"}, "contacts": {"name": "x"}, "tasks": {"title": "x"}, "orders": {}, "special_dates": {"title": "x", "day": "2020-01-01", "calendar": "solar", "repeats": True, "remind_days": 1},
        }.items():
            before = company.boss.count(entity)
            if (answer := api.post(f"/{entity}", body | {"customer_id": foreign})).status not in (403, 404, 422):
                wrong.append((entity, "create", answer))
            if company.boss.count(entity) != before:
                wrong.append((entity, "made"))
            if (answer := api.patch(f"/{entity}/{company.rows[entity, 'own']['id']}", {"customer_id": foreign})).status not in (403, 404, 422):
                wrong.append((entity, "update", answer))
        if (answer := api.patch(f"/customers/{own}", {"referrer_id": foreign})).status not in (403, 404, 422):
            wrong.append(("customers", "referrer", answer))
        if (answer := api.post("/contact_groups", {"name": "g", "kind": "static", "member_ids": [company.rows["contacts", "other"]["id"]]})).status not in (403, 404, 422):
            wrong.append(("contact_groups", "members", answer))
        assert not wrong

    def test_nobody_gives_records_away_without_the_right(self, company):
        api, own = company.people["consultant"].api, company.rows["customers", "own"]
        outsider = company.people["outsider"].id
        assert api.patch(f"/customers/{own['id']}", {"owner_id": outsider}).status in (403, 422)
        assert api.post("/customers", {"name": "替别人建", "type": "company", "source": "other", "owner_id": outsider}).status in (403, 422)
        assert state(company, "customers", "own")["owner_id"] == own["owner_id"]
        assert company.boss.count("customers", {"name": "替别人建"}) == 0

    def test_a_record_does_not_move_to_another_department_without_the_right(self, company):
        api, own = company.people["consultant"].api, company.rows["customers", "own"]
        answer = api.patch(f"/customers/{own['id']}", {"department_id": company.departments.there["id"]})
        after = state(company, "customers", "own")
        company.boss.patch(f"/customers/{own['id']}", {"department_id": own["department_id"]})
        assert answer.status in (403, 422) and after["department_id"] == own["department_id"], answer

    def test_an_owner_does_not_vanish_by_an_update(self, company):
        """Giving a customer up is the action `release`, which says so; an update that empties the owner is not."""
        api, own = company.people["consultant"].api, company.rows["customers", "own"]
        answer = api.patch(f"/customers/{own['id']}", {"owner_id": None})
        after = state(company, "customers", "own")
        company.boss.patch(f"/customers/{own['id']}", {"owner_id": own["owner_id"]})
        assert answer.status in (403, 422) and after["owner_id"] == own["owner_id"], answer

    def test_include_shows_only_what_may_be_read(self, company):
        boss, consultant = company.boss, company.people["consultant"]
        talk = made_by(boss, "/interactions", {"customer_id": company.rows["customers", "other"]["id"], "content": "我的互动，别人的客户", "owner_id": consultant.id})
        answer = consultant.api.get(f"/interactions/{talk['id']}", include="customer")
        assert answer.status in (200, 403, 404)
        assert "客户outsider" not in answer.text and "CANARY" not in answer.text, answer
        listed = consultant.api.get("/interactions", include="customer", limit=500)
        assert "客户outsider" not in listed.text
        # One link deep: neither an answer nor an oracle.
        found = consultant.api.get("/interactions", **{"filter[customer.name]": "客户outsider"})
        assert found.status == 403 or found.json["items"] == [] and found.json["count"] == 0
        boss.delete(f"/interactions/{talk['id']}")


class TestHiddenFields:
    HIDDEN = ["CANARY-REMARK", "CANARYWX", "CANARY-CONTENT", "98765", "987.65", "13800001777", "13800002777", "13800003777", "138 0000 1777"]

    def test_never_in_an_answer(self, company):
        api, one = company.people["limited"].api, company.rows["customers", "own"]["id"]
        talk = company.rows["interactions", "own"]["id"]
        company.boss.patch(f"/customers/{one}", {"remark": "CANARY-REMARK-2"})
        company.boss.patch(f"/customers/{one}", {"mobile": "13800001777", "short_name": "改"})
        wrong = []
        for path in (f"/customers/{one}", "/customers?limit=500", f"/customers/{one}/timeline", f"/customers/{one}/duplicates", "/customers?q=CANARY-REMARK", "/search?q=CANARY", "/search?q=客户", f"/customers/{one}?include=interactions,contacts,owner", f"/interactions/{talk}?include=customer",
                     "/interactions?include=customer&limit=500", f"/interactions/{talk}/timeline", "/customers/export?format=csv", "/customers/export?format=jsonl", "/interactions/export?format=csv", "/interactions/export?format=csv&fields=subject,customer.name", "/schema/customers", "/me", f"/customers/{one}?fields=id,name"):
            answer = api.raw("GET", "/api/v1" + path.replace("客户", "%E5%AE%A2%E6%88%B7"))
            assert answer.status == 200, (path, answer)
            wrong += [(path, word) for word in self.HIDDEN if word in answer.text]
        sheet = api.get("/customers/export", format="xlsx")
        with zipfile.ZipFile(io.BytesIO(sheet.body)) as archive:
            text = "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
        wrong += [("xlsx", word) for word in self.HIDDEN if word in text]
        assert "remark" not in [field["name"] for field in api.get("/schema/customers").json["fields"]]
        assert "remark" not in api.read("customers", one)
        patched = api.patch(f"/customers/{one}", {"short_name": "再改"})
        wrong += [("patch", word) for word in self.HIDDEN if word in patched.text]
        assert not wrong

    @pytest.mark.parametrize("query", [
        "filter[remark]=x", "filter[remark][contains]=CANARY", "filter[remark][empty]=true", "sort=remark", "sort=-wechat", "filter[supply_price_cents][gte]=1", "sort=supply_price_cents", "filter[mobile]=13800001777", "filter[mobile][starts]=138", "sort=mobile",
    ])
    def test_filter_and_sort_are_refused(self, company, query):
        api = company.people["limited"].api
        check_problem(api.get("/customers?" + query), 403)
        assert api.get("/customers/export?format=csv&" + query).status == 403
        if query.startswith("filter"):
            check_problem(api.get("/interactions?" + query.replace("filter[", "filter[customer.")), 403)
            name, value = query.removeprefix("filter[").split("]", 1)
            answer = api.post("/customers/bulk", {"filter": {name: "x"}, "action": "update", "values": {"short_name": "x"}})
            assert answer.status in (400, 403), answer

    def test_search_is_no_oracle(self, company):
        api = company.people["limited"].api
        for words in ("CANARY-REMARK-outsider", "CANARYWXoutsider", "CANARY-CONTENT-outsider"):
            assert api.list("customers", q=words)["items"] == [], words
            assert api.list("interactions", q=words)["items"] == [], words
            assert api.get("/search", q=words).json["groups"] == [], words

    def test_asking_for_them_by_name_is_refused(self, company):
        api = company.people["limited"].api
        for answer in (api.get("/customers", fields="id,remark"), api.get("/customers/export", format="csv", fields="name,remark"), api.get("/interactions/export", format="csv", fields="subject,customer.remark")):
            assert answer.status in (400, 403, 422) and "CANARY" not in answer.text

    def test_they_cannot_be_written(self, company):
        api, row = company.people["limited"].api, company.rows["customers", "team"]
        before = state(company, "customers", "team")
        for body in ({"remark": "x"}, {"wechat": None}, {"mobile": "13800009999"}, {"supply_price_cents": 1}):
            assert api.patch(f"/customers/{row['id']}", body).status in (403, 422), body
        job = api.post("/customers/bulk", {"ids": [row["id"]], "action": "update", "values": {"remark": "x"}})
        if job.status == 202:
            api.wait(job.json)
        else:
            assert job.status in (403, 422)
        assert state(company, "customers", "team") == before

    def test_never_on_a_page(self, company):
        web, one = Web(company.server.port).log_in("limited", PASSWORD + "limited"), company.rows["customers", "own"]["id"]
        wrong = []
        for path in ("/", "/customers", f"/customers/{one}", f"/customers/{one}?tab=details", f"/customers/{one}?tab=history", f"/customers/{one}?tab=interactions", f"/customers/{one}/edit", f"/customers/{one}/print", "/customers/print", "/search?q=CANARY", "/palette?q=CANARY", "/palette?q=consultant",
                     "/pick/customers?q=consultant", f"/customers/merge?id={one}", "/customers/duplicates?wechat=CANARYWXconsultant&name=x", "/interactions", f"/interactions/{company.rows['interactions', 'own']['id']}", "/customers?columns=name,remark,wechat,mobile"):
            answer = web.get(path)
            wrong += [(path, word) for word in self.HIDDEN if word in re.sub(r'value="CANARY"|“CANARY”|q=CANARY', "", answer.text)]
        assert not wrong


class TestPages:
    def test_others_records(self, company):
        web = Web(company.server.port).log_in("consultant", PASSWORD + "consultant")
        web.get("/customers")
        wrong = []
        for entity in OWNED:
            row = company.rows[entity, "other"]
            id, word, before = row["id"], "outsider", state(company, entity, "other")
            for path in (f"/{entity}/{id}", f"/{entity}/{id}/edit", f"/{entity}/{id}/print", f"/{entity}/{id}/share", f"/{entity}/{id}?tab=history", f"/{entity}/{id}?tab=files", f"/{entity}/merge?id={id}"):
                if (answer := web.get(path, follow=False)).status not in (403, 404) or word in answer.text:
                    wrong.append((path, answer.status))
            for path in (f"/{entity}?q={word}", f"/{entity}", f"/{entity}/print", f"/pick/{entity}?q={word}", f"/palette?q={word}", f"/search?q={word}"):
                answer = web.get(path)
                if answer.status == 200 and re.search(r">[^<]*(客户|联系人|互动|任务|日子|分组|订单)outsider", answer.text):
                    wrong.append((path, "shows it"))
            for path, fields in (("", {TEXT[entity]: "改"}), ("/delete", {}), ("/share", {"user_id": company.people["consultant"].id, "can_write": "true"}), ("/follow", {}), ("/putback", {"entry": 1, "field": TEXT[entity]})):
                if (answer := web.post(f"/{entity}/{id}{path}", fields, follow=False)).status not in (403, 404, 422):
                    wrong.append((f"POST /{entity}/{id}{path}", answer.status))
            answer = web.post(f"/{entity}/bulk", {"id": id, "what": "delete"}, follow=False)
            if answer.status == 303 and "/jobs/" in answer.headers["location"]:
                company.people["consultant"].api.wait(int(answer.headers["location"].rsplit("/", 1)[1]))
            if state(company, entity, "other") != before:
                wrong.append((entity, "changed"))
        assert not wrong

    def test_settings_are_for_administrators(self, company):
        wrong = []
        for name in ("consultant", "supervisor", "manager"):
            web = Web(company.server.port).log_in(name, PASSWORD + name)
            web.get("/customers")
            for path in ("users", "users/1", "users/new", "roles", "roles/1", "roles/new", "fields", "fields/customers", "audit", "logins", "webhooks", "parameters", "company", "entities/new", "departments/new"):
                if (answer := web.get("/settings/" + path, follow=False)).status not in (403, 404):
                    wrong.append((name, path, answer.status))
            for path, fields in (("users", {"username": "evil", "name": "evil", "password": PASSWORD + "evil", "roles": "1"}), ("roles", {"code": "evil", "name": "evil"}), ("users/1/password", {}), ("users/1/disable", {}), ("users/1/preview", {}), ("departments", {"name": "evil", "kind": "store"}), ("webhooks", {"url": "http://x", "name": "evil"})):
                if (answer := web.post("/settings/" + path, fields, follow=False)).status not in (403, 404, 405):
                    wrong.append((name, "POST " + path, answer.status))
        assert not wrong
        assert "evil" not in Web(company.server.port).log_in().get("/settings/users").text

    def test_nothing_without_a_log_in(self, company):
        one, web, wrong = company.rows["customers", "own"]["id"], Web(company.server.port), []
        for path in ("/", "/customers", f"/customers/{one}", f"/customers/{one}/edit", "/customers/export?format=csv", "/search?q=a", "/palette?q=a", "/pick/customers?q=a", "/settings", "/settings/users", "/me", "/jobs", "/more", "/notifications", "/events", "/files/1", "/customers/import", "/customers/duplicates?name=a", f"/customers/{one}/print"):
            answer = web.get(path, follow=False)
            if answer.status not in (302, 303, 401) or "consultant" in answer.text:
                wrong.append((path, answer.status))
        for path in ("/customers", f"/customers/{one}", f"/customers/{one}/delete", "/undo/1", "/settings/users", "/settings/roles", "/me/password"):
            if (answer := web.post(path, {"name": "x"}, follow=False)).status not in (302, 303, 401, 403):
                wrong.append(("POST " + path, answer.status))
        assert not wrong
        assert state(company, "customers", "own") is not None


class TestOrganisation:
    def test_nobody_makes_themselves_mightier(self, company):
        wrong, boss_id = [], company.people["boss"].id
        for name in ("consultant", "supervisor", "manager", "gm", "reader"):
            person = company.people[name]
            for method, path, body in (
                ("PATCH", f"/users/{person.id}", {"roles": ["admin"]}), ("PATCH", f"/users/{person.id}", {"department_id": company.departments.head["id"]}), ("PATCH", f"/users/{boss_id}", {"password": PASSWORD + "stolen"} if name == "gm" else {"name": "x"}), ("PATCH", f"/users/{boss_id}", {"status": "disabled"}),
                ("POST", "/users", {"username": "evil", "name": "evil", "roles": ["admin"]} | ({"password": PASSWORD + "evil"} if name == "manager" else {})), ("POST", "/roles", {"code": "evil", "name": "evil", "permissions": {"customers": {"read": "all"}}}), ("DELETE", f"/users/{boss_id}", None), ("POST", "/departments", {"name": "evil", "kind": "store"}) if name != "gm" else ("DELETE", f"/users/{boss_id}", None),
            ):
                answer = person.api.call(method, path, body)
                if answer.status not in (403, 404):
                    wrong.append((name, method, path, body, answer))
        assert not wrong
        assert company.boss.get("/me").json["is_admin"] and company.people["gm"].api.get("/me").json["is_admin"] is False

    def test_an_administrator_without_business_data_gives_none_away(self, company):
        """Separation of duties: who keeps the system cannot make themselves a reader of customers."""
        api = company.people["sysadmin"].api
        assert api.patch(f"/users/{company.people['sysadmin'].id}", {"roles": ["sysadmin", "gm"]}).status in (403, 409, 422)
        assert api.get("/me").json["permissions"]["customers"]["read"] == "none"
        assert api.patch(f"/users/{company.people['boss'].id}", {"password": PASSWORD + "stolen"}).status in (403, 404, 409, 422)
        assert company.boss.get("/me").status == 200

    def test_a_disabled_user_is_out_at_the_next_request(self, company):
        boss, server = company.boss, company.server
        row = made_by(boss, "/users", {"username": "leaver", "name": "离职", "password": PASSWORD + "leaver", "roles": ["gm"]})
        api, web = server.log_in("leaver", PASSWORD + "leaver"), Web(server.port).log_in("leaver", PASSWORD + "leaver")
        assert api.get("/customers").status == 200 and web.get("/customers", follow=False).status == 200
        assert boss.patch(f"/users/{row['id']}", {"status": "disabled"}).status == 200
        check_problem(api.get("/customers"), 401)
        assert web.get("/customers", follow=False).status == 303
        check_problem(Api(server.port).post("/login", {"username": "leaver", "password": PASSWORD + "leaver"}), 401)

    def test_a_change_of_role_counts_at_the_next_request(self, company):
        boss, server = company.boss, company.server
        row = made_by(boss, "/users", {"username": "mover", "name": "调岗", "password": PASSWORD + "mover", "roles": ["gm"], "department_id": company.departments.there["id"]})
        api = server.log_in("mover", PASSWORD + "mover")
        one = company.rows["customers", "own"]["id"]
        assert api.get(f"/customers/{one}").status == 200
        boss.patch(f"/users/{row['id']}", {"roles": ["sales_consultant"]})
        assert api.get(f"/customers/{one}").status == 404
        boss.patch(f"/users/{row['id']}", {"roles": ["sales_mgr"]})
        other = company.rows["customers", "other"]["id"]
        assert api.get(f"/customers/{other}").status == 200, "their own store's"
        boss.patch(f"/users/{row['id']}", {"department_id": company.departments.desk["id"]})
        assert api.get(f"/customers/{other}").status == 404 and api.get(f"/customers/{one}").status == 200
        boss.patch(f"/users/{row['id']}", {"roles": []})
        assert api.get("/customers").status in (403, 404)

    def test_a_share_counts_at_the_next_request(self, company):
        boss, outsider, one = company.boss, company.people["outsider"], company.rows["customers", "team"]["id"]
        assert outsider.api.get(f"/customers/{one}").status == 404
        boss.post(f"/customers/{one}/shares", {"department_id": company.departments.there["id"]})
        assert outsider.api.get(f"/customers/{one}").status == 200
        for share in boss.get(f"/customers/{one}/shares").json["items"]:
            boss.delete(f"/customers/{one}/shares/{share['id']}")
        assert outsider.api.get(f"/customers/{one}").status == 404

    def test_preview_as_somebody_shows_their_view_and_changes_nothing(self, company):
        web = Web(company.server.port).log_in()
        web.get("/settings/users")
        one, other = company.rows["customers", "own"]["id"], company.rows["customers", "other"]["id"]
        before = state(company, "customers", "own")
        answer = web.post(f"/settings/users/{company.people['consultant'].id}/preview", {}, follow=False)
        assert answer.status in (302, 303), answer
        assert web.get(f"/customers/{one}").status == 200 and web.get(f"/customers/{other}").status == 404
        assert web.post(f"/customers/{one}", {"short_name": "预览"}, follow=False).status in (403, 409)
        assert state(company, "customers", "own") == before
        web.get("/customers")
        web.post("/settings/preview/end", {})
        assert web.get(f"/customers/{other}").status == 200
