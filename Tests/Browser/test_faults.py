"""What happens when the machine fails: killed while writing, a second server, a full disk."""
import http.client
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import threading
import time

import pytest
import zhike
from zhike import Api, Server, Web

CYCLES = int(os.environ.get("ZHIKE_FAULT_CYCLES", "5"))


class Writers:
    """Several clients that write until the server is gone, and remember what was acknowledged."""

    def __init__(self, server: Server, token: str, cycle: int, count: int = 4):
        self.server, self.token, self.cycle, self.acknowledged, self.unknown, self.stopped = server, token, cycle, [], [], False
        self.threads = [threading.Thread(target=self.write, args=(index,), daemon=True) for index in range(count)]

    def write(self, index: int):
        api, step = Api(self.server.port, self.token), 0
        while not self.stopped:
            name, step = f"写{self.cycle}-{index}-{step}", step + 1
            try:
                answer = api.post("/customers", {"name": name, "type": "company", "source": "other", "remark": "x" * 200}, headers={"Idempotency-Key": name.encode().hex()})
            except Exception:
                self.unknown.append(name)
                return
            if answer.status == 201:
                self.acknowledged.append((name, answer.json["id"]))
            else:
                self.unknown.append(name)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopped = True
        for thread in self.threads:
            thread.join(300)
        assert not any(thread.is_alive() for thread in self.threads), "a client waits for an answer"


class TestKilled:
    def test_nothing_acknowledged_is_lost(self, farm):
        """kill -9 while four clients write; also in the middle of starting up."""
        server = farm.system(name="killed").add_admin().start()
        token = server.log_in().token
        chance, acknowledged, unknown = random.Random(CYCLES), {}, set()
        for cycle in range(CYCLES):
            with Writers(server, token, cycle) as writers:
                zhike.until(lambda: len(writers.acknowledged) > 10, "acknowledged writes")
                # At any moment, in the middle of whatever it does.
                time.sleep(chance.random() * 0.3)
                server.kill()
            assert not server.is_running()
            acknowledged |= dict(writers.acknowledged)
            unknown |= set(writers.unknown)
            if cycle % 3 == 1:
                server.launch()
                time.sleep(chance.random() * 0.3)
                server.kill()
            server.start()
            api = Api(server.port, token)
            kept = {}
            for row in api.walk("customers", fields="id,name"):
                assert row["name"] not in kept, f"{row['name']} is there twice"
                kept[row["name"]] = row["id"]
            lost = {name: id for name, id in acknowledged.items() if kept.get(name) != id}
            assert not lost, f"{len(lost)} of {len(acknowledged)} acknowledged writes are lost"
            assert set(kept) <= set(acknowledged) | unknown
            # A client that does not know may ask again with its key, and gets one record.
            for name in writers.unknown[:2]:
                answer = api.post("/customers", {"name": name, "type": "company", "source": "other", "remark": "x" * 200}, headers={"Idempotency-Key": name.encode().hex()})
                assert answer.status == 201 and api.count("customers", {"name": name}) == 1
                acknowledged[name] = answer.json["id"]
        assert server.stop() == 0
        verified = server.zhike("verify")
        assert verified.returncode == 0, verified.stdout + verified.stderr


class TestSecondServer:
    def test_is_refused_and_harms_nothing(self, farm):
        server = farm.system(name="single").add_admin().start()
        api = server.log_in()
        second = zhike.run("serve", "--port", "0", "--data", server.folder)
        assert second.returncode not in (0, None) and second.returncode > 0, "an orderly refusal, not a crash"
        assert str(server.process.pid) in second.stderr or "正由" in second.stderr, second.stderr
        assert api.make("customers", name="照常", type="company", source="other")["id"]

    def test_a_taken_port_is_told(self, farm):
        one = farm.system(name="port").add_admin().start()
        other = farm.system(name="port").add_admin()
        done = zhike.run("serve", "--port", one.port, "--data", other.folder)
        assert done.returncode in (1, 78), done
        assert re.search("端口|port|address already in use", done.stderr, re.I), done.stderr

    def test_a_stale_lock_is_no_obstacle(self, farm):
        server = farm.system(name="stale").add_admin().start()
        server.kill()
        server.start()
        assert server.log_in().get("/me").status == 200


