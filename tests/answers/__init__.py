"""The grammar of the answers, and the questions at a terminal."""
