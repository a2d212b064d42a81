"""What happens when the database server goes away and comes back, and when two programs share it. On a PostgreSQL of its own."""
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time

import pytest
import zhike
from zhike import Api, PostgreSQL, Server

POOL = 8


class Cluster:
    """A PostgreSQL that may be ended and started again."""

    def __init__(self, folder: str):
        self.environment = dict(os.environ, ZHIKE_TEST_PGDATA=folder, ZHIKE_TEST_PGPORT=str(zhike.free_port()))

    def do(self, word: str) -> str:
        # The server keeps what it inherits open, so no pipe.
        with tempfile.TemporaryFile("w+") as out:
            subprocess.run([zhike.ROOT / "bin" / "postgres", word], env=self.environment, check=True, stdout=out, stdin=subprocess.DEVNULL, timeout=60)
            out.seek(0)
            return out.read().strip()

    def ask(self, database: PostgreSQL, sql: str) -> list:
        done = subprocess.run(["psql", "-X", "-At", "-F", "\t", database.url, "-c", sql], capture_output=True, text=True, check=True)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def connections(self, database: PostgreSQL) -> int:
        return int(self.ask(database, "select count(*) from pg_stat_activity where application_name = 'zhike' and datname = current_database()")[0][0])

    def end_connections(self, database: PostgreSQL):
        self.ask(database, "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'zhike' and datname = current_database()")


@pytest.fixture(scope="module")
def cluster():
    if not os.environ.get("ZHIKE_TEST_POSTGRES"):
        pytest.skip("no PostgreSQL (ZHIKE_TEST_POSTGRES)")
    folder = tempfile.mkdtemp(prefix="zhike-cluster-")
    # The database's owner must reach it.
    os.chmod(folder, 0o755)
    cluster = Cluster(folder)
    cluster.url = cluster.do("start")
    yield cluster
    cluster.do("stop")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def system(cluster, farm):
    server = Server(farm.folder / f"cluster{time.monotonic_ns()}", PostgreSQL(cluster.url).create())
    server.add_admin().start()
    yield server
    server.kill()
    assert not re.search("Fatal error|request failed", server.log_text), server.log_text[-3000:]


class Clients:
    """Eight that write, and remember what was answered and how long it took."""

    def __init__(self, port: int, token: str, count: int = 8):
        self.port, self.token, self.made, self.answers, self.open, self.stopped = port, token, {}, [], {}, False
        self.threads = [threading.Thread(target=self.work, args=(index,), daemon=True) for index in range(count)]

    def work(self, index: int):
        api, step = Api(self.port, self.token), 0
        while not self.stopped:
            name, step = f"客{index}-{step}-{id(self)}", step + 1
            began = time.monotonic()
            answer = self.ask(api, name)
            self.answers.append((began, time.monotonic() - began, answer))
            if answer.status == 201:
                self.made[name] = answer.json["id"]
            else:
                self.open[name] = answer
                time.sleep(0.05)

    @staticmethod
    def ask(api: Api, name: str):
        key = name.encode().hex()
        return api.post("/customers", {"name": name, "type": "company", "source": "other"}, headers={"Idempotency-Key": key})

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopped = True
        for thread in self.threads:
            thread.join(30)

    def check(self):
        """Every answer is a record or a clear 503 in bounded time; nothing acknowledged is lost; asking again with the key gives one record."""
        assert {answer.status for *_, answer in self.answers} <= {201, 503}, {answer.status: answer.text[:200] for *_, answer in self.answers}
        assert max(took for _, took, _ in self.answers) < 10
        for answer in self.open.values():
            assert answer.json["detail"] and answer.headers["retry-after"], answer
        api = Api(self.port, self.token)
        for name in list(self.open):
            answer = self.ask(api, name)
            assert answer.status == 201, answer
            self.made[name] = answer.json["id"]
        kept = {}
        for row in api.walk("customers", fields="id,name"):
            assert row["name"] not in kept, f"{row['name']} is there twice"
            kept[row["name"]] = row["id"]
        lost = {name for name, id in self.made.items() if kept.get(name) != id}
        assert not lost, f"{len(lost)} of {len(self.made)} acknowledged writes are lost"


