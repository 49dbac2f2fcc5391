// Constants of Landlock, security modules, seccomp, keys and capabilities.
import type { FlagTable } from '../types.js'
import { own } from './own.js'

export const landlockCreateFlags = own(
  'landlock_create_flags',
  `
LANDLOCK_CREATE_RULESET_VERSION=1
LANDLOCK_CREATE_RULESET_ERRATA=2
`,
)

export const landlockRestrictFlags = own(
  'landlock_restrict_flags',
  `
LANDLOCK_RESTRICT_SELF_LOG_SAME_EXEC_OFF=1 # unchecked
LANDLOCK_RESTRICT_SELF_LOG_NEW_EXEC_ON=2 # unchecked
LANDLOCK_RESTRICT_SELF_LOG_SUBDOMAINS_OFF=4 # unchecked
`,
)

export const landlockFs = own(
  'landlock_fs',
  `
LANDLOCK_ACCESS_FS_EXECUTE=1
LANDLOCK_ACCESS_FS_WRITE_FILE=2
LANDLOCK_ACCESS_FS_READ_FILE=4
LANDLOCK_ACCESS_FS_READ_DIR=8
LANDLOCK_ACCESS_FS_REMOVE_DIR=0x10
LANDLOCK_ACCESS_FS_REMOVE_FILE=0x20
LANDLOCK_ACCESS_FS_MAKE_CHAR=0x40
LANDLOCK_ACCESS_FS_MAKE_DIR=0x80
LANDLOCK_ACCESS_FS_MAKE_REG=0x100
LANDLOCK_ACCESS_FS_MAKE_SOCK=0x200
LANDLOCK_ACCESS_FS_MAKE_FIFO=0x400
LANDLOCK_ACCESS_FS_MAKE_BLOCK=0x800
LANDLOCK_ACCESS_FS_MAKE_SYM=0x1000
LANDLOCK_ACCESS_FS_REFER=0x2000
LANDLOCK_ACCESS_FS_TRUNCATE=0x4000
LANDLOCK_ACCESS_FS_IOCTL_DEV=0x8000
`,
)

export const landlockNet = own(
  'landlock_net',
  `
LANDLOCK_ACCESS_NET_BIND_TCP=1
LANDLOCK_ACCESS_NET_CONNECT_TCP=2
`,
)

export const landlockScopes = own(
  'landlock_scopes',
  `
LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET=1
LANDLOCK_SCOPE_SIGNAL=2
`,
)

export const lsmAttrs = own(
  'lsm_attrs',
  `
LSM_ATTR_CURRENT=100
LSM_ATTR_EXEC=101
LSM_ATTR_FSCREATE=102
LSM_ATTR_KEYCREATE=103
LSM_ATTR_PREV=104
LSM_ATTR_SOCKCREATE=105
`,
)

export const lsmIds = own(
  'lsm_ids',
  `
LSM_ID_CAPABILITY=100
LSM_ID_SELINUX=101
LSM_ID_SMACK=102
LSM_ID_TOMOYO=103
LSM_ID_APPARMOR=104
LSM_ID_YAMA=105
LSM_ID_LOADPIN=106
LSM_ID_SAFESETID=107
LSM_ID_LOCKDOWN=108
LSM_ID_BPF=109
LSM_ID_LANDLOCK=110
LSM_ID_IMA=111
LSM_ID_EVM=112
LSM_ID_IPE=113
`,
)

export const lsmFlags = own(
  'lsm_flags',
  `
LSM_FLAG_SINGLE=1
`,
)

export const seccompFlags = own(
  'seccomp_flags',
  `
SECCOMP_FILTER_FLAG_TSYNC=1
SECCOMP_FILTER_FLAG_LOG=2
SECCOMP_FILTER_FLAG_SPEC_ALLOW=4
SECCOMP_FILTER_FLAG_NEW_LISTENER=8
SECCOMP_FILTER_FLAG_TSYNC_ESRCH=0x10
SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV=0x20
`,
)

