// Exceptions of rules as written: which fields are compared, how, and with which values. An exception has either several fields and
// tuples of values, or one field and a list of values.
import { OPERATORS } from '../../filter/operators.js'
import { isNull, type YamlNode, type YamlScalar } from '../yaml/node.js'
import { EXCEPTION_KEYS } from './keys.js'
import { MapReader } from './map-reader.js'
import { type Item, ItemError, type Report } from './report.js'

export interface ExceptionDef {
  readonly name: string
  /** one field, written as a string; otherwise several as a list */
  readonly single: boolean
  readonly fields: readonly YamlScalar[]
  /** how each field is compared */
  readonly comparisons: readonly Comparison[]
  readonly values: readonly YamlNode[]
  /** the items that contain the exception */
  readonly items: readonly Item[]
}

export interface Comparison {
  /** in the filter language: `=`, `in`, `startswith anyof` ... */
  readonly text: string
  /** the operator compares with a list of values */
  readonly list: boolean
}

const MODIFIERS = ['oneof', 'anyof', 'allof']

/** An exception as written; one that only adds values to an earlier exception has neither fields nor comps. */
interface Written {
  readonly name: string
  readonly fields: YamlNode | undefined
  readonly comps: YamlNode | undefined
  readonly values: readonly YamlNode[]
  readonly reader: MapReader
}

/** The exceptions of an item that defines them. Throws ItemError. */
export function readExceptions(item: MapReader, report: Report): ExceptionDef[] {
  return readAll(item, report).map(toDefinition)
}

/** The exceptions of a rule, extended by those of an item. Throws ItemError. */
export function appendExceptions(before: readonly ExceptionDef[], item: MapReader, report: Report): ExceptionDef[] {
  const all = [...before]
  for (const written of readAll(item, report)) {
    const { name, fields, comps, values, reader } = written
    if (!reader.has('values'))
      report.warn('LOAD_APPEND_NO_VALUES', `nothing is added to the exception '${name}': it has no values`, reader)
    const i = all.findIndex((e) => e.name === name)
    const known = all[i]
    if (known === undefined) {
      if (values.length === 0)
        throw new ItemError('LOAD_ERR_VALIDATE', `the new exception '${name}' has no values`, reader)
      all.push(toDefinition(written))
    } else if ((fields ?? comps) !== undefined)
      throw new ItemError(
        'LOAD_ERR_VALIDATE',
        `the rule already has an exception '${name}': only values can be added to it, not fields or comps`,
        reader,
      )
    else all[i] = { ...known, values: [...known.values, ...values] }
  }
  return all
}

function readAll(item: MapReader, report: Report): Written[] {
  const node = item.map.entries.get('exceptions')?.value
  if (node === undefined || isNull(node)) return []
  const names = new Set<string>()
  return item.list('exceptions').items.map((one) => {
    const { file, at } = one
    const nameless = [...item.items, { type: 'exception', name: '', file, at }]
    if (one.kind !== 'map')
      throw new ItemError('LOAD_ERR_YAML_VALIDATE', 'an exception must be a map with name, fields, comps and values', {
        items: nameless,
      })
    const name = new MapReader(one, nameless, report).text('name').value
    const reader = new MapReader(one, [...item.items, { type: 'exception', name, file, at }], report)
    reader.checkKeys(EXCEPTION_KEYS)
    if (names.has(name))
      report.warn('LOAD_EXCEPTION_NAME_NOT_UNIQUE', `there is another exception '${name}' above in this rule`, reader)
    names.add(name)
    const entry = (key: string) => one.entries.get(key)?.value
    return {
      name,
      fields: entry('fields'),
      comps: entry('comps'),
      values: reader.has('values') && !isNull(entry('values') as YamlNode) ? reader.list('values').items : [],
      reader,
    }
  })
}

/** Checks that an exception is complete, and returns its definition. Throws ItemError. */
function toDefinition({ name, fields, comps, values, reader }: Written): ExceptionDef {
  const wrong = (message: string) => new ItemError('LOAD_ERR_VALIDATE', message, reader)
  if (fields === undefined) throw wrong(`the exception '${name}' has no fields`)
  const single = fields.kind === 'scalar'
  const names = single ? [reader.text('fields')] : reader.texts('fields')
  if (names.length === 0) throw wrong(`the exception '${name}' has no fields`)
  if (single && comps?.kind === 'seq') throw wrong('comps must be a single string because fields is a single string')
  if (!single && comps?.kind === 'scalar') throw wrong('comps must be a list because fields is a list')
  const written = comps === undefined ? undefined : single ? [reader.text('comps')] : reader.texts('comps')
  if (written !== undefined && written.length !== names.length)
    throw wrong(`fields has ${names.length} items and comps has ${written.length}: each field needs one comparison`)
  const comparisons = names.map((_, i) => comparison(written?.[i], single, reader))
  return { name, single, fields: names, comparisons, values, items: reader.items }
}

function comparison(node: YamlScalar | undefined, single: boolean, reader: MapReader): Comparison {
  if (node === undefined) return single ? { text: 'in', list: true } : { text: '=', list: false }
  const [word = '', modifier, ...more] = node.value.trim().split(/\s+/)
  const operator = OPERATORS.get(word)
  const usable = operator !== undefined && operator.right !== 'none' && more.length === 0
  if (!usable || (modifier !== undefined && (!MODIFIERS.includes(modifier) || operator.right === 'list')))
    throw reader.wrong('comps', `must compare with values; '${node.value}' does not`, node)
  const list = operator.right === 'list' || modifier !== undefined
  if (single && !list)
    throw reader.wrong(
      'comps',
      `must be in, intersects or pmatch, or have a modifier (${MODIFIERS.join(', ')}), because fields is a single string`,
      node,
    )
  return { text: modifier === undefined ? word : `${word} ${modifier}`, list }
}
