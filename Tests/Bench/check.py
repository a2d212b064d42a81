"""Reads what `zhike bench --json` printed: every kind of request must have been answered without an error, and must not ask more of the database, or
send more, than recorded.json says. What is compared does not depend on the machine: statements, rows they gave, steps of SQLite's virtual machine,
bytes of the answer. Processor time is printed only.

    zhike bench --customers 2000 --seconds 0.3 --import 200 --json > bench.json
    python3 Tests/Bench/check.py bench.json [--record]
"""

import json
import pathlib
import sys

RECORDED = pathlib.Path(__file__).with_name("recorded.json")
WANTED = {"list_html_sales", "list_json_manager", "record_html_sales", "record_json_sales", "search_2chars_manager", "create_32_sales", "update_32_sales"}
# How far each may stand above what is recorded: a part of it, and so many. Dates in words and serial numbers change the bytes a little; another
# version of SQLite takes other steps.
LIMITS = {"statements": (0, 0), "rows": (0, 0), "steps": (0.25, 200), "bytes": (0.02, 64)}


def grown(name: str, measured: dict, recorded: dict) -> list:
    """What is more than it was."""
    faults = []
    for what, (part, some) in LIMITS.items():
        now, before = measured.get(what), recorded.get(what)
        if now is None:
            faults.append(f"{name}: {what} not measured")
        elif before is not None and now > before * (1 + part) + some:
            faults.append(f"{name}: {now} {what}, recorded {before}; mend it, or say that it must be so with --record")
    return faults


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        result = json.load(file)
    requests = {entry["name"]: entry for entry in result["requests"]}
    work = {entry["name"]: entry for entry in result["work"]}
    faults = [f"{name}: not measured" for name in sorted(WANTED - requests.keys())]
    faults += [f"{name}: {entry['errors']} errors of {entry['count']}, {entry.get('complaint', '')}" for name, entry in requests.items() if entry["errors"] or not entry["count"]]
    faults += [f"{name}: no rows" for name in ("import_csv", "export_csv", "export_xlsx") if not work.get(name, {}).get("rows")]
    if "--record" in sys.argv:
        present = {name: {what: entry[what] for what in LIMITS} for name, entry in requests.items()}
        RECORDED.write_text(json.dumps(present, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    faults += [f"{name}: recorded, but no longer measured" for name in sorted(recorded.keys() - requests.keys())]
    for name, entry in requests.items():
        faults += grown(name, entry, recorded.get(name, {}))
        print(f"{name:32} {entry.get('statements', 0):4} statements {entry.get('rows', 0):6} rows {entry.get('steps', 0):8} steps {entry.get('bytes', 0):8} bytes {entry['cpu_ms']:8.2f} ms CPU")
    for fault in faults:
        print(f"FAULT {fault}")
    return 1 if faults else 0


sys.exit(main())
