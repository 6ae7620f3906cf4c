import assert from "node:assert/strict"
import { test } from "node:test"
import { readAddress, readKey, writeAddress, writeKey } from "../../static/address.js"

test("a key behind the # is read as it was written", () => {
  for (const key of ["abc-_09", "with &=#+ in it"]) assert.equal(readKey(writeKey(key)), key)
  for (const hash of ["", "#", "#lens", "#key="]) assert.equal(readKey(hash), null)
})

test("a cell is kept with the way that led to it, and what is no cell is left out", () => {
  const cell = (/** @type {string} */ tensor, /** @type {number} */ layer, /** @type {number} */ row, /** @type {number} */ col) => ({ tensor, layer, row, col })
  const place = { session: "abc", step: 3, example: null, phase: "dW2", cell: cell("A", 1, 4, 5), trail: [cell("dW", 2, 0, 4), cell("dZ", 2, 0, 5)] }
  assert.deepEqual(readAddress(writeAddress(place)), { ...place, tab: null, preset: null })
  assert.deepEqual(readAddress("?cell=dW.1.2.3").trail, [])
  assert.deepEqual(readAddress("?cell=dW.1.2.3&trail=dW.1.2~x~dQ.1.2.3~dW.1.-2.0~dW.1..0~dZ.1.0.0").trail, [cell("dZ", 1, 0, 0)])
  assert.deepEqual(readAddress("?trail=dZ.1.0.0").trail, [])
})

test("the view below is kept where it is not the first, and so is what a run was opened as", () => {
  const place = { session: "abc", step: 3, example: null, phase: null, cell: null }
  assert.deepEqual(readAddress(writeAddress({ ...place, tab: "health", preset: "vanishing" })), { ...place, trail: [], tab: "health", preset: "vanishing" })
  assert.equal(writeAddress({ ...place, tab: "flow" }), writeAddress(place))
})
