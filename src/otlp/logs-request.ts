// Records of logs as a request of OTLP.
import { ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer'
import { type Refused, refusedBy } from './partial-success.js'
import { type EpochTime, type OtlpResource, scopeOf } from './resource.js'

type Records = Parameters<typeof ProtobufLogsSerializer.serializeRequest>[0]

export type AttributeValue = string | number | boolean | readonly (string | number | boolean)[]

export interface LogRecord {
  readonly time: EpochTime
  readonly event: string
  readonly body: string | undefined
  readonly attributes: Readonly<Record<string, AttributeValue>>
}

/** SEVERITY_NUMBER_INFO */
const INFO = 9

/** Makes bodies of requests of one teller. */
export function logsRequests(resource: OtlpResource, version: string): (records: readonly LogRecord[]) => Uint8Array {
  const instrumentationScope = scopeOf(version)
  return (records) => {
    const told = records.map(({ time, event, body, attributes }) => ({
      hrTime: time,
      hrTimeObserved: time,
      severityNumber: INFO,
      severityText: 'INFO',
      eventName: event,
      body,
      attributes,
      droppedAttributesCount: 0,
      resource,
      instrumentationScope,
    }))
    const request = ProtobufLogsSerializer.serializeRequest(told as unknown as Records)
    if (request === undefined) throw new Error('the records cannot be written as protobuf')
    return request
  }
}

/** What a receiver refused of a request, by its answer. */
export function refusedLogs(answer: Buffer): Refused | undefined {
  return refusedBy(answer, 'rejectedLogRecords', (bytes) => ProtobufLogsSerializer.deserializeResponse(bytes))
}
