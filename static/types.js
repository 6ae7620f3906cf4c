/**
 * The shapes of what the service answers, as the browser code reads them. Nothing runs here.
 * Letters and shapes are those of the derivation: examples are columns, `A[0] = X`, layers are numbered 1..L.
 */

/** A, Z, W, b, dA, dZ, dW, db, W_next, b_next, Y, loss, or what an ingredient adds: see lib/tensor_names.js. A plain string, since it also comes from the address bar. @typedef {string} TensorName */

/** A finite number, or one of the words "NaN", "Infinity", "-Infinity". @typedef {number|string} Value */

/**
 * @typedef {object} Stats
 * @property {Value} min
 * @property {Value} max
 * @property {Value} mean
 * @property {Value} std
 * @property {Value} l2
 * @property {number} zeros
 * @property {number} nan
 * @property {number} posinf
 * @property {number} neginf
 */

/**
 * A tensor is whole (`values`) or a reduced picture of itself (`view`), never both.
 * @typedef {object} Tensor
 * @property {[number, number]} shape rows and columns of the whole tensor, also where only a view came
 * @property {Value[][]} [values] row-major
 * @property {{rows: number, cols: number, reduce: string, values: Value[][], largest?: [number, number]}} [view] `largest`: where the largest magnitude stands
 * @property {Stats} stats
 */

/**
 * Of what ingredients add, only those are named that the page asks for by name; `tensorOf` reads any.
 * @typedef {object} LayerTrace
 * @property {number} index 0 is the input and has A and dA alone
 * @property {string} name
 * @property {number} size
 * @property {string|null} [activation]
 * @property {Tensor|null} [W]
 * @property {Tensor|null} [b]
 * @property {Tensor|null} [Z]
 * @property {Tensor|null} [A]
 * @property {Tensor|null} [dA] null at an output layer that is differentiated together with the loss
 * @property {Tensor|null} [dZ]
 * @property {Tensor|null} [dW]
 * @property {Tensor|null} [db]
 * @property {Tensor|null} [D] with dropout; and dG, dA behind its mask
 * @property {Tensor|null} [dG]
 * @property {Tensor|null} [N] where the layer is normalised; and dN, the gradient in front of its normalisation
 * @property {Tensor|null} [dN]
 * @property {Tensor|null} [W_next]
 * @property {Tensor|null} [b_next]
 * @property {Tensor|null} [M] the mean that a normalisation takes: one for each unit, or one for each example
 * @property {Tensor|null} [rM] the running mean, where batch normalisation mixes the examples
 */

/**
 * @typedef {object} Batch
 * @property {number} size
 * @property {Tensor} Y
 * @property {number[]|null} [indices] into the training set; null where the batch came with the request
 * @property {number[]} [labels]
 * @property {Value[]} [losses] each example's, in nats
 */

/**
 * @typedef {object} Trace
 * @property {number} step
 * @property {number} [edits] how many actions the log had before it; of a session's steps
 * @property {Value} loss mean over the batch, in nats
 * @property {number|null} [accuracy]
 * @property {number|null} [learning_rate] of the update, as the schedule had it; null without one
 * @property {string} dtype
 * @property {Batch} batch
 * @property {LayerTrace[]} layers layer l stands at l
 */

/**
 * One number: `row` and `col` count from 0. The loss is the cell 0, 0 of the tensor "loss".
 * @typedef {object} Cell
 * @property {TensorName} tensor
 * @property {number} layer
 * @property {number} row
 * @property {number} col
 */

/**
 * A cell, a row, a column or the whole of a tensor: null stands for all of them.
 * @typedef {object} Region
 * @property {TensorName} tensor
 * @property {number} layer
 * @property {number|null} row
 * @property {number|null} col
 */

/** @typedef {{tensor: TensorName, layer: number}} TensorAt */

