// Control messages of sendmsg and recvmsg, by level and type (linux/socket.h, linux/in.h, linux/errqueue.h, linux/udp.h,
// linux/tls.h).
import { constants } from '../constants.js'
import { nameIn } from '../names.js'
import * as s from '../shape.js'
import { optionName } from '../socket-names.js'
import { sockaddr } from './address.js'
import { timespec, timeval } from './time.js'

const SOL_SOCKET = 1
const rights = constants('control_kinds')
const levels = constants('control_levels')
const origins = constants('error_origins')
const failure = s.struct({
  ee_errno: s.errno,
  ee_origin: s.one(origins, s.u8),
  ee_type: s.u8,
  ee_code: s.u8,
  _pad: s.u8,
  ee_info: s.u32,
  ee_data: s.quiet(s.u32),
  offender: sockaddr,
})
const tlsRecords = constants('tls_records')
const algorithm = constants('algorithm_options')
const operations = constants('algorithm_operations')
const stamps = s.list(timespec, 3)

type Kind = readonly [name: string | undefined, shape?: s.Shape]

const SHAPES: ReadonlyMap<string, s.Shape> = new Map<string, s.Shape>([
  ['SCM_RIGHTS', s.list(s.s32, 0, 64)],
  ['SCM_CREDENTIALS', s.struct({ pid: s.s32, uid: s.u32, gid: s.u32 })],
  ['SCM_SECURITY', s.text(0)],
  ['SCM_PIDFD', s.s32],
  ['SO_TIMESTAMP_OLD', timeval],
  ['SO_TIMESTAMP_NEW', timeval],
  ['SO_TIMESTAMPNS_OLD', timespec],
  ['SO_TIMESTAMPNS_NEW', timespec],
  ['SO_TIMESTAMPING_OLD', stamps],
  ['SO_TIMESTAMPING_NEW', stamps],
  ['SO_RXQ_OVFL', s.u32],
  ['SCM_TIMESTAMPING_PKTINFO', s.struct({ if_index: s.u32, pkt_length: s.u32 })],
  ['SCM_TXTIME', s.u64],
  ['SO_RCVMARK', s.x32],
  ['SO_RCVPRIORITY', s.u32],
  ['SCM_TS_OPT_ID', s.u32],
  ['SCM_INQ', s.s32],
  ['IP_PKTINFO', s.struct({ ipi_ifindex: s.s32, ipi_spec_dst: s.ipv4, ipi_addr: s.ipv4 })],
  ['IP_TOS', s.x8],
  ['IP_TTL', s.s32],
  ['IP_RECVORIGDSTADDR', sockaddr],
  ['IP_RECVERR', failure],
  ['IP_CHECKSUM', s.x32],
  ['IPV6_PKTINFO', s.struct({ ipi6_addr: s.ipv6, ipi6_ifindex: s.s32 })],
  ['IPV6_HOPLIMIT', s.s32],
  ['IPV6_TCLASS', s.s32],
  ['IPV6_RECVERR', failure],
  ['IPV6_ORIGDSTADDR', sockaddr],
  ['UDP_GRO', s.s32],
  ['UDP_SEGMENT', s.u16],
  ['TCP_INQ', s.s32],
  ['NETLINK_PKTINFO', s.struct({ group: s.u32 })],
  ['TLS_SET_RECORD_TYPE', s.one(tlsRecords, s.u8)],
  ['TLS_GET_RECORD_TYPE', s.one(tlsRecords, s.u8)],
  ['ALG_SET_OP', s.one(operations)],
  ['ALG_SET_AEAD_ASSOCLEN', s.u32],
])

const levelName = nameIn(levels)
const socketKind = nameIn(rights)
const others = new Map([
  [279, nameIn(algorithm)],
  [282, nameIn(constants('tls_control'))],
])

function kindOf(level: number, type: number): Kind {
  const name = level === SOL_SOCKET ? socketKind(type) : (others.get(level)?.(type) ?? optionName(level, type, true))
  return [name, name === undefined ? undefined : SHAPES.get(name)]
}

/** The control messages of one message, each after its header (struct cmsghdr). */
export const controlMessages: s.Shape = s.control({ level: levelName, kind: kindOf })
