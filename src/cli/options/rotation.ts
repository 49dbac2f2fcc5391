// The options that split -w into several files and set their owner.

import { exportOfName } from '../../export/formats.js'
import { isScapName } from '../../scap/kind.js'
import { groups, users } from '../../source/accounts.js'
import type { Belonging } from '../../source/belonging.js'
import type { RetentionPolicy } from '../../trace/rotation/retention.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { Rotation } from '../run/rotation.js'
import { partsOfTo } from './exported.js'
import { allRead, type OptionsIn } from './option-types.js'
import type { Settings } from './settings.js'

export type SeveralFilesOptions = OptionsIn<'Several files'> & {
  readonly write?: string
  readonly to?: string | readonly string[]
}

/** Options that apply to several files. */
const MULTI_FILE_OPTIONS = [
  ['limit', '-W'],
  ['keep', '--keep'],
  ['minFree', '--min-free'],
  ['onClose', '--on-close'],
] as const

/** When -w starts a new file, and who owns the files. Throws CliError (usage). */
export function severalFilesOf(o: SeveralFilesOptions): Pick<Settings, 'rotation' | 'belonging'> {
  const { owner, group, mode, ...rotating } = o
  return { rotation: rotationOf(rotating), belonging: belongingOf({ owner, group, mode, write: o.write }) }
}

/** When -w starts a new file, and which files are retained; undefined: it writes one file. */
function rotationOf(o: Omit<SeveralFilesOptions, keyof BelongingOptions> & { write?: string }): Rotation | undefined {
  const { fileSize: bytes, fileSeconds: seconds, eventLimit: events, write, to, ...more } = o
  const { limit: files, keep = [], minFree, onClose, ...others } = more
  allRead(others)
  const given = MULTI_FILE_OPTIONS.find(([name]) => o[name] !== undefined)
  if (bytes === undefined && seconds === undefined && events === undefined) {
    if (given === undefined) return undefined
    throw usage(`${given[1]} requires -C, -G or -e: it applies to several files`)
  }
  if (write === undefined) throw usage('-C, -G and -e require -w: they split what is written into several files')
  if (write === '-') throw usage('-C, -G and -e cannot be used with standard output: they write several files')
  if (isScapName(write))
    throw usage(
      `-C, -G and -e only write .ksys traces: write ${ownName(write)}, and convert a file to .scap with ksys -r`,
    )
  const format = partsOfTo(to).format ?? exportOfName(write)?.name
  if (format !== undefined)
    throw usage(
      `-C, -G and -e only write .ksys traces: write NAME.ksys, and convert its files with ksys -r NAME.ksys --to ${format}`,
    )
  const command = onClose?.split(/\s+/).filter((word) => word !== '')
  if (command?.length === 0) throw usage('--on-close requires a command')
  const retained: Partial<RetentionPolicy> = Object.assign({}, ...keep)
  return {
    bytes,
    seconds,
    events,
    keep: { ...retained, files, free: minFree },
    onClose: command,
  }
}

/** A .scap file's name with the extension of traces. */
function ownName(path: string): string {
  return path.replace(/\.scap(\.gz)?$/i, '.ksys')
}

type BelongingOptions = Pick<SeveralFilesOptions, 'owner' | 'group' | 'mode'>

/** Owner, group and mode of the files of -w. */
function belongingOf({
  owner,
  group,
  mode,
  write,
}: BelongingOptions & { readonly write: string | undefined }): Belonging {
  if ((owner ?? group ?? mode) !== undefined && write === undefined)
    throw usage('--owner, --group and --mode require -w')
  return {
    uid: owner === undefined ? undefined : numberOf(owner, 'user', () => users().find((u) => u.name === owner)?.uid),
    gid: group === undefined ? undefined : numberOf(group, 'group', () => groups().find((g) => g.name === group)?.gid),
    mode,
  }
}

function numberOf(text: string, what: string, known: () => number | undefined): number {
  const id = known() ?? (/^\d{1,9}$/.test(text) ? Number(text) : undefined)
  if (id === undefined) throw usage(`no ${what} '${text}' on this machine`)
  return id
}

function usage(message: string): CliError {
  return new CliError(EXIT.usage, message)
}
