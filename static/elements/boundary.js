/**
 * What the network says everywhere: its answer over the plane of two features, or its curve over one.
 *
 *   <Boundary />
 */
import { html } from "htm/preact"
import { useAnswer } from "../lib/use_answer.js"
import { lookAtBatch, readPredictions } from "../readings.js"
import { session, wholeTrace } from "../state.js"
import { FittedCurve } from "./fitted_curve.js"
import { Plane } from "./plane.js"
import { ProblemNote } from "./problem.js"

const RESOLUTION = 60 // points along each axis: what lies between them is interpolated

export function Boundary() {
  const features = session.value?.dataset.features
  return features === 1 || features === 2 ? html`<${Asked} key=${session.value?.id} isPlane=${features === 2} />` : html`<${Nothing} features=${features} />`
}

/** @param {{isPlane: boolean}} properties */
function Asked({ isPlane }) {
  const { last, isCurrent, retry } = useAnswer(wholeTrace, "", (_, signal) => readPredictions(lookAtBatch(), isPlane ? RESOLUTION : 200, signal))
  const View = isPlane ? Plane : FittedCurve
  return html`
    <section class="boundary" aria-label=${isPlane ? "Decision boundary" : "Fitted curve"} aria-busy=${!isCurrent}>
      ${last?.problem && html`<${ProblemNote} problem=${last.problem} onRetry=${retry} />`}
      ${!last && html`<p class="soft" role="status">Asking the network everywhere…</p>`}
      ${last?.answer && html`<${View} about=${last.about} told=${last.answer} />`}
    </section>
  `
}

/** @param {{features: number | undefined}} properties */
function Nothing({ features }) {
  const isImage = Boolean(session.value?.dataset.image)
  return html`
    <p class="batch__nothing soft">
      The examples of ${session.value?.config.dataset.name ?? "this data"} have ${features ?? "many"} features, and a plane has two: there is no picture of what the network says
      everywhere. Data of two features, as spirals or moons, has its decision boundary here; data of one, its fitted curve.
      ${isImage && html` What these pictures do to the network is in the tab Pictures.`}
    </p>
  `
}
