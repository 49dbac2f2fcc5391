// The address that a server listens on, as users write it: 9435, 10.0.0.1:9435, [::1]:9435.

export interface Listen {
  /** IPv6 without brackets */
  readonly address: string
  /** 0: any free port */
  readonly port: number
}

const LOOPBACK = '127.0.0.1'
/** a possible IPv6 address, with a zone */
const V6 = /^[0-9a-f:.]*:[0-9a-f:.]*(%\w+)?$/i
const FORM = /^(?:(?:\[([^\]]+)\]|([^:[\]]*)):)?(\d{1,5})$/

/** Parses an address; the default is loopback. Undefined if it is invalid. */
export function listenOf(text: string): Listen | undefined {
  const [, v6, host, digits] = FORM.exec(text.trim()) ?? []
  const port = Number(digits ?? -1)
  if (port < 0 || port > 65_535 || (v6 !== undefined && !V6.test(v6))) return undefined
  return { address: v6 ?? (host || LOOPBACK), port }
}

/** Whether other machines can reach it. A name other than localhost may be any address. */
export function isPublic({ address }: Listen): boolean {
  return address !== 'localhost' && address !== '::1' && !/^127(\.\d{1,3}){3}$/.test(address)
}

/** The address as users write it. */
export function listenText({ address, port }: Listen): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
