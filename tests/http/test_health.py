"""Liveness, readiness and figures."""

from fastapi.testclient import TestClient

from services.application import Zeren
from tests.http.client import Api


def test_readiness_names_every_view(api: Api, client: TestClient, zeren: Zeren) -> None:
    api.customer("华东电力集团")
    api.ask("responsibility", subject=f"customer:{'0' * 8}-0000-0000-0000-{'0' * 12}")
    zeren.views.moment(at_least=api.position)
    found = client.get("/readyz")
    assert found.status_code == 200
    assert found.json()["ready"]
    assert found.json()["views"].keys() == {projection.name for projection in zeren.projections}
    assert all(view["lag"] == 0 for view in found.json()["views"].values())
    assert (found.json()["parked"], found.json()["failures"]) == ([], [])


def test_figures_count_requests_and_positions(api: Api, client: TestClient) -> None:
    api.customer("华东电力集团")
    text = client.get("/metrics").text
    assert 'zeren_http_requests_total{method="POST",status="201"} 1.0' in text
    assert f"zeren_log_position {float(api.position)}" in text


def test_health_needs_no_credentials(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_made_up_methods_are_counted_together(client: TestClient) -> None:
    for number in range(3):
        client.request(f"X{number}", "/healthz")
    text = client.get("/metrics").text
    assert 'zeren_http_requests_total{method="other",status="405"} 3.0' in text
    assert "X1" not in text
