"""`interfaces.md`, line by line: what clients, scripts and other systems rely on."""
import concurrent.futures
import csv
import io
import json
import os
import random
import re
import socket
import unicodedata
import urllib.parse

import pytest
import zhike
from zhike import ADMIN, PASSWORD, Api, Web, check_problem, run

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
number = iter(range(1, 10**9))


def unique(text: str = "测试") -> str:
    return f"{text}{next(number):05d}"


def customer(api: Api, **fields) -> dict:
    return api.make("customers", **({"name": unique("客户"), "type": "company", "source": "other"} | fields))


def is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=60).close()
        return True
    except ConnectionRefusedError:
        return False


@pytest.fixture(scope="module")
def clerk(system, boss):
    """Somebody who sees only what is theirs."""
    boss.make("users", username=unique("clerk"), name="小共", password=PASSWORD + "1", roles=["sales_consultant"])
    return system.log_in(f"clerk{next(number) - 1:05d}", PASSWORD + "1")


# ---------------------------------------------------------------------------------------------------------------- starting it

class TestProgram:
    COMMANDS = "serve demo import export migrate backup restore user token doctor verify bench".split()

    def test_help(self):
        done = run("--help")
        assert done.returncode == 0 and "serve" in done.stdout

    @pytest.mark.parametrize("command", COMMANDS)
    def test_help_on_each(self, command):
        done = run(command, "--help")
        assert done.returncode == 0, done.stderr
        assert f"zhike {command}" in done.stdout, "this command's own help"

    @pytest.mark.parametrize("arguments", [["nope"], ["serve", "--nope"], ["import"], ["user", "add"], ["demo", "--size", "huge"], ["serve", "--port", "x"]], ids=" ".join)
    def test_wrong_usage_is_64(self, arguments, tmp_path):
        done = run(*arguments, cwd=tmp_path)
        assert done.returncode == 64, done
        assert done.stderr.strip()

    @pytest.mark.parametrize("arguments, environment", [
        (["serve", "--database", "mysql://x"], {}),
        (["serve", "--port", "99999"], {}),
        (["serve", "--config", "/nowhere/zhike.toml"], {}),
        (["serve", "--data", "/proc/zhike"], {}),
        (["serve"], {"ZHIKE_PORT": "many"}),
        (["serve"], {"ZHIKE_SECURE": "perhaps"}),
    ], ids=lambda value: " ".join(value))
    def test_wrong_configuration_is_78(self, arguments, environment, tmp_path):
        done = run(*arguments, cwd=tmp_path, env=zhike.environment(ZHIKE_ASSETS=str(zhike.ROOT)) | environment)
        assert done.returncode == 78, done
        assert re.search(r"[\u4e00-\u9fff]|[A-Za-z]", done.stderr)

    @pytest.mark.parametrize("text", ['prot = 1\n', 'port = "8080"\n', 'port = \n'])
    def test_wrong_configuration_file_is_78(self, text, tmp_path):
        (tmp_path / "zhike.toml").write_text(text)
        done = run("migrate", cwd=tmp_path)
        assert done.returncode == 78 and "zhike.toml" in done.stderr, done

    def test_failed_work_is_1(self, tmp_path):
        assert run("import", tmp_path / "none.csv", "--into", "customers", "--data", tmp_path / "d").returncode == 1
        data = tmp_path / "data"
        assert run("user", "add", "a", "--role", "admin", "--password-stdin", "--data", data, stdin=PASSWORD + "\n").returncode == 0
        again = run("user", "add", "a", "--role", "admin", "--password-stdin", "--data", data, stdin=PASSWORD + "\n")
        assert again.returncode == 1 and again.stderr.strip()
        assert run("user", "add", "b", "--role", "no_such_role", "--password-stdin", "--data", data, stdin=PASSWORD + "\n").returncode == 1
        assert run("user", "add", "b", "--role", "admin", "--password-stdin", "--data", data, stdin="12345678\n").returncode == 1, "a weak password"
        assert run("demo", "--data", data).returncode == 1, "the folder is not empty"

    def test_messages_follow_the_locale(self, tmp_path):
        arguments = ["import", tmp_path / "none.csv", "--into", "customers", "--data", tmp_path / "d"]
        chinese = run(*arguments, env=zhike.environment(LANG="zh_CN.UTF-8", LC_ALL="zh_CN.UTF-8")).stderr
        english = run(*arguments, env=zhike.environment(LANG="en_US.UTF-8", LC_ALL="en_US.UTF-8")).stderr
        assert re.search(r"[\u4e00-\u9fff]", chinese)
        assert not re.search(r"[\u4e00-\u9fff]", english.replace(str(tmp_path), ""))
        chosen = run(*arguments, env=zhike.environment(LANG="en_US.UTF-8", ZHIKE_LANG="zh")).stderr
        assert chosen == chinese

    @pytest.mark.parametrize("command", COMMANDS + ["user add", "token create", "user list"])
    def test_help_in_english(self, command):
        english = run(*command.split(), "--help", env=zhike.environment(LANG="en_GB.UTF-8")).stdout
        assert not re.search(r"[\u4e00-\u9fff]", english), english

    def test_migrate_without_a_database(self, tmp_path):
        """A misspelled folder is a wrong configuration, and stays away."""
        done = run("migrate", "--data", tmp_path / "nowhere")
        assert done.returncode == 78 and "nowhere" in done.stderr and "--data" in done.stderr, done
        assert not (tmp_path / "nowhere").exists()

    def test_a_taken_port_is_told(self, system, tmp_path):
        done = run("serve", "--port", system.port, "--data", tmp_path / "d", env=zhike.environment(ZHIKE_ASSETS=str(zhike.ROOT)))
        assert done.returncode == 1 and str(system.port) in done.stderr and "--port" in done.stderr, done

    def test_command_line_over_environment_over_file(self, tmp_path):
        (tmp_path / "zhike.toml").write_text('data = "from-file"\n')
        env = zhike.environment(ZHIKE_ASSETS=str(zhike.ROOT))
        run("verify", cwd=tmp_path, env=env, check=True)
        assert (tmp_path / "from-file/zhike.db").exists()
        run("verify", cwd=tmp_path, env=env | {"ZHIKE_DATA": "from-environment"}, check=True)
        assert (tmp_path / "from-environment/zhike.db").exists()
        run("verify", "--data", "from-line", cwd=tmp_path, env=env | {"ZHIKE_DATA": "from-environment"}, check=True)
        assert (tmp_path / "from-line/zhike.db").exists()

    def test_no_default_password_and_a_set_up_link(self, farm):
        server = farm.system(name="empty").start()
        link = server.set_up_link
        assert link and link.startswith(server.url + "/setup?token=")
        assert Api(server.port).post("/login", {"username": "admin", "password": "admin"}).status == 401
        web, path = Web(server.port), link.removeprefix(server.url)
        assert web.get("/setup?token=wrong", follow=False).status in (401, 403, 404)
        form = web.get(path)
        assert form.status == 200 and 'name="company"' in form.text
        token = path.split("token=")[1]
        fields = {"token": token, "company": "知客贸易", "name": "李伟", "username": "liwei", "password": "123456", "password_again": "123456"}
        assert web.post("/setup", fields).status == 422, "a weak password is told, not taken"
        fields |= {"password": PASSWORD, "password_again": PASSWORD}
        done = web.post("/setup", fields)
        assert done.status == 200 and "李伟" in done.text, "set up and logged in"
        assert server.log_in("liwei").get("/me").json["is_admin"] is True
        assert Web(server.port).get(path, follow=False).status in (303, 302, 403, 404, 410), "the link works once"
        fields |= {"username": "mallory"}
        Web(server.port).post("/setup", fields)
        assert Api(server.port).post("/login", {"username": "mallory", "password": PASSWORD}).status == 401

    def test_metrics_only_when_enabled(self, system, farm):
        assert system.api().raw("GET", "/metrics").status in (303, 401, 404), "no such page without a log-in"
        server = farm.system(name="metrics").add_admin().start(env=zhike.environment(ZHIKE_METRICS="1"))
        answer = server.api().raw("GET", "/metrics")
        assert answer.status == 200 and answer.headers["content-type"].startswith("text/plain"), answer
        assert re.search(r"^# TYPE \w+ (counter|gauge|histogram|summary)$", answer.text, re.M)

    def test_requests_in_flight_finish_at_sigterm(self, farm):
        server = farm.system(name="term").add_admin().start()
        api = server.log_in()
        body = json.dumps({"name": "最后一位", "type": "company", "source": "other"}).encode()
        with socket.create_connection(("127.0.0.1", server.port)) as wire:
            head = f"POST /api/v1/customers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {api.token}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            wire.sendall(head.encode() + body[:10])
            # Each of the server's threads answers another connection after it has this one's first bytes.
            for _ in range(4 * os.cpu_count()):
                assert Api(server.port, api.token).get("/me").status == 200
            server.process.terminate()
            zhike.until(lambda: not is_open(server.port), "no new connections")
            wire.sendall(body[10:])
            wire.settimeout(120)
            assert wire.recv(4096).startswith(b"HTTP/1.1 201")
        assert server.process.wait(120) == 0
        server.start()
        assert server.log_in().count("customers", {"name": "最后一位"}) == 1

    def test_commands_go_through_the_running_server(self, farm, tmp_path):
        server = farm.system(name="through").add_admin().start()
        sheet = tmp_path / "客户.csv"
        sheet.write_text("客户名称,客户类型\n甲公司,单位\n乙公司,单位\n", "utf-8")
        done = server.zhike("import", sheet, "--into", "customers", "--json")
        assert done.returncode == 0, done
        assert json.loads(done.stdout)["created"] == {"customers": 2}
        assert server.log_in().count("customers") == 2
        token = server.log_in().token
        done = run("import", sheet, "--into", "customers", "--match", "name", "--json", "--url", server.url, "--token", token)
        assert done.returncode == 0, done
        assert json.loads(done.stdout)["unchanged"] == {"customers": 2}
        assert server.zhike("user", "add", "extra", "--role", "gm", "--password-stdin", stdin=PASSWORD + "\n").returncode == 0
        assert Api(server.port).post("/login", {"username": "extra", "password": PASSWORD}).status == 200

    def test_export_on_the_command_line(self, farm, tmp_path):
        server = farm.system(name="export").add_admin().start()
        api = server.log_in()
        for name, city in (("甲", "杭州"), ("乙", "宁波")):
            customer(api, name=name, city=city)
        server.stop()
        done = server.zhike("export", "customers", "--filter", "name=甲", "--fields", "name,type", "--format", "csv", "--out", tmp_path / "a.csv")
        assert done.returncode == 0, done
        rows = list(csv.reader(io.StringIO((tmp_path / "a.csv").read_text("utf-8-sig"))))
        assert len(rows) == 2 and rows[1][0] == "甲"


