"""The suites at another time: `ZHIKE_TEST_NOW=2027-12-31T23:58` (in Shanghai) sets the clock of the tests, the program and the browser, which goes on
from there (faults/clock.c)."""
import os
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

SOURCE = Path(__file__).parent / "faults" / "clock.c"


def pytest_configure(config):
    now = os.environ.get("ZHIKE_TEST_NOW")
    if not now or "TEST_CLOCK_OFFSET" in os.environ:
        return
    offset = round(datetime.fromisoformat(now).replace(tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() - time.time())
    library = Path(tempfile.mkdtemp(prefix="zhike-clock-")) / "clock.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o", library, SOURCE, "-ldl", "-lpthread"], check=True)
    preloaded = " ".join([str(library), *os.environ.get("LD_PRELOAD", "").split()])
    # The same distance for every process: one that starts later does not go back.
    environment = os.environ | {"LD_PRELOAD": preloaded, "TEST_CLOCK_OFFSET": str(offset)}
    config.pluginmanager.getplugin("capturemanager").stop_global_capturing()
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)
