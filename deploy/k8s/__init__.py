"""Kubernetes manifests, rendered from `deploy/topology.yaml`."""
