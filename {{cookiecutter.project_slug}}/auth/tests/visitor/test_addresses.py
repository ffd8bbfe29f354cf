"""The addresses of visitors."""

import pytest

from auth.visitor.addresses import network, plain


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


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8:0:0:ffff::1", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("testclient", "testclient"),
        (None, ""),
    ],
)
def test_what_one_visitor_may_choose_from_is_one_address(
    address: str | None, expected: str
) -> None:
    assert network(address) == expected
