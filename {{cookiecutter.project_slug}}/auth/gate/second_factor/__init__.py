"""What the gate draws for a second factor: its forms, and how one is set up."""
