// The values of socket options, by level and option (linux/socket.h, linux/in.h, linux/in6.h, linux/tcp.h, linux/if_packet.h
// and others). Options without a shape here are numbers, or bytes.

import { caseTable, inputAt } from '../cases.js'
import { constants } from '../constants.js'
import { sockoptOptions } from '../flags/net.js'
import { once } from '../lazy.js'
import * as s from '../shape.js'
import { sockaddr, storage } from '../structs/address.js'
import type { FlagTable, Row } from '../types.js'

const SOL_IP = 0
const SOL_SOCKET = 1
const SOL_TCP = 6
const SOL_UDP = 17
const SOL_IPV6 = 41
const SOL_PACKET = 263
const SOL_TLS = 282
const SO_ORIGINAL_DST = 80

const name = s.text(0)
const filter = s.struct({ len: s.u16, filter: s.pointer })
const membership = s.struct({ imr_multiaddr: s.ipv4, imr_address: s.ipv4, imr_ifindex: s.quiet(s.s32) })
const source = s.struct({ imr_multiaddr: s.ipv4, imr_interface: s.ipv4, imr_sourceaddr: s.ipv4 })
const membership6 = s.struct({ ipv6mr_multiaddr: s.ipv6, ipv6mr_interface: s.s32 })
const group = s.struct({ gr_interface: s.u32, _pad: s.u32, gr_group: storage })
const groupSource = s.struct({ gsr_interface: s.u32, _pad: s.u32, gsr_group: storage, gsr_source: storage })
const ring = s.struct({ tp_block_size: s.u32, tp_block_nr: s.u32, tp_frame_size: s.u32, tp_frame_nr: s.u32 })

const packetMember = s.struct({
  mr_ifindex: s.s32,
  mr_type: s.one(constants('packet_members'), s.u16),
  mr_alen: s.u16,
  mr_address: s.bytes(8),
})

const tcpInfo = s.struct({
  tcpi_state: s.one(constants('tcp_states'), s.u8),
  tcpi_ca_state: s.one(constants('tcp_congestion_states'), s.u8),
  tcpi_retransmits: s.u8,
  tcpi_probes: s.u8,
  tcpi_backoff: s.u8,
  tcpi_options: s.bits(constants('tcp_info_options'), s.u8),
  _wscale: s.u16,
  tcpi_rto: s.u32,
  tcpi_ato: s.u32,
  tcpi_snd_mss: s.u32,
  tcpi_rcv_mss: s.u32,
  tcpi_unacked: s.u32,
  tcpi_sacked: s.u32,
  tcpi_lost: s.u32,
  tcpi_retrans: s.u32,
  tcpi_fackets: s.u32,
  tcpi_last_data_sent: s.u32,
  tcpi_last_ack_sent: s.u32,
  tcpi_last_data_recv: s.u32,
  tcpi_last_ack_recv: s.u32,
  tcpi_pmtu: s.u32,
  tcpi_rcv_ssthresh: s.u32,
  tcpi_rtt: s.u32,
  tcpi_rttvar: s.u32,
  tcpi_snd_ssthresh: s.u32,
  tcpi_snd_cwnd: s.u32,
  tcpi_advmss: s.u32,
  tcpi_reordering: s.u32,
  tcpi_rcv_rtt: s.u32,
  tcpi_rcv_space: s.u32,
  tcpi_total_retrans: s.u32,
})

type Options = Readonly<Record<string, s.Shape>>

const OF_SOCKETS: Options = {
  SO_TYPE: s.one(constants('socket_types')),
  SO_LINGER: s.struct({ l_onoff: s.s32, l_linger: s.s32 }),
  SO_PEERCRED: s.struct({ pid: s.s32, uid: s.s32, gid: s.s32 }),
  SO_PEERGROUPS: s.list(s.u32),
  SO_BINDTODEVICE: name,
  SO_PEERSEC: name,
  SO_PEERNAME: sockaddr,
  SO_ATTACH_FILTER: filter,
  SO_ATTACH_REUSEPORT_CBPF: filter,
  SO_TIMESTAMPING: s.bits(constants('timestamping')),
  SO_TIMESTAMPING_NEW: s.bits(constants('timestamping')),
  SO_PROTOCOL: s.one(constants('ip_protocols')),
  SO_DOMAIN: s.one(constants('families')),
  SO_MEMINFO: s.list(s.u32),
  SO_TXTIME: s.struct({ clockid: s.s32, flags: s.bits(constants('txtime_flags')) }),
  SO_BUF_LOCK: s.bits(constants('buffer_locks')),
  SO_NETNS_COOKIE: s.u64,
  SO_PEERPIDFD: s.s32,
}

