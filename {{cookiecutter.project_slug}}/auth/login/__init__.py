"""What a login takes, and what people do about their own."""
