import assert from "node:assert/strict"
import { test } from "node:test"
import { changeOf, forget, forksOf, isWanted, keptWords, markGone, nameOf, ownOf, partingWords, readList, remember, tellingOf } from "../../static/lib/own_sessions.js"
import { normalise } from "./app_itself.js"

const one = (id, more = {}) => ({ id, name: "digits 64–32–10", made: "2026-01-01T00:00:00Z", opened: "2026-01-01T00:00:00Z", step: 1, hasKey: true, expires: null, ...more })

test("the session that was opened last stands first, and once", () => {
  const list = remember(remember(remember([], one("a")), one("b")), one("a", { step: 7 }))
  assert.deepEqual(list.map(({ id, step }) => [id, step]), [["a", 7], ["b", 1]])
})

test("the list has an end", () => {
  let list = []
  for (let n = 0; n < 250; n++) list = remember(list, one(`s${n}`))
  assert.equal(list.length, 200)
  assert.equal(list[0].id, "s249")
})

test("a run that came by itself is noted once something was done with it", () => {
  const run = { id: "a", step: 1, edits: 0 }
  assert.deepEqual([isWanted(run, "a"), isWanted(run, null), isWanted({ ...run, step: 2 }, "a"), isWanted({ ...run, edits: 1 }, "a")], [false, true, true, true])
})

test("one is forgotten, or marked as gone, and the others stay", () => {
  const list = [one("a"), one("b")]
  assert.deepEqual(forget(list, "a").map(({ id }) => id), ["b"])
  assert.deepEqual(markGone(list, "b").map(({ isGone }) => isGone), [undefined, true])
})

test("what storage holds of something else is left out", () => {
  assert.deepEqual(readList(null), [])
  assert.deepEqual(readList("no json"), [])
  assert.deepEqual(readList('{"a": 1}'), [])
  assert.deepEqual(readList(JSON.stringify([null, 3, { id: 5 }, one("a")])).map(({ id }) => id), ["a"])
})

test("a session is named by its data and its sizes", () => {
  assert.equal(nameOf({ dataset: { name: "digits" }, layer_sizes: [64, 32, 10] }), "digits 64–32–10")
})

test("runs on the same data are told apart by what they are made of", () => {
  const [config] = normalise([{}])
  assert.match(tellingOf({ config, parent: null }), /^relu · he_normal · sgd 0\.1 · batch 32 · seed 0$/)
  const fork = tellingOf({ config, parent: { id: "x", step: 7 } }, { optimizer: { name: "sgd", learning_rate: 0.5 } })
  assert.match(fork, /^a fork after step 7 · relu · .* sgd 0\.5/)
  assert.match(tellingOf({ config, parent: { id: "x", step: 0 } }), /^a fork from the start/)
})

test("how long a session is kept is said in days", () => {
  const now = Date.parse("2026-11-24T12:00:00Z")
  assert.equal(keptWords(null, now), "kept until it is deleted")
  assert.match(keptWords("2026-12-24T11:59:58Z", now), /^kept for 30 more days/)
  assert.match(keptWords("2026-11-25T13:00:00Z", now), /^kept for 1 more day,/)
  assert.match(keptWords("2026-11-24T13:00:00Z", now), /within a day/)
  assert.equal(keptWords("2026-11-23T13:00:00Z", now), "may have expired")
})

const [config, other] = normalise([{}, { hidden_activations: "tanh" }])
const run = (id, more = {}) => ({ id, step: 3, edits: 0, config, parent: null, created_at: "2026-01-01T00:00:00Z", expires_at: null, ...more })

test("a fork is remembered with its parent and with what it changed, also when it is opened again", () => {
  const fork = run("b", { config: other, parent: { id: "a", step: 0 } })
  const change = changeOf(fork, run("a"))
  assert.equal(change, "activation tanh instead of relu")
  const list = remember(remember([], { ...ownOf(fork, true, new Date(0)), change }), ownOf({ ...fork, step: 9 }, true, new Date(1)))
  assert.deepEqual([list.length, list[0].step, list[0].change, list[0].parent], [1, 9, change, { id: "a", step: 0 }])
})

test("after a step, a fork changes what the run was then going on with", () => {
  const changes = { batch_size: 4 }
  assert.equal(changeOf(run("b", { parent: { id: "a", step: 3 }, changes: { batch_size: 2 } }), run("a", { changes })), "batch size 2 instead of 4")
  assert.equal(changeOf(run("b", { parent: { id: "a", step: 3 }, changes }), run("a", { changes })), "")
})

test("the forks of a run are those that are there, in the order of their steps", () => {
  const list = [one("c", { parent: { id: "a", step: 7 } }), one("b", { parent: { id: "a", step: 0 } }), one("d", { parent: { id: "b", step: 1 } }), one("e", { parent: { id: "a", step: 2 }, isGone: true }), one("a")]
  assert.deepEqual(forksOf(list, "a").map(({ id }) => id), ["b", "c"])
  assert.equal(partingWords(0), "from the start")
  assert.equal(partingWords(1200), "after step 1,200")
})
