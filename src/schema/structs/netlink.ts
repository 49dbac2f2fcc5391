// Netlink's messages by protocol: names of their types and flags, and what follows the header (linux/netlink.h,
// linux/rtnetlink.h, linux/if_link.h, linux/neighbour.h, linux/sock_diag.h, linux/genetlink.h, linux/netfilter/nfnetlink.h).
import { constants } from '../constants.js'
import { nameIn } from '../names.js'
import * as s from '../shape.js'

const ROUTE = 0
const SOCK_DIAG = 4
const NETFILTER = 12
const GENERIC = 16

const family = s.one(constants('families'), s.u8)

const link = s.struct({
  ifi_family: family,
  _pad: s.u8,
  ifi_type: s.one(constants('hardware_types'), s.u16),
  ifi_index: s.s32,
  ifi_flags: s.bits(constants('interface_flags')),
  ifi_change: s.quiet(s.x32),
})
const address = s.struct({
  ifa_family: family,
  ifa_prefixlen: s.u8,
  ifa_flags: s.bits(constants('address_flags'), s.u8),
  ifa_scope: s.one(constants('route_scopes'), s.u8),
  ifa_index: s.u32,
})
const route = s.struct({
  rtm_family: family,
  rtm_dst_len: s.u8,
  rtm_src_len: s.u8,
  rtm_tos: s.quiet(s.x8),
  rtm_table: s.one(constants('route_tables'), s.u8),
  rtm_protocol: s.one(constants('route_origins'), s.u8),
  rtm_scope: s.one(constants('route_scopes'), s.u8),
  rtm_type: s.one(constants('route_types'), s.u8),
  rtm_flags: s.quiet(s.x32),
})
const neighbour = s.struct({
  ndm_family: family,
  _pad1: s.u8,
  _pad2: s.u16,
  ndm_ifindex: s.s32,
  ndm_state: s.bits(constants('neighbour_states'), s.u16),
  ndm_flags: s.quiet(s.x8),
  ndm_type: s.one(constants('route_types'), s.u8),
})
const traffic = s.struct({
  tcm_family: family,
  _pad1: s.u8,
  _pad2: s.u16,
  tcm_ifindex: s.s32,
  tcm_handle: s.x32,
  tcm_parent: s.x32,
  tcm_info: s.x32,
})
/** a dump request may have this instead */
const anyFamily = s.struct({ rtgen_family: family })
/** by the number of the object, of which each has four types of messages */
const OBJECTS: readonly (s.Shape | undefined)[] = [link, address, route, neighbour, route, traffic, traffic, traffic]

const INTERNET = [2, 10]
const diagnosisRequest = s.struct({
  sdiag_family: family,
  _more: s.choice(
    'sdiag_family',
    [
      [
        INTERNET,
        s.struct({
          sdiag_protocol: s.one(constants('ip_protocols'), s.u8),
          _ext: s.u8,
          _pad: s.u8,
          idiag_states: s.packed(s.x32),
        }),
      ],
    ],
    s.struct({ sdiag_protocol: s.u8 }),
  ),
  _to: s.gap(4),
})
const diagnosis = s.struct({
  sdiag_family: family,
  _more: s.choice('sdiag_family', [
    [
      INTERNET,
      s.struct({
        idiag_state: s.one(constants('diagnosis_states'), s.u8),
        idiag_timer: s.u8,
        idiag_retrans: s.u8,
        idiag_sport: s.packed(s.port),
        idiag_dport: s.packed(s.port),
      }),
    ],
  ]),
})
const generic = s.struct({ cmd: s.u8, version: s.u8 })
const control = s.struct({ cmd: s.one(constants('control_commands'), s.u8), version: s.u8 })
const netfilter = s.struct({ nfgen_family: family, version: s.u8, res_id: s.port })

/** types below are the same in all protocols */
const FIRST = 16
const REQUEST = 1

/** What follows the header of a message, `bytes` long with its attributes; undefined: unknown. */
export function messageBody(
  protocol: number | undefined,
  type: number,
  flags: number,
  bytes: number,
): s.Shape | undefined {
  if (type < FIRST) return undefined
  switch (protocol) {
    case ROUTE:
      return bytes <= 4 ? anyFamily : OBJECTS[(type - FIRST) >> 2]
    case SOCK_DIAG:
      return flags & REQUEST ? diagnosisRequest : diagnosis
    case NETFILTER:
      return netfilter
    case GENERIC:
      return type === FIRST ? control : generic
    default:
      return undefined
  }
}

const common = nameIn(constants('netlink_types'))
const byProtocol = new Map([
  [ROUTE, nameIn(constants('route_messages'))],
  [SOCK_DIAG, nameIn(constants('diagnosis_messages'))],
  [6, nameIn(constants('xfrm_messages'))],
  [9, nameIn(constants('audit_messages'))],
  [NETFILTER, netfilterName],
  [GENERIC, nameIn(constants('generic_families'))],
])
const subsystem = nameIn(constants('netfilter_subsystems'))
const batches = nameIn(constants('netfilter_batches'))
const tables = nameIn(constants('table_messages'))
const connections = nameIn(constants('connection_messages'))
const CONNECTIONS = 1
const TABLES = 10

/** A subsystem in the upper byte, its message in the lower. */
function netfilterName(type: number): string | undefined {
  const system = type >> 8
  if (system === 0) return batches(type)
  const message = type & 0xff
  const name = system === TABLES ? tables(message) : system === CONNECTIONS ? connections(message) : undefined
  return `${subsystem(system) ?? system}|${name ?? message}`
}

/** Name of a message type. */
export const messageType = (protocol: number | undefined, type: number): string | undefined =>
  common(type) ?? byProtocol.get(protocol ?? -1)?.(type)

/** Names of a message's flags; the upper ones depend on the message's type. */
export function messageFlags(type: string, flags: number): string {
  const upper = /GET|DIAG|^$/.test(type)
    ? constants('netlink_get_flags')
    : /DEL/.test(type)
      ? constants('netlink_delete_flags')
      : /NLMSG_(ERROR|DONE)/.test(type)
        ? constants('netlink_answer_flags')
        : /NEW|SET|ADD/.test(type)
          ? constants('netlink_new_flags')
          : constants('netlink_get_flags')
  const names: string[] = []
  let remaining = flags
  for (const [name, bits] of [...constants('netlink_flags').entries, ...upper.entries]) {
    if ((remaining & bits) !== bits) continue
    names.push(name)
    remaining &= ~bits
  }
  if (remaining !== 0) names.push(`0x${remaining.toString(16)}`)
  return names.join('|') || '0'
}
