"""The program under test, from outside: its process, its REST interface, its databases."""
import http.client
import json
import os
import random
import re
import secrets
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADMIN = "boss"
PASSWORD = "correct horse 电池 staple"


def binary() -> str:
    """ZHIKE_BIN, or the newest program built in this checkout."""
    if given := os.environ.get("ZHIKE_BIN"):
        return given
    built = [path for path in (ROOT / ".build" / kind / "zhike" for kind in ("release", "debug")) if path.exists()]
    if not built:
        raise RuntimeError("no program: run `swift build` first, or name one with ZHIKE_BIN")
    return str(max(built, key=lambda path: path.stat().st_mtime))


def environment(**more: str) -> dict:
    """Ours without ZHIKE_… settings that would change the program's behaviour."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ZHIKE_")}
    return kept | {"LANG": "C.UTF-8"} | more


def run(*arguments, stdin: str = "", timeout: float = 600, check: bool = False, cwd=ROOT, env=None) -> subprocess.CompletedProcess:
    done = subprocess.run([binary(), *map(str, arguments)], input=stdin, capture_output=True, text=True, timeout=timeout, cwd=cwd, env=env or environment())
    if check and done.returncode != 0:
        raise AssertionError(f"zhike {' '.join(map(str, arguments))} ended with {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def until(condition, what: str, seconds: float = 120, pause: float = 0.02):
    """What `condition()` gives as soon as it gives something. The bound is for what never comes, not for what is slow."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds:g} s in vain: {what}")
        time.sleep(pause)
    return found


def on_one_day(seconds: float = 120):
    """What follows, if it takes no longer, happens on one day in Shanghai: a midnight that is near is let pass first."""
    left = 86_400 - (time.time() + 8 * 3600) % 86_400
    if left < seconds:
        time.sleep(left + 1)


