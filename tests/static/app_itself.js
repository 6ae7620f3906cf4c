/** The app's own catalogue and its own judgement of configurations, asked of its Python: no copy of either can go stale. */
import { execFileSync } from "node:child_process"
import { fileURLToPath } from "node:url"

const ROOT = fileURLToPath(new URL("../..", import.meta.url))
const PYTHON = process.env.BACKSCOPE_PYTHON ?? (process.platform === "win32" ? ".venv/Scripts/python.exe" : ".venv/bin/python")

/** @param {string} code that prints JSON @param {unknown} [given] what it reads as JSON @returns {any} */
const ask = (code, given) => JSON.parse(execFileSync(PYTHON, ["-c", code], { cwd: ROOT, input: JSON.stringify(given ?? null), maxBuffer: 1e8 }).toString())

/** @returns {import("../../static/types.js").Catalog} */
export const readCatalog = () => ask("from app.api.catalog import read_catalog; from app.settings import Limits; print(read_catalog(Limits()).body.decode())")

/** Each configuration with everything filled in, as a session has it; throws where one is refused. @param {object[]} configs @returns {any[]} */
export const normalise = (configs) =>
  ask(
    `import json, sys
from app.sessions.recipe import normalise
bounds = dict(max_layers=32, max_parameters=4_000_000, max_batch_size=1024, max_activation_cells=4_000_000)
print(json.dumps([normalise(config, **bounds).config for config in json.load(sys.stdin)]))`,
    configs,
  )
