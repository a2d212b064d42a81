import os
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import zhike  # noqa: E402
from chrome import DESK, LAUNCH, PATIENCE, PHONE, hire, session, watch  # noqa: E402
from clock import pytest_configure  # noqa: E402, F401

BACKENDS = ["sqlite"] + (["postgres"] if os.environ.get("ZHIKE_TEST_POSTGRES") else [])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Fixtures can see at their end how the test went."""
    report = yield
    if call.when == "call":
        item.passed = report.passed
    return report


class Farm:
    """Makes systems on fresh folders and databases, and sees that all end well."""

    def __init__(self, folder: Path):
        self.folder, self.servers, self.databases, self.number = folder, [], [], 0

    def system(self, backend: str = "sqlite", name: str = "system") -> zhike.Server:
        self.number += 1
        database = None
        if backend == "postgres":
            database = zhike.PostgreSQL(os.environ["ZHIKE_TEST_POSTGRES"]).create()
            self.databases.append(database)
        server = zhike.Server(self.folder / f"{name}{self.number}", database)
        self.servers.append(server)
        return server

    def close(self) -> list:
        faults = []
        for server in self.servers:
            if server.process is None:
                continue
            if server.is_running():
                try:
                    if (code := server.stop()) != 0:
                        faults.append(f"{server.folder.name}: SIGTERM ended with {code}")
                except AssertionError as error:
                    faults.append(f"{server.folder.name}: {error}")
            faults += [f"{server.folder.name}: {line}" for line in server.log_text.splitlines() if re.search(r"Fatal error|Crash|request failed", line)]
        for database in self.databases:
            database.drop()
        return faults


@pytest.fixture(scope="session")
def farm(tmp_path_factory):
    farm = Farm(tmp_path_factory.mktemp("zhike"))
    yield farm
    faults = farm.close()
    assert not faults, "\n".join(faults)


@pytest.fixture(scope="session", params=BACKENDS)
def backend(request):
    return request.param


@pytest.fixture(scope="session")
def system(farm, backend):
    """A company with one administrator and nothing else, on each database."""
    return farm.system(backend, "contract").add_admin().start()


@pytest.fixture(scope="session")
def boss(system):
    return system.log_in()


@pytest.fixture(scope="session")
def demo(farm):
    """The demo company (SQLite); `demo.password` opens every demo login."""
    server = farm.system("sqlite", "demo")
    said = server.zhike("demo", check=True).stdout
    server.password = re.search(r"密码：(\S+?)（", said).group(1)
    return server.start()


@pytest.fixture(scope="session")
def fixtures():
    """The spreadsheets that are kept outside the repository."""
    folder = Path(os.environ.get("ZHIKE_FIXTURES") or zhike.ROOT.parent / "shared" / "fixtures") / "import"
    if not (folder / "purchases_cdnow.csv").exists():
        pytest.skip(f"no import fixtures in {folder} (ZHIKE_FIXTURES)")
    return folder


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as play:
        browser = play.chromium.launch(**LAUNCH)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def office(farm):
    """A system of each file's own, so that nobody else's records are in the way."""
    server = farm.system(name="office").add_admin().start()
    server.boss = server.log_in()
    server.cookies = session(server)
    return server


@pytest.fixture(scope="session")
def company(farm):
    """A small company with somebody in each role, whose days the walks of §4 are; one for all of them."""
    server = farm.system(name="company").add_admin().start()
    server.boss = server.log_in()
    server.cookies = session(server)
    server.people = hire(server, ["总经办", "客服中心", "销售一部", "市场部", "财务部"], [
        ("zong", "宗总", "gm", "总经办", None), ("ying", "应总监", "director", "总经办", "zong"),
        ("qin", "秦经理", "cs_mgr", "客服中心", "zong"), ("ke", "柯小敏", "followup", "客服中心", "qin"), ("hu", "胡静", "followup", "客服中心", "qin"),
        ("mei", "梅经理", "sales_mgr", "销售一部", "ying"), ("gu", "顾晓", "sales_consultant", "销售一部", "mei"), ("yu", "于航", "sales_consultant", "销售一部", "mei"),
        ("shi", "石市场", "marketing", "市场部", "ying"), ("cai", "蔡会计", "finance", "财务部", "zong")])
    return server


@pytest.fixture
def open_page(request, chromium, office):
    """Opens a page, logged in as the administrator unless told otherwise (`cookies`: somebody else's, or False), that is watched until the test ends: no console error, no failed request."""
    contexts = []

    def open_page(path="/", size=DESK, cookies=True, scripts=True, scheme="light"):
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, has_touch=size == PHONE, color_scheme=scheme, locale="zh-CN", timezone_id="Asia/Shanghai", java_script_enabled=scripts, reduced_motion="reduce")
        contexts.append(context)
        if cookies:
            context.add_cookies(office.cookies if cookies is True else cookies)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.watched = watch(page)
        if path is not None:
            page.goto(office.url + path)
        return page

    yield open_page
    faults = [fault for context in contexts for page in context.pages for fault in getattr(page, "watched", [])]
    for context in contexts:
        context.close()
    if getattr(request.node, "passed", False):
        assert not faults, "\n".join(faults)
