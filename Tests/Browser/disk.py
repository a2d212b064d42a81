"""A disk that can be watched and made to fail (faults/disk.c), and what would be on it after a power cut."""
import mmap
import os
import random
import re
import shutil
import struct
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent / "faults" / "disk.c"
CREATE, WRITE, TRUNCATE, SYNC, FAILED_SYNC, RENAME, UNLINK, MKDIR, RMDIR = range(1, 10)
EIO, ENOSPC, EROFS = 5, 28, 30
SECTOR = 512


def library(folder: Path) -> Path:
    """The library to preload, built in `folder`."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        pytest.skip("no C compiler for the failing disk (apt-get install gcc libc6-dev)")
    target = folder / "disk.so"
    if not target.exists():
        subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o", target, SOURCE, "-ldl", "-lpthread"], check=True)
    return target


class Disk:
    """The disk under one data folder: what is done to it is written down, and chosen calls fail."""
    FAULTS = struct.Struct("=8i32s")

    def __init__(self, library: Path, folder: Path, journal: bool = True):
        self.library, self.folder = library, Path(folder)
        self.journal = self.folder.parent / (self.folder.name + ".journal") if journal else None
        control = self.folder.parent / (self.folder.name + ".faults")
        control.write_bytes(bytes(self.FAULTS.size))
        self.control = control
        with open(control, "r+b") as file:
            self.faults = mmap.mmap(file.fileno(), self.FAULTS.size)

    @property
    def environment(self) -> dict:
        # Beside what is preloaded already, such as another clock.
        preloaded = " ".join([str(self.library), *os.environ.get("LD_PRELOAD", "").split()])
        more = {"LD_PRELOAD": preloaded, "ZHIKE_DISK_FOLDER": str(self.folder), "ZHIKE_DISK_FAULTS": str(self.control)}
        return more | ({"ZHIKE_DISK_JOURNAL": str(self.journal)} if self.journal else {})

    def fail(self, kind: str, error: int = EIO, skip: int = 0, count: int = -1, suffix: str = "", short: bool = False):
        """From now on the calls of this kind (`sync`, `write`) on files with this ending fail: after `skip` of them, `count` times (-1: always). `death`:
        the program is killed after so many changes of the disk. `slow`: each synchronisation waits until the disk heals."""
        # The kind last: the program looks at it first.
        kinds = {"sync": 1, "write": 2, "death": 3, "slow": 4}
        self.faults[:28] = self.FAULTS.pack(0, skip, count, error, int(short), 0, 0, 0, b"")[:28]
        self.faults[32:] = self.FAULTS.pack(0, 0, 0, 0, 0, 0, 0, 0, suffix.encode())[32:]
        self.faults[:4] = struct.pack("=i", kinds[kind])

    def heal(self):
        self.faults[:4] = struct.pack("=i", 0)

    @contextmanager
    def outliving(self):
        """The program that ends by itself does not do so before this is over, however long it takes to see what it does until then."""
        self.faults[28:32] = struct.pack("=i", 1)
        try:
            yield
        finally:
            self.faults[28:32] = struct.pack("=i", 0)

    @property
    def hits(self) -> int:
        """How many calls have failed."""
        return self.FAULTS.unpack(self.faults[:])[5]

    @property
    def seen(self) -> int:
        """How many calls of the kind there were."""
        return self.FAULTS.unpack(self.faults[:])[6]

    @property
    def written(self) -> int:
        """How long the journal is: what stands before was done before now."""
        return self.journal.stat().st_size if self.journal.exists() else 0


@dataclass
class Operation:
    end: int
    op: int
    path: str
    other: str
    file: int
    offset: int
    data: bytes


HEADER = struct.Struct("=4IQq")


# Whether each recording is read as that of a program without `synchronous=FULL`: then the tests of power cuts must fail.
IS_CARELESS = bool(os.environ.get("ZHIKE_FAULT_CARELESS"))


def operations(journal: Path) -> list:
    """The journal's entries; `end` is where each ends."""
    raw, at, found = journal.read_bytes(), 0, []
    while at + HEADER.size <= len(raw):
        op, path, other, length, file, offset = HEADER.unpack_from(raw, at)
        at += HEADER.size
        texts = raw[at:at + path].decode(), raw[at + path:at + path + other].decode()
        at += path + other
        found.append(Operation(at + length, op, *texts, file, offset, raw[at:at + length]))
        at += length
    return careless(found) if IS_CARELESS else found


