"""What every request meets, and whether the schema tells the truth."""

import re

import pytest
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator

from app.api.examples import EXAMPLES

from .test_explanations import DIVERGING
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
        browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
        page = client.get("/no<b>where", headers=browser)  # whoever mistypes a page's address reads it on one
        assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
        assert 'href="/"' in page.text
        assert "/no&lt;b&gt;where" in page.text
        assert_problem(client.get("/api/v1/nowhere", headers=browser), 404, "path")
        answer = client.put("/api/v1/trace")
        assert_problem(answer, 405, "method")
        assert answer.headers["allow"] == "POST"
        answer = client.put("/api/v1/sessions/any")  # where two routes have one path
        assert answer.headers["allow"] == "DELETE, GET, HEAD"
        assert answer.json()["bound"] == "one of: DELETE, GET, HEAD"
        for path, allowed in {"/api/v1/sessions": "POST", "/docs": "GET, HEAD", "/static/main.js": "GET, HEAD"}.items():
            answer = client.patch(path)
            assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
        answer = client.head("/api/v1/trace")
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")

    @pytest.mark.parametrize("path", ["/", "/docs", "/healthz", "/api/v1/catalog", "/static/main.js"])
    def test_answers_head_as_get_without_a_body(self, client, path):
        head, whole = client.head(path), client.get(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers == whole.headers
        assert whole.content

    def test_answers_head_of_a_stream_and_ends(self, client, make_session):
        head = client.head(f"{make_session().url}/events")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-type"].startswith("text/event-stream")

    def test_takes_a_slash_at_the_end_of_a_path(self, client, make_session):
        one = make_session()
        assert client.get(f"{one.url}/", follow_redirects=False).json()["id"] == one.answer["id"]
        assert client.post(f"{one.url}/steps/", headers=one.headers, follow_redirects=False).json()["step"] == 1
        assert client.get("/docs/", follow_redirects=False).status_code == 200
        assert_problem(client.get("/nowhere/", follow_redirects=False), 404, "path")


class TestLengths:
    """On a slow line the length of an answer is the time that it takes."""

    def test_packs_a_long_answer_for_whoever_is_elsewhere(self, client, make_session):
        one = make_session(layer_sizes=[64, 32, 10], dataset={"name": "digits"})
        step = client.post(f"{one.url}/steps", headers=one.headers)
        plain = client.get(f"{one.url}/steps/1", headers={"Accept-Encoding": "identity"})
        assert (step.headers["content-encoding"], step.headers["vary"]) == ("gzip", "Accept-Encoding")
        assert step.json() == plain.json()
        assert int(step.headers["content-length"]) < len(plain.content) / 2
        assert "content-encoding" not in plain.headers
        assert "content-encoding" not in client.get("/healthz").headers  # short
        here = TestClient(client.app, str(client.base_url), client=("127.0.0.1", 50000))  # has no line to spare
        assert "content-encoding" not in here.get(f"{one.url}/steps/1").headers
        assert here.get("/api/v1/catalog").headers["content-encoding"] == "gzip"

    @pytest.mark.parametrize("path", ["/api/v1/catalog", "/openapi.json"])
    def test_sends_what_stays_the_same_once(self, client, path):
        first = client.get(path)
        tag = first.headers["etag"]
        assert first.headers["cache-control"] == "no-cache"
        for known in (tag, f'"other", {tag.removeprefix("W/")}', "*"):
            again = client.get(path, headers={"If-None-Match": known})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
            assert again.headers["cache-control"] == "no-cache"
        whole = client.get(path, headers={"If-None-Match": '"other"'})
        assert (whole.status_code, whole.json()) == (200, first.json())

    def test_leaves_streams_as_they_are(self, client, make_session):
        assert "content-encoding" not in client.head(f"{make_session().url}/events").headers

    def test_names_to_a_page_all_that_it_needs(self, client):
        for path in ("/", "/compare", "/derivation"):
            page = client.get(path)
            assert page.headers["content-encoding"] == "gzip"
            assert page.headers["cache-control"] == "no-cache"  # Back may show it as it was left
            assert "Loading…" in page.text
            named = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
            assert len(named) > 40
            for one in named:
                assert "immutable" in client.head(one).headers["cache-control"], one
        for path in ("/docs", "/static/main.js"):
            assert client.get(path).headers["cache-control"] == "no-cache"


class TestSchema:
    @pytest.fixture
    def check(self, client):
        schema = client.get("/openapi.json").json()

        def check(method, path, answer):
            told = schema["paths"][path][method]["responses"][str(answer.status_code)]["content"]
            kind = answer.headers["content-type"].partition(";")[0]
            assert kind in told
            if kind.endswith("json"):
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
        for path in ("/healthz", "/readyz", "/metrics", "/api/v1/catalog"):
            check("get", path, client.get(path))
        check("get", base, client.get("/api/v1/sessions/nobody"))
        check("get", base, client.get(f"{one.url}?misspelt=1"))
        check("post", "/api/v1/trace", client.post("/api/v1/trace", json=request(optimizer={"name": "sgd"})))
        check("post", "/api/v1/trace", client.post("/api/v1/trace", json={"colour": 1}))

    @pytest.mark.parametrize("config", [{"layer_sizes": [2, 4, 3]}, DIVERGING], ids=["a usual run", "one that diverged"])
    def test_is_true_of_every_look_into_a_number(self, client, make_session, check, config):
        one = make_session(**config)
        assert client.post(f"{one.url}/steps", json={"count": 100}, headers=one.headers).status_code == 200
        base = "/api/v1/sessions/{id}/steps/{n}"
        step = f"{one.url}/steps/100"
        last = len(config["layer_sizes"]) - 1
        for tensor, layer in [(phase["tensor"], phase["layer"]) for phase in one.answer["phases"]] + [("W", 1), ("Y", last), ("A", 0)]:
            for query in ("", "&order=magnitude&limit=1", "&row=9999", "&example=0", "&example=-1"):
                check("get", f"{base}/explain", client.get(f"{step}/explain?tensor={tensor}&layer={layer}{query}"))
        for query in ("tensor=W&layer=1", "tensor=db", "tensor=dW&layer=1&example=1&limit=1", "tensor=A", ""):
            check("get", f"{base}/paths", client.get(f"{step}/paths?{query}"))
        for query in ("", "?max_cells=2", "?layers=2", "?layers=9"):
            check("get", f"{base}/cancellation", client.get(f"{step}/cancellation{query}"))
        for body in ({}, {"cells_per_tensor": 1}, {"cell": {"tensor": "dZ", "layer": 1}}, {"h": 1}, {"cell": {}}):
            check("post", f"{base}/gradcheck", client.post(f"{step}/gradcheck?max_cells=6", json=body))
        for path in ("update", "script", "script?phase=dW1", "script?phase=dW9"):
            check("get", f"{base}/{path.partition('?')[0]}", client.get(f"{step}/{path}"))
        check("get", f"{base}/tensors/{{name}}/{{layer}}", client.get(f"{step}/tensors/slope/1"))
        check("get", base, client.get(f"{step}?example=2"))
        for method, path in [("get", name) for name in ("explain?tensor=A", "paths?tensor=W", "cancellation", "update", "script")] + [
            ("post", "gradcheck")
        ]:
            answer = client.request(method, f"{one.url}/steps/101/{path}")
            assert answer.status_code == 404
            check(method, f"{base}/{path.partition('?')[0]}", answer)

    def test_describes_everything(self, client):
        schema = client.get("/openapi.json").json()
        bare = []
        for path, operations in schema["paths"].items():
            for method, operation in operations.items():
                bare += [f"{method} {path}"] if not operation.get("description") else []
                bare += [f"{method} {path}: {one['name']}" for one in operation.get("parameters", []) if not one.get("description")]
                for status, answer in operation["responses"].items():
                    bare += [f"{method} {path}: {status}" for one in answer.get("content", {}).values() if not one.get("schema")]
        for name, one in schema["components"]["schemas"].items():
            bare += [name] if not one.get("description") else []
            bare += [f"{name}.{field}" for field, told in one.get("properties", {}).items() if not told.get("description")]
        assert bare == []
        assert not [name for name in schema["components"]["schemas"] if "ValidationError" in name]  # FastAPI's, which is never sent

    def test_says_what_stands_before_every_operation(self, client):
        paths = client.get("/openapi.json").json()["paths"]
        assert {"403", "408", "421"} <= set(paths["/api/v1/trace"]["post"]["responses"])
        assert {"403", "421"} <= set(paths["/api/v1/sessions/{id}"]["delete"]["responses"])
        lacking = [path for path, of in paths.items() for operation in of.values() if "421" not in operation["responses"]]
        assert lacking == []
        assert "403" not in paths["/healthz"]["get"]["responses"]

    def test_says_what_needs_the_key(self, client):
        schema = client.get("/openapi.json").json()
        [(name, scheme)] = schema["components"]["securitySchemes"].items()
        assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
        keyed = {
            f"{method} {path.rpartition('/')[2]}"
            for path, of in schema["paths"].items()
            for method in of
            if {name: []} in of[method].get("security", [])
        }
        assert keyed == {"post steps", "post edits", "put look", "get key", "delete {id}"}

    def test_its_examples_are_accepted(self, client):
        made = client.post("/api/v1/sessions", json=next(iter(EXAMPLES["SessionConfig"].values()))).json()
        at = {"id": made["id"], "n": 1}
        headers = {"Authorization": f"Bearer {made['edit_key']}"}
        tried = set()
        # in the order of a run: a step is looked at once it was taken
        paths = client.get("/openapi.json").json()["paths"].items()
        for path, operations in sorted(paths, key=lambda of: (of[0].endswith("/look"), of[0].count("/"), not of[0].endswith("/steps"))):
            for method, operation in operations.items():
                if "requestBody" not in operation:
                    continue
                content = operation["requestBody"]["content"]["application/json"]
                tried.add(content["schema"]["$ref"].rpartition("/")[2])
                for words, example in content["examples"].items():
                    answer = client.request(method, path.format(**at), json=example["value"], headers=headers)
                    assert answer.is_success, (path, words, answer.text)
        assert tried == set(EXAMPLES)
        for path, operations in paths:
            told = {
                one["name"]: one["schema"]["example"]
                for one in operations.get("get", {}).get("parameters", [])
                if "example" in one["schema"]
            }
            if told and "/difference" not in path:
                query = {name: value for name, value in told.items() if f"{{{name}}}" not in path}
                answer = client.get(path.format(**{**told, **at}), params=query)
                # of the plane of two features alone; its answer says so
                assert answer.is_success or path.endswith("/predictions"), (path, answer.text)
