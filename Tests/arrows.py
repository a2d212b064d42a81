#!/usr/bin/env python3
"""Whether the arrows run as ARCHITECTURE.md has them: what each room imports, and which capability of the trade uses which.

    Tests/arrows.py                  prints the graph of the capabilities; fails on a wrong import and on a circle (part of bin/test)
    Tests/arrows.py --why A B        the places where capability A uses B
"""
import re
import sys
from collections import defaultdict
from pathlib import Path

SYSTEM = {"Foundation", "FoundationEssentials", "FoundationNetworking", "Synchronization", "Dispatch", "Glibc", "Musl"}
# Libraries of others that a room may see; the executable sees all.
LIBRARIES = {
    "Formats": {"CLibzip", "CLibxml", "CXlsxWriter"},
    "Channels": {"CurlShim"},
    "Storage": {"GRDB", "GRDBSQLite", "CLibpq"},
    "Gate": {"Crypto", "CryptoExtras"},
    "Web": {"Hummingbird", "HummingbirdCore", "HTTPTypes", "NIOCore", "NIOHTTP1", "Logging", "Crypto", "CZlib", "CQrencode"},
}
IMPORT = re.compile(
    r"^ *(?:@\w+(?:\(\w+\))? +)*(?:(?:public|package|internal|private|fileprivate) +)?"
    r"import +(?:(?:struct|class|enum|protocol|func|var|let|typealias) +)?(\w+)", re.M)
DECLARED = re.compile(r"^(?:public |package |final |private |fileprivate )*(?:struct|enum|class|protocol|typealias) +([A-Z]\w*)", re.M)
NAMED = re.compile(r"(?<![\w.])[A-Z]\w*")


def table(text: str) -> dict[str, set[str] | None]:
    """By room, the rooms that it may import as the table of "Rooms and arrows" says; None where it may import everything."""
    rooms: dict[str, set[str] | None] = {}
    for names, targets in re.findall(r"^([A-Za-z, ]+?) +→ ([^+\n]*)", text, re.M):
        for name in names.split(", "):
            rooms[name] = None if "everything" in targets else set(re.findall(r"\b[A-Z]\w+\b", targets.split("  ")[0]))
    return rooms


def folder(root: Path, room: str) -> Path:
    inner = root / "Sources/Business" / room
    return inner if inner.is_dir() else root / "Sources" / room


def wrong_imports(root: Path) -> list[str]:
    rooms = table((root / "ARCHITECTURE.md").read_text())
    faults = [f"Sources/{path.name} is not in the table of ARCHITECTURE.md"
              for path in [*(root / "Sources").iterdir(), *(root / "Sources/Business").glob("*")]
              if path.is_dir() and path.name not in rooms and path.name != "Business" and not path.name.startswith("C")]
    for room, allowed in rooms.items():
        if allowed is None:
            continue
        for file in sorted(folder(root, room).rglob("*.swift")):
            for name in IMPORT.findall(file.read_text()):
                if name not in allowed | SYSTEM | LIBRARIES.get(room, set()):
                    faults.append(f"{file.relative_to(root)}: {room} may not import {name}")
    return faults


def code(text: str) -> str:
    """Without comments and texts; what is put into a text by `\\(…)` stays."""
    text = re.sub(r"^\s*//.*$", "", text, flags=re.M)
    return re.sub(r'"(?:[^"\\]|\\.)*"', lambda found: " ".join(re.findall(r"\\\(([^)]*)\)", found.group(0))), text)


def uses(root: Path) -> dict[str, dict[str, list[str]]]:
    """For each capability (a folder: Sales/Leads; what lies in the room itself puts its capabilities together) those that it names types of."""
    business = root / "Sources/Business"
    files = {file: "/".join(file.relative_to(business).parts[:-1]) for file in sorted(business.rglob("*.swift"))}
    owner = {}
    for file, own in files.items():
        for name in DECLARED.findall(file.read_text()):
            owner.setdefault(name, own)
    graph: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for file, own in files.items():
        graph[own] = graph[own]
        for number, line in enumerate(code(file.read_text()).splitlines(), 1):
            for name in NAMED.findall(line):
                if owner.get(name, own) != own:
                    graph[own][owner[name]].append(f"{file.relative_to(business)}:{number} {name}")
    return graph


def circles(graph: dict) -> list[list[str]]:
    """The groups whose members reach each other (Tarjan, SIAM J. Comput. 1972)."""
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in graph.get(node, {}):
            if other not in index:
                visit(other)
            if other in stack:
                low[node] = min(low[node], low[other])
        if low[node] == index[node]:
            group = [stack.pop()]
            while group[-1] != node:
                group.append(stack.pop())
            if len(group) > 1:
                found.append(sorted(group))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found


def main(root: Path, arguments: list[str]) -> int:
    graph = uses(root)
    if arguments[:1] == ["--why"]:
        print("\n".join(graph[arguments[1]][arguments[2]]))
        return 0
    for own in sorted(graph):
        print(f"{own:24} → {', '.join(sorted(graph[own])) or '–'}")
    faults = wrong_imports(root) + [f"in a circle: {' ⇄ '.join(group)}" for group in circles(graph)]
    print("\n".join(faults), file=sys.stderr, end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parents[1], sys.argv[1:]))
