"""A small runner: does what a workflow of GitHub or GitLab says, step by step, in a real clone.

It knows what the two templates use and refuses the rest. Of GitHub: `on`, `env`, `defaults`,
jobs with `if` of the form `github.NAME == 'word'`, `env`, and steps with `run`, or with `uses`
of checkout and of setting up Python; no expression `${{ }}`. Of GitLab: `variables`,
`default`, jobs with `rules`, of which each `if` compares a variable with a word or a pattern,
and `script`. The step that installs q2c is left out: a program of that name stands on the path.
"""

import os
import re
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
ACTIONS = re.compile(r"actions/(checkout|setup-python)@[0-9a-f]{40}")
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
    """A machine that knows one remote; every job gets a clone and a home of its own."""

    def __init__(self, remote: Path, home: Path) -> None:
        self.remote = remote
        self.home = home
        home.mkdir(parents=True)
        (home / "bin").mkdir()
        shim = home / "bin/q2c"
        shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m q2c "$@"\n', "utf-8")
        shim.chmod(0o755)

    def github(self, event: Event) -> Done:
        """Do the jobs of GitHub's workflow that an event asks for, until a step fails."""
        folder = self._checkout(event)
        workflow = loaded(folder / ".github/workflows/q2c.yml")
        assert "${{" not in (folder / ".github/workflows/q2c.yml").read_text("utf-8")
        context = {
            "event_name": "push" if event.tag else "pull_request",
            "ref_type": "tag" if event.tag else "branch",
        }
        if event.tag and not any(fnmatchcase(event.tag, p) for p in workflow["on"]["push"]["tags"]):
            return Done(0, "nothing to do", folder)
        jobs = [job for job in workflow["jobs"].values() if _asked(job["if"], context)]
        return self._github_job(workflow, jobs[0], folder, self._github_variables(event))

    def _github_variables(self, event: Event) -> dict[str, str]:
        for name in ("env", "summary"):
            (self.home / name).touch()
        named = {"GITHUB_REF_NAME": event.tag} if event.tag else {"GITHUB_BASE_REF": event.target}
        return {
            **named,
            "GITHUB_ENV": str(self.home / "env"),
            "GITHUB_STEP_SUMMARY": str(self.home / "summary"),
            "RUNNER_TEMP": str(self.home),
            "SOURCE_DATE_EPOCH": _epoch(event.day),
        }

    def _github_job(
        self, workflow: Workflow, job: Workflow, folder: Path, variables: Mapping[str, str]
    ) -> Done:
        inside = workflow.get("defaults", {}).get("run", {}).get("working-directory", "")
        said = ""
        for step in job["steps"]:
            if "uses" in step:
                assert ACTIONS.fullmatch(step["uses"]), step
                continue
            if step["run"] == INSTALL:
                continue
            kept = (self.home / "env").read_text("utf-8").splitlines()
            more = dict(line.split("=", 1) for line in kept)
            env = {**workflow.get("env", {}), **job.get("env", {}), **variables, **more}
            done = self._shell(["bash", "-e"], step["run"], folder / inside, env)
            said += done.stdout
            if done.returncode:
                return Done(done.returncode, said, folder)
        return Done(0, said, folder)

    def gitlab(self, event: Event) -> Done:
        """Do the jobs of GitLab's pipeline that an event asks for."""
        folder = self._checkout(event)
        workflow = loaded(folder / ".gitlab-ci.yml")
        variables = {
            "CI_COMMIT_TAG": event.tag,
            "CI_PIPELINE_SOURCE": "push" if event.tag else "merge_request_event",
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": event.target,
        }
        if not _ruled(workflow["workflow"], variables):
            return Done(0, "nothing to do", folder)
        [job] = [j for j in (workflow["check"], workflow["bill"]) if _ruled(j, variables)]
        lines = [*workflow["default"]["before_script"], *job["script"]]
        assert INSTALL in lines
        script = "\n".join(line for line in lines if line != INSTALL)
        clock = {"SOURCE_DATE_EPOCH": _epoch(event.day)}
        env = {**workflow["variables"], **job.get("variables", {}), **variables, **clock}
        done = self._shell(["bash", "-eo", "pipefail"], script, folder, env)
        return Done(done.returncode, done.stdout, folder)

    def _checkout(self, event: Event) -> Path:
        """Clone the remote as a runner does: all of it, with no branch checked out."""
        folder = self.home / f"clone-{len(list(self.home.iterdir()))}"
        clone(self.remote, folder)
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
