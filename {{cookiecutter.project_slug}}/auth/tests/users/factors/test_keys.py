"""The keys: what they hide, how they change, and what is said where they are missing or wrong."""

import shlex
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from auth import server
from auth.records import SettingsError
from auth.settings import PROJECT
from auth.tests.conftest import Configure
from auth.tests.second_factors import KEY, SEED
from auth.tests.stores.at_once import at_once
from auth.users.factors import keys

OTHER = "b" * 43 + "="


@pytest.fixture
def file(configure: Configure, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The file with the key of development, which does not exist; and no key is set."""
    configure(secret_keys="")
    file = tmp_path / "project" / "keys"
    file.parent.mkdir()
    monkeypatch.setattr(keys, "_FILE", file)
    return file


def test_what_is_encrypted_cannot_be_read_and_is_never_twice_the_same() -> None:
    one, two = keys.encrypt(SEED), keys.encrypt(SEED)
    assert one != two
    assert SEED not in one
    assert keys.decrypt(one) == keys.decrypt(two) == SEED


def test_a_new_first_key_encrypts_and_the_old_one_still_decrypts(configure: Configure) -> None:
    old = keys.encrypt(SEED)
    configure(secret_keys=f" {OTHER} , {KEY} ")
    assert keys.decrypt(old) == SEED
    again = keys.encrypt_again(old)
    configure(secret_keys=OTHER)
    assert keys.decrypt(again) == SEED
    assert keys.decrypt(keys.encrypt(SEED)) == SEED


def test_without_its_key_a_secret_is_refused_and_it_is_said_what_to_do(
    configure: Configure,
) -> None:
    old = keys.encrypt(SEED)
    configure(secret_keys=OTHER)
    for work in (keys.decrypt, keys.encrypt_again):
        with pytest.raises(SettingsError, match="Add that key to the end of SECRET_KEYS"):
            work(old)


@pytest.mark.parametrize("value", ["", " "])
def test_no_key_in_production_is_refused_with_the_command_that_makes_one(
    configure: Configure, value: str
) -> None:
    configure(app_env="production", secret_keys=value)
    for work in (keys.check, lambda: keys.encrypt(SEED)):
        with pytest.raises(SettingsError, match=r"SECRET_KEYS is not set: .*`python -c ") as error:
            work()
    command = shlex.split(str(error.value).split("`")[1])
    assert command[:2] == ["python", "-c"]
    made = subprocess.check_output([sys.executable, *command[1:]], text=True)  # noqa: S603 - ours
    configure(secret_keys=made)
    keys.check()
    assert keys.decrypt(keys.encrypt(SEED)) == SEED


def test_a_server_in_production_does_not_start_without_a_key(
    configure: Configure, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(app_env="production", secret_keys="")
    with pytest.raises(SystemExit):
        server.check()
    assert capsys.readouterr().err.startswith("ERROR: SECRET_KEYS is not set: ")
    configure(secret_keys=KEY)
    server.check()


@pytest.mark.parametrize("value", ["secret", KEY + "a", f"{KEY},", f"{KEY} {OTHER}", ",", "é" * 44])
def test_a_wrong_key_is_named_and_not_repeated(configure: Configure, value: str) -> None:
    configure(secret_keys=value)
    with pytest.raises(SettingsError, match=r"A setting has a wrong value. SECRET_KEYS: ") as error:
        keys.check()
    assert value == "," or value not in str(error.value)


def test_in_development_a_key_is_made_when_it_is_first_needed_for_this_user_only(
    file: Path, configure: Configure
) -> None:
    keys.check()
    assert not file.exists()
    secret = keys.encrypt(SEED)
    made = file.read_text(encoding="utf-8")
    Fernet(made)
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert keys.decrypt(secret) == SEED
    assert file.read_text(encoding="utf-8") == made
    assert [*file.parent.iterdir()] == [file]
    configure(secret_keys=made)
    assert keys.decrypt(secret) == SEED


def test_of_many_who_need_the_first_key_at_once_one_makes_it(file: Path) -> None:
    secrets = at_once(lambda _: keys.encrypt(SEED), threads=8)
    assert {keys.decrypt(secret) for secret in secrets} == {SEED}


def test_where_no_key_can_be_kept_it_is_said_what_to_do(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "_FILE", file / "missing" / "keys")
    with pytest.raises(SettingsError, match=r"cannot be used .*Set SECRET_KEYS: `python -c "):
        keys.encrypt(SEED)


def test_the_key_of_development_stays_out_of_git_and_of_the_image() -> None:
    assert keys._FILE.parent == PROJECT
    for file in (".gitignore", ".dockerignore"):
        lines = (PROJECT / file).read_text(encoding="utf-8").splitlines()
        assert keys._FILE.name in lines, file
