/** Edits on the page: what may be done at a cell, what is typed and what the service takes, the log as the service folds it, and the words for all of it. */
import assert from "node:assert/strict"
import test from "node:test"
import { changedSettings, editOf, fieldOfEdit, isEnding, isTellable, moved, offersAt, stepOf, textsOf } from "../../static/lib/edit_draft.js"
import { choicesIn, misplaced, parameterAt, placeBounds } from "../../static/lib/edit_places.js"
import { changesAt, endingOf, endOf, foldLog, inForce, onceAt, setBy, standingAt } from "../../static/lib/edit_log.js"
import { pageMessage } from "../../static/lib/field_words.js"
import { editSign, editWords, endingWords, helpWords, lossWords, offerWords } from "../../static/lib/edit_words.js"
import { changeRole, countWords, differenceTrace, joinedLayers, mostChanged, newWords, nothingWords, shareWords, takenOf } from "../../static/lib/what_if.js"
import { filledText, MOST_TYPED, presentText, spreadOut, withPresent, wrongValues } from "../../static/lib/whole_values.js"
import { readCatalog, takeSteps } from "./app_itself.js"

const { edits } = readCatalog()
const entryOf = (/** @type {string} */ name) => /** @type {import("../../static/types.js").EditEntry} */ (edits.find((entry) => entry.name === name))
/** Edits of places that the network has, and of places that it has not. @type {Record<string, unknown>[]} */
const placed = [
  { name: "set", tensor: "W", layer: 1, row: 31, col: 63 }, { name: "set", tensor: "W", layer: 1, row: 32, col: 0 }, { name: "set", tensor: "W", layer: 2, row: 0, col: 32 },
  { name: "set", tensor: "b", layer: 2, row: 9, col: 0 }, { name: "set", tensor: "b", layer: 2, row: 9, col: 1 }, { name: "set", tensor: "W", layer: 3, row: 0, col: 0 },
  { name: "set", tensor: "gamma", layer: 1, row: 31, col: 0 }, { name: "set", tensor: "gamma", layer: 2, row: 0, col: 0 }, { name: "set", tensor: "gamma", layer: 1, row: 32, col: 0 },
  { name: "set_input", row: 63, col: 7 }, { name: "set_input", row: 64, col: 0 }, { name: "set_input", row: 0, col: 8 },
  { name: "ablate", layer: 1, unit: 31 }, { name: "ablate", layer: 1, unit: 32 }, { name: "ablate", layer: 2, unit: 0 },
  { name: "freeze", layer: 2 }, { name: "freeze", layer: 9 },
  { name: "scale_gradient", tensor: "dA", layer: 0 }, { name: "scale_gradient", tensor: "dA", layer: 2 }, { name: "scale_gradient", tensor: "dW", layer: 0 }, { name: "scale_gradient", tensor: "dbeta", layer: 2 },
  { name: "clip_gradient", tensor: "db", layer: 2 }, { name: "clip_gradient", tensor: "dgamma", layer: 2 },
].map((action) => editOf(entryOf(String(action.name)), textsOf(entryOf(String(action.name)), action, [])))
const [{ trace, refused }] = /** @type {[ReturnType<typeof takeSteps>[number]]} */ (takeSteps([{ normalisation: "batch_norm", batch_size: 8, tried: placed }]))

const at = (/** @type {string} */ tensor, /** @type {number} */ layer, row = 3, col = 1) => offersAt(edits, { tensor, layer, row, col }, trace)
const names = (/** @type {ReturnType<typeof at>} */ offers) => offers.map(({ entry }) => entry.name)

test("a cell offers the edits that it has a place for, with their places filled in", () => {
  assert.deepEqual(names(at("W", 2)), ["set", "freeze"])
  assert.deepEqual(names(at("gamma", 1, 3, 0)), ["set", "ablate", "freeze"])
  assert.deepEqual(names(at("A", 0)), ["set_input"])
  assert.deepEqual(names(at("Z", 1)), ["ablate", "freeze"])
  assert.deepEqual(names(at("Z", 2)), ["freeze"]) // no unit of the output layer can be ablated
  assert.deepEqual(names(at("dA", 1)), ["ablate", "freeze", "scale_gradient"])
  assert.deepEqual(names(at("dA", 0)), ["scale_gradient"])
  assert.deepEqual(names(at("dA", 2)), ["freeze"])
  assert.deepEqual(names(at("dW", 2)), ["freeze", "scale_gradient", "clip_gradient"])
  assert.deepEqual(names(at("W_next", 1)), [])
  assert.deepEqual(names(at("loss", 2, 0, 0)), [])
  assert.deepEqual(at("dW", 2)[1]?.filled, { tensor: "dW", layer: 2 })
  assert.deepEqual(at("Z", 1)[0]?.filled, { layer: 1, unit: 3 })
})

