"""What happens when the disk fails: the power goes, a write or a synchronisation fails, on a disk that faults/disk.c watches."""
import os
import random
import re
import shutil
import sqlite3
import threading
import time

import disk as disks
import pytest
import zhike
from disk import EIO, ENOSPC, EROFS, Disk, PowerCut, operations
from zhike import Api, Server, Web, at_once, until

CUTS = int(os.environ.get("ZHIKE_FAULT_CUTS", "60"))
# How many acknowledged writes lie in the log only where a cut shall show what a lost log costs, and at how many such places it is shown.
AT_RISK, PLACES = 10, 5


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return disks.library(tmp_path_factory.mktemp("library"))


class Office:
    """Clients that write until they are stopped, and remember what was acknowledged, and how far the disk was then."""

    NAME = re.compile("写\\d+-\\d+-\\d+".encode())

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

    def write_more(self, count: int):
        """Waits until so many more customers are acknowledged."""
        goal = len(self.customers) + count
        until(lambda: len(self.customers) >= goal or not self.server.is_running(), f"{count} more acknowledged writes")
        assert len(self.customers) >= goal, f"the server ended\n{self.server.log_text[-3000:]}"

    def in_log_only(self, done: list) -> list:
        with self.lock:
            return disks.in_log_only(done, [(name, at) for name, (_, at) in self.customers.items()], self.NAME)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopped = True
        for thread in self.threads:
            thread.join(300)
        assert not any(thread.is_alive() for thread in self.threads), "a client waits for an answer"


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


