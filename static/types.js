/**
 * The shapes of what the service answers, as the browser code reads them. Nothing runs here.
 * Letters and shapes are those of the derivation: examples are columns, `A[0] = X`, layers are numbered 1..L.
 */

/** A, Z, W, b, dA, dZ, dW, db, W_next, b_next, Y or loss. A plain string, since it also comes from the address bar. @typedef {string} TensorName */

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
 * @property {{rows: number, cols: number, reduce: string, values: Value[][]}} [view]
 * @property {Stats} stats
 */

/**
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
 * @property {Tensor|null} [W_next]
 * @property {Tensor|null} [b_next]
 */

/**
 * @typedef {object} Batch
 * @property {number} size
 * @property {Tensor} Y
 * @property {number[]|null} [indices] into the training set; null where the batch came with the request
 * @property {number[]} [labels]
 */

/**
 * @typedef {object} Trace
 * @property {number} step
 * @property {Value} loss mean over the batch, in nats
 * @property {number|null} [accuracy]
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
 * One equation of the derivation as it is played.
 * @typedef {object} Phase
 * @property {string} key unique in its trace: "dZ2", "loss", "update"
 * @property {TensorName|"update"} name
 * @property {number} layer of what it writes; L for the loss, 0 for the update, which is about all layers
 * @property {"forward"|"loss"|"backward"|"update"} lane
 * @property {EquationAt} equation
 * @property {TensorAt[]} reads
 * @property {TensorAt[]} writes
 */

/**
 * Where in the catalogue an equation stands, and what its l is (dA of layer 1 is written by layer 2).
 * @typedef {object} EquationAt
 * @property {"layers"|"activations"|"outputs"|"losses"|"optimizers"} from
 * @property {string} name
 * @property {string} tensor
 * @property {number} layer
 */

/** @typedef {"backward"|"parameter"|"forward"} Kind */
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

/**
 * @typedef {object} SessionConfig
 * @property {{name: string} & Record<string, unknown>} dataset
 * @property {number[]} layer_sizes
 * @property {string[]|string} hidden_activations
 * @property {string} output_activation
 * @property {string} loss
 * @property {{name: string} & Record<string, unknown>} initializer
 * @property {{name: string, learning_rate: number} & Record<string, unknown>} optimizer
 * @property {number} batch_size
 * @property {number} seed
 * @property {string} dtype
 */

/** @typedef {{id: string, step: number, config: SessionConfig, dataset: any, parameter_count: number}} Session */

/**
 * Per-step scalars, an entry a step.
 * @typedef {object} History
 * @property {any} [initial] test loss and accuracy of the network before its first step
 * @property {number[]} steps
 * @property {Value[]} loss
 * @property {number[]} accuracy
 * @property {Value[]} test_loss
 * @property {number[]} test_accuracy
 * @property {{index: number, dW_l2: Value[], db_l2: Value[], update_l2: Value[], dead_units: number[]}[]} layers
 */

/** @typedef {{name: string, title: string, description: string, equations: Record<string, {whole: string, cell: string}>, parameters: any[]} & Record<string, any>} CatalogEntry */

/**
 * @typedef {object} Catalog
 * @property {string} convention
 * @property {CatalogEntry[]} datasets
 * @property {CatalogEntry[]} activations
 * @property {CatalogEntry[]} outputs
 * @property {CatalogEntry[]} losses
 * @property {CatalogEntry[]} initializers
 * @property {CatalogEntry[]} optimizers
 * @property {CatalogEntry[]} layers
 * @property {Record<string, number>} limits
 * @property {SessionConfig} defaults
 */

export {}
