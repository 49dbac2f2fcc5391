// `ksys info --host`: what a live capture would have on this machine, feature by feature.
import { release } from 'node:os'
import { compiler, FEATURES, hostFeatures } from '../source/features.js'
import { missing } from '../source/missing.js'
import type { Output } from './output.js'
import { visible } from './visible.js'

/** Prints the answer as text, or as one JSON object. */
export async function infoHost(json: boolean, out: Output): Promise<void> {
  const has = hostFeatures()
  const lacks = missing()
  const features = FEATURES.map((f) => ({ ...f, there: has?.get(f.name) }))
  if (json) {
    const facts = {
      kernel: release(),
      capture: lacks === undefined,
      why: lacks?.message,
      compiler: compiler(),
      features,
    }
    await out.text(`${JSON.stringify(facts)}\n`)
    return
  }
  const word = (there: boolean | undefined) => (there === undefined ? 'unknown' : there ? 'yes' : 'no')
  const lines = [
    `kernel   Linux ${release()}`,
    `capture  ${lacks === undefined ? 'possible' : `not possible: ${lacks.message}`}`,
    `compiler ${compiler() ?? 'unknown: the native addon is not built or does not load here'}`,
    '',
    row('FEATURE', 'HERE', 'SINCE', 'FOR'),
    ...features.map((f) =>
      row(
        f.name,
        word(f.there),
        f.since,
        f.there === false ? `${f.use}: ${f.without ?? 'no capture without it'}` : f.use,
      ),
    ),
  ]
  await out.text(`${visible(lines.join('\n'))}\n`)
}

function row(name: string, here: string, since: string, use: string): string {
  return `${name.padEnd(20)}  ${here.padEnd(7)}  ${since.padEnd(21)}  ${use}`
}
