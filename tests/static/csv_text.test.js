import assert from "node:assert/strict"
import { test } from "node:test"
import { csvText } from "../../static/lib/csv_text.js"

test("numbers keep every digit, words stay words, null is empty", () => {
  const numbers = [0.1 + 0.2, 5e-324, -0, 1e21]
  const text = csvText(["step", "loss"], [[1, 2, 3, 4], numbers])
  const read = text.trim().split("\r\n").slice(1).map((line) => Number(line.split(",")[1]))
  assert.ok(read.every((value, row) => Object.is(value, numbers[row])))
  assert.equal(csvText(["a"], [["NaN", "-Infinity", null, undefined]]), "a\r\nNaN\r\n-Infinity\r\n\r\n\r\n")
})

test("text can be no formula, and its commas and quotes are its own", () => {
  assert.equal(csvText(["=1+1", '5" nails', "a,b"], [[], [], []]), `'=1+1,"5"" nails","a,b"\r\n`)
  assert.equal(csvText(["@x", "-x", "+x"], []), "'@x,'-x,'+x\r\n")
})
