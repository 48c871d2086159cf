"""Local overlay: one broker node, one store node and the development issuer, without operators; for a trial, not for data.

They answer to the same names as the operators' clusters, so that policies, secrets and addresses are those of production.
"""

from __future__ import annotations

from typing import Any

from deploy.k8s.cluster import PUBLIC_PORT, Cluster, Document, document
from deploy.k8s.containers import RESTRICTED, SECRETS, USER, mount, pod, pod_security, resources, secret_files, variable
from deploy.k8s.processes import CONFIG, account
from deploy.k8s.processes import STAGE as PROCESSES

STAGE = "infrastructure"
SERVER_USER = 999  # of both official images
SETUP, STORE_ADMIN = "/setup", "tongban-store-admin"
# The members of a replica set trust each other by a key file; the server insists that nobody else can read it.
STORE_COMMAND = """\
install -m 400 /secrets/admin/keyfile /tmp/keyfile
exec docker-entrypoint.sh mongod --replSet {replica_set} --keyFile /tmp/keyfile --bind_ip_all --noscripting
"""
# Run once, by the image, before the server listens to others.
USERS_SCRIPT = """\
const fs = require("fs");
const databases = {databases};
for (const [service, database] of Object.entries(databases)) {{
  const pwd = fs.readFileSync(`/secrets/${{service}}/store-password`, "utf8").trim();
  const roles = ["readWrite", "dbAdmin"].map((role) => ({{ role, db: database }}));
  db.getSiblingDB(database).createUser({{ user: service, pwd, roles }});
}}
"""
# The startup probe: a replica set of one is begun by whoever asks first; done when the node takes writes.
INITIATE_SCRIPT = """\
const fs = require("fs");
const read = (name) => fs.readFileSync(`/secrets/admin/${{name}}`, "utf8").trim();
db.getSiblingDB("admin").auth(read("username"), read("password"));
try {{
  rs.status();
}} catch (error) {{
  rs.initiate({{ _id: "{replica_set}", members: [{{ _id: 0, host: "{host}" }}] }});
}}
quit(db.hello().isWritablePrimary && db.hello().setName ? 0 : 1);
"""


def broker_documents(cluster: Cluster) -> list[Document]:
    """One RabbitMQ node with its management API."""
    name, labels = cluster.broker["name"], cluster.broker_labels
    ports = {
        "amqp": cluster.broker["port"],
        "api": cluster.broker["api_port"],
        "metrics": cluster.broker["metrics_port"],
    }
    conf = "default_user.conf"
    container = {
        "name": "rabbitmq",
        "image": "rabbitmq",
        "ports": _ports(ports),
        **_tcp_probes("amqp"),
        "resources": resources("200m", "256Mi", "1", "1Gi"),
        "securityContext": RESTRICTED,
        "volumeMounts": [
            mount("admin", f"/etc/rabbitmq/conf.d/20-{conf}") | {"subPath": conf},
            # not the data's volume: its group gets to read every file there, which Erlang's cookie must not allow
            mount("home", "/var/lib/rabbitmq", read_only=False),
            mount("data", "/var/lib/rabbitmq/mnesia", read_only=False),
            mount("log", "/var/log/rabbitmq", read_only=False),
            mount("tmp", "/tmp", read_only=False),
        ],
    }
    admin = {
        "name": "admin",
        "secret": {"secretName": cluster.broker_admin_secret, "items": [{"key": conf, "path": conf}]},
    }
    volumes = [admin, _empty("home"), _empty("log"), _empty("tmp")]
    return [
        account(name, STAGE),
        _headless(name, labels, ports),
        _stateful_set(name, name, labels, container, volumes),
    ]


