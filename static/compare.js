/** Mounts the comparison and opens the runs that its address names. */
import { html } from "htm/preact"
import { render } from "preact"
import { open } from "./compare_actions.js"
import { keepAddress } from "./compare_address_actions.js"
import { keepAlong } from "./compare_along_actions.js"
import { keepList } from "./compare_list_actions.js"
import { keepShown } from "./compare_look_actions.js"
import { keepLostSaid } from "./compare_lost_actions.js"
import { keepWatching } from "./compare_watch_actions.js"
import { ComparePage } from "./elements/compare/page.js"
import { keepPrintable } from "./print_actions.js"
import { followScheme } from "./scheme_actions.js"

const place = document.getElementById("app")
if (!place) throw new Error("the template has no #app")
followScheme()
keepShown()
keepAddress()
keepAlong()
keepList()
keepLostSaid()
keepWatching()
keepPrintable()
place.replaceChildren() // what the HTML showed meanwhile
render(html`<${ComparePage} />`, place)
open()
