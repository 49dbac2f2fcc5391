// All loads, in the order of the tables.
import type { Load } from './load.js'
import { redis } from './redis.js'

export const LOADS: readonly Load[] = [redis]
