"""The local stack without containers: store, broker, issuer, services and gateway of one region on one machine."""
