// HTTP/1 in the data that processes exchange.

export { hostOf, pathOf, urlOf } from './address.js'
export { Connection, type Exchange, type Listener, latencyOf } from './connection.js'
export { Connections, type TrafficListener } from './connections.js'
export {
  type Body,
  contentLength,
  type Gap,
  type Header,
  headerList,
  headerOf,
  type Message,
  type Request,
  type Response,
} from './message.js'
export { isTls, mayStart } from './start.js'
