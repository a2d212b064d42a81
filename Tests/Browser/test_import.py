"""Real and realistic spreadsheets (`shared/fixtures/import`): by command line, through the running server, over REST; again; and taken back."""
import csv
import io
import json
import os

import pytest
from zhike import Web

CDNOW = ["--into", "orders", "--map", "订单号=no", "--map", "客户编号=customer.code", "--map", "下单日期=ordered_on", "--map", "金额=amount", "--set", "customer.name=顾客 {客户编号}", "--set", "customer.source=import",
         "--match", "no,customer.code", "--create-linked", "--json"]
MAPPING = {"columns": {"订单号": "no", "客户编号": "customer.code", "下单日期": "ordered_on", "金额": "amount"}, "set": {"customer.name": "顾客 {客户编号}", "customer.source": "import"}}


def parsed(done) -> dict:
    assert done.returncode == 0, (done.stdout[-500:], done.stderr[-1500:])
    return json.loads(done.stdout.strip().splitlines()[-1])


def start_import(api, path, file, name="表格.csv", **fields):
    answer = api.upload(path, file, name, **fields)
    assert answer.status == 202, answer
    job = api.wait(answer.json)
    assert job["status"] == "done", job
    return job


def revert(api, job: dict):
    answer = api.post(f"/jobs/{job['id']}/revert")
    assert answer.status in (200, 202), answer
    if answer.status == 202:
        undone = api.wait(answer.json)
        assert undone["status"] == "done", undone


@pytest.fixture(scope="module")
def imported(farm, backend, fixtures):
    server = farm.system(backend, "cdnow").add_admin()
    server.result = parsed(server.zhike("import", fixtures / "purchases_cdnow.csv", *CDNOW))
    return server


@pytest.fixture(scope="module")
def expected(fixtures):
    return json.loads((fixtures / "customers.expected.json").read_text())


@pytest.fixture(scope="module")
def api(farm):
    """A server that gets all the hostile sheets."""
    return farm.system(name="hostile").add_admin().start().log_in()


class TestPurchases:
    """69,659 real orders of 23,570 customers."""

    def test_one_command(self, imported):
        result = imported.result
        assert set(result) >= {"job", "rows", "created", "updated", "unchanged", "rejected", "rejected_rows", "seconds"}
        assert result["rows"] == 69_659 and result["created"] == {"customers": 23_570, "orders": 69_659}
        assert result["rejected"] == 0 and result["rejected_rows"] == []

    def test_a_second_run_changes_nothing(self, imported, fixtures):
        result = parsed(imported.zhike("import", fixtures / "purchases_cdnow.csv", *CDNOW))
        assert result["created"] in ({}, {"customers": 0, "orders": 0}) and result["updated"] in ({}, {"customers": 0, "orders": 0})
        assert result["unchanged"] == {"customers": 23_570, "orders": 69_659} and result["rejected"] == 0

    def test_all_is_there(self, imported):
        imported.start()
        api = imported.log_in()
        export = api.get("/orders/export", format="jsonl", fields="no,amount_cents,customer.code")
        orders = [json.loads(line) for line in export.text.splitlines()]
        assert len(orders) == 69_659 and len({order["no"] for order in orders}) == 69_659
        assert sum(order["amount_cents"] for order in orders) == 250_031_563
        assert sum(order["amount_cents"] == 0 for order in orders) == 80
        assert len({order.get("customer.code") or order["customer_id.code"] for order in orders}) == 23_570
        page = api.list("customers", limit=1)
        assert page["count"] in (23_570, 10_000) and (page["count"] == 23_570 or page["count_capped"])
        names = api.get("/customers/export", format="csv", fields="code,name,source")
        rows = list(csv.reader(io.StringIO(names.body.decode("utf-8-sig"))))[1:]
        # A number that a spreadsheet would round or shorten has a tab behind it.
        assert len(rows) == 23_570 and ["00001", "顾客 00001", "导入"] in [[cell.strip() for cell in row] for row in rows]
        one = api.list("customers", {"code": "00003"})["items"][0]
        assert one["order_count"] == 6 and one["order_amount_cents"] == 2076 + 2076 + 1954 + 5745 + 2096 + 1699
        assert one["first_purchase_at"] == "1997-01-02" and one["last_purchase_at"] == "1998-05-28"
        # What was imported keeps its place in search.
        assert "00003" in [row["code"] for row in api.list("customers", q="顾客 00003")["items"]]
        assert imported.stop() == 0


