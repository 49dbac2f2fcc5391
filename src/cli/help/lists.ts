// The lists of fields (-l) and events (-L), the schema of JSON (--json-schema), and the default format (-p p).
import { CLASSES, registry } from '../../fields/index.js'
import { didYouMean } from '../../filter/suggest.js'
import { eventValues, listEvents, listedEvents } from '../../format/lists/events.js'
import { fieldValues, listedClasses, listFields, listFieldsMarkdown } from '../../format/lists/fields.js'
import { versioned } from '../../render/json-version.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { Settings } from '../options/settings.js'
import { outputOf } from '../output/format.js'
import type { Output } from '../output/stdout.js'
import { lineFormat } from '../query/query.js'
import { jsonSchema } from './json-schema.js'

/** Prints the requested list; returns the exit code. */
export async function printLists(s: Settings, out: Output): Promise<number> {
  await out.text(listText(s))
  return EXIT.ok
}

function listText(s: Settings): string {
  const columns = process.stdout.columns ?? 100
  if (s.jsonSchema) return `${JSON.stringify(jsonSchema(), null, 2)}\n`
  if (s.listEvents) return events(s, columns)
  if (s.list || s.listMarkdown) return fields(s, columns)
  return `${lineFormat(s, false)}\n`
}

function events(s: Settings, columns: number): string {
  const only = s.filter === '' ? undefined : oneEvent(s.filter)
  const { value } = outputOf(s)
  return value === undefined ? listEvents(columns, only) : jsonRows(eventValues(only), value)
}

/** `ksys -L openat` lists one event. */
function oneEvent(name: string): string {
  const all = listedEvents()
  if (all.includes(name)) return name
  throw new CliError(EXIT.usage, `no event '${name}'${didYouMean(name, all)}; ksys -L lists all events`)
}

function fields(s: Settings, columns: number): string {
  const only = s.filter === '' ? undefined : oneClass(s.filter)
  if (s.listMarkdown) return listFieldsMarkdown(CLASSES, only)
  const { value } = outputOf(s)
  if (value !== undefined) return jsonRows(fieldValues(CLASSES, only), value)
  return listFields(CLASSES, { columns, verbose: s.verbose, only })
}

function jsonRows(rows: readonly object[], value: (row: unknown) => string): string {
  return rows.map((row) => value(versioned(row))).join('')
}

/** `ksys -l proc` lists one class. */
function oneClass(name: string): string {
  const all = listedClasses(CLASSES)
  if (all.includes(name)) return name
  const field = registry.get(name)
  if (field !== undefined && field.removed === undefined)
    throw new CliError(EXIT.usage, `'${name}' is a field, not a class of fields; its class: ksys -l ${classOf(name)}`)
  if (field?.removed !== undefined) throw new CliError(EXIT.usage, `ksys has no field ${name}: ${field.removed}`)
  const removed = reasonOfRemoval(name)
  if (removed !== undefined) throw new CliError(EXIT.usage, `ksys has no fields of the class ${name}: ${removed}`)
  throw new CliError(
    EXIT.usage,
    `no class of fields '${name}'${didYouMean(name, all)}; the classes are ${all.join(', ')}`,
  )
}

/** Why ksys has no fields of a class; undefined if the class is unknown. */
function reasonOfRemoval(name: string): string | undefined {
  const fields = CLASSES.find((c) => c.name === name)?.fields ?? {}
  return Object.values(fields)[0]?.removed
}

function classOf(field: string): string {
  return CLASSES.find((c) => Object.hasOwn(c.fields, field))?.name ?? ''
}
