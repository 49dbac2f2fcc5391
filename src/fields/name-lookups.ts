// Feeds the names of addresses (state/address-names.ts) from the DNS data of all events, whether they pass the filter or not.
import { addressesFor } from '../dns/index.js'
import { ROW } from '../model/batch.js'
import type { Event } from '../model/event.js'
import type { AddressNames } from '../state/address-names.js'
import { isInet } from '../state/socket-sides.js'
import type { State } from '../state/state.js'
import { asksForNames, type DnsDecoder, decoderOf } from './dns-decoder.js'

/** From now on the state has the names of addresses that processes look up. */
export function knowAddressNames(state: State): AddressNames {
  const { names, isNew } = state.knowAddressNames()
  if (isNew) {
    const decoder = decoderOf(state)
    decoder.onAnswer = (e, { name, queriedAt, answers }) => {
      if (e.thread === undefined) return
      const addresses = addressesFor(name, answers)
      if (addresses.length > 0) names.learn(e.thread, name.toLowerCase(), addresses, queriedAt, e.time)
    }
    state.onData = (e) => follow(e, names, decoder)
  }
  return names
}

/** A sentence if the capture lacks data of answers, so that names may be missing; undefined if no field needs names, or none is missing. */
export function missingNames(states: readonly State[]): string | undefined {
  const cut = states.reduce((n, s) => n + (s.addressNames === undefined ? 0 : decoderOf(s).cut), 0)
  if (cut === 0) return undefined
  const calls = cut === 1 ? '1 call that received a DNS answer was' : `${cut} calls that received DNS answers were`
  return `names of addresses may be missing: ${calls} recorded with too little data; record with -s 1500, or print fd.dns.name while you record`
}

function follow(e: Event, names: AddressNames, decoder: DnsDecoder): void {
  const { fd, thread } = e
  if (fd === undefined || thread === undefined) return
  if (e.def.socket === 'connects') {
    if (isInet(fd)) names.connected(fd, thread)
  } else if (asksForNames(fd)) {
    decoder.at(e)
    // a file that is written keeps the row, so that it has the names as well
    e.batch.flags[e.row]! |= ROW.STATE
  }
}