/**
 * One equation of the derivation as it is played, or several that are played at once: each example's loss and their mean; what the update does in all layers.
 * @typedef {object} Phase
 * @property {string} key unique in its trace: "dZ2", "loss", and of the update its first equation's: "mW_next1"
 * @property {TensorName} name of the first tensor that it writes; "loss" where it is the loss
 * @property {number} layer of what it writes; L for the loss, 0 for the update, which is about all layers
 * @property {"forward"|"loss"|"backward"|"update"} lane
 * @property {SessionPhase[]} parts its equations, one or more
 * @property {TensorAt[]} reads
 * @property {TensorAt[]} writes
 */

/** "held": what is kept of a tensor from step to step, an optimizer's state or a running statistic. @typedef {"backward"|"parameter"|"forward"|"held"} Kind */
/** @typedef {"light"|"dark"} Scheme */
/** @typedef {"linear"|"signed-log"} ScaleMode */

/**
 * A number to a colour. Numbers beyond the domain take the colour of its end; numbers that are not finite have none.
 * @typedef {object} Scale
 * @property {Kind} kind
 * @property {Scheme} scheme
 * @property {ScaleMode} mode
 * @property {boolean} signed
 * @property {[number, number]} domain
 * @property {number} floor magnitude from which on powers of ten are told apart; 0 of a linear scale
 * @property {Uint32Array} colors 511 colours, low to high, as little-endian RGBA
 * @property {(value: number) => number} position 0 at the low end, 1 at the high end, NaN for what is not finite
 * @property {(position: number) => number} valueAt the inverse of `position`
 * @property {(value: number) => number} lookup index into `colors`; -1 for what is not finite
 * @property {(value: number) => string|null} colorCss "#rrggbb"; null for what is not finite
 */

/**
 * A tensor ready to be drawn.
 * @typedef {object} Matrix
 * @property {number} rows
 * @property {number} cols
 * @property {Float64Array} data row-major
 * @property {boolean} exact false where each cell stands for a block of the tensor
 * @property {[number, number]} shape of the whole tensor
 * @property {number} nonFinite how many of the cells are NaN or infinite
 */

/** An ingredient by its name alone, with its defaults, or with its parameters. @typedef {string | ({name: string} & Record<string, unknown>)} Choice */

/**
 * @typedef {object} SessionConfig
 * @property {{name: string} & Record<string, unknown>} dataset
 * @property {number[]} layer_sizes
 * @property {Choice[]|Choice} hidden_activations
 * @property {Choice} output_activation
 * @property {Choice} loss
 * @property {{name: string} & Record<string, unknown>} initializer
 * @property {{name: string, learning_rate: number} & Record<string, unknown>} optimizer
 * @property {Choice} [schedule]
 * @property {Choice|null} [clipping]
 * @property {number[]|number} [dropout]
 * @property {(Choice|null)[]|Choice|null} [normalisation]
 * @property {number[][][]|null} [W] weights to begin with
 * @property {number[][]|null} [b]
 * @property {(number[]|null)[]|null} [gamma] of normalised hidden layers
 * @property {(number[]|null)[]|null} [beta]
 * @property {number} batch_size
 * @property {number} seed
 * @property {string} dtype
 */

/** @typedef {{id: string, step: number, edits: number, config: SessionConfig, dataset: any, parameter_count: number, phases: SessionPhase[], parent?: {id: string, step: number} | null, test_accuracy?: number | null,
 *   created_at: string, expires_at: string | null, changes?: Partial<SessionConfig>}} Session `changes`: fields that are not any more what the run began with */

/** Where whoever teaches looks. @typedef {{step?: number, phase?: string, cell?: Cell, tab?: string, example?: number, layer?: number, scale?: "own" | "shared", colors?: "linear" | "logarithmic", preset?: string, what_if?: {edit: Action, view: "before" | "after" | "difference"}, reached?: number}} LookedAt
 * `layer`: the first in sight where the lanes are wider than the window; `preset`: whose sentence is there; `what_if`: an edit that is being tried; `reached`: how far the run then was */

/** A step as those who watch are told of it. @typedef {{step: number, edits: number, scalars: Record<string, any>}} ToldStep */

