// Control messages of sendmsg and recvmsg, by level and type (linux/socket.h, linux/in.h, linux/errqueue.h, linux/udp.h,
// linux/tls.h).
import * as c from '../constants/net.js'
import { nameIn, own } from '../constants/own.js'
import * as s from '../shape.js'
import { sockaddr } from './address.js'
import { timespec, timeval } from './time.js'

const SOL_SOCKET = 1
const rights = own(
  'control_kinds',
  `SCM_RIGHTS=1 SCM_CREDENTIALS=2 SCM_SECURITY=3 SCM_PIDFD=4 SO_TIMESTAMP_OLD=29 SO_TIMESTAMPNS_OLD=35
  SO_TIMESTAMPING_OLD=37 SO_RXQ_OVFL=40 SCM_WIFI_STATUS=41 SCM_TIMESTAMPING_OPT_STATS=54 SCM_TIMESTAMPING_PKTINFO=58
  SCM_TXTIME=61 SO_TIMESTAMP_NEW=63 SO_TIMESTAMPNS_NEW=64 SO_TIMESTAMPING_NEW=65 SO_RCVMARK=75 SCM_DEVMEM_LINEAR=78
  SCM_DEVMEM_DMABUF=79 SCM_TS_OPT_ID=81 SO_RCVPRIORITY=82 SCM_INQ=84`,
)
const levels = own(
  'control_levels',
  `SOL_IP=0 SOL_SOCKET=1 SOL_TCP=6 SOL_UDP=17 SOL_IPV6=41 SOL_SCTP=132 SOL_RAW=255 SOL_PACKET=263 SOL_NETLINK=270
  SOL_ALG=279 SOL_TLS=282`,
)
const origins = own(
  'error_origins',
  `SO_EE_ORIGIN_NONE=0 SO_EE_ORIGIN_LOCAL=1 SO_EE_ORIGIN_ICMP=2 SO_EE_ORIGIN_ICMP6=3 SO_EE_ORIGIN_TIMESTAMPING=4
  SO_EE_ORIGIN_ZEROCOPY=5 SO_EE_ORIGIN_TXTIME=6`,
)
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
const tlsRecords = own('tls_records', 'change_cipher_spec=20 alert=21 handshake=22 application_data=23')
const algorithm = own('algorithm_options', 'ALG_SET_IV=2 ALG_SET_OP=3 ALG_SET_AEAD_ASSOCLEN=4')
const operations = own('algorithm_operations', 'ALG_OP_DECRYPT=0 ALG_OP_ENCRYPT=1')
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
  [282, nameIn(own('tls_control', 'TLS_SET_RECORD_TYPE=1 TLS_GET_RECORD_TYPE=2'))],
])

function kindOf(level: number, type: number): Kind {
  const name = level === SOL_SOCKET ? socketKind(type) : (others.get(level)?.(type) ?? c.optionName(level, type, true))
  return [name, name === undefined ? undefined : SHAPES.get(name)]
}

/** The control messages of one message, each after its header (struct cmsghdr). */
export const controlMessages: s.Shape = s.control({ level: levelName, kind: kindOf })