class TestImportAndRevert:
    """The first 6,000 rows (everything with ZHIKE_FULL=1) over REST, and back to an empty system."""

    def test_through_the_running_server(self, farm, backend, fixtures):
        server = farm.system(backend, "revert").add_admin().start()
        api = server.log_in()
        lines = (fixtures / "purchases_cdnow.csv").read_bytes().splitlines(keepends=True)
        lines = lines if os.environ.get("ZHIKE_FULL") else lines[:6001]
        rows = list(csv.DictReader(io.StringIO(b"".join(lines).decode())))
        fields = {"mapping": json.dumps(MAPPING), "match": "no,customer.code", "create_linked": "true"}

        dry = start_import(api, "/orders/import", b"".join(lines), **fields, dry_run="true")
        assert dry["result"]["created"]["orders"] == len(rows)
        assert api.count("orders") == 0 and api.count("customers") == 0, "a dry run writes nothing"

        job = start_import(api, "/orders/import", b"".join(lines), **fields)
        customers = len({row["客户编号"] for row in rows})
        assert job["result"]["created"] == {"customers": customers, "orders": len(rows)}
        assert api.count("orders") == len(rows) and api.count("customers") == customers
        again = start_import(api, "/orders/import", b"".join(lines), **fields)
        assert again["result"]["unchanged"] == {"customers": customers, "orders": len(rows)}

        revert(api, job)
        for entity in ("orders", "customers"):
            assert api.count(entity) == 0
            assert api.count(entity, deleted="true") == 0, "nothing is left in the bin either"
        assert api.get("/search", q="顾客").json["groups"] == []
        assert server.stop() == 0

    def test_what_the_command_line_imported_can_be_taken_back(self, farm, fixtures, tmp_path):
        (tmp_path / "a.csv").write_bytes(b"".join((fixtures / "purchases_cdnow.csv").read_bytes().splitlines(keepends=True)[:101]))
        server = farm.system(name="cli").add_admin()
        result = parsed(server.zhike("import", tmp_path / "a.csv", *CDNOW))
        assert isinstance(result["job"], int), "the import has a number by which it can be looked at and taken back"
        server.start()
        api = server.log_in()
        revert(api, {"id": result["job"]})
        assert api.count("orders") == api.count("customers") == 0

    def test_an_edited_record_survives_the_revert(self, farm):
        """Taking an import back does not throw away what people have done since."""
        server = farm.system(name="edited").add_admin().start()
        api = server.log_in()
        job = start_import(api, "/customers/import", "客户名称,客户类型\n甲公司,单位\n乙公司,单位\n".encode(), match="name")
        one = api.list("customers", {"name": "甲公司"})["items"][0]
        api.patch(f"/customers/{one['id']}", {"remark": "已经谈过"})
        answer = api.post(f"/jobs/{job['id']}/revert")
        report = api.wait(answer.json)["result"] if answer.status == 202 else answer.json
        left = [row["name"] for row in api.walk("customers")]
        assert "乙公司" not in left
        assert left == ["甲公司"] and "甲公司" in json.dumps(report, ensure_ascii=False) or left == [], (left, report)


class TestOfficeSheet:
    """The 3,000 rows of an office: five date styles, phones in every spelling, formulas, scripts, repeats."""

    REASONS = {"生日": "date_invalid", "建档日期": "date_invalid", "手机号码": "mobile_invalid", "客户名称": "name_missing", "客户类型": "type_unknown"}

    def check(self, result: dict, api, expected: dict):
        assert result["rows"] == expected["rows"]
        assert result["rejected"] == expected["rejected_rows"] == len(result["rejected_rows"])
        lines = {}
        for row in result["rejected_rows"]:
            assert row["reason"], row
            lines.setdefault(self.REASONS[row["column"]], []).append(row["line"])
        assert {reason: sorted(found) for reason, found in lines.items()} == expected["rejected_lines"]
        assert result["created"]["customers"] == expected["distinct_customers"]
        assert result["updated"].get("customers", 0) + result["unchanged"].get("customers", 0) <= expected["repeated_rows"]
        customers = list(api.walk("customers"))
        assert len(customers) == expected["distinct_customers"]
        types = {}
        for row in customers:
            types[row["type"]] = types.get(row["type"], 0) + 1
        assert types == expected["by_type"]
        by_key = {(row["name"], row["mobile"]): row for row in customers}
        for sample in expected["sample"]:
            row = by_key[sample["name"], sample["mobile"]]
            assert {name: row[name] for name in sample if name != "line"} == {name: value for name, value in sample.items() if name != "line"}
        assert all(row["source"] for row in customers) and not any(row["name"] != row["name"].strip() for row in customers)

    @pytest.mark.parametrize("file", ["customers.gb18030.csv", "customers.xlsx"])
    def test_command_line(self, farm, backend, fixtures, expected, file):
        server = farm.system(backend, "office").add_admin()
        result = parsed(server.zhike("import", fixtures / file, "--into", "customers", "--match", "mobile,name", "--mode", "both", "--json"))
        server.start()
        api = server.log_in()
        self.check(result, api, expected)
        # What looked like a formula leaves as text.
        export = csv.reader(io.StringIO(api.get("/customers/export", format="csv").body.decode("utf-8-sig")))
        assert not [cell for row in export for cell in row if cell[:1] in "=+-@＝＋－＠\t" and cell]
        assert server.stop() == 0

    @pytest.mark.parametrize("file", ["customers.gb18030.csv", "customers.xlsx"])
    def test_rest_and_the_rejected_rows(self, farm, fixtures, expected, file):
        server = farm.system(name="rest").add_admin().start()
        api = server.log_in()
        job = start_import(api, "/customers/import", (fixtures / file).read_bytes(), file, match="mobile,name", mode="both")
        self.check(job["result"], api, expected)
        rejected = list(csv.reader(io.StringIO(api.get(f"/jobs/{job['id']}/rejected").body.decode("utf-8-sig"))))
        assert len(rejected) == expected["rejected_rows"] + 1
        assert set(expected["columns"]) <= set(rejected[0]), "the rows come back as they were, so that they can be mended and sent again"
        web = Web(server.port).log_in()
        page = web.get(f"/jobs/{job['id']}")
        assert page.status == 200 and "117" in page.text
        revert(api, job)
        assert api.count("customers") == 0 and api.count("customers", deleted="true") == 0


