import assert from "node:assert/strict"
import { test } from "node:test"
import { readKey, writeKey } from "../../static/address.js"

test("a key behind the # is read as it was written", () => {
  for (const key of ["abc-_09", "with &=#+ in it"]) assert.equal(readKey(writeKey(key)), key)
  for (const hash of ["", "#", "#lens", "#key="]) assert.equal(readKey(hash), null)
})
