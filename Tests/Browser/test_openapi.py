"""The OpenAPI document as a standard's tools see it, and the server as the document describes it."""
import json
import re
import subprocess
import sys
from pathlib import Path

from openapi_spec_validator import OpenAPIV31SpecValidator

# What a client may send by the document, made by chance from a fixed seed. Sessions are left alone: the caller needs its own.
CHECKS = "not_a_server_error,response_schema_conformance,status_code_conformance,content_type_conformance"
OPTIONS = ["--phases", "fuzzing", "--max-examples", "4", "--seed", "20261123", "--generation-deterministic", "--suppress-health-check", "all", "--workers", "2", "--no-color",
           "--exclude-path", "/api/v1/logout", "--exclude-path", "/api/v1/login", "--request-timeout", "120"]


def test_it_is_openapi_3_1(boss):
    document = boss.raw("GET", "/api/openapi.json").json
    faults = [f"{'/'.join(map(str, fault.path))}: {fault.message[:200]}" for fault in OpenAPIV31SpecValidator(document).iter_errors()]
    assert not faults, "\n".join(faults[:20])


def test_the_server_keeps_what_the_document_says(farm, tmp_path):
    server = farm.system(name="described").add_admin().start()
    boss = server.log_in()
    # Something of everything, so that reading answers records.
    one = boss.make("customers", name="海川贸易", type="company", source="other")
    boss.make("contacts", customer_id=one["id"], name="林知远")
    boss.make("orders", customer_id=one["id"], ordered_on="2026-11-01", lines=[{"product": "水", "quantity": 1, "price_cents": 100}])
    boss.make("interactions", customer_id=one["id"], channel="phone", content="问候", happened_at="2026-11-01T08:00:00Z")
    boss.make("tasks", title="回电")
    document = tmp_path / "openapi.json"
    document.write_bytes(boss.raw("GET", "/api/openapi.json").body)
    command = [Path(sys.executable).parent / "schemathesis", "run", document, "--url", server.url, "-H", f"Authorization: Bearer {boss.token}", "--checks", CHECKS, *OPTIONS]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=3600, cwd=tmp_path)
    said = done.stdout[-12_000:] + done.stderr[-2000:]
    assert done.returncode == 0, said
    tested = re.search(r"Tested: (\d+)", done.stdout)
    assert tested and int(tested.group(1)) > 250, said
    assert server.is_running() and boss.get("/me").status == 200
