// ioctl's argument, by request. Requests without a structure here show their name; requests without a name show the direction,
// kind, number and size that are encoded in their number.
import { caseTable, inputAt, itself, type Meaning, outputAt, texts } from '../cases.js'
import { constants } from '../constants.js'
import { openFlags } from '../flags/open.js'
import { nameIn } from '../names.js'
import * as s from '../shape.js'
import { sockaddr } from '../structs/address.js'
import * as d from '../structs/devices.js'
import { termio, termios, termios2 } from '../structs/terminal.js'
import { timespec, timeval } from '../structs/time.js'

const N = 2
const takes = (shape: s.Shape) => inputAt(shape, N)
const returns = (shape: s.Shape) => outputAt(shape, N)
const is = (shape: s.Shape) => itself(shape, N)

const winsize = s.struct({ ws_row: s.u16, ws_col: s.u16, ws_xpixel: s.u16, ws_ypixel: s.u16 })

const modem = s.bits(constants('modem_lines'))
const ifFlags = constants('if_flags')
const tunFlags = constants('tun_flags')
const offloads = constants('tun_offloads')
const ifreq = (name: string, shape: s.Shape) => s.struct({ ifr_name: s.text(16), [name]: shape })
const flags16 = s.bits(ifFlags, s.u16)
const hardware = s.struct({ sa_family: s.one(constants('hardware_types'), s.u16), sa_data: s.bytes(6) })

const range = s.list(s.u64, 2)
const cloneRange = s.struct({ src_fd: s.s64, src_offset: s.u64, src_length: s.u64, dest_offset: s.u64 })
const trim = s.struct({ start: s.u64, len: s.u64, minlen: s.u64 })
const fsxattr = s.struct({
  fsx_xflags: s.bits(constants('fs_xflags')),
  fsx_extsize: s.u32,
  fsx_nextents: s.u32,
  fsx_projid: s.u32,
  fsx_cowextsize: s.u32,
})
const inodeFlags = s.bits(constants('inode_flags'))
const loopFlags = constants('loop_flags')
const loopInfo = s.struct({
  lo_device: s.quiet(s.u64),
  lo_inode: s.quiet(s.u64),
  lo_rdevice: s.quiet(s.u64),
  lo_offset: s.u64,
  lo_sizelimit: s.u64,
  lo_number: s.u32,
  _encrypt: s.list(s.u32, 2),
  lo_flags: s.bits(loopFlags),
  lo_file_name: s.text(64),
})
const rtcTime = s.struct({
  tm_sec: s.s32,
  tm_min: s.s32,
  tm_hour: s.s32,
  tm_mday: s.s32,
  tm_mon: s.s32,
  tm_year: s.s32,
})
const busyPoll = s.struct({ busy_poll_usecs: s.u32, busy_poll_budget: s.u16, prefer_busy_poll: s.u8 })
const kvmRegion = s.struct({
  slot: s.u32,
  flags: s.x32,
  guest_phys_addr: s.x64,
  memory_size: s.x64,
  userspace_addr: s.x64,
})

