"""Companies that older programs kept for months are taken over by this one: no row is lost or changed, and everything still answers (Fixtures/Upgrade)."""
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.parse
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import zhike
from zhike import Api, Web

FIXTURES = zhike.ROOT / "Tests" / "Fixtures" / "Upgrade"
sys.path.append(str(FIXTURES))
import contents  # noqa: E402

# What a log-in, or the minutes that pass, may add. Nothing else may be more than it was.
GROWS = {
    "audit_entries": "each log-in is written down", "audit_seals": "the entries are sealed every few minutes",
    "secrets": "a capability that is new since is noted as set up",
    "approval_flows": "what takes somebody's word is new since", "approval_steps": "whose word that is",
}


# How often the schedules of the queue were arranged: soon after a start, or not any more before a quick stop. The queue itself is left out for the same reason.
ARRANGED = '["job_schedules",'


@pytest.fixture(scope="module", params=sorted(path.parent.name for path in FIXTURES.glob("*/expected.json")))
def month(request):
    return request.param


@pytest.fixture(scope="module")
def clock(tmp_path_factory):
    """The library that moves a program's clock."""
    if shutil.which("cc") is None:
        pytest.skip("no C compiler for the clock (apt-get install gcc libc6-dev)")
    library = tmp_path_factory.mktemp("clock") / "clock.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", library, Path(__file__).parent / "faults" / "clock.c", "-ldl", "-lpthread"], check=True)
    return library


class Kept:
    """A company of a month as it was left: what is known of it, and copies of it to upgrade."""

    def __init__(self, month: str, backend: str, farm, clock):
        self.folder, self.backend, self.farm = FIXTURES / month, backend, farm
        self.expected = json.loads((self.folder / "expected.json").read_text("utf-8"))[backend]
        self.known = self.expected["known"]
        # Soon after it was left: no work of another day or hour is due, which would rightly change records.
        moment = datetime.fromisoformat(self.known["at"]).replace(tzinfo=ZoneInfo("Asia/Shanghai")) + timedelta(minutes=5)
        # Not the time of the tests' own clock, which may stand elsewhere.
        ours = int(os.environ.get("TEST_CLOCK_OFFSET", "0"))
        self.then = zhike.environment(LD_PRELOAD=str(clock), TEST_CLOCK_OFFSET=str(round(moment.timestamp() - time.time()) + ours))

    def copy(self) -> zhike.Server:
        server = self.farm.system(self.backend, "upgrade")
        shutil.copytree(self.folder / self.backend, server.folder)
        (server.folder / "zhike.key").chmod(0o600)
        server.folder.chmod(0o700)
        if server.database:
            dump = gzip.decompress((self.folder / "company.sql.gz").read_bytes())
            subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", server.database.url], input=dump, check=True, capture_output=True)
        else:
            (server.folder / "zhike.db").write_bytes(gzip.decompress((self.folder / "company.sqlite.gz").read_bytes()))
        return server

    def database(self, server: zhike.Server):
        return contents.PostgreSQL(server.database.url) if server.database else contents.SQLite(server.folder / "zhike.db")

    def rows(self, server: zhike.Server) -> dict:
        """Over the columns of then."""
        return self.database(server).rows({table: entry["columns"] for table, entry in self.expected["tables"].items()})

    def faults(self, server: zhike.Server, was: dict, grown: dict | None = None, started: bool = False) -> list:
        return contents.differences(self.expected, self.database(server), grown, was, started)

    def run(self, server: zhike.Server, *command) -> subprocess.CompletedProcess:
        return server.zhike(*command, env=self.then)


@pytest.fixture(scope="module")
def kept(month, backend, farm, clock):
    return Kept(month, backend, farm, clock)


@pytest.fixture(scope="module")
def upgraded(kept):
    """A copy after `zhike migrate`, and its rows before it."""
    server = kept.copy()
    was = kept.rows(server)
    assert contents.differences(kept.expected, kept.database(server), was=was) == [], "the premise: the fixture holds what expected.json says"
    done = kept.run(server, "migrate")
    assert done.returncode == 0, done.stderr
    return SimpleNamespace(server=server, was=was)


@pytest.fixture(scope="module")
def served(kept, upgraded):
    """The copy while the program serves it."""
    return SimpleNamespace(server=upgraded.server.start(env=kept.then), was=upgraded.was, boss=upgraded.server.log_in(*next(iter(kept.known["users"].items()))))


