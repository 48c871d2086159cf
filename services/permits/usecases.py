"""What permits does: one function a use case. The contract is still empty, so there is none yet."""
