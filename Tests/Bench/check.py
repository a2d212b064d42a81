"""Reads what `zhike bench --json` printed: every kind of request must have been answered without an error. CPU times are shown beside those
recorded in recorded.json (a debug build's); what has grown much is a warning for a person to judge.

    zhike bench --customers 2000 --seconds 0.3 --import 200 --json > bench.json
    python3 Tests/Bench/check.py bench.json [--record]
"""

import json
import pathlib
import sys

RECORDED = pathlib.Path(__file__).with_name("recorded.json")
WANTED = {"list_html_sales", "list_json_manager", "record_html_sales", "record_json_sales", "search_2chars_manager", "create_32_sales", "update_32_sales"}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        result = json.load(file)
    requests = {entry["name"]: entry for entry in result["requests"]}
    work = {entry["name"]: entry for entry in result["work"]}
    faults = [f"{name}: not measured" for name in sorted(WANTED - requests.keys())]
    faults += [f"{name}: {entry['errors']} errors of {entry['count']}, {entry.get('complaint', '')}" for name, entry in requests.items() if entry["errors"] or not entry["count"]]
    faults += [f"{name}: no rows" for name in ("import_csv", "export_csv", "export_xlsx") if not work.get(name, {}).get("rows")]
    present = {name: entry["cpu_ms"] for name, entry in requests.items()}
    if "--record" in sys.argv:
        RECORDED.write_text(json.dumps(present, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    before = json.loads(RECORDED.read_text(encoding="utf-8")) if RECORDED.exists() else {}
    for name, cpu in present.items():
        recorded = before.get(name)
        note = f"  recorded {recorded:.2f}" + ("  WARNING: much more than before" if cpu > recorded * 1.5 + 0.2 else "") if recorded is not None else ""
        print(f"{name:32} {cpu:8.2f} ms CPU{note}")
    for fault in faults:
        print(f"FAULT {fault}")
    return 1 if faults else 0


sys.exit(main())