export const seccompActions = own(
  'seccomp_actions',
  `
SECCOMP_RET_KILL_PROCESS=0x80000000
SECCOMP_RET_KILL_THREAD=0
SECCOMP_RET_TRAP=0x30000
SECCOMP_RET_ERRNO=0x50000
SECCOMP_RET_USER_NOTIF=0x7fc00000
SECCOMP_RET_TRACE=0x7ff00000
SECCOMP_RET_LOG=0x7ffc0000
SECCOMP_RET_ALLOW=0x7fff0000
`,
)

export const seccompModes = own(
  'seccomp_modes',
  `
SECCOMP_MODE_DISABLED=0
SECCOMP_MODE_STRICT=1
SECCOMP_MODE_FILTER=2
`,
)

export const keyrings = own(
  'keyrings',
  `
KEY_SPEC_THREAD_KEYRING=-1
KEY_SPEC_PROCESS_KEYRING=-2
KEY_SPEC_SESSION_KEYRING=-3
KEY_SPEC_USER_KEYRING=-4
KEY_SPEC_USER_SESSION_KEYRING=-5
KEY_SPEC_GROUP_KEYRING=-6
KEY_SPEC_REQKEY_AUTH_KEY=-7
KEY_SPEC_REQUESTOR_KEYRING=-8
`,
)

export const capabilityVersions = own(
  'capability_versions',
  `
_LINUX_CAPABILITY_VERSION_1=0x19980330
_LINUX_CAPABILITY_VERSION_2=0x20071026
_LINUX_CAPABILITY_VERSION_3=0x20080522
`,
)

export const capabilities = own(
  'capabilities',
  `
CAP_CHOWN=0
CAP_DAC_OVERRIDE=1
CAP_DAC_READ_SEARCH=2
CAP_FOWNER=3
CAP_FSETID=4
CAP_KILL=5
CAP_SETGID=6
CAP_SETUID=7
CAP_SETPCAP=8
CAP_LINUX_IMMUTABLE=9
CAP_NET_BIND_SERVICE=10
CAP_NET_BROADCAST=11
CAP_NET_ADMIN=12
CAP_NET_RAW=13
CAP_IPC_LOCK=14
CAP_IPC_OWNER=15
CAP_SYS_MODULE=16
CAP_SYS_RAWIO=17
CAP_SYS_CHROOT=18
CAP_SYS_PTRACE=19
CAP_SYS_PACCT=20
CAP_SYS_ADMIN=21
CAP_SYS_BOOT=22
CAP_SYS_NICE=23
CAP_SYS_RESOURCE=24
CAP_SYS_TIME=25
CAP_SYS_TTY_CONFIG=26
CAP_MKNOD=27
CAP_LEASE=28
CAP_AUDIT_WRITE=29
CAP_AUDIT_CONTROL=30
CAP_SETFCAP=31
CAP_MAC_OVERRIDE=32
CAP_MAC_ADMIN=33
CAP_SYSLOG=34
CAP_WAKE_ALARM=35
CAP_BLOCK_SUSPEND=36
CAP_AUDIT_READ=37
CAP_PERFMON=38
CAP_BPF=39
CAP_CHECKPOINT_RESTORE=40
`,
)

/** The capabilities from number `from` on, as bits of 32. */
export const capabilityBits = (from: 0 | 32): FlagTable => ({
  name: `capability_bits_${from}`,
  entries: capabilities.entries
    .filter(([, n]) => n >= from && n < from + 32)
    .map(([name, n]) => [name, (1 << (n - from)) >>> 0] as const),
  own: true,
})

const ALL = 2 ** capabilities.entries.length - 1
const has = (set: number, bit: number) => Math.floor(set / 2 ** bit) % 2 === 1

/** Names of a set of capabilities (a Number can hold all); if most are set, ~ and the names of the missing ones. */
export function capabilitySet(set: number): string | undefined {
  if (set === 0) return undefined
  const there = capabilities.entries.filter(([, bit]) => has(set, bit))
  const few = there.length * 2 <= capabilities.entries.length
  const named = few ? there : capabilities.entries.filter(([, bit]) => !has(set, bit))
  const rest = set - there.reduce((sum, [, bit]) => sum + 2 ** bit, 0)
  const names = [...named.map(([name]) => name), ...(rest > 0 ? [`0x${rest.toString(16)}`] : [])].join('|')
  return few ? names : set === ALL ? 'all' : `~(${names})`
}
