// The chisel API: the only module that the file of a chisel imports.
export {
  type DnsMessage,
  type DnsProtocol,
  DnsStream,
  type DnsTransfer,
  DnsTransfers,
  dnsMessage,
  resolveMessage,
  type TransferredMessage,
} from '../dns/index.js'
export { isPeek } from '../fields/io.js'
export { literal } from '../filter/index.js'
export { axis, DECADES, latencyAxis } from '../format/heat/latency-axis.js'
export {
  contentLength,
  type Exchange,
  headerOf,
  latencyOf,
  type Message,
  type Request,
  type Response,
  urlOf,
} from '../http/index.js'
export type { Container } from '../model/container.js'
export type { Event } from '../model/event.js'
export type { Fd } from '../model/fd.js'
export { decodeText } from '../model/text.js'
export type { Thread } from '../model/thread.js'
export type { TableDef } from '../table/types.js'
export { byProcess } from './by-process.js'
export { defineBytesBySecond } from './bytes-by-second.js'
export { colorIn, containerOf, NO_COLOR } from './colors.js'
export { type ColumnSpec, columnLines, eventLines } from './columns.js'
export type { ChiselContext, Color, Painted } from './context.js'
export { conversation, DATA_FILTER, dataLines } from './conversation.js'
export { DataFiles } from './data-files.js'
export { type Chisel, type ChiselDef, defineChisel, type Hooks } from './define.js'
export { moveBelow, NAME_FIELDS, NAMING, newName } from './file-names.js'
export { heatHooks } from './heat-hooks.js'
export { DATA_FIELDS, HiddenData } from './hidden-data.js'
export { HTTP_FIELDS, HTTP_FILTER, type HttpListener, HttpWatch, type Owner } from './http.js'
export { bodyText } from './http-body.js'
export { BYTES, FILE_IO, IO, NET_IO } from './io.js'
export { MemcachedReader } from './memcached.js'
export { PowerHistogram } from './power-histogram.js'
export { DUMP_ARGS, SavedSpans } from './saved-spans.js'
export { defineSlower, type SlowDef } from './slower.js'
export { defineStream } from './stream.js'
export { type ClientHello, clientHello, helloLength, LONGEST_HELLO } from './tls-hello.js'
export { bytesText, commandText, endpointText, spanText, userText } from './units.js'
export type { Values } from './values.js'
