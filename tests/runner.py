"""A small runner: does what a workflow of GitHub or GitLab says, step by step, in a real clone.

It knows what the two templates use and refuses the rest. Of GitHub: `on`, `env`, `defaults`;
jobs with `if` of the form `github.NAME == 'word'`, `needs`, a matrix of shards and `env`; steps
with `run`, or with `uses` of checkout, of setting up Python, of artifacts up and down; of
expressions `matrix.shard` and `runner.temp`. Of GitLab: `variables`, `default`; jobs with
`rules`, of which each `if` compares a variable with a word or a pattern, `parallel`, `needs`,
`artifacts` and `script`. The step that installs q2c is left out: a program of that name stands
on the path.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct

import q2c
from tests.remotes import clone, git

INSTALL = f'python -m pip install "q2c=={q2c.__version__}"'
ACTIONS = re.compile(r"actions/(checkout|setup-python|(?:up|down)load-artifact)@[0-9a-f]{40}")
NOON = "T12:00:00+00:00"
Workflow = dict[str, Any]


class Strict(yaml.BaseLoader):
    """A loader that reads words as words, and a key once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - as PyYAML calls it
        """Refuse a key that stands twice."""
        keys = [key.value for key, _ in node.value]
        assert len(keys) == len(set(keys)), keys
        return dict(super().construct_mapping(node, deep=deep))


class Event(Struct, frozen=True, kw_only=True):
    """What made the host start: a tag that was pushed, or a merge request to a branch."""

    tag: str = ""
    target: str = ""
    day: str = "2026-11-30"


def loaded(path: Path) -> Workflow:
    """Read a workflow strictly."""
    found: Workflow = yaml.load(path.read_text("utf-8"), Strict)  # noqa: S506 - the base loader makes text only
    return found


class Done(Struct, frozen=True):
    """What came of a job: the exit status, all it printed, and the folder it worked in."""

    status: int
    said: str
    folder: Path


