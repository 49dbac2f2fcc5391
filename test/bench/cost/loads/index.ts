// All loads, in the order of the tables.
import { compile } from './compile.js'
import { exec } from './exec.js'
import { files } from './files.js'
import { find } from './find.js'
import type { Load } from './load.js'
import { nginx } from './nginx.js'
import { postgres } from './postgres.js'
import { rdwr } from './rdwr.js'
import { redis } from './redis.js'
import { superProducer } from './super.js'

export const LOADS: readonly Load[] = [redis, nginx, postgres, compile, find, files, exec, rdwr, superProducer]
