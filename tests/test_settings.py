"""Settings: which place counts, and what each of them may say."""

from pathlib import Path

import pytest

from q2c.core.fault import Invalid, Misused, Unknown
from q2c.store.settings import changed, every, found, user_file


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    environment = {"XDG_CONFIG_HOME": str(tmp_path / "home")}
    path = user_file(environment)
    path.parent.mkdir(parents=True)
    path.write_text('[user]\nname = "Ida Berg"\n[output]\ncolor = "never"\n', "utf-8")
    return environment


def test_the_environment_counts_more_than_the_repository_and_that_more_than_the_user(
    tmp_path: Path, home: dict[str, str]
) -> None:
    assert found("user.name", None, {}).origin == "default"
    assert found("user.name", tmp_path, home).origin == "user"
    (tmp_path / "q2c.toml").write_text('[user]\nname = "Nordlys"\n', "utf-8")
    one = found("user.name", tmp_path, home)
    assert (one.value, one.origin) == ("Nordlys", "repository")
    one = found("user.name", tmp_path, home | {"Q2C_USER_NAME": "Åsa"})
    assert (one.value, one.origin) == ("Åsa", "environment")
    origins = [one.origin for one in every(tmp_path, home)]
    assert origins[:4] == ["user", "repository", "default", "default"]


def test_a_word_for_true_is_read_as_true() -> None:
    assert found("commit.auto", None, {"Q2C_COMMIT": "yes"}).value is True
    assert found("commit.auto", None, {"Q2C_COMMIT": "0"}).value is False
    with pytest.raises(Misused, match="Q2C_COMMIT is true or false"):
        found("commit.auto", None, {"Q2C_COMMIT": "perhaps"})


def test_a_change_keeps_the_other_settings() -> None:
    before = b'[user]\nname = "Ida"\n'
    after = changed(changed(before, "commit.auto", "true"), "output.color", "always")
    assert after == b'[user]\nname = "Ida"\n\n[commit]\nauto = true\n\n[output]\ncolor = "always"\n'
    with pytest.raises(Unknown, match="no setting 'commit'"):
        changed(before, "commit", "true")


@pytest.mark.parametrize(
    "text",
    ["user = 3", "[user]\nname = 3", "[[user]]\nname = ''", "[output]\ncolor = true", "\xff"],
)
def test_a_file_that_says_something_else_is_refused_at_its_line(text: str, tmp_path: Path) -> None:
    (tmp_path / "q2c.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(Invalid) as refused:
        found("user.name", tmp_path, {})
    assert refused.value.faults[0].place is not None