/** A session as this browser remembers it; `title`: of the preset that it was opened as; `change`: what makes a fork another run than its parent. @typedef {{id: string, name: string, title?: string, about?: string, parent?: {id: string, step: number} | null, change?: string, made: string, opened: string, step: number, hasKey: boolean, expires: string | null, isGone?: boolean}} OwnSession */

/**
 * One equation of a step as the session tells it, in the order of the derivation.
 * @typedef {object} SessionPhase
 * @property {string} key "dW2"
 * @property {TensorName} tensor that it writes
 * @property {number} layer of that tensor
 * @property {"forward"|"loss"|"backward"|"update"} lane
 * @property {string} family
 * @property {string} operation
 * @property {string} title
 * @property {string} equation its name in the catalogue's entry of the operation
 * @property {string} whole LaTeX in matrix form, with its layers in it
 * @property {string} cell LaTeX in index form
 * @property {string} why
 * @property {CatalogEquation | null} own in letters, where it isn't the catalogue's
 * @property {TensorAt[]} reads
 */

/** A cell with its value. @typedef {Cell & {value: Value}} CellValue */

/** A number that is a function of cells, or a constant where `of` is empty; its LaTeX has #1, #2, ... in their places.
 * @typedef {{latex: string, value: Value, of: CellValue[]}} FunctionFactor */

/** @typedef {CellValue | FunctionFactor} Factor */

/** @typedef {{position: number, index: number | null, letter: string, factors: Factor[], product: Value, share: Value}} Term */

/**
 * What a number was made of. `result` is `scale` times `sum`, or `numerator` over `sum`.
 * @typedef {object} Explanation
 * @property {TensorName} tensor
 * @property {number} layer
 * @property {number} row
 * @property {number} col
 * @property {Value} value
 * @property {{family: string, name: string, title: string, phase: string} | null} operation null for what a step is given
 * @property {string} equation LaTeX in index form, for this cell
 * @property {string} whole LaTeX in matrix form
 * @property {string} why
 * @property {number} scale
 * @property {string} scale_latex
 * @property {Factor | null} numerator
 * @property {"index" | "magnitude"} order
 * @property {number} offset
 * @property {number} count
 * @property {Term[]} terms
 * @property {Term[]} single those without a letter, such as the bias, whichever were asked for
 * @property {Value} rest
 * @property {Value} sum
 * @property {Value} magnitude
 * @property {Value} cancellation
 * @property {Value} result
 */

/** @typedef {{example: number, units: number[], layers: number[], factors: Factor[], product: Value, share: Value}} Path */
/** @typedef {{tensor: string, layer: number, row: number, col: number, gradient: Value, count: number, rest: Value, scale: number, paths: Path[]}} Paths */

/** @typedef {{cells: Tensor, units: Value[], layer: Value}} CancellationOf */
/** @typedef {{step: number, examples: number, layers: {index: number, dW: CancellationOf, db: CancellationOf}[]}} Cancellation */

/** @typedef {{row: number, col: number, analytic: Value, numeric: Value, relative_error: Value}} Difference */
/** @typedef {{tensor: string, layer: number, cells: number, checked: number, kinks: number, small: number, unresolved: number, not_finite: number, wrong: number, noise: Value, factor: number,
 *   worst: Difference | null, errors: Tensor | null, small_cells: boolean[][] | null, sample: ErrorSample | null}} CheckedTensor */
/** Cells that were checked where not all were. @typedef {{rows: number[], cols: number[], errors: Value[], kinks: boolean[], small: boolean[], unresolved: boolean[]}} ErrorSample */
/** @typedef {{analytic: Value, numeric: Value}} Pair */
/** @typedef {{step: number, h: number, tolerance: number, outcome: "agrees" | "partly" | "disagrees" | "kinks" | "small" | "unresolved" | "not_finite" | "edited", words: string, checked: number,
 *   cells: number, tensors: CheckedTensor[], cell: (Difference & {tensor: string, layer: number, of_mean: Pair, of_sum: Pair, carries: "mean" | "sum"}) | null}} Gradcheck */

/** @typedef {{step: number, loss_before: Value, loss_after: Value, predicted: Value, actual: Value, edited: boolean, layers: {index: number, predicted: Value}[]}} UpdateEffect */