class TestFullDisk:
    @pytest.fixture
    def small_disk(self, tmp_path):
        place = tmp_path / "disk"
        place.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(place)], capture_output=True, text=True)
        if done.returncode != 0:
            pytest.skip(f"mounting a small tmpfs is not permitted here: {done.stderr.strip()}")
        yield place
        subprocess.run(["umount", "-l", str(place)], capture_output=True)

    def test_writes_stop_reads_go_on_and_all_heals(self, farm, small_disk):
        server = Server(small_disk / "data")
        server.log = small_disk.parent / "server.log"
        shutil.copytree(farm.system(name="full").add_admin().folder, server.folder)
        server.start()
        try:
            api, kept = server.log_in(), []
            blob = small_disk / "ballast"
            refused = None
            for index in range(4000):
                if index == 20:
                    free = os.statvfs(small_disk)
                    blob.write_bytes(b"\0" * max(0, free.f_bavail * free.f_bsize - 600_000))
                answer = api.post("/customers", {"name": f"满{index}", "type": "company", "source": "other", "remark": "很长的备注" * 300})
                if answer.status != 201:
                    refused = answer
                    break
                kept.append(answer.json["id"])
            assert refused is not None, "the disk never filled"
            assert refused.status in (503, 507), refused
            assert refused.headers["content-type"].startswith("application/problem+json")
            assert "磁盘" in refused.json["detail"] or "空间" in refused.json["detail"], refused
            # Reading goes on, logging in too, and health says what is wrong.
            assert api.get(f"/customers/{kept[-1]}").status == 200
            assert api.get("/customers", limit=5).status == 200
            assert zhike.Web(server.port).get("/login").status == 200
            health = server.api().raw("GET", "/healthz")
            assert health.status == 503 and health.json["reason"], health
            assert server.is_running()
            # Space returns: writes go on by themselves.
            blob.unlink()
            zhike.until(lambda: api.post("/customers", {"name": "又可以了", "type": "company", "source": "other"}).status == 201, "writes go on", pause=0.1)
            assert server.api().raw("GET", "/healthz").status == 200
            there = {row["id"] for row in api.walk("customers", fields="id")}
            assert set(kept) <= there, "every acknowledged write is there"
            assert server.stop() == 0
        finally:
            server.kill()

    @pytest.fixture
    def full(self, farm, small_disk):
        """A server whose disk is filled up by `fill` and emptied by `empty`; temporary files are on the same disk."""
        server = Server(small_disk / "data")
        server.log = small_disk.parent / "server.log"
        shutil.copytree(farm.system(name="brim").add_admin().folder, server.folder)
        (small_disk / "tmp").mkdir()
        server.environment = zhike.environment(TMPDIR=str(small_disk / "tmp"))
        server.start(env=server.environment)
        blob = small_disk / "ballast"

        def fill(api: Api):
            # What the program has room for in files that are there already runs out too.
            for _ in range(200):
                with open(blob, "ab", buffering=0) as file:
                    try:
                        while file.write(b"\0" * 4096):
                            pass
                    except OSError:
                        pass
                if all(api.post("/customers", {"name": "满", "type": "company", "source": "other"}).status == 503 for _ in range(3)):
                    return
            raise AssertionError("the disk never filled")

        yield server, fill, blob.unlink
        server.kill()

    def test_who_comes_is_let_in_and_who_goes_is_gone(self, full):
        server, fill, empty = full
        api, other = server.log_in(), server.log_in()
        customer = api.make("customers", name="在", type="company", source="other")["id"]
        fill(api)
        late, web = server.log_in(), Web(server.port).log_in()
        for page in ["/", "/customers", f"/customers/{customer}", "/settings", "/me/sessions"]:
            assert web.get(page).status == 200, page
        for one in (api, late):
            assert one.get("/me").status == 200 and one.get(f"/customers/{customer}").status == 200 and one.get("/customers", limit=5).status == 200
        refused = late.post("/customers", {"name": "不在", "type": "company", "source": "other"})
        assert refused.status == 503 and "磁盘" in refused.json["detail"], refused
        # Guesses are refused as ever, and counted.
        wrong = [Api(server.port).post("/login", {"username": "nobody", "password": "wrong"}).status for _ in range(6)]
        assert wrong == [401] * 5 + [429]
        gone = [other, server.log_in()]
        for one in gone:
            assert one.post("/logout").status == 204
            assert one.get("/me").status == 401
        left = Web(server.port).log_in()
        cookies = dict(left.cookies)
        assert left.post("/logout").status == 200
        left.cookies = cookies
        assert left.get("/customers", follow=False).status == 303, "the old cookie opens nothing"
        empty()
        zhike.until(lambda: len(audited(server, "logout")) == 3, "what was kept is written", pause=0.1)
        assert len(audited(server, "login")) == 6
        assert server.stop() == 0
        server.start(env=server.environment)
        assert [Api(server.port, one.token).get("/me").status for one in (api, late, *gone)] == [200, 200, 401, 401]
        web.port = server.port
        assert web.get("/customers", follow=False).status == 200
        assert server.stop() == 0
        verified = server.zhike("verify")
        assert verified.returncode == 0, verified.stdout + verified.stderr

    def test_an_export_fails_before_its_first_byte(self, full):
        server, fill, empty = full
        api = server.log_in()
        sheet = "客户名称,备注\n" + "".join(f"客户{index},{'长' * 100}\n" for index in range(3000))
        assert api.wait(api.upload("/customers/import", sheet.encode(), mode="add").json)["status"] == "done"
        fill(api)
        for format in ("csv", "jsonl", "xlsx"):
            answer = api.get("/customers/export", format=format)
            assert answer.status == 503, (format, answer)
            assert "磁盘" in answer.json["detail"] and answer.headers["content-type"].startswith("application/problem+json"), answer
        empty()
        for format in ("csv", "jsonl"):
            zhike.until(lambda: (answer := api.get("/customers/export", format=format)).status == 200 and answer.text.count("客户29") >= 100, "an export")
        assert api.get("/customers/export", format="xlsx").status == 200


