// The lists of fields (-l) and events (-L), the schema of JSON (--json-schema), and the default format (-p p).
import { CLASSES, registry } from '../../fields/index.js'
import { didYouMean } from '../../filter/suggest.js'
import { eventValues, listEvents } from '../../format/lists/events.js'
import { fieldValues, listFields, listFieldsMarkdown } from '../../format/lists/fields.js'
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
  const { value } = outputOf(s)
  if (s.listEvents) return value === undefined ? listEvents(columns) : jsonRows(eventValues(), value)
  if (s.list || s.listMarkdown) return fields(s, columns)
  return `${lineFormat(s, false)}\n`
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
  if (CLASSES.some((c) => c.name === name)) return name
  if (registry.names().includes(name))
    throw new CliError(EXIT.usage, `'${name}' is a field, not a class of fields; its class: ksys -l ${classOf(name)}`)
  const near = didYouMean(
    name,
    CLASSES.map((c) => c.name),
  )
  throw new CliError(
    EXIT.usage,
    `no class of fields '${name}'${near}; the classes are ${CLASSES.map((c) => c.name).join(', ')}`,
  )
}

function classOf(field: string): string {
  return CLASSES.find((c) => Object.hasOwn(c.fields, field))?.name ?? ''
}
