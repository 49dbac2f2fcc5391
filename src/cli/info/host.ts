// `ksys info --host`: checks each capture feature on this machine, by loading the programs if that is allowed.
import { release } from 'node:os'
import type { OutputFormat } from '../../format/outputs.js'
import { versioned } from '../../render/json-version.js'
import { megabytes } from '../../run/memory.js'
import { attachHost, SINGLE_CALLS } from '../../source/attach-host.js'
import { hostSentence } from '../../source/attachment.js'
import { fittingBuffer } from '../../source/buffers.js'
import { compiler } from '../../source/features.js'
import { type FeatureStatus, type Trial, tryHost } from '../../source/trial.js'
import { systemLines } from '../errors/unavailable.js'
import type { Output } from '../output/stdout.js'
import { visible } from '../output/visible.js'

/** Prints the result, as text if there is no `value`; verbose: with the system's messages about rejected features. */
export async function infoHost(value: OutputFormat['value'], verbose: boolean, out: Output): Promise<void> {
  const trial = tryHost()
  if (value !== undefined) await out.text(value(versioned(facts(trial, verbose))))
  else
    await out.text(`${visible([...head(trial), '', ...table(trial), ...(verbose ? details(trial) : [])].join('\n'))}\n`)
}

function facts({ failure, tried, features }: Trial, verbose: boolean) {
  return {
    kernel: release(),
    capture: failure === undefined,
    why: failure?.message,
    tried,
    compiler: compiler(),
    buffer: fittingBuffer(),
    attach: attachedWhere(features),
    features: features.map(({ feature: { name, since, use, without }, available, reason, detail }) => ({
      ...{ name, since, use, without, there: available, reason },
      ...(verbose ? { detail } : {}),
    })),
  }
}

function attachedWhere(features: readonly FeatureStatus[]): string {
  return hostSentence(attachHost(features.find((f) => f.feature.name === SINGLE_CALLS)?.available))
}

function head({ failure, tried, features }: Trial): string[] {
  return [
    `kernel   Linux ${release()}`,
    `capture  ${failure === undefined ? 'possible' : `not possible: ${failure.message}`}`,
    `buffers  ${megabytes(fittingBuffer())} MB for all CPUs together, unless --buffer sets another size`,
    `attach   ${attachedWhere(features)}`,
    `compiler ${compiler() ?? 'unknown: the native addon is not built or does not load here'}`,
    `tried    ${tried ? 'yes: the programs were loaded and unloaded' : "no: the results derive from the kernel's type information (BTF)"}`,
  ]
}

function table({ features }: Trial): string[] {
  return [
    row('FEATURE', 'HERE', 'SINCE', 'FOR'),
    ...features.map((f) => row(f.feature.name, here(f), f.feature.since, use(f))),
  ]
}

function here({ available }: FeatureStatus): string {
  return available === undefined ? 'unknown' : available ? 'yes' : 'no'
}

function use({ feature: { use, without }, available, reason }: FeatureStatus): string {
  if (available !== false) return use
  return `${use}: ${without ?? 'no capture without it'}${reason === undefined ? '' : ` (refused: ${reason})`}`
}

function details({ failure, features }: Trial): string[] {
  const refused = features.filter((f) => f.detail !== undefined)
  const lines = refused.flatMap((f) => ['', `${f.feature.name}:`, ...systemLines(f.detail as string)])
  return lines.length === 0 && failure !== undefined ? ['', ...systemLines(failure.detail)] : lines
}

function row(name: string, here: string, since: string, use: string): string {
  return `${name.padEnd(20)}  ${here.padEnd(7)}  ${since.padEnd(21)}  ${use}`
}