/** @typedef {{name: string, title: string, bound: string, source: string}} Rule */
/** @typedef {{rule: Rule, severity: "note" | "warning" | "broken", layer: number, cell: Cell | null, value: Value, words: string, factor: string | null,
 *   began: {step: number, cell: Cell | null, value: Value, words: string, factor: string | null} | null}} Finding */
/** Sizes are root mean squares; null where a number does not apply, "NaN" where some of what is measured is.
 * @typedef {{index: number, name: string, size: number, activation: string | null, A: Value, dA: Value | null, dZ: Value | null, dW: Value | null, through_weights: Value | null,
 *   through_dropout: Value | null, through_slope: Value | null, through_normalisation: Value | null, update_ratio: Value | null, stopped: Value | null,
 *   dead_in_batch: Value | null, dead_in_batch_first: number[], dead_units: Value | null, dead_first: number[], saturated: Value | null, cancellation: Value | null}} LayerHealth */
/** @typedef {{step: number, batches: number, examples: number, layers: LayerHealth[], findings: Finding[], rules: Rule[]}} Health */

/** For each output its rows, one for each value of `y`; `points` are training examples, one a column.
 * @typedef {{step: number, x: number[], y: number[], outputs: Value[][][], points: {X: number[][], Y: number[][], count: number}}} Predictions */

/**
 * Per-step scalars, an entry a step.
 * @typedef {object} History
 * @property {any} [initial] test loss and accuracy of the network before its first step
 * @property {number[]} steps
 * @property {Value[]} loss
 * @property {(number|null)[]} accuracy null where the targets are no classes
 * @property {Value[]} test_loss
 * @property {(number|null)[]} test_accuracy
 * @property {LayerHistory[]} layers
 * @property {Mark[]} [marks] what was done to the run between its steps
 */

/** Columns of one layer; null where a step was taken before the number was kept.
 * @typedef {{index: number} & Record<"W_l2" | "dW_l2" | "db_l2" | "update_l2" | "update_to_weight" | "dead_units", (Value|null)[]>} LayerHistory */

/** An action that was made when the run stood at `step`: it acts on the next one. @typedef {{step: number, number: number, title: string}} Mark */

/**
 * Histograms of some steps on one axis, an entry a step. Zeros and what is not finite stand apart.
 * @typedef {object} Distributions
 * @property {TensorName} tensor
 * @property {number} layer
 * @property {"linear"|"symlog"} scale
 * @property {number|null} threshold of a symlog axis, on which v stands at sign(v) * log(1 + |v| / threshold)
 * @property {number[]} edges of the bins, ascending
 * @property {number} wanted how many steps there would be, had there been time for all
 * @property {number[]} steps
 * @property {number[]} cells of the whole tensor
 * @property {number[][]} bins
 * @property {number[]} zeros
 * @property {number[]} nan
 * @property {number[]} posinf
 * @property {number[]} neginf
 */

/** One session's cells in the bins of `Spreads`. @typedef {{id: string, step: number, cells: number, bins: number[], zeros: number, nan: number, posinf: number, neginf: number}} Spread */

/** How the numbers of one tensor are spread in several sessions, in the same bins; null where a session has no such tensor.
 * @typedef {{tensor: TensorName, layer: number, scale: "linear"|"symlog", threshold: number|null, edges: number[], sessions: (Spread|null)[]}} Spreads */

/** Some cells of a tensor in several sessions, those that differ most first; null for a session that has no such tensor.
 * @typedef {{tensor: TensorName, layer: number, shape: [number, number], first: number, rows: number[], cols: number[], sessions: ({id: string, step: number, values: Value[], differences: Value[]|null}|null)[]}} Largest */

/** Another run's step minus this one's. @typedef {{same_batch: boolean, loss: Value, layers: LayerTrace[]}} RunDifference */

/** @typedef {{whole: string, cell: string, why: string, derivation: {words: string, latex: string}[]}} CatalogEquation */
/** @typedef {{name: string, title: string, description: string, equations: Record<string, CatalogEquation>, parameters: any[]} & Record<string, any>} CatalogEntry */

