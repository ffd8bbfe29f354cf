"""What no setting that is a number may be: nothing that can be counted with later."""

NO_NUMBERS = ["inf", "-inf", "Infinity", "nan", "1e15", "1" + "0" * 15, "1e400", "-1", "text", ""]
