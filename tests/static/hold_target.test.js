import assert from "node:assert/strict"
import { test } from "node:test"
import { placeIn } from "../../static/lib/hold_target.js"

test("the place that an address names is decoded, and one that nothing decodes to is no mistake of the page", () => {
  assert.equal(placeIn("#loss%20curve"), "loss curve")
  assert.equal(placeIn(""), "")
  for (const hash of ["#%", "#100%", "#%E0%A4%A"]) assert.equal(placeIn(hash), hash.slice(1))
})
