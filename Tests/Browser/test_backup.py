"""A backup is whole or is not there; a restore brings back all of it or leaves what was."""
import os
import random
import shutil
import signal
import sqlite3

import disk as disks
import pytest
import zhike
from disk import Disk
from test_disk import Office, kept, whole
from zhike import at_once

KILLS = int(os.environ.get("ZHIKE_FAULT_KILLS", "16"))


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return disks.library(tmp_path_factory.mktemp("library"))


def points(seen: int, number: int) -> list:
    """After which changes of the disk to be killed: the last ones, where names are changed, and some before."""
    last = list(range(max(0, seen - number * 2 // 3), seen))
    return sorted(set(last + random.Random(20263).sample(range(seen), min(seen, number // 3))))


@pytest.fixture(scope="module")
def archive(farm, tmp_path_factory):
    """A folder with one customer, and a backup of it from when there was none."""
    server = farm.system(name="archive").add_admin()
    file = tmp_path_factory.mktemp("archive") / "b.tar"
    done = server.zhike("backup", "--out", file, "--with-key")
    assert done.returncode == 0, done.stderr
    server.start()
    server.log_in().make("customers", name="后来的", type="company", source="other")
    assert server.stop() == 0
    return server.folder, file


class TestBackup:
    def test_of_a_moment_while_others_write(self, farm, library, tmp_path):
        server = farm.system(name="backup").add_admin().start()
        file, place = tmp_path / "b.tar", tmp_path / "restored"
        disk = Disk(library, server.folder, journal=False)
        disk.journal = tmp_path / "none"
        with Office(server, disk, server.log_in().token) as office:
            office.write_more(4)
            before = dict(office.customers)
            done = server.zhike("backup", "--out", file, "--with-key")
            assert done.returncode == 0, done.stderr
            sent = set(office.customers)
            office.write_more(4)
        assert len(office.customers) > len(sent), "the premise: others wrote before it, during it and after it"
        assert zhike.run("restore", "--check-only", file, "--data", place).returncode == 0
        done = zhike.run("restore", file, "--data", place)
        assert done.returncode == 0, done.stderr
        assert not whole(place / "zhike.db")
        customers, _ = kept(place / "zhike.db")
        assert set(before) <= set(customers), "all that was acknowledged before it began"
        late = set(customers) - sent
        assert len(late) <= len(office.threads), "nothing that was begun after it ended"
        # One moment: the records are the first so many.
        ids = sorted(customers.values())
        assert ids == list(range(ids[0], ids[0] + len(ids)))
        assert zhike.run("verify", "--data", place).returncode == 0

    def test_killed_half_way_it_bears_no_name(self, archive, library, tmp_path):
        folder, _ = archive

        def back_up(target, folder=folder, **death):
            disk = Disk(library, target, journal=False)
            disk.fail("death", **death)
            return zhike.run("backup", "--out", target / "b.tar", "--data", folder, env=zhike.environment(**disk.environment)), disk

        whole_target = tmp_path / "whole"
        whole_target.mkdir()
        done, disk = back_up(whole_target, count=0)
        assert done.returncode == 0, done.stderr
        seen = disk.seen
        assert seen > 10, "the premise: changes of the disk after which to kill"

        def kill(skips: list) -> int:
            target, data, died = tmp_path / f"out{skips[0]}", tmp_path / f"data{skips[0]}", 0
            target.mkdir()
            shutil.copytree(folder, data)
            for skip in skips:
                (target / "b.tar").unlink(missing_ok=True)
                died += back_up(target, data, skip=skip, count=1)[0].returncode == -signal.SIGKILL
                if (target / "b.tar").exists():
                    checked = zhike.run("restore", "--check-only", target / "b.tar", "--data", tmp_path / "nowhere")
                    assert checked.returncode == 0, f"killed after {skip} of {seen}: {checked.stderr}"
            # What was left behind is in nobody's way, and does not stay.
            (target / "b.tar").unlink(missing_ok=True)
            assert back_up(target, data, count=0)[0].returncode == 0
            assert [path.name for path in target.iterdir()] == ["b.tar"]
            return died

        chosen = points(seen, KILLS)
        died = at_once(kill, [chosen[first::os.cpu_count()] for first in range(min(len(chosen), os.cpu_count()))])
        assert sum(died) > KILLS // 2, "the premise: backups that were killed"

    def test_a_restore_killed_half_way_is_all_or_nothing(self, archive, library, tmp_path):
        folder, file = archive

        def restore(place, **death):
            disk = Disk(library, place, journal=False)
            disk.fail("death", **death)
            shutil.copytree(folder, place)
            return zhike.run("restore", file, "--data", place, "--force", env=zhike.environment(**disk.environment)), disk

        done, disk = restore(tmp_path / "whole", count=0)
        assert done.returncode == 0, done.stderr
        seen = disk.seen

        def kill(skip: int) -> bool:
            place = tmp_path / f"killed{skip}"
            died = restore(place, skip=skip, count=1)[0].returncode != 0
            opened = zhike.run("verify", "--data", place)
            assert opened.returncode == 0, f"killed after {skip} of {seen}: {opened.stdout}{opened.stderr}"
            names = set(kept(place / "zhike.db")[0])
            assert names in (set(), {"后来的"}) and (died or not names), f"killed after {skip} of {seen}: {names}"
            if not names:
                # The data that was there lies beside, whole.
                [aside] = place.glob("before-restore-*")
                assert kept(aside / "zhike.db")[0].keys() == {"后来的"} and (aside / "zhike.key").exists()
            assert not list(place.glob(".restored*"))
            return bool(names)

        # The first as well: then nothing is restored yet.
        outcomes = at_once(kill, sorted({0, *points(seen, KILLS)}))
        assert set(outcomes) == {True, False}, "the premise: some were killed before it counted, some after"

    def test_a_damaged_backup_is_refused(self, archive, tmp_path):
        _, file = archive
        whole_file, chance = file.read_bytes(), random.Random(20264)
        damaged = []
        for number in range(12):
            content = bytearray(whole_file)
            if number % 2:
                content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
            else:
                del content[chance.randrange(len(content)):]
            damaged.append(tmp_path / f"bad{number}.tar")
            damaged[-1].write_bytes(content)
        for checked in at_once(lambda bad: zhike.run("restore", "--check-only", bad, "--data", tmp_path / "data"), damaged):
            assert checked.returncode == 1 and "损坏" in checked.stderr, checked


class TestDamagedDatabase:
    def test_a_broken_first_page_is_refused_with_advice(self, farm):
        server = farm.system(name="header").add_admin()
        path = server.folder / "zhike.db"
        content = bytearray(path.read_bytes())
        content[:16] = b"not a database.."
        path.write_bytes(content)
        done = zhike.run("serve", "--port", "0", "--data", server.folder)
        assert done.returncode == 1 and "备份" in done.stderr and str(path) in done.stderr, done

    def test_a_broken_page_is_found_and_crashes_nothing(self, farm):
        server = farm.system(name="page").add_admin().start()
        api = server.log_in()
        for number in range(60):
            api.make("customers", name=f"页{number}", type="company", source="other", remark="很长的备注" * 100)
        assert server.stop() == 0
        path, chance = server.folder / "zhike.db", random.Random(20265)
        content = bytearray(path.read_bytes())
        # Pages that hold records.
        connection = sqlite3.connect(path)
        try:
            pages = [row[0] for row in connection.execute("select pageno from dbstat where name = 'customers' and pagetype = 'leaf'")]
        except sqlite3.OperationalError:
            pages = [number for number in range(2, len(content) // 4096 + 1)]
        connection.close()
        for page in chance.sample(pages, min(6, len(pages))):
            content[(page - 1) * 4096:(page - 1) * 4096 + 64] = chance.randbytes(64)
        path.write_bytes(content)
        found = server.zhike("verify")
        assert found.returncode == 1 and found.stderr, found
        server.launch()
        try:
            server.wait_ready()
        except AssertionError:
            assert server.process.poll() == 1, "an orderly refusal, not a crash"
            return
        api = server.log_in()
        assert api.get("/customers", limit=500).status in (200, 500, 503)
        assert server.is_running(), "reading a broken page ends nothing"
        server.kill()
        # The log may say it: that is no fault of the test.
        server.log.write_text("")
