// DNS in the data that processes exchange.
export { addressesFor } from './addresses.js'
export { type DnsMessage, dnsMessage } from './message.js'
export { resolveMessage } from './resolved.js'
export { DnsStream } from './stream.js'
export { type DnsProtocol, type DnsTransfer, DnsTransfers, type TransferredMessage } from './transfers.js'
