// Where a server listens, as a person writes it: 9435, 10.0.0.1:9435, [::1]:9435.

export interface Listen {
  /** without the brackets of IPv6 */
  readonly address: string
  /** 0: any that is free */
  readonly port: number
}

const LOOPBACK = '127.0.0.1'
/** what may be an address of IPv6, with a zone */
const V6 = /^[0-9a-f:.]*:[0-9a-f:.]*(%\w+)?$/i
const FORM = /^(?:(?:\[([^\]]+)\]|([^:[\]]*)):)?(\d{1,5})$/

/** What a text says; without an address this machine alone can reach it. Undefined where it is no such. */
export function listenOf(text: string): Listen | undefined {
  const [, v6, host, digits] = FORM.exec(text.trim()) ?? []
  const port = Number(digits ?? -1)
  if (port < 0 || port > 65_535 || (v6 !== undefined && !V6.test(v6))) return undefined
  return { address: v6 ?? (host || LOOPBACK), port }
}

/** Whether other machines can reach it. A name but localhost may be any address. */
export function isPublic({ address }: Listen): boolean {
  return address !== 'localhost' && address !== '::1' && !/^127(\.\d{1,3}){3}$/.test(address)
}

/** As it is written. */
export function listenText({ address, port }: Listen): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
