"""The second factors of users: authenticator apps, passkeys and recovery codes."""
