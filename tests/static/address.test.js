import assert from "node:assert/strict"
import { test } from "node:test"
import { readAddress, readKey, unreadable, writeAddress, writeKey } from "../../static/address.js"

test("a key behind the # is read as it was written", () => {
  for (const key of ["abc-_09", "with &=#+ in it"]) assert.equal(readKey(writeKey(key)), key)
  for (const hash of ["", "#", "#lens", "#key="]) assert.equal(readKey(hash), null)
})

test("a cell is kept with the way that led to it, and what is no cell is left out", () => {
  const cell = (/** @type {string} */ tensor, /** @type {number} */ layer, /** @type {number} */ row, /** @type {number} */ col) => ({ tensor, layer, row, col })
  const place = { session: "abc", step: 3, example: null, phase: "dW2", cell: cell("A", 1, 4, 5), trail: [cell("dW", 2, 0, 4), cell("dZ", 2, 0, 5)] }
  assert.deepEqual(readAddress(writeAddress(place)), { ...place, tab: null, preset: null, scale: null, colors: null, distribution: null })
  assert.deepEqual(readAddress("?cell=dW.1.2.3").trail, [])
  assert.deepEqual(readAddress("?cell=dW.1.2.3&trail=dW.1.2~x~dQ.1.2.3~dW.1.-2.0~dW.1..0~dZ.1.0.0").trail, [cell("dZ", 1, 0, 0)])
  assert.deepEqual(readAddress("?trail=dZ.1.0.0").trail, [])
})

test("the view below is kept where it is not the first, and so are what a run was opened as and one's own scale", () => {
  const place = { session: "abc", step: 3, example: null, phase: null, cell: null }
  const look = /** @type {const} */ ({ tab: "health", preset: "vanishing", scale: "own", colors: "logarithmic", distribution: { tensor: "dZ", layer: 2, scale: "symlog" } })
  assert.deepEqual(readAddress(writeAddress({ ...place, ...look })), { ...place, trail: [], ...look })
  assert.equal(writeAddress({ ...place, tab: "flow" }), writeAddress(place))
  assert.deepEqual(readAddress("?distribution=b.1").distribution, { tensor: "b", layer: 1, scale: "" })
  for (const none of ["dQ.1", "dW", "dW.x", "dW.1.round", "dW.1.2.3"]) assert.equal(readAddress(`?distribution=${none}`).distribution, null)
})

test("what can't be read of an address is said with what would be right, and what can be is not", () => {
  for (const search of ["", "?session=abc", "?session=abc&step=3&example=0&cell=dW.1.2.3&trail=dW.2.0.4~dZ.2.0.5", "?step=&cell="]) assert.deepEqual(unreadable(search), [])
  const said = unreadable(`?step=abc&example=-1&cell=W2.3.5&trail=dW.1.2.3~x&scale=common&colors=log&distribution=dW&phase=${"y".repeat(99)}`)
  assert.deepEqual(said.map((words) => words.split(",")[0]), ["step is “abc”", "example is “-1”", "cell is “W2.3.5”", "scale is “common”", "colors is “log”", "distribution is “dW”", "trail is “dW.1.2.3~x”"])
  assert.match(said[0], /a whole number from 1$/)
  for (const step of ["0", "-3", "2.5"]) assert.equal(unreadable(`?step=${step}`).length, 1)
  assert.ok(unreadable(`?step=${"9".repeat(20)}x${"y".repeat(99)}`)[0].length < 100)
})