def places_at_risk(done: list, offices: list, number: int = PLACES) -> list:
    """After how many operations to cut so that acknowledged writes lie in the log only."""
    counts = [sum(each) for each in zip(*(office.in_log_only(done) for office in offices))]
    found = [place for place, count in enumerate(counts, 1) if count >= AT_RISK]
    assert len(found) >= number, f"the premise: {AT_RISK} acknowledged writes in the log only, at {number} places or more; at most {max(counts)} at {len(found)}"
    return [found[step * (len(found) - 1) // (number - 1)] for step in range(number)]


def write_until_at_risk(office: Office):
    """A checkpoint may have brought all that was written into the main file."""
    until(lambda: office.in_log_only(operations(office.disk.journal))[-1] >= AT_RISK + PLACES, "acknowledged writes that lie in the log only", pause=0.1)


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
            office.write_more(40)
            web = Web(server.port).log_in()
            customer = next(iter(office.customers.values()))[0]
            web.get(f"/customers/{customer}?tab=files")
            for number in range(3):
                content = f"内容{turn}-{number}".encode() * 700
                answer = upload(web, customer, f"附件{turn}-{number}.txt", content)
                assert answer.status == 303, answer
                uploads.append((f"附件{turn}-{number}.txt", content, disk.written))
            office.write_more(20)
            write_until_at_risk(office)
        offices.append(office)
        if turn == 1:
            assert server.stop() == 0
            server.start(env=env)
    server.kill()
    done = operations(disk.journal)
    assert sum(one.op == disks.SYNC for one in done) > 40 or disks.IS_CARELESS, "the recording saw the program's synchronisations"
    return server, first, offices, uploads, done


class TestPowerCut:
    def test_nothing_acknowledged_is_lost(self, recorded, tmp_path):
        server, first, offices, uploads, done = recorded
        chance = random.Random(20261)
        # Some of the cuts during the first start, which is short and makes most of the files.
        early = sum(one.end <= first for one in done)
        points = [early] * 3 + [chance.randrange(1, early + 1) for _ in range(CUTS // 6)] + [chance.randrange(early, len(done)) for _ in range(CUTS - CUTS // 6 - PLACES)]
        # And some where all would be lost that only the log has, were it not synchronised.
        certain = len(points)
        points += places_at_risk(done, offices)

        def cut(number_and_count):
            number, count = number_and_count
            place = tmp_path / f"cut{number}"
            luck = random.Random(number)
            PowerCut(done, count, luck, keep=luck.choice([0, 0, 0.5, 0.9]) if number < certain else 0).lay_down(server.folder, place)
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

        faults = [fault for found in at_once(cut, list(enumerate(points))) for fault in found]
        assert not faults, f"{len(faults)} faults\n" + "\n".join(faults[:20])

    def test_a_missing_sync_would_be_seen(self, recorded, tmp_path):
        """Without the log's synchronisation at each commit, all is lost that was acknowledged since the last checkpoint."""
        server, first, offices, uploads, done = recorded
        without = disks.careless(done)
        for number, count in enumerate(places_at_risk(without, offices)):
            place = tmp_path / f"careless{number}"
            PowerCut(without, count, random.Random(number), keep=0).lay_down(server.folder, place)
            lost = [name for office in offices for name in missing(office, place / "zhike.db", without[count - 1].end) if not name.startswith("order")]
            assert len(lost) >= AT_RISK, f"cut after {count} of {len(without)}"


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

    def end(self, server: Server) -> int:
        return server.process.wait(120)

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
            office.write_more(4)
            with disk.outliving():
                disk.fail("sync", count=1, skip=skip, suffix="-wal")
                # Who waited for the failed commit is told, not cut off.
                until(lambda: office.refused, "somebody told of the failed commit")
            code = self.end(server)
            assert disk.hits == 1
        assert code == 1, "it ends by itself, for a service manager to start it again"
        assert "磁盘" in server.log_text
        for answer in office.refused:
            assert answer.status == 503 and "磁盘" in answer.json["detail"], answer
        self.check(server, office)

    def test_while_it_ends_reads_go_on_and_health_tells(self, failing):
        server, disk = failing
        api = server.log_in()
        id = api.make("customers", name="在", type="company", source="other")["id"]
        with disk.outliving():
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
            first.write_more(4)
            disk.fail("sync", count=1, suffix="-wal")
            self.end(server)
        assert disk.hits == 1
        disk.heal()
        again = disk.written
        server.start(env=zhike.environment(**disk.environment))
        with Office(server, disk, server.log_in().token) as second:
            second.write_more(4)
            write_until_at_risk(second)
        server.kill()
        done = given(before, server.folder) + operations(disk.journal)
        failed = next(number for number, one in enumerate(done) if one.op == disks.FAILED_SYNC)
        assert any(one.op == disks.WRITE and one.path == done[failed].path for one in done[:failed]), "the premise: writes whose synchronisation failed"
        # From the restart on, with its bringing all that into the main file.
        began = sum(one.end <= again for one in done)
        chance, faults = random.Random(20262), []
        settled = next(number for number, one in enumerate(done, 1) if one.end > again and one.op == disks.SYNC and one.path.endswith("/zhike.db"))
        # While the start brings the log into the main file, at any place since, and where what was acknowledged since would be lost with what stood
        # before it in the log.
        points = [chance.randrange(began, settled + 1) for _ in range(6)] + [chance.randrange(began, len(done) + 1) for _ in range(6)]
        points += places_at_risk(done, [second])
        for number, count in enumerate(points):
            place = tmp_path / f"cut{number}"
            PowerCut(done, count, random.Random(number), keep=[0, 0.5][number % 2] if number < 12 else 0).lay_down(server.folder, place)
            written = done[count - 1].end
            faults += whole(place / "zhike.db")
            faults += missing(first, place / "zhike.db", written) + missing(second, place / "zhike.db", written)
        assert not faults, faults[:10]

    @pytest.mark.parametrize("suffix", ["-wal", "zhike.db"])
    def test_a_failed_checkpoint_loses_nothing(self, failing, suffix):
        server, disk = failing
        with Office(server, disk, server.log_in().token) as office:
            office.write_more(4)
        disk.fail("sync", suffix=suffix)
        server.process.terminate()
        self.end(server)
        assert disk.hits >= 1, "the premise: a checkpoint whose synchronisation failed"
        disk.heal()
        self.check(server, office)

    def test_a_failed_write_stops_the_program(self, failing):
        server, disk = failing
        with Office(server, disk, server.log_in().token) as office:
            office.write_more(4)
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
            office.write_more(4)
            disk.fail("write", error=ENOSPC, suffix="-wal", short=short)
            until(lambda: len(office.refused) > 8, "refused writes")
            health = Api(server.port).get("/healthz")
            reading = api.get("/customers", limit=5)
            disk.heal()
            # By themselves.
            office.write_more(4)
        assert disk.hits
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
        server.kill()
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
        """While the writer waits for a synchronisation, everything is read; when that is over, writes go on."""
        server = farm.system(name="slow").add_admin()
        disk = Disk(library, server.folder)
        server.start(env=zhike.environment(**disk.environment))
        api = server.log_in()
        ids = [api.make("customers", name=f"客户{number}", type="company", source="other")["id"] for number in range(20)]
        web = Web(server.port).log_in()
        with Office(server, disk, api.token) as office:
            office.write_more(4)
            disk.fail("slow")
            try:
                until(lambda: disk.hits, "a synchronisation")
                for id in ids:
                    for path in ("/api/v1/customers?limit=50", f"/api/v1/customers/{id}", "/customers", f"/customers/{id}"):
                        answer = api.get(path.removeprefix("/api/v1")) if path.startswith("/api") else web.get(path)
                        assert answer.status == 200, answer
                assert disk.hits == 1, "the premise: the writer waits for the same synchronisation all the time"
            finally:
                disk.heal()
            office.write_more(4)
        assert not office.refused and not office.broken
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
