"""Forms that help: where typing begins, what may be left out, what a product brings, what it all comes to."""
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chrome import PHONE, WIDTHS, customer, no_sideways_scroll, number, ready
from playwright.sync_api import expect

SMALL = (320, 700)


def choose(page, field, text: str):
    field.click()
    field.fill("")
    field.type(text)
    page.locator(".picklist [role=option]", has_text=text).first.click()


def test_typing_begins_in_the_first_field_and_the_form_asks_what_the_next_step_will(office, open_page):
    page = open_page("/leads/new")
    ready(page)
    expect(page.locator("#f-name")).to_be_focused()
    for name in ["mobile", "phone", "wechat", "email"]:
        expect(page.locator(f"#f-{name}")).to_be_visible()
    expect(page.locator(".field", has=page.locator("#f-mobile"))).to_contain_text("手机、电话、微信、邮箱至少填一项")
    page.goto(office.url + "/campaigns/new")
    expect(page.locator("label", has_text="目标人群")).to_be_visible()


def test_enter_never_takes_what_does_not_fit(office, open_page):
    page = open_page("/opportunities/new")
    ready(page)
    field = page.locator("[name=customer_id_text]")
    field.fill("")
    field.type(f"查无此人{next(number)}")
    expect(page.locator("#picker-1")).to_contain_text("没有匹配")
    field.press("Enter")
    expect(page).to_have_url(office.url + "/opportunities/new")
    expect(page.locator("[name=customer_id]")).to_have_value("")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_what_begins_with_the_words_comes_first(office, open_page):
    mark = f"序{next(number)}"
    later = customer(office, name=f"大{mark}号店")
    first = customer(office, name=f"{mark}号店")
    page = open_page("/opportunities/new")
    ready(page)
    page.locator("[name=customer_id_text]").type(mark)
    expect(page.locator(".picklist [role=option]").first).to_contain_text(first["name"])
    expect(page.locator(".picklist [role=option]").nth(1)).to_contain_text(later["name"])


@WIDTHS
def test_tomorrow_is_one_click_away(office, open_page, size):
    one = customer(office)
    page = open_page(f"/customers/{one['id']}", size=size)
    ready(page)
    composer = page.locator("form.composer").first
    composer.locator("textarea").fill("约了明天再谈")
    composer.get_by_role("button", name="明天").click()
    tomorrow = datetime.now(ZoneInfo("Asia/Shanghai")).date() + timedelta(days=1)
    expect(composer.locator("[name=next_at]")).to_have_value(f"{tomorrow.isoformat()}T10:00")
    save = composer.get_by_role("button", name="保存")
    save.scroll_into_view_if_needed()
    expect(save).to_be_in_viewport()
    save.click()
    expect(page.locator("#timeline")).to_contain_text("约了明天再谈")


def test_a_quote_knows_its_customer_and_works_itself_out(office, open_page):
    buyer = customer(office, type="person")
    product = office.boss.make("products", name=f"轿车{next(number)}", price_cents=100_000, cost_cents=80_000)
    deal = office.boss.make("opportunities", name=f"买车{next(number)}", customer_id=buyer["id"], amount_cents=200_000)
    page = open_page(f"/quotes/new?opportunity_id={deal['id']}")
    ready(page)
    expect(page.locator("[name=customer_id_text]")).to_have_value(buyer["name"])
    assert deal["customer_id"] == buyer["id"]
    lines = page.locator("[data-lines]")
    choose(page, lines.locator("[name='lines.0.product_id_text']"), product["name"])
    expect(lines.locator("[name='lines.0.product']")).to_have_attribute("placeholder", product["name"])
    expect(lines.locator("[name='lines.0.price_cents']")).to_have_attribute("placeholder", re.compile(r"^1,?000(\.00)?$"))
    lines.locator("[name='lines.0.quantity']").fill("2")
    expect(lines.locator("[data-out='lines.0.amount_cents']")).to_have_text(re.compile("2,000"))
    lines.locator("[name='lines.0.price_cents']").fill("900")
    expect(lines.locator("[data-out='lines.0.amount_cents']")).to_have_text(re.compile("1,800"))
    expect(lines.locator("[data-out='lines.0.discount_bp']")).to_have_text(re.compile("10"))
    expect(lines.locator("[data-sums]")).to_contain_text(re.compile("报价金额.*1,800"))
    page.get_by_role("button", name="保存", exact=True).click()
    ready(page)
    made = office.boss.list("quotes", {"opportunity_id": deal["id"]})["items"][0]
    assert (made["total_cents"], made["customer_id"]) == (180_000, buyer["id"])
    assert office.boss.list("quotes", {"customer_id": buyer["id"]})["count"] == 1, "working out saves nothing"


def test_what_is_missing_for_the_sum_is_said_where_it_would_stand(office, open_page):
    product = office.boss.make("products", name=f"垫子{next(number)}", price_cents=5_000)
    page = open_page("/quotes/new")
    ready(page)
    choose(page, page.locator("[name='lines.0.product_id_text']"), product["name"])
    expect(page.locator("[data-sums]")).to_contain_text("客户")


def test_typing_in_a_field_of_several_records_ticks_it(office, open_page):
    mark = f"批{next(number)}"
    for index in range(2):
        customer(office, name=f"{mark}客{index}")
    page = open_page(f"/customers?q={mark}")
    ready(page)
    for box in page.locator("tbody input[type=checkbox]").all():
        box.check()
    page.get_by_role("button", name="编辑字段").first.click()
    ready(page)
    row = page.locator("[data-set]", has=page.locator("[name=short_name]"))
    row.locator("[name=short_name]").fill("同名")
    expect(row.locator("[name=set]")).to_be_checked()


def test_lines_are_cards_on_a_phone_and_nothing_overlaps(office, open_page):
    for size in (PHONE, SMALL):
        for path in ("/quotes/new?full=1", "/leads/new?full=1", "/customers/new?full=1", "/orders/new", "/campaigns/new"):
            page = open_page(path, size=size)
            ready(page)
            no_sideways_scroll(page)
            boxes = page.evaluate("""() => [...document.querySelectorAll('form.form .field > :is(input, select, textarea, .picker, .affix), form.form .lines :is(input:not([type=hidden]), select)')]
                .filter(box => box.offsetParent).map(box => { const { left, top, right, bottom } = box.getBoundingClientRect(); return { name: box.name, left, top, right, bottom }; })""")
            over = [(one["name"], two["name"]) for index, one in enumerate(boxes) for two in boxes[index + 1:]
                    if one["left"] < two["right"] - 1 and two["left"] < one["right"] - 1 and one["top"] < two["bottom"] - 1 and two["top"] < one["bottom"] - 1]
            assert boxes and not over, (path, size, over[:5])
            assert all(box["right"] <= size[0] for box in boxes), (path, size)
            # A card's label stands above its own box, not under another's.
            out = page.evaluate("""() => [...document.querySelectorAll('form.form .lines tbody tr:first-child td')].filter(cell => {
                const box = cell.querySelector('input:not([type=hidden]), select'), { top, bottom } = cell.getBoundingClientRect();
                return box?.offsetParent && (box.getBoundingClientRect().bottom > bottom + 1 || box.getBoundingClientRect().top < top + 12);
            }).map(cell => cell.dataset.label)""")
            assert not out, (path, size, out)
            page.close()