def store_documents(cluster: Cluster) -> list[Document]:
    """One MongoDB node as a replica set of one, with the services' users."""
    name, service, labels = cluster.store["name"], cluster.store_service, cluster.store_labels
    databases = {entry.name: entry.database for entry in cluster.topology.services.values()}
    host = f"{name}-0.{service}:{cluster.store['port']}"
    scripts = {
        "users.js": USERS_SCRIPT.format(databases=str(databases).replace("'", '"')),
        "initiate.js": INITIATE_SCRIPT.format(replica_set=name, host=host),
    }
    admin = f"{SECRETS}/admin"
    startup = {"exec": {"command": ["mongosh", "--quiet", "--norc", f"{SETUP}/initiate.js"]}, "timeoutSeconds": 20}
    container = {
        "name": "mongod",
        "image": "mongo",
        "command": ["bash", "-ec", STORE_COMMAND.format(replica_set=name)],
        "env": [
            variable("HOME", "/tmp"),
            variable("MONGO_INITDB_ROOT_USERNAME_FILE", f"{admin}/username"),
            variable("MONGO_INITDB_ROOT_PASSWORD_FILE", f"{admin}/password"),
        ],
        "ports": _ports({"mongo": cluster.store["port"]}),
        **_tcp_probes("mongo"),
        "startupProbe": {**startup, "periodSeconds": 5, "failureThreshold": 60},
        "resources": resources("200m", "512Mi", "1", "1Gi"),
        "securityContext": RESTRICTED,
        "volumeMounts": [
            mount("secrets", SECRETS),
            mount("setup", SETUP),
            mount("setup", "/docker-entrypoint-initdb.d/users.js") | {"subPath": "users.js"},
            mount("data", "/data/db", read_only=False),
            mount("configdb", "/data/configdb", read_only=False),
            mount("tmp", "/tmp", read_only=False),
        ],
    }
    sources = [secret_files(STORE_ADMIN, {key: f"admin/{key}" for key in ("username", "password", "keyfile")})]
    sources += [secret_files(f"tongban-{s}", {"store-password": f"{s}/store-password"}) for s in databases]
    setup = f"{name}-setup"
    volumes = [
        {"name": "secrets", "projected": {"sources": [{"secret": source} for source in sources]}},
        {"name": "setup", "configMap": {"name": setup}},
        _empty("configdb"),
        _empty("tmp"),
    ]
    return [
        account(name, STAGE),
        document("v1", "ConfigMap", setup, STAGE, data=scripts),
        # the node must find itself by name before it is ready: it begins its own replica set
        _headless(service, labels, {"mongo": cluster.store["port"]}, publishNotReadyAddresses=True),
        _stateful_set(name, service, labels, container, volumes),
    ]


def issuer_documents(cluster: Cluster) -> list[Document]:
    """The development issuer: its key and its clients' secrets are made at its start and end with it."""
    port, labels, state = cluster.topology.issuer_port, {"app": "issuer"}, "/state"
    probe = {"httpGet": {"path": "/healthz", "port": PUBLIC_PORT}}
    container = {
        "name": "issuer",
        "image": "tongban-development",
        "args": ["-m", "deploy.local.issuer"],
        "envFrom": [{"configMapRef": {"name": CONFIG}}],
        "env": [variable("TONGBAN_STATE", state), variable("TONGBAN_KEY_DIR", f"{state}/keys")],
        "ports": _ports({PUBLIC_PORT: port}),
        "startupProbe": {**probe, "periodSeconds": 2, "failureThreshold": 30},
        "livenessProbe": {**probe, "periodSeconds": 10},
        "readinessProbe": {**probe, "periodSeconds": 2},
        "resources": resources("50m", "64Mi", "500m", "256Mi"),
        "securityContext": RESTRICTED,
        "volumeMounts": [mount("state", state, read_only=False)],
    }
    template = {
        "metadata": {"labels": labels},
        "spec": pod("issuer", [container], [_empty("state")], pod_security(USER)),
    }
    service = {"selector": labels, "ports": [{"name": PUBLIC_PORT, "port": port, "targetPort": PUBLIC_PORT}]}
    spec = {"selector": {"matchLabels": labels}, "template": template}
    return [
        account("issuer"),
        document("apps/v1", "Deployment", "issuer", PROCESSES, spec=spec),
        document("v1", "Service", "issuer", PROCESSES, spec=service),
    ]


def _stateful_set(
    name: str, service: str, labels: dict[str, str], container: Document, volumes: list[Document]
) -> Document:
    claim = {
        "metadata": {"name": "data"},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "2Gi"}}},
    }
    run = pod(name, [container], volumes, pod_security(SERVER_USER, SERVER_USER))
    spec = {
        "serviceName": service,
        "replicas": 1,
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": run},
        "volumeClaimTemplates": [claim],
    }
    return document("apps/v1", "StatefulSet", name, STAGE, spec=spec)


def _headless(name: str, labels: dict[str, str], ports: dict[str, int], **more: Any) -> Document:
    entries = [{"name": key, "port": port, "targetPort": key} for key, port in ports.items()]
    return document(
        "v1", "Service", name, STAGE, spec={"clusterIP": "None", **more, "selector": labels, "ports": entries}
    )


def _ports(ports: dict[str, int]) -> list[Document]:
    return [{"name": key, "containerPort": port} for key, port in ports.items()]


def _tcp_probes(port: str) -> Document:
    probe = {"tcpSocket": {"port": port}}
    return {
        "startupProbe": {**probe, "periodSeconds": 5, "failureThreshold": 60},
        "livenessProbe": {**probe, "periodSeconds": 10},
        "readinessProbe": {**probe, "periodSeconds": 5},
    }


def _empty(name: str) -> Document:
    return {"name": name, "emptyDir": {}}
