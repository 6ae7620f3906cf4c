import assert from "node:assert/strict"
import { test } from "node:test"
import { takeSteps } from "./app_itself.js"

// just enough of a browser for what keeps the list
const stored = /** @type {Map<string, string>} */ (new Map())
const heard = /** @type {((event: object) => void)[]} */ ([])
Object.assign(globalThis, {
  localStorage: {
    getItem: (/** @type {string} */ name) => stored.get(name) ?? null,
    setItem: (/** @type {string} */ name, /** @type {string} */ text) => stored.set(name, text),
  },
  addEventListener: (/** @type {string} */ kind, /** @type {(event: object) => void} */ listener) => kind === "storage" && heard.push(listener),
})
const { keepList, markGone } = await import("../../static/compare_list_actions.js")
const compare = await import("../../static/compare_state.js")
const { ownSessions } = await import("../../static/state.js")

const LIST = "backscope-sessions"
const listed = () => JSON.parse(stored.get(LIST) ?? "[]")

test("the comparison keeps the list of sessions as the lens does", () => {
  const session = takeSteps([{}])[0]?.session
  assert.ok(session)
  const elsewhere = { id: "elsewhere", name: "digits", step: 3 }
  keepList()
  // another tab has written it
  stored.set(LIST, JSON.stringify([elsewhere]))
  heard.forEach((listener) => listener({ key: LIST, newValue: stored.get(LIST) }))
  assert.deepEqual(ownSessions.value, [elsewhere])
  const run = (/** @type {string} */ id, /** @type {object} */ more = {}) => /** @type {any} */ ({ id, key: null, session: { ...session, id, ...more } })
  compare.runs.value = [run("one"), run("fork", { parent: { id: "one", step: 1 } })]
  assert.deepEqual(listed().map((/** @type {{id: string}} */ { id }) => id), ["one", "fork", "elsewhere"])
  assert.deepEqual(listed()[1].parent, { id: "one", step: 1 }) // that it is a fork of a run, the lens shows
  markGone("fork")
  assert.deepEqual(listed().map((/** @type {{isGone?: true}} */ { isGone }) => isGone), [undefined, true, undefined])
  assert.deepEqual(ownSessions.value, listed())
})