def careless(operations: list) -> list:
    """The same without what `synchronous=FULL` adds, the log's synchronisation at each commit."""
    return [one for one in operations if not (one.op == SYNC and one.path.endswith("-wal"))]


def in_log_only(operations: list, acknowledged: list, name: re.Pattern) -> list:
    """After each operation, how many of the acknowledged writes, pairs of a name and how far the journal was then, can be nowhere but in the log: they
    came into it after the main file was last synchronised. `name` finds the names in what is written."""
    waiting, logged, settled, count, counts = sorted((at, one) for one, at in acknowledged), {}, -1, 0, []
    waiting.reverse()
    for number, one in enumerate(operations):
        if one.op == WRITE and one.path.endswith("-wal"):
            for found in name.findall(one.data):
                logged.setdefault(found.decode(), number)
        elif one.op == SYNC and one.path.endswith("/zhike.db"):
            settled, count = number, 0
        while waiting and waiting[-1][0] <= one.end:
            count += logged.get(waiting.pop()[1], -1) > settled
        counts.append(count)
    return counts


class PowerCut:
    """What is on the disk when the power goes after the first `count` operations.

    What was synchronised is there. Of the rest each write may be there, whole, torn at a sector or not at all, in any order; of what was done to the
    names in a folder since that folder was synchronised, a first part is there. A failed synchronisation makes nothing safe, then or later.
    """

    def __init__(self, operations: list, count: int, chance: random.Random, keep: float):
        self.operations, self.chance, self.keep = operations[:count], chance, keep

    def lay_down(self, root: Path, target: Path):
        """Writes the files as they would be found into `target`, which stands for `root`."""
        names, writes = self._replay(str(root))
        for path, file in names.items():
            place = target / os.path.relpath(path, root)
            if file is None:
                place.mkdir(parents=True, exist_ok=True)
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(self._content(writes[file]))

    def _replay(self, root: str):
        current, writes, pending, at_first = {}, {}, {}, {root: None}
        names = dict(at_first)
        number = 0
        for one in self.operations:
            if one.op == CREATE:
                # The system gives the number of a removed file again.
                number += 1
                current[one.file] = number
                writes[number] = []
                pending.setdefault(os.path.dirname(one.path), []).append((one.op, one.path, number))
            elif one.op in (WRITE, TRUNCATE):
                if one.file in current:
                    writes[current[one.file]].append([one, "pending"])
            elif one.op in (SYNC, FAILED_SYNC):
                if one.offset:
                    if one.op == SYNC:
                        for change in pending.pop(one.path, []):
                            self._name(names, change)
                elif one.file in current:
                    for write in writes[current[one.file]]:
                        if write[1] == "pending":
                            write[1] = "safe" if one.op == SYNC else "lost"
            else:
                pending.setdefault(os.path.dirname(one.other or one.path), []).append((one.op, one.path, one.other))
        for changes in pending.values():
            for change in changes[:self.chance.choice([0, len(changes), self.chance.randint(0, len(changes))])]:
                self._name(names, change)
        return names, writes

    @staticmethod
    def _name(names: dict, change):
        op, path, other = change
        if op == CREATE:
            names[path] = other
        elif op == MKDIR:
            names.setdefault(path, None)
        elif op == RENAME:
            # With a folder goes what is in it; a name that never came to the disk cannot go away from it.
            for name in [name for name in names if name == path or name.startswith(path + "/")]:
                names[other + name[len(path):]] = names.pop(name)
        else:
            names.pop(path, None)

    def _content(self, writes: list) -> bytes:
        content = bytearray()
        for one, state in writes:
            if state == "lost" or state == "pending" and self.chance.random() >= self.keep:
                continue
            if one.op == TRUNCATE:
                del content[one.offset:]
                content.extend(bytes(one.offset - len(content)))
                continue
            pieces = [(one.offset, one.data)]
            if state == "pending" and self.chance.random() < 0.4:
                pieces = [piece for piece in sectors(one.offset, one.data) if self.chance.random() < 0.6]
            for offset, data in pieces:
                if len(content) < offset + len(data):
                    content.extend(bytes(offset + len(data) - len(content)))
                content[offset:offset + len(data)] = data
        return bytes(content)


def sectors(offset: int, data: bytes):
    at = 0
    while at < len(data):
        length = min(SECTOR - (offset + at) % SECTOR, len(data) - at)
        yield offset + at, data[at:at + length]
        at += length
