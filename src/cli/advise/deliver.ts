// Prints or writes the profiles: to standard output or files, with the text about them on standard error. Nothing is written before
// everything has been made.
import type { Workload } from '../../advise/needs/workload.js'
import { adviceValue } from '../../advise/write/advice-value.js'
import type { Assembled } from '../../advise/write/assemble.js'
import { safeNames } from '../../advise/write/file-name.js'
import { WRITERS } from '../../advise/write/formats.js'
import type { Recordings } from '../../advise/write/gaps.js'
import { instructions } from '../../advise/write/instructions.js'
import { adviceHead, adviceText } from '../../advise/write/text.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { AdviseSettings } from '../options/advise.js'
import { outputOf } from '../output/format.js'
import { say } from '../output/stderr.js'
import type { Output } from '../output/stdout.js'
import { printMessage } from '../run/report.js'
import { openTarget } from './open-target.js'
import { isFolder, type ProfileTarget } from './profile-target.js'

export interface Advised {
  readonly workload: Workload
  readonly assembled: Assembled
}

/** A profile as a text. */
interface Made extends Advised {
  /** in the form of file and object names */
  readonly name: string
  /** of its file, if that is in a folder or has no name of its own */
  readonly file: string
  readonly text: string
}

/**
 * target: what --write names, if it is open already. Throws CliError: for several workloads without a folder (usage), or if
 * a file cannot be written (output).
 */
export async function deliver(
  advised: readonly Advised[],
  recordings: Recordings,
  s: AdviseSettings,
  out: Output,
  target?: ProfileTarget,
): Promise<void> {
  const { value } = outputOf(s.capture)
  const { extension, write } = WRITERS[s.to]
  const names = safeNames(advised.map(({ workload }) => workload.name))
  const made = advised.map((a, i): Made => {
    const name = names[i] as string
    return { ...a, name, file: `${name}${extension}`, text: write(a.assembled.profile, name, a.assembled.lines) }
  })
  if (value !== undefined) {
    await out.text(made.map((m) => value(adviceValue(m.workload, m.assembled, recordings))).join(''))
    if (s.write === undefined) return
  }
  const together = made.length > 1 && !(target?.many ?? (s.write !== undefined && isFolder(s.write)))
  if (!together) return writeEach(made, recordings, s, out, target)
  const select = `select one by a filter such as container.name=${exampleName(made)}, or write a file for each: -w FOLDER/`
  const workloads = `these are ${made.length} workloads`
  // a live run cannot be repeated
  if (s.capture.read.length === 0) {
    if (value === undefined) await printAll(made, recordings, s, out)
    if (s.write !== undefined)
      throw new CliError(
        EXIT.usage,
        `${workloads}, and ${s.write} can hold the profile of one, so all were printed instead; ${select}`,
      )
    if (!s.capture.quiet)
      printMessage(`ksys: ${workloads}, whose profiles were printed one after another; to use them, ${select}`)
    return
  }
  if (!s.capture.quiet) for (const { workload, assembled } of made) printMessage(adviceHead(workload, assembled))
  throw new CliError(EXIT.usage, `${workloads}: ${select}`)
}

/** Writes a file for each, or prints the one. */
async function writeEach(
  made: readonly Made[],
  recordings: Recordings,
  s: AdviseSettings,
  out: Output,
  open?: ProfileTarget,
): Promise<void> {
  const target = open ?? (s.write === undefined ? undefined : await openTarget(s.write))
  if (target === undefined) return printAll(made, recordings, s, out)
  try {
    for (const { file, text } of made) await target.write(file, text)
  } finally {
    if (open === undefined) await target.close()
  }
  if (s.capture.quiet) return
  for (const m of made) say(messageOf(m, target.path(m.file), recordings, s))
  for (const { file } of made) printMessage(`ksys: wrote ${target.path(file)}`)
}

/** Prints the profiles, and on standard error the texts about them. */
async function printAll(made: readonly Made[], recordings: Recordings, s: AdviseSettings, out: Output): Promise<void> {
  if (!s.capture.quiet) for (const m of made) say(messageOf(m, m.file, recordings, s))
  await out.text(made.map(({ text }) => text).join(WRITERS[s.to].separator))
}

function messageOf(
  { workload, assembled, name }: Made,
  file: string,
  recordings: Recordings,
  s: AdviseSettings,
): string {
  const steps = instructions(workload, s.to, file, name)
  return `${adviceText(workload, assembled, { enforce: s.enforce, interactive: s.interactive, recordings, steps })}\n`
}

/** The name of a container of one of these, if filters can have it without quotes; else NAME. */
function exampleName(made: readonly Made[]): string {
  for (const { workload } of made) {
    const { id } = workload
    const name = id.pod?.container ?? (id.what === `container ${id.name}` ? id.name : '')
    if (/^[\w.-]+$/.test(name)) return name
  }
  return 'NAME'
}
