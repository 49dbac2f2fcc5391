// The other ends of connections, with bytes and requests, and the ports on which programs listened.

import { dnsOf } from '../fields/dns-decoder.js'
import { type FieldContext, type Getter, stateOf } from '../fields/field.js'
import { httpOf } from '../fields/http-decoder.js'
import { registry } from '../fields/index.js'
import { bytesMoved, eachSide, isPeek, isRead, isWrite } from '../fields/io.js'
import { failed } from '../fields/result.js'
import { AF_UNIX } from '../model/address.js'
import { type Event, SIDE } from '../model/event.js'
import type { Fd } from '../model/fd.js'
import { Role } from '../model/fd.js'
import { l4proto } from '../state/fd-name.js'
import { addressOf } from '../state/socket-addresses.js'
import { isInet, isLoopback, isWildcard } from '../state/socket-sides.js'
import { Attempts } from './attempts.js'
import { stablePath, stablePort } from './names.js'
import type { CountedRow, HostRow } from './report.js'
import { addName, Counts } from './users.js'

/** Maximum numbers of different hosts, requests, names and ports. */
const MOST = 2_000
/** Bytes of the contents of each call that requests are read from. */
export const DATA_BYTES = 512
const EINPROGRESS = -115

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly string[] ? string[] : T[K] }
type Host = Mutable<HostRow> & { count: number }
type Counted = Mutable<CountedRow>

export class Hosts {
  readonly hosts = new Counts<Host>(MOST)
  readonly requests = new Counts<Counted>(MOST)
  readonly listening = new Counts<Counted>(MOST)
  readonly lookups = new Counts<Counted>(MOST)
  /** names with a connection */
  private readonly reached = new Set<string>()
  private readonly attempts = new Attempts()
  private by = ''

  private ctx!: FieldContext
  /** fd.dns.name */
  private nameOf!: Getter

  constructor(private readonly secrets: boolean) {}

  /** The events of another capture follow. */
  attach(ctx: FieldContext): void {
    this.ctx = ctx
    this.nameOf = registry.find('fd.dns.name').def.make(ctx, undefined)
  }

  /** Counts a call, also one that failed. */
  add(e: Event, by: string): void {
    this.by = by
    const { fd, def } = e
    if (fd === undefined) return
    if (def.name === 'connect') this.connect(e, fd)
    else if (def.name === 'getsockopt') this.result(fd)
    else if (def.name === 'listen' || def.name === 'bind') this.listen(e, fd)
    else if (!failed(e)) {
      this.protocols(e)
      if (e.sides !== SIDE.NONE || isInet(fd)) eachSide(e, this.move)
    }
  }

  /** The capture has ended. */
  finish(): void {
    this.attempts.finish()
  }

  /** Names that were looked up without a connection to them. */
  unreached(): CountedRow[] {
    return this.lookups.sorted().filter(({ what }) => !this.reached.has(what))
  }

  private connect(e: Event, fd: Fd): void {
    // a program that connects a UDP socket may only ask which of its addresses it would use
    if (!isInet(fd) || l4proto(fd) === 'udp') return
    if (this.attempts.isOpen(fd) && e.ret !== EINPROGRESS) {
      this.result(fd)
    } else if (!failed(e) || e.ret === EINPROGRESS) {
      const host = fd.remoteIp === undefined ? undefined : this.hostOf(e, fd)
      if (host !== undefined) this.attempts.begin(fd, host, e.ret === EINPROGRESS)
    } else if (fd.connectError !== 0) {
      const host = this.targetOf(e)
      if (host !== undefined) Attempts.failed(host, fd.connectError)
    }
  }

  /** The program has read the result of a connection that it did not wait for. */
  private result(fd: Fd): void {
    if (fd.connected || fd.connectError !== 0) this.attempts.end(fd)
  }

  private listen(e: Event, fd: Fd): void {
    const udp = l4proto(fd) === 'udp'
    // UDP sockets of clients are bound, too, to ports that the kernel chooses
    if (failed(e) || !isInet(fd) || fd.localPort === undefined || (e.def.name === 'bind') !== udp) return
    if (udp && (fd.localPort === 0 || stablePort(fd.localPort) === '*')) return
    const what = endpoint(fd.localIp ?? '', fd.localPort, udp ? 'udp' : 'tcp')
    this.listening.add(what, this.by, () => ({ what, count: 0, by: [] }))
  }

