// HTTP/1 in the data that processes exchange.

export { Connection, type Exchange, type Listener, latencyOf } from './connection.js'
export { Connections, type TrafficListener } from './connections.js'
export {
  type Body,
  contentLength,
  type Gap,
  type Header,
  headerList,
  headerOf,
  hostOf,
  type Message,
  pathOf,
  type Request,
  type Response,
  urlOf,
} from './message.js'
export { isTls, mayStart } from './start.js'