# ---------------------------------------------------------------------------------------------------------------- session

class TestSession:
    def test_healthz(self, system):
        answer = system.api().raw("GET", "/healthz")
        assert answer.status == 200 and answer.json == {"status": "ok"}
        assert answer.headers["content-type"].startswith("application/json")

    def test_log_in_me_log_out(self, system):
        api = system.api()
        answer = api.post("/login", {"username": ADMIN, "password": PASSWORD})
        assert answer.status == 200
        assert {"token", "expires_at", "user"} <= set(answer.json)
        assert INSTANT.fullmatch(answer.json["expires_at"])
        assert answer.json["user"]["username"] == ADMIN
        assert "hash" not in answer.text and PASSWORD not in answer.text
        mine = Api(system.port, answer.json["token"])
        assert mine.get("/me").json["id"] == answer.json["user"]["id"]
        assert "permissions" in mine.get("/me").json
        assert mine.post("/logout").status == 204
        check_problem(mine.get("/me"), 401)
        check_problem(mine.get("/customers"), 401)

    def test_every_wrong_log_in_is_answered_alike(self, system):
        api, answers = system.api(), []
        for body in ({"username": ADMIN, "password": "wrong password"}, {"username": "nobody", "password": "wrong password"}):
            problem = check_problem(api.post("/login", body), 401)
            answers.append({key: value for key, value in problem.items() if key != "request_id"})
        assert answers[0] == answers[1]

    def test_log_in_wants_both(self, system):
        problem = check_problem(system.api().post("/login", {"username": ADMIN}), 422)
        assert [error["field"] for error in problem["errors"]] == ["password"]
        check_problem(system.api().post("/login", {"username": ADMIN, "password": PASSWORD, "admin": True}), 422)

    @pytest.mark.parametrize("value", ["Bearer nonsense", "Bearer ", "Basic Ym9zczp4", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOjF9.", "bearer"])
    def test_broken_tokens(self, system, value):
        check_problem(system.api().raw("GET", "/api/v1/customers", headers={"Authorization": value}), 401)

    def test_headers(self, system, boss):
        for answer in (boss.get("/customers"), Web(system.port).get("/login")):
            policy = answer.headers["content-security-policy"]
            assert "default-src 'self'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "referrer-policy" in answer.headers and answer.headers["cache-control"] == "no-store"
            assert "server" not in answer.headers and "access-control-allow-origin" not in answer.headers

    def test_trace_is_off(self, system):
        assert [system.api().raw(method, "/").status for method in ("TRACE", "CONNECT")] == [405, 405]

    def test_no_open_redirect(self, system):
        web = Web(system.port)
        web.get("/login")
        answers = [web.post("/login", {"username": ADMIN, "password": PASSWORD, "next": "//evil.example"}, follow=False)]
        for goal in ("//evil.example", "https://evil.example", "/%5Cevil.example", "/\\evil.example", "javascript:alert(1)", "%2F%2Fevil.example", "/%09/evil.example", "https:evil.example"):
            answers.append(web.get("/login?next=" + urllib.parse.quote(goal, safe="%"), follow=False))
        for answer in answers:
            assert answer.status in (302, 303) and re.fullmatch(r"/(?![/\	]).*", answer.headers["location"]), answer.headers
        assert web.get("/login?next=/customers%3Fq%3Da", follow=False).headers["location"] == "/customers?q=a"


# ---------------------------------------------------------------------------------------------------------------- lists

@pytest.fixture(scope="module")
def shelf(boss):
    """Forty orders of eight customers, with gaps, repeats and every kind of column, in a list of their own (`remark`)."""
    mark = unique("货架")
    level = boss.list("customer_levels", limit=1)["items"][0]
    customers = [
        customer(boss, name=f"{mark}{name}", city=city, level_id=level["id"] if index % 2 else None, remark=mark)
        for index, (name, city) in enumerate(zip("甲乙丙丁戊己庚辛", ["杭州市", "宁波市", None, "杭州市", "温州市", None, "绍兴市", "杭州市"]))
    ]
    orders = [
        boss.make("orders", customer_id=customers[index % 8]["id"], amount_cents=index % 7 * 100_000, remark=mark if index % 3 else f"{mark} 100%_加急",
                  ordered_on=f"2026-0{index % 6 + 1}-1{index % 5}")
        for index in range(40)
    ]
    return {"mark": mark, "customers": customers, "orders": orders, "level": level}


class TestLists:
    def test_form(self, boss, shelf):
        page = boss.list("orders", {"remark][starts": shelf["mark"]}, limit=7)
        assert set(page) == {"items", "next", "count", "count_capped"}
        assert len(page["items"]) == 7 and page["count"] == 40 and page["count_capped"] is False and isinstance(page["next"], str)
        last = boss.list("orders", {"remark][starts": shelf["mark"]}, limit=500)
        assert last["next"] is None and len(last["items"]) == 40
        assert isinstance(last["items"][0]["id"], int)

    @pytest.mark.parametrize("limit, status", [(0, 400), (1, 200), (500, 200), (501, 400), (-1, 400), ("x", 400), ("1e2", 400), ("99999999999999999999", 400), ("", 400)])
    def test_limit_bounds(self, boss, limit, status):
        answer = boss.get("/customers", limit=limit)
        assert answer.status in ((status,) if status == 200 else (400, 422)), answer

    def test_fifty_by_default(self, boss):
        for index in range(max(0, 51 - boss.count("tags"))):
            boss.make("tags", name=unique("标签"))
        assert len(boss.list("tags")["items"]) == 50

    @pytest.mark.parametrize("sort", [
        "id", "-id", "amount_cents", "-amount_cents", "ordered_on,-amount_cents", "-ordered_on,amount_cents", "no", "-no", "-created_at", "owner_id,-ordered_on,amount_cents", "customer_id,-no", "status,-remark",
    ])
    def test_cursor_visits_each_once(self, boss, shelf, sort):
        filters = {"remark][starts": shelf["mark"]}
        walked = list(boss.walk("orders", filters, sort=sort, limit=7))
        assert sorted(order["id"] for order in walked) == sorted(order["id"] for order in shelf["orders"])
        whole = boss.list("orders", filters, sort=sort, limit=500)["items"]
        assert [order["id"] for order in whole] == [order["id"] for order in walked]
        first = sort.split(",")[0]
        values = [order[first.lstrip("-")] for order in walked]
        if first.lstrip("-") not in ("remark",):
            assert values == sorted(values, reverse=first.startswith("-"))

    @pytest.mark.parametrize("sort", ["city", "-city", "level_id,name", "-level_id,-name", "name", "-name", "last_purchase_at", "-last_purchase_at", "-remark"])
    def test_cursor_over_empty_values(self, boss, shelf, sort):
        walked = [row["id"] for row in boss.walk("customers", {"remark": shelf["mark"]}, sort=sort, limit=3)]
        assert sorted(walked) == sorted(row["id"] for row in shelf["customers"])
        assert [row["id"] for row in boss.list("customers", {"remark": shelf["mark"]}, sort=sort, limit=500)["items"]] == walked

    def test_cursor_while_others_write(self, boss):
        mark = unique("并行")
        ids = [customer(boss, name=f"{mark}{index:02d}", remark=mark)["id"] for index in range(20)]
        seen = []
        for index, row in enumerate(boss.walk("customers", {"remark": mark}, sort="-name", limit=4)):
            seen.append(row["id"])
            if index % 4 == 3:
                customer(boss, name=f"{mark}99新{index}", remark=mark)
        assert [id for id in seen if id in ids] == list(reversed(ids)), "rows that were there all the time come exactly once"

    @pytest.mark.parametrize("cursor", ["x", "!!!", "e30", "eyJ2IjpbXSwiaSI6MX0", "A" * 5000, "%00"])
    def test_broken_cursor(self, boss, cursor):
        answer = boss.get("/customers", cursor=cursor, sort="name")
        assert answer.status in (400, 422), answer

    def test_filters(self, boss, shelf):
        mark, orders, customers = shelf["mark"], shelf["orders"], {row["id"]: row for row in shelf["customers"]}
        level, one = shelf["level"], shelf["customers"][1]
        today = orders[0]["created_at"][:10]
        cases = {
            "amount_cents": ("200000", lambda o: o["amount_cents"] == 200_000),
            "amount_cents][eq": ("200000", lambda o: o["amount_cents"] == 200_000),
            "amount_cents][ne": ("200000", lambda o: o["amount_cents"] != 200_000),
            "amount_cents][lt": ("200000", lambda o: o["amount_cents"] < 200_000),
            "amount_cents][lte": ("200000", lambda o: o["amount_cents"] <= 200_000),
            "amount_cents][gt": ("200000", lambda o: o["amount_cents"] > 200_000),
            "amount_cents][gte": ("200000", lambda o: o["amount_cents"] >= 200_000),
            "amount_cents][in": ("0,300000,7", lambda o: o["amount_cents"] in (0, 300_000)),
            "amount_cents][between": ("100000,300000", lambda o: 100_000 <= o["amount_cents"] <= 300_000),
            "ordered_on": ("2026-02-11", lambda o: o["ordered_on"] == "2026-02-11"),
            "ordered_on][gte": ("2026-04-01", lambda o: o["ordered_on"] >= "2026-04-01"),
            "ordered_on][between": ("2026-02-01,2026-03-12", lambda o: "2026-02-01" <= o["ordered_on"] <= "2026-03-12"),
            "created_at][gte": (today, lambda o: True),
            "created_at][lt": (f"{today}T00:00:00Z", lambda o: False),
            "remark][contains": ("100%_", lambda o: "100%_" in o["remark"]),
            "remark][starts": (mark + " ", lambda o: o["remark"].startswith(mark + " ")),
            "no][starts": (orders[3]["no"], lambda o: o["no"] == orders[3]["no"]),
            "tags][empty": ("true", lambda o: True),
            "remark][empty": ("false", lambda o: True),
            "customer_id": (str(one["id"]), lambda o: o["customer_id"] == one["id"]),
            "customer": (one["name"], lambda o: o["customer_id"] == one["id"]),
            "customer_id][in": (",".join(str(row["id"]) for row in shelf["customers"][:2]), lambda o: o["customer_id"] in [row["id"] for row in shelf["customers"][:2]]),
            "owner_id][eq": ("me", lambda o: True),
            "owner_id][ne": ("me", lambda o: False),
            "customer.city][eq": ("杭州市", lambda o: customers[o["customer_id"]]["city"] == "杭州市"),
            "customer.city][empty": ("true", lambda o: customers[o["customer_id"]]["city"] is None),
            "customer.level_id][eq": (str(level["id"]), lambda o: customers[o["customer_id"]]["level_id"] == level["id"]),
            "customer.name][contains": ("丙", lambda o: "丙" in customers[o["customer_id"]]["name"]),
            "customer.city][ne": ("杭州市", lambda o: customers[o["customer_id"]]["city"] not in ("杭州市",)),
        }
        for name, (value, expected) in cases.items():
            page = boss.list("orders", {"remark][starts": mark, name: value}, limit=500, **{})
            found, wanted = {row["id"] for row in page["items"]}, {order["id"] for order in orders if expected(order)}
            assert found == wanted, f"filter[{name}]={value}: {len(found)} found, {len(wanted)} wanted"
            assert page["count"] == len(wanted), name

    def test_short_names_of_links_and_choices(self, boss, shelf):
        level = shelf["level"]
        wanted = {row["id"] for row in shelf["customers"] if row["level_id"]}
        for value in (level["name"], str(level["id"])):
            assert {row["id"] for row in boss.list("customers", {"level": value, "remark": shelf["mark"]})["items"]} == wanted
        for value in ("company", "单位"):
            assert boss.list("customers", {"type": value, "remark": shelf["mark"]})["count"] == 8

    @pytest.mark.parametrize("query", [
        "filter[nope]=1", "filter[name][like]=1", "filter[amount_cents]=x", "filter[customer.owner.name]=x", "filter[customer.nope]=1", "filter[ordered_on]=2026-02-30", "filter[amount_cents][between]=1",
        "filter[", "filter[]=1", "filter[][]=", "sort=nope", "sort=customer.name", "fields=nope", "include=nope", "nope=1", "view=99999", "filter[status]=nope", "filter[id]=1e999", "filter[amount_cents][gte]=9e99", "%zz=1", "filter[amount_cents][contains]=1",
    ])
    def test_wrong_questions(self, boss, query):
        answer = boss.get("/orders?" + query)
        assert answer.status in (400, 404, 422), answer

    def test_a_wrong_comparison_says_which_are_right(self, boss):
        detail = check_problem(boss.get("/orders", **{"filter[amount_cents][contains]": 1}), 400)["detail"]
        assert "amount_cents" in detail and "contains" in detail and "between" in detail and "gte" in detail, detail
        offered = {field["name"]: field["operators"] for field in boss.get("/schema/orders").json["fields"]}
        for field, operators in offered.items():
            for operator in "eq ne lt lte gt gte in contains starts empty between".split():
                status = boss.get("/orders", limit=1, **{f"filter[{field}][{operator}]": "1,2" if operator in ("in", "between") else "1"}).status
                assert operator in operators or status == 400, (field, operator, status)

    def test_no_wildcards_in_text(self, boss):
        mark = unique("百分")
        for name in (f"{mark}a%b", f"{mark}a_b", f"{mark}axb", f"{mark}a\\b", f"{mark}a'b\"--"):
            customer(boss, name=name)
        for op in ("contains", "starts"):
            for piece in ("a%", "a_", "a\\", "a'b\"--"):
                found = [row["name"] for row in boss.list("customers", {f"name][{op}": mark + piece})["items"]]
                assert found and all(name.startswith(mark + piece) for name in found) and len(found) == 1, (op, piece, found)

    def test_fields_include_count(self, boss, shelf):
        filters = {"remark][starts": shelf["mark"]}
        page = boss.list("orders", filters, fields="id,no", limit=3)
        assert all(set(row) == {"id", "no"} for row in page["items"])
        page = boss.list("orders", filters, include="customer,owner", limit=3)
        for row in page["items"]:
            assert row["customer"]["id"] == row["customer_id"] and row["owner"]["username"] == ADMIN
            assert "password" not in json.dumps(row)
        page = boss.list("orders", filters, count="none", limit=3)
        assert page.get("count") is None and len(page["items"]) == 3
        one = shelf["customers"][0]
        record = boss.get(f"/customers/{one['id']}", include="orders,contacts,owner").json
        assert len(record["orders"]) == 5 and record["contacts"] == []
        assert set(boss.get(f"/customers/{one['id']}", fields="id,name").json) == {"id", "name"}

    def test_search_in_a_list(self, boss):
        mark = unique("")
        person = customer(boss, name=f"欧阳慕{mark}", type="person", mobile="13812345678", wechat=unique("wx"))
        customer(boss, name=f"上官{mark}")
        for words in (f"欧阳慕{mark}", f"慕{mark}", "oym", "ouyangmu", "5678", "1381234"):
            found = [row["id"] for row in boss.list("customers", q=words, limit=500)["items"]]
            assert person["id"] in found, words
        assert [row["id"] for row in boss.list("customers", q=f"欧阳慕{mark}")["items"]] == [person["id"]]
        assert boss.list("customers", {"type": "company"}, q=f"欧阳慕{mark}")["items"] == []

    def test_saved_view(self, system, boss, shelf):
        web = Web(system.port).log_in()
        web.get("/orders")
        name = unique("视图")
        done = web.post("/orders/views", {"name": name, "state": f"filter[remark][starts]={shelf['mark']}&filter[amount_cents][gte]=300000&sort=-amount_cents"}, follow=False)
        view = re.search(r"view=(\d+)", done.headers["location"]).group(1)
        page = boss.list("orders", view=view, limit=500)
        wanted = [order for order in shelf["orders"] if order["amount_cents"] >= 300_000]
        assert page["count"] == len(wanted) and page["items"][0]["amount_cents"] == 600_000
        assert boss.list("orders", {"amount_cents": "300000"}, view=view)["count"] == sum(order["amount_cents"] == 300_000 for order in wanted)
        assert name in web.get("/orders").text

    def test_unknown_entity(self, boss):
        check_problem(boss.get("/nonsense"), 404)
        check_problem(boss.post("/nonsense", {}), 404)
        assert boss.get("/sessions").status == 404 and boss.get("/audit_entries").status == 404


# ---------------------------------------------------------------------------------------------------------------- records

class TestRecords:
    def test_create(self, boss):
        name = unique("新客户")
        answer = boss.post("/customers", {"name": name, "type": "person", "source": "walk_in", "mobile": "+86 139-0000-0000", "supply_price_cents": 1234})
        assert answer.status == 201
        record = answer.json
        assert answer.headers["location"] == f"/api/v1/customers/{record['id']}"
        assert record["name"] == name and record["mobile"] == "13900000000" and record["supply_price_cents"] == 1234
        for field in "id code name type mobile phone email category_id level_id source province city district address owner_id department_id lifecycle remark created_at updated_at version".split():
            assert field in record, field
        assert INSTANT.fullmatch(record["created_at"]) and re.fullmatch(r"\d{4}-\d\d-\d\d", record["filed_on"])
        assert boss.raw("GET", answer.headers["location"]).json == record
        assert record["owner_id"] == boss.get("/me").json["id"]

    def test_core_field_names(self, boss):
        fields = lambda entity: {field["name"] for field in boss.get(f"/schema/{entity}").json["fields"]}
        assert set("id customer_id contact_id channel direction happened_at subject content outcome next_at owner_id".split()) <= fields("interactions")
        assert set("id no customer_id ordered_on amount_cents status lines".split()) <= fields("orders")

    def test_an_order_with_its_lines(self, boss):
        order = boss.make("orders", customer_id=customer(boss)["id"], ordered_on="2026-11-01", lines=[
            {"product": "矿泉水", "quantity": 3, "price_cents": 2800}, {"product": "柠檬茶", "quantity": 2, "price_cents": 4500}])
        assert [line["product"] for line in order["lines"]] == ["矿泉水", "柠檬茶"]
        assert [line["amount_cents"] for line in order["lines"]] == [8400, 9000] and order["amount_cents"] == 17_400
        first, second = order["lines"]
        changed = boss.patch(f"/orders/{order['id']}", {"lines": [{"id": first["id"], "quantity": 4}, {"product": "苏打水", "quantity": 1, "price_cents": 5200}]}).json
        assert [line["product"] for line in changed["lines"]] == ["矿泉水", "苏打水"] and changed["amount_cents"] == 4 * 2800 + 5200
        assert first["id"] in [line["id"] for line in changed["lines"]] and second["id"] not in [line["id"] for line in changed["lines"]]

    def test_every_wrong_field_at_once(self, boss):
        before = boss.count("customers")
        wrong = {"name": "", "type": "nope", "mobile": "12345678901", "email": "a@", "birthday": "2026-02-30", "supply_price_cents": "12.5", "level_id": 10**9, "is_key": "perhaps", "postcode": "12"}
        problem = check_problem(boss.post("/customers", wrong), 422)
        assert {error["field"] for error in problem["errors"]} >= set(wrong) - {"level_id"}, problem
        assert all(re.search(r"[\u4e00-\u9fff]", error["message"]) for error in problem["errors"])
        assert boss.count("customers") == before
        problem = check_problem(boss.post("/customers", {}), 422)
        assert {"name"} <= {error["field"] for error in problem["errors"]}

    def test_unknown_and_read_only_fields(self, boss):
        for fields in ({"nope": 1}, {"id": 77}, {"version": 9}, {"created_at": "2020-01-01T00:00:00Z"}, {"completeness": 100}, {"order_amount_cents": 5}, {"deleted_at": None}, {"created_by": 1}):
            answer = boss.post("/customers", {"name": unique(), "type": "company", "source": "other"} | fields)
            problem = check_problem(answer, 422)
            assert [error["field"] for error in problem["errors"]] == list(fields), (fields, problem)
        one = customer(boss)
        for fields in ({"nope": 1}, {"id": 77}, {"version": 9}, {"merged_into_id": 1}):
            check_problem(boss.patch(f"/customers/{one['id']}", fields), 422)
        assert boss.read("customers", one["id"]) == one

    @pytest.mark.parametrize("value", [1.5, "1", True, [1], {"a": 1}, 2**63, -(2**70), 1e300])
    def test_money_is_whole_cents(self, boss, value):
        answer = boss.post("/customers", {"name": unique(), "type": "company", "source": "other", "supply_price_cents": value})
        if isinstance(value, int) and abs(value) >= 2**63 and answer.status == 400:
            return  # A number that no field can hold is refused where the JSON is read.
        assert [error["field"] for error in check_problem(answer, 422)["errors"]] == ["supply_price_cents"]

    def test_conditions_on_the_version(self, boss):
        """`If-Match` and `If-None-Match` as RFC 9110 has them: lists, weak tags, on every way that changes a record."""
        one = customer(boss)
        path = f"/customers/{one['id']}"
        assert boss.patch(path, {"remark": "1"}, headers={"If-Match": '"v1"'}).headers["etag"] == '"v2"'
        assert boss.patch(path, {"remark": "2"}, headers={"If-Match": '"v1", W/"v2"'}).status == 200
        for tag in ('"v2"', '"other"', '"v1", "v2"'):
            check_problem(boss.patch(path, {"remark": "x"}, headers={"If-Match": tag}), 412)
            check_problem(boss.delete(path, headers={"If-Match": tag}), 412)
            check_problem(boss.post(path + "/actions/freeze", {"reason": "测试"}, headers={"If-Match": tag}), 412)
        check_problem(boss.patch(path, {"remark": "x"}, headers={"If-Match": "nonsense"}), 400)
        assert boss.read("customers", one["id"])["remark"] == "2"
        for tag in ('"v3"', 'W/"v3"', '"v1", "v3"', "*"):
            same = boss.call("GET", path, headers={"If-None-Match": tag})
            assert same.status == 304 and same.headers["etag"] == '"v3"' and not same.body, (tag, same)
        assert boss.call("GET", path, headers={"If-None-Match": '"v2"'}).status == 200
        assert boss.delete(path, headers={"If-Match": '"v3"'}).status == 204

    def test_exact_duplicate(self, boss):
        name = unique("张")
        customer(boss, name=name, type="person", mobile="13700001111")
        answer = boss.post("/customers", {"name": name, "type": "person", "source": "other", "mobile": "13700001111"})
        assert answer.status in (409, 422), answer
        assert "duplicate" in answer.text

    def test_links_must_lead_somewhere(self, boss):
        for id in (10**12, 0, -1):
            problem = check_problem(boss.post("/interactions", {"customer_id": id, "content": "x"}), 422)
            assert [error["field"] for error in problem["errors"]] == ["customer_id"]

    def test_idempotency_key(self, system, boss):
        key, body = unique("钥匙-").encode().hex(), {"name": unique("一次"), "type": "company", "source": "other"}
        first = boss.post("/customers", body, headers={"Idempotency-Key": key})
        again = boss.post("/customers", body, headers={"Idempotency-Key": key})
        assert first.status == again.status == 201 and again.json == first.json and again.headers["location"] == first.headers["location"]
        assert boss.count("customers", {"name": body["name"]}) == 1
        other = boss.post("/customers", body | {"name": unique("别的")}, headers={"Idempotency-Key": key})
        assert other.status in (400, 409, 422), other
        assert boss.post("/customers", body | {"name": unique()}, headers={"Idempotency-Key": "x" * 5000}).status in (400, 422)

    def test_idempotency_key_under_a_race(self, boss):
        key, body = unique("k"), {"name": unique("赛跑"), "type": "company", "source": "other"}
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: boss.post("/customers", body, headers={"Idempotency-Key": key.encode().hex()}), range(16)))
        assert {answer.status for answer in answers} <= {201, 409}, answers
        assert len({answer.json["id"] for answer in answers if answer.status == 201}) == 1
        assert boss.count("customers", {"name": body["name"]}) == 1

    def test_etag_and_if_match(self, boss):
        one = customer(boss)
        path = f"/customers/{one['id']}"
        tag = boss.get(path).headers["etag"]
        assert re.fullmatch(r'(W/)?"[^"]+"', tag)
        assert boss.call("GET", path, headers={"If-None-Match": tag}).status == 304
        changed = boss.patch(path, {"remark": "一"}, headers={"If-Match": tag})
        assert changed.status == 200 and changed.headers["etag"] != tag and changed.json["version"] == one["version"] + 1
        check_problem(boss.patch(path, {"remark": "二"}, headers={"If-Match": tag}), 412)
        assert boss.read("customers", one["id"])["remark"] == "一"
        assert boss.patch(path, {"remark": "三"}).json["remark"] == "三", "without it the last write wins"
        assert boss.patch(path, {"remark": "四"}, headers={"If-Match": "*"}).status == 200
        assert boss.patch(path, {"remark": "五"}, headers={"If-Match": "nonsense"}).status in (400, 412)
        assert boss.read("customers", one["id"])["remark"] == "四"

    def test_patch_changes_only_the_given(self, boss):
        one = customer(boss, remark="留下", wechat=unique("wx"))
        changed = boss.patch(f"/customers/{one['id']}", {"wechat": None, "short_name": "简"}).json
        keep = {"wechat", "short_name", "updated_at", "version", "completeness"}
        assert {key: value for key, value in changed.items() if key not in keep} == {key: value for key, value in one.items() if key not in keep}
        assert changed["wechat"] is None and changed["short_name"] == "简"
        check_problem(boss.patch(f"/customers/{10**9}", {"remark": "x"}), 404)

    def test_writers_at_once_lose_nothing(self, boss):
        one = customer(boss)
        path = f"/customers/{one['id']}"

        def add(index: int) -> int:
            for _ in range(60):
                read = boss.get(path)
                remark = (read.json["remark"] or "") + f"{index};"
                if boss.patch(path, {"remark": remark}, headers={"If-Match": read.headers["etag"]}).status == 200:
                    return index
            return -1

        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            assert sorted(pool.map(add, range(12))) == list(range(12))
        assert sorted(boss.read("customers", one["id"])["remark"].strip(";").split(";"), key=int) == [str(index) for index in range(12)]

    def test_bin_and_restore(self, boss):
        one = customer(boss)
        path = f"/customers/{one['id']}"
        assert boss.delete(path).status == 204
        check_problem(boss.get(path), 404)
        check_problem(boss.delete(path), 404)
        check_problem(boss.patch(path, {"remark": "x"}), 404)
        assert boss.count("customers", {"name": one["name"]}) == 0
        assert [row["id"] for row in boss.list("customers", {"name": one["name"]}, deleted="true")["items"]] == [one["id"]]
        assert one["id"] not in [row["id"] for group in boss.get("/search", q=one["name"]).json["groups"] for row in group["items"]]
        answer = boss.post(path + "/restore")
        assert answer.status == 200 and answer.json["name"] == one["name"]
        assert boss.get(path).status == 200
        assert boss.post(path + "/restore").status in (404, 409)

    def test_ids_are_not_used_again(self, boss):
        one = boss.make("tags", name=unique("t"))
        boss.delete(f"/tags/{one['id']}")
        assert boss.make("tags", name=unique("t"))["id"] > one["id"]

    def test_actions(self, boss):
        one = customer(boss)
        path = f"/customers/{one['id']}/actions"
        problem = check_problem(boss.post(path + "/freeze", {}), 422)
        assert [error["field"] for error in problem["errors"]] == ["reason"]
        check_problem(boss.post(path + "/freeze", {"reason": "x", "nope": 1}), 422)
        assert boss.post(path + "/freeze", {"reason": "欠款"}).json["file_status"] == "frozen"
        problem = check_problem(boss.post(path + "/freeze", {"reason": "欠款"}), 409)
        assert re.search(r"[\u4e00-\u9fff]", problem["detail"])
        assert boss.post(path + "/unfreeze").json["file_status"] == "active"
        check_problem(boss.post(path + "/nope"), 404)
        check_problem(boss.post(f"/customers/{10**9}/actions/verify"), 404)
        assert INSTANT.fullmatch(boss.post(path + "/verify").json["verified_at"])

    def test_state_moves_by_actions_only(self, boss):
        one = customer(boss)
        answer = boss.patch(f"/customers/{one['id']}", {"file_status": "merged"})
        assert answer.status in (409, 422), answer
        assert boss.read("customers", one["id"])["file_status"] == one["file_status"]

    def test_timeline(self, boss):
        one = customer(boss)
        path = f"/customers/{one['id']}"
        boss.make("interactions", customer_id=one["id"], channel="phone", content="上月来过电话", happened_at="2026-10-01T02:00:00Z")
        boss.make("interactions", customer_id=one["id"], channel="visit", content="今天上门", next_at="2030-01-01T01:00:00Z")
        boss.patch(path, {"remark": "改过"})
        timeline = boss.get(path + "/timeline").json
        kinds = [item["kind"] for item in timeline["items"]]
        assert {"interactions", "tasks", "change"} <= set(kinds)
        times = [item["at"] for item in timeline["items"]]
        assert times == sorted(times, reverse=True) and all(INSTANT.fullmatch(at) for at in times)
        first = boss.get(path + "/timeline", limit=2).json
        assert len(first["items"]) == 2 and first["next"]
        check_problem(boss.get(f"/customers/{10**9}/timeline"), 404)

    def test_merge(self, boss):
        stay, go = customer(boss, remark="留"), customer(boss, wechat=unique("wx"))
        talk = boss.make("interactions", customer_id=go["id"], content="跟着走")
        answer = boss.post(f"/customers/{stay['id']}/merge", {"ids": [go["id"]], "choices": {"wechat": go["id"]}})
        assert answer.status == 200 and answer.json["wechat"] == go["wechat"] and answer.json["remark"] == "留"
        assert boss.read("interactions", talk["id"])["customer_id"] == stay["id"]
        check_problem(boss.get(f"/customers/{go['id']}"), 404)
        for body in ({"ids": []}, {"ids": [stay["id"]]}, {"ids": "x"}, {}, {"ids": [10**9]}):
            assert boss.post(f"/customers/{stay['id']}/merge", body).status in (400, 404, 409, 422), body

    def test_shares(self, boss, clerk):
        other, me, one = clerk, clerk.get("/me").json["id"], customer(boss)
        path = f"/customers/{one['id']}"
        check_problem(other.get(path), 404)
        assert boss.post(path + "/shares", {"user_id": me}).status in (201, 204)
        assert other.get(path).status == 200 and one["id"] in [row["id"] for row in other.list("customers")["items"]]
        assert other.patch(path, {"remark": "x"}).status in (403, 404)
        share, = boss.get(path + "/shares").json["items"]
        assert share["user_id"] == me and share["can_write"] is False
        assert boss.post(path + "/shares", {"user_id": me, "can_write": True, "until": "2099-12-31"}).status in (201, 204)
        assert other.patch(path, {"remark": "x"}).status == 200
        for share in boss.get(path + "/shares").json["items"]:
            assert boss.delete(f"{path}/shares/{share['id']}").status == 204
        check_problem(other.get(path), 404)
        for body in ({}, {"user_id": 10**9}, {"user_id": me, "until": "2020-13-01"}, {"user_id": "x"}, {"nope": 1}):
            assert boss.post(path + "/shares", body).status == 422, body
        assert boss.get(path + "/shares").json["items"] == []


