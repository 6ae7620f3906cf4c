import assert from "node:assert/strict"
import { beforeEach, test } from "node:test"

// just enough of a browser, and of a server that does what it is asked and may lose the answer
const stored = /** @type {Map<string, string>} */ (new Map())
const storage = { getItem: (/** @type {string} */ name) => stored.get(name) ?? null, setItem: (/** @type {string} */ name, /** @type {string} */ text) => stored.set(name, text), removeItem: (/** @type {string} */ name) => stored.delete(name) }
const asked = /** @type {string[]} */ ([])
const server = { step: 3, edits: /** @type {any[]} */ ([]), forks: 0, forkStep: 0 }
const config = { dataset: { name: "xor" }, layer_sizes: [2, 2], hidden_activations: [], output_activation: "softmax", loss: "cross_entropy", initializer: "he", optimizer: "sgd", batch_size: 4, seed: 0, dtype: "float64" }
/** What becomes of a request: done and answered, done without an answer or with one that is cut off, or lost on its way. @type {Record<string, "unanswered" | "cut" | "lost" | undefined>} */
let fate = {}

/** @param {string} call @param {any} body @returns {[number, unknown]} */
function answer(call, body) {
  const session = (/** @type {string} */ id, /** @type {number} */ step) => ({ id, step, edits: id === "run" ? server.edits.length : 1, config, changes: {}, created_at: "", expires_at: null, phases: [], parent: null })
  const log = () => ({ step: server.step, edits: server.edits, standing: [], can_undo: null, can_redo: null })
  if (call === "GET /healthz") return [200, { status: "alive" }]
  if (call === "GET /api/v1/sessions/run") return [200, session("run", server.step)]
  if (call === "GET /api/v1/sessions/run/edits") return [200, log()]
  if (call === "POST /api/v1/sessions/run/edits") {
    if (body.expected_step !== server.step || body.expected_edits !== server.edits.length) return [409, { title: "Conflict", detail: "nothing was done", status: 409 }]
    server.edits = [...server.edits, { number: server.edits.length + 1, step: server.step, action: body.action, made_at: "" }]
    return [201, log()]
  }
  if (call === "POST /api/v1/sessions/run/forks") return [201, { ...session(`fork-${++server.forks}`, (server.forkStep = body.step)), edit_key: "key" }]
  if (call.startsWith("POST /api/v1/sessions/fork-")) return [200, { step: (server.forkStep += body.count) }]
  if (/^GET \/api\/v1\/sessions\/[^/]+\/steps\//.test(call)) return [200, { step: Number(call.split("/").at(-1)), batch: { size: 1 }, layers: [], edits: 0 }]
  if (call.startsWith("GET /api/v1/sessions/fork-")) return [200, session(call.slice("GET /api/v1/sessions/".length), server.forkStep)]
  if (call === "POST /api/v1/sessions/run/steps") {
    if (body.expected_step !== server.step) return [409, { title: "Conflict", detail: "nothing was done", status: 409 }]
    return [200, { step: (server.step += 1), batch: { size: 1 }, layers: [], edits: 0 }]
  }
  if (call === "GET /api/v1/sessions/run/history") return [200, state.emptyHistory()]
  if (call === "GET /api/v1/sessions/run/phases") return [200, { edits: 0, phases: [] }]
  return [404, { title: "Not Found", detail: call, status: 404 }]
}

Object.assign(globalThis, {
  localStorage: storage,
  sessionStorage: storage,
  addEventListener() {},
  document: { addEventListener() {} },
  matchMedia: () => ({ matches: true }),
  window: globalThis,
  requestAnimationFrame: (/** @type {() => void} */ draw) => setTimeout(draw),
  location: { search: "", hash: "" },
  fetch: async (/** @type {string} */ path, /** @type {any} */ { method, body }) => {
    const call = `${method} ${path.split("?")[0]}`
    asked.push(call)
    if (fate[call] === "lost") throw new TypeError("no way there")
    const [status, json] = answer(call, body && JSON.parse(body))
    if (fate[call] === "unanswered") throw new TypeError("no way back")
    if (fate[call] === "cut") return new Response(new ReadableStream({ start: (stream) => stream.error(new TypeError("cut off")) }), { status })
    return new Response(JSON.stringify(json), { status })
  },
})
const edits = await import("../../static/edit_actions.js")
const { log, refusal, said } = await import("../../static/edit_state.js")
const { forkAndOpen, UnfinishedFork } = await import("../../static/fork_actions.js")
const { entryOf, settle } = await import("../../static/lib/lost_answers.js")
const state = await import("../../static/state.js")

const [act, look] = ["POST /api/v1/sessions/run/edits", "GET /api/v1/sessions/run/edits"]
const freeze = { name: "freeze", layer: 1, on: true }

beforeEach(async () => {
  fate = {}
  asked.length = 0
  Object.assign(server, { step: 3, edits: [], forks: 0, forkStep: 0 })
  refusal.value = null
  state.session.value = /** @type {any} */ ({ id: "run", step: 3, edits: 0 })
  state.editKey.value = "key"
  log.value = null
  await edits.readLog()
})

test("an undo whose answer was lost is not done twice, also where the page has heard of it meanwhile", async () => {
  await edits.perform(freeze)
  await edits.perform({ ...freeze, layer: 2 })
  fate = { [act]: "unanswered" }
  await edits.perform({ name: "undo" })
  assert.equal(refusal.value?.isSilent, true)
  fate = {}
  await edits.readLog() // as the event of it has the page do
  await refusal.value?.retry?.()
  assert.equal(server.edits.length, 3)
  assert.equal(refusal.value, null)
  assert.match(said.value, /^Undone: /)
  // an answer that is cut off is none either
  fate = { [act]: "cut" }
  await edits.perform({ name: "undo" })
  assert.equal(refusal.value?.isSilent, true)
})

test("of what was to be done it is said that it was not only once that was seen", async () => {
  fate = { [act]: "unanswered", [look]: "lost" }
  await edits.perform(freeze)
  await edits.answerReturned() // nobody knows yet
  assert.equal(refusal.value?.isBack, undefined)
  fate = {}
  await edits.answerReturned()
  assert.equal(refusal.value, null)
  assert.match(said.value, /^Kept: .*from step 4 on/)
  // and where it was not, it can be done once more from where the run stands then
  fate = { [act]: "lost" }
  await edits.perform({ ...freeze, on: false })
  fate = {}
  await edits.answerReturned()
  assert.equal(refusal.value?.message, "Nothing was changed.")
  await refusal.value?.retry?.()
  assert.equal(server.edits.length, 2)
})

test("an entry is that of an action where the run stood where it was asked for, with whatever was filled in", () => {
  const entries = [{ number: 1, step: 3, action: { ...freeze, more: null }, made_at: "" }]
  const at = { id: "run", step: 3, edits: 0 }
  assert.equal(entryOf(entries, freeze, at), entries[0])
  assert.equal(entryOf(entries, freeze, { ...at, edits: 1 }), null)
  assert.equal(entryOf(entries, freeze, { ...at, step: 2 }), null)
  assert.equal(entryOf(entries, { ...freeze, layer: 2 }, at), null)
  assert.equal(entryOf([{ ...entries[0], action: { name: "set_all", values: [[1, 2]] } }], { name: "set_all", values: [[1, 3]] }, at), null)
})

test("what was taken without an answer is no problem any more, and something else that is told by then stays", async () => {
  const lost = { title: "No answer", message: "", field: null, isSilent: true, lost: "Step 2 was not taken." }
  const place = { value: /** @type {import("../../static/state.js").Problem | null} */ ({ ...lost, wasDone: async () => true }) }
  await settle(place)
  assert.equal(place.value, null)
  place.value = { ...lost, wasDone: async () => false }
  await settle(place)
  assert.equal(place.value?.message, lost.lost)
  const other = { title: "Other", message: "", field: null }
  place.value = { ...lost, wasDone: async () => ((place.value = other), true) }
  await settle(place)
  assert.equal(place.value, other)
})

test("a step whose answer was lost is shown once that is known, and one that was not taken is said not to be", async () => {
  const { takeStep } = await import("../../static/step_actions.js")
  const { answerReturned } = await import("../../static/transport_actions.js")
  const steps = "POST /api/v1/sessions/run/steps"
  fate = { [steps]: "unanswered" }
  await takeStep()
  assert.equal(state.transport.value.problem?.isSilent, true)
  fate = {}
  await answerReturned()
  assert.equal(state.transport.value.problem, null)
  assert.equal(state.trace.value?.step, 4)
  fate = { [steps]: "lost" }
  await takeStep()
  fate = {}
  await answerReturned()
  assert.equal(state.transport.value.problem?.message, "Step 5 was not taken.")
  await state.transport.value.problem?.retry?.()
  assert.equal(state.trace.value?.step, 5)
  assert.equal(server.step, 5)
})

test("a fork that was made is gone on with, wherever the answers stopped", async () => {
  const body = { step: 2, log: 0, edits: [freeze] }
  let isOpening = false
  const open = async () => {
    if (!isOpening) throw new Error("no answer")
    return true
  }
  const make = () => forkAndOpen("run", body, { change: "", to: 3, open })
  const steps = "POST /api/v1/sessions/fork-1/steps"
  fate = { [steps]: "unanswered" }
  await assert.rejects(make, UnfinishedFork)
  fate = {}
  await assert.rejects(make, UnfinishedFork) // it can't be opened
  isOpening = true
  assert.equal(await make(), true)
  assert.equal(server.forks, 1)
  assert.equal(asked.filter((call) => call === steps).length, 1)
})

test("a copy of one's own that could not be opened is opened then, and not made once more", async () => {
  const { continueAsCopy } = await import("../../static/copy_actions.js")
  const { forkProblem } = await import("../../static/fork_actions.js")
  const retry = () => {}
  state.session.value = /** @type {any} */ ({ id: "run", step: 3, edits: 0, phases: [] })
  state.trace.value = /** @type {any} */ ({ step: 3, batch: { size: 1 }, layers: [], edits: 0 })
  fate = { "POST /api/v1/sessions/run/forks": "lost" }
  const told = forkProblem(await continueAsCopy().catch((error) => error), retry)
  assert.deepEqual([told.isSilent, told.lost, told.retry], [true, "No fork of your own came of it.", retry])
  fate = { "GET /api/v1/sessions/fork-1": "lost" }
  const made = forkProblem(await continueAsCopy().catch((error) => error), retry)
  assert.equal(made.lost, "The fork is made and stands at step 3, among your sessions.")
  fate = {}
  await continueAsCopy()
  assert.equal(server.forks, 1)
})

test("where no run is on the page it is asked whether the server is there", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] })
  const { waitForAnswer } = await import("../../static/silence_actions.js")
  state.session.value = null
  const before = state.returns.value
  const forget = waitForAnswer()
  context.mock.timers.tick(3001) // the first wait, and at most half of it
  await new Promise((resolve) => setImmediate(resolve))
  forget()
  assert.deepEqual(asked.slice(-1), ["GET /healthz"])
  assert.equal(state.returns.value, before + 1)
})