def at_once(work, parts: list) -> list:
    """What `work` gives for each part, as many of them at once as there are processors."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(work, parts))


class TakenPort:
    """A port that nobody else gets, and on which nobody answers, while this is open."""

    def __enter__(self) -> int:
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        return self.socket.getsockname()[1]

    def __exit__(self, *_):
        self.socket.close()


def free_port() -> int:
    """For a program that cannot choose one itself: outside the range from which the system gives ports to whoever connects or asks for any."""
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0]) if Path("/proc/sys").exists() else 32_768
    chance = random.SystemRandom()
    while True:
        port = chance.randrange(max(10_240, lowest - 16_384), max(lowest, 20_000))
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass


class PostgreSQL:
    """A fresh database on the server that ZHIKE_TEST_POSTGRES names."""

    def __init__(self, url: str):
        self.server, self.name = url, "zhike_browser_" + secrets.token_hex(5)
        parts = urllib.parse.urlsplit(url)
        self.url = parts._replace(path="/" + self.name).geturl()

    def _psql(self, sql: str):
        subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", self.server, "-c", sql], check=True, capture_output=True, text=True)

    def run(self, sql: str) -> str:
        """Behind the program's back."""
        return subprocess.run(["psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", self.url, "-c", sql], check=True, capture_output=True, text=True).stdout

    def create(self):
        self._psql(f'CREATE DATABASE "{self.name}"')
        return self

    def drop(self):
        self._psql(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


@dataclass
class Answer:
    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def __repr__(self):
        return f"<{self.status} {self.text[:400]}>"


class Api:
    """One caller of the REST interface. Connections are kept per thread."""

    def __init__(self, port: int, token: str | None = None, prefix: str = "/api/v1"):
        self.port, self.token, self.prefix = port, token, prefix
        self._local = threading.local()

    def raw(self, method: str, path: str, body: bytes | None = None, headers: dict | None = None, timeout: float = 120) -> Answer:
        headers = dict(headers or {})
        if self.token and "Authorization" not in headers:
            headers["Authorization"] = "Bearer " + self.token
        headers = {name: value for name, value in headers.items() if value is not None}
        for attempt in (1, 2):
            connection = getattr(self._local, "connection", None)
            is_fresh = connection is None
            if is_fresh:
                connection = self._local.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
            try:
                connection.request(method, path, body=body, headers=headers)
                response = connection.getresponse()
                data = response.read()
                if response.will_close:
                    self.close()
                return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, data)
            except (http.client.HTTPException, OSError):
                self.close()
                # Only a kept connection may have been closed by the server before it read the request.
                if is_fresh or attempt == 2:
                    raise
        raise AssertionError("not reached")

    def close(self):
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
        self._local.connection = None

    def call(self, method: str, path: str, json_body=None, *, headers: dict | None = None, **query) -> Answer:
        url = path if path.startswith("/api/") or path == "/healthz" else self.prefix + path
        pairs = [(name, str(value)) for name, value in query.items() if value is not None]
        if pairs:
            url += ("&" if "?" in url else "?") + urllib.parse.urlencode(pairs)
        body = None
        headers = dict(headers or {})
        if json_body is not None:
            body = json.dumps(json_body, ensure_ascii=False).encode("utf-8", "surrogatepass")
            headers.setdefault("Content-Type", "application/json")
        return self.raw(method, url, body, headers)

    def get(self, path, **query): return self.call("GET", path, **query)
    def post(self, path, body=None, **more): return self.call("POST", path, {} if body is None else body, **more)
    def patch(self, path, body, **more): return self.call("PATCH", path, body, **more)
    def delete(self, path, **more): return self.call("DELETE", path, **more)

    def list(self, entity: str, filters: dict | None = None, **query) -> dict:
        """A list's answer; `filters` are `{"level_id": 1, "name][contains": "x"}`, spelled as the address wants them."""
        answer = self.get(f"/{entity}", **{f"filter[{name}]": value for name, value in (filters or {}).items()}, **query)
        assert answer.status == 200, answer
        return answer.json

    def count(self, entity: str, filters: dict | None = None, **query) -> int:
        page = self.list(entity, filters, limit=1, **query)
        if not page["count_capped"]:
            return page["count"]
        return sum(1 for _ in self.walk(entity, filters, **query))

    def walk(self, entity: str, filters: dict | None = None, **query):
        """Every record of a list, page by page."""
        cursor = None
        query = {"limit": 500} | query
        while True:
            page = self.list(entity, filters, count="none", cursor=cursor, **query)
            yield from page["items"]
            cursor = page["next"]
            if not cursor:
                return

    def make(self, entity: str, **fields) -> dict:
        answer = self.post(f"/{entity}", fields)
        assert answer.status == 201, answer
        return answer.json

    def read(self, entity: str, id: int) -> dict:
        answer = self.get(f"/{entity}/{id}")
        assert answer.status == 200, answer
        return answer.json

    def log_in(self, username: str, password: str) -> "Api":
        answer = Api(self.port).post("/login", {"username": username, "password": password})
        assert answer.status == 200, answer
        return Api(self.port, answer.json["token"])

    def wait(self, job: dict | int, seconds: float = 600) -> dict:
        id = job["id"] if isinstance(job, dict) else job

        def over():
            answer = self.get(f"/jobs/{id}")
            assert answer.status == 200, answer
            return answer.json if answer.json["status"] in ("done", "failed", "cancelled", "dead") else None

        return until(over, f"the end of job {id}", seconds, pause=0.05)

    def upload(self, path: str, file: bytes, name: str = "表格.csv", **fields: str) -> Answer:
        boundary = "zhike" + secrets.token_hex(8)
        parts = []
        for key, value in fields.items():
            parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode())
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode() + file + b"\r\n")
        parts.append(f"--{boundary}--\r\n".encode())
        return self.raw("POST", self.prefix + path, b"".join(parts), {"Content-Type": f"multipart/form-data; boundary={boundary}"}, timeout=600)


