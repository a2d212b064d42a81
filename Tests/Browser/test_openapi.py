"""The OpenAPI document as a standard's tools see it, and the server as the document describes it."""
import re
import subprocess
import sys
from pathlib import Path

import jsonschema_rs
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

# What a client may send by the document, made by chance from a fixed seed. Sessions are left alone: the caller needs its own.
CHECKS = "not_a_server_error,response_schema_conformance,status_code_conformance,content_type_conformance"
OPTIONS = ["--phases", "fuzzing", "--max-examples", "4", "--seed", "20261123", "--generation-deterministic", "--suppress-health-check", "all", "--workers", "2", "--no-color",
           "--exclude-path", "/api/v1/logout", "--exclude-path", "/api/v1/login", "--request-timeout", "120"]


def test_it_is_openapi_3_1(boss):
    document = boss.raw("GET", "/api/openapi.json").json
    faults = [f"{'/'.join(map(str, fault.path))}: {fault.message[:200]}" for fault in OpenAPIV31SpecValidator(document).iter_errors()]
    assert not faults, "\n".join(faults[:20])


@pytest.mark.parametrize("login", ["gm", "sales01"])
def test_what_a_role_reads_is_what_its_document_says(demo, login):
    """Chance makes few records; the demo company has some of each, and a role that sees a part of them, or sees it masked."""
    api = demo.log_in(login, demo.password)
    document = api.raw("GET", "/api/openapi.json").json
    faults, read = [], 0

    def look(path: str, responses: dict):
        nonlocal read
        answer = api.raw("GET", path)
        media = answer.headers.get("content-type", "").split(";")[0]
        content = responses.get(str(answer.status), {}).get("content", {})
        if media not in content:
            faults.append(f"{path}: {answer.status} {media} is not described")
        elif media in ("application/json", "application/problem+json"):
            read += answer.status == 200
            rules = {"$ref": "#/answer", "answer": content[media]["schema"], "components": document["components"]}
            found = jsonschema_rs.Draft202012Validator(rules, validate_formats=True).iter_errors(answer.json)
            faults.extend(f"{path}: {'/'.join(map(str, fault.instance_path))}: {fault.message[-200:]}" for fault in found)
        return answer

    for path, item in document["paths"].items():
        entity = path.split("/")[3]
        if "get" not in item or entity in ("jobs", "schema", "search"):
            continue
        responses = item["get"]["responses"]
        if path.endswith(f"/{entity}"):
            items = look(path + ("?limit=50" if "{" not in path and "limit" in str(item["get"].get("parameters")) else ""), responses).json.get("items", [])
            for one in items[:2]:
                for inner, other in document["paths"].items():
                    if inner.startswith(path + "/{id}") and inner.count("{") == 1 and "get" in other:
                        look(inner.replace("{id}", str(one["id"])), other["get"]["responses"])
        elif "{" not in path:
            look(path, responses)
    assert not faults, f"{len(faults)} faults\n" + "\n".join(faults[:30])
    assert read > 100


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
