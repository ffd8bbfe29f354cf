"""Random secrets."""

from auth.sessions.tokens import (
    halves,
    hash_token,
    is_secret,
    is_token,
    new_secret,
    new_token,
    session_label,
)


def test_a_token_is_two_secrets() -> None:
    token = new_token()
    first, second = halves(token)
    assert first + second == token
    assert first != second
    assert is_token(token)
    assert is_secret(first)
    assert is_secret(second)


def test_no_two_are_the_same() -> None:
    assert len({new_secret() for _ in range(100)} | {new_token() for _ in range(100)}) == 200


def test_nothing_else_has_their_form() -> None:
    for text in ("", "x" * 42, "x" * 44, "x" * 85, "x" * 87, "ü" * 43, "x" * 42 + "\n", "." * 86):
        assert not is_secret(text)
        assert not is_token(text)


def test_a_label_is_the_beginning_of_the_sha_256() -> None:
    assert hash_token("abc").startswith("ba7816bf8f01cfea")
    assert session_label(hash_token("abc")) == "ba7816bf"
