import assert from "node:assert/strict"
import { test } from "node:test"
import { askedWords, stretchWords, whoseLossGrows } from "../../static/lib/plane_words.js"
import { takeSteps } from "./app_itself.js"

const moons = { dataset: { name: "moons" }, layer_sizes: [2, 4, 2] }
const [plain, normalised, dropped] = takeSteps([moons, { ...moons, normalisation: "batch_norm" }, { ...moons, dropout: 0.5 }]).map(({ session, trace }) => ({ trace, config: session.config }))

test("under batch normalisation the arrows are of all losses of the batch", () => {
  assert.equal(plain && whoseLossGrows(plain.trace), "an example's loss grows")
  assert.equal(normalised && whoseLossGrows(normalised.trace), "the losses of the batch grow")
})

test("a network that trains otherwise than it answers is said to", () => {
  const words = (/** @type {typeof plain} */ run) => run && askedWords(run.trace, run.config, "Ground")
  assert.equal(words(plain), null)
  assert.match(words(normalised) ?? "", /^Ground: asked for an answer, with running statistics .* with its own statistics\.$/)
  assert.match(words(dropped) ?? "", /with no unit dropped\. .* training pass, with its mask\.$/)
})

test("arrows on stretched axes are said to be those of the picture", () => {
  assert.equal(stretchWords(1), "")
  assert.match(stretchWords(10), /10 times longer upwards.*steepest on this picture/)
  assert.match(stretchWords(0.1), /10 times longer to the right/)
})