@dataclass
class Server:
    """One `zhike serve` on a data folder of its own."""

    folder: Path
    database: PostgreSQL | None = None
    port: int = 0
    process: subprocess.Popen | None = None
    url: str = ""
    log: Path = field(default=Path())
    said_before: int = 0

    def __post_init__(self):
        self.folder = Path(self.folder)
        self.log = self.folder.parent / (self.folder.name + ".log")

    @property
    def options(self) -> list:
        return ["--data", str(self.folder)] + (["--database", self.database.url] if self.database else [])

    def zhike(self, *arguments, **more) -> subprocess.CompletedProcess:
        return run(*arguments, *self.options, **more)

    def add_admin(self) -> "Server":
        """The first administrator; a folder that has one is made once and copied, for hashing a password takes its time."""
        pattern = self.folder.parent / "with-admin"
        if self.database is None and pattern.exists():
            shutil.copytree(pattern, self.folder)
            return self
        self.zhike("user", "add", ADMIN, "--role", "admin", "--password-stdin", stdin=PASSWORD + "\n", check=True)
        if self.database is None:
            shutil.copytree(self.folder, pattern)
        return self

    def launch(self, *more: str, env: dict | None = None) -> "Server":
        """Starts the process without waiting for it, on a port that the system chooses, another one at each start."""
        self.port, self.url = 0, ""
        with open(self.log, "ab") as log:
            self.said_before = log.tell()
            self.process = subprocess.Popen(
                [binary(), "serve", "--port", "0", *self.options, *more], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=ROOT, env=env or environment())
        return self

    def start(self, *more: str, seconds: float = 180, env: dict | None = None) -> "Server":
        self.launch(*more, env=env)
        self.wait_ready(seconds)
        return self

    def wait_ready(self, seconds: float = 180):
        def is_ready():
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended with {self.process.returncode}\n{self.log_text[-3000:]}")
            said = self.log.read_bytes()[self.said_before:].decode("utf-8", "replace")
            # The line is there as a whole when it has an end.
            if not (found := re.search(r"(?:知客已启动：|zhike is running: )http://[^:\n]+:(\d+)\n", said)):
                return False
            self.port = int(found.group(1))
            self.url = f"http://127.0.0.1:{self.port}"
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                connection.request("GET", "/healthz")
                return connection.getresponse().status == 200
            except OSError:
                return False

        until(is_ready, f"{self.folder.name} ready", seconds, pause=0.03)

    @property
    def log_text(self) -> str:
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    @property
    def set_up_link(self) -> str | None:
        found = re.findall(r"http://\S+/setup\?token=\S+", self.log_text)
        return found[-1] if found else None

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self, seconds: float = 120) -> int:
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"the server does not stop within {seconds} s of SIGTERM")

    def kill(self):
        if self.is_running():
            self.process.kill()
            self.process.wait()

    def api(self, token: str | None = None) -> Api:
        return Api(self.port, token)

    def log_in(self, username: str = ADMIN, password: str = PASSWORD) -> Api:
        return Api(self.port).log_in(username, password)


def check_problem(answer: Answer, status: int):
    """An error's body is problem details (RFC 9457) that quotes the request."""
    assert answer.status == status, answer
    assert answer.headers["content-type"].startswith("application/problem+json"), answer.headers
    problem = answer.json
    assert problem["status"] == status and problem["title"] and problem["detail"] and problem["type"]
    assert re.fullmatch(r"[0-9a-f]{8,}", problem["request_id"]), problem
    assert answer.headers["x-request-id"] == problem["request_id"]
    assert isinstance(problem["errors"], list)
    for error in problem["errors"]:
        assert set(error) == {"field", "code", "message"} and error["code"] and error["message"]
    return problem


class Web:
    """One browser without scripts: cookies, forms, the anti-forgery token."""

    def __init__(self, port: int):
        self.port, self.cookies, self.csrf = port, {}, ""

    def send(self, method: str, path: str, fields=None, headers: dict | None = None, follow: bool = True) -> Answer:
        headers = dict(headers or {})
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if fields is not None:
            body = urllib.parse.urlencode(fields, doseq=True).encode()
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request(method, path, body=body, headers=headers)
        response = connection.getresponse()
        data = response.read()
        connection.close()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, rest = value.split("=", 1)
                self.cookies[key] = rest.split(";", 1)[0]
                if not self.cookies[key] or "Max-Age=0" in value:
                    self.cookies.pop(key)
        answer = Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, data)
        if found := re.search(r'name="_csrf"[^>]*value="([^"]+)"', answer.text):
            self.csrf = found.group(1)
        if follow and answer.status in (301, 302, 303, 307) and "location" in answer.headers:
            return self.send("GET", answer.headers["location"])
        return answer

    def get(self, path: str, **more) -> Answer: return self.send("GET", path, **more)

    def post(self, path: str, fields: dict | list | None = None, **more) -> Answer:
        pairs = list(fields.items()) if isinstance(fields, dict) else list(fields or [])
        return self.send("POST", path, pairs + [("_csrf", self.csrf)], **more)

    def log_in(self, username: str = ADMIN, password: str = PASSWORD) -> "Web":
        self.get("/login")
        answer = self.post("/login", {"username": username, "password": password})
        assert "zhike_session" in self.cookies, answer
        return self
