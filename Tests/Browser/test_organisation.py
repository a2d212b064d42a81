"""Users, roles and departments over the paths that every entity has: the rules of the organisation hold on each of them."""
import itertools

import pytest
from zhike import PASSWORD, check_problem

number = itertools.count(1)
ENDED = {"done", "failed"}


@pytest.fixture(scope="module")
def company(farm, backend):
    """A company of its own: `boss` is the only administrator, `keeper` manages users and roles, but is none."""
    class Company:
        server = farm.system(backend, "organisation").add_admin().start()
        boss = server.log_in()
    everything = {"read": "all", "create": True, "update": "all", "delete": "all", "import": True, "export": "all"}
    Company.role = Company.boss.make("roles", code="keeper", name="人事", system=["users", "roles"],
                                     permissions={"users": everything, "roles": everything, "departments": everything, "customers": {"read": "own", "create": True}})
    Company.me = Company.boss.make("users", username="keeper", name="何人事", password=PASSWORD + "k", roles=["keeper"])
    Company.keeper = Company.server.log_in("keeper", PASSWORD + "k")
    Company.admin = next(row for row in Company.boss.walk("users") if row["username"] == "boss")
    Company.admin_role = next(row for row in Company.boss.walk("roles") if row["code"] == "admin")
    return Company


def sheet(api, entity, *rows, **options):
    text = "\n".join(",".join(map(str, row)) for row in rows)
    answer = api.upload(f"/{entity}/import", text.encode(), **({"mode": "both"} | options))
    return api.wait(answer.json) if answer.status == 202 else answer


def bulk(api, entity, ids, action="update", **values):
    answer = api.post(f"/{entity}/bulk", {"ids": ids, "action": action, "values": values})
    return api.wait(answer.json) if answer.status == 202 else answer


def user(company, **fields):
    name = f"someone{next(number)}"
    return company.boss.make("users", **({"username": name, "name": name, "roles": ["sales_consultant"]} | fields))


class TestImportOfUsers:
    def test_without_password_nobody_logs_in_until_one_is_given(self, company):
        job = sheet(company.boss, "users", ["登录名", "姓名", "手机号码"], ["liwei", "李伟", "13900000001"], ["chenjing", "陈静", ""], ["bad name", "错", ""], ["", "无名", ""])
        assert job["status"] == "done" and job["result"]["created"] == {"users": 2}, job
        assert [row["line"] for row in job["result"]["rejected_rows"]] == [4, 5]
        api = company.server.api()
        for password in ("", "liwei", "13900000001", PASSWORD):
            assert api.post("/login", {"username": "liwei", "password": password}).status in (401, 422)
        one = company.boss.list("users", {"username": "liwei"})["items"][0]
        assert company.boss.patch(f"/users/{one['id']}", {"password": PASSWORD + "l"}).status == 200
        answer = api.post("/login", {"username": "liwei", "password": PASSWORD + "l"})
        assert answer.status == 200 and answer.json["must_change_password"] is True
        again = sheet(company.boss, "users", ["登录名", "姓名", "手机号码"], ["liwei", "李伟", "13900000001"], match="username")
        assert again["result"]["unchanged"] == {"users": 1}, again

    def test_a_sheet_gives_no_password(self, company):
        job = sheet(company.boss, "users", ["登录名", "姓名", "password"], ["withpassword", "某人", PASSWORD + "w"], mapping='{"登录名":"username","姓名":"name","password":"password"}')
        assert getattr(job, "status", None) == 422 or job["status"] == "failed" or job["result"]["created"].get("users", 0) == 0, job
        assert company.server.api().post("/login", {"username": "withpassword", "password": PASSWORD + "w"}).status == 401


