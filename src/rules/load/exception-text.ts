// An exception as a condition in the filter language: true for events for which the rule must not fire.
import { printValue } from '../../filter/ast.js'
import type { YamlNode, YamlScalar } from '../yaml/node.js'
import type { Comparison, ExceptionDef } from './exceptions.js'
import { type Item, ItemError } from './report.js'
import { TextBuilder, type WrittenText } from './written-text.js'

/** The text; undefined for an exception without values. Throws ItemError. */
export function exceptionText(e: ExceptionDef): WrittenText | undefined {
  if (e.values.length === 0) return undefined
  const out = new TextBuilder()
  if (e.single) {
    compare(out, e.fields[0] as YamlScalar, e.comparisons[0] as Comparison)
    addList(out, e.values, e.items)
  } else
    e.values.forEach((tuple, i) => {
      out.add(i === 0 ? '(' : ' or (')
      addTuple(out, tuple, e)
      out.add(')')
    })
  return out.done()
}

function addTuple(out: TextBuilder, tuple: YamlNode, { fields, comparisons, items }: ExceptionDef): void {
  if (tuple.kind !== 'seq' || tuple.items.length !== fields.length) {
    const what = tuple.kind === 'seq' ? `this list has ${tuple.items.length}` : 'this is not a list'
    const values = fields.length === 1 ? 'a value for the field' : `${fields.length} values, one for each field`
    throw wrongValue(`values must be lists of ${values}; ${what}`, tuple, items)
  }
  tuple.items.forEach((value, i) => {
    if (i > 0) out.add(' and ')
    const comparison = comparisons[i] as Comparison
    compare(out, fields[i] as YamlScalar, comparison)
    if (comparison.list) addList(out, value.kind === 'seq' ? value.items : [value], items)
    else if (value.kind === 'scalar') addValue(out, value, items)
    else
      throw wrongValue(
        `'${comparison.text}' compares with one value, not with a list; in compares with lists`,
        value,
        items,
      )
  })
}

function compare(out: TextBuilder, field: YamlScalar, { text }: Comparison): void {
  out.addNode(field)
  out.add(` ${text} `)
}

function addList(out: TextBuilder, values: readonly YamlNode[], items: readonly Item[]): void {
  const [first] = values
  // one text may contain a complete list of the filter language
  if (values.length === 1 && first?.kind === 'scalar' && first.value.startsWith('(')) {
    out.addNode(first)
    return
  }
  out.add('(')
  values.forEach((value, i) => {
    if (value.kind !== 'scalar') throw wrongValue('this must be a value, not a list or a map', value, items)
    if (i > 0) out.add(', ')
    addValue(out, value, items)
  })
  out.add(')')
}

/** A value, quoted if it needs quotes and has none. */
function addValue(out: TextBuilder, value: YamlScalar, items: readonly Item[]): void {
  if (value.value === '') throw wrongValue('this value is empty', value, items)
  out.addNode(value, /^["']/.test(value.value) ? value.value : printValue(value.value))
}

function wrongValue(message: string, { file, at }: YamlNode, items: readonly Item[]): ItemError {
  return new ItemError('LOAD_ERR_VALIDATE', message, {
    items: [...items, { type: 'exception value', name: '', file, at }],
  })
}