# ---------------------------------------------------------------------------------------------------------------- bulk, jobs, undo

class TestBulk:
    def test_ids_with_failures_and_undo(self, boss):
        mark = unique("批")
        rows = [customer(boss, name=f"{mark}{index}", remark="旧") for index in range(5)]
        boss.delete(f"/customers/{rows[4]['id']}")
        ids = [row["id"] for row in rows] + [10**9]
        answer = boss.post("/customers/bulk", {"ids": ids, "action": "update", "values": {"remark": "新"}})
        assert answer.status == 202 and answer.headers["location"] == f"/api/v1/jobs/{answer.json['id']}"
        job = boss.wait(answer.json)
        assert job["status"] == "done", job
        assert {boss.read("customers", row["id"])["remark"] for row in rows[:4]} == {"新"}
        text = json.dumps(job["result"], ensure_ascii=False)
        assert str(rows[4]["id"]) in text and str(10**9) in text, f"the rows that failed, each with its reason: {text}"
        undone = boss.post(f"/jobs/{job['id']}/revert")
        assert undone.status in (200, 202), undone
        if undone.status == 202:
            boss.wait(undone.json)
        assert {boss.read("customers", row["id"])["remark"] for row in rows[:4]} == {"旧"}

    def test_by_filter(self, boss):
        mark = unique("筛")
        for index in range(4):
            customer(boss, name=f"{mark}{index}", remark="甲" if index % 2 else "乙")
        job = boss.wait(boss.post("/customers/bulk", {"filter": {"name": {"starts": mark}, "remark": "甲"}, "action": "update", "values": {"short_name": mark}}).json)
        assert job["status"] == "done" and boss.count("customers", {"short_name": mark}) == 2

    def test_other_actions(self, boss):
        mark = unique("动")
        rows = [customer(boss, name=f"{mark}{index}") for index in range(3)]
        ids = [row["id"] for row in rows]
        assert boss.wait(boss.post("/customers/bulk", {"ids": ids, "action": "freeze", "values": {"reason": "批量"}}).json)["status"] == "done"
        assert {boss.read("customers", id)["file_status"] for id in ids} == {"frozen"}
        job = boss.wait(boss.post("/customers/bulk", {"ids": ids, "action": "delete"}).json)
        assert job["status"] == "done" and boss.count("customers", {"name][starts": mark}) == 0
        undone = boss.post(f"/jobs/{job['id']}/revert")
        boss.wait(undone.json) if undone.status == 202 else None
        assert boss.count("customers", {"name][starts": mark}) == 3

    @pytest.mark.parametrize("body", [
        {}, {"ids": [1]}, {"action": "update"}, {"ids": "1", "action": "update"}, {"ids": ["x"], "action": "update", "values": {}}, {"ids": [1], "action": "nope"},
        {"ids": [1], "action": "update", "values": {"nope": 1}}, {"ids": [1], "action": "update", "values": {"mobile": "1"}}, {"ids": [1], "action": "freeze"}, {"ids": [1], "action": "update", "x": 1},
        {"filter": {"nope": 1}, "action": "delete"}, {"filter": {}, "action": 7}, {"ids": [1.5], "action": "delete"},
    ], ids=str)
    def test_wrong_requests(self, boss, body):
        assert boss.post("/customers/bulk", body).status in (400, 422), body

    def test_jobs_are_ones_own(self, boss, clerk):
        other = clerk
        job = boss.post("/customers/bulk", {"ids": [customer(boss)["id"]], "action": "update", "values": {"remark": "x"}}).json
        for method, path in (("GET", ""), ("POST", "/cancel"), ("POST", "/revert")):
            assert other.call(method, f"/jobs/{job['id']}{path}").status in (403, 404)
        boss.wait(job)
        check_problem(boss.get(f"/jobs/{10**9}"), 404)