class TestNobodyRaisesTheirOwnRights:
    """Each way to write, tried by somebody who manages users and roles; afterwards everything is as it was."""

    def attempts(self, company):
        keeper, me, mine, admin = company.keeper, company.me["id"], company.role["id"], company.admin_role["id"]
        other = user(company)["id"]
        yield "patch", lambda: keeper.patch(f"/users/{me}", {"roles": ["keeper", "gm"]})
        yield "patch to admin", lambda: keeper.patch(f"/users/{other}", {"roles": ["admin"]})
        yield "create", lambda: keeper.post("/users", {"username": f"puppet{next(number)}", "name": "傀儡", "roles": ["admin"], "password": PASSWORD + "p"})
        yield "bulk", lambda: bulk(keeper, "users", [me], roles=[mine, admin])
        yield "bulk on another", lambda: bulk(keeper, "users", [other], roles=[admin])
        yield "import", lambda: sheet(keeper, "users", ["登录名", "姓名", "角色"], ["keeper", "何人事", "系统管理员"], match="username")
        yield "import of a new one", lambda: sheet(keeper, "users", ["登录名", "姓名", "角色"], [f"puppet{next(number)}", "傀儡", company.admin_role["name"]], mode="add")
        yield "own role", lambda: keeper.patch(f"/roles/{mine}", {"permissions": {"customers": {"read": "all"}}})
        yield "own role in bulk", lambda: bulk(keeper, "roles", [mine], permissions={"customers": {"read": "all"}})
        yield "own role by a sheet", lambda: sheet(keeper, "roles", ["角色编码", "角色名称", "系统权限"], ["keeper", "人事", "admin"], match="code")
        yield "a role of everything", lambda: keeper.post("/roles", {"code": f"god{next(number)}", "name": "全能", "system": ["admin"]})
        yield "password of the administrator", lambda: keeper.patch(f"/users/{company.admin['id']}", {"password": PASSWORD + "x"})
        yield "end of the administrator", lambda: keeper.delete(f"/users/{company.admin['id']}")
        yield "end of the administrator in bulk", lambda: bulk(keeper, "users", [company.admin["id"]], action="delete")

    def test_each_way(self, company):
        before = [row | {"updated_at": None} for row in company.boss.walk("roles")], company.boss.read("users", company.me["id"])["roles"]
        let_through = []
        for name, attempt in self.attempts(company):
            answer = attempt()
            if isinstance(answer, dict):
                result = answer["result"] or {}
                if answer["status"] == "done" and (result.get("changed") or sum((result.get("created") or {}).values()) or sum((result.get("updated") or {}).values())):
                    let_through.append((name, answer))
            elif answer.status not in (403, 409, 422):
                let_through.append((name, answer))
        assert not let_through
        after = [row | {"updated_at": None} for row in company.boss.walk("roles")], company.boss.read("users", company.me["id"])["roles"]
        assert after == before
        administrators = [row["username"] for row in company.boss.walk("users") if company.admin_role["id"] in row["roles"]]
        assert administrators == ["boss"] and company.boss.get("/me").json["is_admin"]

    def test_a_deleted_administrator_is_brought_back_by_an_administrator_only(self, company):
        second = user(company, roles=["admin"])
        assert company.boss.delete(f"/users/{second['id']}").status == 204
        check_problem(company.keeper.post(f"/users/{second['id']}/restore"), 403)
        job = bulk(company.keeper, "users", [second["id"]], action="restore")
        assert company.boss.get(f"/users/{second['id']}").status == 404, job
        assert company.boss.post(f"/users/{second['id']}/restore").status == 200
        assert company.boss.delete(f"/users/{second['id']}").status == 204


class TestTheLastAdministratorStays:
    def test_each_way(self, company):
        boss, id = company.boss, company.admin["id"]
        assert boss.delete(f"/users/{id}").status == 409
        assert boss.patch(f"/users/{id}", {"status": "disabled"}).status == 409
        assert boss.patch(f"/users/{id}", {"roles": ["sales_consultant"]}).status == 409
        assert boss.patch(f"/roles/{company.admin_role['id']}", {"system": ["users"]}).status in (403, 409)
        assert boss.delete(f"/roles/{company.admin_role['id']}").status == 409
        bulk(boss, "users", [id], status="disabled")
        bulk(boss, "users", [id], roles=[])
        bulk(boss, "users", [id], action="delete")
        bulk(boss, "roles", [company.admin_role["id"]], action="delete")
        sheet(boss, "users", ["登录名", "姓名", "状态"], ["boss", "老板", "已停用"], match="username")
        assert boss.get("/me").json["is_admin"] is True
        assert boss.read("users", id)["status"] == "active" and boss.read("users", id)["roles"] == company.admin["roles"]


