// Socket addresses in the kernel's format, by family (linux/socket.h and the headers of the families).
import { constants } from '../constants.js'
import * as s from '../shape.js'
import { frameTypes } from '../socket-names.js'

/** a family's members follow the family, whatever their alignment would be */
const family = (number: number, members: Readonly<Record<string, s.Shape>>) =>
  [number, s.struct(Object.fromEntries(Object.entries(members).map(([n, m]) => [n, s.packed(m)])))] as const

const packetTypes = constants('packet_types')
const contexts = constants('vsock_contexts')
const xdpFlags = constants('xdp_bind_flags')

/** struct sockaddr */
export const sockaddr = s.struct({
  sa_family: s.one(constants('families'), s.u16),
  _address: s.choice(
    'sa_family',
    [
      family(1, { sun_path: s.text(108) }),
      family(2, { sin_port: s.port, sin_addr: s.ipv4 }),
      family(10, {
        sin6_port: s.port,
        sin6_flowinfo: s.quiet(s.x32),
        sin6_addr: s.ipv6,
        sin6_scope_id: s.quiet(s.u32),
      }),
      family(16, { _pad: s.u16, nl_pid: s.u32, nl_groups: s.x32 }),
      family(17, {
        sll_protocol: s.one(frameTypes, s.u16),
        sll_ifindex: s.s32,
        sll_hatype: s.one(constants('hardware_types'), s.u16),
        sll_pkttype: s.one(packetTypes, s.u8),
        sll_halen: s.u8,
        sll_addr: s.quiet(s.bytes(8)),
      }),
      family(29, { _pad: s.u16, can_ifindex: s.s32 }),
      family(38, {
        salg_type: s.text(14),
        salg_feat: s.quiet(s.x32),
        salg_mask: s.quiet(s.x32),
        salg_name: s.text(64),
      }),
      family(40, { _reserved: s.u16, svm_port: s.u32, svm_cid: s.one(contexts) }),
      family(42, { _pad: s.u16, sq_node: s.u32, sq_port: s.u32 }),
      family(44, {
        sxdp_flags: s.bits(xdpFlags, s.u16),
        sxdp_ifindex: s.u32,
        sxdp_queue_id: s.u32,
        sxdp_shared_umem_fd: s.quiet(s.u32),
      }),
    ],
    family(0, { sa_data: s.bytes(14) })[1],
  ),
})

/** struct sockaddr_storage */
export const storage: s.Shape = { ...sockaddr, size: 128, align: 8, narrow: { size: 128, align: 4 } }
