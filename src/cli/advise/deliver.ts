// Prints or writes the profiles: to standard output or files, with the text about them on standard error. Nothing is written before
// everything has been made.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Workload } from '../../advise/needs/workload.js'
import { adviceValue } from '../../advise/write/advice-value.js'
import type { Assembled } from '../../advise/write/assemble.js'
import { safeNames } from '../../advise/write/file-name.js'
import { WRITERS } from '../../advise/write/formats.js'
import type { Recordings } from '../../advise/write/gaps.js'
import { instructions } from '../../advise/write/instructions.js'
import { adviceHead, adviceText } from '../../advise/write/text.js'
import { unwritable } from '../../source/files.js'
import { makeFolders } from '../../source/output-folders.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { AdviseSettings } from '../options/advise.js'
import { outputOf } from '../output/format.js'
import { say } from '../output/stderr.js'
import type { Output } from '../output/stdout.js'
import { printMessage } from '../run/report.js'
import { ProfileOutput } from './profile-output.js'

export interface Advised {
  readonly workload: Workload
  readonly assembled: Assembled
}

/** of a folder for profiles, which contain no data of the recorded programs */
const FOLDER_MODE = 0o755

/** A profile, and where it is to be written. */
interface Made extends Advised {
  /** in the form of file and object names */
  readonly name: string
  readonly file: string
  readonly text: string
}

/** output: the file of --write, if it is open already. Throws CliError: for several workloads without a folder (usage), or if a file cannot be written (output). */
export async function deliver(
  advised: readonly Advised[],
  recordings: Recordings,
  s: AdviseSettings,
  out: Output,
  output?: ProfileOutput,
): Promise<void> {
  const { quiet } = s.capture
  const { value } = outputOf(s.capture)
  const folder = s.write !== undefined && isFolder(s.write) ? s.write : undefined
  const { extension, write } = WRITERS[s.to]
  const names = safeNames(advised.map(({ workload }) => workload.name))
  const made = advised.map((a, i): Made => {
    const name = names[i] as string
    const file = folder === undefined ? (s.write ?? `${name}${extension}`) : join(folder, `${name}${extension}`)
    return { ...a, name, file, text: write(a.assembled.profile, name, a.assembled.lines) }
  })
  if (value !== undefined) {
    await out.text(made.map((m) => value(adviceValue(m.workload, m.assembled, recordings))).join(''))
    if (s.write === undefined) return
  }
  if (made.length > 1 && folder === undefined) throw several(made, quiet)
  if (folder !== undefined) await create(folder)
  if (s.write !== undefined)
    for (const { file, text } of made) await (output ?? (await ProfileOutput.open(file))).write(text)
  if (!quiet) for (const m of made) say(messageOf(m, recordings, s))
  if (s.write === undefined) await out.text((made[0] as Made).text)
  else if (!quiet) for (const { file } of made) printMessage(`ksys: wrote ${file}`)
}

function messageOf({ workload, assembled, file, name }: Made, recordings: Recordings, s: AdviseSettings): string {
  const steps = instructions(workload, s.to, file, name)
  return `${adviceText(workload, assembled, { enforce: s.enforce, interactive: s.interactive, recordings, steps })}\n`
}

function several(made: readonly Made[], quiet: boolean): CliError {
  if (!quiet) for (const { workload, assembled } of made) printMessage(adviceHead(workload, assembled))
  const name = made.map(({ workload }) => containerName(workload)).find((n) => n !== undefined) ?? 'NAME'
  return new CliError(
    EXIT.usage,
    `these are ${made.length} workloads: select one by a filter such as container.name=${name}, or write a file for each: -w FOLDER/`,
  )
}

/** The name of a workload's containers, if filters can have it without quotes. */
function containerName({ id }: Workload): string | undefined {
  const name = id.pod?.container ?? (id.what === `container ${id.name}` ? id.name : '')
  return /^[\w.-]+$/.test(name) ? name : undefined
}

/** Creates the folder if it is missing; links of other users are not followed. Rejects with CliError (output). */
async function create(folder: string): Promise<void> {
  try {
    await makeFolders(folder, FOLDER_MODE)
  } catch (e) {
    throw new CliError(EXIT.output, unwritable(folder, e))
  }
}

export function isFolder(path: string): boolean {
  return path.endsWith('/') || statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
