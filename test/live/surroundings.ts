// The table of environments for ksys: what is missing or forbidden there, and the expected result. Without further entries captures,
// reading, chisels and `info --host` work and standard error is empty. Environments that need another kernel state are tested in guests
// (test/kernels/surroundings.ts).

/** How a run ends, and the start of its message. */
export interface Ending {
  code: number
  says: RegExp
}

export interface Surroundings {
  name: string
  /** shell commands before ksys, which takes the place of "$@"; $DIR is the test's own folder, $KSYS ksys's, $FORBID forbid.c, $MDWE mdwe.c */
  script: string
  /** why a capture cannot start */
  refused?: RegExp
  /** the message of captures that nevertheless work */
  told?: RegExp
  /** the same for captures of the whole machine, not of a command */
  toldOfMachine?: RegExp
  /** reading traces does not work either */
  unread?: Ending
  /** variables of the environment; undefined removes one */
  env?: Record<string, string | undefined>
}

/** In a mount namespace of its own, after these commands. */
const mounted = (commands: string) => `exec unshare -m --propagation private sh -c '${commands}
  exec "$@"' sh "$@"`

/** With root's capabilities except some, or with only some. */
const caps = (set: string) => `exec setpriv --bounding-set=${set} "$@"`
/** Another user with these capabilities, and the right to execute ksys wherever it is. */
const user = (uid: number, ...names: string[]) => {
  const set = ['-all', '+dac_read_search', ...names.map((n) => `+${n}`)].join(',')
  return `exec setpriv --reuid=${uid} --regid=${uid} --clear-groups --inh-caps=${set} --ambient-caps=${set} --bounding-set=${set} "$@"`
}
const WHOLE = ['bpf', 'perfmon', 'sys_ptrace']

/** The errors that seccomp filters return. */
const ERRORS = { EPERM: 1, EACCES: 13, ENOSYS: 38 }
const EAFNOSUPPORT = 97
const CALLS =
  process.arch === 'arm64'
    ? { bpf: 280, perf_event_open: 241, socket: 198 }
    : { bpf: 321, perf_event_open: 298, socket: 41 }

const UNSEEN = /^ksys: existing processes of other users are known only in part .*: this needs CAP_SYS_PTRACE\n$/
const NO_CAP = (names: string) =>
  new RegExp(`^ksys: live capture needs ${names}, which this root lacks .*: run ksys on`)

const KERNEL: readonly Surroundings[] = [
  {
    name: 'a kernel without BTF',
    script: mounted('mount -t tmpfs none /sys/kernel/btf'),
    refused: /^ksys: live capture needs a kernel with BTF, .*: use a kernel built with CONFIG_DEBUG_INFO_BTF\n/,
  },
  {
    name: 'no /sys',
    script: mounted('mount -t tmpfs none /sys'),
    refused: /^ksys: live capture needs \/sys, which is not mounted here: mount it/,
  },
  {
    name: 'nothing about CPUs in /sys',
    script: mounted('mount -t tmpfs none /sys/devices/system/cpu'),
    refused: /^ksys: live capture needs \/sys, /,
  },
  {
    name: 'no tracefs, no debugfs',
    script: mounted('mount -t tmpfs none /sys/kernel/tracing; mount -t tmpfs none /sys/kernel/debug'),
  },
  { name: 'nothing mounted in /sys/fs', script: mounted('mount -t tmpfs none /sys/fs') },
]