test("where an edit has no place the page says what the service would, and nothing where it has one", () => {
  const told = placed.map((action) => misplaced(entryOf(String(action.name)), textsOf(entryOf(String(action.name)), action, []), trace)?.message ?? null)
  const inPageWords = (/** @type {string | null} */ detail) => detail && pageMessage(detail.split(" ")[0] ?? null, detail)
  assert.deepEqual(told, refused.map(inPageWords))
  assert.equal(told.filter(Boolean).length, 15)
  assert.equal(told[1], "Row is 32; it must be 0 to 31: W[1] is 32 by 64.")
})

test("the hints of a place are what this network has, as far as what is typed says where", () => {
  const bounds = (/** @type {Record<string, string>} */ { name = "", ...texts }) => placeBounds(entryOf(name), texts, trace)
  assert.deepEqual(bounds({ name: "set", tensor: "W", layer: "1" }), { layer: "1 to 2", row: "0 to 31", col: "0 to 63" })
  assert.deepEqual(bounds({ name: "set", tensor: "b", layer: "2" }), { layer: "1 to 2", row: "0 to 9", col: "0 alone" })
  for (const layer of ["", "7", "1.5", "one"]) assert.deepEqual(bounds({ name: "set", tensor: "W", layer }), { layer: "1 to 2" })
  assert.deepEqual(bounds({ name: "set", tensor: "gamma", layer: "2" }), { layer: "1 to 2" }) // which it has not
  assert.deepEqual(bounds({ name: "ablate", layer: "1" }), { layer: "1 alone", unit: "0 to 31" })
  assert.deepEqual(bounds({ name: "scale_gradient", tensor: "dA", layer: "0" }), { layer: "0 to 1" })
  assert.deepEqual(bounds({ name: "set_input" }), { row: "0 to 63", col: "0 to 7" })
  assert.deepEqual(bounds({ name: "optimizer" }), {})
  assert.deepEqual(placeBounds(entryOf("ablate"), { layer: "1" }, { ...trace, layers: [trace.layers[0], trace.layers[2]] }), { layer: "this network has no hidden layers" })
})

test("only tensors that the network has are offered", () => {
  const [ofParameter, ofGradient] = ["set", "scale_gradient"].map((name) => entryOf(name).parameters.find((one) => one.name === "tensor")?.choices ?? [])
  assert.deepEqual(choicesIn(ofParameter ?? [], trace), ["W", "b", "gamma", "beta"])
  const plain = { ...trace, layers: trace.layers.map((layer) => ({ ...layer, gamma: null, beta: null })) }
  assert.deepEqual(choicesIn(ofParameter ?? [], plain), ["W", "b"])
  assert.deepEqual(choicesIn(ofGradient ?? [], plain), ["dA", "dW", "db"])
})

test("a whole parameter begins with the numbers that it has, and follows its place until others are typed", () => {
  const entry = entryOf("set_all")
  const begun = withPresent(entry, textsOf(entry, {}, []), trace)
  assert.deepEqual(editOf(entry, begun), { name: "set_all", tensor: "W", layer: 1, values: trace.layers[1]?.W?.values })
  assert.equal(wrongValues(entry, begun, trace), null)
  const moved = withPresent(entry, { ...begun, tensor: "b", layer: "2" }, trace, begun)
  assert.deepEqual(editOf(entry, moved).values, trace.layers[2]?.b?.values)
  const typed = { ...begun, values: "1 2" }
  assert.equal(withPresent(entry, { ...typed, tensor: "b" }, trace, typed).values, "1 2") // nothing that was typed is lost
  const large = { ...parameterAt(entry, begun, trace), shape: /** @type {[number, number]} */ ([MOST_TYPED, 2]) }
  assert.equal(presentText(/** @type {any} */ (large)), null)
  assert.equal(filledText(/** @type {any} */ (large), "0.5"), "0.5")
  assert.equal(withPresent(entryOf("freeze"), { layer: "1" }, trace).values, undefined)
})

