// The options that split -w into several files and set their owner.

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

/** Parsed options by commander's property names. */
type Raw = Readonly<Record<string, string | number | boolean | string[] | undefined>>

/** A size of -C: a plain number is millions of bytes, as in sysdig. */
export function fileSize(text: string): number | undefined {
  const bytes = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1e6 : diskSize(text)
  return bytes !== undefined && bytes >= 1 ? Math.round(bytes) : undefined
}

/** Parses --keep: a time with a unit (2h, 30m, 7d), or a size; undefined if it is neither, or 0. */
export function parseRetention(text: string): Pick<RetentionPolicy, 'age' | 'bytes'> | undefined {
  if (/^\d+(\.\d+)?(s|m|min|h|d)$/.test(text)) {
    const age = (parseDuration(text) as number) / 1e6
    return age > 0 ? { age } : undefined
  }
  const bytes = /^\d+(\.\d+)?$/.test(text) ? undefined : diskSize(text)
  return bytes === undefined || bytes < 1 ? undefined : { bytes }
}

/** Parses --min-free: a share of the disk (5%), or a size; undefined if it is neither, or 0. */
export function free(text: string): RetentionPolicy['free'] {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1]
  const part = Number(percent) / 100
  if (percent !== undefined) return part > 0 && part < 1 ? { part } : undefined
  const bytes = /^\d+$/.test(text) ? undefined : diskSize(text)
  return bytes === undefined || bytes < 1 ? undefined : { bytes }
}

/** Options that apply to several files. */
const MULTI_FILE_OPTIONS = [
  ['limit', '-W'],
  ['keep', '--keep'],
  ['minFree', '--min-free'],
  ['onClose', '--on-close'],
] as const

/** When -w starts a new file, and which files are retained; undefined: it writes one file. Throws CliError (usage). */
export function rotationOf(raw: Raw): Rotation | undefined {
  const { fileSize: bytes, fileSeconds: seconds, eventLimit: events } = raw as Record<string, number | undefined>
  const given = MULTI_FILE_OPTIONS.find(([name]) => raw[name] !== undefined)
  if (bytes === undefined && seconds === undefined && events === undefined) {
    if (given === undefined) return undefined
    throw usage(`${given[1]} requires -C, -G or -e: it applies to several files`)
  }
  if (raw.write === undefined) throw usage('-C, -G and -e require -w: they split what is written into several files')
  if (raw.write === '-') throw usage('-C, -G and -e cannot be used with standard output: they write several files')
  if (isScapName(raw.write as string))
    throw usage(
      `-C, -G and -e only write .ksys traces: write ${ownName(raw.write as string)}, and convert a file to .scap with ksys -r`,
    )
  const format = partsOfTo(raw.to).format ?? exportOfName(raw.write as string)?.name
  if (format !== undefined)
    throw usage(
      `-C, -G and -e only write .ksys traces: write NAME.ksys, and convert its files with ksys -r NAME.ksys --to ${format}`,
    )
  const keep = Object.assign(
    {},
    ...((raw.keep ?? []) as unknown as Partial<RetentionPolicy>[]),
  ) as Partial<RetentionPolicy>
  const onClose = typeof raw.onClose === 'string' ? raw.onClose.split(/\s+/).filter((word) => word !== '') : undefined
  if (onClose?.length === 0) throw usage('--on-close requires a command')
  return {
    bytes,
    seconds,
    events,
    keep: { ...keep, files: raw.limit as number | undefined, free: raw.minFree as unknown as RetentionPolicy['free'] },
    onClose,
  }
}

/** A .scap file's name with the extension of traces. */
function ownName(path: string): string {
  return path.replace(/\.scap(\.gz)?$/i, '.ksys')
}

/** Owner, group and mode of the files of -w. Throws CliError (usage). */
export function belongingOf(raw: Raw): Belonging {
  const { owner, group } = raw as Record<string, string | undefined>
  if ((owner ?? group ?? raw.mode) !== undefined && raw.write === undefined)
    throw usage('--owner, --group and --mode require -w')
  return {
    uid: owner === undefined ? undefined : numberOf(owner, 'user', () => users().find((u) => u.name === owner)?.uid),
    gid: group === undefined ? undefined : numberOf(group, 'group', () => groups().find((g) => g.name === group)?.gid),
    mode: raw.mode as number | undefined,
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
