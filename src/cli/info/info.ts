// `ksys info FILE...`: describes captures: origin, time span, contents, losses.

import { statSync } from 'node:fs'
import { outputNamed } from '../../format/outputs.js'
import { pidsOf } from '../../model/thread-records.js'
import { type BatchNs, epochOf } from '../../model/time.js'
import type { Redaction } from '../../redact/redaction.js'
import { versioned } from '../../render/json-version.js'
import { CaptureRun } from '../../run/capture-run.js'
import { openCapture } from '../../run/open.js'
import { ARCH_NAMES } from '../../schema/arch.js'
import { EVENTS } from '../../schema/events/index.js'
import type { CaptureInfo, CaptureSource, Overview } from '../../source/source.js'
import { ContentsCounter } from '../../trace/index.js'
import { CliError, EXIT } from '../errors/exit.js'
import { toCliError } from '../errors/to-cli-error.js'
import { printHelp } from '../help/help.js'
import { INFO } from '../options/info.js'
import type { OptionsOf } from '../options/option-types.js'
import { chosenOutput } from '../options/output-format.js'
import { redactionOf } from '../options/redaction.js'
import { parseSubcommand } from '../options/subcommand.js'
import type { Output } from '../output/stdout.js'
import { type Interrupts, interruptible } from '../run/interruptible.js'
import { Progress, printMessage, reportRepeated } from '../run/report.js'
import { infoHost } from './host.js'
import { type Facts, factsText } from './text.js'

/** Describes capture files; returns the exit code. */
export async function info(argv: readonly string[], out: Output): Promise<number> {
  const { options, words } = parseSubcommand(INFO, argv)
  const { help, json, host, verbose, deep, progress, ...privacy } = options
  if (help) return printHelp(INFO, out)
  const { value } = outputNamed(chosenOutput({ json }))
  const redaction = redactionOf(privacy)
  refuseUnused(options, words, redaction)
  if (host) {
    await infoHost(value, verbose === true, out)
    return EXIT.ok
  }
  if (words.length === 0) throw new CliError(EXIT.usage, 'missing capture files: ksys info FILE...')
  let code: number = EXIT.ok
  for (const [i, path] of words.entries()) {
    const read = (interrupts: Interrupts) =>
      factsOf(path, { deep, progress, redaction }, interrupts).catch((e) => Promise.reject(toCliError(e)))
    const facts = await interruptible(`nothing is printed about ${path}, which was not read to the end`, read)
    if (facts.damage.length > 0) code = EXIT.damaged
    await out.text(value?.(versioned(facts)) ?? `${i > 0 ? '\n' : ''}${factsText(facts)}`)
  }
  return code
}

/** Throws CliError (usage) for options that have no effect: those of files with --host, and those of --host without it. */
function refuseUnused(
  { host, verbose, deep, progress }: OptionsOf<typeof INFO.options>,
  files: readonly string[],
  redaction: Redaction | undefined,
): void {
  if (!host) {
    if (verbose) throw new CliError(EXIT.usage, '-v requires --host: ksys info --host -v')
    return
  }
  if (files.length > 0) throw new CliError(EXIT.usage, '--host describes this machine and takes no file')
  const given = deep ? '--deep' : progress ? '-P' : redaction === undefined ? undefined : 'privacy options'
  if (given !== undefined) throw new CliError(EXIT.usage, `${given} cannot be used with --host, which reads no file`)
}

/** How captures are read. */
interface Reading {
  /** read every event */
  readonly deep: true | undefined
  /** show the progress of reading */
  readonly progress: true | undefined
  readonly redaction: Redaction | undefined
}

/** The facts from the summary of the capture, or else from reading all of it. */
async function factsOf(path: string, { deep, progress: forced, redaction }: Reading, i: Interrupts): Promise<Facts> {
  const source = await openCapture(path, i.waiting(path), redaction)
  const progress = new Progress(source, forced === true, false)
  const tick = () => {
    i.check()
    progress.tick()
  }
  try {
    const run = new CaptureRun(source, undefined, { report: (sentence) => printMessage(`ksys: ${sentence}`) })
    await run.begin()
    const overview = deep ? undefined : await source.overview?.(tick)
    const { events, categories, processes, first, last } = overview ?? (await readAll(run, progress, () => i.check()))
    if (overview !== undefined) {
      progress.end(true)
      run.end()
    }
    reportRepeated(source)
    const { lost, late, losses, leftOut } = source.stats()
    return {
      file: path,
      ...(source.totalBytes === undefined ? sizeOf(path) : { bytes: source.totalBytes }),
      ...origin(source),
      ...span(source.info, first, last),
      events,
      lost,
      ...(losses && { losses }),
      ...(leftOut && { leftOut }),
      late,
      processes: { atStart: await processesAtStart(source), active: processes },
      threads: { atStart: run.snapshot.threads.length },
      categories,
      checked: overview === undefined ? 'events' : 'checksums',
      damage: source.damage.map(({ file, offset, what }) => ({
        ...(source.totalBytes !== undefined && { file }),
        offset,
        what,
      })),
    }
  } catch (e) {
    progress.end(false)
    throw e
  } finally {
    await source.close()
  }
}

async function readAll(run: CaptureRun, progress: Progress, onBatch: () => void): Promise<Overview> {
  const count = new ContentsCounter(run.source.tables?.defs ?? EVENTS)
  await run.run({ sinks: [{ show: (e) => count.add(e) }], predicate: undefined, progress, onBatch })
  return count.contents()
}

/** Processes of all hosts. */
async function processesAtStart(source: CaptureSource): Promise<number> {
  let sum = 0
  for (const m of source.members ?? [source]) sum += pidsOf((await m.snapshot()).threads).size
  return sum
}

function sizeOf(path: string): { bytes?: number } {
  return path === '-' ? {} : { bytes: statSync(path).size }
}

const FORMATS = { ksys: 'ksys trace', scap: 'scap', live: 'live' } as const

function origin(
  source: CaptureSource,
): Pick<Facts, 'format' | 'version' | 'host' | 'hosts' | 'kernel' | 'arch' | 'cpus' | 'note' | 'spared'> {
  const { kind, hostname, kernel, arch, cpus, note, spared } = source.info
  return {
    format: FORMATS[kind],
    ...(source.version === undefined ? {} : { version: source.version }),
    ...(hostname === '' ? {} : { host: hostname }),
    ...(source.members && { hosts: source.members.map((m) => m.info.hostname) }),
    ...(kernel === '' ? {} : { kernel }),
    arch: ARCH_NAMES[arch],
    cpus,
    ...(note === undefined ? {} : { note }),
    ...(spared === undefined ? {} : { spared }),
  }
}

/** First and last event, as ns since the epoch; nothing for a capture without events. */
function span(
  info: CaptureInfo,
  first: BatchNs | undefined,
  last: BatchNs | undefined,
): Pick<Facts, 'start' | 'end' | 'seconds'> {
  if (first === undefined || last === undefined) return {}
  return {
    start: String(epochOf(info, first)),
    end: String(epochOf(info, last)),
    seconds: (last - first) / 1e9,
  }
}
