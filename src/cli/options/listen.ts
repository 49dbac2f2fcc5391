// Where a server listens, as a person writes it: 9435, 10.0.0.1:9435, [::1]:9435.
import { BlockList, isIP } from 'node:net'

export interface Listen {
  /** without the brackets of IPv6 */
  readonly address: string
  /** 0: any that is free */
  readonly port: number
}

const LOOPBACK = '127.0.0.1'
const FORM = /^(?:(?:\[([^\]]+)\]|([^:[\]]*)):)?(\d{1,5})$/

/** What a text says; without an address this machine alone can reach it. Undefined where it is no such. */
export function listenOf(text: string): Listen | undefined {
  const [, v6, host, digits] = FORM.exec(text.trim()) ?? []
  const port = Number(digits ?? -1)
  if (port < 0 || port > 65_535 || (v6 !== undefined && isIP(v6) !== 6)) return undefined
  return { address: v6 ?? (host || LOOPBACK), port }
}

const own = new BlockList()
own.addSubnet('127.0.0.0', 8, 'ipv4')
own.addAddress('::1', 'ipv6')

/** Whether other machines can reach it. */
export function isPublic({ address }: Listen): boolean {
  const kind = isIP(address)
  return kind === 0 ? address !== 'localhost' : !own.check(address, kind === 4 ? 'ipv4' : 'ipv6')
}

/** As it is written. */
export function listenText({ address, port }: Listen): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