const meanings = (): Readonly<Record<string, Meaning>> => ({
  TCGETS: returns(termios),
  TCSETS: takes(termios),
  TCSETSW: takes(termios),
  TCSETSF: takes(termios),
  TCGETS2: returns(termios2),
  TCSETS2: takes(termios2),
  TCSETSW2: takes(termios2),
  TCSETSF2: takes(termios2),
  TCGETA: returns(termio),
  TCSETA: takes(termio),
  TCSETAW: takes(termio),
  TCSETAF: takes(termio),
  TIOCGLCKTRMIOS: returns(termios),
  TIOCSLCKTRMIOS: takes(termios),
  TIOCGETD: returns(s.s32),
  TIOCSETD: takes(s.s32),
  TIOCMGET: returns(modem),
  TIOCMSET: takes(modem),
  TIOCMBIS: takes(modem),
  TIOCMBIC: takes(modem),
  TIOCPKT: takes(s.s32),
  TIOCGWINSZ: returns(winsize),
  TIOCSWINSZ: takes(winsize),
  TIOCGPGRP: returns(s.s32),
  TIOCSPGRP: takes(s.s32),
  TIOCGSID: returns(s.s32),
  TIOCOUTQ: returns(s.s32),
  TIOCSTI: takes(s.x8),
  TIOCSCTTY: is(s.s32),
  TIOCGPTN: returns(s.u32),
  TIOCGPTPEER: is(s.bitsByArch(openFlags, s.u64)),
  TIOCSPTLCK: takes(s.s32),
  TCFLSH: is(s.one(constants('tcflsh_queues'), s.s32)),
  TCXONC: is(s.one(constants('tcxonc_actions'), s.s32)),
  TCSBRK: is(s.s32),
  FIONREAD: returns(s.s32),
  FIONBIO: takes(s.s32),
  FIOASYNC: takes(s.s32),
  SIOCGPGRP: returns(s.s32),
  SIOCSPGRP: takes(s.s32),
  SIOCATMARK: returns(s.s32),
  SIOCGIFNAME: returns(s.struct({ ifr_name: s.text(16), ifr_ifindex: s.s32 })),
  SIOCGIFINDEX: returns(ifreq('ifr_ifindex', s.s32)),
  SIOCGIFFLAGS: returns(ifreq('ifr_flags', flags16)),
  SIOCSIFFLAGS: takes(ifreq('ifr_flags', flags16)),
  SIOCGIFADDR: returns(ifreq('ifr_addr', sockaddr)),
  SIOCSIFADDR: takes(ifreq('ifr_addr', sockaddr)),
  SIOCGIFBRDADDR: returns(ifreq('ifr_broadaddr', sockaddr)),
  SIOCGIFDSTADDR: returns(ifreq('ifr_dstaddr', sockaddr)),
  SIOCGIFNETMASK: returns(ifreq('ifr_netmask', sockaddr)),
  SIOCSIFNETMASK: takes(ifreq('ifr_netmask', sockaddr)),
  SIOCGIFHWADDR: returns(ifreq('ifr_hwaddr', hardware)),
  SIOCSIFHWADDR: takes(ifreq('ifr_hwaddr', hardware)),
  SIOCGIFMTU: returns(ifreq('ifr_mtu', s.s32)),
  SIOCSIFMTU: takes(ifreq('ifr_mtu', s.s32)),
  SIOCGIFMETRIC: returns(ifreq('ifr_metric', s.s32)),
  SIOCGIFTXQLEN: returns(ifreq('ifr_qlen', s.s32)),
  SIOCSIFTXQLEN: takes(ifreq('ifr_qlen', s.s32)),
  SIOCGIFMAP: returns(
    ifreq(
      'ifr_map',
      s.struct({ mem_start: s.ulong, mem_end: s.ulong, base_addr: s.x16, irq: s.u8, dma: s.u8, port: s.u8 }),
    ),
  ),
  SIOCSIFNAME: takes(ifreq('ifr_newname', s.text(16))),
  SIOCETHTOOL: takes(s.struct({ ifr_name: s.text(16), ifr_data: s.pointer })),
  SIOCGIFCONF: returns(s.struct({ ifc_len: s.s32, _pad: s.gap(4, 4), ifc_buf: s.pointer })),
  SIOCBRADDIF: takes(ifreq('ifr_ifindex', s.s32)),
  SIOCBRDELIF: takes(ifreq('ifr_ifindex', s.s32)),
  SIOCGSTAMP: returns(timeval),
  SIOCGSTAMPNS: returns(timespec),
  SIOCOUTQNSD: returns(s.s32),
  SIOCBRADDBR: takes(s.text(16)),
  SIOCBRDELBR: takes(s.text(16)),
  TUNSETIFF: takes(ifreq('ifr_flags', s.bits(tunFlags, s.u16))),
  TUNGETIFF: returns(ifreq('ifr_flags', s.bits(tunFlags, s.u16))),
  TUNGETFEATURES: returns(s.bits(tunFlags)),
  TUNSETPERSIST: is(s.s32),
  TUNSETOWNER: is(s.s32),
  TUNSETGROUP: is(s.s32),
  TUNSETLINK: is(s.one(constants('hardware_types'), s.s32)),
  TUNSETOFFLOAD: is(s.bits(offloads, s.u64)),
  TUNSETVNETHDRSZ: takes(s.s32),
  TUNGETVNETHDRSZ: returns(s.s32),
  TUNSETSNDBUF: takes(s.s32),
  TUNGETSNDBUF: returns(s.s32),
  BLKROGET: returns(s.s32),
  BLKROSET: takes(s.s32),
  BLKGETSIZE: returns(s.ulong),
  BLKGETSIZE64: returns(s.u64),
  BLKSSZGET: returns(s.s32),
  BLKBSZGET: returns(s.s32),
  BLKPBSZGET: returns(s.u32),
  BLKIOMIN: returns(s.u32),
  BLKIOOPT: returns(s.u32),
  BLKROTATIONAL: returns(s.u16),
  BLKSECTGET: returns(s.u16),
  BLKALIGNOFF: returns(s.s32),
  BLKDISCARDZEROES: returns(s.u32),
  BLKRAGET: returns(s.ulong),
  BLKRASET: is(s.u64),
  BLKGETDISKSEQ: returns(s.u64),
  BLKPG: takes(d.partition),
  HDIO_GETGEO: returns(d.geometry),
  SG_IO: takes(d.scsiRequest),
  BLKDISCARD: takes(range),
  BLKSECDISCARD: takes(range),
  BLKZEROOUT: takes(range),
  LOOP_SET_FD: is(s.s32),
  LOOP_CHANGE_FD: is(s.s32),
  LOOP_SET_STATUS64: takes(loopInfo),
  LOOP_GET_STATUS64: returns(loopInfo),
  LOOP_CONFIGURE: takes(s.struct({ fd: s.u32, block_size: s.u32, info: loopInfo })),
  LOOP_SET_BLOCK_SIZE: is(s.u32),
  LOOP_CTL_ADD: is(s.s32),
  LOOP_CTL_REMOVE: is(s.s32),
  FS_IOC_GETFLAGS: returns(inodeFlags),
  FS_IOC_SETFLAGS: takes(inodeFlags),
  FS_IOC_GETVERSION: returns(s.u32),
  FS_IOC_SETVERSION: takes(s.u32),
  FS_IOC_FSGETXATTR: returns(fsxattr),
  FS_IOC_FSSETXATTR: takes(fsxattr),
  FS_IOC_GETFSLABEL: returns(s.text(256)),
  FS_IOC_SETFSLABEL: takes(s.text(256)),
  FICLONE: is(s.s32),
  FICLONERANGE: takes(cloneRange),
  FIDEDUPERANGE: takes(
    s.struct({ src_offset: s.u64, src_length: s.u64, dest_count: s.u16, _reserved1: s.u16, _reserved2: s.u32 }),
  ),
  FIBMAP: returns(s.s32),
  FIGETBSZ: returns(s.s32),
  FITRIM: takes(trim),
  FS_IOC_FIEMAP: returns(d.extentMap),
  FS_IOC_GETFSUUID: returns(s.struct({ len: s.u8, uuid: s.bytes(16) })),
  FS_IOC_GETFSSYSFSPATH: returns(s.struct({ len: s.u8, name: s.text(128) })),
  PROCMAP_QUERY: returns(d.mapQuery),
  PAGEMAP_SCAN: returns(d.pageScan),
  NS_GET_OWNER_UID: returns(s.u32),
  NS_GET_MNTNS_ID: returns(s.u64),
  NS_GET_ID: returns(s.u64),
  NS_MNT_GET_INFO: returns(d.mountNamespace),
  NS_MNT_GET_NEXT: returns(d.mountNamespace),
  NS_MNT_GET_PREV: returns(d.mountNamespace),
  NS_GET_PID_FROM_PIDNS: is(s.s32),
  NS_GET_TGID_FROM_PIDNS: is(s.s32),
  NS_GET_PID_IN_PIDNS: is(s.s32),
  NS_GET_TGID_IN_PIDNS: is(s.s32),
  PIDFD_GET_INFO: returns(d.pidfdInfo),
  SECCOMP_IOCTL_NOTIF_RECV: returns(d.seccompNotif),
  SECCOMP_IOCTL_NOTIF_SEND: takes(d.seccompAnswer),
  SECCOMP_IOCTL_NOTIF_ID_VALID: takes(s.x64),
  SECCOMP_IOCTL_NOTIF_ADDFD: takes(d.seccompAddfd),
  INOTIFY_IOC_SETNEXTWD: is(s.s32),
  TFD_IOC_SET_TICKS: takes(s.u64),
  EPIOCSPARAMS: takes(busyPoll),
  EPIOCGPARAMS: returns(busyPoll),
  PERF_EVENT_IOC_PERIOD: takes(s.u64),
  PERF_EVENT_IOC_ID: returns(s.u64),
  PERF_EVENT_IOC_SET_BPF: is(s.s32),
  PERF_EVENT_IOC_SET_OUTPUT: is(s.s32),
  PERF_EVENT_IOC_SET_FILTER: texts(s.text(0), N),
  PERF_EVENT_IOC_REFRESH: is(s.s32),
  PERF_EVENT_IOC_PAUSE_OUTPUT: is(s.u32),
  PERF_EVENT_IOC_ENABLE: is(s.u32),
  PERF_EVENT_IOC_DISABLE: is(s.u32),
  PERF_EVENT_IOC_RESET: is(s.u32),
  UFFDIO_API: returns(d.uffdApi),
  UFFDIO_REGISTER: returns(d.uffdRegister),
  UFFDIO_UNREGISTER: takes(d.uffdRange),
  UFFDIO_WAKE: takes(d.uffdRange),
  UFFDIO_COPY: returns(s.struct({ dst: s.x64, src: s.x64, len: s.x64, mode: s.x64, copy: s.s64 })),
  UFFDIO_ZEROPAGE: returns(s.struct({ range: d.uffdRange, mode: s.x64, zeropage: s.s64 })),
  RNDGETENTCNT: returns(s.s32),
  RNDADDTOENTCNT: takes(s.s32),
  RTC_RD_TIME: returns(rtcTime),
  RTC_SET_TIME: takes(rtcTime),
  RTC_ALM_READ: returns(rtcTime),
  RTC_ALM_SET: takes(rtcTime),
  WDIOC_SETTIMEOUT: takes(s.s32),
  WDIOC_GETTIMEOUT: returns(s.s32),
  EVIOCGVERSION: returns(s.x32),
  EVIOCGID: returns(s.struct({ bustype: s.x16, vendor: s.x16, product: s.x16, version: s.x16 })),
  EVIOCGRAB: is(s.s32),
  VT_GETSTATE: returns(s.struct({ v_active: s.u16, v_signal: s.u16, v_state: s.x16 })),
  VT_ACTIVATE: is(s.s32),
  VT_WAITACTIVE: is(s.s32),
  VT_OPENQRY: returns(s.s32),
  KDGETMODE: returns(s.s32),
  KDSETMODE: is(s.s32),
  KDGKBMODE: returns(s.s32),
  KDSKBMODE: is(s.s32),
  KDGKBTYPE: returns(s.u8),
  ...Object.fromEntries(
    constants('storage_requests').entries.flatMap(([name]) =>
      name.startsWith('DM_') ? [[name, takes(d.mapper)]] : [],
    ),
  ),
  KVM_CREATE_VM: is(s.u64),
  KVM_CREATE_VCPU: is(s.u64),
  KVM_CHECK_EXTENSION: is(s.u64),
  KVM_SET_USER_MEMORY_REGION: takes(kvmRegion),
})

