import assert from "node:assert/strict"
import { test } from "node:test"
import { decodeText } from "../../static/lib/decode_text.js"

const words = "größe\tart\r\n1,5\t🦊\r\n"
/** @param {Buffer} bytes */
const decoded = (bytes) => decodeText(/** @type {ArrayBuffer} */ (new Uint8Array(bytes).buffer))

test("a byte order mark says how to decode, and is none of the text", () => {
  const little = Buffer.from(`\ufeff${words}`, "utf16le")
  for (const bytes of [little, Buffer.from(little).swap16(), Buffer.from(`\ufeff${words}`), Buffer.from(words)]) assert.deepEqual(decoded(bytes), { text: words, isGuess: false })
})

test("what is neither marked nor UTF-8 is a guess", () => {
  assert.deepEqual(decoded(Buffer.from("größe", "latin1")), { text: "größe", isGuess: true })
  assert.equal(decoded(Buffer.from([0xff, 0xfe, 0x61])).isGuess, true, "half a character of UTF-16")
  assert.deepEqual(decoded(Buffer.alloc(0)), { text: "", isGuess: false })
})