test("one number fills a whole parameter, a spreadsheet's tabs do, and what does not fit is named by its place", () => {
  const entry = entryOf("set_all")
  const texts = (/** @type {string} */ values) => ({ tensor: "b", layer: "2", values })
  const typed = (/** @type {string} */ values) => spreadOut(entry, editOf(entry, texts(values)), texts(values), trace).values
  const ten = Array.from({ length: 10 }, () => [0.5])
  assert.deepEqual(typed("0.5"), ten)
  assert.deepEqual(typed(filledText(/** @type {any} */ (trace.layers[2]?.b), "0.5")), ten)
  assert.deepEqual(editOf(entry, texts("1\t\u22122\r\n3,4\n")).values, [[1, -2], [3, 4]])
  const wrong = (/** @type {string} */ values) => wrongValues(entry, texts(values), trace)?.message ?? null
  assert.equal(wrong("7"), null)
  assert.equal(wrong(JSON.stringify(ten.flat())), null) // one number a row may be written flat
  assert.equal(wrong(" "), "Values is empty; it must be 10 lines of 1 number, or one number for all.")
  assert.equal(wrong("0 1\n2 3"), "Values has 2 lines; it must be 10 lines of 1 number, or one number for all.")
  assert.equal(wrong(`${"0\n".repeat(8)}1 2\n0`), "Values has 2 numbers in line 9; it must be 10 lines of 1 number.")
  assert.equal(wrong("0\n1 half"), 'Values has "half" as number 2 of line 2; it must be a finite number.')
  assert.equal(wrong("0\n-Infinity"), "Values has -Infinity as number 1 of line 2; it must be a finite number.")
  assert.equal(wrongValues(entryOf("set"), texts(""), trace), null)
})

test("an edit that is too long to be told to those who watch is known to be", () => {
  const edit = (/** @type {number} */ count) => ({ name: "set_all", tensor: "W", layer: 1, values: [Array(count).fill(0.125)] })
  assert.ok(isTellable(edit(100)))
  assert.ok(!isTellable(edit(600))) // 4,096 characters hold 585 with the spaces of the service
})

test("an edit that nobody has named here is offered by its parameters", () => {
  const parameters = [...entryOf("ablate").parameters.slice(0, 2), { ...entryOf("scale_gradient").parameters[2], name: "strength" }]
  const made = /** @type {import("../../static/types.js").EditEntry} */ ({ ...entryOf("ablate"), name: "dim", title: "Dim a unit", ends: { strength: 1 }, parameters })
  const [offer] = offersAt([made], { tensor: "A", layer: 1, row: 2, col: 0 }, trace)
  assert.deepEqual(offer?.filled, { layer: 1, unit: 2 })
  assert.deepEqual(editOf(made, { ...textsOf(made, offer?.filled ?? {}, []), strength: "0.5" }), { name: "dim", layer: 1, unit: 2, strength: 0.5 })
  assert.equal(editWords({ name: "dim", layer: 1, unit: 2, strength: 0.5 }, [made]), "Dim a unit: layer 1, unit 2, strength 0.5")
  assert.deepEqual(endOf({ name: "dim", layer: 1, unit: 2, strength: 0.5 }, [made]), { name: "dim", layer: 1, unit: 2, strength: 1 })
})

test("what is typed becomes what the service takes, and what is no number stays as it is", () => {
  const texts = textsOf(entryOf("set"), { tensor: "W", layer: 2, row: 3, col: 1 }, [])
  assert.deepEqual(editOf(entryOf("set"), { ...texts, value: "−0.5" }), { name: "set", tensor: "W", layer: 2, row: 3, col: 1, value: -0.5 })
  assert.equal(editOf(entryOf("set"), { ...texts, value: "half" }).value, "half")
  assert.equal(editOf(entryOf("clip_gradient"), { tensor: "dW", layer: "1", max_abs: " " }).max_abs, null)
  assert.deepEqual(editOf(entryOf("set_all"), { tensor: "b", layer: "1", values: "1 2\n3 4" }).values, [[1, 2], [3, 4]])
  assert.deepEqual(changedSettings({ name: "sgd", learning_rate: 0.1, decay_biases: false }, { learning_rate: "0.01", decay_biases: "false" }), { learning_rate: 0.01 })
  assert.equal(fieldOfEdit("edits[0].row"), "row")
  assert.equal(fieldOfEdit("action.changes.learning_rate"), "changes.learning_rate")
})

