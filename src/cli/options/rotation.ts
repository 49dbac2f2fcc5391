// The options that make several files of -w, and say whose they are.

import { exportOfName } from '../../export/formats.js'
import { parseDuration } from '../../filter/time.js'
import { isScapName } from '../../scap/kind.js'
import { groups, users } from '../../source/accounts.js'
import type { Belonging } from '../../source/belonging.js'
import type { RetentionPolicy } from '../../trace/rotation/retention.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { Rotation } from '../run/rotation.js'
import { partsOfTo } from './exported.js'
import { diskSize } from './sizes.js'

/** Options as they were parsed, by the names that commander gives them. */
type Raw = Readonly<Record<string, string | number | boolean | string[] | undefined>>

/** Sizes of -C: a plain number is millions of bytes, as sysdig has it. */
export function fileSize(text: string): number | undefined {
  const bytes = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1e6 : diskSize(text)
  return bytes !== undefined && bytes >= 1 ? Math.round(bytes) : undefined
}

/** What --keep says: a span in the units of time (2h, 30m, 7d), else a size; undefined when it is neither, or nothing would be kept. */
export function kept(text: string): Pick<RetentionPolicy, 'age' | 'bytes'> | undefined {
  if (/^\d+(\.\d+)?(s|m|min|h|d)$/.test(text)) {
    const age = (parseDuration(text) as number) / 1e6
    return age > 0 ? { age } : undefined
  }
  const bytes = /^\d+(\.\d+)?$/.test(text) ? undefined : diskSize(text)
  return bytes === undefined || bytes < 1 ? undefined : { bytes }
}

/** What --min-free says: a part of the disk (5%), or a size; undefined when it is neither, or says nothing. */
export function free(text: string): RetentionPolicy['free'] {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1]
  const part = Number(percent) / 100
  if (percent !== undefined) return part > 0 && part < 1 ? { part } : undefined
  const bytes = /^\d+$/.test(text) ? undefined : diskSize(text)
  return bytes === undefined || bytes < 1 ? undefined : { bytes }
}

/** Options that need several files. */
const OF_SEVERAL = [
  ['limit', '-W'],
  ['keep', '--keep'],
  ['minFree', '--min-free'],
  ['onClose', '--on-close'],
] as const

/** When -w begins another file, and what becomes of them; undefined: it writes one. Throws CliError (usage). */
export function rotationOf(raw: Raw): Rotation | undefined {
  const { fileSize: bytes, fileSeconds: seconds, eventLimit: events } = raw as Record<string, number | undefined>
  const given = OF_SEVERAL.find(([name]) => raw[name] !== undefined)
  if (bytes === undefined && seconds === undefined && events === undefined) {
    if (given === undefined) return undefined
    throw usage(`${given[1]} is about several files: say with -C, -G or -e when another one begins`)
  }
  if (raw.write === undefined) throw usage('-C, -G and -e make several files of what is written: name them with -w')
  if (raw.write === '-') throw usage('-C, -G and -e make several files, which standard output cannot be')
  if (isScapName(raw.write as string))
    throw usage(
      `several files are ksys's own traces: write ${ownName(raw.write as string)} with -C, -G or -e, and make one of them a .scap file with ksys -r`,
    )
  const format = partsOfTo(raw.to).format ?? exportOfName(raw.write as string)?.name
  if (format !== undefined)
    throw usage(
      `several files are ksys's own traces: write NAME.ksys with -C, -G or -e, and make ${format} of them with ksys -r NAME.ksys --to ${format}`,
    )
  const keep = Object.assign(
    {},
    ...((raw.keep ?? []) as unknown as Partial<RetentionPolicy>[]),
  ) as Partial<RetentionPolicy>
  const onClose = typeof raw.onClose === 'string' ? raw.onClose.split(/\s+/).filter((word) => word !== '') : undefined
  if (onClose?.length === 0) throw usage('--on-close expects a command')
  return {
    bytes,
    seconds,
    events,
    keep: { ...keep, files: raw.limit as number | undefined, free: raw.minFree as unknown as RetentionPolicy['free'] },
    onClose,
  }
}

/** A .scap file's name with the ending of traces. */
function ownName(path: string): string {
  return path.replace(/\.scap(\.gz)?$/i, '.ksys')
}

/** Whose the files of -w are. Throws CliError (usage). */
export function belongingOf(raw: Raw): Belonging {
  const { owner, group } = raw as Record<string, string | undefined>
  if ((owner ?? group ?? raw.mode) !== undefined && raw.write === undefined)
    throw usage('--owner, --group and --mode are about the files that -w writes')
  return {
    uid: owner === undefined ? undefined : numberOf(owner, 'user', () => users().find((u) => u.name === owner)?.uid),
    gid: group === undefined ? undefined : numberOf(group, 'group', () => groups().find((g) => g.name === group)?.gid),
    mode: raw.mode as number | undefined,
  }
}

function numberOf(text: string, what: string, known: () => number | undefined): number {
  const id = known() ?? (/^\d{1,9}$/.test(text) ? Number(text) : undefined)
  if (id === undefined) throw usage(`there is no ${what} '${text}' on this machine`)
  return id
}

function usage(message: string): CliError {
  return new CliError(EXIT.usage, message)
}
