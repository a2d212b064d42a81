"""What is in a database: its tables with their rows, as text that is the same whenever the rows are."""
import hashlib
import json
import re
import sqlite3
import subprocess
from collections import Counter

# Why nobody promises their rows to be the same after another start.
LEFT_OUT = {
    "_meta": "how the program last saw its own tables; an upgrade writes it anew",
    "_patches": "patches an upgrade applied",
    "sessions": "who is logged in; a log-in adds one, and reading moves its last use",
    "login_attempts": "every log-in adds one",
    "jobs": "the queue: each start plans what is due, each worker leases and finishes",
    "idempotency_keys": "answers kept for a day",
    "recents": "what somebody last looked at",
    "intake_entries": "counters of throttling",
}
SEARCH = "derived from the rows and rebuilt at will"


def is_left_out(table: str) -> bool:
    return table in LEFT_OUT or "__search" in table or table.startswith(("sqlite_", "search_")) or table == "_search"


# What the program writes of its own accord, by the beginning of the row: it counts its starts and the changes of accounts, and names the key it was written with.
OWN = {"_sequences": re.compile(r'\["(setup|accounts)",'), "secrets": re.compile(r'\[\d+,"key\.mark",')}

# What a start brings up to the program's own: the rights of built-in roles that the company left as they were shipped, and the note of what was shipped; how often new schedules have been armed.
FOLLOWS = {
    "roles": (re.compile(""), {"permissions", "fields", "system", "version", "updated_at", "updated_by"}),
    "secrets": (re.compile(r'\[\d+,"setup\.role\.'), {"value"}),
    "_sequences": (re.compile(r'\["job_schedules",'), {"value"}),
}


class SQLite:
    def __init__(self, file):
        self.file = file

    def _ask(self, *questions: str) -> list:
        """The answers to all of them, at one moment."""
        connection = sqlite3.connect(self.file, timeout=30, isolation_level=None)
        try:
            connection.execute("begin")
            return [connection.execute(question).fetchall() for question in questions]
        finally:
            connection.close()

    def columns(self) -> dict:
        found = {}
        for table, column in self._ask("select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and m.name not like '%\\_\\_search%' escape '\\' order by m.name, c.name")[0]:
            if not is_left_out(table):
                found.setdefault(table, []).append(column)
        return {table: sorted(columns) for table, columns in found.items()}

    def rows(self, wanted: dict) -> dict:
        answers = self._ask(*(f"select {spelled(columns)} from \"{table}\"" for table, columns in wanted.items()))
        return {table: promised(table, map(line, rows)) for table, rows in zip(wanted, answers)}

    def last_ids(self) -> dict:
        """The highest identity that was ever given: none is given twice."""
        return {name: last for name, last in self._ask("select name, seq from sqlite_sequence order by name")[0] if not is_left_out(name)}

    def run(self, sql: str):
        """Behind the program's back."""
        connection = sqlite3.connect(self.file, isolation_level=None)
        connection.execute(sql)
        connection.close()


class PostgreSQL:
    def __init__(self, url: str):
        self.url = url

    def _ask(self, sql: str) -> list:
        done = subprocess.run(["psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", self.url], input=sql, capture_output=True, text=True, check=True)
        return [json.loads(text) for text in done.stdout.splitlines()]

    def columns(self) -> dict:
        found = {}
        for table, column in self._ask(
            "select json_build_array(table_name, column_name) from information_schema.columns join information_schema.tables using (table_schema, table_name)"
            " where table_schema = 'zhike' and table_type = 'BASE TABLE' order by table_name"):
            if not is_left_out(table):
                found.setdefault(table, []).append(column)
        return {table: sorted(columns) for table, columns in found.items()}

    def rows(self, wanted: dict) -> dict:
        found = {table: [] for table in wanted}
        # The table's name stands before each row.
        asked = ";\n".join(f"select jsonb_build_array('{table}', to_jsonb(r)) from (select {spelled(columns)} from zhike.\"{table}\") r" for table, columns in wanted.items())
        for table, row in self._ask(asked):
            found[table].append(line([row[column] for column in wanted[table]]))
        return {table: promised(table, rows) for table, rows in found.items()}

    def run(self, sql: str):
        subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", self.url, "-c", f"set search_path to zhike; {sql}"], check=True, capture_output=True)

    def last_ids(self) -> dict:
        pairs = self._ask("select json_build_array(sequencename, coalesce(last_value, 0)) from pg_sequences where schemaname = 'zhike' order by sequencename")
        return {name.removesuffix("_id_seq"): last for name, last in pairs if not is_left_out(name.removesuffix("_id_seq"))}


def spelled(columns: list) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def line(row) -> str:
    """A row as text; its columns are in the order of their names."""
    return json.dumps(list(row), ensure_ascii=False, separators=(",", ":"))


def promised(table: str, rows) -> list:
    return [row for row in rows if table not in OWN or not OWN[table].match(row)]


def followed(table: str, columns: list, rows) -> Counter:
    """The rows without what follows the program."""
    beginning, own = FOLLOWS.get(table, (None, ()))

    def kept(row: str) -> str:
        return line(value for column, value in zip(columns, json.loads(row)) if column not in own) if beginning and beginning.match(row) else row

    return Counter(map(kept, rows))


def digest(rows: list) -> str:
    """Of all rows in whatever order."""
    return hashlib.sha256("\n".join(sorted(hashlib.sha256(row.encode("utf-8", "surrogatepass")).hexdigest() for row in rows)).encode()).hexdigest()


def summary(database) -> dict:
    columns = database.columns()
    rows = database.rows(columns)
    return {
        "audit_entries": len(rows["audit_entries"]),
        "rows": sum(map(len, rows.values())),
        "last_ids": database.last_ids(),
        "tables": {table: {"rows": len(rows[table]), "sha256": digest(rows[table]), "columns": columns[table]} for table in sorted(columns)},
    }


def differences(expected: dict, database, grown: dict | None = None, was: dict | None = None, started: bool = False) -> list:
    """What a database holds otherwise than a summary says, over the columns of that summary. Tables in `grown` (a name to why) may have more rows.
    `was`: the rows as they were, for saying which ones differ and for seeing that all of them are still in a table that grew. `started`: the program has been
    started since, and has brought up what follows it."""
    wanted = {table: entry["columns"] for table, entry in expected["tables"].items()}
    present, faults = database.columns(), []
    for table, columns in wanted.items():
        if lost := sorted(set(columns) - set(present.get(table, []))):
            faults.append(f"{table}: without {'its table' if table not in present else ', '.join(lost)}")
    rows = database.rows({table: columns for table, columns in wanted.items() if set(columns) <= set(present.get(table, []))})
    for table, found in rows.items():
        entry = expected["tables"][table]
        if digest(found) == entry["sha256"]:
            continue
        before, after = [followed(table, entry["columns"], rows) if started else Counter(rows) for rows in ((was or {}).get(table, []), found)]
        lost, new = list((before - after).elements()) if was else [], list((after - before).elements()) if was else []
        if was and not lost and (table in (grown or {}) or started and not new):
            continue
        shown = "".join(f"\n  - {row[:600]}" for row in lost[:3]) + "".join(f"\n  + {row[:600]}" for row in new[:3])
        faults.append(f"{table}: {len(found)} rows instead of {entry['rows']}, {entry['columns'] if shown else 'not the same'}{shown}")
    last_ids = database.last_ids()
    faults += [f"{table}: identities after {last_ids.get(table)} would be given again, {last} had been" for table, last in expected["last_ids"].items() if (last_ids.get(table) or 0) < last]
    return faults
