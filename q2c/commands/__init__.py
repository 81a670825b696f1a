"""What the user can ask for: one module a noun, one function a verb."""
