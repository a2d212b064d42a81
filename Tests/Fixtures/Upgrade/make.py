"""Makes the fixtures of one month anew, in both databases, with the program of that month:

    python make.py 2026-11 --zhike /path/to/the/program/of/then --postgres postgresql://postgres@127.0.0.1:54329/postgres
"""
import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

HERE = Path(__file__).resolve().parent
BROWSER = HERE.parents[1] / "Browser"
sys.path[:0] = [str(HERE), str(BROWSER)]

import contents  # noqa: E402
import zhike  # noqa: E402
from company import Company, password  # noqa: E402

SHANGHAI = ZoneInfo("Asia/Shanghai")


def months(last: str) -> list:
    """The moments at which somebody works with the program: one in each of four months."""
    year, month = map(int, last.split("-"))
    past = [(year - (month - back <= 0), (month - back - 1) % 12 + 1) for back in (3, 2, 1, 0)]
    return [datetime(year, month, day, 10, 5, tzinfo=SHANGHAI) for (year, month), day in zip(past, (3, 9, 15, 26))]


def clock(folder: Path) -> Path:
    """A library that moves a program's clock (Browser/faults/clock.c)."""
    library = folder / "clock.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", library, BROWSER / "faults" / "clock.c", "-ldl", "-lpthread"], check=True)
    return library


def at(moment: datetime, library: Path) -> dict:
    return zhike.environment(LD_PRELOAD=str(library), TEST_CLOCK_OFFSET=str(round(moment.timestamp() - time.time())))


def live(server: zhike.Server, library: Path, moments: list) -> dict:
    """The company's months in one database; gives what a test must know of it."""
    server.zhike("user", "add", zhike.ADMIN, "--role", "admin", "--password-stdin", stdin=zhike.PASSWORD + "\n", check=True, env=at(moments[0], library))
    company, database = Company(server), contents_of(server)
    for moment, work in zip(moments, (company.first_month, company.second_month, company.third_month, company.fourth_month)):
        server.start(env=at(moment, library))
        company.enter(moment)
        work()
        settle(database)
        stop(server)
    left, answers = rest(company, database, library)
    return {
        "at": left.strftime("%Y-%m-%dT%H:%M"), "users": {zhike.ADMIN: zhike.PASSWORD} | {name: password(name) for name in company.ids["users"]}, "token": company.token,
        "changed": {"entity": "customers", "id": company.customers[4], "words": ["虚构五", "绍兴市"]}, "files": dict(map(json.loads, database.rows({"files": ["id", "sha256"]})["files"])), "answers": answers,
    }


def rest(company: Company, database, library: Path) -> tuple:
    """Starts every hour until the program has nothing left to do: what is late has been said, step by step. Gives the hour, and what is answered then."""
    moment, before = company.now, None
    for _ in range(8):
        moment += timedelta(minutes=61)
        company.server.start(env=at(moment, library))
        settle(database)
        present = digests(database)
        if present == before:
            company.enter(moment)
            answers = company.answers(database)
            stop(company.server)
            return moment, answers
        stop(company.server)
        before = present
    raise SystemExit("the program never comes to rest")


def digests(database) -> dict:
    return {table: entry["sha256"] for table, entry in contents.summary(database)["tables"].items() if table not in ("audit_entries", "audit_seals")}


def stop(server: zhike.Server):
    if server.stop() != 0:
        raise SystemExit(server.log_text[-2000:])


def contents_of(server: zhike.Server):
    return contents.PostgreSQL(server.database.url) if server.database else contents.SQLite(server.folder / "zhike.db")


def settle(database):
    """Until nothing more is written: the jobs that are due have run."""
    before, quiet = None, 0
    while quiet < 3:
        time.sleep(1)
        present = digests(database)
        quiet, before = (quiet + 1, present) if present == before else (0, present)


def pack(path: Path, data: bytes):
    with open(path, "wb") as file, gzip.GzipFile(fileobj=file, mode="wb", compresslevel=9, mtime=0, filename="") as packed:
        packed.write(data)


def keep(server: zhike.Server, place: Path):
    """The database packed, and beside it the key and the files it needs."""
    if server.database:
        dump = subprocess.run(["pg_dump", "--no-owner", "--no-privileges", server.database.url], check=True, capture_output=True).stdout
        pack(place / "company.sql.gz", dump)
    else:
        for step in ("pragma wal_checkpoint(truncate)", "vacuum"):
            contents_of(server).run(step)
        pack(place / "company.sqlite.gz", (server.folder / "zhike.db").read_bytes())
    beside = place / ("postgres" if server.database else "sqlite")
    beside.mkdir()
    shutil.copy(server.folder / "zhike.key", beside)
    shutil.copytree(server.folder / "files", beside / "files")


def written(facts: dict) -> str:
    """JSON with a line for each table, so that what changed can be seen."""
    def show(value, depth: int) -> str:
        if not isinstance(value, dict) or depth == 3:
            return json.dumps(value, ensure_ascii=False)
        inner = ",\n".join("  " * (depth + 1) + json.dumps(name, ensure_ascii=False) + ": " + show(part, depth + 1) for name, part in value.items())
        return "{\n" + inner + "\n" + "  " * depth + "}"

    return show(facts, 0) + "\n"


def main():
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("month", help="the program's month, and the folder's name: 2026-11")
    wanted.add_argument("--zhike", required=True, help="the program of then")
    wanted.add_argument("--postgres", required=True, help="a server on which a database may be made and dropped")
    wanted.add_argument("--commit", default="", help="the program's commit, for the record")
    asked = wanted.parse_args()
    os.environ["ZHIKE_BIN"] = asked.zhike
    moments = months(asked.month)
    with tempfile.TemporaryDirectory(prefix="zhike-upgrade-") as folder:
        folder = Path(folder)
        library, place = clock(folder), folder / "kept"
        place.mkdir()

        def one(name: str) -> dict:
            database = zhike.PostgreSQL(asked.postgres).create() if name == "postgres" else None
            server = zhike.Server(folder / name, database)
            try:
                known = live(server, library, moments)
                keep(server, place)
                return contents.summary(contents_of(server)) | {"known": known}
            finally:
                if server.process and server.is_running():
                    server.stop()
                if database:
                    database.drop()

        facts = dict(zip(("sqlite", "postgres"), zhike.at_once(one, ["sqlite", "postgres"])))
        head = {"program": asked.commit, "left_out": contents.LEFT_OUT | {"…__search…": contents.SEARCH}}
        (place / "expected.json").write_text(written(head | facts), encoding="utf-8")
        shutil.rmtree(HERE / asked.month, ignore_errors=True)
        shutil.copytree(place, HERE / asked.month)
    print(f"{HERE / asked.month}: " + ", ".join(f"{name} {facts[name]['rows']} rows" for name in facts))


if __name__ == "__main__":
    main()
