"""The addresses of visitors."""

import pytest

from auth.addresses import plain


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("testclient", "testclient"),
        ("", ""),
        (None, None),
    ],
)
def test_an_address_is_written_as_people_know_it(address: str | None, expected: str | None) -> None:
    assert plain(address) == expected
