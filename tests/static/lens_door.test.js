import assert from "node:assert/strict"
import { test } from "node:test"
import { readAddress } from "../../static/address.js"
import { doorTo } from "../../static/lib/lens_door.js"
import { phasesOf } from "../../static/phases.js"
import { makeTrace, toldPhases } from "./reference.js"

const phases = phasesOf(toldPhases(3), makeTrace([4, 5, 6, 3], { m: 7 }))

test("the lens reads the door back as the same cell, in the phase that wrote it", () => {
  const wanted = /** @type {[string, number, string | null][]} */ ([
    ["dW", 2, "dW2"], ["dA", 0, "dA0"], ["Z", 1, "Z1"], ["losses", 3, "loss"], ["loss", 3, "loss"], ["b_next", 2, "b_next1"],
    ["W", 2, null], ["Y", 3, null], ["A", 0, null],
  ])
  for (const [tensor, layer, phase] of wanted) {
    const cell = { tensor, layer, row: 2, col: 1 }
    const door = doorTo("an id", 7, phases, cell)
    assert.ok(door.startsWith("/?"))
    assert.deepEqual(readAddress(door.slice(1)), { session: "an id", step: 7, example: null, preset: null, tab: null, scale: null, colors: null, distribution: null, phase, cell, trail: [] })
  }
})
