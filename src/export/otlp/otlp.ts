// OTLP logs: a record for each event, with fields as attributes and the call with its arguments as body, in requests of up to 2,048.
import type { FieldContext } from '../../fields/field.js'
import { registry } from '../../fields/index.js'
import { truncationOf } from '../../format/template/appenders.js'
import type { Expression } from '../../format/template/expression.js'
import { inJson, type JsonScalar, type JsonValue, jsonValue } from '../../format/template/json-value.js'
import { parseFormat } from '../../format/template/parse.js'
import type { Event } from '../../model/event.js'
import { type AttributeValue, type LogRecord, logsRequests, refusedLogs } from '../../otlp/logs-request.js'
import type { Refused } from '../../otlp/partial-success.js'
import { epochTime, resourceOf } from '../../otlp/resource.js'
import { ByteBuffer } from '../../render/bytes/byte-buffer.js'
import { escapeText } from '../../render/escape.js'
import type { Export, ExportChoice, Sent } from '../format.js'
import { ATTRIBUTES } from './columns.js'

/** Maximum number of records in a request. */
const MOST_RECORDS = 2_048

interface Column {
  readonly name: string
  readonly value: (e: Event) => JsonValue
}

/** The attribute that marks a value as recorded in part. */
function truncationColumns(x: Expression): Column[] {
  const truncated = truncationOf(x)
  return truncated === undefined ? [] : [{ name: truncated.field, value: (e) => truncated.of(e) || undefined }]
}

/** Builds the bodies of requests. start() throws FormatError. */
export function otlpExport(choice: ExportChoice): Export {
  return new Otlp(choice)
}

class Otlp implements Export {
  /** unused: nothing is written to a file */
  readonly out = new ByteBuffer(8)
  private readonly version: string
  private readonly ready: Sent[] = []
  private records: LogRecord[] = []
  private request: (records: readonly LogRecord[]) => Uint8Array = () => new Uint8Array()
  private columns: readonly Column[] = []
  private args: ((e: Event) => JsonValue) | undefined
  private ctx: FieldContext | undefined

  constructor(private readonly choice: ExportChoice) {
    this.version = choice.program.split(' ').at(-1) ?? ''
  }

  start(ctx: FieldContext): void {
    this.seal()
    this.ctx = ctx
    this.request = logsRequests(resourceOf(ctx.info, this.version), this.version)
    const { parts } = parseFormat(this.choice.line, registry)
    const all = parts.flatMap((part) => (typeof part === 'string' ? [] : [part.expression]))
    const column = (x: (typeof all)[number]): Column => ({
      name: ATTRIBUTES[x.text] ?? inJson(x, registry).text,
      value: jsonValue(x, ctx, registry),
    })
    this.columns = all.filter((x) => x.text !== 'evt.args').flatMap((x) => [column(x), ...truncationColumns(x)])
    const args = all.find((x) => x.text === 'evt.args')
    this.args = args && column(args).value
  }

  show(e: Event): void {
    const { ctx, columns } = this
    if (ctx === undefined) return
    const attributes: Record<string, AttributeValue> = {}
    for (let i = 0; i < columns.length; i++) {
      const { name, value } = columns[i] as Column
      const v = attribute(value(e))
      if (v !== undefined && !(v === 'host' && name.startsWith('container.'))) attributes[name] = v
    }
    const { name } = e.def
    const args = this.args?.(e)
    const body = args === undefined ? name : `${name} ${escapeText(String(args))}`
    this.records.push({ time: epochTime(ctx.info, e.time), event: `ksys.${name}`, body, attributes })
    if (this.records.length >= MOST_RECORDS) this.seal()
  }

  take(all: boolean): Sent[] {
    if (all) this.seal()
    return this.ready.splice(0)
  }

  refused(response: Buffer): Refused | undefined {
    return refusedLogs(response)
  }

  get gathered(): number {
    return this.ready.length
  }

  end(): void {
    this.seal()
  }

  notes(): string[] {
    return []
  }

  /** Completes a request with the gathered records. */
  private seal(): void {
    const { records } = this
    if (records.length === 0) return
    this.records = []
    this.ready.push({ records: records.length, body: this.request(records) })
  }
}

/** Numbers that are not exact are strings. */
function scalar(v: JsonScalar): string | number | boolean {
  if (typeof v === 'string') return escapeText(v)
  if (typeof v !== 'bigint') return v
  return v >= Number.MIN_SAFE_INTEGER && v <= Number.MAX_SAFE_INTEGER ? Number(v) : String(v)
}

function attribute(v: JsonValue): AttributeValue | undefined {
  if (v === undefined) return undefined
  return typeof v === 'object' ? v.map(scalar) : scalar(v)
}
