"""The second factors of users: authenticator apps, passkeys and recovery codes."""

from auth.stores.factors.interface import PASSKEY, TOTP, Factor, LastFactorError

__all__ = ["PASSKEY", "TOTP", "Factor", "LastFactorError"]