# ---------------------------------------------------------------------------------------------------------------- export, search, schema

class TestReading:
    def test_export(self, boss, shelf):
        query = {"filter[remark][starts]": shelf["mark"], "filter[amount_cents][gte]": "100000", "sort": "-amount_cents"}
        wanted = sorted((order["amount_cents"] for order in shelf["orders"] if order["amount_cents"] >= 100_000), reverse=True)
        answer = boss.get("/orders/export", format="csv", fields="no,amount_cents", **query)
        assert answer.status == 200 and "attachment" in answer.headers["content-disposition"] and answer.body.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig"))))
        assert len(rows) == len(wanted) + 1
        column = next(index for index, title in enumerate(rows[0]) if "金额" in title)
        assert [round(float(row[column].replace(",", "")) * 100) for row in rows[1:]] == wanted
        lines = boss.get("/orders/export", format="jsonl", **query).text.strip().splitlines()
        assert [json.loads(line)["amount_cents"] for line in lines] == wanted
        sheet = boss.get("/orders/export", format="xlsx", **query)
        assert sheet.body.startswith(b"PK") and sheet.status == 200
        assert boss.get("/orders/export", format="pdf").status in (400, 422)
        assert boss.get("/orders/export", format="csv", **{"filter[nope]": "1"}).status in (400, 422)

    def test_an_export_is_refused_before_its_first_byte(self, boss, clerk):
        for format in ("csv", "jsonl", "xlsx"):
            check_problem(clerk.get("/customers/export", format=format), 403)
            check_problem(boss.get("/customers/export", format=format, fields="nope"), 422)
            check_problem(boss.get("/customers/export", format=format, sort="nope"), 400)

    def test_exported_names_are_those_asked_for(self, boss):
        one = boss.make("orders", customer_id=customer(boss, name=unique("名称"))["id"], ordered_on="2026-11-01")
        line = json.loads(boss.get("/orders/export", format="jsonl", fields="no,customer.name,customer_id", **{"filter[id]": one["id"]}).text)
        assert set(line) == {"id", "no", "customer.name", "customer_id", "customer"} and line["customer.name"] == line["customer"], line
        rows = list(csv.reader(io.StringIO(boss.get("/orders/export", header="names", fields="no,customer.name", **{"filter[id]": one["id"]}).body.decode("utf-8-sig"))))
        assert rows[0] == ["no", "customer.name"]

    def test_exported_formulas_are_neutralised(self, boss):
        mark, cells = unique("公式"), ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "＝1", "  =1", '=HYPERLINK("http://x","y")']
        for cell in cells:
            customer(boss, name=unique(mark), short_name=cell if cell.strip() == cell else None, source_detail=cell)
        answer = boss.get("/customers/export", format="csv", **{"filter[name][starts]": mark, "fields": "name,short_name,source_detail,mobile"})
        for row in csv.reader(io.StringIO(answer.body.decode("utf-8-sig"))):
            for cell in row:
                assert not re.match(r"[\s\u200b\ufeff]*[=+\-@＝＋－＠]", cell), cell
        sheet = boss.get("/customers/export", format="xlsx", **{"filter[name][starts]": mark})
        import zipfile
        with zipfile.ZipFile(io.BytesIO(sheet.body)) as archive:
            assert not any(b"<f>" in archive.read(name) or b"<f " in archive.read(name) for name in archive.namelist())

    def test_search(self, boss):
        mark = unique("")
        one = customer(boss, name=f"西门吹雪{mark}", type="person", mobile="13612349876")
        boss.make("contacts", customer_id=one["id"], name=f"西门吹雪{mark}")
        groups = {group["entity"]: group for group in boss.get("/search", q=f"西门吹雪{mark}").json["groups"]}
        assert {"customers", "contacts"} <= set(groups) and groups["customers"]["items"][0]["id"] == one["id"] and groups["customers"]["label"] == "客户"
        for words in ("xmcx", "ximen", "9876", "西"):
            assert one["id"] in [row["id"] for group in boss.get("/search", q=words, limit=50).json["groups"] if group["entity"] == "customers" for row in group["items"]], words
        for words in ("", " ", "%", "_", "'", '"', "\\", "*", "a" * 200, "\u202e", "😀", "AND", "NEAR(", '"unclosed', "-", "^x", "x:y", "(", ")"):
            assert boss.get("/search", q=words).status == 200, words
        assert boss.get("/search", q="x" * 5000).status in (200, 400, 422)

    def test_schema(self, boss):
        entities = {entity["name"]: entity for entity in boss.get("/schema").json["entities"]}
        assert {"customers", "contacts", "interactions", "tasks", "orders", "users", "departments", "roles"} <= set(entities)
        schema = boss.get("/schema/customers").json
        fields = {field["name"]: field for field in schema["fields"]}
        assert fields["name"]["required"] and fields["name"]["label"] == "客户名称" and fields["owner_id"]["target"] == "users"
        assert {option["code"] for option in fields["type"]["options"]} == {"person", "company", "government", "dealer", "family"}
        assert {action["name"] for action in schema["actions"]} >= {"assign", "freeze"}
        check_problem(boss.get("/schema/nope"), 404)


