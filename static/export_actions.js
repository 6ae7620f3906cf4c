/** Taking something along: a script, numbers, the address of what is seen. */
import { api } from "./api.js"
import { csvText } from "./lib/csv_text.js"
import { saveFile } from "./lib/save_file.js"
import { look } from "./readings.js"

/** Puts the step, or one phase of it, on the clipboard as NumPy. @param {string | null} phase @throws {ProblemError} */
export async function copyScript(phase) {
  const text = await api.script(look(), phase)
  await navigator.clipboard.writeText(text)
}

/** Where the whole history is to be had as CSV. */
export const historyCsv = () => api.historyCsv(look().id)

/** Hands what a plot shows to the person as a file. @param {string} what "loss" @param {string[]} header @param {readonly (readonly (number | string | null)[])[]} columns */
export function saveCsv(what, header, columns) {
  saveFile(`backscope-${look().id.slice(0, 8)}-${what}.csv`, csvText(header, columns), "text/csv")
}

/** Puts the address of what is seen on the clipboard. */
export const copyLink = () => navigator.clipboard.writeText(location.href)
