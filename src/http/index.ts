// HTTP/1 in the data that processes exchange.

export { Connection, type Exchange, latencyOf } from './connection.js'
export { Connections } from './connections.js'
export {
  contentLength,
  type Gap,
  headerOf,
  hostOf,
  type Message,
  pathOf,
  type Request,
  type Response,
  urlOf,
} from './message.js'
