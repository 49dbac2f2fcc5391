// Names of capability sets.

const NAMES = (
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE ' +
  'NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN ' +
  'SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE ' +
  'MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'
)
  .split(' ')
  .map((n) => `CAP_${n}`)

let lastSet = -1
let lastText = ''

/** Names of the bits in `set` (up to 2^53), joined by blanks. */
export function capabilities(set: number): string {
  if (set === lastSet) return lastText
  const found: string[] = []
  let rest = set
  for (let i = 0; i < NAMES.length && rest >= 1; i++) {
    if (rest % 2 === 1) found.push(NAMES[i] as string)
    rest = Math.floor(rest / 2)
  }
  lastSet = set
  lastText = found.join(' ')
  return lastText
}
