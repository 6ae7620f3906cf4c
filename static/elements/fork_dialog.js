/**
 * "Same start, one thing changed": a fork of a run, made with one click and brought to where it can be compared.
 *
 *   <ForkDialog session={session} log={log} step={12} onClose={() => …} onMade={(id, step) => …} onFork={(id, step) => …} />
 *
 * @import { Entry } from "../lib/compare_edits.js"
 * @import { Session } from "../types.js"
 */
import { html } from "htm/preact"
import { useEffect, useRef, useState } from "preact/hooks"
import { forkProblem, forkRun } from "../fork_actions.js"
import { configNow } from "../lib/compare_words.js"
import { formatCount } from "../lib/format.js"
import { forkChoices } from "../lib/fork_choices.js"
import { leftBehindWords } from "../lib/fork_edits.js"
import { useProblem } from "../lib/use_problem.js"
import { catalog } from "../state.js"
import { ForkForm } from "./fork_form.js"
import { NamedWords } from "./named_words.js"
import { ProblemNote } from "./problem.js"

/**
 * @param {{session: Session, log: readonly Entry[], step: number, to?: number, onClose: () => void, onMade: (id: string, step: number) => unknown, onFork?: (id: string, step: number) => unknown}} properties
 * `log`: what was done to the run and not undone; `step` is the one that is looked at, `to` the one to bring the fork to; `onFork` where a fork alone, without a change, can be gone on with
 */
export function ForkDialog({ session, log, step, to = step, onClose, onMade, onFork }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null))
  const work = useRef(/** @type {AbortController | null} */ (null))
  const [from, setFrom] = useState(0)
  const [progress, setProgress] = useState(/** @type {{step: number, to: number} | null} */ (null))
  const [problem, setProblem] = useProblem()
  const [isOfForm, setOfForm] = useState(false) // whether the form of any other value was refused: said there
  useEffect(() => {
    box.current?.showModal()
    return () => work.current?.abort()
  }, [])
  const known = catalog.value
  if (!known) return null
  const config = from === 0 ? session.config : configNow(session)

  /** @param {object} changes @param {(id: string, step: number) => unknown} then @param {number} target @param {number} [at] the step to fork at */
  const make = async (changes, then, target, at = from) => {
    if (work.current) return
    const life = (work.current = new AbortController())
    setProblem(null)
    setProgress({ step: at, to: target })
    try {
      const made = await forkRun(session.id, at, changes, { to: target, signal: life.signal, onProgress: (reached) => setProgress({ step: reached, to: target }) })
      work.current = null
      if (box.current?.open) await then(made.id, made.step)
    } catch (error) {
      setProblem(forkProblem(error, () => make(changes, then, target, at)))
    } finally {
      work.current = null
      setProgress(null)
    }
  }
  // from a step on, what follows is what differs: the fork goes as far as its origin has come
  const target = from === 0 ? to : Math.max(to, session.step)
  const choices = forkChoices(known, config, from)
  const without = leftBehindWords(log, { at: from, looked: step, newest: session.step }, known.edits)
  const groups = [...new Set(choices.map(({ title }) => title))]
  return html`
    <dialog class="fork" ref=${box} aria-labelledby="fork-title" onClose=${onClose} onClick=${(/** @type {Event} */ event) => event.target === box.current && !progress && box.current?.close()}>
      <header class="fork__head">
        <h2 id="fork-title" class="fork__title">Compare with one thing changed</h2>
        <button class="button" data-look="plain" onClick=${() => box.current?.close()}>Close</button>
      </header>
      <fieldset class="choice fork__from">
        <legend class="choice__title">Fork</legend>
        <label class="choice__option"><input type="radio" name="fork-from" checked=${from === 0} disabled=${progress !== null} onChange=${() => setFrom(0)} /><span>at the same start</span></label>
        ${step > 0 && html`<label class="choice__option"><input type="radio" name="fork-from" checked=${from > 0} disabled=${progress !== null} onChange=${() => setFrom(step)} /><span>from step ${formatCount(step)} on</span></label>`}
      </fieldset>
      <p class="soft">${from === 0 ? "What the change leaves alone stays the same: the first weights follow from the initialisation and the seed, the batches from their size and the seed. A click makes the run, takes its steps, and shows both side by side." : `The past up to step ${formatCount(step)} is shared. What a network is made of stays; how it goes on learning may change.`}</p>
      ${without && html`<p class="fork__without"><${NamedWords} text=${without} /></p>`}
      <div class="fork__choices" inert=${progress !== null}>
        ${groups.map((title) => html`
          <div key=${title} class="fork__group" role="group" aria-label=${title}>
            <span class="fork__field">${title}</span>
            ${choices.filter((one) => one.title === title).map((one) => html`<button key=${one.key} class="button" data-choice=${one.key} onClick=${() => { setOfForm(false); make(one.changes, onMade, target) }}>${one.words}</button>`)}
          </div>`)}
        <${ForkForm} key=${from} known=${known} config=${config} from=${from} problem=${isOfForm ? problem : null} onChange=${() => setProblem(null)} onMake=${(/** @type {object} */ changes) => { setOfForm(true); make(changes, onMade, target) }} />
      </div>
      ${progress && html`
        <div class="fork__progress" role="status">
          <progress max=${Math.max(1, progress.to - from)} value=${progress.step - from}></progress>
          <span>step ${formatCount(progress.step)} of ${formatCount(progress.to)}</span>
          <button class="button" onClick=${() => work.current?.abort()}>Stop here</button>
        </div>`}
      ${problem && !isOfForm && html`<${ProblemNote} problem=${problem} onRetry=${problem.retry} isOfAction />`}
      ${onFork && html`
        <footer class="fork__foot">
          <p class="soft">Or change nothing, and go on from here in a run of your own: this one stays as it is.</p>
          <button class="button" disabled=${progress !== null} onClick=${() => { setOfForm(false); make({}, onFork, step, step) }}>${step === 0 ? "Fork at the start" : `Fork after step ${formatCount(step)}`}</button>
        </footer>`}
    </dialog>
  `
}
