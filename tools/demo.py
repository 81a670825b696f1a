"""Play the tutorial in a fresh copy of the example: one customer all the way, then a month end.

Usage: python tools/demo.py [FOLDER]
"""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

EVENING_OF_30_NOVEMBER_2026 = "1796050800"
MARK = ".made-by-demo"

STORY = """
# A new workspace, with a consultancy in it.
q2c init {folder} --example consultancy --date 2026-11-02
cd {folder}
q2c check

# One customer, from quote to cash.
q2c quote new fjord-foods --line advisory:40 --line support-gold --term 12m --starts 2026-11-10 \
 --date 2026-11-03 --no-input
q2c catalog price document-scans --qty 8000 --customer brygga-partner --date 2026-11-03 --explain
q2c quote send Q-2026-0010 --date 2026-11-03
q2c quote accept Q-2026-0010 --by "Ida Berg" --po 4500771 \
 --evidence evidence/fjord-foods-order.txt --date 2026-11-05 --commit
q2c order deliver O-2026-0001 --line 1 --qty 25 --date 2026-11-19
q2c invoice run --through 2026-11-20 --customer fjord-foods --date 2026-11-20 --yes --commit
q2c payment record F-2026-0001 53437.50 --date 2026-11-27 --ref "BG 1127-55"
q2c revenue recognise --period 2026-11
q2c why F-2026-0001/1

# The other quotes are accepted and delivered in November.
q2c quote send Q-2026-0001 --date 2026-11-03 --quiet
q2c quote accept Q-2026-0001 --by "Sara Niia" --date 2026-11-05 --quiet
q2c quote send Q-2026-0002 --date 2026-11-03 --quiet
q2c quote accept Q-2026-0002 --by "Nils Ek" --date 2026-11-05 --quiet
q2c quote send Q-2026-0003 --date 2026-11-03 --quiet
q2c quote accept Q-2026-0003 --by "Anders Holm" --po 88-2041 --date 2026-11-05 --quiet
q2c quote send Q-2026-0004 --date 2026-11-03 --quiet
q2c quote accept Q-2026-0004 --by "Aino Laine" --date 2026-11-06 --quiet
q2c quote send Q-2026-0005 --date 2026-11-03 --quiet
q2c quote accept Q-2026-0005 --by "Jürgen Weiß" --date 2026-11-06 --quiet
q2c quote send Q-2026-0006 --date 2026-11-03 --quiet
q2c quote accept Q-2026-0006 --by "Kari Dahl" --date 2026-11-06 --quiet
q2c quote send Q-2026-0007 --date 2026-11-03 --quiet
q2c quote accept Q-2026-0007 --by "Łukasz Żak" --date 2026-11-06 --quiet
q2c quote decline Q-2026-0008 --reason "Chose a date in spring" --date 2026-11-09 --quiet
q2c time import time-sheets/2026-11.csv
q2c order deliver O-2026-0002 --line 1 --qty 1 --date 2026-11-18 --note "Kiruna"
q2c order deliver O-2026-0003 --line 2 --qty 5200 --date 2026-11-27 --note "Meter reading"
q2c order deliver O-2026-0004 --line 1 --qty 1 --date 2026-11-20 --note "Nuläge"
q2c order deliver O-2026-0006 --line 2 --qty 10 --date 2026-11-19

# Month end: plan, look, apply; again changes nothing.
q2c quote list
q2c quote show Q-2026-0009 --chart
q2c invoice plan --through 2026-11-30 --issue-on 2026-11-30 --out plans/2026-11.json
q2c apply plans/2026-11.json --yes --commit
q2c apply plans/2026-11.json --yes
q2c revenue recognise --period 2026-11
q2c revenue waterfall --from 2026-11 --to 2026-11
q2c invoice list
q2c ledger export --format hledger --out journal.ledger
q2c ledger balance
q2c ledger verify
q2c verify --all
q2c status
"""


def main() -> int:
    """Play the story; give the exit status of the first command that fails."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "demo").resolve()
    if folder.exists():
        if not (folder / MARK).exists():
            print(f"{folder} is there and was not made by the demo; choose another folder.")
            return 2
        shutil.rmtree(folder)
    steps = [
        line for line in STORY.replace("\\\n ", "").format(folder=folder.name).splitlines() if line
    ]
    here = folder.parent
    here.mkdir(parents=True, exist_ok=True)
    for step in steps:
        if step.startswith("#"):
            print(f"\n{step}", flush=True)
        elif step.startswith("cd "):
            here = folder
            (folder / MARK).touch()
            print(f"\n$ {step}", flush=True)
        elif status := _run(step, here):
            return status
    print(f"\nThe documents are in {folder.name}/:")
    for path in sorted(folder.rglob("*.pdf")):
        print(f"  {path.relative_to(folder)}")
    return 0


def _run(step: str, folder: Path) -> int:
    print(f"\n$ {step}", flush=True)
    words = shlex.split(step)
    program = Path(sys.executable).with_name("q2c")
    environment = {
        "GIT_AUTHOR_NAME": "Maja Lind",
        "GIT_AUTHOR_EMAIL": "maja@nordlys.example",
        "GIT_COMMITTER_NAME": "Maja Lind",
        "GIT_COMMITTER_EMAIL": "maja@nordlys.example",
        **os.environ,
        "SOURCE_DATE_EPOCH": EVENING_OF_30_NOVEMBER_2026,
    }
    return subprocess.run(
        [program, *words[1:]], cwd=folder, env=environment, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
