import assert from "node:assert/strict"
import { mock, test } from "node:test"
import { retryOf } from "../../static/lib/retry.js"

test("what failed is tried again later each time, and within a second where there is news", () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] })
  let tries = 0
  const retry = retryOf(() => tries++, { first: 1000, latest: 30_000, soon: 1000 })
  retry.sooner() // nothing has failed
  mock.timers.tick(60_000)
  assert.equal(tries, 0)
  for (let failure = 0; failure < 9; failure++) {
    retry.later()
    const least = Math.min(30_000, 1000 * 2 ** failure)
    mock.timers.tick(least - 1)
    assert.equal(tries, failure)
    mock.timers.tick(least / 2 + 1)
    assert.equal(tries, failure + 1)
  }
  retry.later()
  assert.ok(retry.isWaiting())
  for (let news = 0; news < 11; news++) {
    retry.sooner() // more and more of it does not put it off
    mock.timers.tick(100)
  }
  assert.equal(tries, 10)
  assert.ok(!retry.isWaiting())
  // nor does news make a short wait longer, and what worked begins anew
  retry.forget()
  retry.later()
  mock.timers.tick(999)
  const random = mock.method(Math, "random", () => 0.99)
  retry.sooner()
  mock.timers.tick(502)
  assert.equal(tries, 11)
  random.mock.restore()
  mock.timers.reset()
})
