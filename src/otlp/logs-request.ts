// Log records as an OTLP request.
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

/** Returns a function that builds request bodies for one resource. */
export function logsRequests(resource: OtlpResource, version: string): (records: readonly LogRecord[]) => Uint8Array {
  const instrumentationScope = scopeOf(version)
  return (records) => {
    const data = records.map(({ time, event, body, attributes }) => ({
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
    const request = ProtobufLogsSerializer.serializeRequest(data as unknown as Records)
    if (request === undefined) throw new Error('cannot encode the log records as protobuf')
    return request
  }
}

/** What a receiver rejected of a request, from its response; undefined: nothing. */
export function refusedLogs(answer: Buffer): Refused | undefined {
  return refusedBy(answer, 'rejectedLogRecords', (bytes) => ProtobufLogsSerializer.deserializeResponse(bytes))
}
