"""What is wrong with the table of what works is found: on a copy in which one thing is broken."""
import re
import runpy
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Not by its name, which a library has as well.
look = runpy.run_path(str(ROOT / "Tests/coverage.py"))["main"]


@pytest.fixture
def copy(tmp_path):
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT / "docs/coverage.md", tmp_path / "docs")
    (tmp_path / "Tests").symlink_to(ROOT / "Tests")
    return tmp_path


def change(copy, pattern, to):
    path = copy / "docs/coverage.md"
    text, count = re.subn(pattern, to, path.read_text(), count=1, flags=re.M)
    assert count == 1, pattern
    path.write_text(text)


def test_the_table_as_it_is(copy):
    assert look(copy, []) == 0


@pytest.mark.parametrize(("pattern", "to", "said"), [
    (r"条：works \d+", "条：works 224", "the head has other figures"),
    (r"项：works \d+", "项：works 136", "the head has other figures"),
    (r"^需求编号 .+$", "", "the head has other figures"),
    (r"^(\| B3 .+\n)", r"\1\1", "B3 is there 2 times"),
    (r"^\| I30 .+\n", "", "I30 is not there"),
    (r"^\| M7 ", "| M137 ", "M137 is no number of the requirements"),
    (r"^(\| C1 .+\n)(\| C2 .+\n)", r"\2\1", "C2 stands where C1 belongs"),
    (r"^(\| D1 .+?) \| no \|", r"\1 | soon |", "D1 is “soon”"),
    (r"^(\| \w+ \| [^|]+ \| works) \| [^|]+ \|", r"\1 | — |", "works, but nothing says where"),
    (r"^(\| \w+ \| [^|]+ \| partly) \| [^|]+ \|", r"\1 | — |", "works partly, but nothing says what is missing"),
    (r"Tests\.swift \|$", "Test.swift |", "which is not there"),
    (r"^(\| E1 .+) \|$", r"\1 | — |", "6 columns instead of 5"),
])
def test_what_is_wrong(copy, capsys, pattern, to, said):
    change(copy, pattern, to)
    assert look(copy, []) == 1
    assert said in capsys.readouterr().err


def test_figures_are_brought_up_to_date(copy):
    before = (copy / "docs/coverage.md").read_text()
    change(copy, r"条：works \d+", "条：works 224")
    assert look(copy, ["--write"]) == 0
    assert (copy / "docs/coverage.md").read_text() == before


def test_a_wrong_row_is_not_counted_away(copy, capsys):
    change(copy, r"^(\| B3 .+\n)", r"\1\1")
    assert look(copy, ["--write"]) == 1
    assert "B3 is there 2 times" in capsys.readouterr().err