class TestServerGoesAway:
    def test_a_crash_while_eight_write(self, cluster, system):
        api = system.log_in()
        rows = 3000
        sheet = ("客户名称\n" + "".join(f"导{number}\n" for number in range(rows))).encode()
        with Clients(system.port, api.token) as clients:
            time.sleep(1)
            job = api.upload("/customers/import", sheet, mapping='{"客户名称": "name"}', mode="add").json
            until = time.monotonic() + 20
            while api.get(f"/jobs/{job['id']}").json["status"] == "waiting" and time.monotonic() < until:
                time.sleep(0.02)
            cluster.do("crash")
            time.sleep(1.5)
            health = Api(system.port).get("/healthz")
            reading = api.get("/customers", limit=1)
            cluster.do("start")
            back = time.monotonic()
            time.sleep(4)
        assert health.status == 503 and "PostgreSQL" in health.json["reason"], health
        assert reading.status == 503, reading
        assert system.is_running()
        assert [answer for *_, answer in clients.answers if answer.status == 503], "nobody noticed"
        healed = min(began + took for began, took, answer in clients.answers if began > back and answer.status == 201) - back
        assert healed < 5, healed
        late = [answer for began, _, answer in clients.answers if began > back + healed + 1 and answer.status != 201]
        assert not late, late[:3]
        assert Api(system.port).get("/healthz").status == 200
        clients.check()
        # The job that ran is taken up again and does its work once.
        done = api.wait(job, 90)
        assert done["status"] == "done", done
        counts = cluster.ask(system.database, "select count(*), count(distinct name) from zhike.customers where name like '导%'")
        assert counts == [[str(rows), str(rows)]], counts
        assert cluster.connections(system.database) <= POOL + 2
        assert api.get("/customers", limit=1).status == 200
        assert system.stop() == 0
        verified = system.zhike("verify")
        assert verified.returncode == 0, verified.stdout + verified.stderr

    def test_connections_are_ended_under_it(self, cluster, system):
        api = system.log_in()
        with Clients(system.port, api.token) as clients:
            for _ in range(6):
                time.sleep(0.4)
                cluster.end_connections(system.database)
            time.sleep(1)
        clients.check()
        assert cluster.connections(system.database) <= POOL + 2
        # Connections that were ended while nobody used them are no reason for anybody to be refused.
        cluster.end_connections(system.database)
        time.sleep(0.3)
        for number in range(2 * POOL):
            answer = api.post("/customers", {"name": f"闲{number}", "type": "company", "source": "other"})
            assert answer.status == 201, answer
        assert api.get("/customers", limit=1).status == 200

    def test_an_absent_server_is_told_at_start(self, cluster, farm, tmp_path):
        url = f"postgresql://postgres@127.0.0.1:{zhike.free_port()}/postgres"
        began = time.monotonic()
        done = zhike.run("serve", "--port", zhike.free_port(), "--data", tmp_path / "data", "--database", url, timeout=30)
        assert done.returncode == 1 and "PostgreSQL" in done.stderr, done
        assert time.monotonic() - began < 15


class TestTwoPrograms:
    @pytest.fixture
    def pair(self, system):
        """Two on one database and one data folder."""
        other = Server(system.folder, system.database)
        other.log = system.log.with_suffix(".second.log")
        other.start()
        yield system, other
        other.kill()
        assert not re.search("Fatal error|request failed", other.log_text), other.log_text[-3000:]

    @staticmethod
    def soon(ask, seconds: float = 15):
        until = time.monotonic() + seconds
        while not (found := ask()) and time.monotonic() < until:
            time.sleep(0.1)
        return found

    def test_sessions_numbers_and_settings_are_common(self, pair):
        one, two = pair
        api = one.log_in()
        there = Api(two.port, api.token)
        assert there.get("/me").status == 200
        # Numbers are given once, whoever gives them.
        customer = api.make("customers", name="共同", type="company", source="other")["id"]
        numbers, threads = [], []

        def order(port):
            mine = Api(port, api.token)
            for _ in range(15):
                numbers.append(mine.make("orders", customer_id=customer)["no"])

        for port in (one.port, two.port) * 2:
            threads.append(threading.Thread(target=order, args=(port,)))
            threads[-1].start()
        for thread in threads:
            thread.join()
        assert len(numbers) == 60 and len(set(numbers)) == 60, sorted(numbers)
        # A session that ends here ends there.
        assert api.post("/logout").status in (200, 204)
        assert self.soon(lambda: there.get("/me").status == 401)

    def test_who_dies_leaves_the_work_to_the_other(self, cluster, pair):
        one, two = pair
        api, other = one.log_in(), two.log_in()
        rows, sheets, jobs = 1500, 4, []
        for number in range(sheets):
            sheet = ("客户名称\n" + "".join(f"单{number}-{row}\n" for row in range(rows))).encode()
            jobs.append(other.upload("/customers/import", sheet, mapping='{"客户名称": "name"}', mode="add").json["id"])
        holders = lambda: {holder for [holder] in cluster.ask(one.database, "select distinct worker from zhike.jobs where status = 'running' and name = 'import'")}  # noqa: E731
        assert self.soon(holders)
        time.sleep(0.3)
        one.kill()
        for job in jobs:
            assert other.wait(job, 120)["status"] == "done"
        counts = cluster.ask(one.database, "select count(*), count(distinct name) from zhike.customers where name like '单%'")
        assert counts == [[str(rows * sheets)] * 2], counts
