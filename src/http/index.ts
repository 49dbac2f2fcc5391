// HTTP/1 in the data that processes exchange.

export { Connection, type Exchange, type Listener } from './connection.js'
export { Connections, type TrafficListener } from './connections.js'
export {
  type Body,
  type Gap,
  type Header,
  headerList,
  headerOf,
  type Message,
  type Request,
  type Response,
} from './message.js'
export { isTls, mayStart } from './start.js'
