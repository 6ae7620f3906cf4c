/** The app's own catalogue and its own judgement of configurations, asked of its Python: no copy of either can go stale. */
import { execFileSync } from "node:child_process"
import { fileURLToPath } from "node:url"

const ROOT = fileURLToPath(new URL("../..", import.meta.url))
const PYTHON = process.env.BACKSCOPE_PYTHON ?? (process.platform === "win32" ? ".venv/Scripts/python.exe" : ".venv/bin/python")

/** @param {string} code that prints JSON @param {unknown} [given] what it reads as JSON @returns {any} */
const ask = (code, given) => JSON.parse(execFileSync(PYTHON, ["-c", code], { cwd: ROOT, input: JSON.stringify(given ?? null), maxBuffer: 1e8 }).toString())

/** @returns {import("../../static/types.js").Catalog} */
export const readCatalog = () => ask("from app.api.catalog import catalog_json; from app.api.encoding import to_bytes; from app.settings import Limits; print(to_bytes(catalog_json(Limits())).decode())")

/** Each configuration with everything filled in, as a session has it; throws where one is refused. @param {object[]} configs @returns {any[]} */
export const normalise = (configs) =>
  ask(
    `import json, sys
from app.sessions.recipe import normalise
bounds = dict(max_layers=32, max_parameters=4_000_000, max_batch_size=1024, max_activation_cells=4_000_000)
print(json.dumps([normalise(config, **bounds).config for config in json.load(sys.stdin)]))`,
    configs,
  )

/**
 * A session of each configuration after two steps, with the trace of the last; `edits` of a configuration act from the first, and `tried` are only tried on the last: what each is refused with, else null.
 * @param {object[]} configs @returns {{session: import("../../static/types.js").Session, trace: import("../../static/types.js").Trace, refused: (string | null)[]}[]} */
export const takeSteps = (configs) =>
  ask(
    `import json, sys, tempfile
from fastapi.testclient import TestClient
from app.main import create_app
from app.settings import Settings
with tempfile.TemporaryDirectory() as place, TestClient(create_app(Settings(database_url=f"sqlite:///{place}/backscope.db")), base_url="http://127.0.0.1") as client:
    def call(path, body, key=""):
        answer = client.post(f"/api/v1/sessions{path}", json=body, headers={"Authorization": f"Bearer {key}"})
        assert answer.is_success, answer.text
        return answer.json()
    taken = []
    for config in json.load(sys.stdin):
        edits, tried = config.pop("edits", []), config.pop("tried", [])
        made = call("", config)
        for action in edits:
            call(f"/{made['id']}/edits", {"action": action}, made["edit_key"])
        trace = call(f"/{made['id']}/steps", {"count": 2}, made["edit_key"])
        answers = [client.post(f"/api/v1/sessions/{made['id']}/steps/2/what_if", json={"edits": [action]}) for action in tried]
        refused = [None if answer.is_success else answer.json()["detail"] for answer in answers]
        taken.append({"refused": refused, "session": client.get(f"/api/v1/sessions/{made['id']}").json(), "trace": trace})
print(json.dumps(taken))`,
    configs,
  )