def audited(server: Server, action: str) -> list:
    with sqlite3.connect(f"file:{server.folder}/zhike.db?mode=ro", uri=True) as database:
        return database.execute("select id from audit_entries where action = ?", [action]).fetchall()


class TestExportBreaksOff:
    @pytest.mark.skipif("ZHIKE_TEST_POSTGRES" not in os.environ, reason="a table that goes away in the middle takes PostgreSQL")
    def test_a_part_is_never_taken_for_the_whole(self, farm, tmp_path):
        """The first bytes come at once; when the database fails in the middle, the connection breaks instead of ending well."""
        server = farm.system("postgres", name="exporting").add_admin().start()
        boss, rows = server.log_in(), 8_000
        sheet = "客户名称,备注\n" + "".join(f"客户{index},{index:05d}{'长' * 900}\n" for index in range(rows))
        job = boss.wait(boss.upload("/customers/import", sheet.encode(), mode="add").json)
        assert job["status"] == "done" and job["result"]["created"]["customers"] == rows, job
        for format in ("csv", "jsonl"):
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
            connection.request("GET", f"/api/v1/customers/export?format={format}&fields=name,remark", headers={"Authorization": "Bearer " + boss.token})
            answer = connection.getresponse()
            assert answer.status == 200 and answer.getheader("Transfer-Encoding") == "chunked"
            head = answer.read(10_000)
            assert len(head) == 10_000
            server.database.run("ALTER TABLE zhike.customers RENAME TO gone")
            with pytest.raises((http.client.IncompleteRead, ConnectionError)):
                answer.read()
            server.database.run("ALTER TABLE zhike.gone RENAME TO customers")
            connection.close()
        whole = boss.get("/customers/export", format="csv", fields="name,remark")
        assert whole.status == 200 and whole.text.count("\r\n") == rows + 1
        kept = [json.loads(line) for line in boss.get("/customers/export", format="jsonl", fields="name").text.splitlines()]
        assert len(kept) == rows
