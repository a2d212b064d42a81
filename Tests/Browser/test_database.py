"""What happens when the database server goes away and comes back, and when two programs share it. On a PostgreSQL of its own."""
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import pytest
import zhike
from zhike import Api, PostgreSQL, Server, TakenPort, until

POOL = 8


class Cluster:
    """A PostgreSQL that may be ended and started again."""

    def __init__(self, folder: str):
        self.folder, self.url = folder, ""

    def do(self, word: str) -> str:
        # The server keeps what it inherits open, so no pipe.
        with tempfile.TemporaryFile("w+") as out:
            subprocess.run([zhike.ROOT / "bin" / "postgres", word], env=self.environment, check=True, stdout=out, stdin=subprocess.DEVNULL, timeout=300)
            out.seek(0)
            return out.read().strip()

    def start(self):
        """On a port of its own; once it has one, on that: whoever took it in between is waited for."""
        def attempt():
            if not self.url:
                self.environment = dict(os.environ, ZHIKE_TEST_PGDATA=self.folder, ZHIKE_TEST_PGPORT=str(zhike.free_port()))
            try:
                url = self.do("start")
            except subprocess.CalledProcessError:
                return None
            # One that somebody else has started there would do as well for `bin/postgres`.
            return url if (Path(self.folder) / "data" / "postmaster.pid").exists() else None

        self.url = until(attempt, "PostgreSQL to start", 300)

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
    cluster.start()
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
    """Eight that write, and remember what was answered, in its order."""

    def __init__(self, port: int, token: str, count: int = 8):
        self.port, self.token, self.made, self.answers, self.open, self.stopped = port, token, {}, [], {}, False
        self.threads = [threading.Thread(target=self.work, args=(index,), daemon=True) for index in range(count)]

    def work(self, index: int):
        api, step = Api(self.port, self.token), 0
        while not self.stopped:
            name, step = f"客{index}-{step}-{id(self)}", step + 1
            answer = self.ask(api, name)
            self.answers.append((index, answer))
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
            thread.join(300)
        assert not any(thread.is_alive() for thread in self.threads), "a client waits for an answer"

    def write_more(self, count: int):
        """Waits until every one of them has made so many more records."""
        begin = len(self.answers)

        def done():
            made = [index for index, answer in self.answers[begin:] if answer.status == 201]
            return all(made.count(index) >= count for index in range(len(self.threads)))

        until(done, f"{count} more records of each client")

    def check(self):
        """Every answer is a record or a clear 503; nothing acknowledged is lost; asking again with the key gives one record."""
        assert {answer.status for _, answer in self.answers} <= {201, 503}, {answer.status: answer.text[:200] for _, answer in self.answers}
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
            clients.write_more(2)
            job = api.upload("/customers/import", sheet, mapping='{"客户名称": "name"}', mode="add").json
            until(lambda: api.get(f"/jobs/{job['id']}").json["status"] != "waiting", "the import begins")
            begin = len(clients.answers)
            cluster.do("crash")
            until(lambda: any(answer.status == 503 for _, answer in clients.answers[begin:]), "somebody who notices")
            health = until(lambda: answer if (answer := Api(system.port).get("/healthz")).status == 503 else None, "health that notices")
            reading = api.get("/customers", limit=1)
            cluster.start()
            # By themselves; what begins after every client has been served again is served.
            clients.write_more(2)
            healed = len(clients.answers) + len(clients.threads)
            clients.write_more(8)
        assert "PostgreSQL" in health.json["reason"], health
        assert reading.status == 503, reading
        assert system.is_running()
        late = [answer for _, answer in clients.answers[healed:] if answer.status != 201]
        assert not late, late[:3]
        assert Api(system.port).get("/healthz").status == 200
        clients.check()
        # The job that ran is taken up again and does its work once.
        done = api.wait(job)
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
                clients.write_more(1)
                cluster.end_connections(system.database)
            clients.write_more(1)
        clients.check()
        assert cluster.connections(system.database) <= POOL + 2
        # Connections that were ended while nobody used them are no reason for anybody to be refused.
        cluster.end_connections(system.database)
        until(lambda: cluster.connections(system.database) == 0, "all connections ended")
        for number in range(2 * POOL):
            answer = api.post("/customers", {"name": f"闲{number}", "type": "company", "source": "other"})
            assert answer.status == 201, answer
        assert api.get("/customers", limit=1).status == 200

    def test_an_absent_server_is_told_at_start(self, cluster, farm, tmp_path):
        with TakenPort() as port:
            done = zhike.run("serve", "--port", "0", "--data", tmp_path / "data", "--database", f"postgresql://postgres@127.0.0.1:{port}/postgres")
        assert done.returncode == 1 and "PostgreSQL" in done.stderr, done


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
        until(lambda: there.get("/me").status == 401, "the session ends on the other one too")

    def test_who_dies_leaves_the_work_to_the_other(self, cluster, pair):
        one, two = pair
        api, other = one.log_in(), two.log_in()
        rows, jobs = 1500, []

        def caught_in_the_act():
            """Both hold an import, and the one that will die stands still, so that it has not ended in between."""
            one.process.send_signal(signal.SIGSTOP)
            if len(cluster.ask(one.database, "select distinct worker from zhike.jobs where status = 'running' and name = 'import'")) == 2:
                return True
            one.process.send_signal(signal.SIGCONT)
            if len(jobs) < 24:
                sheet = ("客户名称\n" + "".join(f"单{len(jobs)}-{row}\n" for row in range(rows))).encode()
                jobs.append((other, api)[len(jobs) % 2].upload("/customers/import", sheet, mapping='{"客户名称": "name"}', mode="add").json["id"])
            return False

        until(caught_in_the_act, "both hold an import", pause=0.1)
        one.kill()
        for job in jobs:
            assert other.wait(job)["status"] == "done"
        counts = cluster.ask(one.database, "select count(*), count(distinct name) from zhike.customers where name like '单%'")
        assert counts == [[str(rows * len(jobs))] * 2], counts