class TestHostileSheets:
    CASES = {
        "empty": b"", "only a header": "客户名称\n".encode(), "binary": bytes(range(256)) * 40, "nul": "客户名称\n甲\0乙\n".encode(), "no header match": b"foo,bar\n1,2\n", "zip that is no sheet": b"PK\x03\x04" + b"\0" * 200, "truncated xlsx": None, "open quote": '客户名称,备注\n甲,"不闭合\n乙,丙\n'.encode(),
        "utf-16": "客户名称,客户类型\n甲公司,单位\n".encode("utf-16"), "many columns": (",".join(f"列{index}" for index in range(5000)) + "\n").encode(), "long cell": ("客户名称\n" + "长" * 3_000_000 + "\n").encode(), "old excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512,
        "ragged": "客户名称,客户类型\n甲,单位,多余,多余\n乙\n\n\n丙,单位\n".encode(), "same header twice": "客户名称,客户名称\n甲,乙\n".encode(),
    }

    @pytest.mark.parametrize("name", CASES)
    def test_told_not_crashed(self, api, fixtures, name):
        body = self.CASES[name] if self.CASES[name] is not None else (fixtures / "customers.xlsx").read_bytes()[:50_000]
        answer = api.upload("/customers/import", body, "表格.xlsx" if "xlsx" in name else "表格.csv")
        assert answer.status in (202, 400, 413, 415, 422), answer
        if answer.status == 202:
            job = api.wait(answer.json)
            assert job["status"] in ("done", "failed"), job
            assert job["status"] == "done" or job["error"] and "系统错误" not in job["error"], job
        assert api.get("/customers", limit=1).status == 200

    def test_a_spreadsheet_bomb(self, api):
        import zipfile
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr("xl/workbook.xml", '<workbook><sheets><sheet name="a" sheetId="1" r:id="rId1" xmlns:r="x"/></sheets></workbook>')
            archive.writestr("xl/worksheets/sheet1.xml", "<worksheet><sheetData>" + "<row><c t='inlineStr'><is><t>" + "A" * 300_000_000 + "</t></is></c></row></sheetData></worksheet>")
        answer = api.upload("/customers/import", packed.getvalue(), "炸弹.xlsx")
        if answer.status == 202:
            assert api.wait(answer.json)["status"] in ("failed", "done")
        else:
            assert answer.status in (400, 413, 415, 422), answer
        assert api.get("/customers", limit=1).status == 200

    def test_wrong_requests(self, api):
        for fields in ({"mapping": "{"}, {"mapping": "[]"}, {"mode": "nope"}, {"match": "nope"}, {"mapping": '{"客户名称":"nope"}'}, {"mapping": '{"没有这列":"name"}'}):
            answer = api.upload("/customers/import", "客户名称\n甲\n".encode(), **fields)
            if answer.status == 202:
                job = api.wait(answer.json)
                assert job["status"] == "failed" and job["error"], (fields, job)
            else:
                assert answer.status in (400, 422), (fields, answer)
        assert api.raw("POST", "/api/v1/customers/import", b"x", {"Content-Type": "text/csv"}).status in (400, 415, 422)
        assert api.post("/customers/import", {}).status in (400, 415, 422)
