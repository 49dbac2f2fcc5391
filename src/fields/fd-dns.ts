// fd.dns.name, fd.sdns.name, fd.cdns.name: the names by which processes got the addresses of their connections.
import type { Fd } from '../model/fd.js'
import type { Thread } from '../model/thread.js'
import type { AddressNames } from '../state/address-names.js'
import { clientIp, isInet, serverIp } from '../state/socket-sides.js'
import { type FieldDef, field, stateOf } from './field.js'
import { knowAddressNames } from './name-lookups.js'

/** The address whose name is the value; undefined: the remote one. */
type Side = ((fd: Fd) => string | undefined) | undefined

function nameAt(names: AddressNames, fd: Fd, t: Thread, side: Side): string | undefined {
  const address = side?.(fd)
  if (side !== undefined && address === undefined) return undefined
  return address === undefined || address === fd.remoteIp ? names.ofPeer(fd, t) : names.nameOf(t, address)
}

const nameField = (doc: string, side?: Side): FieldDef<string> =>
  field({
    type: 'string',
    doc,
    cost: 16,
    property: 'socket',
    needs: ['lookups'],
    make: (ctx) => {
      for (const state of ctx.states) knowAddressNames(state)
      return (e) => {
        const { fd, thread } = e
        if (fd === undefined || thread === undefined || !isInet(fd)) return undefined
        const names = stateOf(ctx, e).addressNames
        return names && nameAt(names, fd, thread, side)
      }
    },
  })

export const fields = {
  'fd.dns.name': nameField(
    'Name of the remote address: what the process, or else its container, last looked up by DNS before it connected.',
  ),
  'fd.sdns.name': nameField("Name of the server's address, as in fd.dns.name.", serverIp),
  'fd.cdns.name': nameField("Name of the client's address, as in fd.dns.name.", clientIp),
}
