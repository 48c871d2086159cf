"""What the broker is to know, derived from the topology: users, rights, policies; `python -m deploy.bus` sets it up."""
