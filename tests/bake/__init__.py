"""What a bake writes, refuses and says."""
