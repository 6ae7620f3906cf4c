/**
 * Forks that an edit leads to: with one that was tried, or without one that can't be undone any more.
 *
 * @import { LogEntry } from "./types.js"
 */
import { drafted, draftProblem } from "./edit_actions.js"
import * as edits from "./edit_state.js"
import { forkAndOpen, forkProblem } from "./fork_actions.js"
import { editWords } from "./lib/edit_words.js"
import { openSession } from "./session_actions.js"
import * as state from "./state.js"

/** A session of one's own in which the step that is looked at was taken with the edit: the picture that was seen. */
export async function forkWithEdit() {
  const { session, trace } = state
  const action = drafted()
  if (!session.value || !trace.value || !action) return
  const { step, edits: taken } = trace.value
  const words = editWords(action, edits.entries.value)
  await goToFork(draftProblem, session.value.id, { step: step - 1, log: taken, edits: [action] }, { change: words, to: step, said: `A fork of your own: step ${step} was taken with ${words}.` })
}

/** A session of one's own that goes on without an edit that can't be undone any more. @param {LogEntry} entry */
export async function forkWithout(entry) {
  const { session } = state
  if (!session.value) return
  const change = `without ${editWords(entry.action, edits.entries.value)}`
  await goToFork(edits.refusal, session.value.id, { step: entry.step, log: entry.number - 1 }, { change, to: entry.step, said: `A fork of your own after step ${entry.step}, ${change}.` })
}

/**
 * Makes a fork, or goes on with the one that was made before an answer was lost, and opens it.
 * @param {{value: import("./state.js").Problem | null}} place where it is said what went wrong
 * @param {string} id of the session that is forked @param {import("./fork_actions.js").ForkBody} body
 * @param {{change: string, to: number, said: string}} words `change`: what makes it another run; `to`: the step to bring it to; `said` once it is on the page
 */
async function goToFork(place, id, body, { change, to, said }) {
  const again = () => goToFork(place, id, body, { change, to, said })
  try {
    if (await forkAndOpen(id, body, { change, to, open: (fork) => openSession(fork, to || null) })) edits.said.value = said
  } catch (error) {
    place.value = forkProblem(error, again)
  }
}