class TestDepartments:
    def test_no_circle_on_any_way(self, company):
        boss = company.boss
        above = boss.make("departments", name=f"上{next(number)}", kind="department")
        below = boss.make("departments", name=f"下{next(number)}", kind="department", parent_id=above["id"])
        for parent in (above["id"], below["id"]):
            check_problem(boss.patch(f"/departments/{above['id']}", {"parent_id": parent}), 422)
            bulk(boss, "departments", [above["id"]], parent_id=parent)
        job = sheet(boss, "departments", ["部门名称", "上级部门"], [above["name"], below["name"]], match="name")
        assert job["result"]["rejected"] == 1, job
        assert boss.read("departments", above["id"])["parent_id"] is None

    def test_one_with_people_stays_and_one_without_comes_back(self, company):
        boss = company.boss
        room = boss.make("departments", name=f"组{next(number)}", kind="department")
        one = user(company, department_id=room["id"])
        check_problem(boss.delete(f"/departments/{room['id']}"), 409)
        job = bulk(boss, "departments", [room["id"]], action="delete")
        assert boss.get(f"/departments/{room['id']}").status == 200, job
        assert boss.patch(f"/users/{one['id']}", {"department_id": None}).status == 200
        assert boss.delete(f"/departments/{room['id']}").status == 204
        check_problem(boss.patch(f"/users/{one['id']}", {"department_id": room["id"]}), 422)
        assert boss.post(f"/departments/{room['id']}/restore").json["name"] == room["name"]
        assert boss.patch(f"/users/{one['id']}", {"department_id": room["id"]}).status == 200

    def test_one_does_not_come_back_below_one_that_is_gone(self, company):
        boss = company.boss
        above = boss.make("departments", name=f"上{next(number)}", kind="department")
        below = boss.make("departments", name=f"下{next(number)}", kind="department", parent_id=above["id"])
        assert [boss.delete(f"/departments/{row['id']}").status for row in (below, above)] == [204, 204]
        check_problem(boss.post(f"/departments/{below['id']}/restore"), 409)
        assert [boss.post(f"/departments/{row['id']}/restore").status for row in (above, below)] == [200, 200]


class TestLikeEveryEntity:
    def test_reading(self, company):
        boss = company.boss
        room = boss.make("departments", name=f"组{next(number)}", kind="department")
        one = user(company, department_id=room["id"])
        read = boss.get(f"/users/{one['id']}", include="department,roles", fields="id,username,roles")
        assert set(read.json) == {"id", "username", "roles", "department", "roles_records"} and read.json["department"]["id"] == room["id"], read
        assert read.json["roles_records"][0]["code"] == "sales_consultant" and read.headers["etag"]
        assert boss.count("users", {"department_id": room["id"]}) == 1
        assert [row["id"] for row in boss.list("users", {"department.name": room["name"]})["items"]] == [one["id"]]
        assert boss.get("/departments/export", format="csv", fields="name", **{"filter[id]": room["id"]}).text.strip().endswith(room["name"])
        check_problem(boss.patch(f"/users/{one['id']}", {"name": "新名"}, headers={"If-Match": '"v99"'}), 412)

    def test_bulk_on_roles(self, company):
        boss = company.boss
        roles = [boss.make("roles", code=f"temp{next(number)}", name="临时")["id"] for _ in range(2)]
        job = bulk(boss, "roles", roles, description="批量")
        assert job["status"] == "done" and {boss.read("roles", id)["description"] for id in roles} == {"批量"}, job
        bulk(boss, "roles", roles, action="delete")
        assert [boss.get(f"/roles/{id}").status for id in roles] == [404, 404]

    def test_a_password_is_not_kept_with_its_idempotency_key(self, company):
        fields = {"username": f"once{next(number)}", "name": "一次", "password": PASSWORD + "o"}
        answers = [company.boss.post("/users", fields, headers={"Idempotency-Key": "make-once"}) for _ in range(2)]
        assert [answer.status for answer in answers] == [201, 201] and answers[0].json == answers[1].json
        assert answers[0].headers["etag"] == answers[1].headers["etag"]
        if company.server.database is None:
            files = [path.read_bytes() for path in company.server.folder.glob("zhike.db*")]
        else:
            files = [company.server.database.run("SELECT fingerprint FROM zhike.idempotency_keys").encode()]
        assert files and not any((PASSWORD + "o").encode() in file for file in files)
