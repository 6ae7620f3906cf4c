import assert from "node:assert/strict"
import { test } from "node:test"
import { wrongFile } from "../../static/lib/form_refusals.js"
import { classWords, endsOfPreview, featuresOf, featuresText, likenessWords, previewRequest, readingOf, tickWords } from "../../static/lib/csv_values.js"

const column = (/** @type {string} */ name, kind = "number") => ({ name, kind })
const preview = /** @type {any} */ ({
  columns: [column("a"), column("b, c"), column("side", "category"), column("y")],
  features: ["a", "b, c"], feature_count: 2, targets: "classes", class_names: ["0", "1", "2"], training_count: 16,
})

test("a preview is asked for with what was chosen, and nothing else", () => {
  assert.equal(previewRequest({ "dataset.text": "" }), null)
  assert.deepEqual(previewRequest({ "dataset.text": "a\n1", "dataset.target": "", "dataset.features": "" }), { text: "a\n1" })
  assert.deepEqual(
    previewRequest({ "dataset.text": "a\n1", "dataset.target": "y", "dataset.features": '["b, c"]', "dataset.header": "false", "dataset.delimiter": "\t", "dataset.thousands": "none", "dataset.standardise": "true" }),
    { text: "a\n1", target: "y", features: ["b, c"], header: false, delimiter: "\t", thousands: "none" },
  )
  assert.deepEqual(previewRequest({ "dataset.text": "a\n1", "dataset.standardise": "false" }), { text: "a\n1", standardise: false }, "what can't be standardised may be used as it is")
})

test("all columns of numbers but the target are learned from, until fewer are chosen", () => {
  const values = { "dataset.target": "y", "dataset.features": "" }
  assert.deepEqual(featuresOf(preview, values), ["a", "b, c"])
  const text = featuresText(preview, "y", ["b, c"])
  assert.deepEqual(featuresOf(preview, { ...values, "dataset.features": text }), ["b, c"])
  assert.equal(featuresText(preview, "y", ["b, c", "a"]), "", "all there are, in whatever order they were chosen")
  assert.equal(featuresText(preview, "a", ["a", "b, c"]), '["b, c"]', "a target is never its own feature")
  assert.equal(featuresText(preview, "y", ["side", "b, c", "a"]), '["a","b, c","side"]', "a category is learned from only where it is named")
  assert.equal(featuresText(preview, "y", []), "[]")
})

test("the ends are the preview's; none where nothing can be learned", () => {
  assert.deepEqual(endsOfPreview(preview), { features: 2, outputs: 3, targets: "classes", examples: 16 })
  assert.deepEqual(endsOfPreview({ ...preview, targets: "numbers", class_names: [] }), { features: 2, outputs: 1, targets: "numbers", examples: 16 })
  assert.equal(endsOfPreview({ ...preview, features: ["a", "side"], feature_count: 4 })?.features, 4)
  assert.equal(endsOfPreview({ ...preview, features: [], targets: null }), null)
  assert.equal(endsOfPreview(null), null)
})

test("where all columns are categories, it is said what to tick", () => {
  const given = /** @type {any} */ ({
    columns: [column("color", "category"), column("note", "empty"), column("size", "category"), column("kind", "category")],
    target: "kind", features: [], refusal: { field: "features", value: null, bound: "given", found: "is missing" },
  })
  assert.equal(tickWords(given), "No column beside the target kind holds numbers. Tick in the table which to learn from: color, size. Each value of a category becomes a feature, 0 or 1.")
  assert.equal(tickWords({ ...given, refusal: null }), "")
  assert.equal(tickWords({ ...given, refusal: { field: "features", value: ["color"], bound: "at most 4 features", found: null } }), "")
  assert.deepEqual(wrongFile({ "dataset.text": "a", "dataset.target": "kind" }, given), { "dataset.features": "Tick at least one column of the table to learn from." })
  assert.deepEqual(wrongFile({ "dataset.text": "a", "dataset.target": "kind" }, { ...given, refusal: null }), {})
})

test("a class of which no row can be used is said to be left out", () => {
  const given = (/** @type {string[]} */ values) => /** @type {any} */ ({ columns: [{ name: "y", values }], class_names: ["A", "B"] })
  assert.equal(classWords(given(["A", "B"]), "y"), "2 classes: A, B")
  assert.equal(classWords(given(["A", "B", "C"]), "y"), "2 classes: A, B; not C, which stands only in rows with a cell that can't be used")
})

/** A column that looks like something else. @param {string} kind @param {string} as @param {string} value @param {string | null} mark */
const like = (kind, as, value, mark = null, count = 3) => /** @type {any} */ ({ kind, distinct: 3, looks_like: { kind: as, value, count, row: 2, mark } })
const point = /** @type {any} */ ({ decimal: ".", thousands: "none" })

test("a column that may be meant as numbers says how it is read, where, and what to do", () => {
  assert.equal(likenessWords(like("category", "thousands", "1,234.5", ","), point), "looks like numbers with a mark between thousands: 1,234.5 in row 2 and 2 more. It is read as a category of 3 values.")
  assert.match(likenessWords(like("category", "percent", "10%", null, 1), point), /^looks like per cent: 10% in row 2\. .* take the signs out/)
  assert.match(likenessWords(like("category", "currency", "$2"), point), /^looks like amounts of money: \$2 in row 2 and 2 more\. .* take the signs out/)
  assert.equal(likenessWords(like("category", "decimals", "0,5", ","), point), "looks like numbers with a decimal comma: 0,5 in row 2 and 2 more. It is read as a category of 3 values, since the file is read with a decimal point; write all its numbers with one mark, or set the decimal mark below.")
  assert.equal(likenessWords(like("number", "thousands", "1,234", ","), { ...point, decimal: "," }), "is read with a decimal comma: 1,234 in row 2, and 2 more likewise, is 1.234.")
  assert.equal(likenessWords(like("number", "decimals", "1,234", ",", 1), { ...point, thousands: "," }), "is read with a comma between thousands: 1,234 in row 2 is 1234.")
  assert.equal(likenessWords(/** @type {any} */ ({ kind: "number", looks_like: null }), point), "")
})

test("the other reading of a column is one choice, where one choice makes it", () => {
  assert.deepEqual(readingOf(like("number", "decimals", "1,234", ",")), { title: "Read as decimals", changes: { "dataset.thousands": "none", "dataset.decimal": "," } })
  assert.deepEqual(readingOf(like("number", "thousands", "1,234", ",")), { title: "Read as thousands", changes: { "dataset.thousands": ",", "dataset.decimal": "" } })
  assert.deepEqual(readingOf(like("category", "thousands", "1 234", " ")), { title: "Read as numbers", changes: { "dataset.thousands": " ", "dataset.decimal": "" } })
  for (const column of [like("category", "decimals", "0,5", ","), like("category", "currency", "$2"), /** @type {any} */ ({ kind: "number", looks_like: null })]) assert.equal(readingOf(column), null)
})
