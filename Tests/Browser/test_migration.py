"""An upgrade of the database that is killed half-way is finished by the next one, and nothing is lost."""
import os
import random
import shutil
import signal
import sqlite3

import disk as disks
import pytest
import zhike
from disk import Disk
from test_disk import kept, whole
from zhike import at_once

KILLS = int(os.environ.get("ZHIKE_FAULT_KILLS", "16"))
CUSTOMERS = 300


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return disks.library(tmp_path_factory.mktemp("library"))


def shape(database) -> set:
    """Tables with their columns, and indexes."""
    with sqlite3.connect(database) as connection:
        found = {("index", name) for name, in connection.execute("select name from sqlite_master where type = 'index' and sql is not null")}
        for name, in connection.execute("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'").fetchall():
            found |= {(name, column[1]) for column in connection.execute(f'pragma table_info("{name}")')}
    return found


@pytest.fixture(scope="module")
def older(farm, tmp_path_factory):
    """A folder as an older program left it: fewer tables, columns and indexes, and customers in it."""
    server = farm.system(name="older").add_admin()
    sheet = tmp_path_factory.mktemp("sheet") / "customers.csv"
    sheet.write_text("客户名称,类型,来源,城市\n" + "".join(f"客户{number},单位,官网,杭州市\n" for number in range(CUSTOMERS)), encoding="utf-8")
    done = server.zhike("import", sheet, "--into", "customers")
    assert done.returncode == 0, done.stderr
    today = shape(server.folder / "zhike.db")
    connection = sqlite3.connect(server.folder / "zhike.db", isolation_level=None)
    for name, in connection.execute("select name from sqlite_master where type = 'index' and name like 'customers\\_\\_ix\\_%' escape '\\'").fetchall():
        connection.execute(f'drop index "{name}"')
    for column in ("remark", "preferred_time", "short_name"):
        connection.execute(f'alter table customers drop column "{column}"')
    connection.execute("drop table announcements")
    connection.execute("delete from _meta where name = 'fingerprint'")
    connection.execute("pragma wal_checkpoint(truncate)")
    connection.close()
    assert shape(server.folder / "zhike.db") < today
    return server.folder, today


class TestUpgradeKilledHalfWay:
    def test_the_next_one_finishes_it(self, older, library, tmp_path):
        folder, today = older

        def upgrade(place, **death):
            disk = Disk(library, place, journal=False)
            disk.fail("death", **death)
            shutil.copytree(folder, place)
            return zhike.run("migrate", "--data", place, env=zhike.environment(**disk.environment)), disk

        whole_run, disk = upgrade(tmp_path / "whole", count=0)
        assert whole_run.returncode == 0, whole_run.stderr
        assert shape(tmp_path / "whole" / "zhike.db") == today
        seen = disk.seen
        assert seen > 10, "the premise: changes of the disk after which to kill"

        def kill(skip: int) -> bool:
            place = tmp_path / f"killed{skip}"
            died, _ = upgrade(place, skip=skip, count=1)
            again = zhike.run("migrate", "--data", place)
            assert again.returncode == 0, f"killed after {skip} of {seen}: {again.stderr}"
            assert shape(place / "zhike.db") == today, f"killed after {skip} of {seen}"
            assert not whole(place / "zhike.db"), f"killed after {skip} of {seen}"
            assert len(kept(place / "zhike.db")[0]) == CUSTOMERS
            checked = zhike.run("verify", "--data", place)
            assert checked.returncode == 0, f"killed after {skip} of {seen}: {checked.stdout}{checked.stderr}"
            return died.returncode == -signal.SIGKILL

        died = at_once(kill, random.Random(20265).sample(range(seen), min(seen, KILLS)))
        assert sum(died) > KILLS // 2, "the premise: upgrades that were killed"
