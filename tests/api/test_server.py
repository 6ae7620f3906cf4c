"""What every request meets, and whether the schema tells the truth."""

import pytest
from jsonschema import Draft202012Validator

from .test_trace import assert_problem, request


class TestGuard:
    @pytest.mark.parametrize("path", ["/", "/docs", "/healthz", "/readyz", "/api/v1/catalog", "/nowhere"])
    def test_sets_its_headers(self, client, path):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"

    @pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", ""])
    def test_answers_for_its_own_names(self, client, host):
        assert_problem(client.get("/healthz", headers={"Host": host}), 421, "Host")

    @pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]:8000"])
    def test_knows_loopback(self, client, host):
        assert client.get("/healthz", headers={"Host": host}).status_code == 200

    def test_takes_no_changes_from_other_sites(self, client):
        assert_problem(client.post("/api/v1/sessions", headers={"Origin": "http://evil.example"}), 403, "Origin")

    def test_counts(self, client):
        client.get("/healthz")
        assert 'backscope_requests_total{method="GET",status="200"}' in client.get("/metrics").text

    def test_tells_404_and_405_as_problems(self, client):
        assert_problem(client.get("/nowhere"), 404, "path")
        answer = client.put("/api/v1/trace")
        assert_problem(answer, 405, "method")
        assert answer.headers["allow"] == "POST"


class TestSchema:
    @pytest.fixture
    def check(self, client):
        schema = client.get("/openapi.json").json()

        def check(method, path, answer):
            told = schema["paths"][path][method]["responses"][str(answer.status_code)]["content"]
            kind = answer.headers["content-type"].partition(";")[0]
            assert kind in told
            Draft202012Validator({**told[kind]["schema"], "components": schema["components"]}).validate(answer.json())

        return check

    def test_is_true_of_every_answer(self, client, make_session, check):
        base = "/api/v1/sessions/{id}"
        one = make_session()
        check("post", "/api/v1/sessions", client.post("/api/v1/sessions", json={}))
        check("get", base, client.get(one.url))
        check("get", f"{base}/history", client.get(f"{one.url}/history"))
        check("post", f"{base}/steps", client.post(f"{one.url}/steps", headers=one.headers))
        check("post", f"{base}/steps", client.post(f"{one.url}/steps"))
        check("get", base, client.get(one.url))
        check("get", f"{base}/history", client.get(f"{one.url}/history"))
        for query in ("", "?max_cells=2", "?include=dA", "?max_cells=0", "?layers=0"):
            check("get", f"{base}/steps/{{n}}", client.get(f"{one.url}/steps/1{query}"))
        for query in ("", "?rows=0:1", "?max_rows=1", "?max_rows=0"):
            check("get", f"{base}/steps/{{n}}/tensors/{{name}}/{{layer}}", client.get(f"{one.url}/steps/1/tensors/A/1{query}"))
        check("get", base, client.get("/api/v1/sessions/nobody"))
        check("post", "/api/v1/trace", client.post("/api/v1/trace", json=request(optimizer={"name": "sgd"})))
        check("post", "/api/v1/trace", client.post("/api/v1/trace", json={"colour": 1}))
