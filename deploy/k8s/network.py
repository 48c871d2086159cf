"""Who may talk to whom in a cluster: everything is shut, and each door stands in the topology.

Both ends name each other: a connection needs the egress of the one and the ingress of the other.
"""

from __future__ import annotations

from typing import Any

from deploy.k8s.cluster import INGRESS_LABEL, MONITORING_LABEL, Cluster, Document, document

STAGE = "infrastructure"
DNS: Document = {
    "to": [
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
            "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
        }
    ],
    "ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}],
}
# The metadata service of a cloud gives credentials of the machine to whoever asks.
ANYWHERE: Document = {"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.0.0/16"]}}
HTTPS, API_SERVER_PORTS = 443, (443, 6443)
# epmd, the link between nodes, and the command line tools' own links
BETWEEN_BROKER_NODES: tuple[Document, ...] = (
    {"protocol": "TCP", "port": 4369},
    {"protocol": "TCP", "port": 25672},
    {"protocol": "TCP", "port": 35672, "endPort": 35682},
)


def base_policies(cluster: Cluster) -> list[Document]:
    """Policies of every overlay."""
    topology, broker, store = cluster.topology, cluster.broker, cluster.store
    to_broker = [allow("to", [_pods(cluster.broker_labels)], broker["port"])]
    to_store = [allow("to", [_pods(cluster.store_labels)], store["port"])]
    found = [policy("default-deny", {}, ingress=[], egress=[])]
    for name in cluster.processes:
        ingress = [_from_monitoring(cluster.metrics_port(name))]
        egress = [DNS]
        if name == "gateway":
            ingress.append(allow("from", [_namespaces(INGRESS_LABEL)], topology.gateway_port))
            for service in topology.gateway_calls:
                port = topology.services[service].rpc_port
                egress.append(allow("to", [_pods({"app": f"{service}-rpc"})], port))
        else:
            egress += to_broker + to_store
        if name.endswith("-rpc"):
            port = topology.services[name.removesuffix("-rpc")].rpc_port
            ingress.append(allow("from", [_pods({"app": "gateway"})], port))
        if name in cluster.outside:
            egress.append(allow("to", [ANYWHERE], cluster.outside[name]["port"]))
        found.append(policy(name, {"app": name}, ingress, egress))
    to_api = allow("to", [_pods(cluster.broker_labels)], broker["api_port"])
    found.append(policy("bus", {"app": "bus"}, ingress=[], egress=[DNS, *to_broker, to_api]))
    users = [_pods({"app": name}) for name in cluster.processes if name != "gateway"]
    doors = [
        allow("from", [*users, _pods({"app": "bus"})], broker["port"]),
        allow("from", [_pods({"app": "bus"})], broker["api_port"]),
        _from_monitoring(broker["metrics_port"]),
    ]
    found.append(policy("broker", cluster.broker_labels, doors, [DNS]))
    found.append(policy("store", cluster.store_labels, [allow("from", users, store["port"])], [DNS]))
    return found


def production_policies(cluster: Cluster) -> list[Document]:
    """What a production namespace needs beyond: several broker and store nodes, and an issuer somewhere else."""
    api_server = allow("to", [ANYWHERE], *API_SERVER_PORTS)
    nodes, members = [_pods(cluster.broker_labels)], [_pods(cluster.store_labels)]
    links = list(BETWEEN_BROKER_NODES)
    port = cluster.store["port"]
    return [
        policy("gateway-issuer", {"app": "gateway"}, None, [allow("to", [ANYWHERE], HTTPS)]),
        # nodes find each other, and the store's agent notes its state, through the Kubernetes API
        policy(
            "broker-nodes",
            cluster.broker_labels,
            [{"from": nodes, "ports": links}],
            [{"to": nodes, "ports": links}, api_server],
        ),
        policy(
            "store-members",
            cluster.store_labels,
            [allow("from", members, port)],
            [allow("to", members, port), api_server],
        ),
    ]


def issuer_policies(cluster: Cluster) -> list[Document]:
    """Local overlay: the development issuer stands in the namespace itself."""
    port = cluster.topology.issuer_port
    gateway, worker, issuer = {"app": "gateway"}, {"app": "registration-worker"}, {"app": "issuer"}
    return [
        policy("gateway-issuer", gateway, None, [allow("to", [_pods(issuer)], port)]),
        # it also answers as the other authorities
        policy("registration-worker-issuer", worker, None, [allow("to", [_pods(issuer)], port)]),
        policy("issuer", issuer, [allow("from", [_pods(gateway), _pods(worker)], port)], [DNS]),
    ]


def policy(
    name: str, labels: dict[str, str], ingress: list[Document] | None, egress: list[Document] | None
) -> Document:
    """A policy over the pods with these labels (none: all pods). None leaves a direction to other policies."""
    types = [kind for kind, rules in (("Ingress", ingress), ("Egress", egress)) if rules is not None]
    spec: dict[str, Any] = {"podSelector": {"matchLabels": labels} if labels else {}, "policyTypes": types}
    spec |= {key: rules for key, rules in (("ingress", ingress), ("egress", egress)) if rules}
    return document("networking.k8s.io/v1", "NetworkPolicy", name, STAGE, spec=spec)


def allow(side: str, peers: list[Document], *ports: int) -> Document:
    """A rule: these peers (`from` or `to`), these TCP ports."""
    return {side: peers, "ports": [{"protocol": "TCP", "port": port} for port in ports]}


def _pods(labels: dict[str, str]) -> Document:
    return {"podSelector": {"matchLabels": labels}}


def _namespaces(label: str) -> Document:
    return {"namespaceSelector": {"matchLabels": {label: "true"}}}


def _from_monitoring(port: int) -> Document:
    return allow("from", [_namespaces(MONITORING_LABEL)], port)
