"""Who may talk to whom: once as the policies of a built overlay allow it, once as the topology wants it.

A door is (who, to whom, port); a range of ports is written `35672-35682`. A connection between two pods needs the egress of
the one and the ingress of the other. An address block counts as every pod too, since pods have addresses.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from shared.topology import TOPOLOGY_FILE
from tests.unit.deploy.policies import Document, Workload, fits, of_kind, workloads

Door = tuple[str, str, str]
Range = tuple[int, int]
ALL_PORTS: Range = (0, 65535)
INGRESS, MONITORING = "namespaces tongban.io/ingress", "namespaces tongban.io/monitoring"


def doors(documents: list[Document]) -> set[Door]:
    """Every door that the policies leave open."""
    running = list(workloads(documents))
    found: set[Door] = set()
    for workload in running:
        for peer, ports in _openings(documents, workload, "Ingress"):
            found |= {(who, workload.name, _text(p)) for who in _strangers(peer, "anyone") for p in ports}
        for peer, ports in _openings(documents, workload, "Egress"):
            found |= {(workload.name, whom, _text(p)) for whom in _strangers(peer, "outside") for p in ports}
    for source in running:
        for target in running:
            out = [p for peer, ports in _openings(documents, source, "Egress") if _meets(peer, target) for p in ports]
            into = [p for peer, ports in _openings(documents, target, "Ingress") if _meets(peer, source) for p in ports]
            both = {(max(a[0], b[0]), min(a[1], b[1])) for a in out for b in into}
            found |= {(source.name, target.name, _text(p)) for p in both if p[0] <= p[1]}
    return found


def wanted_doors(overlay: str) -> set[Door]:
    """Every door that the topology asks for, and what the overlay adds by its kind of broker, store and issuer."""
    raw: dict[str, Any] = yaml.safe_load(TOPOLOGY_FILE.read_text(encoding="utf-8"))
    cluster, gateway = raw["cluster"], raw["gateway"]
    broker, store = cluster["broker"], cluster["store"]
    found = [(INGRESS, "gateway", gateway["port"]), (MONITORING, "gateway", gateway["metrics_port"])]
    found += [("gateway", f"{name}-rpc", raw["services"][name]["rpc"]["port"]) for name in gateway["calls"]]
    processes = ["gateway"]
    for name, service in raw["services"].items():
        for kind in ("rpc", "worker"):
            process = f"{name}-{kind}"
            processes.append(process)
            found.append((MONITORING, process, service[kind]["metrics_port"]))
            found += [(process, broker["name"], broker["port"]), (process, store["name"], store["port"])]
    found += [(process, "outside", entry["port"]) for process, entry in cluster["outside"].items()]
    found += [("bus", broker["name"], broker["port"]), ("bus", broker["name"], broker["api_port"])]
    found.append((MONITORING, broker["name"], broker["metrics_port"]))
    asks_dns = [*processes, "bus", broker["name"], store["name"]]
    if overlay == "local":
        asks_dns.append("issuer")
        found.append(("gateway", "issuer", raw["issuer"]["port"]))
        # it also answers as the other authorities
        found.append(("registration-worker", "issuer", raw["issuer"]["port"]))
    else:
        found.append(("gateway", "outside", 443))
        found += [(broker["name"], broker["name"], port) for port in (4369, 25672, "35672-35682")]
        found.append((store["name"], store["name"], store["port"]))
        # peer discovery of the broker and the store's agent ask the Kubernetes API
        found += [(name, "outside", port) for name in (broker["name"], store["name"]) for port in (443, 6443)]
    return {(a, b, str(port)) for a, b, port in found} | {(name, "dns", "53") for name in asks_dns}


def wrong_doors(documents: list[Document], overlay: str) -> list[str]:
    """Doors that are open and should not be, and doors that are shut and should be open; and for a pod that nobody thought
    of there must be the policy that shuts everything."""
    there, wanted = doors(documents), wanted_doors(overlay)
    shut = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    default = [] if shut in [d["spec"] for d in of_kind(documents, "NetworkPolicy")] else ["nothing is shut by default"]
    open_ones = [f"{a} may reach {b} on {p}, which the topology does not say" for a, b, p in sorted(there - wanted)]
    return default + open_ones + [f"{a} cannot reach {b} on {p}" for a, b, p in sorted(wanted - there)]


def _openings(
    documents: list[Document], workload: Workload, direction: str
) -> Iterator[tuple[Document | None, list[Range]]]:
    """Peers (None: everybody) and ports that the policies over a workload allow; with no policy, everything."""
    rules_of, side = direction.lower(), "from" if direction == "Ingress" else "to"
    policies = [
        d["spec"]
        for d in of_kind(documents, "NetworkPolicy")
        if direction in d["spec"]["policyTypes"] and fits(d["spec"]["podSelector"], workload.labels)
    ]
    if not policies:
        yield None, [ALL_PORTS]
    for policy in policies:
        for rule in policy.get(rules_of, []):
            ports = [(p["port"], p.get("endPort", p["port"])) for p in rule.get("ports", [])] or [ALL_PORTS]
            for peer in rule.get(side, []) or [None]:
                yield peer, ports


def _meets(peer: Document | None, workload: Workload) -> bool:
    """Whether a peer of a rule stands for this pod of the namespace."""
    if peer is None or "ipBlock" in peer:
        return True
    return "namespaceSelector" not in peer and fits(peer["podSelector"], workload.labels)


def _strangers(peer: Document | None, anybody: str) -> list[str]:
    """What a peer stands for outside the namespace."""
    if peer is None:
        return [anybody]
    if "ipBlock" in peer:
        return ["outside"]
    if "namespaceSelector" not in peer:
        return []
    labels = peer["namespaceSelector"].get("matchLabels", {})
    if "kubernetes.io/metadata.name" in labels and peer.get("podSelector"):
        return ["dns"] if peer["podSelector"] == {"matchLabels": {"k8s-app": "kube-dns"}} else [str(peer)]
    return [f"namespaces {key}" for key, value in labels.items() if value == "true"] or ["all namespaces"]


def _text(ports: Range) -> str:
    return str(ports[0]) if ports[0] == ports[1] else f"{ports[0]}-{ports[1]}"