class Runner:
    """A host that knows one remote; every job gets a machine with a clone of its own."""

    def __init__(self, remote: Path, home: Path) -> None:
        self.remote = remote
        self.home = home
        self.artifacts = home / "artifacts"
        self.artifacts.mkdir(parents=True)
        shim = home / "bin/q2c"
        shim.parent.mkdir()
        shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m q2c "$@"\n', "utf-8")
        shim.chmod(0o755)

    def github(self, event: Event) -> Done:
        """Do the jobs of GitHub's workflow that an event asks for, until a step fails."""
        workflow = loaded(self._checkout(event) / ".github/workflows/q2c.yml")
        context = {
            "event_name": "push" if event.tag else "pull_request",
            "ref_type": "tag" if event.tag else "branch",
        }
        if event.tag and not any(fnmatchcase(event.tag, p) for p in workflow["on"]["push"]["tags"]):
            return Done(0, "nothing to do", self.home)
        done = Done(0, "", self.home)
        before: list[str] = []
        for name, job in workflow["jobs"].items():
            assert job.get("needs", "check") in [*before, "check"]
            before.append(name)
            values = job.get("strategy", {}).get("matrix", {}).get("shard", [""])
            for shard in values if _asked(job["if"], context) else ():
                done = self._github_job(workflow, job, event, shard)
                if done.status:
                    return done
        return done

    def _github_job(self, workflow: Workflow, job: Workflow, event: Event, shard: str) -> Done:
        folder = self._checkout(event)
        machine = folder.parent
        for name in ("env", "summary"):
            (machine / name).touch()
        variables = {
            "GITHUB_REF_NAME": event.tag,
            "GITHUB_BASE_REF": event.target,
            "GITHUB_ENV": str(machine / "env"),
            "GITHUB_STEP_SUMMARY": str(machine / "summary"),
            "RUNNER_TEMP": str(machine / "temp"),
            "SOURCE_DATE_EPOCH": _epoch(event.day),
        }
        inside = workflow.get("defaults", {}).get("run", {}).get("working-directory", "")
        known = {"matrix.shard": shard, "runner.temp": variables["RUNNER_TEMP"]}
        said = ""
        for step in job["steps"]:
            if "uses" in step:
                self._used(step["uses"], step.get("with", {}), known)
                continue
            if step["run"] == INSTALL:
                continue
            kept = (machine / "env").read_text("utf-8").splitlines()
            more = dict(line.split("=", 1) for line in kept)
            own = {key: _filled(word, known) for key, word in job.get("env", {}).items()}
            env = {**workflow.get("env", {}), **own, **variables, **more}
            done = self._shell(["bash", "-e"], step["run"], folder / inside, env)
            said += done.stdout
            if done.returncode:
                return Done(done.returncode, said, folder)
        return Done(0, said, folder)

    def _used(self, action: str, words: Mapping[str, str], known: Mapping[str, str]) -> None:
        """Do what an action does for us: hand files from one job to another."""
        found = ACTIONS.fullmatch(action)
        assert found, action
        if found[1] == "upload-artifact":
            kept = self.artifacts / _filled(words["name"], known)
            shutil.copytree(_filled(words["path"], known), kept, dirs_exist_ok=True)
        if found[1] == "download-artifact":
            assert words["merge-multiple"] == "true"
            for kept in sorted(self.artifacts.glob(words["pattern"])):
                shutil.copytree(kept, _filled(words["path"], known), dirs_exist_ok=True)

    def gitlab(self, event: Event) -> Done:
        """Do the jobs of GitLab's pipeline that an event asks for."""
        workflow = loaded(self._checkout(event) / ".gitlab-ci.yml")
        variables = {
            "CI_COMMIT_TAG": event.tag,
            "CI_PIPELINE_SOURCE": "push" if event.tag else "merge_request_event",
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": event.target,
            "SOURCE_DATE_EPOCH": _epoch(event.day),
        }
        done = Done(0, "nothing to do", self.home)
        if not _ruled(workflow["workflow"], variables):
            return done
        for name in ("check", "draw", "bill"):
            job = workflow.get(name)
            if job and _ruled(job, variables):
                for number in range(1, int(job.get("parallel", 1)) + 1):
                    done = self._gitlab_job(
                        workflow, job, event, {**variables, **_node(job, number)}
                    )
                    if done.status:
                        return done
        return done

    def _gitlab_job(
        self, workflow: Workflow, job: Workflow, event: Event, variables: Mapping[str, str]
    ) -> Done:
        folder = self._checkout(event)
        if "needs" in job:
            shutil.copytree(self.artifacts, folder, dirs_exist_ok=True)
        lines = [*workflow["default"]["before_script"], *job["script"]]
        assert INSTALL in lines
        script = "\n".join(line for line in lines if line != INSTALL)
        env = {**workflow["variables"], **job.get("variables", {}), **variables}
        done = self._shell(["bash", "-eo", "pipefail"], script, folder, env)
        for path in job.get("artifacts", {}).get("paths", []):
            if (folder / path).is_dir():
                shutil.copytree(folder / path, self.artifacts / path, dirs_exist_ok=True)
        return Done(done.returncode, done.stdout, folder)

    def _checkout(self, event: Event) -> Path:
        """Clone the remote as a runner does: all of it, with no branch checked out."""
        machine = self.home / f"machine-{len(list(self.home.glob('machine-*')))}"
        (machine / "temp").mkdir(parents=True)
        folder = clone(self.remote, machine / "clone")
        at = f"refs/tags/{event.tag}" if event.tag else "origin/change"
        git(folder, "checkout", "--quiet", "--detach", at)
        git(folder, "branch", "--quiet", "-D", "main")
        return folder

    def _shell(
        self, shell: list[str], script: str, folder: Path, env: Mapping[str, str]
    ) -> "subprocess.CompletedProcess[str]":
        path = f"{self.home / 'bin'}{os.pathsep}{os.environ['PATH']}"
        own = {
            "CI": "true",
            "HOME": str(self.home),
            "PATH": path,
            "PYTHONPATH": str(Path(__file__).parent.parent),
        }
        return subprocess.run(
            [*shell, "-c", script],
            cwd=folder,
            env={**own, **env},
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=300,
        )


def _filled(text: str, known: Mapping[str, str]) -> str:
    """Put values into the few expressions that a workflow has."""
    return re.sub(r"\$\{\{ ([a-z.]+) \}\}", lambda found: known[found[1]], text)


def _node(job: Workflow, number: int) -> dict[str, str]:
    """Give what GitLab tells each of several jobs that are one."""
    if "parallel" not in job:
        return {}
    return {"CI_NODE_INDEX": str(number), "CI_NODE_TOTAL": job["parallel"]}


def _asked(condition: str, context: Mapping[str, str]) -> bool:
    """Judge a condition of GitHub such as `github.ref_type == 'tag'`."""
    found = re.fullmatch(r"github\.(\w+) == '(\w+)'", condition)
    assert found, condition
    return context[found[1]] == found[2]


def _ruled(job: Workflow, variables: Mapping[str, str]) -> bool:
    """Judge the rules of GitLab: one of them holds."""
    return any(_holds(rule["if"], variables) for rule in job["rules"])


def _holds(condition: str, variables: Mapping[str, str]) -> bool:
    if found := re.fullmatch(r"\$(\w+) == \"(\w+)\"", condition):
        return variables[found[1]] == found[2]
    found = re.fullmatch(r"\$(\w+) =~ /(.+)/", condition)
    assert found, condition
    return re.search(found[2].replace(r"\/", "/"), variables[found[1]]) is not None


def _epoch(day: str) -> str:
    from datetime import datetime

    return str(int(datetime.fromisoformat(f"{day}{NOON}").timestamp()))
