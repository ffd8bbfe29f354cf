"""Where second factors are kept."""
