/** What the page refuses by itself is what the server would refuse, for every parameter of the catalogue. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { boundWords, firstRefusal, isWithin, refusalOf } from "../../static/lib/bounds.js"
import { readCatalog } from "./app_itself.js"

const catalog = readCatalog()
const rate = catalog.optimizers[0]?.parameters.find(({ name }) => name === "learning_rate")

test("a number out of its bounds is refused with what would be right", () => {
  assert.equal(refusalOf(rate, "learning_rate", "-1"), "learning_rate is -1; it must be a finite number, above 0 and at most 10.")
  assert.equal(refusalOf(rate, "learning_rate", "0"), "learning_rate is 0; it must be a finite number, above 0 and at most 10.")
  assert.equal(refusalOf(rate, "learning_rate", " "), "learning_rate is empty; it must be a finite number, above 0 and at most 10.")
  for (const text of ["fast", "1e999", "NaN", "10.5"]) assert.equal(isWithin(rate, text), false, text)
  for (const text of ["10", "1e-9", " 0.5 "]) assert.equal(isWithin(rate, text), true, text)
  const count = { type: "integer", low: 0, high: 1e6, low_open: false, nullable: true }
  assert.equal(boundWords(count), "a whole number, at least 0 and at most 1,000,000, or empty")
  assert.deepEqual(["", "3", "3.5", "-1", "\u22121"].map((text) => isWithin(count, text)), [true, true, false, false, false])
})

test("of several fields the first that is wrong is named", () => {
  const fields = [rate, { name: "row", type: "integer", low: 0, high: null, low_open: false }, { name: "changes", type: "object", low: null, high: null, low_open: false }]
  assert.equal(firstRefusal(fields, { learning_rate: "0.1", row: "-2", changes: "{" })?.field, "row")
  assert.match(firstRefusal(fields, { learning_rate: "-1", row: "2", changes: "" })?.message, /^Learning rate is -1; /)
  assert.equal(firstRefusal(fields, { learning_rate: "0.1", row: "2", changes: "" }), null)
})

test("every default of the catalogue, and what a form begins with, is within its own bounds", () => {
  const entries = [...catalog.optimizers, ...catalog.initializers, ...catalog.schedules, ...catalog.clippings, ...catalog.dropouts, ...catalog.activations, ...catalog.edits]
  for (const { name, parameters } of entries) {
    for (const parameter of parameters) assert.equal(refusalOf(parameter, parameter.name, String(parameter.start ?? parameter.default ?? "")), null, `${name}.${parameter.name}`)
  }
})
