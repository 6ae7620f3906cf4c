import assert from "node:assert/strict"
import { beforeEach, test } from "node:test"

// two runs on a server that does what it is asked and may lose the answer
const at = /** @type {Record<string, number>} */ ({})
let isLost = false
let isDown = false

/** @param {string} method @param {string} path @param {any} body @returns {[number, unknown]} */
function answer(method, path, body) {
  const id = path.split("/")[4] ?? ""
  if (path.endsWith("/steps")) {
    if (body.expected_step !== at[id]) return [409, { title: "Conflict", detail: "nothing was done", status: 409 }]
    return [200, { step: (at[id] = (at[id] ?? 0) + body.count) }]
  }
  if (path.endsWith("/history")) return [200, { ...state.emptyHistory(), steps: [] }]
  return [200, { id, step: at[id], edits: 0, config: { layer_sizes: [2, 2] }, phases: [] }]
}

Object.assign(globalThis, {
  localStorage: { getItem: () => null, setItem() {}, removeItem() {} },
  addEventListener() {},
  document: { addEventListener() {} },
  matchMedia: () => ({ matches: true }),
  window: globalThis,
  location: { search: "", hash: "" },
  fetch: async (/** @type {string} */ path, /** @type {any} */ { method, body }) => {
    if (isDown) throw new TypeError("no way there")
    const [status, json] = answer(method, path.split("?")[0] ?? "", body && JSON.parse(body))
    if (isLost && method === "POST") throw new TypeError("no way back")
    return new Response(JSON.stringify(json), { status })
  },
})
const state = await import("../../static/state.js")
const { lockstep, runs, step } = await import("../../static/compare_state.js")
const { goOn } = await import("../../static/compare_step_actions.js")
const { keepLostSaid } = await import("../../static/compare_lost_actions.js")
keepLostSaid()

/** The server answers again. */
const comeBack = async () => {
  isDown = isLost = false
  state.returns.value++
  const isUnsettled = () => lockstep.value.problem !== null && !lockstep.value.problem.isBack
  while (isUnsettled()) await new Promise((resolve) => setTimeout(resolve, 1))
}

beforeEach(() => {
  Object.assign(at, { a: 12, b: 12 })
  isDown = isLost = false
  runs.value = ["a", "b"].map((id) => /** @type {any} */ ({ id, key: "key", session: { id, step: 12, edits: 0, config: { layer_sizes: [2, 2] }, phases: [] }, history: state.emptyHistory(), log: [], problem: null }))
  step.value = 12
  lockstep.value = { status: "paused", problem: null, notice: "" }
})

test("of a step that nobody answered it is said whether it was taken, once there are answers again", async () => {
  isDown = true
  assert.equal(await goOn(), false)
  assert.equal(lockstep.value.problem?.title, "Runs A and B: No answer")
  await comeBack()
  assert.deepEqual([lockstep.value.problem?.title, lockstep.value.problem?.message, step.value], ["The server answers again.", "Step 13 was not taken.", 12])
  await lockstep.value.again?.()
  assert.deepEqual([lockstep.value.problem, lockstep.value.notice, step.value, at.a, at.b], [null, "", 13, 13, 13])
})

test("a step whose answer alone was lost is shown, and none is taken twice", async () => {
  isLost = true
  await goOn()
  assert.equal(step.value, 12)
  await comeBack()
  assert.deepEqual([lockstep.value.problem, step.value, at.a, at.b], [null, 13, 13, 13])
  assert.deepEqual(runs.value.map(({ session }) => session?.step), [13, 13])
})

test("trying again what was done already is no step of anybody else", async () => {
  isLost = true
  await goOn()
  isLost = false
  await lockstep.value.again?.()
  assert.deepEqual([lockstep.value.problem, lockstep.value.notice, step.value, at.a, at.b], [null, "", 13, 13, 13])
})

test("where one of them took it, it is said of the other alone", async () => {
  isLost = true
  await goOn()
  at.b = 12
  await comeBack()
  assert.equal(lockstep.value.problem?.message, "Step 13 was not taken by B.")
})
