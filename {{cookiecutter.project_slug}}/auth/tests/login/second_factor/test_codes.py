"""The codes of authenticator apps."""

from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from auth import clock as auth_clock
from auth.login.second_factor import codes
from auth.tests.conftest import Clock, Configure
from auth.users import directory


def test_each_seed_is_another_of_160_bits() -> None:
    seeds = {codes.new_seed() for _ in range(20)}
    assert len(seeds) == 20
    assert {len(seed) for seed in seeds} == {32}
    assert set("".join(seeds)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def test_an_app_reads_whose_code_it_is_and_of_which_app(ann: str, configure: Configure) -> None:
    configure(app_name="Sales & Co: today")
    address = urlsplit(codes.address_of(directory.get(ann), "A" * 32))
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert address.path.endswith(":ann")
    query = parse_qs(address.query)
    assert (query["secret"], query["issuer"]) == (["A" * 32], ["Sales & Co: today"])


def test_a_code_is_good_for_its_thirty_seconds(clock: Clock) -> None:
    seed = codes.new_seed()
    now, app = clock.now(), pyotp.TOTP(seed)
    assert codes.find_step(seed, app.at(now), now) == int(now.timestamp()) // 30
    assert codes.find_step(seed, f" {app.at(now)[:3]} {app.at(now)[3:]} ", now) is not None
    for steps in (-1, 1):
        assert codes.find_step(seed, app.at(now, counter_offset=steps), now) is None


def test_how_early_or_late_a_code_may_be_is_a_setting(clock: Clock, configure: Configure) -> None:
    configure(totp_tolerance=1)
    seed = codes.new_seed()
    now, app = clock.now(), pyotp.TOTP(seed)
    found = [codes.find_step(seed, app.at(now, counter_offset=steps), now) for steps in (-1, 0, 1)]
    step = int(now.timestamp()) // 30
    assert found == [step - 1, step, step + 1]
    for steps in (-2, 2):
        assert codes.find_step(seed, app.at(now, counter_offset=steps), now) is None


@pytest.mark.parametrize(
    "code", ["", "x", "12345", "1234567", "١٢٣٤٥٦", "1" * 100_000, "\0", "\ud800"]
)
def test_what_is_no_code_is_wrong(code: str) -> None:
    assert codes.find_step(codes.new_seed(), code, auth_clock.now()) is None