def misses(told, found, path: str = "") -> list:
    """Where an answer does not hold what it held: what is new in it does not matter."""
    if isinstance(told, dict) and isinstance(found, dict):
        return [fault for name, part in told.items() for fault in (misses(part, found[name], f"{path}.{name}") if name in found else [f"{path}.{name} is missing"])]
    if isinstance(told, list) and isinstance(found, list) and all(isinstance(one, dict) and "value" in one for one in told + found):
        # What is counted by a field's options: there may be more of them.
        by_value = {json.dumps(one["value"]): one for one in found}
        return [fault for one in told for fault in misses(one, by_value.get(json.dumps(one["value"])), f"{path}[{one['value']}]")]
    if isinstance(told, list) and isinstance(found, list) and len(told) == len(found):
        return [fault for place, (one, other) in enumerate(zip(told, found)) for fault in misses(one, other, f"{path}[{place}]")]
    return [] if told == found else [f"{path}: {json.dumps(found, ensure_ascii=False)[:300]} instead of {json.dumps(told, ensure_ascii=False)[:300]}"]


class TestUpgrade:
    def test_no_row_is_lost_or_changed(self, kept, upgraded):
        assert kept.faults(upgraded.server, upgraded.was) == []

    def test_the_installation_is_sound(self, kept, upgraded):
        checked = kept.run(upgraded.server, "verify")
        assert checked.returncode == 0, checked.stdout + checked.stderr
        looked_at = kept.run(upgraded.server, "doctor")
        assert looked_at.returncode == 0 and "✗" not in looked_at.stdout, looked_at.stdout + looked_at.stderr

    def test_a_lost_row_would_be_seen(self, kept):
        """In whatever table: here one that nothing else points to."""
        server = kept.copy()
        was = kept.rows(server)
        kept.database(server).run("delete from saved_views where id = (select max(id) from saved_views)")
        faults = kept.faults(server, was, GROWS)
        assert len(faults) == 1 and faults[0].startswith("saved_views: "), faults

    def test_the_old_passwords_and_tokens_let_in(self, kept, served):
        # Two of them: a debug program takes its time for each.
        for name, password in list(kept.known["users"].items())[:2]:
            assert served.server.log_in(name, password).get("/me").json["username"] == name
        assert Api(served.server.port, kept.known["token"]).get("/customers", limit=1).status == 200

    def test_every_question_is_answered_as_it_was(self, kept, served):
        """Saved views, dashboards, reports, own fields and the own entity, lines, timelines, search."""
        faults = []
        for path, told in kept.known["answers"].items():
            answer = served.boss.call("GET", urllib.parse.quote(path, safe="/?&=[]:.,-_%"))
            faults += [f"{path}: {answer}"] if answer.status != 200 else [f"{path}: {fault}" for fault in misses(told, answer.json)]
        assert faults == []

    def test_what_was_done_to_a_record_can_be_read(self, kept, served):
        web, changed = Web(served.server.port).log_in(*next(iter(kept.known["users"].items()))), kept.known["changed"]
        page = web.get(f"/settings/audit?entity={changed['entity']}&record={changed['id']}")
        assert page.status == 200 and all(word in page.text for word in changed["words"]), page
        record = web.get(f"/{changed['entity']}/{changed['id']}")
        assert record.status == 200 and all(word in record.text for word in changed["words"]), record
        for id, digest in kept.known["files"].items():
            file = web.get(f"/files/{id}")
            assert file.status == 200 and hashlib.sha256(file.body).hexdigest() == digest, f"file {id}: {file}"
        for key in ("dashboard", "reports"):
            assert web.get(f"/{key}").status == 200
        # All of this was reading; nothing but the log-ins was written down, and the last use of a token.
        assert [fault for fault in kept.faults(served.server, served.was, GROWS, started=True) if not fault.startswith("api_tokens: ")] == []


def test_another_start_changes_nothing(kept):
    """The first one upgrades by itself."""
    server = kept.copy()
    was, states = kept.rows(server), []
    for _ in range(2):
        server.start(env=kept.then)
        assert server.stop() == 0
        database = kept.database(server)
        columns = database.columns()
        rows = {table: [row for row in rows if not row.startswith(ARRANGED)] for table, rows in database.rows(columns).items() if table not in GROWS}
        states.append({table: (columns[table], contents.digest(rows)) for table, rows in rows.items()})
        assert kept.faults(server, was, GROWS, started=True) == []
    assert states[0] == states[1]
