import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "Browser"))
from clock import pytest_configure  # noqa: E402, F401
