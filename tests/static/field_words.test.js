import assert from "node:assert/strict"
import { test } from "node:test"
import { fieldWords, pageMessage } from "../../static/lib/field_words.js"

test("a field has the page's name, not the API's", () => {
  for (const [field, words] of Object.entries({ batch_size: "Batch size", "optimizer.learning_rate": "Learning rate", "layer_sizes[1]": "Hidden layer 1", "hidden_activations[1].alpha": "Alpha", "dataset.X[0][3]": "X[0][3]", "b[0]": "b[0]", "dataset.thousands": "Between thousands" })) {
    assert.equal(fieldWords(field), words)
  }
})

test("a refusal says so too, and stays what it is where it is about something else", () => {
  assert.equal(pageMessage("changes.batch_size", "changes.batch_size is 1000; it must be at most 320."), "Batch size is 1000; it must be at most 320.")
  assert.equal(pageMessage("edits[0].value", "action.value is 'x'; it must be a number."), "Value is 'x'; it must be a number.")
  assert.equal(pageMessage("text", "text is 'NUL'; it must be text."), "The file has 'NUL'; it must be text.")
  assert.equal(pageMessage("dataset.text", "dataset.text has 2 columns; it must be more."), "The file has 2 columns; it must be more.")
  assert.equal(pageMessage("dataset.text", "dataset.text is 'x'; it must be a finite number. With skip_incomplete such rows are left out."), "The file has 'x'; it must be a finite number. With Skip incomplete such rows are left out.")
  assert.equal(pageMessage("text", "text is 'x'; it must be finite. With skip_incomplete, and learning_rate, not with skip_incompletely."), "The file has 'x'; it must be finite. With Skip incomplete, and learning rate, not with skip_incompletely.")
  assert.equal(pageMessage("layer_sizes", "layer_sizes is [64, 9, 10]; it must be a network of at most 7 parameters; this one has 800."), "Hidden layers: together with input and output the network must have at most 7 parameters; this one has 800.")
  assert.equal(pageMessage("dataset.Y_test", "dataset.Y_test is missing; it must be given, with X_test."), "Y test is missing; it must be given, with X test.")
  assert.equal(pageMessage("id", "No such run."), "No such run.")
})