# ---------------------------------------------------------------------------------------------------------------- organisation

class TestOrganisation:
    def test_departments_roles_users(self, system, boss):
        company = boss.make("departments", name=unique("公司"), kind="company")
        store = boss.make("departments", name=unique("门店"), parent_id=company["id"], kind="store")
        code = unique("role").lower()
        role = boss.post("/roles", {
            "code": code, "name": unique("自定"), "fields": {"customers.id_no": "masked"},
            "permissions": {"customers": {"read": "department_tree", "create": True, "update": "own", "delete": "none", "export": "none"}},
        })
        assert role.status == 201, role
        manager = boss.make("users", username=unique("mgr"), name="经理", password=PASSWORD + "2", department_id=company["id"], roles=["sales_mgr"])
        answer = boss.post("/users", {"username": unique("user"), "name": "新人", "password": PASSWORD + "3", "department_id": store["id"], "roles": [code, "sales_consultant"], "manager_id": manager["id"]})
        assert answer.status == 201 and "password" not in answer.text and PASSWORD not in answer.text and answer.headers["location"] == f"/api/v1/users/{answer.json['id']}"
        listed = boss.get("/users", limit=500).text + boss.get("/users/export", format="csv").text + boss.get("/roles", limit=500).text
        for word in ("password", "hash", "scrypt", "secret", "totp"):
            assert word not in listed.lower().replace("needs_totp", "").replace("must_enrol_totp", ""), word
        login = system.log_in(answer.json["username"], PASSWORD + "3")
        me = login.get("/me").json
        assert me["department_id"] == store["id"] and me["permissions"]["customers"]["read"] == "department_tree"

    def test_built_in_roles(self, boss):
        codes = {role["code"] for role in boss.walk("roles")}
        assert set("sales_consultant svc_advisor followup clerk field_rep supervisor sales_mgr svc_mgr cs_mgr store_mgr gm admin sysadmin".split()) <= codes

    @pytest.mark.parametrize("body, field", [
        ({"name": "x"}, "username"), ({"username": "x"}, "name"), ({"username": "a b", "name": "x"}, "username"), ({"username": "boss", "name": "x"}, "username"),
        ({"username": "weak1", "name": "x", "password": "123456789012"}, "password"), ({"username": "weak2", "name": "x", "password": "weak2weak2"}, "password"), ({"username": "r", "name": "x", "roles": ["nope"]}, "roles"),
        ({"username": "d", "name": "x", "department_id": 10**9}, "department_id"), ({"username": "u", "name": "x", "nope": 1}, "nope"),
    ], ids=str)
    def test_wrong_users(self, boss, body, field):
        answer = boss.post("/users", body)
        assert answer.status in (409, 422), answer
        assert field in [error["field"] for error in answer.json["errors"]], answer

    def test_a_department_is_not_below_itself(self, boss):
        above = boss.make("departments", name=unique("上"), kind="department")
        below = boss.make("departments", name=unique("下"), kind="department", parent_id=above["id"])
        for parent in (above["id"], below["id"]):
            assert boss.patch(f"/departments/{above['id']}", {"parent_id": parent}).status in (409, 422)

    @pytest.mark.parametrize("permissions", [{"customers": {"read": "everything"}}, {"nope": {"read": "all"}}, {"customers": {"fly": "all"}}, {"customers": "all"}, "all", {"customers": {"read": 7}}], ids=str)
    def test_wrong_roles(self, boss, permissions):
        assert boss.post("/roles", {"code": unique("r"), "name": unique("角色"), "permissions": permissions}).status == 422


