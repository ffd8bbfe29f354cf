"""A generated project by itself: its checks, its versions, its documents."""
