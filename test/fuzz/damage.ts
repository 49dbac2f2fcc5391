// Damages bytes in a reproducible way: KSYS_FUZZ_SEED=N repeats the damage of a run, which otherwise differs.

import { random } from '../unit/scap/synthesize.js'

/** The start of this run's damage; tests that fail print it. */
export const SEED = Number(process.env.KSYS_FUZZ_SEED ?? Math.floor(Date.now() / 1000) % 1_000_000)

/** The factor for the number of attempts, compared with the everyday run: KSYS_FUZZ_TIMES=N. */
export const TIMES = Number(process.env.KSYS_FUZZ_TIMES ?? 1)

/** This many seeds, others in each run. */
export function seeds(n: number): number[] {
  return Array.from({ length: n * TIMES }, (_, i) => SEED + i)
}

/** A copy with `flips` bits changed, anywhere; the same ones for the same seed. */
export function flipped(bytes: Uint8Array, seed: number, flips: number): Buffer {
  const copy = Buffer.from(bytes)
  const dice = random(seed * 7919 + bytes.length)
  for (let i = 0; i < flips; i++) copy[Math.floor(dice() * copy.length)]! ^= 1 << Math.floor(dice() * 8)
  return copy
}
