"""What happens when the disk fails: the power goes, a write or a synchronisation fails, on a disk that faults/disk.c watches."""
import os
import random
import shutil
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import disk as disks
import pytest
import zhike
from disk import EIO, ENOSPC, EROFS, Disk, PowerCut, operations
from zhike import Api, Server, Web

CUTS = int(os.environ.get("ZHIKE_FAULT_CUTS", "60"))


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return disks.library(tmp_path_factory.mktemp("library"))


class Office:
    """Clients that write until they are stopped, and remember what was acknowledged, and how far the disk was then."""

    def __init__(self, server: Server, disk: Disk, token: str, clients: int = 4):
        self.server, self.disk, self.token, self.stopped = server, disk, token, False
        self.customers, self.orders, self.refused, self.broken = {}, {}, [], 0
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.work, args=(index,), daemon=True) for index in range(clients)]

    def work(self, index: int):
        api, step = Api(self.server.port, self.token), 0
        while not self.stopped:
            step += 1
            try:
                self.write(api, f"写{index}-{step}-{id(self)}")
            except (OSError, zhike.http.client.HTTPException):
                self.broken += 1
                api.close()
                time.sleep(0.05)

    def write(self, api: Api, name: str):
        answer = api.post("/customers", {"name": name, "type": "company", "source": "other", "remark": "备注" * 200})
        if answer.status != 201:
            self.refused.append(answer)
            time.sleep(0.05)
            return
        customer = answer.json["id"]
        with self.lock:
            self.customers[name] = (customer, self.disk.written)
        lines = [{"product": f"{name}-{line}", "quantity": line, "price_cents": 100} for line in (1, 2, 3)]
        answer = api.post("/orders", {"customer_id": customer, "remark": name, "lines": lines})
        if answer.status == 201:
            with self.lock:
                self.orders[answer.json["id"]] = (name, self.disk.written)
        else:
            self.refused.append(answer)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopped = True
        for thread in self.threads:
            thread.join(30)


