/**
 * A CSV file of one's own: brought by a drop or a choice, looked at before it is used, with what is wrong beside its table.
 *
 * @import { Values } from "../../lib/form_values.js"
 * @import { CsvState } from "../../lib/use_csv.js"
 * @import { Catalog, CsvPreview } from "../../types.js"
 * @import { Bind } from "./fields.js"
 */
import { html } from "htm/preact"
import { useEffect, useRef, useState } from "preact/hooks"
import { formatCount, formatNumber } from "../../lib/format.js"
import { classWords, featuresOf, featuresText, isUnchosen, likenessNames, likenessWords, markNames, readingOf, tickWords } from "../../lib/csv_values.js"
import { decodeText } from "../../lib/decode_text.js"
import { pageMessage } from "../../lib/field_words.js"
import { Fold, idOf, Notes, Select } from "./fields.js"

const BESIDE = 4 // columns that a table may have to leave room for its problems beside it

/** @param {{known: Catalog, values: Values, bind: Bind, csv: CsvState, onChange: (changes: Values) => void}} properties */
export function CsvFile({ known, values, bind, csv, onChange }) {
  const { preview, status } = csv
  return html`
    <${Drop} known=${known} values=${values} bind=${bind} status=${status} rows=${preview?.row_count ?? null} onChange=${onChange} />
    ${values["dataset.text"] && preview && html`
      ${preview.row_count > 0 && html`${preview.targets && html`<div class="csv__choices">
        <${Target} preview=${preview} values=${values} bind=${bind} onChange=${onChange} />
        <${Select} ...${bind("dataset.targets")} label="What it tells" entries=${[{ name: "", title: `found out: ${preview.targets}` }, { name: "classes", title: "classes" }, { name: "numbers", title: "numbers" }]} />
      </div>`}
      <${Notes} name="dataset.features" hint=${tickWords(preview)} problem=${bind("dataset.features").problem} />
      <div class="csv__looked" data-stacked=${preview.problem_count === 0 || preview.columns.length > BESIDE ? "" : undefined}>
        <${Table} preview=${preview} target=${values["dataset.target"] ?? ""} features=${featuresOf(preview, values)} onChange=${onChange} />
        ${preview.problem_count > 0 && html`<${Problems} preview=${preview} isSkipping=${values["dataset.skip_incomplete"] === "true"} />`}
      </div>`}
      <${Likenesses} preview=${preview} onChange=${onChange} />
      ${preview.refusal && !isUnchosen(preview) && html`<p class="field__problem" role="alert">${pageMessage(preview.refusal.field, `${preview.refusal.field} ${preview.refusal.found ?? `is ${preview.refusal.value}`}; it has to be ${preview.refusal.bound}.`)}</p>`}
      <${Dialect} preview=${preview} bind=${bind} />
    `}
  `
}

