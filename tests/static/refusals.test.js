import assert from "node:assert/strict"
import { test } from "node:test"
import { mayGoWellLater, plainMessage, plainTitle } from "../../static/lib/refusals.js"

test("what is refused for what it asks is not offered again, and what may pass is", () => {
  assert.deepEqual([undefined, 0, 409, 429, 500, 503].map((status) => mayGoWellLater({ status })), Array(6).fill(true))
  assert.deepEqual([400, 401, 403, 404, 413, 422].map((status) => mayGoWellLater({ status })), Array(6).fill(false))
})

test("the names of HTTP's statuses are said in words, and a better title is left", () => {
  assert.equal(plainTitle("Conflict"), "Changed meanwhile")
  assert.equal(plainTitle("Not Implemented"), "Made by another version")
  assert.equal(plainTitle("Out of room"), "Out of room")
})

test("of a run of another version it is said what this one does not know", () => {
  const message = plainMessage({ status: 501, field: "config.optimizer.name", value: "newer", message: "another version" })
  assert.match(message, /^The run has something that this version of Backscope does not know: config\.optimizer\.name is newer\. Nothing was changed/)
})

test("of a run that is not there it is said what may have happened", () => {
  const problem = { status: 404, field: "id", value: "abc", message: "there is no session 'abc'." }
  assert.match(plainMessage(problem), /^There is no run abc: it was deleted, /)
  assert.equal(plainMessage({ ...problem, field: "step", message: "as it is" }), "as it is")
})
