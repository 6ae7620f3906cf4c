/** Mounts the derivation page and opens the step that its address names. */
import { html } from "htm/preact"
import { render } from "preact"
import { keepAddress, open } from "./derivation_actions.js"
import { DerivationPage } from "./elements/derivation/page.js"
import { followScheme } from "./scheme_actions.js"

const place = document.getElementById("app")
if (!place) throw new Error("the template has no #app")
followScheme()
keepAddress()
place.replaceChildren() // what the HTML showed meanwhile
render(html`<${DerivationPage} />`, place)
open()