test("where an edit stands already, its fields begin with it, and a switch with its end", () => {
  const ablated = { name: "ablate", layer: 1, unit: 4, on: true }
  assert.equal(textsOf(entryOf("ablate"), { layer: 1, unit: 4 }, [ablated]).on, "false")
  assert.equal(textsOf(entryOf("ablate"), { layer: 1, unit: 5 }, [ablated]).on, "true")
  assert.ok(isEnding(entryOf("ablate"), textsOf(entryOf("ablate"), { layer: 1, unit: 4 }, [ablated])))
  assert.equal(textsOf(entryOf("scale_gradient"), { tensor: "dW", layer: 2 }, [{ name: "scale_gradient", tensor: "dW", layer: 2, factor: -1 }]).factor, "-1")
})

test("a drag moves a number by whole steps that fit its tensor, without stray digits", () => {
  assert.equal(stepOf(0.19654, 0.65), 0.001)
  assert.equal(stepOf(0, 0), 0.01)
  assert.equal(moved("0.19654667812027113", 100, 0.001), "0.297")
  assert.equal(moved("0.1", 2, 0.1), "0.3")
  assert.equal(moved("5", -7, 1), "-2")
  assert.equal(moved("half", 3, 1), "half")
  assert.equal(moved("", 3, 1), "")
})

/** @param {[number, object][]} made @returns {import("../../static/types.js").LogEntry[]} */
const logOf = (made) => made.map(([step, action], i) => ({ number: i + 1, step, action: /** @type {any} */ (action), made_at: "" }))
const ablate = { name: "ablate", layer: 1, unit: 4, on: true }
const [undo, redo] = [{ name: "undo" }, { name: "redo" }]

test("the log says what is done, what is undone and what stands at each step", () => {
  const entries = logOf([[2, ablate], [2, { name: "freeze", layer: 2, on: true }], [2, undo], [5, { ...ablate, on: false }], [5, undo], [5, redo]])
  const { done, of } = foldLog(entries)
  assert.deepEqual(done.map(({ number }) => number), [1, 4])
  assert.equal(of.get(3)?.number, 2)
  assert.equal(of.get(6)?.number, 4)
  assert.deepEqual(standingAt(entries, 2, edits), [])
  assert.deepEqual(standingAt(entries, 3, edits), [ablate])
  assert.deepEqual(standingAt(entries, 6, edits), [])
  // what was undone before a step can't be done again after it
  assert.deepEqual(foldLog(logOf([[1, ablate], [1, undo], [3, { name: "set" }]])).done.map(({ number }) => number), [3])
})

test("a setting that is again what the run began with is no longer said to stand", () => {
  const changed = { name: "optimizer", changes: { learning_rate: 0.1, weight_decay: 0.5 } }
  assert.deepEqual(inForce([ablate, changed], { learning_rate: 0.1, weight_decay: 0 }), [ablate, { name: "optimizer", changes: { weight_decay: 0.5 } }])
  assert.deepEqual(inForce([changed], { learning_rate: 0.1, weight_decay: 0.5 }), [])
})

test("every edit of the catalogue has words, a sign, and an end where it stands", () => {
  const given = { tensor: "dW", layer: 1, row: 0, col: 0, unit: 2, value: 0.5, values: [[1]], factor: 0, max_abs: 0.1, on: true, changes: { learning_rate: 0.01 } }
  for (const entry of edits) {
    const action = { ...given, name: entry.name }
    assert.doesNotMatch(editWords(action, edits), /undefined|NaN|object|_/, entry.name)
    assert.ok(editSign(action))
    const end = endOf(action, edits)
    if (end) assert.match(editWords(end, edits), /no more$/)
    else assert.ok(!entry.stands || entry.name === "optimizer", entry.name)
  }
  assert.equal(editWords({ ...given, name: "optimizer" }, edits), "learning rate 0.01")
  assert.equal(offerWords(entryOf("scale_gradient"), { tensor: "dW", layer: 2 }), "Scale dW[2]")
  assert.equal(offerWords(entryOf("ablate"), { layer: 1, unit: 4 }), "Ablate unit 4 of layer 1")
  assert.equal(endingWords(entryOf("ablate"), { layer: 1, unit: 4 }), "Restore unit 4 of layer 1")
  assert.equal(endingWords(entryOf("freeze"), { layer: 2 }), "Unfreeze layer 2")
  for (const entry of edits.filter(({ parameters, ends }) => parameters.some(({ name, type }) => type === "boolean" && name in ends))) {
    assert.notEqual(helpWords(entry, true), helpWords(entry, false), entry.name) // what ends it is not told by what it does
  }
  assert.equal(helpWords(entryOf("freeze"), false), entryOf("freeze").help)
  assert.equal(endingWords({ ...entryOf("freeze"), name: "hold", title: "Hold a layer" }, { layer: 2 }), "End: Hold layer 2")
})

