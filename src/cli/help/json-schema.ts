// --json-schema: the JSON Schema of the output of -j. The schema of an event derives from the field declarations; the rest is declared here.

import type { FieldDef, FieldType } from '../../fields/field.js'
import { CLASSES } from '../../fields/index.js'
import { JSON_VERSION } from '../../render/json-version.js'
import { LOSSES } from '../../schema/losses.js'

type Schema = Readonly<Record<string, unknown>>

const TEXT = { type: 'string' }
const FLAG = { type: 'boolean' }
const WHOLE = { type: 'integer' }
const COUNT = { type: 'integer', minimum: 0 }
const NUMBER = { type: 'number' }
const list = (items: Schema): Schema => ({ type: 'array', items })
const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] })
const described = (schema: Schema, description: string): Schema => ({ ...schema, description })

/** An object with the given keys; keys with ? are optional. Later versions of ksys may add keys. */
function object(keys: Readonly<Record<string, Schema>>): Schema {
  const names = Object.keys(keys)
  return {
    type: 'object',
    properties: Object.fromEntries(names.map((k) => [k.replace(/\?$/, ''), keys[k]])),
    required: names.filter((k) => !k.endsWith('?')),
  }
}

const VERSION = { schema: described({ const: JSON_VERSION }, 'version of this schema') }
const NS = described(WHOLE, 'nanoseconds')
const BYTES = described(COUNT, 'bytes')

const FILE_COUNTS = object({ calls: COUNT, errors: COUNT, read: BYTES, written: BYTES })
const RUN = object({ file: TEXT, seconds: NUMBER, calls: COUNT, errors: COUNT, processes: COUNT })
/** What `ksys report` counts. */
const COUNTED = { what: TEXT, count: COUNT, by: list(TEXT) }
const FILES = list(object({ path: TEXT, files: COUNT, by: list(TEXT) }))
const PROGRAM = { program: TEXT, 'script?': TEXT, 'arguments?': list(TEXT), runs: COUNT }
const TIMES = object({ calls: COUNT, total: NS, p50: NS, p99: NS })

/** The schemas of lines other than events, by name. */
const DOCUMENTS: Readonly<Record<string, Schema>> = {
  summary: described(
    object({
      ...VERSION,
      event: TEXT,
      calls: COUNT,
      errors: COUNT,
      total: orNull(NS),
      p50: orNull(NS),
      p99: orNull(NS),
    }),
    'a line of -S -j',
  ),
  info: described(
    object({
      ...VERSION,
      file: TEXT,
      'bytes?': BYTES,
      format: TEXT,
      'version?': TEXT,
      'host?': TEXT,
      'hosts?': list(TEXT),
      'kernel?': TEXT,
      arch: TEXT,
      cpus: COUNT,
      'note?': TEXT,
      'spared?': list(TEXT),
      'start?': described(TEXT, 'nanoseconds since the epoch, in digits'),
      'end?': described(TEXT, 'nanoseconds since the epoch, in digits'),
      'seconds?': NUMBER,
      events: COUNT,
      lost: COUNT,
      'losses?': object(Object.fromEntries(LOSSES.map((kind) => [kind, COUNT]))),
      late: COUNT,
      processes: object({ atStart: COUNT, active: COUNT }),
      threads: object({ atStart: COUNT }),
      categories: { type: 'object', additionalProperties: COUNT },
      checked: { enum: ['checksums', 'events'] },
      damage: list(object({ offset: COUNT, what: TEXT })),
    }),
    'a line of ksys info -j',
  ),
  host: described(
    object({
      ...VERSION,
      kernel: TEXT,
      capture: FLAG,
      'why?': TEXT,
      tried: FLAG,
      'compiler?': TEXT,
      buffer: COUNT,
      attach: TEXT,
      features: list(
        object({
          name: TEXT,
          since: TEXT,
          use: TEXT,
          'without?': TEXT,
          'there?': FLAG,
          'reason?': TEXT,
          'detail?': TEXT,
        }),
      ),
    }),
    'what ksys info --host -j prints',
  ),
  runs: described(object({ ...VERSION, a: RUN, b: RUN }), 'the first line of ksys diff -j'),
  difference: described(
    {
      oneOf: [
        object({ ...VERSION, differs: { const: 'calls' }, event: TEXT, a: COUNT, b: COUNT }),
        object({ ...VERSION, differs: { const: 'errors' }, event: TEXT, error: TEXT, a: COUNT, b: COUNT }),
        object({ ...VERSION, differs: { const: 'file' }, file: TEXT, a: orNull(FILE_COUNTS), b: orNull(FILE_COUNTS) }),
        object({ ...VERSION, differs: { const: 'latency' }, event: TEXT, a: TIMES, b: TIMES }),
      ],
    },
    'a further line of ksys diff -j',
  ),
  report: described(
    object({
      ...VERSION,
      kind: { const: 'report' },
      command: orNull(TEXT),
      arguments: orNull({ anyOf: [TEXT, list(TEXT)] }),
      folder: orNull(TEXT),
      hosts_captured: list(TEXT),
      seconds: NUMBER,
      exit_code: orNull(COUNT),
      processes: COUNT,
      filter: orNull(TEXT),
      incomplete: list(TEXT),
      programs: described(
        list(object({ ...PROGRAM, programs: list(object({ ...PROGRAM, programs: { type: 'array' } })) })),
        'a tree: each program has those that its processes ran',
      ),
      inside: object({ read: COUNT, written: COUNT, removed: COUNT }),
      temporary: COUNT,
      system: COUNT,
      secrets: list(object({ ...COUNTED, kind: TEXT, did: list(TEXT) })),
      privileges: list(object(COUNTED)),
      refused: list(object(COUNTED)),
      hosts: list(
        object({
          host: TEXT,
          addresses: list(TEXT),
          connections: COUNT,
          failed: COUNT,
          errors: described(list(TEXT), 'those of failed connections, such as ECONNREFUSED'),
          unanswered: described(COUNT, 'connections whose result was not recorded'),
          sent: BYTES,
          received: BYTES,
          by: list(TEXT),
        }),
      ),
      requests: list(object(COUNTED)),
      listening: list(object(COUNTED)),
      lookups: list(object(COUNTED)),
      ...{ written: FILES, removed: FILES, read: FILES },
      'new?': list(object({ section: TEXT, what: TEXT })),
    }),
    'what ksys report -j prints, as one object on several lines',
  ),
  field: described(
    object({
      ...VERSION,
      name: TEXT,
      class: TEXT,
      type: TEXT,
      list: FLAG,
      filter: FLAG,
      print: FLAG,
      argument: { enum: ['none', 'optional', 'required'] },
      doc: TEXT,
    }),
    'a line of -l -j',
  ),
  declaration: described(
    object({
      ...VERSION,
      name: TEXT,
      category: TEXT,
      syscall: FLAG,
      architectures: list(TEXT),
      of32Bits: list(TEXT),
      params: list(object({ name: TEXT, type: TEXT, 'values?': list(TEXT) })),
    }),
    'a line of -L -j',
  ),
}

