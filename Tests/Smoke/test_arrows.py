"""A broken arrow and a circle are found: on a copy of the sources in which one is drawn."""
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests"))
import arrows  # noqa: E402


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(ROOT / "Sources", tmp_path / "Sources", ignore=lambda folder, names: [n for n in names if Path(n).suffix not in ("", ".swift")])
    shutil.copy(ROOT / "ARCHITECTURE.md", tmp_path)
    return tmp_path


def test_the_sources_as_they_are(copy):
    assert arrows.main(copy, []) == 0


@pytest.mark.parametrize(("file", "line", "said"), [
    ("Business/Core/Customers/Customer.swift", "import Sales", "Core may not import Sales"),
    ("Business/Service/Tickets/Ticket.swift", "@testable import Sales", "Service may not import Sales"),
    ("Business/Sales/Orders/Order.swift", "import Gate", "Sales may not import Gate"),
    ("Gate/Reading/View.swift", "import struct Core.Customer", "Gate may not import Core"),
    ("Web/Pages/Home/HomePages.swift", "import Storage", "Web may not import Storage"),
    ("Records/Catalog.swift", "import GRDB", "Records may not import GRDB"),
])
def test_an_import_against_the_arrows(copy, capsys, file, line, said):
    path = copy / "Sources" / file
    path.write_text(f"{line}\n{path.read_text()}")
    assert arrows.main(copy, []) == 1
    assert said in capsys.readouterr().err


def test_a_room_that_nobody_has_drawn(copy, capsys):
    (copy / "Sources/Business/Travel").mkdir()
    assert arrows.main(copy, []) == 1
    assert "Sources/Travel is not in the table" in capsys.readouterr().err


def test_capabilities_in_a_circle(copy, capsys):
    path = copy / "Sources/Business/Core/Words/Headings.swift"
    path.write_text(path.read_text() + "\nlet anybody: Customer.Kind? = nil\n")
    assert arrows.main(copy, []) == 1
    assert "in a circle: Core/Customers ⇄ " in capsys.readouterr().err
