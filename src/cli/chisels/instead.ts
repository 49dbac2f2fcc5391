// Suggestions for an unknown chisel: replacements for those of other tools, system calls, views of the UI.
import { ChiselError, isFilter } from '../../chisel/args.js'
import { type Loaded, loadChisel, UnknownChisel } from '../../chisel/load.js'
import { nearest } from '../../filter/index.js'
import { evtTypeNames } from '../../schema/events/index.js'

/** A replacement command of ksys, and optionally why ksys has no chisel of that name. */
interface Instead {
  readonly why?: string
  /** a chisel, with its arguments */
  readonly chisel?: string
  readonly filter?: string
}

/** By the name of the tool: chisels of sysdig that ksys does not have, and tools of bcc. */
export const INSTEAD: Readonly<Record<string, Instead>> = {
  flame: { why: 'it drew spans of tracers, which sysdig itself no longer records', chisel: 'spectrogram' },
  tracers_2_statsd: { why: 'it sent spans of tracers to statsd, and sysdig itself no longer records them' },
  bashreadline: { chisel: 'spy_users' },
  bindsnoop: { filter: 'evt.type=bind' },
  biolatency: { chisel: 'latency file' },
  capable: { chisel: 'capsnoop' },
  ext4slower: { chisel: 'fileslower 10' },
  filetop: { chisel: 'topfiles_bytes' },
  gethostlatency: { chisel: 'dnslog' },
  mountsnoop: { filter: 'evt.type in (mount, umount, umount2)' },
  oomkill: { chisel: 'oomsnoop' },
  sigsnoop: { chisel: 'killsnoop' },
  statsnoop: { filter: 'evt.type in (stat, lstat, newfstatat, statx)' },
  syncsnoop: { filter: 'evt.type in (sync, syncfs, fsync, fdatasync, sync_file_range, msync)' },
  syscount: { chisel: 'topscalls' },
  tcpaccept: { filter: 'evt.type in (accept, accept4)' },
  tcptop: { chisel: 'topconns' },
  tcptracer: { chisel: 'tcplife' },
  threadsnoop: { filter: 'evt.type in (clone, clone3)' },
  ttysnoop: { chisel: 'echo_fds', filter: 'fd.name startswith /dev/pts' },
}

/** Loads a chisel; for an unknown name the error suggests a replacement or a similar name. Throws ChiselError. */
export async function chiselNamed(name: string): Promise<Loaded> {
  try {
    return await loadChisel(name)
  } catch (e) {
    if (!(e instanceof UnknownChisel)) throw e
    const hint = await hintFor(name, e)
    throw new ChiselError(`no chisel '${name}'${hint}; ksys -cl lists all chisels`)
  }
}

async function hintFor(name: string, { near }: UnknownChisel): Promise<string> {
  const bare = name.replace(/\.lua$/, '')
  const same = Object.hasOwn(INSTEAD, bare) ? INSTEAD[bare] : undefined
  if (same !== undefined) return `: ${suggestion(same)}`
  if (evtTypeNames().includes(bare)) return `, but events of that name: ${commandOf({ filter: `evt.type=${bare}` })}`
  if (isFilter(name)) return `: this is a filter, as in ${commandOf({ filter: name })}`
  if (near.length > 0) return ` (did you mean ${near.join(', ')}?)`
  const other = nearest(bare, Object.keys(INSTEAD))
  if (other !== undefined) return `: for ${other}, ${suggestion(INSTEAD[other] as Instead)}`
  const { loadViews } = await import('../../views/index.js')
  const view = nearest(
    bare,
    (await loadViews()).map((v) => v.id),
  )
  return view === undefined ? '' : `, but a view of the terminal UI: ksys ui -v ${view}`
}

function suggestion(same: Instead): string {
  const { why, ...command } = same
  if (why === undefined) return `use ${commandOf(command)}`
  return Object.keys(command).length === 0 ? why : `${why}; the closest replacement is ${commandOf(command)}`
}

/** The command as typed in a shell. */
export function commandOf({ chisel, filter }: Instead): string {
  const words = chisel === undefined ? [] : ['-c', ...chisel.split(' ')]
  return ['ksys', ...words, ...(filter === undefined ? [] : [filter])].map(quoted).join(' ')
}

function quoted(word: string): string {
  return /^[\w./@%+,:=-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`
}
