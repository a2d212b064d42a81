"""A car dealer's months with the program, told through its REST interface and its pages: a few records of everything, by several people."""
import http.client
import json
import re
import secrets
import urllib.parse
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import zhike
from zhike import PASSWORD, Answer, Api, Web

CITIES = ["杭州市", "宁波市", "绍兴市", "嘉兴市"]
SOURCES = ["walk_in", "phone_in", "website", "short_video", "moments"]


class Told(AssertionError):
    pass


class Company:
    def __init__(self, server: zhike.Server):
        self.server, self.ids, self.made, self.people = server, {}, {}, {}

    # --- What callers need.

    def enter(self, moment: datetime):
        """A server has started, and it is this time for it."""
        self.now = moment
        self.boss = self.server.log_in()
        self.web = Web(self.server.port).log_in()
        self.people = {}

    def by(self, name: str | None) -> Api:
        if name is None:
            return self.boss
        if name not in self.people:
            self.people[name] = self.server.log_in(name, password(name))
        return self.people[name]

    def on(self, days: int) -> str:
        return (self.now + timedelta(days=days)).strftime("%Y-%m-%d")

    def at(self, days: int, hour: int = 10) -> str:
        moment = (self.now + timedelta(days=days)).replace(hour=hour, minute=0)
        return moment.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ")

    def make(self, entity: str, /, by: str | None = None, **fields) -> int:
        answer = self.by(by).post(f"/{entity}", {name: value for name, value in fields.items() if value is not None})
        if answer.status != 201:
            raise Told(f"{entity} {fields}: {answer}")
        self.made.setdefault(entity, []).append(answer.json["id"])
        return answer.json["id"]

    def do(self, entity: str, id: int, action: str, /, by: str | None = None, status: tuple = (200,), **given) -> Answer:
        answer = self.by(by).post(f"/{entity}/{id}/actions/{action}", given)
        if answer.status not in status:
            raise Told(f"{entity} {id} {action} {given}: {answer}")
        return answer

    def change(self, entity: str, id: int, /, by: str | None = None, **fields):
        answer = self.by(by).patch(f"/{entity}/{id}", fields)
        if answer.status != 200:
            raise Told(f"{entity} {id} {fields}: {answer}")

    def found(self, entity: str, /, **filters) -> dict:
        items = self.boss.list(entity, filters)["items"]
        if not items:
            raise Told(f"no {entity} with {filters}")
        return items[0]

    def agree(self, entity: str, id: int):
        """Whoever is asked about a record says yes, one after the other."""
        for _ in range(4):
            pending = self.boss.list("approvals", {"entity": entity, "record_id": id, "status": "pending"})["items"]
            if not pending:
                return
            names = {user: name for name, user in self.ids["users"].items()}
            asked = [names[user] for user in pending[0]["approver_ids"] if user in names]
            self.do("approvals", pending[0]["id"], "approve", by=asked[0] if asked else None, reason="同意")

    def seller(self, number: int) -> int:
        return self.ids["users"][["zhaoqi", "sunhe"][number % 2]]

    def send(self, path: str, fields: dict | list) -> Answer:
        """A form of a page: what is right is answered by going on to the next page."""
        answer = self.web.post(path, fields, follow=False)
        if answer.status not in (200, 303):
            problems = re.sub(r"<[^>]+>|\s+", " ", "".join(re.findall(r'class="(?:alert|fault|err)[^"]*"[^>]*>.*?</', answer.text, re.S)))
            raise Told(f"{path} {fields}: {answer.status} {problems[:400]}")
        return answer

    def attach(self, entity: str, id: int, name: str, content: bytes):
        boundary = "zhike" + secrets.token_hex(8)
        body = f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode() + content + f"\r\n--{boundary}--\r\n".encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        cookies = "; ".join(f"{name}={value}" for name, value in self.web.cookies.items())
        connection.request("POST", f"/{entity}/{id}/files", body, {"Content-Type": f"multipart/form-data; boundary={boundary}", "Cookie": cookies, "X-CSRF-Token": self.web.csrf})
        answer = connection.getresponse()
        said = answer.read().decode("utf-8", "replace")
        if answer.status != 303:
            raise Told(f"a file beside {entity} {id}: {answer.status} {said[:300]}")

    # --- The first month: the house is set up, the first customers come.

    def first_month(self):
        self.organise()
        self.make_own_fields()
        self.keep_catalogue()
        self.set_rules()
        self.meet_customers()

    def organise(self):
        self.send("/settings/company", {"name": "江南虚构汽车", "phone": "0571-00000000", "address": "杭州市虚构路 1 号"})
        head = self.make("departments", name="总部", kind="company", code="HQ")
        shop = self.make("departments", name="城西店", kind="store", parent_id=head, code="WEST")
        sales = self.make("departments", name="销售组", kind="department", parent_id=shop)
        care = self.make("departments", name="客服组", kind="department", parent_id=shop)
        self.ids["departments"] = {"head": head, "shop": shop, "sales": sales, "care": care}
        everything = {"read": "all", "create": True, "update": "own", "export": "none"}
        self.make("roles", code="phone_desk", name="电话专员", description="只打电话", permissions={"customers": everything, "interactions": everything, "leads": everything, "orders": {"read": "all"}}, fields={"customers.id_no": "hidden", "customers.wechat": "masked"})
        self.ids["users"] = {}
        for name, label, role, department, manager in [
            ("chenyu", "陈雨", "gm", head, None), ("linmo", "林墨", "sales_mgr", shop, "chenyu"), ("zhaoqi", "赵奇", "sales_consultant", sales, "linmo"),
            ("sunhe", "孙禾", "sales_consultant", sales, "linmo"), ("wuke", "吴可", "cs_mgr", care, "chenyu"), ("hexi", "何西", "phone_desk", care, "wuke")]:
            self.ids["users"][name] = self.make("users", username=name, name=label, password=password(name), roles=[role], department_id=department, manager_id=manager and self.ids["users"][manager])
        self.change("departments", shop, manager_id=self.ids["users"]["linmo"])
        self.tags = [self.make("tags", name=name, tone=tone) for name, tone in [("老客户", "ok"), ("试驾", "accent"), ("易流失", "warn")]]

    def make_own_fields(self):
        """The company's own fields and its own entity."""
        for entity, fields in {
            "customers": [
                {"kind": "choice", "name": "x_club", "label": "车友会", "s_options": "gold=金卡\nsilver=银卡\nnone=未入会", "is_in_list": "true"},
                {"kind": "text", "name": "x_hobby_note", "label": "兴趣备注", "is_searchable": "true"},
                {"kind": "money", "name": "x_trade_in", "label": "旧车估值"},
                {"kind": "link", "name": "x_friend", "label": "介绍他的客户", "s_target": "customers"}],
            "orders": [
                {"kind": "plate", "name": "x_plate", "label": "上牌号"}, {"kind": "day", "name": "x_handover", "label": "约定交车日", "is_in_list": "true"},
                {"kind": "choices", "name": "x_gifts", "label": "赠品", "s_options": "mat=脚垫\nfilm=贴膜\ncharger=充电桩"},
                {"kind": "auto_number", "name": "x_paper", "label": "纸质单号", "s_pattern": "PAP-{yyyy}-{####}"}],
            "complaints": [{"kind": "yes_no", "name": "x_public", "label": "已被媒体报道"}, {"kind": "bank_account", "name": "x_account", "label": "退款账号"}, {"kind": "score", "name": "x_heat", "label": "舆情热度", "s_minimum": "0", "s_maximum": "10"}],
        }.items():
            for field in fields:
                self.send(f"/settings/fields/{entity}", field)
        self.send("/settings/fields/customers", {"kind": "text", "name": "x_old", "label": "旧编号"})
        self.send("/settings/entities", {"label": "展车", "name": "show_cars", "english": "Show cars", "icon": "car", "menu": "销售", "is_owned": "true"})
        for field in [
            {"kind": "link", "name": "x_order", "label": "售出订单", "s_target": "orders", "is_in_list": "true"}, {"kind": "vin", "name": "x_vin", "label": "车架号", "s_blocks_wrong_check_digit": "false"},
            {"kind": "decimal", "name": "x_mileage", "label": "里程（千公里）", "s_scale": "1"}, {"kind": "links", "name": "x_visitors", "label": "试驾过的客户", "s_target": "customers"}]:
            self.send("/settings/fields/show_cars", field)

    def keep_catalogue(self):
        kinds = [self.make("product_categories", name=name, code=code) for name, code in [("整车", "CAR"), ("精品", "GEAR"), ("服务", "SERVICE")]]
        self.products = [self.make("products", name=name, price_cents=price, cost_cents=price * 8 // 10, category_id=kinds[kind], unit=unit, is_service=kind == 2) for name, price, kind, unit in [
            ("虚构 S5", 11_980_000, 0, "台"), ("虚构 S7", 16_980_000, 0, "台"), ("行车记录仪", 89_900, 1, "个"), ("全车贴膜", 320_000, 1, "套"), ("三年保养", 680_000, 2, "份")]]
        self.make("price_books", name="团购价", channel="fleet", valid_from=self.on(0), lines=[{"product_id": self.products[0], "min_quantity": 3, "price_cents": 11_500_000}])
        self.competitors = [self.make("competitors", name=name, strengths="价格低", weaknesses="服务少") for name in ("对手甲", "对手乙")]
        colours = self.make("dictionaries", code="colours", name="车身颜色")
        for place, (code, label) in enumerate([("white", "珍珠白"), ("blue", "海湾蓝")]):
            self.make("dictionary_items", dictionary_id=colours, code=code, label=label, position=place)
        self.make("calendar_days", name="店庆休息", day=self.on(20), kind="holiday")
        self.make("articles", title="首次保养说明", content="五千公里或六个月。", category="maintenance")
        self.make("scripts", title="回访开场白", content="您好，这里是江南虚构汽车。", scene="follow_up")
        self.make("announcements", title="试运行开始", content="请大家把客户都记进来。", category="notice", needs_receipt=True)
        self.make("message_opt_outs", address="nobody@example.com", remark="不再接收")

    def set_rules(self):
        for name, value in [("customers.active_days", "120"), ("customers.stale_months", "6"), ("quotes.valid_days", "10"), ("service.reopen_days", "20")]:
            self.send(f"/settings/parameters/{name}", {"value": value, "reason": "按本店习惯"})
        users = self.ids["users"]
        self.make("approval_flows", name="大额订单审批", entity="orders", trigger="action", action="approve", is_active=True, amount_field="amount_cents", condition={"field": "amount_cents", "op": "gt", "values": [30_000_000]},
                  steps=[{"name": "店长", "approver": "users", "user_ids": [users["linmo"]], "mode": "any", "position": 0}, {"name": "总经理", "approver": "role", "role_id": self.found("roles", code="gm")["id"], "mode": "any", "position": 1}])
        self.make("automation_rules", name="新线索通知上级", entity="leads", trigger="created", is_active=True, steps=[{"kind": "notify", "target": "superior", "content": "新的线索：{name}"}])
        self.make("automation_rules", name="投诉建任务", entity="complaints", trigger="created", is_active=True, steps=[{"kind": "create", "target": "tasks", "content": "title=查看投诉 {subject}\ncustomer_id={customer_id}\ndue_at=today+1"}])
        self.channel = self.make("message_channels", name="客服邮箱", kind="email", host="mail.example.com", port=587, username="care", secret="fictional-secret", from_address="care@example.com", is_active=False)
        self.letter = self.make("message_templates", name="订单确认", entity="orders", kind="email", purpose="service", channel_id=self.channel, subject="订单 {no}", text="您的订单 {no} 已确认。", is_active=True)
        self.make("lead_forms", name="官网留资", code="web-2026", consent_text="同意联系我", source="website", thanks_text="谢谢")
        self.make("lead_assignment_rules", name="轮流分配", method="turn", user_ids=[users["zhaoqi"], users["sunhe"]], condition={"field": "source", "op": "eq", "values": ["website"]})
        self.make("recall_rules", name="线索九十天未联系", object="leads", basis="no_contact", days=90, warn_days=7, for_department_id=self.ids["departments"]["shop"])
        self.make("approval_delegations", by="linmo", name="出差", delegate_id=users["zhaoqi"], **{"from": self.on(3), "until": self.on(6)})
        self.make("sales_targets", name="城西店", scope="department", for_department_id=self.ids["departments"]["shop"], metric="orders", month=self.on(0)[:8] + "01", target_cents=500_000_000)
        made = self.send("/settings/webhooks", {"name": "ERP", "url": "https://erp.example.com/hook", "events": "orders.created"})
        hook = re.search(r"/settings/webhooks/(\d+)/", made.text)[1]
        self.send(f"/settings/webhooks/{hook}/off", {})

    def meet_customers(self):
        self.customers, self.contacts = [], []
        for number in range(24):
            is_company = number % 3 == 0
            self.customers.append(self.make(
                "customers", by=["zhaoqi", "sunhe"][number % 2], name=f"{'虚构公司' if is_company else '虚构客户'}{number + 1:02}", type="company" if is_company else "person", source=SOURCES[number % 5], city=CITIES[number % 4],
                mobile=f"199000001{number:02}", wechat=f"wx_fiction_{number}", remark=f"第 {number + 1} 位：“引号”、\n换行与 emoji 🚗", email=f"c{number}@example.com", tags=[self.tags[number % 3]] if number % 2 else [],
                birthday=f"198{number % 10}-0{number % 9 + 1}-15" if not is_company else None,                 x_club=["gold", "silver", "none"][number % 3], x_hobby_note=f"喜欢钓鱼 {number}", x_trade_in=number * 1_000_050, x_friend=self.customers[number - 2] if number in (4, 5) else None, x_old=f"OLD{number}"))
        self.change("customers", self.customers[1], id_type="passport", id_no="E00000000")
        self.change("customers", self.customers[0], supply_price_cents=12_345)
        for number, customer in enumerate(self.customers[:16]):
            self.contacts.append(self.make("contacts", customer_id=customer, owner_id=self.seller(number), name=f"联系人{number + 1:02}", role=["decision", "user", "finance"][number % 3], mobile=f"199000002{number:02}", is_primary=True, consent=["call", "wechat"] if number % 2 else []))
        self.send("/settings/fields/customers/x_old/retire", {})
        self.make("contact_groups", name="VIP 联系人", kind="static", member_ids=self.contacts[:4], purpose="节日问候")
        self.make("contact_groups", name="杭州客户的联系人", kind="dynamic", condition={"field": "role", "op": "eq", "values": ["decision"]})
        self.make("special_dates", customer_id=self.customers[1], contact_id=self.contacts[1], title="结婚纪念日", day="2015-10-01", calendar="solar", repeats=True, remind_days=3)
        self.make("special_dates", customer_id=self.customers[2], title="农历生日", day="1985-03-08", calendar="lunar", repeats=True, remind_days=7)
        self.campaigns = [self.make(
            "campaigns", name=name, type=kind, start_on=self.on(5), end_on=self.on(40), summary="金秋到店有礼", goals=[{"metric": "leads", "target": 20, "due_on": self.on(40)}],
            costs=[{"category": "media", "name": "线上投放", "planned_cents": 200_000}], channels=[{"name": "短视频", "code": f"vid-{place}"}], team=[{"user_id": self.ids["users"]["linmo"], "role": "总负责"}])
            for place, (name, kind) in enumerate([("金秋试驾", "testdrive"), ("会员日", "member_day")])]
        self.leads = [self.make("leads", owner_id=self.seller(number), name=f"虚构线索{number + 1:02}", company=f"虚构企业{number}" if number % 4 == 0 else None, mobile=f"199000003{number:02}", source=SOURCES[number % 5], level=["H", "A", "B", "C"][number % 4],
                                interest="虚构 S7", buy_within="month", budget_cents=15_000_000, campaign_id=self.campaigns[number % 2] if number % 3 else None, product_id=self.products[number % 2], tags=[self.tags[1]] if number % 5 == 0 else []) for number in range(18)]

    # --- The second month: talks, offers and orders.

    def second_month(self):
        for number, lead in enumerate(self.leads):
            self.make("interactions", by=["zhaoqi", "sunhe"][number % 2], lead_id=lead, subject=f"首次联系 {number + 1}", channel="phone", direction="out", happened_at=self.at(0, 8), content="已加微信")
        for number, lead in enumerate(self.leads[:10]):
            self.step_lead(lead, number)
        for number in range(20):
            self.make("interactions", by=["zhaoqi", "sunhe"][number % 2], customer_id=self.customers[number], contact_id=self.contacts[number] if number < 16 else None, subject=f"到店 {number + 1}", channel="counter", direction="in", happened_at=self.at(0, 8), content="看了两款车", satisfaction=number % 5 + 1, duration_minutes=30)
        self.opportunities = [self.make(
            "opportunities", by=["zhaoqi", "sunhe"][number % 2], customer_id=self.customers[number], contact_id=self.contacts[number], name=f"购车意向 {number + 1}", amount_cents=12_000_000 + number * 100_000, expected_close_on=self.on(30),
            level="A", requirement="七座", buy_within="month", competitor_ids=self.competitors[:number % 3], chain=[{"contact_id": self.contacts[number], "role": "decision", "attitude": "champion"}]) for number in range(10)]
        for number, opportunity in enumerate(self.opportunities):
            self.make("interactions", customer_id=self.customers[number], opportunity_id=opportunity, subject="谈价格", channel="wechat", direction="in", happened_at=self.at(0, 8), content="希望再优惠")
            self.make("tasks", title=f"报价 {number + 1}", opportunity_id=opportunity, customer_id=self.customers[number], due_at=self.at(3), kind="follow_up")
            for _ in range(number % 3):
                self.do("opportunities", opportunity, "advance", status=(200, 409, 422))
        self.do("opportunities", self.opportunities[8], "lose", by="zhaoqi", status=(202,), loss_reason="price", loss_note="预算不足", loss_competitor="对手甲")
        for number, lead in enumerate(self.leads[10:16]):
            self.make("tasks", title=f"跟进线索 {number + 1}", lead_id=lead, due_at=self.at(2), priority="high", remind_at=self.at(1))
        for campaign in self.campaigns:
            self.make("tasks", title="布置会场", campaign_id=campaign, due_at=self.at(4), content="横幅与茶点")
        self.offer()
        self.order()
        self.hold_campaigns()

    def step_lead(self, lead: int, number: int):
        steps = {0: ["contact", "qualify", "convert"], 1: ["contact", "qualify", "convert"], 2: ["contact", "qualify"], 3: ["contact"], 6: ["contact", "lose"], 5: ["contact", "invalidate"], 4: ["contact", "qualify", "convert"], 7: ["release"]}.get(number, [])
        given = {"lose": {"loss_reason": "competitor", "loss_competitor": "对手乙"}, "invalidate": {"invalid_reason": "no_intent"}, "release": {"reason": "转给同事"}, "convert": {"with_opportunity": number != 4, "amount_cents": 13_000_000}}
        self.do("leads", lead, "assign", owner_id=self.seller(number))
        for step in steps:
            self.do("leads", lead, step, by="zhaoqi" if step == "lose" else None, status=(200, 202), **given.get(step, {}))
        self.agree("leads", lead)

    def offer(self):
        self.quotes = [self.make(
            "quotes", customer_id=self.customers[number], opportunity_id=self.opportunities[number], contact_id=self.contacts[number], terms="定金三成",
            lines=[{"product_id": self.products[number % 2], "quantity": 1}, {"product_id": self.products[2], "quantity": 2}]) for number in range(6)]
        for quote in self.quotes[:4]:
            for step in ("confirm", "send"):
                self.do("quotes", quote, step, status=(200, 202))
                self.agree("quotes", quote)
        self.do("quotes", self.quotes[0], "accept")
        self.do("quotes", self.quotes[1], "accept")
        self.do("quotes", self.quotes[0], "to_order")
        self.do("quotes", self.quotes[1], "to_contract")
        self.do("quotes", self.quotes[2], "revise", status=(200, 201, 409))
        self.do("quotes", self.quotes[5], "cancel", reason="客户改主意")
        self.contracts = [self.make(
            "contracts", owner_id=self.seller(number), customer_id=self.customers[number], name=f"购车合同 {number + 1}", type="sale", amount_cents=20_000_000, signed_on=self.on(0), from_on=self.on(0), to_on=self.on(365),
            plan=[{"name": "定金", "part_bp": 3000, "after_days": 0}, {"name": "尾款", "part_bp": 7000, "after_days": 30}]) for number in (0, 3, 6)]
        for contract in self.contracts[:2]:
            self.do("contracts", contract, "submit", status=(200, 202))
            self.agree("contracts", contract)
        self.make("contract_amendments", contract_id=self.contracts[0], reason="增加精品", new_amount_cents=20_500_000, due_on=self.on(20))
        self.make("credit_accounts", customer_id=self.customers[0], limit_cents=50_000_000, term_days=30, score_character=22, score_capacity=20, score_capital=15, score_collateral=10, score_conditions=12)
        self.make("invoice_titles", customer_id=self.customers[0], name="虚构公司01", kind="normal", is_default=True)

    def order(self):
        self.orders = []
        for number in range(16):
            customer = self.customers[number % 12]
            lines = [{"product_id": self.products[number % 2], "quantity": 1}, {"product_id": self.products[2 + number % 3], "quantity": number % 3 + 1}] if number % 4 else None
            self.orders.append(self.make(
                "orders", by=["zhaoqi", "sunhe"][number % 2], customer_id=customer, channel="shop", ordered_on=self.on(-number % 9 - 9), amount_cents=None if lines else 8_800_000 + number, lines=lines, remark=f"备注 {number}",
                contract_id=self.contracts[0] if number == 0 else None, x_plate="浙A12345" if number % 3 == 0 else None, x_handover=self.on(number), x_gifts=["mat", "film"][:number % 3]))
        for number, order in enumerate(self.orders):
            for step in ["approve", "ship", "settle", "close"][:number % 5]:
                if self.do("orders", order, step, status=(200, 202, 409)).status != 200:
                    break
        big = self.make("orders", by="zhaoqi", customer_id=self.customers[0], channel="fleet", lines=[{"product_id": self.products[0], "quantity": 5}])
        self.waiting = big
        self.do("orders", big, "approve", by="linmo", status=(202,))
        other = self.make("orders", by="sunhe", customer_id=self.customers[3], channel="fleet", lines=[{"product_id": self.products[1], "quantity": 3}])
        self.do("orders", self.orders[15], "cancel", reason="资金不到位", status=(200, 409))
        self.orders += [big, other]
        self.cars = [self.make("show_cars", name=f"展车 {number + 1}", x_order=self.orders[number] if number < 4 else None, x_vin=f"LSVAA00000000000{number}", x_mileage=number + 0.5, x_visitors=self.customers[:number]) for number in range(6)]

    def hold_campaigns(self):
        people = [self.make("campaign_people", campaign_id=self.campaigns[number % 2], contact_id=contact, remark="电话邀约") for number, contact in enumerate(self.contacts[:10])]
        for number, one in enumerate(people):
            for step in ["invite", "sign_up", "check_in"][:number % 4]:
                self.do("campaign_people", one, step)
        self.do("campaigns", self.campaigns[0], "submit", status=(200, 202))
        self.agree("campaigns", self.campaigns[0])
        self.do("campaigns", self.campaigns[0], "start", status=(200, 409))

    # --- The third month: money, service, complaints, questionnaires.

    def third_month(self):
        self.collect()
        self.serve()
        self.hear_complaints()
        self.ask()
        self.see()

    def collect(self):
        made = self.boss.list("receivables")["items"]
        self.receivables = [row["id"] for row in made] + [self.make("receivables", customer_id=self.customers[number], name=f"尾款 {number + 1}", amount_cents=1_000_000 + number, due_on=self.on(number * 5 - 10), order_id=self.orders[number]) for number in range(8)]
        for number in range(6):
            collection = self.make("collections", customer_id=self.customers[number], amount_cents=500_000 * (number % 3 + 1), method="transfer", planned_on=self.on(0), paid_on=self.on(0), payer=f"付款人{number}")
            if number < 4:
                self.do("collections", collection, "confirm")
            elif number == 4:
                self.do("collections", collection, "promise", planned_on=self.on(7), status=(200, 409))
        self.do("receivables", self.receivables[-1], "dispute", reason="对账不符")

    def serve(self):
        self.tickets = [self.make("tickets", customer_id=self.customers[number], contact_id=self.contacts[number], order_id=self.orders[number] if number % 2 == 0 else None, subject=f"咨询 {number + 1}", type=["consult", "repair", "appointment"][number % 3], priority=["P1", "P2", "P3"][number % 3], channel="phone", description="空调异响") for number in range(8)]
        for number, ticket in enumerate(self.tickets[:6]):
            self.do("tickets", ticket, "dispatch", owner_id=self.ids["users"]["wuke"])
            for step in ["accept", "resolve", "close"][:number % 4]:
                self.do("tickets", ticket, step, status=(200, 409), **({"resolution": "已更换滤芯"} if step == "resolve" else {}))
        for number in range(4):
            visit = self.make("receptions", visitor=f"访客{number + 1}", customer_id=self.customers[number] if number % 2 else None, people=2, purpose="purchase", queue_no=f"A{number}")
            if number < 3:
                self.do("receptions", visit, "serve", consultant_id=self.ids["users"]["zhaoqi"])
            if number < 2:
                self.do("receptions", visit, "finish", result="约了试驾")

    def hear_complaints(self):
        cause = self.boss.list("complaint_causes", {"parent_id][not_empty": ""})["items"][0]["id"]
        self.complaints = [self.make(
            "complaints", customer_id=self.customers[number], contact_id=self.contacts[number], order_id=self.orders[number] if number % 2 == 0 else None, ticket_id=self.tickets[number] if number == 1 else None, subject=f"交车延误 {number + 1}", content="晚了一周，没有人解释。", type="delivery",
            channel="phone", severity="mid", demand="赔偿", cause_id=cause, occurred_on=self.on(-3), x_public=number == 0, x_heat=number, x_account="6222020000000000000" if number == 2 else None) for number in range(7)]
        given = {"acknowledge": {"channel": "phone", "note": "已告知"}, "assess": {"level": "general", "owner_id": self.ids["users"]["wuke"], "handler_department_id": self.ids["departments"]["care"]}}
        for number, complaint in enumerate(self.complaints):
            for step in ["register", "acknowledge", "assess"][:number % 4]:
                self.do("complaints", complaint, step, **given.get(step, {}))
        self.do("complaints", self.complaints[3], "investigate", by="wuke", status=(200, 403, 404, 409))
        self.do("complaints", self.complaints[6], "ask_info", note="请补照片", status=(200, 409))
        improvement = self.make("improvements", title="交车前一天电话确认", kind="corrective", complaint_id=self.complaints[3], source="complaint", target="延误为零", root_cause="没有人负责", action="客服前一天打电话", due_at=self.at(30))
        self.do("improvements", improvement, "start")
        decision = self.make("decisions", title="设交车专员", improvement_id=improvement, data="七起延误", alternatives="维持现状", decision="设一名", target="延误为零", due_at=self.at(60))
        self.do("decisions", decision, "decide")

    def ask(self):
        questionnaire = self.make("questionnaires", name="展厅满意度", code="hall", intro="一分钟", thanks="谢谢", items=[
            {"text": "您有多大可能推荐我们？", "kind": "score10", "metric": "nps", "is_required": True}, {"text": "环境如何？", "kind": "score5", "metric": "csat"}, {"text": "还想说什么？", "kind": "text"}])
        self.do("questionnaires", questionnaire, "publish")
        survey = self.make("surveys", name="展厅扫码", questionnaire_id=questionnaire, code="hall-2026", channel="counter")
        self.do("surveys", survey, "start")
        guest = Web(self.server.port)
        for score in ("9", "6"):
            guest.get("/ask/hall-2026")
            page = guest.post("/ask/hall-2026", {})
            answers = dict(zip(re.findall(r'id="f-(q\d+)"', page.text), [score, "4", "茶很好喝"]))
            guest.post(re.search(r'action="(/answer/[^"]+)"', page.text)[1], {"page": "0"} | {f"q.{code}": given for code, given in answers.items()})
        self.make("questions", text="交车时讲解清楚吗？", kind="score5", metric="csat", scene="sale_3d")
        published = self.found("questionnaires", code="sale", status="published")["id"]
        plans = [self.make("follow_plans", title=f"交车三日回访 {number + 1}", customer_id=self.customers[number], scene="sale_3d", questionnaire_id=published if number else None, due_at=self.at(number - 2), max_attempts=3, retry_days=1) for number in range(6)]
        self.do("follow_plans", plans[0], "assign", owner_id=self.ids["users"]["wuke"], status=(200, 409))
        self.do("follow_plans", plans[0], "start", status=(200, 409))
        self.do("follow_plans", plans[1], "record", result="no_answer", note="无人接听", status=(200, 409))
        self.do("follow_plans", plans[0], "record", result="success", note="很满意", status=(200, 409, 422))
        self.do("follow_plans", plans[2], "skip", reason="客户在国外", status=(200, 409))

    def see(self):
        """How people look at it all: views, dashboards, reports, favourites, messages."""
        views = [
            ("customers", "大客户", "filter[order_amount_cents][gte]=10000000&sort=-order_amount_cents", "all"), ("customers", "金卡会员", "filter[x_club]=gold&columns=name,x_club,order_amount_cents", "me"),
            ("interactions", "线索的联系", "filter[lead_id][not_empty]=&sort=-happened_at", "all"), ("interactions", "高意向线索", "filter[lead.level]=H", "me"), ("interactions", "商机洽谈", "filter[opportunity_id][not_empty]=", "me"),
            ("tasks", "线索任务", "filter[lead_id][not_empty]=&filter[status]=open", "all"), ("tasks", "活动任务", "filter[campaign_id][not_empty]=", "me"), ("orders", "要交的车", "filter[status]=approved&sort=x_handover", "all"),
            ("leads", "活动带来的", "filter[campaign_id][not_empty]=", "me"), ("complaints", "与订单有关", "filter[order_id][not_empty]=", "all"), ("show_cars", "已售展车", "filter[x_order][not_empty]=", "me")]
        for entity, name, state, audience in views:
            self.send(f"/{entity}/views", {"name": name, "state": state, "audience": audience})
        desk = int(re.search(r"/dashboard/(\d+)", self.send("/dashboard", {"name": "经营一览"}).headers["location"])[1])
        for entity, title, question in [
            ("orders", "订单金额", "measure=sum:amount_cents"), ("orders", "各状态订单", "by=status&measure=count"), ("orders", "按月订单", "by=ordered_on:month&measure=sum:amount_cents&chart=line"), ("complaints", "投诉类型", "by=type&chart=donut"),
            ("complaints", "投诉状态", "by=status"), ("customers", "客户成交额", "by=source&measure=sum:order_amount_cents"), ("leads", "线索来源", "by=source&and=status&chart=heat"), ("show_cars", "展车", "by=created_at:month")]:
            self.send("/dashboard/add", {"dashboard": str(desk), "entity": entity, "title": title, "question": question, "width": "6"})
        report = re.search(r"/reports/(\d+)", self.send("/reports/add", {"name": "成交与投诉", "title": "订单渠道", "entity": "orders", "question": "by=channel&measure=sum:amount_cents", "time": "ordered_on"}).headers["location"])[1]
        for entity, title, question in [("complaints", "投诉来源", "by=channel"), ("customers", "车友会成交", "by=x_club&measure=sum:order_amount_cents")]:
            self.send("/reports/add", {"report": report, "title": title, "entity": entity, "question": question})
        self.dashboard, self.report = desk, int(report)
        self.send("/reports/new_customers/issue", {})
        self.make("report_schedules", name="每周新客", report="new_customers", every="weekly", weekday=1, hour=8, period="last_month", user_ids=[self.ids["users"]["chenyu"]])
        self.send("/me/preferences", [("language", "zh"), ("theme", "dark"), ("density", "compact"), ("notify", "assigned"), ("notify", "approval"), ("notify", "due")])
        self.token = re.search(r'id="shown-once"[^>]*value="([^"]+)"', self.send("/me/tokens", {"name": "官网对接", "days": "never", "scope": "write"}).text)[1]
        self.send("/me/calendar", {})
        for customer in self.customers[:3]:
            self.send(f"/customers/{customer}/follow", {})
        for entity, id, name, content in [
            ("customers", self.customers[0], "名片.txt", "虚构公司01，0571-00000000".encode()), ("orders", self.orders[0], "交车单.csv", "项目,结果\n漆面,好\n".encode()), ("complaints", self.complaints[0], "录音说明.txt", "客户口述".encode()),
            ("show_cars", self.cars[0], "照片.png", bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"))]:
            self.attach(entity, id, name, content)

    # --- The fourth month: second thoughts.

    def fourth_month(self):
        users = self.ids["users"]
        # Changed cell by cell, and one of them taken back.
        self.change("customers", self.customers[4], by="zhaoqi", short_name="虚构五", city="绍兴市", x_trade_in=7_777_777)
        cell = self.web.post(f"/customers/{self.customers[5]}/fields/short_name", {"short_name": "写错了", "_version": self.boss.read("customers", self.customers[5])["version"]}, headers={"HX-Request": "true"})
        operation = re.search(r"/undo/(\d+)", json.dumps(cell.headers))[1]
        undone = self.boss.post(f"/undo/{operation}")
        if undone.status not in (200, 202):
            raise Told(f"undo: {undone}")
        # The same customer twice, told apart too late.
        twin = self.make("customers", name="虚构客户 02", type="person", source="other", mobile="19900000999", x_club="gold")
        self.make("interactions", customer_id=twin, subject="重复录入的客户来电", channel="phone", direction="in", happened_at=self.at(0, 8))
        self.make("orders", customer_id=twin, amount_cents=99_900, channel="phone")
        merged = self.boss.post(f"/customers/{self.customers[1]}/merge", {"ids": [twin], "choices": {"x_club": twin}})
        if merged.status not in (200, 202):
            raise Told(f"merge: {merged}")
        # Thrown away; one of them comes back.
        for entity, id in [("customers", self.customers[22]), ("customers", self.customers[23]), ("leads", self.leads[16]), ("leads", self.leads[17]), ("interactions", self.made["interactions"][0]), ("tickets", self.tickets[7]), ("show_cars", self.cars[5])]:
            if (answer := self.boss.delete(f"/{entity}/{id}")).status != 204:
                raise Told(f"delete {entity} {id}: {answer}")
        self.boss.post(f"/customers/{self.customers[22]}/restore")
        # Many at once, and taken back at once.
        job = self.boss.post("/customers/bulk", {"ids": self.customers[8:12], "action": "update", "values": {"is_key": True}}).json
        self.boss.wait(job)
        job = self.boss.post("/customers/bulk", {"ids": self.customers[12:15], "action": "add_tags", "values": {"tags": [self.tags[0]]}}).json
        if self.boss.wait(job)["status"] == "done":
            self.boss.post(f"/jobs/{job['id']}/revert")
        sheet = "客户名称,类型,来源,城市,手机\n" + "".join(f"导入客户{number},单位,官网,杭州市,199000004{number:02}\n" for number in range(10))
        self.boss.wait(self.boss.upload("/customers/import", sheet.encode(), "客户.csv", match="name", mode="both").json)
        self.boss.post(f"/customers/{self.customers[0]}/shares", {"user_id": users["hexi"], "can_write": False, "until": self.on(30)})
        self.do("customers", self.customers[6], "assign", owner_id=users["sunhe"], reason="区域调整")
        self.do("customers", self.customers[7], "freeze", reason="失联", status=(200, 409))
        self.do("customers", self.customers[20], "release", reason="长期未跟进", status=(200, 409))
        self.boss.post(f"/customers/{self.customers[1]}/reveal", {"field": "id_no", "reason": "办理保险"})
        for number, task in enumerate(self.made["tasks"][:6]):
            self.do("tasks", task, "complete" if number % 2 else "postpone", **({"outcome": "已办"} if number % 2 else {"due_at": self.at(5), "reason": "客户改期"}))
        approval = self.boss.list("approvals", {"status": "pending"})["items"] or self.boss.list("approvals")["items"]
        for step in approval[:1]:
            self.do("approvals", step["id"], "approve", by="linmo", reason="同意", status=(200, 403, 404, 409))
        # Written and taken back: nothing leaves the house.
        self.change("message_channels", self.channel, is_active=True)
        self.do("orders", self.orders[1], "send_message", template_id=self.letter)
        self.do("messages", self.found("messages")["id"], "cancel", status=(200, 409))
        self.change("message_channels", self.channel, is_active=False)
        for entity, id in [("customers", self.customers[0]), ("orders", self.orders[0])]:
            self.web.get(f"/{entity}/{id}")
        self.change("roles", self.found("roles", code="phone_desk")["id"], description="打电话，也看订单")
        self.boss.wait(self.boss.post("/customers/duplicates/scan").json)


    # --- What a later program must still answer.

    def answers(self, database) -> dict:
        """Questions to the REST interface, with what this program says."""
        asked = [f"/{entity}?view={id}&fields=id&limit=500" for id, entity in map(json.loads, database.rows({"saved_views": ["id", "entity"]})["saved_views"])]
        asked += [f"/{entity}/stats?{question.replace('&chart=', '&_=').split('&_=')[0]}" for entity, question in map(json.loads, database.rows({"dashboard_tiles": ["entity", "question"]})["dashboard_tiles"])]
        asked += [f"/dashboards/{self.dashboard}?include=tiles", f"/saved_reports/{self.report}?include=parts", f"/orders/{self.orders[1]}?include=lines", f"/orders/{self.waiting}?include=lines", f"/quotes/{self.quotes[0]}?include=lines"]
        asked += [f"/customers/{id}?include=tags,contacts,x_friend" for id in (self.customers[0], self.customers[1], self.customers[4], self.customers[5])] + [f"/complaints/{id}" for id in self.complaints[:3]] + [f"/show_cars/{id}" for id in self.cars[:4]]
        asked += [f"/customers/{self.customers[4]}/timeline?limit=50", f"/orders/{self.orders[1]}/timeline?limit=50", "/customers?deleted=true&fields=id,name", "/customers?filter[any][1][x_club]=gold&filter[any][1][order_amount_cents][gte]=20000000&fields=id,name,order_amount_cents&sort=id",
                  "/interactions?filter[lead.level]=H&fields=id,lead_id&sort=id", "/tasks?filter[campaign_id][not_empty]=&fields=id,campaign_id&sort=id", "/complaints?filter[order.status]=closed&fields=id,order_id&sort=id", "/search?q=虚构五"]
        found = {}
        for path in asked:
            answer = self.boss.call("GET", urllib.parse.quote(path, safe="/?&=[]:.,-_%"))
            if answer.status != 200:
                raise Told(f"{path}: {answer}")
            found[path] = answer.json
        return found


def password(name: str) -> str:
    return PASSWORD + name