  private readonly move = (e: Event): void => {
    const { fd } = e
    const bytes = bytesMoved(e)
    if (fd === undefined || bytes === undefined || !isInet(fd) || fd.remoteIp === undefined) return
    if (isPeek(e)) return
    this.attempts.end(fd)
    const host = this.hostOf(e, fd)
    if (host === undefined) return
    if (isRead(e)) host.received += bytes
    else if (isWrite(e)) host.sent += bytes
  }

  private hostOf(e: Event, fd: Fd): Host | undefined {
    const ip = fd.remoteIp as string
    const server = fd.role === Role.Server
    const found = this.nameOf(e)
    const name = typeof found === 'string' ? found : undefined
    if (name !== undefined) this.reached.add(name)
    const proto = l4proto(fd) ?? 'tcp'
    const port = server ? fd.localPort : fd.remotePort
    const host = server
      ? `clients of ${endpoint(fd.localIp ?? '', port ?? 0, proto)}`
      : endpoint(name ?? ip, port ?? 0, proto)
    return this.row(host, name !== undefined || server ? ip : undefined)
  }

  /** The host of a connection that could not be made: the descriptor has no other end. */
  private targetOf(e: Event): Host | undefined {
    const target = addressOf(e, e.paramIndex('addr'))
    if (target === undefined || target.family === AF_UNIX || e.thread === undefined) return undefined
    const name = stateOf(this.ctx, e).addressNames?.nameOf(e.thread, target.ip)
    if (name !== undefined) this.reached.add(name)
    return this.row(endpoint(name ?? target.ip, target.port, 'tcp'), name === undefined ? undefined : target.ip)
  }

  /** Counts a host. ip: one of its addresses, if it is shown by a name. */
  private row(host: string, ip: string | undefined): Host | undefined {
    const row = this.hosts.add(host, this.by, () => ({
      ...{ host, addresses: [], connections: 0, failed: 0, errors: [], unanswered: 0 },
      ...{ sent: 0, received: 0, by: [], count: 0 },
    }))
    if (row !== undefined && ip !== undefined) addName(row.addresses, ip)
    return row
  }

  /** Names and requests in the data of the call. */
  private protocols(e: Event): void {
    const dns = dnsOf(this.ctx, e).at(e)
    if (dns?.client === true) {
      const name = dns.name.toLowerCase()
      if (dns.answer === undefined) this.lookups.add(name, this.by, () => ({ what: name, count: 0, by: [] }))
      return
    }
    const http = httpOf(this.ctx, e).at(e)
    if (http?.side !== 'client' || http.target === undefined) return
    if (!http.heads.some((m) => m.kind === 'request')) return
    const what = `${http.target.method} ${this.secrets ? http.target.url : maskedUrl(http.target.url)}`
    this.requests.add(what, this.by, () => ({ what, count: 0, by: [] }))
  }
}

/** `NAME:PORT`, with the protocol unless it is TCP. */
function endpoint(name: string, port: number, proto: string): string {
  const host = name.includes(':') ? `[${name}]` : isWildcard(name) ? '*' : name
  return `${host}:${isLoopback(name) || isWildcard(name) ? stablePort(port) : port}${proto === 'tcp' ? '' : `/${proto}`}`
}

/** What replaces a value that is not shown, as in src/redact. */
const MASK = '***'

/** A URL without its query and credentials, and without the parts of its path that look like tokens. */
export function maskedUrl(url: string): string {
  const at = url.search(/[?#]/)
  const path = at < 0 ? url : url.slice(0, at)
  const query = at < 0 ? '' : `?${MASK}`
  return `${stablePath(path.replace(/^([a-z]+:\/\/)?[^/@]*@/i, `$1${MASK}@`)).replaceAll(/(^|\/)(bot)?\d+:[\w-]{20,}/g, `$1${MASK}`)}${query}`
}
