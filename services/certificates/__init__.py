"""E-certificates: issue on events, show, verify."""
