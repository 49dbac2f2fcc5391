// The addresses of this machine, which tell the ends of connections apart.
import { networkInterfaces } from 'node:os'
import type { Notice } from './lacking.js'

export interface OwnAddresses {
  /** text form */
  readonly addresses: string[]
  /** what is to be told where they are not known */
  readonly notices: readonly Notice[]
}

/** Asks the system, which a service manager or a sandbox may have forbidden: Node throws then. */
export function ownAddresses(): OwnAddresses {
  try {
    const addresses = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map((a) => a.address))
    return { addresses, notices: [] }
  } catch (e) {
    const text =
      "this machine's addresses are not known, as ksys may not ask for them (AF_NETLINK): which end of a connection is the local one may be told wrongly"
    return { addresses: [], notices: [{ text, detail: (e as Error).message }] }
  }
}