const PRIVILEGE: readonly Surroundings[] = [
  { name: 'root without CAP_BPF and CAP_PERFMON', script: caps('-bpf,-perfmon') },
  {
    name: 'root with CAP_BPF, CAP_PERFMON and CAP_SYS_PTRACE alone',
    script: caps(['-all', ...WHOLE.map((cap) => `+${cap}`)].join()),
  },
  { name: 'root without CAP_SYS_PTRACE', script: caps('-sys_ptrace'), toldOfMachine: UNSEEN },
  { name: 'root with CAP_BPF and CAP_PERFMON alone', script: caps('-all,+bpf,+perfmon'), toldOfMachine: UNSEEN },
  { name: 'root with CAP_SYS_ADMIN alone', script: caps('-all,+sys_admin'), toldOfMachine: UNSEEN },
  { name: 'root without CAP_BPF and CAP_SYS_ADMIN', script: caps('-bpf,-sys_admin'), refused: NO_CAP('CAP_BPF') },
  {
    name: 'root without CAP_PERFMON and CAP_SYS_ADMIN',
    script: caps('-perfmon,-sys_admin'),
    refused: NO_CAP('CAP_PERFMON'),
  },
  { name: 'root without any', script: caps('-all'), refused: NO_CAP('CAP_BPF and CAP_PERFMON') },
  {
    name: 'another user',
    script: user(65534),
    refused: /^ksys: live capture needs root, or CAP_BPF and CAP_PERFMON: run it as root, for example with sudo\n/,
  },
  { name: 'another user who has what a capture needs', script: user(65534, ...WHOLE) },
  { name: 'another user with CAP_BPF and CAP_PERFMON', script: user(65534, 'bpf', 'perfmon'), toldOfMachine: UNSEEN },
  {
    name: 'a user namespace',
    script: 'exec unshare --user --map-root-user "$@"',
    refused: /^ksys: live capture .*: run ksys on the host, as root\n/,
  },
  ...Object.entries(ERRORS).map(([error, number]) => ({
    name: `seccomp that answers bpf() with ${error}`,
    script: `exec "$FORBID" ${CALLS.bpf} ${number} "$@"`,
    refused:
      /^ksys: live capture uses BPF, which a container, a security module or a seccomp filter forbids here: run ksys on/,
  })),
  ...Object.entries(ERRORS).map(([error, number]) => ({
    name: `seccomp that answers perf_event_open() with ${error}`,
    script: `exec "$FORBID" ${CALLS.perf_event_open} ${number} "$@"`,
  })),
  {
    name: 'a service that may make no sockets',
    script: `exec "$FORBID" ${CALLS.socket} ${EAFNOSUPPORT} "$@"`,
    told: /^ksys: local addresses are unknown [^\n]*\n$/,
  },
]

/** Except for this folder, if it is there. */
const NOEXEC_TMP = 'mount --bind "$KSYS" "$KSYS" && mount --rbind /tmp /tmp && mount -o remount,bind,noexec /tmp'