def whole(database) -> list:
    """What is wrong inside a database file that nobody uses."""
    connection = sqlite3.connect(database)
    try:
        faults = [row[0] for row in connection.execute("pragma integrity_check") if row[0] != "ok"]
        tables = {row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")}
        if "orders" in tables:
            # An order comes with its three lines and their sum, or not at all.
            faults += [f"order {row[0]} is half there: {row[1:]}" for row in connection.execute(
                "select o.id, o.amount_cents, count(l.id), sum(l.amount_cents) from orders o left join order_lines l on l.order_id = o.id "
                "group by o.id having count(l.id) <> 3 or o.amount_cents <> 600 or sum(l.amount_cents) <> 600")]
            faults += [f"customer {row[0]} without a line in the log" for row in connection.execute(
                "select id from customers c where not exists (select 1 from audit_entries a where a.entity = 'customers' and a.record_id = c.id and a.action = 'create')")]
        return faults
    finally:
        connection.close()


def kept(database) -> tuple:
    connection = sqlite3.connect(database)
    try:
        tables = {row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")}
        return (dict(connection.execute("select name, id from customers")) if "customers" in tables else {},
                dict(connection.execute("select id, remark from orders")) if "orders" in tables else {})
    finally:
        connection.close()


def missing(office: Office, database, written: int) -> list:
    """What was acknowledged before `written` and is not there."""
    customers, orders = kept(database)
    return [name for name, (id, at) in office.customers.items() if at <= written and customers.get(name) != id] + [
        f"order of {name}" for id, (name, at) in office.orders.items() if at <= written and orders.get(id) != name]


@pytest.fixture(scope="module")
def recorded(farm, library):
    """Everything from the first start on: the first administrator, writers, an upload, a stop, a second start, more writers."""
    server = farm.system(name="power")
    disk = Disk(library, server.folder)
    env = zhike.environment(**disk.environment)
    made = server.zhike("user", "add", zhike.ADMIN, "--role", "admin", "--password-stdin", stdin=zhike.PASSWORD + "\n", check=True, env=env)
    assert made.returncode == 0
    first = disk.written
    server.start(env=env)
    offices, uploads = [], []
    for turn in (1, 2):
        token = server.log_in().token
        with Office(server, disk, token) as office:
            time.sleep(0.8)
            web = Web(server.port).log_in()
            customer = next(iter(office.customers.values()))[0]
            web.get(f"/customers/{customer}?tab=files")
            for number in range(3):
                content = f"内容{turn}-{number}".encode() * 700
                answer = upload(web, customer, f"附件{turn}-{number}.txt", content)
                assert answer.status == 303, answer
                uploads.append((f"附件{turn}-{number}.txt", content, disk.written))
            time.sleep(0.3)
        offices.append(office)
        if turn == 1:
            assert server.stop() == 0
            server.start(env=env)
    server.kill()
    done = operations(disk.journal)
    assert sum(len(office.customers) for office in offices) > 50, "the test wrote too little to mean anything"
    assert sum(one.op == disks.SYNC for one in done) > 40
    return server, first, offices, uploads, done


class TestPowerCut:
    def test_nothing_acknowledged_is_lost(self, recorded, tmp_path):
        server, first, offices, uploads, done = recorded
        chance = random.Random(20261)
        # Some of the cuts during the first start, which is short and makes most of the files.
        early = sum(one.end <= first for one in done)
        points = [early] * 3 + [chance.randrange(1, early + 1) for _ in range(CUTS // 6)] + [chance.randrange(early, len(done)) for _ in range(CUTS - CUTS // 6)]

        def cut(number_and_count):
            number, count = number_and_count
            place = tmp_path / f"cut{number}"
            luck = random.Random(number)
            PowerCut(done, count, luck, keep=luck.choice([0, 0, 0.5, 0.9])).lay_down(server.folder, place)
            faults, written = [], done[count - 1].end
            database = place / "zhike.db"
            # Every few a whole start of the program on a copy, which also reads the audit log.
            if number % 6 == 0:
                copy = tmp_path / f"start{number}"
                shutil.copytree(place, copy)
                checked = zhike.run("verify", "--data", copy)
                if checked.returncode != 0:
                    faults.append(checked.stdout + checked.stderr)
                shutil.rmtree(copy)
            if database.exists():
                faults += whole(database)
                for office in offices:
                    faults += missing(office, database, written)
                faults += uploads_missing(place, [upload for upload in uploads if upload[2] <= written])
                if not (place / "zhike.key").exists() and written >= first:
                    faults.append("the key is gone")
            elif written >= first:
                faults.append("the database is gone")
            shutil.rmtree(place, ignore_errors=True)
            return [f"cut {number} after {count} of {len(done)}: {fault}" for fault in faults]

        with ThreadPoolExecutor(2) as pool:
            faults = [fault for found in pool.map(cut, enumerate(points)) for fault in found]
        assert not faults, f"{len(faults)} faults\n" + "\n".join(faults[:20])

    def test_a_missing_sync_would_be_seen(self, recorded, tmp_path):
        """The same without what `synchronous=FULL` adds, the log's synchronisation at each commit: now writes must be lost."""
        server, first, offices, uploads, done = recorded
        careless = [one for one in done if not (one.op == disks.SYNC and one.path.endswith("-wal"))]
        lost = 0
        for number in range(5):
            count = len(careless) - 1 - number * 10
            place = tmp_path / f"careless{number}"
            PowerCut(careless, count, random.Random(number), keep=0).lay_down(server.folder, place)
            lost += sum(len(missing(office, place / "zhike.db", careless[count - 1].end)) for office in offices)
        assert lost > 10


def upload(web: Web, customer: int, name: str, content: bytes):
    boundary = "zhikegrenze"
    body = (f'--{boundary}\r\nContent-Disposition: form-data; name="_csrf"\r\n\r\n{web.csrf}\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\nContent-Type: text/plain\r\n\r\n').encode() + content + f"\r\n--{boundary}--\r\n".encode()
    cookies = "; ".join(f"{name}={value}" for name, value in web.cookies.items())
    return Api(web.port).raw("POST", f"/customers/{customer}/files", body, {"Content-Type": f"multipart/form-data; boundary={boundary}", "Cookie": cookies})


def uploads_missing(place, uploads) -> list:
    connection = sqlite3.connect(place / "zhike.db")
    try:
        found = dict(connection.execute("select name, place from files"))
    except sqlite3.OperationalError:
        found = {}
    finally:
        connection.close()
    faults = []
    for name, content, _ in uploads:
        file = place / "files" / found.get(name, "nowhere")
        if not file.exists():
            faults.append(f"upload {name} is gone")
        elif file.read_bytes() != content:
            faults.append(f"upload {name} has other bytes")
    return faults


class TestFailingDisk:
    """After a failed synchronisation nobody knows what is on the disk, and a second one that succeeds proves nothing: the program says so, writes no
    more and ends; a start reads what is there."""

    @pytest.fixture
    def failing(self, farm, library):
        server = farm.system(name="failing").add_admin()
        disk = Disk(library, server.folder)
        # What lay there before the recording began.
        shutil.copytree(server.folder, server.folder.parent / (server.folder.name + "-before"))
        server.start(env=zhike.environment(**disk.environment))
        yield server, disk
        server.kill()

    def end(self, server: Server, seconds: float = 15) -> int:
        return server.process.wait(seconds)

    def check(self, server: Server, *offices: Office):
        """Starts on a healthy disk: all that was acknowledged is there and new writes are."""
        server.start()
        api = server.log_in()
        assert api.get("/healthz").status == 200
        api.make("customers", name="又可以了", type="company", source="other")
        assert server.stop() == 0
        verified = server.zhike("verify")
        assert verified.returncode == 0, verified.stdout + verified.stderr
        assert not whole(server.folder / "zhike.db")
        for office in offices:
            assert not missing(office, server.folder / "zhike.db", 1 << 62)

    @pytest.mark.parametrize("skip", [0, 1, 7])
    def test_a_failed_sync_is_never_acknowledged(self, failing, skip):
        server, disk = failing
        api = server.log_in()
        with Office(server, disk, api.token) as office:
            time.sleep(0.7)
            before = len(office.customers)
            assert before > 3
            disk.fail("sync", count=1, skip=skip, suffix="-wal")
            code = self.end(server)
            assert disk.hits == 1
        assert code == 1, "it ends by itself, for a service manager to start it again"
        assert "磁盘" in server.log_text
        # Who waited for the failed commit was told, not cut off.
        assert office.refused, "nobody was told"
        for answer in office.refused:
            assert answer.status == 503 and "磁盘" in answer.json["detail"], answer
        self.check(server, office)

    def test_while_it_ends_reads_go_on_and_health_tells(self, failing):
        server, disk = failing
        api = server.log_in()
        id = api.make("customers", name="在", type="company", source="other")["id"]
        disk.fail("sync", suffix="-wal")
        answer = api.post("/customers", {"name": "不在", "type": "company", "source": "other"})
        assert answer.status == 503 and "磁盘" in answer.json["detail"], answer
        health, read, second = api.get("/healthz"), api.get(f"/customers/{id}"), api.post("/customers", {"name": "也不在", "type": "company", "source": "other"})
        assert health.status == 503 and "磁盘" in health.json["reason"], health
        assert read.status == 200, read
        assert second.status == 503, second
        assert self.end(server) == 1

    def test_what_follows_a_failed_sync_survives_a_power_cut(self, failing, tmp_path):
        """The failed write still stands in the system's memory when the program starts again, and will never reach the disk by itself."""
        server, disk = failing
        before = server.folder.parent / (server.folder.name + "-before")
        with Office(server, disk, server.log_in().token) as first:
            time.sleep(0.3)
            disk.fail("sync", count=1, suffix="-wal")
            self.end(server)
        disk.heal()
        again = disk.written
        server.start(env=zhike.environment(**disk.environment))
        with Office(server, disk, server.log_in().token) as second:
            time.sleep(0.5)
        server.kill()
        done = given(before, server.folder) + operations(disk.journal)
        began = sum(one.end <= again for one in done)
        chance, faults = random.Random(20262), []
        for number in range(10):
            place = tmp_path / f"cut{number}"
            count = chance.randrange(began, len(done) + 1)
            PowerCut(done, count, random.Random(number), keep=[0, 0.5][number % 2]).lay_down(server.folder, place)
            written = done[count - 1].end
            faults += whole(place / "zhike.db")
            faults += missing(first, place / "zhike.db", written) + missing(second, place / "zhike.db", written)
        assert len(second.customers) > 3
        assert not faults, faults[:10]

    @pytest.mark.parametrize("suffix", ["-wal", "zhike.db"])
    def test_a_failed_checkpoint_loses_nothing(self, failing, suffix):
        server, disk = failing
        with Office(server, disk, server.log_in().token) as office:
            time.sleep(0.7)
        disk.fail("sync", suffix=suffix)
        server.process.terminate()
        server.process.wait(15)
        assert disk.hits >= 1
        disk.heal()
        self.check(server, office)

    def test_a_failed_write_stops_the_program(self, failing):
        server, disk = failing
        with Office(server, disk, server.log_in().token) as office:
            time.sleep(0.5)
            disk.fail("write", error=EIO, skip=5, count=1, suffix="-wal")
            code = self.end(server)
        assert code == 1 and disk.hits == 1
        assert all(answer.status == 503 for answer in office.refused), office.refused
        self.check(server, office)

    @pytest.mark.parametrize("short", [False, True])
    def test_no_space_passes(self, failing, short):
        server, disk = failing
        api = server.log_in()
        with Office(server, disk, api.token) as office:
            time.sleep(0.5)
            disk.fail("write", error=ENOSPC, suffix="-wal", short=short)
            time.sleep(1)
            health = Api(server.port).get("/healthz")
            reading = api.get("/customers", limit=5)
            disk.heal()
            before = len(office.customers)
            time.sleep(1)
            assert len(office.customers) > before, "writes go on by themselves"
        assert disk.hits and office.refused
        assert health.status == 503 and "空间" in health.json["reason"], health
        assert reading.status == 200
        assert {answer.status for answer in office.refused} <= {503, 507} and "空间" in office.refused[0].json["detail"]
        assert not office.broken
        assert server.api().get("/healthz").status == 200
        assert server.stop() == 0
        self.check(server, office)

    def test_a_disk_that_became_read_only(self, failing):
        server, disk = failing
        api = server.log_in()
        disk.fail("write", error=EROFS)
        answer = api.post("/customers", {"name": "只读", "type": "company", "source": "other"})
        assert answer.status == 503 and answer.json["detail"], answer
        server.process.wait(15) if not server.is_running() else server.kill()
        disk.heal()
        self.check(server)

    def test_an_upload_that_cannot_be_synchronised_is_refused(self, failing):
        server, disk = failing
        customer = server.log_in().make("customers", name="附件", type="company", source="other")["id"]
        web = Web(server.port).log_in()
        web.get(f"/customers/{customer}?tab=files")
        # Not the database: its files bear other names.
        for file in ["zhike.db", "zhike.db-wal"]:
            assert (server.folder / file).exists()
        disk.fail("sync", count=1)
        answer = upload(web, customer, "a.txt", b"text " * 100)
        assert disk.hits == 1
        assert answer.status == 503, answer
        assert server.is_running()
        assert not list((server.folder / "files").iterdir()), "nothing of it stays"


class TestSlowDisk:
    def test_readers_do_not_wait_for_the_writer(self, farm, library):
        """200 ms for each synchronisation: what is read is answered as fast as before, and what was acknowledged is there."""
        server = farm.system(name="slow").add_admin()
        disk = Disk(library, server.folder)
        server.start(env=zhike.environment(**disk.environment))
        api = server.log_in()
        ids = [api.make("customers", name=f"客户{number}", type="company", source="other")["id"] for number in range(20)]
        web = Web(server.port).log_in()
        disk.fail("slow", error=200)
        with Office(server, disk, api.token) as office:
            taken = []
            end = time.monotonic() + 6
            while time.monotonic() < end:
                for path in ("/api/v1/customers?limit=50", f"/api/v1/customers/{ids[len(taken) % 20]}", "/customers", f"/customers/{ids[len(taken) % 20]}"):
                    began = time.monotonic()
                    answer = api.get(path.removeprefix("/api/v1")) if path.startswith("/api") else web.get(path)
                    taken.append((time.monotonic() - began, path))
                    assert answer.status == 200, answer
        assert disk.hits > 10, "the disk was slow"
        slowest = sorted(taken)[int(len(taken) * 0.95)]
        # A reader that waited would take the 200 ms and what others write before it.
        assert slowest[0] < 0.2, slowest
        assert len(office.customers) > 3
        disk.heal()
        assert server.stop() == 0
        assert not missing(office, server.folder / "zhike.db", 1 << 62)


def given(before, folder) -> list:
    """A folder's files as operations that are safe on disk."""
    done = []
    for number, path in enumerate(sorted(path for path in before.rglob("*") if path.is_file() and not path.name.endswith("-shm"))):
        name = str(folder / path.relative_to(before))
        # The number the system has given to the file, which the copy does not have.
        file = (folder / path.relative_to(before)).stat().st_ino if (folder / path.relative_to(before)).exists() else -number - 1
        done += [disks.Operation(0, op, name, "", file, 0, data) for op, data in ((disks.CREATE, b""), (disks.WRITE, path.read_bytes()), (disks.SYNC, b""))]
    return done + [disks.Operation(0, disks.SYNC, str(folder), "", 0, 1, b"")]