const DIRECTIONS = ['_IOC_NONE', '_IOC_WRITE', '_IOC_READ', '_IOC_READ|_IOC_WRITE']

/** Requests of any size, by the lower half of their number. */
const sized = nameIn(constants('sized_requests'))
/** input devices: the number includes a kind of events, or an axis */
const INPUT = 0x4500
const inputs = [
  ['EVIOCGBIT', 0x20, 0x3f],
  ['EVIOCGABS', 0x40, 0x7f],
  ['EVIOCSABS', 0xc0, 0xff],
] as const

/** The encoded parts of a request's number: direction, kind, number, size. */
function encoded(n: number): string | undefined {
  if (n < 0x10000) return undefined
  const named = sized(n & 0xffff)
  if (named !== undefined) return named
  const input =
    (n & 0xff00) === INPUT ? inputs.find(([, from, to]) => (n & 0xff) >= from && (n & 0xff) <= to) : undefined
  if (input !== undefined) return `${input[0]}(${(n & 0xff) - input[1]})`
  const byte = (shift: number) => `0x${((n >>> shift) & 0xff).toString(16)}`
  return `_IOC(${DIRECTIONS[n >>> 30]},${byte(8)},${byte(0)},0x${((n >>> 16) & 0x3fff).toString(16)})`
}

/** Some numbers have different meanings for different devices: later tables have the usual ones. */
const TABLES = [
  ...['media_requests', 'consoles_requests', 'storage_requests', 'system_requests', 'tty_requests', 'net_requests'],
  ...['block_requests', 'fs_requests', 'device_requests', 'kvm_requests', 'kvm_requests_arm64'],
]

export const ioctlRequests = caseTable(
  'ioctl_requests',
  () => {
    const known = meanings()
    const requests = TABLES.flatMap((name) => constants(name).entries)
    return requests.map(([name, value]) => [name, value, known[name]] as const)
  },
  { otherwise: encoded },
)