const FILES: readonly Surroundings[] = [
  {
    name: 'a noexec /tmp, /var/tmp and /dev/shm',
    script: mounted(`${NOEXEC_TMP}
      mount -t tmpfs -o noexec none /var/tmp && mount -t tmpfs -o noexec none /dev/shm`),
  },
  { name: 'no /dev/shm', script: mounted('mount -t tmpfs none /dev && mknod /dev/null c 1 3') },
  { name: 'an empty /dev', script: mounted('mount -t tmpfs none /dev') },
  {
    name: 'a read-only root with one folder that is not',
    script: mounted(
      'mount --bind "$DIR" "$DIR" && mount --bind / / && mount -o remount,bind,ro / && mount --bind "$DIR" "$DIR"',
    ),
  },
  {
    name: 'ksys on a noexec file system',
    script: mounted('mount --bind "$KSYS" "$KSYS" && mount -o remount,bind,noexec "$KSYS"'),
    refused: /^ksys: live capture needs ksys's native addon, which cannot be mapped.* mounted noexec.*/,
    unread: { code: 4, says: /^ksys: ksys traces need ksys's native addon, which cannot be mapped.*noexec/ },
  },
  {
    name: 'no /proc',
    script: mounted('mount -t tmpfs none /proc'),
    refused: /^ksys: live capture needs \/proc, .*: mount it/,
  },
  { name: 'a read-only /proc', script: mounted('mount -t proc -o ro none /proc') },
  { name: 'a /proc with hidepid=2', script: mounted('mount -t proc -o hidepid=2 none /proc') },
  {
    name: 'a /proc with hidepid=2, and CAP_BPF and CAP_PERFMON alone',
    script: mounted(`mount -t proc -o hidepid=2 none /proc; ${caps('-all,+bpf,+perfmon')}`),
    toldOfMachine: UNSEEN,
  },
  { name: 'a /proc of processes alone', script: mounted('mount -t proc -o subset=pid none /proc') },
  { name: 'no accounts', script: mounted('mount --bind /dev/null /etc/passwd; mount --bind /dev/null /etc/group') },
  { name: 'no hierarchy of cgroups', script: mounted('umount -l /sys/fs/cgroup') },
]

const ENVIRONMENT: readonly Surroundings[] = [
  { name: 'HOME unset', script: 'exec "$@"', env: { HOME: undefined } },
  { name: 'HOME empty', script: 'exec "$@"', env: { HOME: '' } },
  { name: 'a HOME that is not there', script: 'exec "$@"', env: { HOME: '/nonexistent' } },
  { name: 'a HOME that is no folder', script: 'exec "$@"', env: { HOME: '/dev/null' } },
  {
    name: 'a HOME that may not be read',
    script: `mkdir -p -m 700 "$DIR/closed/.config/ksys/chisels"; HOME="$DIR/closed"; export HOME; ${user(65534, ...WHOLE)}`,
  },
  { name: 'a user without account and HOME', script: user(12345, ...WHOLE), env: { HOME: undefined } },
  { name: 'a TMPDIR that is not there', script: 'exec "$@"', env: { TMPDIR: '/nonexistent' } },
  { name: 'no variables at all', script: 'exec env -i "$@"' },
  {
    name: 'a folder that has been removed',
    script: 'gone=$(mktemp -d) && cd "$gone" && rmdir "$gone" && exec "$@"',
  },
]

const LIMITS: readonly Surroundings[] = [
  { name: 'one CPU of several', script: 'exec taskset -c 0 "$@"' },
  { name: 'RLIMIT_MEMLOCK 0', script: 'exec prlimit --memlock=0:0 "$@"' },
  {
    name: 'RLIMIT_MEMLOCK 0, without CAP_SYS_RESOURCE',
    script: `exec prlimit --memlock=0:0 setpriv --bounding-set=-sys_resource,-ipc_lock "$@"`,
  },
  {
    name: 'RLIMIT_NOFILE 54',
    script: 'exec prlimit --nofile=54:54 "$@"',
    refused:
      /^ksys: live capture needs more open files than this process is allowed, .*: raise the limit \(ulimit -n 4096\)\n/,
  },
  { name: 'RLIMIT_NOFILE 4096', script: 'exec prlimit --nofile=4096:4096 "$@"' },
  {
    name: 'RLIMIT_CORE 0, RLIMIT_NPROC and RLIMIT_SIGPENDING low',
    script: 'exec prlimit --core=0 --sigpending=512 --nproc=8 "$@"',
  },
]

/** The option with which Node compiles nothing; before Node 24 V8 warns that there is then no WebAssembly unless that is said, too. */
const WITHOUT_JIT = Number(process.versions.node.split('.')[0]) < 24 ? '--jitless --no-expose-wasm' : '--jitless'

const MEMORY: readonly Surroundings[] = [
  {
    name: 'memory that was written may not be executed, with node --jitless',
    script: `node=$1; shift; exec "$MDWE" "$node" ${WITHOUT_JIT} "$@"`,
  },
]

const NAMESPACES: readonly Surroundings[] = [
  { name: 'namespaces of net, ipc, uts and time', script: 'exec unshare --net --ipc --uts --time "$@"' },
  {
    name: 'a cgroup namespace',
    script: 'exec unshare --cgroup "$@"',
    told: /^ksys: users and containers may have no names: .* HOST_ROOT to its path\n$/,
  },
  {
    name: 'a pid namespace',
    script: 'exec unshare --pid --fork --mount-proc "$@"',
    refused: /^ksys: live capture needs the host's pid namespace.*--pid=host\)\n/,
  },
]

export const SURROUNDINGS: readonly Surroundings[] = [
  ...KERNEL,
  ...PRIVILEGE,
  ...FILES,
  ...ENVIRONMENT,
  ...LIMITS,
  ...MEMORY,
  ...NAMESPACES,
]
