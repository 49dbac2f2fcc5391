// fd.*: both ends of a socket: addresses, ports and their names.

import { readFileSync } from 'node:fs'
import type { Fd } from '../model/fd.js'
import { serviceName } from '../render/services.js'
import * as sides from '../state/socket-sides.js'
import { fdField } from './fd.js'
import { type FieldDef, type FieldType, type FieldValue, field } from './field.js'

type Ip = (fd: Fd) => string | undefined
type Port = (fd: Fd) => number | undefined

const ends2 = { print: false, multi: 'any' } as const
const filterOnly = { print: false, operand: false } as const
const PORT = { kind: 'port', of: 'descriptor' } as const
const socketOnly = { property: 'socket' } as const

const ip = (doc: string, get: Ip) => fdField<string>('ipaddr', doc, get, socketOnly)
const port = (doc: string, get: Port) => fdField<number>('port', doc, get, { literals: PORT, ...socketOnly })
const net = (doc: string, get: Ip) => fdField<string>('ipnet', doc, get, { ...filterOnly, ...socketOnly })
const proto = (doc: string, get: Port) =>
  field({
    type: 'string',
    doc,
    cost: 16,
    fdOnly: {},
    ...socketOnly,
    make: (ctx) => (e) => {
      const p = e.fd === undefined ? undefined : get(e.fd)
      if (p === undefined) return undefined
      return ctx.format.resolvePorts ? serviceName(p) : String(p)
    },
  })
const host = (doc: string, get: Ip) =>
  fdField<string>(
    'string',
    doc,
    (fd) => {
      const a = get(fd)
      return a === undefined ? undefined : hostName(a)
    },
    { operand: false, cost: 16, ...socketOnly },
  )

/** The values of both ends in one array, which is reused. */
function both<T extends string | number>(
  type: FieldType,
  doc: string,
  local: (fd: Fd) => T | undefined,
  remote: (fd: Fd) => T | undefined,
  more: Partial<FieldDef<FieldValue>> = {},
): FieldDef<FieldValue> {
  return field<FieldValue>({
    type,
    doc,
    cost: 4,
    fdOnly: {},
    ...socketOnly,
    ...ends2,
    ...more,
    make: () => {
      const values: T[] = []
      return (e) => {
        const fd = e.fd
        if (fd === undefined || !sides.isInet(fd)) return undefined
        values.length = 0
        const l = local(fd)
        const r = remote(fd)
        if (l !== undefined) values.push(l)
        if (r !== undefined) values.push(r)
        return values.length === 0 ? undefined : (values as readonly T[] as FieldValue)
      }
    },
  })
}

const localIp: Ip = (fd) => fd.localIp
const remoteIp: Ip = (fd) => fd.remoteIp
const localPort: Port = (fd) => fd.localPort
const remotePort: Port = (fd) => fd.remotePort

export const fields = {
  'fd.ip': both('ipaddr', 'Address of either end.', localIp, remoteIp),
  'fd.cip': ip("The client's address.", sides.clientIp),
  'fd.sip': ip("The server's address.", sides.serverIp),
  'fd.lip': ip('The local address.', sides.localIp),
  'fd.rip': ip('The remote address.', sides.remoteIp),
  'fd.port': both('port', 'Port of either end.', localPort, remotePort, { literals: PORT }),
  'fd.cport': port("The client's port.", sides.clientPort),
  'fd.sport': port("The server's port.", sides.serverPort),
  'fd.lport': port('The local port.', sides.localPort),
  'fd.rport': port('The remote port.', sides.remotePort),
  'fd.proto': both('port', 'Service of either end, by its port.', localPort, remotePort),
  'fd.cproto': proto("Client's port as text, with -R the name of its service.", sides.clientPort),
  'fd.sproto': proto("Server's port as text, with -R the name of its service.", sides.serverPort),
  'fd.lproto': proto('Local port as text, with -R the name of its service.', sides.localPort),
  'fd.rproto': proto('Remote port as text, with -R the name of its service.', sides.remotePort),
  'fd.net': both('ipnet', 'Network that contains either end.', localIp, remoteIp),
  'fd.cnet': net("Network that contains the client's address.", sides.clientIp),
  'fd.snet': net("Network that contains the server's address.", sides.serverIp),
  'fd.lnet': net('Network that contains the local address.', sides.localIp),
  'fd.rnet': net('Network that contains the remote address.', sides.remoteIp),
  'fd.cip.name': host("Name of the client's address in the hosts file.", sides.clientIp),
  'fd.sip.name': host("Name of the server's address in the hosts file.", sides.serverIp),
  'fd.lip.name': host('Name of the local address in the hosts file.', sides.localIp),
  'fd.rip.name': host('Name of the remote address in the hosts file.', sides.remoteIp),
}

let names: Map<string, string> | undefined

function load(): Map<string, string> {
  const found = new Map<string, string>()
  let text = ''
  try {
    text = readFileSync('/etc/hosts', 'utf8')
  } catch {
    // no hosts file: addresses have no names
  }
  for (const line of text.split('\n')) {
    const [address, name] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (address !== undefined && name !== undefined && !found.has(address)) found.set(address, name)
  }
  return found
}

/** Name of an address; undefined if the hosts file has none. */
function hostName(address: string): string | undefined {
  names ??= load()
  return names.get(address)
}