/** of both IP and IPv6 */
const OF_GROUPS: Options = {
  MCAST_JOIN_GROUP: group,
  MCAST_LEAVE_GROUP: group,
  MCAST_JOIN_SOURCE_GROUP: groupSource,
  MCAST_LEAVE_SOURCE_GROUP: groupSource,
  MCAST_BLOCK_SOURCE: groupSource,
  MCAST_UNBLOCK_SOURCE: groupSource,
}
const OF_IP: Options = {
  ...OF_GROUPS,
  IP_MTU_DISCOVER: s.one(constants('mtu_discovery')),
  IP_MULTICAST_IF: membership,
  IP_ADD_MEMBERSHIP: membership,
  IP_DROP_MEMBERSHIP: membership,
  IP_ADD_SOURCE_MEMBERSHIP: source,
  IP_DROP_SOURCE_MEMBERSHIP: source,
  IP_BLOCK_SOURCE: source,
  IP_UNBLOCK_SOURCE: source,
}
const OF_IPV6: Options = {
  ...OF_GROUPS,
  IPV6_MTU_DISCOVER: s.one(constants('mtu_discovery')),
  IPV6_ADD_MEMBERSHIP: membership6,
  IPV6_DROP_MEMBERSHIP: membership6,
  IPV6_JOIN_ANYCAST: membership6,
  IPV6_LEAVE_ANYCAST: membership6,
}
const OF_TCP: Options = {
  TCP_INFO: tcpInfo,
  TCP_CONGESTION: name,
  TCP_ULP: name,
  TCP_REPAIR_WINDOW: s.struct({
    snd_wl1: s.u32,
    snd_wnd: s.u32,
    max_window: s.u32,
    rcv_wnd: s.u32,
    rcv_wup: s.u32,
  }),
}
const OF_UDP: Options = { UDP_ENCAP: s.one(constants('udp_encapsulations')) }
const OF_PACKETS: Options = {
  PACKET_ADD_MEMBERSHIP: packetMember,
  PACKET_DROP_MEMBERSHIP: packetMember,
  PACKET_VERSION: s.one(constants('packet_versions')),
  PACKET_RX_RING: ring,
  PACKET_TX_RING: ring,
  PACKET_STATISTICS: s.struct({ tp_packets: s.u32, tp_drops: s.u32 }),
}
const keys = s.struct({
  version: s.one(constants('tls_versions'), s.x16),
  cipher_type: s.one(constants('tls_ciphers'), s.u16),
})
const OF_TLS: Options = { TLS_TX: keys, TLS_RX: keys }

/** The options of a level that have a shape, by the kernel's numbers. */
function byNumber(options: Options, ...tables: readonly FlagTable[]): Map<number, s.Shape> {
  const shapes = new Map<number, s.Shape>()
  for (const [option, ppm, native = ppm] of tables.flatMap((t) => t.entries)) {
    const shape = options[option]
    if (shape !== undefined) shapes.set(native, shape)
  }
  return shapes
}
const shapesByLevel = once(
  (): ReadonlyMap<number, ReadonlyMap<number, s.Shape>> =>
    new Map([
      [SOL_SOCKET, byNumber(OF_SOCKETS, sockoptOptions, constants('socket_options_more'))],
      [SOL_IP, byNumber(OF_IP, constants('ip_options')).set(SO_ORIGINAL_DST, sockaddr)],
      [SOL_IPV6, byNumber(OF_IPV6, constants('ipv6_options'), constants('ip_options')).set(SO_ORIGINAL_DST, sockaddr)],
      [SOL_TCP, byNumber(OF_TCP, constants('tcp_options'))],
      [SOL_UDP, byNumber(OF_UDP, constants('udp_options'))],
      [SOL_PACKET, byNumber(OF_PACKETS, constants('packet_options'))],
      [SOL_TLS, byNumber(OF_TLS, constants('tls_options'))],
    ]),
)

/** The shape of an option's value, by the kernel's level and option and the value's bytes; undefined: unknown. */
export function optionShape(
  level: number | undefined,
  option: number | undefined,
  bytes: number | undefined,
): s.Shape | undefined {
  const shape = shapesByLevel()
    .get(level ?? -1)
    ?.get(option ?? -1)
  // the interface is given by its address
  if (shape === membership && bytes === 4) return s.ipv4
  return shape ?? (bytes === 1 ? s.u8 : bytes === 4 ? s.s32 : undefined)
}

const SOL_ALG = 279
const ALG_SET_KEY = 1
/** alternative of the value (SOCKOPT_VALUE): bytes as the program passed them */
const BYTES = 0

/** Whether a value is a key or contains one, whatever its length. */
const isKey = (level: number, option: number) => level === SOL_TLS || (level === SOL_ALG && option === ALG_SET_KEY)

/**
 * The options whose values are names, numbers or addresses, by level (the upper 16 bits) and option. If buffers are omitted,
 * the kernel side reads the bytes of these options only.
 */
export const knownOptions = caseTable('known_socket_options', () =>
  [...shapesByLevel()].flatMap(([level, options]) =>
    [...options]
      .filter(([option]) => !isKey(level, option))
      .map(([option, shape]) => [`${level}/${option}`, (level << 16) | option, inputAt(shape, 3)] as const),
  ),
)

/** Whether the value of an option may contain data of the program: a key, or bytes of unknown meaning. */
export function optionHasData(row: Row, value: Uint8Array): boolean {
  const level = row.numberOf('level')
  const option = row.numberOf('optname')
  // other tools' files use their own numbers for levels and options
  if (!row.batch.native || level === undefined || option === undefined) return value[0] === BYTES
  return isKey(level, option) || (value[0] === BYTES && !knownOptions.cases.has((level << 16) | option))
}