/** The JSON type of each field type. */
const TYPES: Readonly<Record<FieldType, Schema>> = {
  int8: WHOLE,
  int16: WHOLE,
  int32: WHOLE,
  int64: WHOLE,
  uint8: WHOLE,
  uint16: WHOLE,
  uint32: WHOLE,
  uint64: WHOLE,
  double: NUMBER,
  bool: FLAG,
  string: TEXT,
  bytebuf: TEXT,
  reltime: WHOLE,
  abstime: WHOLE,
  port: WHOLE,
  ipaddr: TEXT,
  ipnet: TEXT,
  fspath: TEXT,
  fd: WHOLE,
  pid: WHOLE,
  errno: WHOLE,
  // the type depends on the event
  dynamic: { type: ['integer', 'number', 'string', 'boolean', 'array'] },
}

function schemaOf(def: FieldDef, all: ReadonlyMap<string, FieldDef>): Schema {
  const instead = def.json === undefined ? undefined : all.get(def.json)
  if (instead !== undefined) return schemaOf(instead, all)
  const one = TYPES[def.type]
  if (def.list === true) return list(one)
  return def.multi === undefined ? one : { anyOf: [one, list(one)] }
}

/** The schema of an event's line: its keys are the fields of the format, as they are written there. */
function event(): Schema {
  const all = new Map(CLASSES.flatMap((c) => Object.entries(c.fields)))
  const plain: Record<string, Schema> = {}
  const withArgument: Record<string, Schema> = {}
  for (const [name, def] of all) {
    if (def.removed !== undefined || def.print === false) continue
    const value = described(orNull(schemaOf(def, all)), def.doc)
    const literal = name.replace(/[.*]/g, '\\$&')
    if (def.arg !== undefined) withArgument[`^${literal}(\\[.*\\]|\\.\\w+)$`] = value
    if (def.arg?.need !== 'required') plain[name] = value
  }
  return {
    description: 'a line of -j for an event, also of --inflight -j',
    type: 'object',
    properties: plain,
    patternProperties: withArgument,
  }
}

/** The whole schema, with each kind of line under $defs. Tables and lines of chisels are not covered: their keys depend on the chisel. */
export function jsonSchema(): Schema {
  const $defs = { event: event(), ...DOCUMENTS }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'JSON lines of ksys',
    version: JSON_VERSION,
    anyOf: Object.keys($defs).map((name) => ({ $ref: `#/$defs/${name}` })),
    $defs,
  }
}
