/** Mounts the page and opens what the address names. */
import { html } from "htm/preact"
import { render } from "preact"
import { keepInStep, start } from "./address_actions.js"
import { followLog } from "./edit_actions.js"
import { App } from "./elements/app.js"
import { keepDraft } from "./kept_draft.js"
import { keepOwnSessions } from "./own_actions.js"
import { keepPrintable } from "./print_actions.js"
import { leavePresetWithRun } from "./preset_actions.js"
import { followScheme } from "./scheme_actions.js"
import { unfoldWhereLooked } from "./view_actions.js"
import { keepReturnsSaid, keepWaitingSaid } from "./waiting_actions.js"
import { keepListening } from "./watch_actions.js"

const place = document.getElementById("app")
if (!place) throw new Error("the template has no #app")
followScheme()
keepInStep()
leavePresetWithRun()
unfoldWhereLooked()
keepListening()
keepWaitingSaid()
keepReturnsSaid()
keepPrintable()
keepOwnSessions()
followLog()
keepDraft()
place.replaceChildren() // what the HTML showed meanwhile
render(html`<${App} />`, place)
start()