# ---------------------------------------------------------------------------------------------------------------- OpenAPI and bad input

@pytest.fixture(scope="module")
def openapi(boss):
    answer = boss.raw("GET", "/api/openapi.json")
    assert answer.status == 200
    document = answer.json
    assert document["openapi"].startswith("3.1")
    return document


METHODS = ("get", "post", "put", "patch", "delete")


def operations(document):
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield method.upper(), path, item[method]


class TestOpenAPI:
    def test_document(self, openapi):
        names = set(openapi["components"]["schemas"])
        for method, path, operation in operations(openapi):
            assert operation["responses"] and operation["operationId"], path
            for name in re.findall(r"{(\w+)}", path):
                assert any(parameter["name"] == name and parameter["in"] == "path" and parameter["required"] for parameter in operation["parameters"]), f"{path}: {name}"
            for reference in re.findall(r'"#/components/schemas/(\w+)"', json.dumps(operation)):
                assert reference in names, reference
        ids = [operation["operationId"] for _, _, operation in operations(openapi)]
        assert len(ids) == len(set(ids))

    def test_every_route_exists(self, boss, openapi):
        wrong = []
        for method, path, operation in operations(openapi):
            if path.endswith(("/logout",)):
                continue
            url = re.sub(r"{(entity)}", "customers", path)
            url = re.sub(r"{\w+}", "987654321", url)
            answer = boss.raw(method, url, b"{}" if method != "GET" else None, {"Content-Type": "application/json"})
            if answer.status >= 500 or answer.status in (401, 405) or (answer.status == 404 and "没有这个地址" in answer.text):
                wrong.append((method, path, answer))
        assert not wrong

    def test_every_route_wants_a_log_in(self, system, openapi):
        open_paths, wrong = {"/api/v1/login"}, []
        api = system.api()
        for method, path, operation in operations(openapi):
            url = re.sub(r"{\w+}", "1", path.replace("{entity}", "customers"))
            for token in (None, "Bearer broken"):
                headers = {"Content-Type": "application/json", "X-Forwarded-User": "boss", "X-Original-URL": "/healthz"} | ({"Authorization": token} if token else {})
                answer = api.raw(method, url, b"{}" if method != "GET" else None, headers)
                if path not in open_paths and answer.status != 401:
                    wrong.append((method, path, answer))
        assert not wrong

    def test_answers_fit_their_schemas(self, boss, openapi):
        """Every property of real records is declared, with its type."""
        types = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict, "null": type(None)}
        for entity in ("customers", "orders", "users", "departments", "roles", "tags"):
            properties = openapi["components"]["schemas"][entity]["properties"]
            for record in boss.list(entity, limit=20)["items"]:
                for name, value in record.items():
                    assert name in properties, f"{entity}.{name}"
                    declared = properties[name].get("type")
                    declared = [declared] if isinstance(declared, str) else declared
                    if declared:
                        assert any(isinstance(value, types[kind]) and not (kind == "integer" and isinstance(value, bool)) for kind in declared), (entity, name, value, declared)
                    if "enum" in properties[name]:
                        assert value in properties[name]["enum"], (entity, name, value)

    def test_statistics_fit_the_document(self, boss, openapi):
        """Groups, series, sums and empty groups: what is answered is what the document declares."""
        from jsonschema import Draft202012Validator
        schema = openapi["paths"]["/api/v1/customers/stats"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        judge = Draft202012Validator({**schema, "components": openapi["components"]})
        customer(boss)
        for question in (
            {"by": "owner_id"}, {"by": "type"}, {"by": "created_at:month", "measure": "count"}, {"by": "type", "and": "created_at:month"}, {"by": "source", "filter[name]": "没有这个客户"}, {"by": "level_id", "span": "created_at:month"}, {},
        ):
            answer = boss.get("/customers/stats", **question)
            assert answer.status == 200, (question, answer)
            faults = [f"{list(fault.absolute_path)}: {fault.message[:300]}" for fault in judge.iter_errors(answer.json)]
            assert not faults, (question, faults, answer.text[:1500])


NUMBERS = [0, -1, 1.5, 2**31, 2**53 + 1, 2**63 - 1, -(2**63), 1e308, 0.1]
TEXTS = ["", " ", "\x00", "a\x00b", "\ud800", "\udfff\ud800", "\U0001F468\u200d\U0001F469", "\u202e", "\ufeff", "\ufffe", "=1+1", "<script>", "'; DROP TABLE customers; --", "%s%n", "{{7*7}}", "../../etc/passwd", "\r\nX: y", "é" * 300,
         "2026-02-30", "0000-00-00", "9999-12-31", "-1", "NaN", "Infinity", "true", "null", "１２３", "\u4e00" * 5000, "\U00020bb7", "ﷺ" * 50]
OTHERS = [None, True, False, [], {}, [[]], [None], {"a": None}, [1, "a", None], {"id": 1}, [{"id": 1}], [{"id": "x"}], [{}] * 50, {"": ""}]
RAW = [
    b"", b"{", b"}", b"[]", b"null", b"1", b'"x"', b"{}{}", b'{"name":}', b"{'name':1}", b'{"a":1,}', b"\xff\xfe", b'{"name":"\xff"}', b'{"name":"\xed\xa0\x80"}', b'\xef\xbb\xbf{"name":"x"}', b'{"name":NaN}', b'{"name":1e999}', b'{"name":-}',
    b'{"name":01}', b'{"name":"\\ud800"}', b'{"name":"\\u12"}', b'{"name":"\t"}', b'{"name":"a","name":"b"}', b"[" * 100_000, b'{"a":' * 5_000 + b"1" + b"}" * 5_000, b"[" * 5_000 + b"]" * 5_000, b'{"name":"' + b"x" * 2_000_000 + b'"}',
    b'{"name":' + b"9" * 10_000 + b"}", b'{"name":0.' + b"1" * 10_000 + b"}", b"{" + b",".join(b'"f%d":1' % index for index in range(20_000)) + b"}", b'{"name":"x"} trailing', "{\"name\":\"x\"}".encode("utf-16"), b"--x\r\n", b"a=b&c=d",
]


class TestBadInput:
    ROUTES = [
        ("POST", "/customers"), ("PATCH", "/customers/{customer}"), ("POST", "/orders"), ("POST", "/interactions"), ("POST", "/users"), ("POST", "/roles"), ("POST", "/departments"), ("PATCH", "/roles/2"), ("POST", "/customers/bulk"),
        ("POST", "/customers/{customer}/merge"), ("POST", "/customers/{customer}/shares"), ("POST", "/customers/{customer}/actions/assign"), ("POST", "/customers/{customer}/reveal"), ("POST", "/login"), ("POST", "/contact_groups"), ("POST", "/announcements"),
    ]

    def test_raw_bodies(self, boss):
        one, wrong = customer(boss), []
        for index, body in enumerate(RAW):
            for method, path in [self.ROUTES[index % len(self.ROUTES)], self.ROUTES[0], self.ROUTES[1]]:
                answer = boss.raw(method, "/api/v1" + path.format(customer=one["id"]), body, {"Content-Type": "application/json"})
                if not 400 <= answer.status < 500 and not (answer.status in (200, 201) and body in (b'{"name":"a","name":"b"}', b'\xef\xbb\xbf{"name":"x"}', b'{"name":"\t"}')):
                    wrong.append((method, path, body[:60], answer.status))
                elif answer.status >= 400 and not answer.headers.get("content-type", "").startswith("application/problem+json"):
                    wrong.append((method, path, body[:60], "not problem details"))
        assert not wrong

    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "text/html"])
    def test_wrong_types_of_content(self, boss, kind):
        check_problem(boss.raw("POST", "/api/v1/customers", b'{"name":"x"}', {"Content-Type": kind}), 415)

    def test_too_large(self, boss):
        check_problem(boss.raw("POST", "/api/v1/customers", b'{"name":"' + b"x" * 2_000_000 + b'"}', {"Content-Type": "application/json"}), 413)
        check_problem(boss.raw("POST", "/api/v1/login", b'{"username":"' + b"x" * 100_000 + b'"}', {"Content-Type": "application/json"}), 413)

    def test_three_hundred_strange_bodies(self, boss):
        """Every field of every entity gets values of every shape; the answer is a 2xx or an explained 4xx."""
        chance = random.Random(20261123)
        one, wrong, tried = customer(boss), [], 0
        schemas = {name: [field["name"] for field in boss.get(f"/schema/{name}").json["fields"]] for name in ("customers", "contacts", "orders", "interactions", "tasks", "users", "roles", "departments", "contact_groups", "announcements", "special_dates")}
        while tried < 300:
            method, path = chance.choice(self.ROUTES)
            entity = path.split("/")[1]
            names = schemas.get(entity, []) + ["ids", "filter", "action", "values", "user_id", "department_id", "until", "can_write", "owner_id", "field", "reason", "choices", "lines", "permissions", "fields", "username", "password", "code", "_confirm", "q"]
            body = {name: self.value(chance) for name in chance.sample(names, chance.randint(1, 6))}
            if chance.random() < 0.5 and entity == "customers":
                body |= {"name": unique("怪"), "type": "company", "source": "other"}
            body.pop("password", None) if entity == "users" and chance.random() < 0.9 else None
            tried += 1
            text = json.dumps(body, ensure_ascii=chance.random() < 0.5)
            answer = boss.raw(method, "/api/v1" + path.format(customer=one["id"]), text.encode("utf-8", "surrogatepass"), {"Content-Type": "application/json"})
            if answer.status >= 500 or answer.status in (401, 405) and path != "/login" or answer.status == 404 and "没有这个地址" in answer.text:
                wrong.append((method, path, text[:300], answer))
            elif answer.status >= 400:
                problem = answer.json
                if not problem.get("request_id") or problem["status"] != answer.status:
                    wrong.append((method, path, text[:300], answer))
        assert not wrong
        assert boss.get("/customers", limit=1).status == 200

    @staticmethod
    def value(chance):
        return chance.choice(chance.choice([NUMBERS, TEXTS, OTHERS]))

    def test_strange_text_comes_back_as_it_went_in(self, boss):
        for text in TEXTS + ["𠮷野家", "a\tb", "第一行\n第二行", "﷽", "e\u0301", "々〆〇"]:
            answer = boss.post("/customers", {"name": unique("字"), "type": "company", "source": "other", "remark": text})
            if answer.status == 201:
                kept = boss.read("customers", answer.json["id"])["remark"]
                assert (kept or "") in (text, text.strip(), unicodedata.normalize("NFC", text), unicodedata.normalize("NFC", text).strip(), text.strip().strip("\ufeff")), (text, kept)
            else:
                assert answer.status in (400, 422), (text, answer)
            if "\x00" in text or "\ud800" in text:
                assert answer.status in (400, 422), (text, answer)

    def test_strange_questions(self, boss):
        chance, wrong = random.Random(7), []
        fields = [field["name"] for field in boss.get("/schema/customers").json["fields"]] + ["nope", "owner.name", "level.code", "owner.password", ""]
        operators = "eq ne lt lte gt gte in contains starts empty between not_in nope".split()
        words = [text for text in TEXTS if "\ud800" not in text] + [str(value) for value in NUMBERS] + ["me", "today", "today-30", "today+999999", "1,2", ",", ",,,", "a,b,c", "x" * 3000, "1,2,3"]
        for _ in range(200):
            query = [(f"filter[{chance.choice(fields)}]" + (f"[{chance.choice(operators)}]" if chance.random() < 0.8 else ""), chance.choice(words)) for _ in range(chance.randint(1, 3))]
            if chance.random() < 0.4:
                query.append((chance.choice(["sort", "fields", "include", "cursor", "limit", "count", "view", "q", "deleted"]), chance.choice(words + fields)))
            url = "/api/v1/customers?" + urllib.parse.urlencode(query)
            answer = boss.raw("GET", url)
            if answer.status not in (200, 400, 403, 404, 422, 414, 431):
                wrong.append((url[:300], answer))
        assert not wrong

    def test_raw_http(self, system, boss):
        """Broken requests are answered or closed; the server goes on."""
        head = f"Host: x\r\nAuthorization: Bearer {boss.token}\r\n".encode()
        requests = [
            b"\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x00" * 100, b"\x16\x03\x01\x02\x00" * 20, b"GET /\x00 HTTP/1.1\r\n" + head + b"\r\n", b"GET " + b"/" * 70_000 + b" HTTP/1.1\r\n" + head + b"\r\n",
            b"GET / HTTP/1.1\r\n" + head + b"X: " + b"a" * 200_000 + b"\r\n\r\n", b"GET / HTTP/1.1\r\n" + head + b"".join(b"X-%d: 1\r\n" % index for index in range(3000)) + b"\r\n",
            b"POST /api/v1/customers HTTP/1.1\r\n" + head + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n",
            b"POST /api/v1/customers HTTP/1.1\r\n" + head + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}{}{}", b"POST /api/v1/customers HTTP/1.1\r\n" + head + b"Content-Length: -1\r\n\r\n",
            b"POST /api/v1/customers HTTP/1.1\r\n" + head + b"Content-Length: 99999999999\r\n\r\n{", b"GET /%00%ff%c0%af HTTP/1.1\r\n" + head + b"\r\n", b"GET /customers/%2e%2e%2f%2e%2e%2fetc/passwd HTTP/1.1\r\n" + head + b"\r\n",
            b"GET /assets/x/../../../../etc/passwd HTTP/1.1\r\n" + head + b"\r\n", b"GET /assets/x/%2e%2e/%2e%2e/Package.swift HTTP/1.1\r\n" + head + b"\r\n", b"DELETE / HTTP/1.1\r\n" + head + b"\r\n", b"OPTIONS * HTTP/1.1\r\n" + head + b"\r\n",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"get / http/1.1\r\n\r\n", b"GET http://evil.example/ HTTP/1.1\r\n" + head + b"\r\n",
        ]
        for request in requests:
            with socket.create_connection(("127.0.0.1", system.port), timeout=60) as wire:
                try:
                    wire.sendall(request)
                    wire.shutdown(socket.SHUT_WR)
                    answer = wire.recv(65_536)
                except (ConnectionError, socket.timeout):
                    answer = b""
                assert not re.match(rb"HTTP/1\.1 5(?!0[15])", answer), (request[:80], answer[:200])
                assert b"root:" not in answer and b"swift-tools-version" not in answer
        assert system.is_running() and boss.get("/me").status == 200

    def test_a_broken_chunk(self, system, boss):
        with socket.create_connection(("127.0.0.1", system.port), timeout=60) as wire:
            wire.sendall(f"POST /api/v1/customers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {boss.token}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".encode())
            assert not wire.recv(4096).startswith(b"HTTP/1.1 5")

    def test_files_beside_the_pages(self, system):
        for path in ("/.git/config", "/.env", "/zhike.db", "/zhike.key", "/server.json", "/debug", "/backup.zip", "/assets/", "/assets/x/", "/robots.txt~", "/../zhike.key", "/data/zhike.db"):
            answer = system.api().raw("GET", path)
            assert answer.status in (302, 303, 401, 403, 404) or answer.status == 400, (path, answer)