/** @typedef {{name: string, position: number, kind: "number" | "category" | "empty", missing: number, wrong: number, distinct: number, values: string[], low: number | null, high: number | null, looks_like: {kind: "thousands" | "decimals" | "percent" | "currency", count: number, row: number, value: string, mark: string | null} | null}} CsvColumn */

/**
 * How a CSV file reads; rows and columns count from 1, as a spreadsheet shows them.
 * @typedef {object} CsvPreview
 * @property {{delimiter: string, quote: string, decimal: string, thousands: string, header: boolean}} dialect
 * @property {number} row_count
 * @property {CsvColumn[]} columns
 * @property {string[][]} first_rows
 * @property {string | null} target
 * @property {string[]} features
 * @property {number} feature_count of the network's input
 * @property {{column: string, count: number, features: string[]}[]} encodings of categories that are learned from
 * @property {"classes" | "numbers" | null} targets
 * @property {string[]} class_names
 * @property {number} usable_count
 * @property {number} training_count rows that a run would be trained on, the others being for the test; 0 where it is refused
 * @property {number} problem_count
 * @property {{row: number, column: number | null, name: string | null, value: string, bound: string, missing: boolean}[]} problems the first of them
 * @property {{field: string, value: unknown, bound: string, found: string | null} | null} refusal `found`: what is wrong with it, where the value alone doesn't show it
 */

/** An experiment to begin with: what to look at, its configuration, the steps to take first and where to look then.
 * @typedef {{name: string, title: string, look_for: string, config: object, steps: number, look: {phase?: string, cell?: Cell, tab?: string, scale?: "own" | "shared", colors?: "linear" | "logarithmic"}, beside: {words: string, changes: object} | null}} Preset */

/**
 * @typedef {object} Catalog
 * @property {string} convention
 * @property {CatalogEntry[]} datasets
 * @property {CatalogEntry[]} activations
 * @property {CatalogEntry[]} outputs
 * @property {CatalogEntry[]} output_activations
 * @property {CatalogEntry[]} losses each with the output activations and the kinds of targets that it fits
 * @property {Record<string, {output_activation: string, loss: string}>} default_ends by the kind of targets
 * @property {CatalogEntry[]} initializers
 * @property {CatalogEntry[]} optimizers
 * @property {CatalogEntry[]} schedules
 * @property {CatalogEntry[]} clippings
 * @property {CatalogEntry[]} dropouts
 * @property {CatalogEntry[]} normalisations
 * @property {CatalogEntry[]} layers
 * @property {EditEntry[]} edits
 * @property {Preset[]} presets
 * @property {Record<string, number>} limits
 * @property {SessionConfig} defaults
 */

/** What was done to a run, as the log has it: an edit, undo, redo, or what a fork began with. @typedef {{name: string} & Record<string, unknown>} Action */
/** @typedef {{number: number, step: number, action: Action, made_at: string}} LogEntry made when the run stood at `step`: it acts on the next */
/** @typedef {{step: number, edits: LogEntry[], standing: Action[], changes: Record<string, any>, can_undo: LogEntry | null, can_redo: LogEntry | null}} Log */
/** @typedef {{name: string, type: "string" | "integer" | "number" | "boolean" | "array" | "object", choices?: string[], nullable: boolean, required: boolean, default?: unknown, start?: unknown,
 *   low: number | null, high: number | null, low_open: boolean, help: string}} EditParameter */
/** `ends`: the parameters that end it where it stands; empty where nothing does. @typedef {{name: string, title: string, help: string, stands: boolean, ends: Record<string, unknown>, parameters: EditParameter[]}} EditEntry */
/** @typedef {TensorAt & {cells: number, max_abs: Value, only: "before" | "after" | null}} ChangedTensor */
/** A step taken again with edits; `difference` is it minus the step that was taken. @typedef {{trace: Trace, changed: ChangedTensor[], difference: LayerTrace[]}} WhatIf */

export {}
