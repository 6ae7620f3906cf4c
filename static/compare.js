/** Mounts the comparison and opens the runs that its address names. */
import { html } from "htm/preact"
import { render } from "preact"
import { keepAddress, keepShown, open } from "./compare_actions.js"
import { ComparePage } from "./elements/compare/page.js"
import { followScheme } from "./scheme_actions.js"

const place = document.getElementById("app")
if (!place) throw new Error("the template has no #app")
followScheme()
keepShown()
keepAddress()
render(html`<${ComparePage} />`, place)
open()
