"""12345 hotline: requests become work orders."""