test("the loss before and after is said in words", () => {
  assert.equal(lossWords(2.5, 2.25, "nats"), "2.5 → 2.25 nats, 0.25 less")
  assert.equal(lossWords(2.5, 2.5, ""), "2.5 as before")
  assert.equal(lossWords(2.5, Infinity, "nats"), "2.5 → ∞ nats")
})

test("what changed is lit in the order of computation, and what did not is never lit", () => {
  const changed = [{ tensor: "Z", layer: 2, cells: 8, max_abs: 0.1, only: null }, { tensor: "dW", layer: 1, cells: 4, max_abs: 0.3, only: null }]
  const roles = (/** @type {number} */ lit) => [changeRole(changed, lit, "Z", 2), changeRole(changed, lit, "dW", 1), changeRole(changed, lit, "W", 1)]
  assert.deepEqual(roles(0), ["reached", "idle", "idle"])
  assert.deepEqual(roles(1), ["changed", "reached", "idle"])
  assert.deepEqual(roles(Infinity), ["changed", "changed", "idle"])
  assert.equal(countWords(changed), "2 tensors change")
  assert.equal(countWords(changed.slice(0, 1)), "1 tensor changes")
})

test("the tensor that changed the most did so for its own size, and a counter is none", () => {
  const change = (/** @type {string} */ tensor, /** @type {number} */ max_abs) => ({ tensor, layer: 1, cells: 4, max_abs, only: null })
  const changed = [change("Z", 0.5), change("dW", 0.3), change("b", 0.1), change("tW_next", 1)]
  const extents = /** @type {Record<string, number>} */ ({ Z: 5, dW: 0.1, b: 0, tW_next: 1 })
  const most = mostChanged(changed, (tensor) => extents[tensor] ?? 0)
  assert.equal(most?.one.tensor, "dW")
  assert.equal(most?.share.toFixed(3), "3.000")
  assert.equal(mostChanged(changed.slice(2), (tensor) => extents[tensor] ?? 0), null)
  assert.deepEqual([0.123, 3, 33, 1e308].map(shareWords), ["12 % of", "300 % of", "33 times", "1×10³⁰⁸ times"])
})

test("a scaled gradient of a parameter leads to what the update takes of it, while it stays as it is", () => {
  const cell = { tensor: "dW", layer: 2, row: 0, col: 1 }
  const scaled = { name: "scale_gradient", tensor: "dW", layer: 2, factor: 5 }
  const changed = [{ tensor: "gW", layer: 2, cells: 8, max_abs: NaN, only: /** @type {const} */ ("after") }]
  assert.deepEqual(takenOf(scaled, changed, cell), { used: { ...cell, tensor: "gW" }, moved: { ...cell, tensor: "W_next" } })
  assert.equal(takenOf(scaled, changed, { ...cell, layer: 1 }), null)
  assert.equal(takenOf({ ...scaled, tensor: "dA" }, changed, { ...cell, tensor: "dA" }), null) // it changes itself
  assert.equal(takenOf(scaled, [], cell), null) // nothing is taken that was not
})

test("a bound beyond all numbers is told by the largest of them, and any other edit without effect as such", () => {
  const clip = { name: "clip_gradient", tensor: "dW", layer: 1, max_abs: 1 }
  const extents = /** @type {Record<string, number>} */ ({ gW: 0.09381, hW: 0.5 })
  const words = (/** @type {string[]} */ ...there) => nothingWords(clip, (tensor) => (there.includes(tensor) ? (extents[tensor] ?? null) : null))
  assert.equal(words("gW"), "Nothing changes in this step: the largest number to clip is 0.0938.")
  assert.equal(words("gW", "hW"), "Nothing changes in this step: the largest number to clip is 0.5.") // the run clips what the edit leaves
  assert.equal(words(), "Nothing changes in this step.") // of a frozen layer the update takes nothing
  assert.equal(nothingWords({ name: "freeze", layer: 1 }, () => 1), "Nothing changes in this step.")
})

