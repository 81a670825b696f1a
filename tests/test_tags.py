"""Milestones by tag and by day: real repositories, signatures, hostile names."""

import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from q2c.core.billing import Facts, claim, come, coming
from q2c.core.order import Delivery, Order, OrderLine
from q2c.core.quote import Milestone, Tag
from q2c.store.tags import Tags
from q2c.store.tree import WorkTree
from tests.outside import needs
from tests.player import PERSON
from tests.values import day, delivered, hourly, order, placing

ZONE = "Europe/Stockholm"


class Repository:
    """A git repository in which tags are made on days."""

    def __init__(self, path: Path, patch: pytest.MonkeyPatch) -> None:
        self.path, self.patch = path, patch
        path.mkdir(parents=True)
        patch.setenv("HOME", str(path.parent))
        for role in ("AUTHOR", "COMMITTER"):
            for key, text in PERSON.items():
                patch.setenv(f"GIT_{role}_{key}", text)
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit("2026-01-05T09:00:00+01:00")

    def git(self, *words: str) -> str:
        """Run git here."""
        done = subprocess.run(
            ["git", "-C", str(self.path), *words], check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def commit(self, when: str) -> str:
        """Make a commit at a time; give its id."""
        self.at(when)
        self.git("commit", "--quiet", "--allow-empty", "--message", when)
        return self.git("rev-parse", "HEAD")

    def at(self, when: str) -> None:
        """Let it be that time for git."""
        for role in ("AUTHOR", "COMMITTER"):
            self.patch.setenv(f"GIT_{role}_DATE", when)

    def tag(self, name: str, when: str, *words: str) -> None:
        """Make an annotated tag at a time."""
        self.at(when)
        self.git("tag", "--annotate", "--message", name, *words, name)


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    return Repository(tmp_path / "app", monkeypatch)


def by_tag(pattern: str, repository: str = "app", *, signed: bool = False) -> OrderLine:
    """Give a milestone that a tag delivers."""
    asked = Tag(pattern=pattern, repository=repository, signed=signed)
    line = hourly("1", "1000", charge="milestone", unit="pcs")
    return replace(line, milestone=Milestone(tag=asked))


def on_day(text: str, id_: str = "1") -> OrderLine:
    """Give a milestone that a day delivers."""
    line = hourly("1", "1000", charge="milestone", unit="pcs", id=id_)
    return replace(line, milestone=Milestone(due_on=day(text)))


def found(root: Path, what: Order, *recorded: Delivery) -> dict[str, Delivery]:
    tagged, faults = Tags(WorkTree(root), ZONE).deliveries(what, recorded)
    assert not faults, faults
    return dict(tagged)


def refused(root: Path, what: Order) -> str:
    _, faults = Tags(WorkTree(root), ZONE).deliveries(what, ())
    return faults[0].code


def test_the_first_tag_that_fits_delivers_on_its_day_in_the_companys_zone(app: Repository) -> None:
    late = app.commit("2026-02-10T10:00:00+01:00")
    app.tag("v1.1", "2026-03-01T09:00:00+01:00")
    app.tag("v1.0", "2026-02-10T23:30:00+00:00")  # the 11th in Stockholm
    one = found(app.path.parent, order(by_tag("v1.*")))["1"]
    assert (one.date, one.quantity) == (day("2026-02-11"), Decimal(1))
    assert one.tag
    assert (one.tag.name, one.tag.commit, one.tag.repository) == ("v1.0", late, "app")


def test_a_lightweight_tag_has_the_day_of_its_commit(app: Repository) -> None:
    app.commit("2026-02-10T10:00:00+01:00")
    app.git("tag", "v1.0")
    assert found(app.path.parent, order(by_tag("v1.0")))["1"].date == day("2026-02-10")


def test_a_tag_older_than_the_order_delivers_nothing(app: Repository) -> None:
    app.tag("v1.0", "2026-01-05T09:00:00+01:00")
    assert found(app.path.parent, order(by_tag("v1.*"), agreed="2026-01-06")) == {}


def test_a_tag_on_a_tag_comes_to_its_commit_and_one_on_a_file_to_none(app: Repository) -> None:
    commit = app.git("rev-parse", "HEAD")
    app.tag("first", "2026-02-01T09:00:00+01:00")
    app.at("2026-02-02T09:00:00+01:00")
    app.git("tag", "--annotate", "--message", "second", "second", "first")
    blob = app.git("hash-object", "-w", "--stdin-paths") or ""
    assert not blob
    app.git("tag", "file", app.git("write-tree"))
    one = found(app.path.parent, order(by_tag("second")))["1"]
    assert one.tag
    assert one.tag.commit == commit
    assert found(app.path.parent, order(by_tag("file"))) == {}


def test_a_bare_clone_and_the_workspaces_own_repository_are_looked_into(app: Repository) -> None:
    app.tag("v1.0", "2026-02-01T09:00:00+01:00")
    app.git("clone", "--quiet", "--bare", str(app.path), str(app.path.parent / "app.git"))
    assert "1" in found(app.path.parent, order(by_tag("v1.0", "app.git")))
    assert "1" in found(app.path, order(by_tag("v1.0", "")))


def test_hostile_names_and_settings_run_nothing(app: Repository) -> None:
    mark, script = app.path.parent / "ran", app.path.parent / "script"
    script.write_text(f"#!/bin/sh\ntouch {mark}\n")
    script.chmod(0o755)
    app.commit("2026-02-10T10:00:00+01:00")
    for name in ("$(touch${IFS}ran)", "--exec=touch", "a;b", "å'\"`x`", "--exec=v1"):
        app.git("update-ref", f"refs/tags/{name}", "HEAD")
    for key in ("gpg.program", "gpg.ssh.program", "core.fsmonitor", "core.pager"):
        app.git("config", key, str(script))
    one = found(app.path.parent, order(by_tag("--exec=v*")))["1"]
    assert one.tag
    assert one.tag.name == "--exec=v1"
    assert refused(app.path.parent, order(by_tag("--exec=v*", signed=True))) == "tag-unsigned"
    assert not mark.exists()


@pytest.fixture
def keys(app: Repository) -> Path:
    """Make two key pairs, of which the first may sign tags."""
    needs("ssh-keygen")
    root = app.path.parent
    for name in ("ida", "eve"):
        words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f"]
        subprocess.run([*words, str(root / name)], check=True)
    public = (root / "ida.pub").read_text().split()
    (root / "allowed_signers").write_text(f"ida@nordlys.example {public[0]} {public[1]}\n")
    app.git("config", "gpg.format", "ssh")
    return root


def signed_by(app: Repository, name: str, tag: str, when: str) -> None:
    app.git("config", "user.signingkey", str(app.path.parent / f"{name}.pub"))
    app.tag(tag, when, "--sign")


def test_a_signed_tag_counts_if_somebody_allowed_signed_it(app: Repository, keys: Path) -> None:
    what = order(by_tag("v1.*", signed=True))
    app.tag("v1.0", "2026-02-01T09:00:00+01:00")
    assert refused(keys, what) == "tag-unsigned"
    signed_by(app, "eve", "v1.1", "2026-02-02T09:00:00+01:00")
    assert refused(keys, what) == "tag-unsigned"
    signed_by(app, "ida", "v1.2", "2026-02-03T09:00:00+01:00")
    one = found(keys, what)["1"]
    assert one.tag
    assert (one.tag.name, one.tag.signer) == ("v1.2", "ida@nordlys.example")


def test_a_signature_of_another_tag_is_none_of_this_one(app: Repository, keys: Path) -> None:
    signed_by(app, "ida", "v1.0", "2026-02-01T09:00:00+01:00")
    raw = app.git("cat-file", "tag", "v1.0")
    forged = raw.replace("tag v1.0", "tag v2.0") + "\n"
    made = subprocess.run(
        ["git", "-C", str(app.path), "hash-object", "-t", "tag", "-w", "--stdin"],
        input=forged.encode(),
        check=True,
        capture_output=True,
    ).stdout.decode()
    app.git("update-ref", "refs/tags/v2.0", made.strip())
    assert refused(keys, order(by_tag("v2.*", signed=True))) == "tag-unsigned"


def test_a_signed_tag_under_another_name_is_not_signed(app: Repository, keys: Path) -> None:
    signed_by(app, "ida", "v1.0", "2026-02-01T09:00:00+01:00")
    app.git("update-ref", "refs/tags/v2.0", app.git("rev-parse", "refs/tags/v1.0"))
    assert refused(keys, order(by_tag("v2.*", signed=True))) == "tag-unsigned"


def test_a_repository_that_is_not_there_holds_the_order(tmp_path: Path) -> None:
    assert refused(tmp_path, order(by_tag("v1", "gone"))) == "tag-repository"
    (tmp_path / "plain").mkdir()
    assert refused(tmp_path, order(by_tag("v1", "plain"))) == "tag-repository"


def test_what_was_recorded_is_not_looked_up_again(tmp_path: Path) -> None:
    assert found(tmp_path, order(by_tag("v1", "gone")), delivered("1", "2026-02-01")) == {}


def test_the_charge_names_tag_and_commit(app: Repository) -> None:
    app.tag("v1.0", "2026-02-01T09:00:00+01:00")
    what = order(by_tag("v1.*"))
    facts = Facts(deliveries=coming(what, (), found(app.path.parent, what)), ahead=1)
    made = claim(what, facts, (), placing("2026-02-28"))
    assert made
    commit = app.git("rev-parse", "HEAD")[:12]
    assert made.charges[0].text == f"Tag v1.0, commit {commit}"
    assert made.charges[0].steps[-1].rule == f"delivered by tag v1.0 of app at commit {commit}"


def test_a_milestone_is_due_and_delivered_on_its_day_without_an_event() -> None:
    what = order(on_day("2026-03-15"))
    facts = Facts(deliveries=come(what, ()))
    assert claim(what, facts, (), placing("2026-03-14")) is None
    made = claim(what, facts, (), placing("2026-03-15"))
    assert made
    assert (made.charges[0].keys, str(made.charges[0].supplied.first)) == (
        ("O-2026-0001/1:delivery-0",),
        "2026-03-15",
    )


def test_what_was_recorded_of_a_milestone_comes_before_its_day() -> None:
    what = order(on_day("2026-03-15"))
    assert coming(what, (delivered("1", "2026-02-01"),)) == ()
    assert coming(what, (delivered("1", "2026-02-01"), delivered("-1", "2026-02-02"))) == ()


def test_days_to_come_keep_their_places_whatever_is_billed_first() -> None:
    what = order(on_day("2026-04-01"), on_day("2026-02-01", "2"), on_day("2026-03-01", "3"))
    assert [one.line for one in coming(what, ())] == ["2", "3", "1"]
    recorded = coming(what, ())[:2]
    assert [one.line for one in come(what, recorded)] == ["2", "3", "1"]
    assert [one.line for one in come(what, recorded, day("2026-03-31"))] == ["2", "3"]


def test_nothing_falls_due_before_it_was_agreed() -> None:
    (one,) = coming(order(on_day("2025-12-01"), agreed="2026-01-10"), ())
    assert one.date == day("2026-01-10")


def test_a_tag_whose_name_or_day_is_odd_holds_up_no_other(app: Repository) -> None:
    app.commit("2026-11-20T09:00:00+01:00")
    for name in ("v1.0\u2028rc", "v1.0\u0085rc", "v1.0"):
        app.tag(name, "2026-11-21T09:00:00+01:00")
    body = f"object {app.git('rev-parse', 'HEAD')}\ntype commit\ntag v0.9\n"
    text = f"{body}tagger A <a@example.com> 99999999999999 +0000\n\nDone\n"
    words = ["git", "-C", str(app.path), "hash-object", "-t", "tag", "-w", "--literally", "--stdin"]
    done = subprocess.run(words, input=text, check=True, capture_output=True, text=True)
    app.git("update-ref", "refs/tags/v0.9", done.stdout.strip())
    found = Tags(WorkTree(app.path.parent), "Europe/Stockholm").refs(app.path.name)
    assert {ref.name for ref in found} == {"v1.0", "v1.0\u0085rc", "v1.0\u2028rc"}
