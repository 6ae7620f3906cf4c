import assert from "node:assert/strict"
import { test } from "node:test"
import { piecesOf } from "../../static/lib/prose.js"

const found = (/** @type {string} */ text) => piecesOf(text).filter(({ kind }) => kind !== "text").map(({ kind, text: piece }) => `${kind} ${piece}`)

test("tensors and indices are told from words", () => {
  assert.deepEqual(found("The weight from unit k to unit j, over all m: dW is made of dZ and A."), [
    "letter k", "letter j", "letter m", "tensor dW", "tensor dZ", "tensor A",
  ])
  assert.deepEqual(found("1/m appears once; Z and W too, and a column of A."), ["letter m", "tensor Z", "tensor W", "tensor A"])
})

test("what ingredients add is told too", () => {
  assert.deepEqual(found("From dN follow dgamma, dbeta and dZhat; Zhat times gamma plus beta."), ["tensor dN", "tensor dgamma", "tensor dbeta", "tensor dZhat", "tensor Zhat", "tensor gamma", "tensor beta"])
})

test("an article at the start of a sentence is no tensor, and no letter is taken out of a word", () => {
  assert.deepEqual(found("A sum. A product: A mean of l2 and ReLU. It isn't I'm, nor db's."), [])
  assert.deepEqual(found(""), [])
})

test("the pieces together are the sentence", () => {
  for (const text of ["Z", "unit j of A", "A row of W times a column of A.", "dA, dZ", "no letters"]) {
    assert.equal(piecesOf(text).map((piece) => piece.text).join(""), text)
  }
})
