"""The key beside the database: a wrong or a missing one is refused before anything is written."""
import re
import shutil
import sqlite3
from contextlib import closing

import pytest
import zhike
from zhike import run

ENGLISH = zhike.environment(LANG="en_US.UTF-8", LC_ALL="en_US.UTF-8")


@pytest.fixture(scope="module")
def house(farm, backend):
    return farm.system(backend, "keys").add_admin()


def state(house):
    """All that is in the database."""
    if house.database:
        return house.database.run("select name, value from zhike.secrets order by name; select count(*) from zhike.audit_entries; select * from zhike._sequences order by name")
    with closing(sqlite3.connect(house.folder / "zhike.db")) as connection:
        return list(connection.iterdump())


@pytest.fixture(params=["wrong", "missing"])
def key(request, house, tmp_path):
    """Another key, or none, in the place of the right one."""
    path, kept = house.folder / "zhike.key", tmp_path / "kept"
    shutil.move(path, kept)
    if request.param == "wrong":
        made = tmp_path / "made"
        run("user", "list", "--data", made, check=True)
        shutil.copy(made / "zhike.key", path)
    yield request.param
    shutil.move(kept, path)


def test_every_command_refuses_it(house, key):
    before = state(house)
    for command in (["serve", "--port", "0"], ["user", "list"], ["migrate"], ["migrate", "--dry-run"], ["verify"], ["token", "list"], ["demo"]):
        done = house.zhike(*command, timeout=120)
        assert done.returncode == 78, (command, done)
        assert "zhike.key" in done.stderr and re.search(r"[\u4e00-\u9fff]", done.stderr), done
    english = house.zhike("user", "list", env=ENGLISH)
    assert english.returncode == 78 and not re.search(r"[\u4e00-\u9fff]", english.stderr.replace(str(house.folder), "")), english
    assert state(house) == before
    assert (house.folder / "zhike.key").exists() == (key == "wrong"), "no key is made in silence"


def test_doctor_says_so(house, key):
    done = house.zhike("doctor")
    assert done.returncode == 1 and any(line.startswith("✗") and "zhike.key" in line for line in done.stdout.splitlines()), done


def test_with_its_own_key_it_opens(house):
    assert house.zhike("user", "list").returncode == 0
    done = house.zhike("doctor")
    assert done.returncode == 0 and "✗" not in done.stdout, done


def test_a_second_instance_with_a_key_of_its_own_is_refused(farm, tmp_path, backend):
    if backend != "postgres":
        pytest.skip("only there do instances share a database")
    first = farm.system(backend, "first").add_admin().start()
    second = zhike.Server(tmp_path / "second", first.database)
    done = second.zhike("serve", "--port", "0", timeout=120)
    assert done.returncode == 78 and not (second.folder / "zhike.key").exists(), done
    run("user", "list", "--data", second.folder, check=True)
    done = second.zhike("serve", "--port", "0", timeout=120)
    assert done.returncode == 78 and "zhike.key" in done.stderr, done
    assert first.is_running()