/** @param {{known: Catalog, values: Values, bind: Bind, status: CsvState["status"], rows: number | null, onChange: (changes: Values) => void}} properties */
function Drop({ known, values, bind, status, rows, onChange }) {
  const [isOver, setOver] = useState(false)
  const [refusal, setRefusal] = useState("")
  const [note, setNote] = useState("")
  const { limits } = known
  const most = limits.max_csv_bytes ?? Infinity
  const text = values["dataset.text"] ?? ""
  /** @param {File | undefined} file */
  const take = async (file) => {
    setOver(false)
    if (!file) return
    const kept = values["dataset.text"] ? ` ${values["dataset.file"] || "The file of this run"} stays.` : ""
    // the file of before stays: what can't be taken must not cost what was
    if (file.size === 0) return setRefusal(`${file.name} is empty.${kept}`)
    if (file.size > most) return setRefusal(`${file.name} has ${megabytes(file.size)}; this server takes at most ${megabytes(most)}.${kept}`)
    const { text, isGuess } = decodeText(await file.arrayBuffer())
    if (text.includes("\0")) return setRefusal(`${file.name} is no text that can be read: a table of a spreadsheet program has to be saved as CSV first, and a text in UTF-16 with a byte order mark, or as UTF-8.${kept}`)
    setRefusal("")
    setNote(isGuess ? "It is not in UTF-8, so it was read as Windows-1252: look at its letters below." : "")
    // what was chosen for another file means nothing for this one
    const others = ["target", "features", "targets", "delimiter", "quote", "decimal", "thousands", "header"].map((one) => [`dataset.${one}`, ""])
    onChange({ ...Object.fromEntries(others), "dataset.text": text, "dataset.file": file.name })
  }
  const problem = refusal || bind("dataset.text").problem || bind("dataset.file").problem
  const id = idOf("dataset.text")
  const zone = useRef(/** @type {HTMLElement | null} */ (null))
  const latest = useRef(take)
  latest.current = take
  // a file that falls beside the zone is meant for it all the same
  useEffect(() => {
    const form = zone.current?.closest("dialog")
    const isFile = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files")
    const over = (/** @type {DragEvent} */ event) => {
      if (!isFile(event)) return
      event.preventDefault()
      setOver(true)
    }
    const leave = (/** @type {DragEvent} */ event) => {
      if (!form?.contains(/** @type {Node | null} */ (event.relatedTarget))) setOver(false)
    }
    const drop = (/** @type {DragEvent} */ event) => {
      if (!isFile(event)) return
      event.preventDefault()
      latest.current(event.dataTransfer?.files[0])
    }
    const stop = new AbortController()
    form?.addEventListener("dragover", over, { signal: stop.signal, capture: true })
    form?.addEventListener("dragleave", leave, { signal: stop.signal })
    form?.addEventListener("drop", drop, { signal: stop.signal, capture: true })
    return () => stop.abort()
  }, [])
  return html`
    <div
      class="csv__drop"
      ref=${zone}
      data-over=${isOver ? "" : undefined}
      data-wrong=${problem ? "" : undefined}
    >
      <label class="button csv__choose" for=${id}>${text ? "Take another file" : "Choose a CSV file"}</label>
      <input
        class="visually-hidden"
        id=${id}
        type="file"
        accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
        aria-describedby=${`${id}-hint`}
        onChange=${(/** @type {any} */ event) => {
          take(event.currentTarget.files[0])
          event.currentTarget.value = "" // the same file, mended, may come again
        }}
      />
      <p aria-live="polite">
        ${status === "busy" ? "Reading it…" : text ? html`<strong>${values["dataset.file"] || "The file of this run"}</strong>${Boolean(rows) && `, ${formatCount(rows ?? 0)} ${rows === 1 ? "row" : "rows"}`}` : "or drop it here"}
      </p>
      <p class="field__hint csv__limits" id=${`${id}-hint`}>
        At most ${megabytes(most)}, ${formatCount(limits.max_csv_columns ?? 0)} columns, ${formatCount(limits.max_data_examples ?? 0)} rows, ${formatCount(limits.max_data_cells ?? 0)} cells and ${formatCount(limits.max_classes ?? 0)} classes; a category that is learned from has at most ${formatCount(limits.max_csv_categories ?? 0)} values. It is kept with the run, and whoever has the run's address can read it.
      </p>
      ${note && html`<p class="field__hint">${note}</p>`}
      ${problem && html`<p class="field__problem" id=${`${id}-problem`} role="alert">${problem}</p>`}
    </div>
  `
}

/** @param {number} bytes */
const megabytes = (bytes) => (bytes < 2 ** 20 ? `${formatNumber(bytes / 1024, 3)} KiB` : `${formatNumber(bytes / 2 ** 20, 3)} MiB`)

