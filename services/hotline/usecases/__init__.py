"""What the hotline does: one function a use case, each loads, asks the domain, saves."""
