import assert from "node:assert/strict"
import { test } from "node:test"
import { batchHint, drawnForTraining, wantedBatch, withBatch } from "../../static/lib/batch_size.js"
import { wrongFields } from "../../static/lib/form_refusals.js"
import { endsOf, ingredientValues, valuesOf } from "../../static/lib/form_values.js"
import { readCatalog } from "./app_itself.js"

const catalog = readCatalog()
const most = catalog.limits.max_batch_size.toLocaleString("en")
const ends = (/** @type {number | null} */ examples) => ({ features: 2, outputs: 2, targets: "classes", examples })

test("a batch that nobody has typed has as many examples as is usual, or all where there are fewer", () => {
  const size = (/** @type {number | null} */ wanted, /** @type {number | null} */ examples) => withBatch({ batch_size: "500" }, wanted, catalog, ends(examples)).batch_size
  assert.equal(size(32, 16), "16")
  assert.equal(size(32, 200), "32")
  assert.equal(size(32, null), "32")
  assert.equal(size(null, 16), "500", "what is typed stays, and is refused")
})

test("a run of a small file asks for the usual batch, one of another size for its own", () => {
  const run = (/** @type {number} */ batch_size, /** @type {number} */ train_size) => ({ config: { batch_size }, dataset: { train_size } })
  assert.equal(wantedBatch(catalog, null), 32)
  assert.equal(wantedBatch(catalog, run(32, 200)), 32)
  assert.equal(wantedBatch(catalog, run(16, 16)), 32)
  assert.equal(wantedBatch(catalog, run(8, 16)), 8)
  assert.equal(wantedBatch(catalog, run(200, 200)), 200)
})

test("the hint and the refusal tell the bound that holds", () => {
  assert.equal(batchHint(catalog, ends(null)), `examples a step, 1 to ${most}`)
  assert.equal(batchHint(catalog, ends(8000)), `examples a step, 1 to ${most}`)
  assert.equal(batchHint(catalog, ends(16)), "examples a step, 1 to 16: all there are to train on")
  const csv = { ...valuesOf(catalog.defaults, catalog), ...ingredientValues(catalog, "dataset", "csv") }
  assert.equal(wrongFields(csv, catalog, ends(16)).batch_size, "Batch size is 32; it must be a whole number, at least 1 and at most 16, the training examples.")
  assert.equal(wrongFields(csv, catalog, ends(32)).batch_size, undefined)
  assert.match(wrongFields({ ...csv, batch_size: "2000" }, catalog, ends(null)).batch_size ?? "", /and at most [\d,]+\.$/)
})

test("of a dataset that is drawn it is known how many are trained on", () => {
  assert.equal(drawnForTraining(400, 2), 320)
  assert.equal(drawnForTraining(50, 3), 41, "17, 17 and 16, of which three each are for the test")
  const drawn = (/** @type {string} */ name, changes = {}) => endsOf({ ...valuesOf(catalog.defaults, catalog), ...ingredientValues(catalog, "dataset", name), ...changes }, catalog).examples
  assert.equal(drawn("xor"), 320)
  assert.equal(drawn("spirals", { "dataset.count": "50" }), 41)
  assert.equal(drawn("spirals", { "dataset.count": "many" }), null)
  assert.equal(drawn("spirals", { "dataset.count": "1e12" }), null, "beyond its bounds, which is said there")
  assert.equal(drawn("spirals", { "dataset.classes": "1e12" }), null)
  assert.equal(drawn("iris"), null, "the catalogue does not tell")
})