/** @param {{preview: CsvPreview, values: Values, bind: Bind, onChange: (changes: Values) => void}} properties */
function Target({ preview, values, bind, onChange }) {
  const entries = preview.columns.filter(({ kind }) => kind !== "empty").map(({ name }) => ({ name, title: name }))
  /** @param {Values} changes */
  const choose = ({ "dataset.target": target = "" }) =>
    onChange({ "dataset.target": target, "dataset.targets": "", "dataset.features": values["dataset.features"] ? featuresText(preview, target, featuresOf(preview, values)) : "" })
  const classes = preview.targets === "classes" ? classWords(preview, values["dataset.target"] ?? "") : "the column to be told from the others"
  return html`<${Select} ...${bind("dataset.target")} label="Target column" entries=${entries} hint=${classes} onChange=${choose} />`
}

/** The first rows, under what is known of each column and whether it is learned from. @param {{preview: CsvPreview, target: string, features: string[], onChange: (changes: Values) => void}} properties */
function Table({ preview, target, features, onChange }) {
  const { columns, first_rows, problems, dialect, encodings } = preview
  const firstRow = dialect.header ? 2 : 1
  const wrong = new Set(problems.map(({ row, column }) => `${row}.${column}`))
  /** @param {string} name */
  const toggle = (name) => onChange({ "dataset.features": featuresText(preview, target, features.includes(name) ? features.filter((one) => one !== name) : [...features, name]) })
  return html`
    <div class="csv__scroll" id=${idOf("dataset.features")} tabindex="0" role="group" aria-label="The file's first rows">
      <table class="csv__table">
        <thead>
          <tr>
            <th scope="col"><span class="visually-hidden">Row</span></th>
            ${columns.map(
              ({ name, position, kind, missing, wrong: bad, distinct, low, high, looks_like: likeness }) => html`
                <th key=${position} scope="col" data-part=${name === target ? "target" : features.includes(name) ? "feature" : undefined}>
                  ${name === target
                    ? html`<span class="csv__name">${name}</span><span class="csv__part">target</span>`
                    : html`<label class="csv__name"><input type="checkbox" checked=${features.includes(name)} disabled=${kind === "empty" || (features.length === 1 && features[0] === name)} onChange=${() => toggle(name)} />${name}</label>`}
                  <span class="csv__kind">${kind === "number" ? `number, ${formatNumber(low, 3)} to ${formatNumber(high, 3)}` : kind === "category" ? `category, ${formatCount(distinct)} values` : "empty"}</span>
                  ${name !== target && features.includes(name) && html`<${Encoding} encoding=${encodings.find(({ column }) => column === name)} />`}
                  ${likeness && html`<span class="csv__bad">${likenessNames[likeness.kind]} ${likeness.value}</span>`}
                  ${missing + bad > 0 && html`<span class="csv__bad">${[missing && `${formatCount(missing)} missing`, bad && `${formatCount(bad)} not a number`].filter(Boolean).join(", ")}</span>`}
                </th>
              `,
            )}
          </tr>
        </thead>
        <tbody>
          ${first_rows.map(
            (cells, i) => html`
              <tr key=${i}>
                <th scope="row">${i + firstRow}</th>
                ${columns.map(({ position, kind, name }) => {
                  const isWrong = wrong.has(`${i + firstRow}.${position}`)
                  return html`<td key=${position} data-number=${kind === "number" ? "" : undefined} data-part=${name === target ? "target" : features.includes(name) ? "feature" : undefined} data-wrong=${isWrong ? "" : undefined}>${cells[position - 1] || (isWrong ? html`<span class="soft">missing</span>` : "")}</td>`
                })}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `
}

const NAMED = 3

/** Which features a category becomes. @param {{encoding: CsvPreview["encodings"][number] | undefined}} properties */
function Encoding({ encoding }) {
  if (!encoding) return null
  const { count, features } = encoding
  return html`<span class="csv__kind" title=${features.join(", ")}>→ ${formatCount(count)} ${count === 1 ? "feature" : "features"}, 0 or 1: ${features.slice(0, NAMED).join(", ")}${count > NAMED ? ", …" : ""}</span>`
}

/** Columns that may be meant otherwise than they are read. @param {{preview: CsvPreview, onChange: (changes: Values) => void}} properties */
function Likenesses({ preview: { columns, dialect }, onChange }) {
  const told = columns.filter(({ looks_like: likeness }) => likeness)
  /** @param {Values} changes */
  const read = (changes) => {
    onChange(changes)
    document.getElementById(idOf("dataset.features"))?.focus() // where it is seen; the button may go with what it was about
  }
  return told.length > 0 && html`
    <section class="csv__likenesses" aria-label="Columns to look at">
      ${told.map((column) => {
        const reading = readingOf(column)
        return html`
          <p key=${column.position}>
            <strong>Column ${column.position} (${column.name})</strong> ${likenessWords(column, dialect)}
            ${reading && html` <button class="button csv__reading" type="button" onClick=${() => read(reading.changes)}>${reading.title}<span class="visually-hidden">, column ${column.position} (${column.name})</span></button>`}
          </p>
        `
      })}
    </section>
  `
}

/** @param {{preview: CsvPreview, isSkipping: boolean}} properties */
function Problems({ preview: { problems, problem_count, usable_count, row_count }, isSkipping }) {
  return html`
    <section class="csv__problems" aria-label="Problems of the file">
      <p>
        <strong>${formatCount(problem_count)} ${problem_count === 1 ? "cell" : "cells or rows"} can't be used.</strong>${" "}
        ${isSkipping ? `${formatCount(row_count - usable_count)} ${row_count - usable_count === 1 ? "row is" : "rows are"} left out, ${formatCount(usable_count)} ${usable_count === 1 ? "stays" : "stay"}.` : "Mend the file, or tick Skip incomplete."}
      </p>
      <ol class="csv__list" tabindex="0">
        ${problems.map(
          ({ row, column, name, value, bound, missing: isMissing }) => html`
            <li key=${`${row}.${column}`}>row ${formatCount(row)}${column === null ? "" : `, column ${column} (${name})`}: ${isMissing ? html`missing${value && html` (<code>${value}</code>)`}` : html`<code>${value}</code>, not ${bound}`}</li>
          `,
        )}
      </ol>
      ${problem_count > problems.length && html`<p class="field__hint">and ${formatCount(problem_count - problems.length)} more</p>`}
    </section>
  `
}

const marks = {
  delimiter: [",", ";", "\t", "|", " "],
  quote: ['"', "'"],
  decimal: [".", ","],
  thousands: ["none", ",", ".", " ", "'"],
}

/** How the file is read: as it was found out, or as it is set here. @param {{preview: CsvPreview, bind: Bind}} properties */
function Dialect({ preview: { dialect }, bind }) {
  const name = (/** @type {string} */ mark) => `${markNames[mark] ?? mark}`
  const words = `${name(dialect.delimiter)} between cells, decimal ${name(dialect.decimal)}, ${dialect.thousands === "none" ? "" : `${name(dialect.thousands)} between thousands, `}${dialect.header ? "first row names the columns" : "no names of columns"}`
  /** @param {"delimiter" | "quote" | "decimal" | "thousands"} what */
  const entries = (what) => [{ name: "", title: `found out: ${name(dialect[what])}` }, ...marks[what].map((mark) => ({ name: mark, title: name(mark) }))]
  return html`
    <${Fold} title="How it is read" now=${words}>
      <div class="csv__choices">
        <${Select} ...${bind("dataset.delimiter")} label="Between cells" entries=${entries("delimiter")} />
        <${Select} ...${bind("dataset.decimal")} label="Decimal mark" entries=${entries("decimal")} />
        <${Select} ...${bind("dataset.thousands")} label="Between thousands" entries=${entries("thousands")} />
        <${Select} ...${bind("dataset.quote")} label="Around cells" entries=${entries("quote")} />
        <${Select} ...${bind("dataset.header")} label="First row" entries=${[{ name: "", title: `found out: ${dialect.header ? "names" : "data"}` }, { name: "true", title: "names of the columns" }, { name: "false", title: "data" }]} />
      </div>
    <//>
  `
}
