// Exceptions of rules as they are written: which fields are compared, how, and with which values. They are either for several
// fields, with a list of values for each time that they are compared, or for one field with a list of its values.
import { OPERATORS } from '../../filter/operators.js'
import { isNull, type YamlNode, type YamlScalar } from '../yaml/node.js'
import { EXCEPTION_KEYS } from './keys.js'
import { MapReader } from './map-reader.js'
import { type Item, ItemError, type Report } from './report.js'

export interface ExceptionDef {
  readonly name: string
  /** one field as a text, or several as a list */
  readonly single: boolean
  readonly fields: readonly YamlScalar[]
  /** how each field is compared */
  readonly comparisons: readonly Comparison[]
  readonly values: readonly YamlNode[]
  /** what the exception stands in */
  readonly items: readonly Item[]
}

export interface Comparison {
  /** in the filter language: `=`, `in`, `startswith anyof` ... */
  readonly text: string
  /** it compares with a list of values */
  readonly list: boolean
}

const MODIFIERS = ['oneof', 'anyof', 'allof']

/** What is written; an exception that only adds values to an earlier one has neither fields nor comps. */
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

/** The exceptions of a rule with what an item adds to them. Throws ItemError. */
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
        `the rule has an exception '${name}': only values can be added to it, no fields or comps`,
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
      throw new ItemError('LOAD_ERR_YAML_VALIDATE', 'an exception is a map with name, fields, comps and values', {
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

/** An exception that has all that makes one. */
function toDefinition({ name, fields, comps, values, reader }: Written): ExceptionDef {
  const wrong = (message: string) => new ItemError('LOAD_ERR_VALIDATE', message, reader)
  if (fields === undefined) throw wrong(`the exception '${name}' has no fields`)
  const single = fields.kind === 'scalar'
  const names = single ? [reader.text('fields')] : reader.texts('fields')
  if (names.length === 0) throw wrong(`the exception '${name}' has no fields`)
  if (single && comps?.kind === 'seq') throw wrong('comps is one text where fields is one')
  if (!single && comps?.kind === 'scalar') throw wrong('comps is a list where fields is one')
  const written = comps === undefined ? undefined : single ? [reader.text('comps')] : reader.texts('comps')
  if (written !== undefined && written.length !== names.length)
    throw wrong(`fields has ${names.length} items and comps ${written.length}: each field has its comparison`)
  const comparisons = names.map((_, i) => comparison(written?.[i], single, reader))
  return { name, single, fields: names, comparisons, values, items: reader.items }
}

function comparison(node: YamlScalar | undefined, single: boolean, reader: MapReader): Comparison {
  if (node === undefined) return single ? { text: 'in', list: true } : { text: '=', list: false }
  const [word = '', modifier, ...more] = node.value.trim().split(/\s+/)
  const operator = OPERATORS.get(word)
  const usable = operator !== undefined && operator.right !== 'none' && more.length === 0
  if (!usable || (modifier !== undefined && (!MODIFIERS.includes(modifier) || operator.right === 'list')))
    throw reader.wrong('comps', `compares with values, which '${node.value}' does not`, node)
  const list = operator.right === 'list' || modifier !== undefined
  if (single && !list)
    throw reader.wrong('comps', `is in, intersects, pmatch or has ${MODIFIERS.join(', ')} where fields is one`, node)
  return { text: modifier === undefined ? word : `${word} ${modifier}`, list }
}
