// Names of sockets' types, protocols and options, of which some depend on the address family or the level.
import { constants, derived } from './constants.js'
import type { FlagTable } from './flag-table.js'
import { type Names, nameIn, nameWith } from './names.js'

/** The bits of a new socket's descriptor: part of its type, and accept4's flags. */
export const socketBits = constants('socket_bits')

/** Name of a socket's type with the bits of its descriptor. */
export const socketType = nameWith(constants('socket_types'), socketBits)

const swapped = (n: number) => ((n & 0xff) << 8) | (n >>> 8)
/** frame types, linux/if_ether.h, in network byte order as programs pass them to little-endian kernels */
export const frameTypes: FlagTable = derived('frames', () =>
  constants('frames').entries.map(([name, value]) => [`htons(${name})`, swapped(value)] as const),
)

const AF_INET = 2
const AF_INET6 = 10
const AF_NETLINK = 16
const AF_PACKET = 17
const AF_CAN = 29
const AF_BLUETOOTH = 31
const inFamily: ReadonlyMap<number, Names> = new Map([
  [AF_INET, nameIn(constants('ip_protocols'))],
  [AF_INET6, nameIn(constants('ip_protocols'))],
  [AF_NETLINK, nameIn(constants('netlink_protocols'))],
  [AF_PACKET, nameIn(frameTypes)],
  [AF_CAN, nameIn(constants('can_protocols'))],
  [AF_BLUETOOTH, nameIn(constants('bluetooth_protocols'))],
])

/** Name of a protocol in an address family. */
export const protocolName = (family: number | undefined, protocol: number) => inFamily.get(family ?? -1)?.(protocol)

const SOL_IP = 0
const SOL_IPV6 = 41
const optionNames: ReadonlyMap<number, Names> = new Map([
  [SOL_IP, nameIn(constants('ip_options'))],
  [1, nameIn(constants('socket_options_more'))],
  [6, nameIn(constants('tcp_options'))],
  [17, nameIn(constants('udp_options'))],
  [SOL_IPV6, nameIn(constants('ipv6_options'))],
  [263, nameIn(constants('packet_options'))],
  [270, nameIn(constants('netlink_options'))],
  [282, nameIn(constants('tls_options'))],
])
const filterSets = nameIn(constants('filter_sets'))
const filterGets = nameIn(constants('filter_gets'))

/** Name of an option of a (kernel's) level, if libs has none. */
export function optionName(level: number | undefined, option: number, sets: boolean): string | undefined {
  const name = optionNames.get(level ?? -1)?.(option)
  const filters = level === SOL_IP || level === SOL_IPV6
  return name ?? (filters ? (sets ? filterSets : filterGets)(option) : undefined)
}
