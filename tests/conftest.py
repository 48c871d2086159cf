import pytest


class Dev:
    admin_amqp_uri = "amqp://guest:guest@127.0.0.1:26672/tongban"

    def mongo_uri(self, s):
        return f"mongodb://127.0.0.1:37117/t_{s}?replicaSet=rs0&directConnection=true"


@pytest.fixture(scope="session")
def servers():
    return Dev()