test("what comes with an edit and has no column is named, once for a tensor and its gradient", () => {
  const label = (/** @type {string} */ tensor, /** @type {number} */ layer) => `${tensor}[${layer}]`
  const changed = (/** @type {string} */ tensor, /** @type {"after" | null} */ only) => ({ tensor, layer: 1, cells: 1, max_abs: 1, only })
  assert.equal(newWords([changed("Z", null), changed("hW", "after")], label), "")
  assert.equal(newWords([changed("G", "after"), changed("D", "after"), changed("A", null), changed("dG", "after")], label), "New with it: G[1], D[1].")
})

test("a difference keeps the shape of the step, and what only one side has still has its place", () => {
  const after = { ...trace, loss: Infinity, layers: trace.layers.map((layer) => ({ ...layer, ...(layer.index === 1 && { D: layer.Z }) })) }
  const told = differenceTrace(trace, after, [/** @type {any} */ ({ index: 1, name: "hidden 1", Z: trace.layers[1]?.Z })])
  assert.equal(told.layers.length, trace.layers.length)
  assert.equal(told.layers[1]?.Z, trace.layers[1]?.Z)
  assert.equal(told.layers[1]?.W, undefined)
  assert.equal(told.loss, Infinity)
  assert.deepEqual(told.batch.losses, trace.batch.losses?.map(() => 0))
  assert.ok("D" in (joinedLayers(trace, after)[1] ?? {}) && "D" in (joinedLayers(after, trace)[1] ?? {}))
})

test("a number that was set by hand is known to be, at the step that it was set before", () => {
  const set = { name: "set", tensor: "W", layer: 1, row: 0, col: 1, value: 2 }
  const log = [set, { name: "set_input", row: 1, col: 2, value: 3 }, { name: "set", tensor: "b", layer: 1, row: 0, col: 0, value: 1 }, { name: "undo" }].map((action, i) => ({ number: i + 1, step: 4, action, made_at: "" }))
  const at = (/** @type {string} */ tensor, /** @type {number} */ layer, /** @type {number} */ row, /** @type {number} */ col, step = 5) => setBy(log, { tensor, layer, row, col }, step)?.number ?? null
  assert.deepEqual([at("W", 1, 0, 1), at("W", 1, 0, 1, 6), at("W", 1, 1, 1), at("W", 2, 0, 1)], [1, null, null, null])
  assert.deepEqual([at("A", 0, 1, 2), at("A", 1, 1, 2), at("b", 1, 0, 0)], [2, null, null]) // the bias was undone
  assert.equal(setBy([{ number: 1, step: 0, action: { name: "set_all", tensor: "b", layer: 1, values: [[1]] }, made_at: "" }], { tensor: "b", layer: 1, row: 7, col: 0 }, 1)?.number, 1)
})

test("a step of the past was taken with the settings of its time", () => {
  const log = [{ name: "configure", changes: { batch_size: 4 } }, { name: "optimizer", changes: { learning_rate: 0.5 } }].map((action, i) => ({ number: i + 1, step: 2 * i, action, made_at: "" }))
  const began = { optimizer: { name: "sgd", learning_rate: 0.1, weight_decay: 0 } }
  assert.deepEqual([changesAt(log, began, 0), changesAt(log, began, 2)], [{}, { batch_size: 4 }])
  assert.deepEqual(changesAt(log, began, 3), { batch_size: 4, optimizer: { name: "sgd", learning_rate: 0.5, weight_decay: 0 } })
})

test("a number that was set waits for one step, and acts on that one alone", () => {
  const entries = logOf([[2, { name: "set_input", row: 0, col: 1, value: 3 }], [2, ablate], [2, { name: "set", tensor: "b", layer: 1, row: 0, col: 0, value: 1 }], [2, undo], [4, { name: "set_all", tensor: "b", layer: 1, values: [[1]] }]])
  const numbers = (/** @type {number} */ step) => onceAt(entries, step, edits).map(({ number }) => number)
  assert.deepEqual([numbers(2), numbers(3), numbers(4), numbers(5)], [[], [1], [], [5]])
})

test("settings of the optimizer end in those that the run began with", () => {
  const began = { name: "sgd", learning_rate: 0.1, weight_decay: 0 }
  assert.deepEqual(endingOf({ name: "optimizer", changes: { learning_rate: 0.5 } }, edits, began), { name: "optimizer", changes: { learning_rate: 0.1 } })
  assert.deepEqual(endingOf(ablate, edits, began), { ...ablate, on: false })
  assert.equal(endingOf({ name: "set_input", row: 0, col: 1, value: 3 }, edits, began), null)
})
