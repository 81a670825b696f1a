"""Memory: so many events take no more of it than a few, beyond the bytes of one file."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FULL = os.environ.get("Q2C_HAMMER") == "1"
EVENTS = 1_000_000 if FULL else 60_000
LARGEST = 160 if FULL else 110  # mebibytes beyond the file itself
CHILD = """
import sys
from pathlib import Path
from q2c.core.usage.metering import Days, Meter
from q2c.exchange.usagefile import Faults, read_events
from q2c.store.usage.index import Index

data, faults = Path(sys.argv[1]).read_bytes(), Faults("events.csv")
index = Index(Path(sys.argv[2]), (Meter(id="calls", name="Calls"),), "Europe/Stockholm")
with index.adding() as keep:
    added = index.add(1, "events.csv", read_events(data, "events.csv", Days("UTC"), faults))
    keep()
# Not ru_maxrss: that of a new program begins with the memory of the one that started it.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(added.events, int(peak.split()[1]) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells the peak on Linux alone")
def test_a_file_of_events_takes_little_more_memory_than_its_bytes(tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    with file.open("w", encoding="utf-8") as out:
        out.write("id,time,customer,meter,quantity\n")
        for number in range(EVENTS):
            moment = f"2026-11-{number % 28 + 1:02d}T08:{number % 60:02d}:00Z"
            out.write(f"e{number},{moment},customer-{number % 300},calls,{number % 977}\n")
    words = [sys.executable, "-c", CHILD, str(file), str(tmp_path / "cache")]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    events, most = map(int, said.split())
    assert events == EVENTS
    assert most - file.stat().st_size // 2**20 < LARGEST
