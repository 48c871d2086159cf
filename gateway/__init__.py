"""The edge: who are you, may you, which call. Speaks HTTP to people and partners and gRPC to the services."""
