import assert from "node:assert/strict"
import { test } from "node:test"
import { lettersOf } from "../../static/lib/derivation_results.js"
import { letterIn, namedPieces, piecesOf } from "../../static/lib/prose.js"
import { readCatalog } from "./app_itself.js"

/** @import { CatalogEntry } from "../../static/types.js" */

const found = (/** @type {string} */ text, own = /** @type {string[]} */ ([])) => piecesOf(text, own).filter(({ kind }) => kind !== "text").map(({ kind, text: piece }) => `${kind} ${piece}`)

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
  assert.deepEqual(found("A sum. A product: A mean of l2, L2 and ReLU. It isn't I'm."), [])
  assert.deepEqual(found(""), [])
})

test("a parameter of an ingredient is no tensor", () => {
  assert.deepEqual(found("1 - beta cancels; gamma is a tensor", [String.raw`\beta`]), ["letter beta", "tensor gamma"])
  assert.deepEqual(found("beta1, of all n steps; gamma too", [String.raw`\beta_1`]), ["letter beta1", "letter n", "tensor gamma"])
  assert.deepEqual(["beta1", "n_prev", "alpha", "c"].map(letterIn), [
    { letter: "β", below: "1" }, { letter: "n", below: "prev" }, { letter: "α", below: "" }, { letter: "c", below: "" },
  ])
})

/** What is a tensor in an ingredient's equations, as prose spells it: a letter with a layer above it. @param {string} latex */
const tensorsIn = (latex) =>
  [...latex.matchAll(/([a-z]?)(\\hat\{Z\}|\\gamma|\\beta|(?<![A-Za-z\\][a-z])[A-Zb])\^\{\[/g)].map(([, mark, letter = ""]) => mark + letter.replace(String.raw`\hat{Z}`, "Zhat").replace("\\", ""))

test("no text of the catalogue speaks of a tensor that its equations do not have, and each of its letters is set", () => {
  const catalog = readCatalog()
  const lists = /** @type {CatalogEntry[][]} */ (Object.entries(catalog).filter(([name]) => !["datasets", "presets", "edits"].includes(name)).map(([, list]) => list).filter(Array.isArray))
  const entries = lists.flat().filter(({ equations }) => equations)
  assert.ok(entries.length > 40)
  // of every network, so that any text may speak of them; decay and clipping have to do with all parameters of a layer
  const common = ["X", "Y", "Z", "A", "W", "b", "dA", "dZ", "dW", "db"]
  for (const entry of entries) {
    const { name, description, parameters, equations } = entry
    const latex = Object.values(equations).flatMap(({ whole, cell, derivation }) => [whole, cell, ...derivation.map((line) => line.latex)]).join(" ")
    const known = new Set([...common, ...tensorsIn(latex), ...(latex.includes("D^{") ? ["D"] : []), ...(name === "norm" ? ["gamma", "beta"] : [])])
    const texts = [description, ...parameters.map(({ help }) => help), ...Object.values(equations).flatMap(({ why, derivation }) => [why, ...derivation.map(({ words }) => words)])]
    for (const text of texts) {
      for (const piece of piecesOf(text, lettersOf(entry))) {
        if (piece.kind === "tensor") assert.ok(known.has(piece.text), `${name}: ${piece.text} is no tensor in "${text}"`)
        else if (piece.kind === "text") assert.doesNotMatch(piece.text, /\b(alpha|beta|gamma|delta|epsilon|eta|lambda|mu|rho|sigma)\b/i, `${name}: "${text}"`)
      }
    }
  }
})

test("the pieces together are the sentence", () => {
  for (const text of ["Z", "unit j of A", "A row of W times a column of A.", "dA, dZ", "no letters"]) {
    assert.equal(piecesOf(text).map((piece) => piece.text).join(""), text)
  }
})

test("a tensor and its layer are told from the rest of a sentence", () => {
  assert.deepEqual(namedPieces("dW[2] times 0"), [{ tensor: "dW", layer: 2 }, " times 0"])
  assert.deepEqual(namedPieces("Kept: mgamma[1] at 2 set"), ["Kept: ", { tensor: "mgamma", layer: 1 }, " at 2 set"])
  assert.deepEqual(namedPieces("unit 4 of layer 1 ablated"), ["unit 4 of layer 1 ablated"])
})
