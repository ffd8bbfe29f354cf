"""What a login takes beside the password: a code, a recovery code or a passkey."""
