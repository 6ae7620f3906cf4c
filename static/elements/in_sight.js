/** Bringing into sight what a phase writes, and the chosen cell's tensor. */
import { useEffect, useRef } from "preact/hooks"
import { phase, phaseWalks, selected, session, soughtLayer, trace } from "../state.js"

const AIR = 8 // pixels between what is scrolled to and the edge
const EDGE = 32 // pixels that fade where there are more lanes

/** Brings what is looked at into sight where the lanes are wider than the window: the tensor that the phase writes, or the chosen cell's.
 * @param {{current: HTMLElement | null}} lanes */
export function useSidewaysInSight(lanes) {
  const cell = selected.value
  const written = phase.value?.writes[0]
  const wanted = cell ? { tensor: cell.tensor, layer: cell.layer } : written
  const run = session.value?.id
  useEffect(() => {
    if (lanes.current) lanes.current.scrollLeft = 0 // another run begins where its lanes do
  }, [run])
  const sought = soughtLayer.value
  useEffect(() => {
    const map = sought && mapOf({ tensor: sought.layer === 0 ? "A" : "W", layer: sought.layer })
    if (map && lanes.current) lanes.current.scrollLeft += map.getBoundingClientRect().left - lanes.current.getBoundingClientRect().left - EDGE
  }, [sought]) // before the cell, which is in sight whatever leads there
  const about = [run, ...[wanted, written].map((at) => at && `${at.tensor}-${at.layer}`)]
  useEffect(() => {
    const place = phase.value ? written : wanted
    if (!place || !lanes.current) return
    const map = mapOf(place)
    if (!map) return
    const [box, own] = [lanes.current.getBoundingClientRect(), map.getBoundingClientRect()]
    // sideways alone: scrollIntoView would also move the page
    if (own.left < box.left || own.right > box.right) lanes.current.scrollLeft += own.left - box.left - Math.max(0, (box.width - own.width) / 2)
  }, about)
}

/** Scrolls the page to what the phase writes once one has walked to it, where the equation stays in sight above: on a phone it would be scrolled away. */
export function useWalkInSight() {
  const walks = phaseWalks.value
  const seen = useRef(walks) // lanes that come later have not walked
  useEffect(() => {
    if (seen.current === walks) return
    seen.current = walks
    const note = document.querySelector(".lens__phase")
    const at = phase.value?.writes[0]
    const written = at && mapOf(at)
    if (!written || !note || getComputedStyle(note).position !== "sticky") return
    const covered = parseFloat(getComputedStyle(note).top) + note.getBoundingClientRect().height
    const { top, bottom } = written.getBoundingClientRect()
    const below = Math.min(bottom - (innerHeight - AIR), top - covered - AIR)
    if (below > 0 || top < covered) scrollBy({ top: top < covered ? top - covered - AIR : below, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" })
  }, [walks])
}

/** The lens's cell with the tensor's map. @param {import("../types.js").TensorAt} at */
function mapOf({ tensor, layer }) {
  const isLoss = tensor.startsWith("loss") || tensor === "Y"
  const last = (trace.value?.layers.length ?? 1) - 1
  const names = isLoss ? [`A-${last}`] : [`${tensor}-${layer}`, `${tensor.replace("_next", "")}-${layer}`]
  const map = names.map((name) => document.getElementById(`heatmap-${name}`)?.closest(".lens__cell")).find(Boolean)
  return map instanceof HTMLElement ? map : null
}
